"""What the checks of chapter 10 stand on: their references, the machines of the zoo, the paths."""

from dataclasses import replace

import nbformat
import numpy as np
import pytest
from drawn import network
from test_exercises import ROOT
from wrong_answers import answers
from wrong_answers.chapter_10 import diagnosis

import lstm_teach as lt
from lstm_teach.checks import EXERCISES, check
from lstm_teach.checks.chapter_10 import machines
from lstm_teach.checks.chapter_10.explode import GONE, GROWN, run
from lstm_teach.checks.chapter_10.only_o import measured
from lstm_teach.checks.chapter_10.smallest import SOURCES, sees
from lstm_teach.checks.chapter_10.zoo import ILLS, WELL, Machine, spec

SOLUTION = {part.name: part.reference for e in EXERCISES.values() for part in e.parts}
WRONG_FORWARD = {"one bias", "no tanh", "axes"}
FITS_ITS_OWN = {"no tanh", "axes"}  # the right gradients of a wrong function


# --- the references ---------------------------------------------------------------------------


@pytest.fixture
def a_run():
    """A random LSTM with its trace, the error of every output, and what `lt.backward` makes."""
    params, x, state = network(lt.LSTM, 7, T=5, B=3, D=2, H=4)
    dh = np.random.default_rng(8).normal(size=(5, 3, 4))
    _, _, trace = lt.forward(lt.LSTM, params, x, state)
    return params, trace, dh, lt.backward(lt.LSTM, params, trace, dh)


def test_the_loop_of_the_exercise_is_the_backward_pass_of_the_package(a_run):
    params, trace, dh, grads = a_run
    ours = SOLUTION["lstm_backward"](
        dh, trace.x, *trace.states, np.stack(trace.gates), params.W, params.U
    )
    theirs = grads.x, *grads.state, *grads.params[:3]
    for mine, other in zip(ours, theirs, strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-12)


def test_one_step_back_is_the_loop_with_one_turn(a_run):
    params, trace, dh, _ = a_run
    (h, c), gates = trace.states, np.stack(trace.gates)
    weights = params.W, params.U
    step = SOLUTION["lstm_step_backward"](
        dh[0], np.zeros_like(c[0]), trace.x[0], h[0], c[0], gates[:, 0], c[1], *weights
    )
    loop = SOLUTION["lstm_backward"](dh[:1], trace.x[:1], h[:2], c[:2], gates[:, :1], *weights)
    _, dc_before, dx, dh_before, *rest = step
    for ours, theirs in zip((dx[None], dh_before, dc_before, *rest), loop, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-14)


def of_the_notebook(id):
    """What a cell of the exercise notebook defines, with the solutions in place."""
    page = nbformat.read(ROOT / "solutions/10_backward/10_backward.ipynb", as_version=4)
    (cell,) = [cell for cell in page.cells if cell.id == id]
    names = {"np": np, "lt": lt, **SOLUTION}
    exec(cell.source, names)
    return names


@pytest.mark.parametrize("right", [True, False])
def test_the_gradient_check_of_the_notebook_judges_the_other_cell(right, capsys):
    names = of_the_notebook("outside-measured")
    if not right:
        book_s = EXERCISES["10.3"].parts[0].mistakes[0].answers[0]
        names["tanh_outside_back"] = book_s
    cell = replace(lt.LSTM, step=names["tanh_outside"], step_back=names["with_yours"])
    assert lt.check_gradients(cell).passed == right
    capsys.readouterr()


def test_the_sizes_of_the_two_paths_begin_as_the_hint_says():
    rng = np.random.default_rng(3)
    params = lt.init(lt.LSTM, rng, inputs=2, hidden=3)
    x = rng.normal(size=(6, 1, 2))
    carousel, gates = SOLUTION["path_sizes"](params, x)
    f = lt.forward(lt.LSTM, params, x)[2].gates.f[:, 0]
    assert carousel[0] == 1.0
    assert gates[0] == gates[1] == 0.0 < gates[2]
    for lag in range(7):
        np.testing.assert_allclose(carousel[lag], np.prod(f[6 - lag :], axis=0).max())


@pytest.mark.parametrize("seed", range(10))
def test_with_the_output_gate_s_path_alone_only_the_carousel_is_left(seed):
    found = measured(np.random.default_rng(seed))
    assert found["o"][0] == found[""][0]
    assert found["ifgo"][0] > 3 * found[""][0]


def test_the_standard_chain_is_what_is_left_when_the_forget_gate_closes():
    whole, carousel, gates = run(*SOLUTION["explosive"]())
    assert carousel[0] < GONE < GROWN < whole[0]
    one_turn = gates["f"] + gates["i"] * 3 * gates["o"]
    assert whole[0] == pytest.approx(gates["f"] * one_turn**49)  # the first turn begins at c alone


# --- the zoo ----------------------------------------------------------------------------------


def inputs(seed, T=3, B=2, D=2, H=3):
    rng = np.random.default_rng(seed)
    shapes = (T, B, D), (4, D, H), (4, H, H), (4, H)
    return rng.normal(size=(T, B, H)), *(rng.normal(size=shape) for shape in shapes)


def fits_its_own_forward_pass(machine, dh, *at):
    for n, claimed in enumerate(machine.backward(dh, *at)):

        def loss(v, n=n):
            return np.sum(dh * machine.forward(*at[:n], v, *at[n + 1 :]))

        if lt.relative_error(claimed, lt.numerical_gradient(loss, at[n])).max() > 1e-6:
            return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_every_machine_has_what_its_name_says(seed):
    found = machines(seed)
    assert sorted(one.health for one in found) == sorted([WELL] * 3 + list(ILLS))
    dh, *at = inputs(seed)
    h, back = spec(*at)
    for machine in found:
        right_outputs = np.allclose(machine.forward(*at), h)
        right = [
            np.allclose(a, b) for a, b in zip(machine.backward(dh, *at), back(dh), strict=True)
        ]
        assert right_outputs == (machine.health not in WRONG_FORWARD), machine.health
        assert all(right) == (machine.health == WELL), machine.health
        fits = fits_its_own_forward_pass(machine, dh, *at)
        assert fits == (machine.health in {WELL, *FITS_ITS_OWN}), machine.health


@pytest.mark.parametrize(
    ("hides", "health"),
    [
        ({"b": 0.0}, "one bias"),
        ({"T": 1}, "brackets"),
        ({"T": 1}, "no way back"),
        ({"T": 1}, "overwritten"),
        ({"T": 1, "B": 1}, "axes"),
    ],
)
def test_a_zero_or_a_one_hides_the_bug(hides, health):
    sizes = {name: n for name, n in hides.items() if name in "TB"}
    dh, x, W, U, b = inputs(5, **sizes)
    b = b * hides.get("b", 1.0)
    h, back = spec(x, W, U, b)
    machine = Machine(health)
    np.testing.assert_allclose(machine.forward(x, W, U, b), h, atol=1e-12)
    for ours, theirs in zip(machine.backward(dh, x, W, U, b), back(dh), strict=True):
        if health != "one bias":
            np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_only_the_bias_of_the_input_gate_is_wrong_in_one_machine():
    dh, *at = inputs(6)
    ours, theirs = Machine("wrong bias gradient").backward(dh, *at), spec(*at)[1](dh)
    for mine, other in zip(ours[:3], theirs[:3], strict=True):
        np.testing.assert_allclose(mine, other, atol=1e-12)
    np.testing.assert_allclose(ours[3][1:], theirs[3][1:], atol=1e-12)
    np.testing.assert_allclose(ours[3][0], theirs[3][1], atol=1e-12)


def test_what_is_lost_between_steps_differs_as_the_hint_says():
    dh, x, W, U, b = inputs(7)
    dh[:-1] = 0
    arrives = {
        name: [bool(Machine(name).backward(dh, x, W, u * U, b)[0][0].any()) for u in (1, 0)]
        for name in (WELL, "brackets", "no way back", "overwritten")
    }
    assert arrives[WELL] == arrives["brackets"] == [True, True]
    assert arrives["no way back"] == [False, False]
    assert arrives["overwritten"] == [True, False]


@pytest.mark.parametrize("health", ILLS)
def test_the_smallest_test_sees_the_bug_whatever_the_numbers(health):
    T, B, kind = SOLUTION["smallest_tests"]()[health]
    for seed in range(20):
        assert sees(health, T, B, kind, np.random.default_rng(seed))


def test_every_bug_has_a_public_source_and_the_reveal_names_it():
    assert set(SOURCES) == set(ILLS)
    shown = check("10.8", SOLUTION["smallest_tests"]).message
    for source in SOURCES.values():
        assert "github.com/" in source
        assert source in shown


def test_the_notebook_explains_the_names_that_the_check_wants():
    page = nbformat.read(ROOT / "exercises/10_backward/10_backward.ipynb", as_version=4)
    (text,) = [cell.source for cell in page.cells if cell.id == "zoo-text"]
    assert all(f'`"{name}"`' in text for name in (WELL, *ILLS))
    assert "github.com" not in "".join(cell.source for cell in page.cells)


def test_a_machine_that_is_given_wrong_shapes_says_which():
    dh, x, W, U, b = inputs(8)
    with pytest.raises(ValueError, match=r"expects U of shape \(4, 3, 3\)"):
        Machine(WELL).forward(x, W, W, b)
    with pytest.raises(ValueError, match=r"expects x of shape \(T, B, D\)"):
        Machine(WELL).backward(dh, x[0], W, U, b)


def test_the_diagnoses_cannot_be_learned_by_heart():
    truth = [case.args[0].__self__.health for case in cases(0)]

    def reciting():
        remaining = list(truth)

        def diagnose(forward, backward):
            _, *at = inputs(1)
            forward(*at), backward(*inputs(1))
            return remaining.pop(0)

        return diagnose

    assert check("10.7", reciting()).status == "right"
    assert {check("10.7", reciting(), seed=seed).status for seed in (1, 2, 3)} == {"wrong"}


def cases(seed):
    return EXERCISES["10.7"].parts[0].cases(np.random.default_rng(seed))


def test_a_wrong_diagnosis_is_not_told_the_right_one():
    (diagnose,) = answers(EXERCISES["10.7"], diagnosis(look_back='return "brackets"'))
    shown = dict(check("10.7", diagnose).exhibits)
    assert shown["You said"] == "brackets"
    assert shown["But"] == "it has something else"
    assert "machine number" in shown["Tried on"]
