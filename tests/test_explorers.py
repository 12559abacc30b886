"""The explorers as Python sees them: settings, answers, goals, stills, and their code."""

import base64
import inspect
import re
import subprocess
import xml.etree.ElementTree as ET

import ipywidgets
import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach import explorers
from lstm_teach.explorers import CellStepper, Chain
from lstm_teach.explorers.base import ROOM, module

EXPLORERS = (Chain, CellStepper)
EVERY = tuple(getattr(explorers, name) for name in explorers.__all__ if name != "Explorer")
each = pytest.mark.parametrize("kind", EXPLORERS, ids=lambda kind: kind.__name__)
every = pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
LATCH = {"w": 2.0, "u": 1.5, "b": 0.0}
KEEP = {"weight_i": 5.0, "bias_i": -7.0, "weight_f": 0.0, "bias_f": 7.0}


# --- settings ----------------------------------------------------------------------------


def test_the_chain_answers_with_the_numbers_of_forward():
    explorer = Chain(steps=5, w=0.8, u=-0.5, b=0.2, h0=0.3, inputs=np.linspace(-1, 1, 12))
    assert explorer.x.shape == (5, 1, 1)
    h = 0.3
    for t in range(5):
        h = np.tanh(np.linspace(-1, 1, 12)[t] * 0.8 + h * -0.5 + 0.2)
        assert explorer.trace.states.h[t + 1, 0, 0] == pytest.approx(h, abs=1e-15)


def test_the_cell_answers_with_the_numbers_of_forward():
    explorer = CellStepper(bias_f=2.0, weight_g=-1.5, inputs=[0.1 * n for n in range(8)])
    params = explorer.params
    assert [v.shape for v in params] == [(4, 1, 4), (4, 4, 4), (4, 4), (0, 4)]
    assert (params.b[1] == 2.0).all()
    assert params.W[2] == pytest.approx(-1.5 * CellStepper().params.W[2])
    assert (params.U == CellStepper().params.U).all()
    _, _, trace = lt.forward(lt.LSTM, params, explorer.x)
    assert (explorer.trace.states.c == trace.states.c).all()
    assert explorer.trace.states.c.shape == (9, 1, 4)


@pytest.mark.parametrize(
    ("kind", "settings", "message"),
    [
        (Chain, {"w": 4.5}, "w is 4.5; expected a number from -4 to 4."),
        (Chain, {"u": float("nan")}, "u is nan; expected a number from -2 to 2."),
        (Chain, {"b": "0.1"}, "b is '0.1'; expected a number from -1 to 1."),
        (Chain, {"b": True}, "b is True; expected a number from -1 to 1."),
        (Chain, {"steps": 2.5}, "steps is 2.5; expected a whole number from 1 to 12."),
        (Chain, {"steps": 13}, "steps is 13; expected a whole number from 1 to 12."),
        (Chain, {"inputs": [1, 0]}, "inputs has shape (2,); expected (T,) = (12,)."),
        (Chain, {"inputs": "one pulse"}, "inputs is not a list of numbers; expected (T,) = (12,)."),
        (
            Chain,
            {"inputs": [0, 0, 9] + [0] * 9},
            "inputs[2] is 9; expected a number from -2 to 2.",
        ),
        (CellStepper, {"t": 0}, "t is 0; expected a whole number from 1 to 8."),
        (CellStepper, {"stage": 8}, "stage is 8; expected a whole number from 1 to 7."),
        (CellStepper, {"unit": 5}, "unit is 5; expected a whole number from 1 to 4."),
        (CellStepper, {"weight_o": 7}, "weight_o is 7; expected a number from -6 to 6."),
        (
            CellStepper,
            {"inputs": [float("nan")] * 8},
            "inputs[0] is nan; expected a number from -2 to 2.",
        ),
    ],
)
def test_a_setting_that_cannot_be_says_what_was_expected(kind, settings, message):
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        kind(**settings)
    explorer, (name, value) = kind(), *settings.items()
    before = getattr(explorer, name)
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        setattr(explorer, name, value)
    assert getattr(explorer, name) == before


@every
def test_a_setting_that_does_not_exist_is_named_beside_those_that_do(kind):
    last = kind.settings()[-1]
    with pytest.raises(
        TypeError, match=f"{kind.__name__} has no setting 'hidden'; it has .*{last}"
    ):
        kind(hidden=3)


@each
def test_two_explorers_share_no_list(kind):
    one, other = kind(), kind()
    one.inputs[0] = 1.5
    assert other.inputs == kind().inputs
    assert kind().inputs[0] != 1.5


@each
def test_numpy_numbers_are_taken_and_kept_as_plain_ones(kind):
    explorer = kind(inputs=np.zeros(len(kind().inputs), np.float32))
    assert explorer.inputs == [0.0] * len(explorer.inputs)
    name = "steps" if kind is Chain else "t"
    setattr(explorer, name, np.int64(3))
    assert type(getattr(explorer, name)) is int


def test_a_widget_linked_to_a_setting_moves_it():
    explorer, slider = Chain(), ipywidgets.FloatSlider(value=0.25, min=-2, max=2)
    link = ipywidgets.link((slider, "value"), (explorer, "u"))
    assert explorer.u == 0.25
    slider.value = 1.5
    assert explorer.u == 1.5
    assert explorer.params.U == 1.5
    explorer.u = -1.0
    assert slider.value == -1.0
    link.unlink()


def test_what_the_page_sends_reaches_trace_and_goal():
    explorer = Chain()
    explorer.set_state({**LATCH, "inputs": [1] + [0] * 11, "steps": 12})
    assert explorer.trace.states.h.shape == (13, 1, 1)
    assert explorer.goal_reached


# --- goals -------------------------------------------------------------------------------


def stands_on_its_slider(explorer, name):
    slider = explorer.sliders[name]
    if listed := slider.get("stops") or slider.get("choices"):
        return getattr(explorer, name) in listed
    stops = (getattr(explorer, name) - slider["low"]) / slider["step"]
    return abs(stops - round(stops)) < 1e-9


@every
def test_every_slider_starts_at_one_of_its_stops(kind):
    explorer = kind()
    for name in explorer.sliders:
        if name != "inputs":
            assert stands_on_its_slider(explorer, name), name


def test_the_latch_is_not_reached_at_the_start_in_either_half():
    goal = Chain().goal()
    assert goal.low < 0.5
    assert goal.drift > 0.05
    assert not Chain().goal_reached


def test_the_latch_can_be_reached_with_the_sliders():
    explorer = Chain(**LATCH)
    assert all(stands_on_its_slider(explorer, name) for name in LATCH)
    assert explorer.goal_reached
    x = np.zeros((12, 1, 1))
    x[0] = 1
    assert lt.forward(lt.RNN, explorer.params, x)[0].min() > 0.5
    assert abs(lt.forward(lt.RNN, explorer.params, 0 * x)[0]).max() <= 0.05


@pytest.mark.parametrize(
    ("settings", "remembers", "quiet"),
    [
        ({**LATCH, "u": 0.9}, False, True),  # it fades
        ({**LATCH, "b": 0.05}, True, False),  # it starts by itself
        ({**LATCH, "w": 0.5}, False, True),  # the pulse is too weak at step 1
    ],
)
def test_each_half_of_the_latch_can_be_missed_alone(settings, remembers, quiet):
    goal = Chain(**settings).goal()
    assert (goal.low > 0.5, goal.drift <= 0.05) == (remembers, quiet)
    assert not goal.reached


def test_keeping_is_not_reached_at_the_start_for_any_unit():
    for unit in (1, 2, 3, 4):
        assert not CellStepper(unit=unit).goal_reached


@pytest.mark.parametrize("unit", [1, 2, 3, 4])
def test_keeping_can_be_reached_with_the_sliders_for_every_unit(unit):
    explorer = CellStepper(unit=unit, **KEEP)
    assert all(stands_on_its_slider(explorer, name) for name in KEEP)
    assert explorer.goal_reached
    for name, inputs in explorer.presets.items():
        explorer.inputs = inputs
        c = explorer.trace.states.c[2:, 0, unit - 1]
        assert abs(c[0]) >= 0.5, name
        assert abs(c - c[0]).max() <= 0.1 * abs(c[0]), name


@pytest.mark.parametrize(
    ("settings", "written", "kept"),
    [
        ({**KEEP, "bias_f": 2.0}, True, False),  # it forgets
        ({**KEEP, "bias_i": 0.0}, True, False),  # it writes what comes
        ({**KEEP, "weight_i": 0.0}, False, True),  # it never wrote
    ],
)
def test_each_half_of_keeping_can_be_missed_alone(settings, written, kept):
    goal = CellStepper(**settings).goal()
    if not written:
        assert goal.written < 0.5
    else:
        assert goal.written >= 0.5
        assert (goal.strayed <= 0.1) == kept
    assert not goal.reached


def test_a_cell_that_never_held_anything_has_not_kept_it():
    explorer = CellStepper(**KEEP, inputs=[0] * 8)
    assert explorer.goal().written < 0.5
    assert not explorer.goal_reached
    assert not CellStepper(weight_g=0.0, bias_f=8.0).goal_reached


@every
def test_only_the_figure_itself_says_that_the_goal_is_reached(kind):
    with pytest.raises(traitlets.TraitError):
        kind().goal_reached = True


# --- what a notebook stores --------------------------------------------------------------


def stored(explorer):
    """The mime bundle, its alternative text, and the SVG inside its picture."""
    data, _ = explorer._repr_mimebundle_()
    alt = re.search(r'<img [^>]*alt="([^"]+)"', data["text/html"])[1]
    svg = re.search(r"data:image/svg\+xml;base64,([^\"]+)", data["text/html"])[1]
    return data, alt, base64.b64decode(svg).decode()


@every
def test_an_explorer_stored_without_its_state_is_a_still_picture_with_words(kind):
    data, alt, svg = stored(kind())
    assert "application/vnd.jupyter.widget-view+json" in data
    assert data["text/plain"] == f"<explorer: {kind.title}>"
    assert "Still picture of an interactive figure." in alt
    ET.fromstring(svg)
    again = stored(kind())[0]
    assert {name: data[name] for name in ("text/plain", "text/html")} == {
        name: again[name] for name in ("text/plain", "text/html")
    }


def numbers_written(svg):
    """The live numbers in a still picture, by the name of their place."""
    found = {}
    for place in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}g"):
        texts = [text.text for text in place.findall("{http://www.w3.org/2000/svg}text")]
        if place.get("class") == "lt-value" and texts:
            found.setdefault(place.get("data-value"), []).append(texts[0])
    return found


def test_the_still_chain_shows_the_numbers_of_its_trace():
    explorer = Chain(steps=3, w=1.0, u=-2.0, b=0.0, inputs=[1.0, -1.5, 0.0] + [0.0] * 9)
    _, alt, svg = stored(explorer)
    h = [f"{v:+.2f}".replace("-", "−") for v in explorer.trace.states.h[1:, 0, 0]]
    found = numbers_written(svg)
    assert found["h"] == h
    assert found["x"] == ["+1.00", "−1.50", "0.00"]
    assert len(found["z"]) == 3
    assert ", ".join(h) in alt


def test_the_still_cell_shows_the_numbers_of_its_trace():
    explorer = CellStepper(t=5, unit=3)
    _, alt, svg = stored(explorer)
    found = numbers_written(svg)
    written = {name: f"{v[4, 0, 2]:+.2f}" for name, v in explorer.trace.gates._asdict().items()}
    written |= {name: f"{v[5, 0, 2]:+.2f}" for name, v in explorer.trace.states._asdict().items()}
    i, f, g, _ = (gate[4, 0, 2] for gate in explorer.trace.gates)
    c_before, c = explorer.trace.states.c[4:6, 0, 2]
    for name, value in (("kept", f * c_before), ("written", i * g), ("tanh_c", np.tanh(c))):
        written[name] = f"{value:+.2f}"
    for name, number in written.items():
        assert found[name] == [number.replace("-", "−")], name
    assert set(found) == set(explorer.lines) - {"merged"}
    assert written["c"].replace("-", "−") in alt


# --- the module that goes to the page ----------------------------------------------------


@every
def test_the_module_of_an_explorer_needs_nothing_else(kind):
    source = kind._esm
    assert not re.search(r"^\s*import\b", source, re.MULTILINE)
    assert "import(" not in source
    assert source.count("export default") == 1
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|eval)\b", source)
    assert "//cdn" not in source
    assert "url(" not in kind._css


@every
def test_the_module_of_an_explorer_is_valid(kind, needs, tmp_path):
    file = tmp_path / "module.mjs"
    file.write_text(kind._esm, encoding="utf-8")
    run = subprocess.run([needs("node"), "--check", file], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_each_file_of_javascript_imports_only_what_exists(needs, tmp_path):
    (tmp_path / "package.json").write_text('{"type": "module"}')
    files = sorted((ROOM / "js").glob("*.js"))
    for file in files:
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / "all.js").write_text("".join(f"import './{file.name}';\n" for file in files))
    run = subprocess.run([needs("node"), "all.js"], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_file_that_several_import_stands_in_the_module_once():
    assert module("cell").count("export function forward(") == 1
    assert module("cell").index("export function make(") < module("cell").index("function render(")


def test_each_file_of_javascript_can_be_read_in_one_sitting():
    files = sorted((ROOM / "js").glob("*.js"))
    assert len(files) >= 4
    for file in files:
        lines = file.read_text(encoding="utf-8").splitlines()
        assert len(lines) <= 150, file.name
        assert max(map(len, lines)) <= 116, file.name


def real_lines():
    sources = (lt.cells.lstm_step, lt.cells.rnn_step, lt.chain.forward)
    return {
        " ".join(line.split())
        for source in sources
        for line in inspect.getsource(source).splitlines()
    }


def test_each_line_of_code_that_the_cell_shows_is_a_line_of_the_package():
    shown = {line for *_, code in CellStepper().lines.values() for line in code}
    assert len(shown) >= 6
    assert shown <= real_lines()


def test_each_line_of_code_that_the_chain_shows_is_a_line_of_the_package():
    assert set(Chain().lines["copy"]) <= real_lines()


def test_every_wire_of_the_cell_has_its_words_and_its_place():
    svg = ET.fromstring(lt.drawing.lstm_module().svg)
    groups = [g.attrib for g in svg.iter("{http://www.w3.org/2000/svg}g")]
    wires = {g["data-wire"] for g in groups if "data-wire" in g}
    places = {g["data-value"] for g in groups if "data-value" in g}
    assert wires == places == set(CellStepper().lines)


def test_the_page_draws_with_ids_of_its_own():
    for kind in EXPLORERS:
        svg = kind().drawing
        assert 'role="group"' in svg
        assert set(re.findall(r'id="([^"]+)"', svg)) == {"lt-view-title", "lt-view-desc"}
        assert "<style" not in svg
