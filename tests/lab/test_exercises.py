"""An exercise in a real JupyterLab: blank, then a wrong answer, then the right one."""

import pytest

EXERCISE = "exercises/02_the_chain/02_the_chain.ipynb"

FORGETS_THE_BIAS = """def rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U)
"""
RIGHT = """def rnn_step(x, h, W, U, b):
    return np.tanh(x @ W + h @ U + b)
"""


@pytest.fixture(scope="module")
def exercise(lab):
    notebook = lab.open(EXERCISE)
    notebook.run_all()
    yield notebook
    notebook.close()


def test_an_exercise_says_not_attempted_then_wrong_with_the_mistake_then_right(exercise):
    assert exercise.errors() == []
    checks = [c for c in exercise.cells() if c["source"].startswith("lt.check(")]
    cards = exercise.page.locator(".lt-check[data-status='not attempted']")
    assert len(checks) >= 5
    assert cards.count() >= len(checks)
    assert "not attempted" in card(exercise)

    exercise.type_into("rnn-step", FORGETS_THE_BIAS)
    exercise.run("rnn-step-check")
    exercise.until(lambda: "wrong" in card(exercise), "the card to say wrong")
    mistake = exercise.kernel_eval('lt.check("2.1", rnn_step).mistake')
    assert "bias" in mistake
    message = exercise.kernel_eval('lt.check("2.1", rnn_step).message')
    assert message.split("\n")[0] in card(exercise)
    assert "bias is missing" in card(exercise)

    exercise.type_into("rnn-step", RIGHT)
    exercise.run("rnn-step-check")
    exercise.until(lambda: "✓ right" in card(exercise), "the card to say right")
    assert exercise.errors() == []


@pytest.mark.parametrize("theme", ["JupyterLab Dark", "JupyterLab Light"])
def test_axe_finds_nothing_in_the_cards_of_the_checks(exercise, theme):
    exercise.theme(theme)
    exercise.type_into("rnn-step", FORGETS_THE_BIAS)
    exercise.run("rnn-step-check")
    exercise.until(lambda: "wrong" in card(exercise), "the card to say wrong")
    assert exercise.axe(".lt-check") == []


def test_a_check_fits_a_phone_and_the_page_says_no_error(exercise):
    exercise.page.set_viewport_size({"width": 390, "height": 844})
    exercise.type_into("rnn-step", FORGETS_THE_BIAS)
    exercise.run("rnn-step-check")
    exercise.until(lambda: "wrong" in card(exercise), "the card to say wrong")
    box = exercise.cell("rnn-step-check").locator(".lt-check")
    assert box.evaluate("one => one.scrollWidth - one.clientWidth") <= 1
    place = box.bounding_box()
    assert place["x"] + place["width"] <= 390
    assert exercise.console == []
    assert exercise.asked_elsewhere() == []


def card(notebook):
    """What the card of the first check says."""
    return notebook.cell("rnn-step-check").locator(".lt-check").inner_text()
