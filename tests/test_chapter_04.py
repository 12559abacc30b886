"""Chapter 04's exercises: their references are the package, their words are true."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
from drawn import network

import lstm_teach as lt
from lstm_teach import check
from lstm_teach.checks import EXERCISES
from lstm_teach.checks.chapter_04 import deaf, explain, hump, matrices, shrink
from lstm_teach.checks.chapter_04.shares import lists_of_shares
from lstm_teach.checks.returned import ANumber

ROOT = Path(__file__).parent.parent
REFERENCE = {p.name: p.reference for e in EXERCISES.values() for p in e.parts if e.id[0] == "4"}


def traced(seed, T=6, B=2, H=4):
    params, x, state = network(lt.RNN, seed, T=T, B=B, D=3, H=H)
    return params, lt.forward(lt.RNN, params, x, state)[2]


def test_the_jacobians_of_the_exercise_are_those_of_the_package():
    params, trace = traced(0)
    steps = lt.step_jacobians(lt.RNN, params, trace).h.h
    whole = lt.jacobians(lt.RNN, params, trace).h.h
    h, U = trace.states.h[1:], params.U[0]
    for b in range(2):
        np.testing.assert_allclose(REFERENCE["step_jacobian"](h[3, b], U), steps[3, b])
        np.testing.assert_allclose(REFERENCE["chain_jacobian"](h[:, b], U), whole[0, b])


def test_the_bound_of_the_exercise_lies_above_what_chains_do():
    for seed in range(10):
        params, trace = traced(seed)
        sizes = lt.largest_singular_value(lt.jacobians(lt.RNN, params, trace).h.h)
        for lag in range(7):
            most = REFERENCE["bound"](params.U[0], 1.0, lag) * (1 + 1e-12)
            assert (sizes[6 - lag] <= most).all()


def test_the_orthogonal_matrix_of_the_exercise_is_that_of_the_package():
    ours = lt.orthogonal(np.random.default_rng(3), 5, 5)
    theirs = REFERENCE["orthogonal"](np.random.default_rng(3).normal(size=(5, 5)))
    np.testing.assert_allclose(ours, theirs)
    np.testing.assert_allclose(theirs.T @ theirs, np.eye(5), atol=1e-12)


def test_the_lengths_of_the_exercise_are_those_of_the_backward_pass():
    params, trace = traced(1, B=1)
    dh = np.zeros((6, 1, 4))
    dh[-1] = np.random.default_rng(2).normal(size=(1, 4))
    expected = lt.flow(lt.backward(lt.RNN, params, trace, dh)).h[:, 0]
    found = REFERENCE["lengths_back"](trace.states.h[1:, 0], params.U[0], dh[-1, 0])
    np.testing.assert_allclose(found, expected)


def test_the_shares_of_the_exercise_add_up_to_the_gradient_of_the_package():
    params, trace = traced(2)
    dh = np.random.default_rng(3).normal(size=(6, 2, 4))
    grads = lt.backward(lt.RNN, params, trace, dh)
    dz = grads.flow.h[1:] * (1 - trace.states.h[1:] ** 2)
    shares = REFERENCE["shares_of_U"](trace.states.h, dz)
    np.testing.assert_allclose(shares.sum(axis=0), grads.params.U[0])
    last_step = lt.backward(lt.RNN, params, trace, np.concatenate([0 * dh[:-1], dh[-1:]]))
    dz = last_step.flow.h[1:] * (1 - trace.states.h[1:] ** 2)
    np.testing.assert_allclose(shares[0], trace.states.h[5].T @ dz[5])


def test_beyond_the_deaf_lag_float32_does_not_notice_the_rest():
    for shares, _ in lists_of_shares(np.random.default_rng(5)):
        k = REFERENCE["deaf_from"](shares)
        total = np.float32(np.linalg.norm(shares.sum(axis=0)))
        rest = np.float32(np.linalg.norm(shares[k:].sum(axis=0)))
        assert abs(float(total + rest) - float(total)) <= np.finfo(np.float32).eps * total


def test_the_lists_of_shares_tell_the_mistakes_apart():
    for seed in range(20):
        lists = [shares for shares, _ in lists_of_shares(np.random.default_rng(seed))]
        owner = {tuple(REFERENCE["deaf_from"](shares) for shares in lists): "right"}
        for mistake in deaf.LAG_MISTAKES:
            for answer in mistake.answers:
                lags = tuple(answer(shares) for shares in lists)
                assert owner.setdefault(lags, mistake.name) == mistake.name


@pytest.mark.parametrize("norm", [None, 1, np.inf, "nuc"])
def test_a_peak_in_another_norm_is_wrong_under_every_seed(norm):
    def peak(U, lags):
        powers = [np.linalg.matrix_power(U, k) for k in range(lags + 1)]
        return int(np.argmax([np.linalg.norm(power, norm) for power in powers]))

    for seed in range(20):
        assert check("4.4", [[0.9, 10.0], [0.0, 0.9]], peak, seed=seed).status == "wrong"


# --- what the texts say is so -----------------------------------------------------------------


def test_the_numbers_in_the_hints_and_explanations_are_so():
    product, h = shrink.unit_jacobian(2.0, 1.0, 50)
    assert abs(product) < 1e-6
    assert "h rises to 0.995, where u times the slope is about 0.02" in EXERCISES["4.3"].hints[2]
    assert (f"{h:.3f}", f"{2 * (1 - h * h):.2f}") == ("0.995", "0.02")
    assert "peaks at k = 9" in EXERCISES["4.4"].hints[2]
    U = np.array([[0.9, 10.0], [0.0, 0.9]])
    assert REFERENCE["peak"](U, 300) == 9
    for k in range(1, 6):
        corner = np.linalg.matrix_power(U, k)[0, 1]
        assert math.isclose(corner, k * 10 * 0.9 ** (k - 1))
    assert math.isclose(np.linalg.norm(np.full((4, 4), 0.4), 2), 1.6)
    assert 1 / np.finfo(np.float32).eps == 2**23 == 8388608
    # an orthogonal matrix that np.linalg.qr never gives: "some rotations never"
    firsts = [
        np.linalg.qr(np.random.default_rng(s).normal(size=(3, 3)))[0][0, 0] for s in range(99)
    ]
    assert max(firsts) < 0
    fair = [lt.orthogonal(np.random.default_rng(s), 3, 3)[0, 0] for s in range(99)]
    assert min(fair) < -0.5 < 0.5 < max(fair)


def test_the_experiment_of_the_last_exercise_shows_what_it_should_under_any_seed():
    for seed in range(10):
        total, far = explain.near_and_far(np.random.default_rng(seed))
        assert total > 0.1
        assert far < 1e-6 * total
    shown = dict(check("4.7", EXERCISES["4.7"].parts[0].reference).exhibits)
    assert any("Measured just now" in label for label in shown)


def test_the_mark_scheme_is_for_the_teacher_and_the_rubric_for_all():
    name = Path("04_vanishing") / "04_vanishing.ipynb"
    master, released = (
        {
            c["id"]: "".join(c["source"])
            for c in json.loads((ROOT / folder / name).read_text())["cells"]
        }
        for folder in ("solutions", "exercises")
    )
    assert "BEGIN MARK SCHEME" in master["explain-marks"]
    assert "MARK SCHEME" not in released["explain-marks"]
    assert "Full marks" not in "".join(released.values())
    assert "| 1 | What to measure" in released["explain-marks"]


# --- answers that are no matrix, no pair, no number -------------------------------------------


@pytest.mark.parametrize("id", ["4.3", "4.4"])
@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("U", "expected a square matrix"),
        ({"U": 1}, "expected a square matrix"),
        ([[1, 2], [3]], "expected a square matrix"),
        (2.0, "something of shape ()"),
        ([[1.0, 2.0]], "something of shape (1, 2)"),
        ([[0.5]], "a matrix for 1 units"),
        (np.eye(9), "a matrix for 9 units"),
        ([[0.1, np.nan], [0.0, 0.1]], "not a number between"),
        ([[0.1, 1e9], [0.0, 0.1]], "not a number between"),
    ],
    ids=str,
)
def test_what_is_no_small_square_matrix_is_told_so(id, value, said):
    result = check(id, value)
    assert result.status == "wrong"
    assert said in result.says
    assert result.hint


@pytest.mark.parametrize("value", ["2, 1", (2,), 7, (2, None), (2, np.inf), (2, "1"), [[2, 1]]])
def test_what_is_no_pair_of_numbers_is_told_so(value):
    result = check("4.3", [[0, 2], [0, 0]], value)
    assert result.status == "wrong"
    assert "expected" in result.says


def test_a_right_matrix_is_acknowledged_while_the_unit_is_open():
    result = check("4.3", np.array([[0.5, 2.0], [0.0, 0.5]]))
    assert result.status == "not attempted"
    assert "`shrinking_matrix` is right. `shrinking_unit` is still to be written" in result.says


def test_the_portrait_shows_the_numbers_of_the_matrix():
    U = np.array([[0.5, 2.0], [0.0, 0.5]])
    shown = dict(matrices.portrait(U, 1, 50))
    assert "spectral radius 0.5, largest singular value 2.12" in shown["Its numbers"]
    assert "‖U^1‖ = 2.12, ‖U^50‖ = 1.78e-13" in shown["Its powers"]
    sizes = matrices.sizes_of_powers(U, 5)
    np.testing.assert_allclose(sizes[3], np.linalg.norm(U @ U @ U, 2))
    assert not matrices.is_normal(U)
    assert matrices.is_normal(np.array([[0.0, -2.0], [2.0, 0.0]]))


def test_the_limits_of_the_hump_are_where_the_page_puts_them():
    text = hump.hump.__doc__
    assert (hump.RADIUS, hump.HIGH, hump.FIRST, hump.LAGS, hump.LOW) == (0.95, 10, 3, 300, 1e-3)
    for words in ("at most 0.95", "at\n    least 10", "k = 3 or later", "‖U³⁰⁰‖ is below 0.001"):
        assert words in text


@pytest.mark.parametrize("value", [True, "1", None, [1.0], np.ones(1), 1j, np.bool_(True)])
def test_what_is_not_one_real_number_is_told_so(value):
    kind, _ = ANumber("a bound").stages
    assert kind("bound", value, 1.0, "").hint


@pytest.mark.parametrize("value", [1, 1.0, np.float32(1), np.int64(1), np.array(1.0)])
def test_every_kind_of_real_number_is_a_number(value):
    number = ANumber("a bound")
    assert all(stage("bound", value, 1.0, "") is None for stage in number.stages)
    assert number.same(value, 1.0)
    assert not number.same(value, 1.00001)


def test_a_number_is_compared_by_its_own_size():
    assert not ANumber("a bound").same(2e-9, 1e-9)
    assert ANumber("a bound").same(2e-13, 1e-13)
    assert ANumber("a bound").stages[1]("bound", math.nan, 1.0, "").hint
