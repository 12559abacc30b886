"""The paths explorer: its backward pass with cuts, its goal, and the same in the page."""

import re

import numpy as np
import pytest
import traitlets

import lstm_teach as lt
from lstm_teach.explorers import Paths
from lstm_teach.explorers.paths import CHOICES, LAGS, SEEDS, UNITS
from lstm_teach.explorers.paths_picture import PATHS, WIDTH, curves, lit, marks, small
from tests.page import asking, assert_drawn_alike, on_the_sliders

ask = asking("paths")
TOLERANCE = 1e-12
EXPLODING = {"bias": 0, "scale": 11}
CUTS = [
    {"carousel": False},
    {"g": False},
    {"i": False, "f": False},
    {"i": False, "f": False, "g": False},
    {"carousel": False, "o": False},
    dict.fromkeys(PATHS, False),
]


# --- the paths ---------------------------------------------------------------------------


@pytest.mark.parametrize("settings", [{}, EXPLODING, {"bias": 4, "scale": 6, "network": 3}])
def test_all_paths_are_the_jacobians_with_both_readers_of_c(settings):
    explorer = Paths(**settings)
    trace = explorer.trace
    J = lt.jacobians(lt.LSTM, explorer.params, trace).c
    c, o = trace.states.c[1:, 0], trace.gates.o[:, 0]
    up = [np.diag(row) for row in o * lt.tanh_slope(np.tanh(c))]
    both = (J.c[1:, 0] + J.h[1:, 0] @ up)[::-1]
    np.testing.assert_allclose(explorer.jacobian, both, rtol=1e-14, atol=0)
    assert (explorer.norms == explorer.whole).all()
    np.testing.assert_allclose(explorer.norms, [np.linalg.norm(M, 2) for M in both], rtol=1e-12)


@pytest.mark.parametrize("settings", [{}, EXPLODING, {"bias": 4, "scale": 6, "network": 3}])
def test_the_carousel_alone_is_that_of_jacobian_paths_and_the_product_of_the_forget_gates(settings):
    explorer = Paths(**settings, **CHOICES["only the carousel"])
    split = lt.jacobian_paths(lt.LSTM, explorer.params, explorer.trace)
    assert (explorer.jacobian == split.carousel.c.c[:0:-1, 0]).all()
    np.testing.assert_allclose(explorer.norms, explorer.products, rtol=1e-12)
    f = explorer.trace.gates.f[:, 0]
    product = [f[LAGS + 1 - k :].prod(axis=0).max() for k in range(LAGS + 1)]
    np.testing.assert_allclose(explorer.products, product, rtol=1e-12)


def test_a_gradient_by_all_paths_agrees_with_finite_differences():
    explorer, eps = Paths(bias=2, scale=3), 1e-6
    start = [v[LAGS + 1 - 10] for v in explorer.trace.states]
    o = explorer.trace.gates.o[LAGS - 10]
    columns = []
    for unit in np.eye(UNITS):
        ends = []
        for sign in (1, -1):
            c = start[1] + sign * eps * unit
            state = lt.LSTMState(h=o * np.tanh(c), c=c)
            ends.append(lt.forward(lt.LSTM, explorer.params, explorer.x[-10:], state)[1].c[0])
        columns.append((ends[0] - ends[1]) / (2 * eps))
    np.testing.assert_allclose(explorer.jacobian[10], np.stack(columns, 1), rtol=0, atol=1e-7)


@pytest.mark.parametrize("cut", CUTS, ids=lambda cut: " ".join(cut))
def test_what_is_cut_is_a_product_of_steps_with_these_terms_left_out(cut):
    explorer = Paths(bias=1, scale=5, network=2, **cut)
    on, U, trace = explorer.on, explorer.params.U, explorer.trace
    whole = np.eye(2 * UNITS)
    for lag in range(1, LAGS + 1):
        t = LAGS + 1 - lag  # the step from c_t to c_{t+1}
        i, f, g, o = (v[t, 0] for v in trace.gates)
        before, after = (np.concatenate([v[n, 0] for v in trace.states]) for n in (t, t + 1))
        tanh_c = np.tanh(after[UNITS:])
        slopes = {
            "i": g * i * (1 - i), "f": before[UNITS:] * f * (1 - f), "g": i * (1 - g * g)
        }  # fmt: skip
        c_c = np.diag(f) * on["carousel"]
        c_h = sum(slopes[k][:, None] * U["ifgo".index(k)].T * on[k] for k in "ifg")
        direct = (tanh_c * o * (1 - o))[:, None] * U[3].T * on["o"]
        up = np.diag(o * (1 - tanh_c**2))
        step = np.block([[up @ c_h + direct, up @ c_c], [c_h, c_c]])  # of (h, c)
        whole = whole @ step
        shown = trace.gates.o[t - 1, 0] * (1 - np.tanh(trace.states.c[t, 0]) ** 2)
        expected = whole[UNITS:, UNITS:] + whole[UNITS:, :UNITS] * shown
        scale = abs(expected).max()
        np.testing.assert_allclose(explorer.jacobian[lag], expected, rtol=0, atol=1e-9 * scale)


def test_the_output_gate_opens_no_way_without_another_gate():
    explorer = Paths(**EXPLODING, i=False, f=False, g=False)
    np.testing.assert_allclose(explorer.norms, explorer.products, rtol=1e-12)
    assert "o" not in lit(explorer.on)
    explorer.carousel = False
    assert explorer.norms[1:].max() == 0


def test_the_factors_are_those_of_single_steps():
    explorer = Paths(scale=4)
    J = lt.step_jacobians(lt.LSTM, explorer.params, explorer.trace)
    c, o = explorer.trace.states.c[:, 0], explorer.trace.gates.o[:, 0]
    for name in "ifg":
        only = explorer.params.U * (np.arange(4) == "ifgo".index(name))[:, None, None]
        J = lt.step_jacobians(lt.LSTM, explorer.params._replace(U=only), explorer.trace).c
        sizes = [
            np.linalg.norm(J.h[t, 0] * o[t - 1] * lt.tanh_slope(np.tanh(c[t])), 2)
            for t in range(1, LAGS + 1)
        ]
        assert explorer.factors[name] == pytest.approx(np.median(sizes), rel=1e-12)
    largest = explorer.trace.gates.f[1:, 0].max(axis=-1)
    assert explorer.factors["carousel"] == pytest.approx(np.median(largest), rel=1e-12)


def test_the_forward_pass_does_not_know_of_cuts():
    whole, cut = Paths(**EXPLODING), Paths(**EXPLODING, g=False, carousel=False)
    assert (whole.trace.states.c == cut.trace.states.c).all()
    assert (whole.whole == cut.whole).all()
    assert cut.norms[-1] < 1e-3 * whole.norms[-1]


# --- the goal ----------------------------------------------------------------------------


def test_the_goal_is_not_reached_at_the_start_and_can_be_in_every_network():
    assert not Paths().goal_reached
    assert Paths().goal().vanishes
    reached = {1: (0, 11), 2: (0, 6), 3: (0, 8), 4: (0, 10), 5: (0, 14)}
    assert len(reached) == len(SEEDS)
    for network, (bias, scale) in reached.items():
        explorer = Paths(network=network, bias=bias, scale=scale)
        assert explorer.whole[-1] > 1e3, network
        assert explorer.products[-1] < 1e-6, network
        assert explorer.goal_reached, network


@pytest.mark.parametrize(
    ("settings", "explodes", "vanishes"),
    [
        ({"scale": 0}, False, True),
        ({"bias": 4, "scale": 2}, False, False),
        ({"bias": 3, "scale": 15, "network": 1}, True, False),
    ],
)
def test_each_half_of_the_goal_can_be_missed(settings, explodes, vanishes):
    goal = Paths(**settings).goal()
    assert (goal.explodes, goal.vanishes) == (explodes, vanishes)
    assert not goal.reached


def test_the_goal_asks_all_paths_whatever_is_cut():
    explorer = Paths(**EXPLODING, **CHOICES["only the carousel"])
    assert explorer.norms[-1] < 1e-10
    assert explorer.goal_reached


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"bias": 7}, "bias is 7; expected a number from -2 to 6."),
        ({"scale": -1}, "scale is -1; expected a number from 0 to 16."),
        ({"network": 6}, "network is 6; expected a whole number from 1 to 5."),
    ],
)
def test_a_setting_that_cannot_be_says_what_was_expected(settings, message):
    with pytest.raises(traitlets.TraitError, match=f"^{re.escape(message)}$"):
        Paths(**settings)


# --- the still picture -------------------------------------------------------------------


def test_the_still_picture_has_the_numbers_of_its_settings():
    explorer = Paths(**EXPLODING, g=False)
    still = explorer.still()
    assert still.svg.count('class="lt-cut"') == 1
    for name in ("carousel", "i", "f", "o"):
        assert f"× {small(explorer.factors[name])}<" in still.svg
    assert 'data-wire="g"' in still.svg
    assert re.search(r'class="lt-wire lt-later" data-wire="g"', still.svg)
    assert re.search(r'class="lt-wire lt-flow" data-wire="i"', still.svg)
    assert "candidate" not in still.description.partition("At lag 50")[0]
    assert "all paths 2.3·10⁹" in still.description
    assert "Paths that are on: none." in Paths(**dict.fromkeys(PATHS, False)).still().description


def test_every_wire_and_node_that_can_be_lit_is_in_the_module():
    svg = lt.drawing.lstm_module().svg
    names = set(re.findall(r'data-(?:wire|node)="(\w+)"', svg))
    assert set(lit(dict.fromkeys(PATHS, True))) == names - {"x"}


# --- the page ----------------------------------------------------------------------------


def somewhere(count=40):
    rng = np.random.default_rng(41)
    explorers = [on_the_sliders(Paths(), rng) for _ in range(count)]
    for explorer in explorers:
        for name in PATHS:
            setattr(explorer, name, bool(rng.random() < 0.7))
    return explorers + [Paths(**cut) for cut in CUTS] + [Paths(**EXPLODING)]


def settings_of(explorer):
    return {name: getattr(explorer, name) for name in explorer.settings()}


def records_of(explorer):
    """What the page's forward pass notes at each step, from Python's trace."""
    trace = explorer.trace
    rows = {k: v[:, 0].tolist() for k, v in trace.gates._asdict().items()}
    h, c = (v[:, 0].tolist() for v in trace.states)
    return [
        {
            "gates": {k: row[t] for k, row in rows.items()},
            "before": {"h": h[t], "c": c[t]},
            "tanh_c": np.tanh(c[t + 1]).tolist(),
        }
        for t in range(LAGS + 1)
    ]


def test_the_page_goes_the_same_way_back(ask):
    """From the same forward pass, however wild, to 1e-12."""
    explorers = somewhere()
    calls = []
    for explorer in explorers:
        run = {"U": explorer.params.U.tolist(), "records": records_of(explorer)}
        calls += [["norms", run, explorer.on], ["products", run["records"]], ["factors", run]]
    answers = iter(ask(calls=calls)["calls"])
    for explorer in explorers:
        np.testing.assert_allclose(next(answers), explorer.norms, rtol=TOLERANCE, atol=0)
        np.testing.assert_allclose(next(answers), explorer.products, rtol=TOLERANCE, atol=0)
        factors = next(answers)
        assert factors == {k: pytest.approx(v, rel=TOLERANCE) for k, v in explorer.factors.items()}


def test_the_page_computes_the_same_gradients_products_and_factors(ask):
    """To 1e-12 where the chain is tame. Where U is large it is chaotic: the last digit of a state
    grows as any small change does, so the last digits of the gradients differ."""
    explorers = somewhere()
    calls = [["pathScene", settings_of(e), e.networks[e.network - 1]] for e in explorers]
    for theirs, explorer in zip(ask(calls=calls)["calls"], explorers, strict=True):
        ours, wild = explorer.scene(), explorer.scale > 4
        tolerance = 1e-4 if wild else TOLERANCE
        assert theirs["on"] == ours["on"]
        for name in ("norms", "whole", "products"):
            np.testing.assert_allclose(theirs[name], ours[name], rtol=tolerance, atol=0)
        for name, factor in ours["factors"].items():
            assert theirs["factors"][name] == pytest.approx(factor, rel=tolerance)


def test_the_page_and_python_judge_alike(ask):
    explorers = somewhere(60)
    goals = [explorer.goal() for explorer in explorers]
    verdicts = ask(calls=[["explosion", *goal] for goal in goals])["calls"]
    for verdict, goal, explorer in zip(verdicts, goals, explorers, strict=True):
        assert (verdict["explodes"], verdict["vanishes"]) == (goal.explodes, goal.vanishes)
        assert verdict["reached"] == goal.reached == explorer.goal_reached
    for part in ("explodes", "vanishes", "reached"):
        assert 0 < sum(verdict[part] for verdict in verdicts) < len(verdicts)


def test_the_page_and_the_still_draw_the_same_picture(ask):
    scenes = [explorer.scene() for explorer in somewhere(20)]
    calls = [["marks", scene] for scene in scenes] + [["lit", scene["on"]] for scene in scenes]
    for width in (WIDTH, 350):
        calls += [["pathCurves", scene, width] for scene in scenes]
    answers = iter(ask(calls=calls)["calls"])
    for scene in scenes:
        assert_drawn_alike(next(answers), marks(scene))
    for scene in scenes:
        assert next(answers) == lit(scene["on"])
    for width in (WIDTH, 350):
        for scene in scenes:
            theirs, (height, ours) = next(answers), curves(scene, width)
            assert theirs["height"] == height
            assert_drawn_alike(theirs["body"], ours)


def test_the_page_knows_the_same_paths(ask):
    assert list(PATHS) == list(Paths().on)
    sizes = [0, 0.0004, 0.0994, 0.0996, 0.5, 9.994, 9.996, 123.45]
    assert ask(calls=[["small", size] for size in sizes])["calls"] == [small(v) for v in sizes]
