"""What the checks of chapter 03 stand on: their references, their suspects, the ladder."""

import numpy as np
import pytest
from drawn import network
from wrong_answers import answers
from wrong_answers.chapter_03 import guard

import lstm_teach as lt
from lstm_teach.checks import EXERCISES, check
from lstm_teach.checks.chapter_03.carried import measured
from lstm_teach.checks.chapter_03.suspects import suspects
from lstm_teach.checks.several import LADDER

SOLUTION = {part.name: part.reference for e in EXERCISES.values() for part in e.parts}


@pytest.fixture
def run():
    """A chain, the error of every output, and what `lt.backward` makes of it."""
    params, x, state = network(lt.RNN, 7, T=5, B=3, D=2, H=4)
    dh = np.random.default_rng(8).normal(size=(5, 3, 4))
    _, _, trace = lt.forward(lt.RNN, params, x, state)
    return params, x, trace.states.h, dh, lt.backward(lt.RNN, params, trace, dh)


def test_the_loop_of_the_exercise_is_the_backward_pass_of_the_package(run):
    params, x, h, dh, grads = run
    W, U = params.W[0], params.U[0]
    dx, dh_0, dW, dU, db = SOLUTION["rnn_backward"](dh, x, h, W, U)
    expected = grads.x, grads.state.h, grads.params.W[0], grads.params.U[0], grads.params.b[0]
    for ours, theirs in zip((dx, dh_0, dW, dU, db), expected, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


def test_one_step_back_is_that_of_the_package(run):
    params, x, h, dh, _ = run
    _, _, trace = lt.forward(lt.RNN, params, x[:1], lt.RNNState(h[0]))
    grads = lt.backward(lt.RNN, params, trace, dh[:1])
    W, U = params.W[0], params.U[0]
    ours = SOLUTION["rnn_step_backward"](dh[0], x[0], h[0], h[1], W, U)
    weights = (v[0] for v in grads.params[:3])
    for mine, theirs in zip(ours, (grads.x[0], grads.state.h, *weights), strict=True):
        np.testing.assert_allclose(mine, theirs, atol=1e-14)


def test_every_rung_of_the_ladder_is_a_measured_slope():
    rng = np.random.default_rng(1)
    shapes = [(2, 3), (2, 3), (2, 4), (2, 4), (2, 4), (3, 4), (4, 4), (4,)]
    given = [rng.normal(size=shape) for shape in shapes]
    x_1, x_2, h_0, y_1, y_2, W, U, b = given
    rungs = SOLUTION["ladder"](*given)

    def loss(h_0=h_0, W=W, U=U, b=b, dz_1=0.0, dh_1=0.0, dz_2=0.0, dh_2=0.0):
        h_1 = np.tanh(x_1 @ W + h_0 @ U + b + dz_1) + dh_1
        h_2 = np.tanh(x_2 @ W + h_1 @ U + b + dz_2) + dh_2
        return np.sum((h_1 - y_1) ** 2) + np.sum((h_2 - y_2) ** 2)

    at = dict.fromkeys(("dh_2", "dz_2", "dh_1", "dz_1"), np.zeros((2, 4)))
    at |= {"h_0": h_0, "W": W, "U": U, "b": b}
    for (name, value), rung in zip(at.items(), rungs, strict=True):
        slopes = lt.numerical_gradient(lambda v, name=name: loss(**{name: v}), value)
        np.testing.assert_allclose(rung, slopes, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("span", [1, 2, 3, 5, 9])
def test_the_spans_of_the_exercise_are_those_of_the_package(run, span):
    params, x, h, dh, _ = run
    W, U = params.W[0], params.U[0]
    ours = SOLUTION["truncated_backward"](dh, x, h, W, U, span)
    state = lt.RNNState(h[0])

    def slope(outputs, start):
        return dh[start : start + len(outputs)]

    theirs = lt.truncated_bptt(lt.RNN, params, x, slope, state, span=span)[1].params
    for mine, other in zip(ours, theirs[:3], strict=True):
        np.testing.assert_allclose(mine, other[0], atol=1e-12)


@pytest.mark.parametrize("seed", range(4))
def test_every_suspect_is_what_its_label_says(seed):
    rng = np.random.default_rng(seed)
    shapes = [(4, 3, 2), (3, 5), (2, 5), (5, 5), (5,)]
    inputs, dh = [rng.normal(size=shape) for shape in shapes], rng.normal(size=(4, 3, 5))
    for one in suspects(rng):
        wrong = [
            not SOLUTION["grad_check"](
                lambda v, n=n, run=one.forward: np.sum(dh * run(*inputs[:n], v, *inputs[n + 1 :])),
                inputs[n],
                claimed,
            )
            for n, claimed in enumerate(one(dh, *inputs))
        ]
        assert any(wrong) == one.wrong, one.label
        assert one.wrong != ("right" in one.label)


@pytest.mark.parametrize(
    ("weakness", "label"),
    [
        ({"b": "np.zeros(H)"}, "forgets the bias"),
        ({"B": 1}, "mean over the batch"),
        ({"T": 1}, "mean over time"),
        ({"h_0": "np.zeros((B, H))"}, "leaves h_0 out"),
        ({"more": "dh[:-1] = 0"}, "last step only"),
    ],
)
def test_each_weak_test_lets_the_bug_through_that_hides_behind_it(weakness, label):
    (watchdog,) = answers(EXERCISES["3.6"], guard(**weakness))
    (suspect,) = [one for one in suspects(np.random.default_rng(0)) if label in one.label]
    assert not watchdog(suspect.forward, suspect)
    assert SOLUTION["watchdog"](suspect.forward, suspect)


@pytest.mark.parametrize("seed", range(20))
def test_the_cut_gradient_of_the_prediction_is_zero_and_the_state_still_moves(seed):
    full, cut, moved = measured(np.random.default_rng(seed))
    assert cut == 0.0
    assert full > 0
    assert moved > 0


# --- several arrays at once -------------------------------------------------------------------


def ladder_of(*values):
    """What the check of 3.1 shows and says where these are returned (a function or a value)."""

    def rnn_step_backward(dh, x, h_before, h_after, W, U):
        right = SOLUTION["rnn_step_backward"](dh, x, h_before, h_after, W, U)
        return tuple(
            value(one) if callable(value) else value
            for value, one in zip(values, right, strict=False)
        )

    return check("3.1", rnn_step_backward)


def same(v):
    return v


def test_the_ladder_tells_exact_from_close_from_wrong_from_unwritten():
    result = ladder_of(same, lambda v: v * (1 + 1e-15), lambda v: v + 0.25, same, same)
    rows = dict(result.exhibits)[LADDER].split("\n")
    assert rows[0] == "✓ dx         exact"
    assert rows[1].startswith("✓ dh_before")
    assert rows[2] == "✗ dW         off by 0.25"
    unwritten = ladder_of(same, same, None, None, same)
    assert unwritten.mistake == "not finished"
    assert "Still to be written: dW, dU." in unwritten.says
    assert "✗ dU         still to be written" in dict(unwritten.exhibits)[LADDER]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ((same, same), "expected 5 arrays: dx, dh_before, dW, dU, db"),
        ((same, same, 1.0, same, same), "dW: this came: 1.0, a float"),
        ((same, same, lambda v: v[None], same, same), "dW: this came: shape (1, 1, 1); expected"),
        ((same, same, same, same, lambda v: v.astype("f4")), "db: The shape is right."),
        ((lambda v: v / 0.0, same, same, same, same), "dx: dx[0, 0] is"),
    ],
)
def test_what_is_wrong_with_one_of_several_is_said_with_its_name(values, said):
    assert said in ladder_of(*values).says


def test_a_class_of_arrays_with_its_own_idea_of_equality_is_not_believed():
    class Agreeable(np.ndarray):
        def __array_function__(self, function, types, args, kwargs):
            return True

    result = ladder_of(*[lambda v: np.zeros(v.shape).view(Agreeable)] * 5)
    assert result.status == "wrong"
