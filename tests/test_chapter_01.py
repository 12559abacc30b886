"""Chapter 01: what its checks are made of is true, and the machinery that they added works."""

import numpy as np
import pytest
from wrong_answers import RIGHT, WRONG, answers

import lstm_teach as lt
from lstm_teach.checks import EXERCISES, check, guard
from lstm_teach.checks.chapter_01.catch import slope_is_wrong
from lstm_teach.checks.chapter_01.claims import claims
from lstm_teach.checks.chapter_01.measured import measured_error
from lstm_teach.checks.chapter_01.underflow import run
from lstm_teach.checks.choice import a_choice
from lstm_teach.checks.exercise import Finding, Mistake

REFERENCE = {part.name: part.reference for e in EXERCISES.values() for part in e.parts}


def check_cell(id, text):
    return check(id, *answers(EXERCISES[id], text))


# --- the exercises and the package ------------------------------------------------------------


def test_the_exercises_and_the_package_have_the_same_curves_and_slopes():
    z = np.linspace(-5, 5, 41)
    for name, ours in (("logistic", lt.logistic), ("stable_logistic", lt.logistic)):
        np.testing.assert_allclose(REFERENCE[name](z), ours(z), rtol=0, atol=1e-15)
    np.testing.assert_allclose(REFERENCE["tanh_by_logistic"](z), lt.tanh(z), rtol=0, atol=1e-15)
    y = lt.logistic(z)
    np.testing.assert_array_equal(REFERENCE["logistic_slope"](y), lt.logistic_slope(y))
    np.testing.assert_array_equal(REFERENCE["tanh_slope"](2 * y - 1), lt.tanh_slope(2 * y - 1))
    rows = np.random.default_rng(0).normal(size=(3, 4)) * 500
    np.testing.assert_allclose(REFERENCE["stable_softmax"](rows), lt.softmax(rows))
    np.testing.assert_allclose(REFERENCE["log_sum_exp"](rows), np.logaddexp.reduce(rows, axis=1))


def test_the_gradient_of_the_last_exercise_is_the_measured_slope_of_its_loss():
    rng = np.random.default_rng(1)
    z, k = rng.normal(size=(4, 3)), rng.integers(0, 3, 4)
    rows = np.arange(4)
    measured = lt.numerical_gradient(lambda v: -np.log(lt.softmax(v))[rows, k].mean(), z)
    np.testing.assert_allclose(REFERENCE["cross_entropy_gradient"](z, k), measured, atol=1e-9)


# --- what the messages say is so --------------------------------------------------------------


@pytest.mark.parametrize("seed", range(5))
def test_a_claim_is_wrong_where_its_label_says_so_and_by_little_where_it_is_slight(seed):
    z = np.linspace(-3, 3, 25)
    made = claims(np.random.default_rng(seed))
    assert [claim.wrong for claim in made].count(True) == 7
    for claim in made:
        measured = (claim.f.compute(z + 1e-5) - claim.f.compute(z - 1e-5)) / 2e-5
        off = np.abs(claim.slope.compute(claim.f.compute(z)) - measured).max()
        assert (off > 1e-6) == claim.wrong == ("(wrong)" in claim.label) == (off > 1e-3)
        assert claim.slight == (1e-3 < off < 0.09)
        assert slope_is_wrong(claim.f, claim.slope) == claim.wrong


def test_two_powers_of_ten_measure_finely_enough_and_no_other_does():
    errors = {n: measured_error(10.0**-n) for n in range(1, 17)}
    assert [n for n, error in errors.items() if error < 1e-10] == [5, 6]
    assert min(errors, key=errors.get) in (5, 6)
    assert "near 1e-5" in EXERCISES["1.3"].after


def test_the_numbers_in_the_explanations_of_the_knife_edge_are_so():
    low, high = REFERENCE["weight_interval"](1.0, 50)
    assert f"{high - 1:.1%}" == "4.7%"
    assert "10^(1/50) is 1.047" in EXERCISES["1.5"].why
    assert "half a percent" in EXERCISES["1.5"].after.replace("\n", " ")
    assert f"{REFERENCE['weight_interval'](1.0, 500)[1] - 1:.1%}" == "0.5%"
    assert 1 - low < high - 1
    slope = 1 - np.tanh(1) ** 2
    assert f"{slope:.2f} {slope**50:.0e}" == "0.42 1e-19"


def test_float32_loses_the_number_at_the_150th_halving_and_float64_does_not():
    factors = [0.5] * 200 + [2.0] * 200
    single, double = run(np.float32, factors), run(np.float64, factors)
    assert single[148] == 2.0**-149
    assert single[149] == single[-1] == 0
    assert double[-1] == 1
    assert np.isinf(run(np.float32, factors[::-1])[-1])


# --- strict: an overflow on the way counts ----------------------------------------------------


def overflowing(z):
    return 1 / (1 + np.exp(-z))


def test_strict_makes_an_overflow_an_error_and_only_strict_does():
    calls = [(np.array([-1000.0]),)]
    (outcome,), _ = guard.run(overflowing, calls, 3)
    assert (outcome.kind, outcome.value[0]) == ("returned", 0)
    (outcome,), _ = guard.run(overflowing, calls, 3, strict=True)
    assert (outcome.kind, outcome.error) == ("raised", "FloatingPointError")
    assert guard.call_trusted(overflowing, *calls, strict=True).kind == "raised"
    assert guard.call_trusted(overflowing, *calls).kind == "returned"


def test_strict_lets_an_underflow_pass():
    (outcome,), _ = guard.run(lambda z: np.exp(z) ** 2, [(np.array([-700.0]),)], 3, strict=True)
    assert (outcome.kind, outcome.value[0]) == ("returned", 0)


def test_the_reader_is_told_the_line_that_overflows():
    cell = """
        def stable_logistic(z):
            e = np.exp(-z)
            return np.where(z > 600, 1.0, 1 / (1 + e)) + 0 * z
    """
    result = check_cell("1.7", cell)
    assert (result.status, result.mistake) == ("wrong", "exp(-z) overflows")
    assert "line 2, `e = np.exp(-z)`" in result.message
    assert "overflow encountered in exp" in result.message


def test_an_unknown_overflow_gets_advice_of_its_own():
    import_math = "import math\ndef stable_logistic(z): return z * 0 + math.exp(-z.min())"
    for cell in ("def stable_logistic(z): return np.cosh(z) / np.cosh(z) * 0.5", import_math):
        result = check_cell("1.7", cell)
        assert (result.status, result.mistake) == ("wrong", None)
        assert "a number left the range" in result.hint


# --- a letter and a reason --------------------------------------------------------------------


def answer():
    return "B", "since it is so"


PART = a_choice(
    answer, "ABC", (Mistake("A: not so", "It is not so.", "Look again."),), lambda r: ()
)


def test_a_choice_knows_its_letters_and_keeps_the_words():
    assert PART.examine(("b)", "because of this"), None) is None
    ((label, words),) = PART.praise(("B", "because of this"), None)
    assert words == "because of this"
    assert "no machine has judged" in label
    wrong = PART.examine(("A", "because of that"), None)
    assert (wrong.mistake, wrong.exhibits[0][1]) == ("A: not so", "because of that")


@pytest.mark.parametrize("value", ["D", ("D", "since it is so"), 3, ("B", "", ""), ("", "a b c")])
def test_a_choice_says_which_letters_there_are(value):
    found = PART.examine(value, None)
    assert isinstance(found, Finding)
    assert "`answer` gave" in found.says
    assert "a letter from A to C" in found.says


def test_a_choice_without_a_reason_is_no_answer():
    assert PART.examine(("B", "so"), None).mistake == "no reason given"


# --- a few answers beyond the catalogue -------------------------------------------------------


@pytest.mark.parametrize("step", [0, -0.5, float("nan"), "1e-5", [1e-5]])
def test_a_step_that_is_no_step_is_told_so(step):
    result = check("1.3", REFERENCE["central_slope"], step)
    assert result.status == "wrong"
    assert "expected one number above 0" in result.says


@pytest.mark.parametrize("weight", [0.0, -2.38, np.float64(2.38), np.array(2.38)])
def test_a_weight_may_be_negative_and_of_any_kind_but_not_zero(weight):
    result = check("1.5", weight, REFERENCE["weight_interval"])
    assert result.status == ("right" if weight else "wrong")


def test_a_test_that_answers_in_scalars_is_welcome():
    assert check_cell("1.4", RIGHT["1.4"][0]).status == "right"


def test_the_classic_printed_formula_is_told_that_it_was_printed():
    result = check_cell("1.1", WRONG["1.1"]["the quotient turned upside down"])
    assert "A well-known book once printed it" in result.says


def test_a_difference_behind_the_fourth_decimal_is_shown():
    result = check_cell("1.7", WRONG["1.7"]["clips too early"])
    assert "expected +1, got +0.9999546021" in result.message
