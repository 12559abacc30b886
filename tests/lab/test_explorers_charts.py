"""The explorers that are charts, moved as a reader moves them, alone and in a notebook."""

import re

import nbformat
import pytest

from lstm_teach import explorers
from lstm_teach.explorers.backflow import PRESETS

from .alone import EXTREMES, Alone
from .explorer import CLASSES, Explorer

# kind: a slider to move; where the goal is reached (sliders first, then buttons); words of the
# status line at the start.
CHARTS = {
    "products": ("w", {"z": 0.5, "w": 1.27}, "After 50 steps, w = 0.90 alone"),
    "spectrum": ("radius", {"radius": 1.2, "gain": 1.0}, "Spectral radius 1.20, largest"),
    "cliff": ("rate", {"rate": 1.0, "clip": 0.5}, "longest gradient 52.54 at step 14"),
    "backflow": ("u", {"u": 0.9, "k": 4, "button": "up, then down"}, "back to step 1: dh₁"),
    "scalar": ("w_i", {"u_i": 0, "b_i": -10, "b_f": 6, "w_i": 14}, "Step 4, x = 1.00: i = 0.88"),
    "paths": ("scale", {"bias": 0, "scale": 11}, "By all paths: ‖∂c_T/∂c_t‖ at lag 50 is"),
    "leak": ("leak", {"leak": 0.97}, "λ = 1.000: nothing is lost. After 100 steps 1.00 is left"),
    "forget_bias": ("bias", {"bias": 3.8}, "At lag 100: measured 1.4·10⁻¹², f¹⁰⁰ 2.5·10⁻¹⁴"),
}
WORDS = re.compile(r">([^<>\n]+)<")
each = pytest.mark.parametrize("kind", CHARTS)


@pytest.fixture
def alone(lab):
    pages = []

    def alone(kind, settings=None, **how):
        explorer = getattr(explorers, CLASSES[kind])(**settings or {})
        pages.append(Alone(lab.browser, explorer, **how))
        return pages[-1]

    yield alone
    for page in pages:
        assert page.errors == []
        page.context.close()


@each
def test_a_key_and_a_drag_move_the_picture_and_its_words(alone, kind):
    page, (name, _, words) = alone(kind), CHARTS[kind]
    assert words in page.status.text_content()
    before, said = page.pictures(), page.status.text_content()
    page.slide(name, 1)
    assert page.pictures() != before
    before = page.pictures()
    page.drag(name, 0.2)
    assert page.pictures() != before
    page.at_rest()
    assert page.status.text_content() != said


@each
def test_the_page_shows_the_numbers_of_python(alone, kind):
    """After moves by hand, Python draws from the same settings what stands in the page."""
    page, (name, _, _) = alone(kind), CHARTS[kind]
    page.slide(name, -7)
    explorer = getattr(explorers, CLASSES[kind])()
    for setting in explorer.settings():
        setattr(explorer, setting, page.get(setting))
    assert getattr(explorer, name) != getattr(type(explorer)(), name)
    marks = [picture.partition('<rect class="lt-card"')[2] for picture in page.pictures()]
    drawn = [words for picture in marks for words in WORDS.findall(picture)]
    still = WORDS.findall(explorer.still().svg.partition('<rect class="lt-card"')[2])
    assert len(drawn) > 20
    assert drawn == still


@each
def test_the_goal_is_reached_by_hand(alone, kind):
    page, (name, goal, _) = alone(kind), CHARTS[kind]
    assert page.goal.get_attribute("data-reached") == "false"
    assert "not yet:" in page.goal.text_content()
    for control, value in goal.items():
        if control == "button":
            page.root.get_by_role("button", name=value).press("Enter")
        else:
            page.move(control, value)
    assert page.goal.get_attribute("data-reached") == "true"
    assert "Goal reached" in page.goal.text_content()
    page.control(name).press("Home")
    assert page.goal.get_attribute("data-reached") == "false"


@each
def test_the_ends_of_the_sliders_break_neither_numbers_nor_layout(alone, kind):
    page = alone(kind)
    for width in (1100, 390):
        page.page.set_viewport_size({"width": width, "height": 1400})
        for end in ("max", "min"):
            page.page.evaluate(EXTREMES, end)
            page.at_rest()
            html = page.root.evaluate("root => root.outerHTML")
            assert not re.search(r"NaN|undefined|Infinity|null", html)
            assert page.overflow() == []


@each
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(alone, kind, theme):
    page = alone(kind, theme=theme)
    assert page.axe() == []
    page.page.set_viewport_size({"width": 390, "height": 1400})
    page.at_rest()
    assert page.axe() == []


@each
@pytest.mark.parametrize("width", [1100, 780])
def test_numbers_that_change_move_nothing(alone, kind, width):
    page, (name, _, _) = alone(kind, width=width), CHARTS[kind]
    places = """() => [...document.querySelectorAll(
        "button, input, fieldset, svg.lt-drawing, .lt-panel, .lt-status")].map((part) => {
            const box = part.getBoundingClientRect();
            return [box.x, box.y, box.width, box.height].map(Math.round).join(); })"""
    before = page.page.evaluate(places)
    for move in (
        lambda: page.slide(name, -9),
        lambda: page.slide(name, 5),
        lambda: page.page.evaluate(EXTREMES, "max"),
        lambda: page.page.evaluate(EXTREMES, "min"),
    ):
        move()
        page.at_rest()
        assert page.page.evaluate(places) == before


@each
def test_every_control_has_a_visible_label_and_is_tall_enough(alone, kind):
    bare = alone(kind, width=390).page.evaluate(
        """() => [...document.querySelectorAll("input, button")].filter((control) => {
            const words = control.tagName === "BUTTON" ? control : control.closest("label");
            const box = (words ?? control).getBoundingClientRect();
            return !words?.innerText.trim() || box.height < 34 || box.width < 44;
        }).map((control) => control.outerHTML)"""
    )
    assert bare == []


@each
def test_keys_stay_inside_except_those_of_the_notebook(alone, kind):
    page = alone(kind)
    page.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', e => heard.push(e.key)); }"
    )
    page.control(CHARTS[kind][0]).focus()
    for key in ("ArrowRight", "a", "d", "Enter", "Shift+Enter", "Escape", "Control+s"):
        page.page.keyboard.press(key)
    assert page.page.evaluate("heard") == ["Enter", "Escape", "Control", "s"]


def test_the_error_comes_back_one_step_at_a_time_and_starts_again_from_the_end(alone):
    page = alone("backflow", {"every": True, "k": 5, "inputs": PRESETS["noise"]})
    page.control("end").press("Enter")
    assert page.get("t") == 12
    for t in (11, 10, 9):
        page.control("back").press("Enter")
        assert page.get("t") == t
    assert "copy 9" in page.root.locator(".lt-panel").text_content()
    assert "δ₁₀·u" in page.root.locator(".lt-panel").text_content()
    page.control("every").uncheck()
    page.at_rest()
    assert "Nothing arrives at step 9" in page.status.text_content()


def test_a_slider_with_stops_stands_at_the_nearest_and_says_the_number_itself(alone):
    page = alone("cliff", {"rate": 0.37, "clip": 0.5})
    rate = page.control("rate")
    stops = rate.get_attribute("data-stops").split()
    assert stops[int(rate.input_value())] == "0.3"
    assert rate.get_attribute("aria-valuetext") == "0.37"
    page.slide("rate", 1)
    assert page.get("rate") == 0.5
    page.control("clip").press("End")
    assert page.get("clip") == 0
    assert page.control("clip").get_attribute("aria-valuetext") == "off"
    assert "clipped to" not in page.pictures()[0]


def test_the_way_grows_step_by_step_and_another_start_gives_another(alone):
    page = alone("cliff", {"clip": 0.5, "steps": 0})
    drawn = [page.pictures()[0].count("lt-marker")]
    for _ in range(3):
        page.slide("steps", 1)
        drawn.append(page.pictures()[0].count("lt-marker"))
    assert drawn == sorted(drawn)
    assert len(set(drawn)) == 4
    before = page.pictures()
    page.slide("start", 1)
    assert page.pictures() != before


def test_the_kind_of_matrix_is_chosen_with_the_arrow_keys(alone):
    page = alone("spectrum")
    before = page.pictures()
    page.control("kind_orthogonal").press("ArrowRight")
    assert page.get("kind") == "random"
    assert page.control("kind_random").is_checked()
    assert page.pictures() != before


def test_a_path_is_cut_by_its_box_by_a_click_on_its_layer_and_by_a_button(alone):
    page = alone("paths")
    layer = page.root.locator("[data-node=g]")
    whole = page.pictures()
    page.control("g").press("Space")
    assert page.get("g") is False
    cut = page.pictures()
    assert all(before != after for before, after in zip(whole, cut, strict=True))
    assert "lt-later" in layer.get_attribute("class")
    assert cut[0].count("lt-cut") == 1
    page.at_rest()
    assert (
        "Only by carousel, input gate i, forget gate f, output gate o" in page.status.text_content()
    )
    layer.click()
    assert page.get("g") is True
    assert page.control("g").is_checked()
    assert page.pictures() == whole
    page.root.get_by_role("button", name="only the carousel").press("Enter")
    assert [page.get(name) for name in ("carousel", "i", "f", "g", "o")] == [True] + 4 * [False]
    assert page.root.locator("[aria-pressed=true]").text_content() == "only the carousel"


def test_a_button_sets_all_weights_and_the_step_moves_the_curves(alone):
    page = alone("scalar")
    page.root.get_by_role("button", name="shut by its own h").press("Enter")
    assert page.get("u_i") == -10
    assert page.control("u_i").get_attribute("aria-valuetext") == "−10.0"
    before = page.pictures()
    page.slide("t", 1)
    assert page.pictures() != before
    page.at_rest()
    assert "Step 5, x = 0.40: i = " in page.status.text_content()


@pytest.fixture(scope="module")
def notebook(lab, tmp_path_factory):
    """A notebook with one cell for each chart."""
    cells = ["import lstm_teach as lt"]
    cells += [f"{kind} = lt.explorers.{CLASSES[kind]}()\n{kind}" for kind in CHARTS]
    book = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    file = tmp_path_factory.mktemp("charts") / "charts.ipynb"
    nbformat.write(book, file)
    notebook = lab.open(file)
    notebook.run_all()
    yield notebook
    notebook.close()


@each
def test_in_a_notebook_python_hears_and_is_heard(notebook, kind):
    explorer, (name, goal, _) = Explorer(notebook, kind), CHARTS[kind]
    before = notebook.layout()
    explorer.press(name, "Home", *["ArrowRight"] * 5, "a", "ArrowDown", "ArrowUp")
    explorer.until_python(name, pytest.approx(explorer.stop(name, 5)))
    assert explorer.has_focus()
    status = explorer.status()
    for setting, value in goal.items():
        if setting == "button":
            explorer.notebook.kernel_run(f"{kind}.inputs = {kind}.presets[{value!r}]")
        else:
            explorer.put(setting, value)
    reached = explorer.root.locator(".lt-goal[data-reached=true]")
    notebook.until(lambda: reached.count() == 1, "the page to hear Python")
    explorer.until_python("goal_reached", True)
    notebook.until(lambda: explorer.status() != status, "the status line to speak")
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        notebook.theme(theme)
        assert explorer.faint_words() == []
    assert notebook.layout() == before, "a key changed the notebook"
    assert notebook.console == []
