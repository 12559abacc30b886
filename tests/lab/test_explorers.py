"""The explorers of chapter 02, moved in a real JupyterLab as a reader moves them."""

from pathlib import Path

import pytest

import lstm_teach

from .explorer import Explorer, same

SLIDERS = {
    "chain": ["steps", "h0", "w", "u", "b", "x1", "x6"],
    "cell": ["t", "x2", *(f"{kind}_{k}" for k in "ifgo" for kind in ("bias", "weight"))],
}
TO_THE_GOAL = {
    "chain": {"u": 2, "b": 0, "w": 1},
    "cell": {"weight_i": 6, "bias_i": -8, "bias_f": 8},
}
AND_AWAY = {"chain": "u", "cell": "bias_f"}

both = pytest.mark.parametrize("kind", ["chain", "cell"])


@pytest.fixture
def explorer(chapter_02, kind):
    chapter_02.theme("JupyterLab Light")
    explorer = Explorer(chapter_02, kind)
    before = chapter_02.layout()
    yield explorer
    assert chapter_02.layout() == before, "a key or a click changed the notebook"
    assert chapter_02.console == []


@both
def test_a_slider_moved_by_keyboard_changes_the_picture(explorer, kind):
    shown = explorer.picture()
    for name in SLIDERS[kind]:
        low, high, step = explorer.range(name)
        start = explorer.value(name)
        one = ("ArrowRight", start + step) if start < high else ("ArrowLeft", start - step)
        for key, value in (one, ("Home", low), ("End", high)):
            explorer.press(name, key)
            assert explorer.value(name) == pytest.approx(value), f"{name} after {key}"
            shown = explorer.changed(shown, f"{name} after {key}")
        assert explorer.control(name).evaluate("one => one === document.activeElement"), name
        setting = explorer.setting(name)
        explorer.until_python(setting, high)
        explorer.put(setting, start)
        if start != high:
            shown = explorer.changed(shown, f"{name} back where it was")


@both
def test_a_slider_drawn_with_the_mouse_changes_the_picture(explorer, kind):
    name = {"chain": "u", "cell": "bias_f"}[kind]
    before = explorer.picture()
    explorer.drag(name, 0.9)
    low, high, _ = explorer.range(name)
    assert explorer.value(name) == pytest.approx(low + 0.9 * (high - low), abs=0.05 * (high - low))
    explorer.changed(before, f"{name} drawn to the right")
    assert explorer.has_focus()
    explorer.until_python(name, explorer.value(name))
    explorer.page.keyboard.press("b")


@both
def test_keys_pressed_inside_an_explorer_stay_inside(explorer, kind):
    stops = ["input[type=range]", "button", ".lt-drawing [tabindex='0']"]
    for stop in stops:
        explorer.root.locator(stop).first.focus()
        for key in ["a", "b", "d", "d", "x", "z", "m", "y", "1", "j", "k", "ArrowDown", "ArrowUp"]:
            explorer.page.keyboard.press(key)
        assert explorer.has_focus(), f"the focus has left the explorer from {stop}"
    # The fixture compares the cells before and after.


@both
def test_jupyterlabs_own_combinations_still_work_inside_an_explorer(explorer, kind):
    explorer.press({"chain": "u", "cell": "bias_f"}[kind], "ArrowRight", "Control+s")
    explorer.notebook.until(
        lambda: not explorer.notebook.do("return panel.context.model.dirty;"),
        "Ctrl+S inside an explorer to save the notebook",
    )


def test_the_numbers_in_the_chain_are_those_python_computes(chapter_02):
    explorer = Explorer(chapter_02, "chain")
    explorer.move("w", -0.8)
    explorer.move("h0", 0.35)
    explorer.move("x3", 0.4)
    explorer.move("steps", 7)
    explorer.until_python("steps", 7)
    h = explorer.python("trace.states.h[:, 0, 0].tolist()")
    x = explorer.python("trace.x[:, 0, 0].tolist()")
    w, u, b = (explorer.python(name) for name in "wub")
    assert len(h) == 8
    assert explorer.number("h_before") == pytest.approx(h[0], abs=0.00501)
    for t in range(1, 8):
        z = x[t - 1] * w + h[t - 1] * u + b
        assert explorer.number("x", t) == pytest.approx(x[t - 1], abs=0.00501)
        assert explorer.number("z", t) == pytest.approx(z, abs=0.00501)
        assert explorer.number("h", t) == pytest.approx(h[t], abs=0.00501)


def test_the_numbers_in_the_cell_are_those_python_computes(chapter_02):
    explorer = Explorer(chapter_02, "cell")
    explorer.move("bias_f", 1.5)
    explorer.move("weight_o", -1.5)
    explorer.move("x4", -1.2)
    explorer.move("t", 4)
    explorer.control("unit_3").check()
    explorer.until_python("unit", 3)
    t = explorer.python("t")
    assert t == 4
    expected = {
        name: explorer.python(f"trace.gates.{name}[{t - 1}, 0, 2].item()") for name in "ifgo"
    }
    for name in "hc":
        before, after = explorer.python(f"trace.states.{name}[{t - 1}:{t + 1}, 0, 2].tolist()")
        expected |= {f"{name}_before": before, name: after}
    expected["kept"] = expected["f"] * expected["c_before"]
    expected["written"] = expected["i"] * expected["g"]
    expected["x"] = explorer.python(f"x[{t - 1}, 0, 0].item()")
    for name, value in expected.items():
        assert explorer.number(name) == pytest.approx(value, abs=0.00501), name


@both
def test_keys_pressed_fast_lose_no_step(explorer, kind):
    name = {"chain": "u", "cell": "bias_f"}[kind]
    low, _, step = explorer.range(name)
    explorer.press(name, "Home", *["ArrowRight"] * 30)
    explorer.until_python(name, pytest.approx(low + 30 * step))
    assert explorer.value(name) == pytest.approx(low + 30 * step)


@both
def test_a_change_from_python_redraws_the_figure(explorer, kind):
    name, value = {"chain": ("u", -1.5), "cell": ("weight_i", -3.0)}[kind]
    before = explorer.picture()
    explorer.put(name, value)
    explorer.changed(before, f"{name} set from Python")
    assert explorer.value(name) == value


@both
def test_the_goal_is_reached_by_moving_sliders_and_python_knows(explorer, kind):
    goal = explorer.root.locator(".lt-goal")
    assert goal.get_attribute("data-reached") == "false"
    assert explorer.python("goal_reached") is False
    for name, value in TO_THE_GOAL[kind].items():
        explorer.move(name, value)
    assert goal.get_attribute("data-reached") == "true"
    assert "reached" in goal.text_content()
    explorer.until_python("goal_reached", True)
    explorer.press(AND_AWAY[kind], "Home")
    assert goal.get_attribute("data-reached") == "false"
    explorer.until_python("goal_reached", False)


def test_every_wire_of_the_cell_says_its_variable_shape_and_code(chapter_02):
    explorer = Explorer(chapter_02, "cell")
    lines = explorer.python("lines")
    wires = explorer.drawing.locator(".lt-wire")
    names = wires.evaluate_all("all => all.map(one => one.dataset.wire)")
    assert set(names) == set(lines)
    package = Path(lstm_teach.__file__).parent
    source = "".join((package / file).read_text("utf-8") for file in ("cells.py", "chain.py"))
    panel = explorer.root.locator(".lt-panel")

    def says(name):
        variable, meaning, shape, code = lines[name]
        text = panel.text_content()
        missing = [part for part in (variable, meaning, shape, *code) if part not in text]
        assert not missing, f"wire {name}: the panel does not say {missing}"
        assert all(line in source for line in code), f"wire {name}: {code}"

    for name in names:
        x, y = explorer.on_wire(name)
        explorer.page.mouse.move(x, y)
        says(name)
    explorer.page.mouse.move(0, 0)

    explorer.drawing.locator("[tabindex='0']").focus()
    heard = []
    for _ in names:
        name = explorer.page.evaluate("document.activeElement.dataset.wire")
        says(name)
        label = explorer.page.evaluate("document.activeElement.getAttribute('aria-label')")
        assert lines[name][0] in label
        assert lines[name][2] in label
        heard.append(name)
        explorer.page.keyboard.press("ArrowRight")
    assert sorted(heard) == sorted(names)


def test_a_copy_of_the_chain_under_the_pointer_or_the_focus_shows_its_sums(chapter_02):
    explorer = Explorer(chapter_02, "chain")
    panel = explorer.root.locator(".lt-panel")
    without = panel.text_content()
    explorer.drawing.locator(".lt-copy[data-copy='3'] .lt-sign").first.hover()
    hovered = panel.text_content()
    assert "z₃" in hovered
    assert "h₃" in hovered
    explorer.page.mouse.move(0, 0)
    assert panel.text_content() == without
    explorer.drawing.locator("[tabindex='0']").focus()
    explorer.page.keyboard.press("ArrowRight")
    assert "z₂" in panel.text_content()
    assert explorer.page.evaluate("document.activeElement.dataset.copy") == "2"


def test_next_and_back_walk_through_the_seven_operations(chapter_02):
    explorer = Explorer(chapter_02, "cell")
    explorer.put("show_all", False)
    explorer.notebook.until(lambda: "operation 1 of 7" in explorer.status(), "operation 1")
    first = shown = explorer.picture()
    for stage in range(2, 8):
        explorer.control("next").click()
        explorer.notebook.until(lambda s=stage: f"operation {s} of 7" in explorer.status(), stage)
        explorer.page.mouse.move(0, 0)
        shown = explorer.changed(shown, f"operation {stage}")
    explorer.control("next").press("Enter")
    explorer.until_python("t", 3)
    explorer.until_python("stage", 1)
    for _ in range(7):
        explorer.control("back").press("Enter")
    explorer.notebook.until(lambda: "t = 2, operation 1 of 7" in explorer.status(), "t = 2 again")
    assert same(explorer.picture(), first)


@both
def test_the_extremes_of_all_sliders_leave_no_nan(explorer, kind):
    ends = explorer.root.evaluate(
        """async root => {
            const all = [...root.querySelectorAll("input[type=range]")], seen = new Set();
            for (let n = 0; n < 64; n++) {
                all.forEach((one, k) => {
                    const high = n < 2 ? n : (n * 2654435761 + k * 40503 * (n + 7)) >> 7 & 1;
                    one.value = high ? one.max : one.min;
                    one.dispatchEvent(new Event("input", { bubbles: true }));
                });
                await new Promise(requestAnimationFrame);
                seen.add(root.querySelector("svg").outerHTML + root.innerText);
            }
            return [...seen];
        }"""
    )
    assert len(ends) > 8, "the sliders' ends look alike: did they move at all?"
    for text in ends:
        for word in ("NaN", "Infinity", "undefined", "null"):
            assert word not in text
    explorer.until_python("trace.states.h.size > 0", True)


@both
def test_axe_finds_nothing_in_an_explorer_in_either_theme(explorer, kind):
    shown = explorer.picture()
    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        explorer.notebook.theme(theme)
        shown = explorer.changed(shown, f"the theme is now {theme}")
        assert explorer.notebook.axe(f".lt-explorer[data-explorer={kind}]") == []
        assert explorer.faint_words() == []


@both
def test_on_a_phone_an_explorer_fits_and_every_control_can_be_reached(explorer, kind):
    page = explorer.page
    size = page.viewport_size
    page.set_viewport_size({"width": 390, "height": 844})
    try:
        explorer.notebook.until(
            lambda: explorer.root.bounding_box()["width"] < 390, "a narrow page"
        )
        assert explorer.overflow() == []
        for name in explorer.sliders():
            control = explorer.control(name)
            control.scroll_into_view_if_needed()
            box = control.bounding_box()
            assert box["x"] >= 0, name
            assert box["x"] + box["width"] <= 390, name
            assert box["width"] >= 44, f"{name} is too short for a finger"
            explorer.press(name, "Home", "ArrowRight")
        for button in explorer.root.locator("button:visible").all():
            assert button.bounding_box()["height"] >= 34
        assert explorer.notebook.axe(f".lt-explorer[data-explorer={kind}]") == []
    finally:
        page.set_viewport_size(size)
