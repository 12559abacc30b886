"""The JavaScript of the explorers and the package give the same numbers and the same verdicts."""

import json
import subprocess
from pathlib import Path

import numpy as np
import pytest

import lstm_teach as lt
from lstm_teach.drawing.plots import signed
from lstm_teach.explorers import CellStepper, Chain
from lstm_teach.explorers.base import module
from tests.drawn import network

PARITY = Path(__file__).with_name("parity.mjs")
TOLERANCE = 1e-12


@pytest.fixture(scope="module")
def ask(needs, tmp_path_factory):
    """Put questions to the JavaScript of the page."""
    file = tmp_path_factory.mktemp("page") / "cell.mjs"
    file.write_text(module("cell"), encoding="utf-8")

    def ask(**questions):
        run = subprocess.run(
            [needs("node"), PARITY, file],
            input=json.dumps(questions),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)

    return ask


def on_the_sliders(explorer, rng):
    """Put every slider of an explorer somewhere it can stand."""
    for name, slider in explorer.sliders.items():
        low, high, step = slider["low"], slider["high"], slider["step"]
        size = None if np.ndim(getattr(explorer, name)) == 0 else len(getattr(explorer, name))
        stops = rng.integers(0, round((high - low) / step), size, endpoint=True)
        value = np.round(low + stops * step, 10)
        setattr(explorer, name, value.tolist())
    return explorer


def assert_same(records, trace, z=None):
    """What JavaScript recorded at each step is what `forward` traced, to 1e-12."""
    for t, record in enumerate(records):
        pairs = [(record["x"], trace.x[t, 0])]
        for name, values in trace.gates._asdict().items():
            pairs.append((record["gates"][name], values[t, 0]))
        for name, values in trace.states._asdict().items():
            pairs.append((record["before"][name], values[t, 0]))
            pairs.append((record["state"][name], values[t + 1, 0]))
        if "c" in trace.states._fields:
            i, f, g, _ = (gate[t, 0] for gate in trace.gates)
            pairs.append((record["kept"], f * trace.states.c[t, 0]))
            pairs.append((record["written"], i * g))
            pairs.append((record["tanh_c"], np.tanh(trace.states.c[t + 1, 0])))
        for ours, theirs in pairs:
            np.testing.assert_allclose(ours, theirs, rtol=0, atol=TOLERANCE)
    assert len(records) == len(trace.x)


@pytest.mark.parametrize("cell", [lt.RNN, lt.LSTM], ids=lambda cell: cell.name)
def test_the_page_and_the_package_run_the_same_forward_pass(cell, ask):
    rng = np.random.default_rng(7)
    questions, traces = [], []
    for seed in range(60):
        T, D, H = (int(n) for n in rng.integers(1, [13, 6, 9]))
        params, x, state = network(cell, seed, T, 1, D, H)
        weights = {name: getattr(params, name).tolist() for name in "WUb"}
        start = {name: value[0].tolist() for name, value in state._asdict().items()}
        questions.append(
            {"cell": cell.name, "params": weights, "x": x[:, 0].tolist(), "state": start}
        )
        traces.append(lt.forward(cell, params, x, state)[2])
    for records, trace in zip(ask(forward=questions)["forward"], traces, strict=True):
        assert_same(records, trace)


def test_the_layers_hear_the_same_z_in_the_page(ask):
    params, x, state = network(lt.LSTM, 3, 5, 1, 2, 4)
    weights = {name: getattr(params, name).tolist() for name in "WUb"}
    start = {name: value[0].tolist() for name, value in state._asdict().items()}
    question = {"cell": "LSTM", "params": weights, "x": x[:, 0].tolist(), "state": start}
    (records,) = ask(forward=[question])["forward"]
    trace = lt.forward(lt.LSTM, params, x, state)[2]
    for t, record in enumerate(records):
        z = (x[t] @ params.W + params.b[:, None] + trace.states.h[t] @ params.U)[:, 0]
        for name, row in zip(lt.LSTM.gates._fields, z, strict=True):
            np.testing.assert_allclose(record["z"][name], row, rtol=0, atol=TOLERANCE)


def test_the_chain_shows_what_its_trace_says_wherever_its_sliders_stand(ask):
    rng = np.random.default_rng(11)
    explorers = [on_the_sliders(Chain(), rng) for _ in range(40)]
    questions = [
        {"weights": {n: getattr(e, n) for n in "wub"}, "x": e.x[:, 0].tolist(), "h0": e.h0}
        for e in explorers
    ]
    for records, explorer in zip(ask(chain=questions)["chain"], explorers, strict=True):
        assert_same(records, explorer.trace)


def as_asked(explorer):
    """The settings of a cell stepper as the page reads them."""
    weight, bias = (
        [getattr(explorer, f"{kind}_{k}") for k in "ifgo"] for kind in ("weight", "bias")
    )
    state = {"h": [0] * 4, "c": [0] * 4}
    return {"base": explorer.base, "weight": weight, "bias": bias, "state": state}


def test_the_cell_shows_what_its_trace_says_wherever_its_sliders_stand(ask):
    rng = np.random.default_rng(12)
    explorers = [on_the_sliders(CellStepper(), rng) for _ in range(40)]
    questions = [as_asked(e) | {"x": e.x[:, 0].tolist()} for e in explorers]
    for records, explorer in zip(ask(cell=questions)["cell"], explorers, strict=True):
        assert_same(records, explorer.trace)


def test_the_page_and_python_judge_the_latch_alike(ask):
    rng = np.random.default_rng(13)
    explorers = [on_the_sliders(Chain(), rng) for _ in range(200)]
    explorers += [Chain(w=w, u=u, b=0.0) for w in (1.0, 2.0) for u in (1.05, 1.1, 1.5, 2.0)]
    asked = [{name: getattr(e, name) for name in "wub"} for e in explorers]
    verdicts = ask(latch=asked)["latch"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        assert abs(verdict["low"] - goal.low) < TOLERANCE
        assert abs(verdict["drift"] - goal.drift) < TOLERANCE
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    assert 0 < sum(verdict["reached"] for verdict in verdicts) < len(verdicts)


def test_the_page_and_python_judge_keeping_alike(ask):
    rng = np.random.default_rng(14)
    explorers = [on_the_sliders(CellStepper(), rng) for _ in range(150)]
    explorers += [
        CellStepper(unit=unit, weight_i=5.0, bias_i=bias, weight_f=0.0, bias_f=7.0)
        for unit in (1, 2, 3, 4)
        for bias in (-8.0, -7.0, -4.0)
    ]
    asked = [
        as_asked(e) | {"inputs": e.inputs, "presets": e.presets, "unit": e.unit} for e in explorers
    ]
    verdicts = ask(keep=asked)["keep"]
    for verdict, explorer in zip(verdicts, explorers, strict=True):
        goal = explorer.goal()
        np.testing.assert_allclose(verdict["written"], goal.written, rtol=0, atol=TOLERANCE)
        np.testing.assert_allclose(float(verdict["strayed"]), goal.strayed, rtol=1e-9, atol=1e-9)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    assert 0 < sum(verdict["reached"] for verdict in verdicts) < len(verdicts)


def test_the_page_and_the_still_picture_write_numbers_alike(ask):
    numbers = [0.0, -0.0, 0.004, -0.004, 0.5, -0.5, 0.994, -1.236, 12.3, -12.3]
    assert ask(signed=numbers)["signed"] == [signed(number) for number in numbers]
