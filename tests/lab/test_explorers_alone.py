"""The explorers on a bare page, with no notebook and no kernel, as a published page has them."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe

from lstm_teach.explorers import CellStepper, Chain

from .alone import EXTREMES, MOUNT, PAGE, state


class Page:
    """A page with explorers on it: `chain` and `cell` are the first views of each."""

    def __init__(self, browser, theme="light", width=1100, height=900, views=1):
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = page = self.context.new_page()
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        paper, ink = ("#fff", "#111") if theme == "light" else ("#111", "#eee")
        css = Chain._css
        page.set_content(PAGE % {"theme": theme, "paper": paper, "ink": ink, "css": css})
        for name, explorer in (("chain", Chain()), ("cell", CellStepper())):
            about = {"name": f"{name}Model", "source": explorer._esm, "views": views}
            page.evaluate(MOUNT, about | {"state": json.loads(json.dumps(state(explorer)))})
        self.chain, self.cell = (
            page.locator(f"[data-explorer={name}]").first for name in ("chain", "cell")
        )

    def press(self, keys, times=1):
        for _ in range(times):
            self.page.keyboard.press(keys)

    def slide(self, explorer, name, times):
        """Move a slider by so many arrow keys."""
        explorer.locator(f"[data-control={name}]").focus()
        self.press("ArrowRight" if times > 0 else "ArrowLeft", abs(times))

    def set(self, model, **settings):
        """Change settings as the kernel does."""
        self.page.evaluate(
            "([model, values]) => { for (const [k, v] of Object.entries(values)) "
            "window[model].set(k, v); }",
            [f"{model}Model", settings],
        )

    def says(self, explorer, words):
        """Wait for the status line to say something."""
        line = explorer.get_by_role("status").first
        self.page.wait_for_function(
            "([line, words]) => line.textContent.includes(words)",
            arg=[line.element_handle(), words],
        )
        return line.text_content()


@pytest.fixture
def open_page(lab):
    pages = []

    def open_page(**how):
        pages.append(Page(lab.browser, **how))
        return pages[-1]

    yield open_page
    for page in pages:
        assert page.errors == []
        page.context.close()


def number(explorer, place, within=""):
    return explorer.locator(f"{within} .lt-value[data-value={place}] .lt-number").text_content()


def test_next_walks_through_the_seven_operations_and_on_to_the_next_step(open_page):
    page = open_page()
    page.cell.get_by_role("button", name="Next").click()
    assert page.says(page.cell, "operation 1 of 7").startswith(
        "t = 2, operation 1 of 7: merge x and h."
    )
    for n in range(2, 8):
        page.press("Enter")
        assert page.says(page.cell, f"t = 2, operation {n} of 7")
        assert page.cell.locator(".lt-drawing").get_attribute("data-shown") == str(n)
    page.press("Enter")
    page.says(page.cell, "t = 3, operation 1 of 7")
    page.cell.get_by_role("button", name="Back").click()
    page.says(page.cell, "t = 2, operation 7 of 7")
    for name, t, stage in (("Back", 1, 1), ("Next", 8, 7)):
        page.set("cell", t=t, stage=stage)
        button = page.cell.get_by_role("button", name=name)
        assert button.get_attribute("aria-disabled") == "true"
        button.focus()
        page.press("Enter")
        page.says(page.cell, f"t = {t}, operation {stage} of 7")


def test_the_status_line_says_step_operation_and_sum(open_page):
    page = open_page()
    page.set("cell", t=3, stage=5, show_all=False)
    said = page.says(page.cell, "operation 5 of 7")
    f, c_before, i, g, c = (number(page.cell, wire) for wire in ("f", "c_before", "i", "g", "c"))
    f, c_before, i, g, c = (value.replace("+", "") for value in (f, c_before, i, g, c))
    assert said == (
        "t = 3, operation 5 of 7: new cell state. "
        f"Unit 1: f*c + i*g = {f}*{c_before} + {i}*{g} = {c}."
    )


def test_what_is_not_computed_yet_shows_no_value(open_page):
    page = open_page()
    page.set("cell", stage=3, show_all=False)
    shown = page.cell.locator(".lt-value:visible").evaluate_all(
        "all => all.map(p => p.dataset.value)"
    )
    assert set(shown) == {"c_before", "h_before", "x", "merged", "f", "i"}
    page.cell.get_by_role("button", name="Show all").click()
    assert page.cell.locator(".lt-value:visible").count() == 13


def test_a_wire_under_the_pointer_or_the_focus_tells_what_it_carries(open_page):
    page = open_page()
    panel = page.cell.locator(".lt-panel")
    page.cell.locator("[data-wire=f] .lt-hit").dispatch_event("pointerenter")
    page.cell.locator("[data-wire=f]").dispatch_event("pointerenter")
    for words in ("f_t", "forget gate", "(1, 4)", number(page.cell, "f"), "logistic(z_f)"):
        assert words in panel.text_content()
    page.cell.locator("[data-wire=f]").dispatch_event("pointerleave")
    stops = page.cell.locator(".lt-wire[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    seen = []
    for _ in range(13):
        seen.append(panel.locator(".lt-wire-name b").text_content())
        page.press("ArrowRight")
    assert len(set(seen)) == 13
    assert seen[0] == "c_t−1"
    assert seen[-1] == "h_t"
    page.press("Home")
    assert panel.locator(".lt-wire-name b").text_content() == "c_t−1"
    assert page.cell.locator(".lt-wire[tabindex='0']").count() == 1
    page.press("Tab")
    assert page.page.evaluate("document.activeElement.dataset.control") == "back"


def test_a_copy_of_the_chain_tells_its_sums(open_page):
    page = open_page()
    page.chain.locator(".lt-copy[tabindex='0']").focus()
    page.press("ArrowRight")
    told = page.chain.locator(".lt-panel").text_content()
    assert "z₂ = x₂·w + h₁·u + b" in told
    h = number(page.chain, "h", '[data-copy="2"]').replace("+", "")
    assert f"h₂ = tanh(z₂) = {h}" in told
    page.set("chain", steps=1)
    assert page.chain.locator(".lt-copy[tabindex='0']").get_attribute("data-copy") == "1"


def test_moving_a_weight_moves_and_marks_every_copy(open_page):
    page = open_page()
    before = [number(page.chain, "z", f'[data-copy="{t}"]') for t in range(1, 7)]
    page.slide(page.chain, "u", 4)
    page.slide(page.chain, "b", 2)
    assert page.chain.locator(".lt-sharing .lt-copy:visible").count() == 6
    after = [number(page.chain, "z", f'[data-copy="{t}"]') for t in range(1, 7)]
    assert all(old != new for old, new in zip(before, after, strict=True))
    page.page.wait_for_function("!document.querySelector('.lt-sharing')")


def test_the_latch_is_reached_from_the_keyboard_and_says_what_is_missing(open_page):
    page = open_page()
    goal = page.chain.locator(".lt-goal")
    assert goal.get_attribute("data-reached") == "false"
    assert goal.text_content().count("not yet:") == 2
    page.slide(page.chain, "b", -2)
    assert goal.text_content().count("not yet:") == 1
    page.slide(page.chain, "u", 20)
    page.slide(page.chain, "w", 15)
    assert goal.get_attribute("data-reached") == "true"
    assert "Goal reached" in goal.text_content()
    assert "not yet" not in goal.text_content()


def test_keeping_is_reached_from_the_keyboard(open_page):
    page = open_page()
    goal = page.cell.locator(".lt-goal")
    assert re.search(
        r"not yet: c stays within 10 %\. Worst: \d+ %, with “signal", goal.text_content()
    )
    for name, times in (("weight_i", 8), ("bias_i", -14), ("weight_f", -2), ("bias_f", 14)):
        page.slide(page.cell, name, times)
    assert goal.get_attribute("data-reached") == "true"
    for unit in range(1, 5):
        page.cell.locator(f"[data-control=unit_{unit}]").check()
        assert goal.get_attribute("data-reached") == "true"
    page.set("cell", inputs=[0] * 8)
    assert "not yet: after step 2" in goal.text_content()


def test_two_views_of_one_explorer_agree_and_another_explorer_is_left_alone(open_page):
    page = open_page(views=2)
    views = page.page.locator("[data-explorer=chain]")
    cell = page.cell.locator(".lt-drawing").inner_html()
    page.slide(views.first, "w", 3)
    page.slide(views.last, "x2", 3)
    for place in ("x", "z", "h"):
        for t in (1, 2, 6):
            within = f'[data-copy="{t}"]'
            assert number(views.first, place, within) == number(views.last, place, within)
    assert views.first.locator("[data-control=w]").input_value() == "0.8"
    assert views.last.locator("[data-control=w]").input_value() == "0.8"
    assert page.cell.locator(".lt-drawing").inner_html() == cell
    radios = page.page.locator("[data-control=unit_2]")
    radios.first.check()
    assert radios.last.is_checked()
    assert radios.first.is_checked()
    ids = page.page.evaluate("[...document.querySelectorAll('[id]')].map(part => part.id)")
    assert len(ids) == len(set(ids)) == 8


def test_a_closed_view_listens_no_more(open_page):
    page = open_page(views=2)
    page.slide(page.chain, "w", 1)
    left = page.page.evaluate(
        """() => {
            for (const stop of chainModel.stops) stop();
            chainModel.set("u", 1.5);
            return [Object.values(chainModel.heard).flat().length,
                    document.querySelectorAll("[data-explorer=chain]").length];
        }"""
    )
    assert left == [0, 0], "listeners and views"


def test_the_picture_comes_first_and_python_is_told_before_anything_else_happens(open_page):
    page = open_page()
    seen = page.page.evaluate(
        """async () => {
            const slider = document.querySelector("[data-control=w]");
            const number = document.querySelector("[data-copy='1'] [data-value=h] .lt-number");
            const seen = [];
            chainModel.save_changes = () => seen.push([chainModel.get("w"), number.textContent]);
            for (const value of [-1, 0.5, 1]) {
                slider.value = value;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((done) => {  // the next task: a message could come in here
                    const { port1, port2 } = new MessageChannel();
                    port1.onmessage = done;
                    port2.postMessage("");
                });
                seen.push("next task");
            }
            return seen;
        }"""
    )
    assert seen == [
        *([-1, "−0.72"], "next task"),
        *([0.5, "+0.54"], "next task"),
        *([1, "+0.80"], "next task"),
    ]


def test_changes_made_together_are_told_together(open_page):
    page = open_page()
    page.cell.get_by_role("button", name="Next").click()
    page.says(page.cell, "operation 1 of 7")
    assert page.page.evaluate("cellModel.saved.length") == 1


def test_the_status_line_does_not_chatter_while_a_slider_is_dragged(open_page):
    page = open_page()
    page.set("cell", t=5)
    page.says(page.cell, "t = 5")
    told = page.page.evaluate(
        """async () => {
            const line = document.querySelector("[data-explorer=cell] [role=status]");
            let told = 0;
            new MutationObserver(() => told++).observe(line, { childList: true });
            const slider = document.querySelector("[data-control=bias_f]");
            for (let n = 0; n < 30; n++) {
                slider.value = n / 5;
                slider.dispatchEvent(new Event("input", { bubbles: true }));
                await new Promise((done) => setTimeout(done, 10));
            }
            await new Promise((done) => setTimeout(done, 600));
            return told;
        }"""
    )
    assert told == 1


def test_keys_stay_inside_except_those_of_the_notebook(open_page):
    page = open_page()
    page.page.evaluate(
        "() => { window.heard = []; document.addEventListener('keydown', e => heard.push(e.key)); }"
    )
    page.chain.locator("[data-control=w]").focus()
    for key in ("ArrowRight", "a", "d", "Enter", "Shift+Enter", "Escape", "Control+s"):
        page.press(key)
    assert page.page.evaluate("heard") == ["Enter", "Escape", "Control", "s"]


@pytest.mark.parametrize("width", [1100, 550, 390])
def test_the_ends_of_the_sliders_break_neither_numbers_nor_layout(open_page, width):
    page = open_page(width=width)
    for end in ("max", "min"):
        page.page.evaluate(EXTREMES, end)
        page.page.wait_for_timeout(400)
        for explorer in (page.chain, page.cell):
            html = explorer.evaluate("root => root.outerHTML")
            assert not re.search(r"NaN|undefined|Infinity|null", html)
        wide = page.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"the page is {wide} px wide"
        outside = page.page.evaluate(
            """() => [...document.querySelectorAll(".lt-explorer")].flatMap((root) => {
                const box = root.getBoundingClientRect();
                return [...root.querySelectorAll("button, output, p, fieldset, .lt-panel *")]
                    .filter((part) => !part.closest(".lt-scroll, .lt-columns"))
                    .filter((part) => part.getBoundingClientRect().right > box.right + 1)
                    .map((part) => part.outerHTML.slice(0, 80));
            })"""
        )
        assert outside == []


def test_numbers_that_change_move_nothing(open_page):
    page = open_page()
    places = """() => [...document.querySelectorAll(
        "button, input, output, fieldset, .lt-panel, .lt-goal, .lt-status")].map((part) => {
            const box = part.getBoundingClientRect();
            return [box.x, box.y, box.width, box.height].map(Math.round).join(); })"""
    before = page.page.evaluate(places)
    page.set("cell", t=7, stage=2, show_all=False, bias_f=-7.5, weight_i=-3.5, unit=4)
    page.set("chain", w=-3.9, u=-1.75, b=-0.45, h0=-0.55)
    page.page.wait_for_timeout(400)
    assert page.page.evaluate(places) == before


def test_every_control_has_a_visible_label_and_is_tall_enough(open_page):
    page = open_page()
    bare = page.page.evaluate(
        """() => [...document.querySelectorAll("input, button")].filter((control) => {
            const words = control.tagName === "BUTTON" ? control : control.closest("label");
            const box = (words ?? control).getBoundingClientRect();
            const hidden = control.closest("[hidden]");
            return !hidden && (!words?.innerText.trim() || box.height < 34);
        }).map((control) => control.outerHTML)"""
    )
    assert bare == []


@pytest.mark.parametrize("width", [1100, 390])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing(open_page, theme, width):
    page = open_page(theme=theme, width=width)
    for show_all in (True, False):
        page.set("cell", show_all=show_all, stage=4)
        page.page.wait_for_timeout(300)
        found = Axe().run(page.page)
        assert [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ] == []


def test_the_theme_of_the_page_wins_over_the_theme_of_the_machine(open_page):
    colours = set()
    for theme in ("light", "dark"):
        page = open_page(theme=theme)
        page.page.emulate_media(color_scheme="dark" if theme == "light" else "light")
        colours.add(page.cell.evaluate("root => getComputedStyle(root).backgroundColor"))
    assert len(colours) == 2


def test_readers_who_want_no_motion_get_none(open_page):
    page = open_page()
    page.page.emulate_media(reduced_motion="reduce")
    moving = page.page.evaluate(
        """() => [...document.querySelectorAll(".lt-explorer, .lt-explorer *")].filter((part) => {
            const style = getComputedStyle(part);
            return style.animationName !== "none" || style.transitionDuration !== "0s"; }).length"""
    )
    assert moving == 0
