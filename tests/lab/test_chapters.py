"""Chapters in a real JupyterLab, from a fresh clone to the next morning."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from PIL import Image

from .explorer import same

# A widget that JupyterLab cannot show says one of these.
DEAD = ("Error displaying widget", "Error creating widget", "Loading widget")

STILL = "img:is(.lt-figure, .lt-plot)"
FOLDER = Path(__file__).resolve().parents[2] / "chapters"
CHAPTERS = [f"chapters/{path.name}" for path in sorted(FOLDER.glob("[0-9]*.ipynb"))]


@pytest.fixture(scope="module", params=CHAPTERS)
def visits(lab, request):
    """What a reader meets who opens a chapter, runs it, saves it, and opens it again."""
    seen = SimpleNamespace()
    notebook = lab.open(request.param)
    seen.stored = notebook.cells()
    seen.fresh = look(notebook)
    notebook.run_all()
    assert notebook.errors() == []
    notebook.page.wait_for_selector(".lt-explorer")
    seen.run, seen.cells = look(notebook), notebook.cells()
    notebook.save()
    notebook.close()

    again = lab.reopen(notebook.file)
    again.page.wait_for_selector(".lt-explorer")
    seen.reopened = look(again)
    slider = again.page.locator(".lt-explorer input[type=range]:visible").first
    drawing = again.page.locator(".lt-explorer .lt-drawing").first
    before = again.screenshot(drawing)
    slider.press("Home")
    again.until(lambda: not same(before, again.screenshot(drawing)), "a reopened figure to move")
    again.close()
    seen.console = notebook.console + again.console
    seen.elsewhere = notebook.asked_elsewhere() + again.asked_elsewhere()
    return seen


def look(notebook):
    """Which widgets are dead, which explorers live, and what each still picture is like."""
    words = notebook.page.locator(".jp-Notebook").inner_text()
    pictures = notebook.page.locator(".jp-OutputArea img").evaluate_all(
        """async all => Promise.all(all.map(async one => {
            await one.decode().catch(() => {});
            return { alt: one.alt, width: one.naturalWidth, height: one.clientHeight };
        }))"""
    )
    return SimpleNamespace(
        dead=[phrase for phrase in DEAD if phrase in words],
        explorers=notebook.page.locator(".lt-explorer").count(),
        pictures=pictures,
    )


def html(cells):
    """The HTML of every output, and the plain text beside it."""
    outputs = [output for cell in cells for output in cell.get("outputs", [])]
    return [
        ("".join(o["data"]["text/html"]), "".join(o["data"]["text/plain"]))
        for o in outputs
        if "text/html" in o.get("data", {})
    ]


def test_a_chapter_opened_for_the_first_time_shows_still_pictures_and_no_dead_widget(visits):
    stored = [plain for markup, plain in html(visits.stored) if "<img" in markup]
    assert any(plain.startswith("<explorer:") for plain in stored)
    assert len(visits.fresh.pictures) == len(stored)
    for picture in visits.fresh.pictures:
        assert len(picture["alt"]) > 20
        assert picture["width"] > 0
        assert picture["height"] > 100, picture["alt"]
    assert visits.fresh.dead == []
    assert visits.fresh.explorers == 0, "an untrusted notebook must not run JavaScript"


def test_a_chapter_runs_from_top_to_bottom_without_an_error(visits):
    assert visits.run.dead == []
    code = [cell for cell in visits.cells if cell["cell_type"] == "code"]
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    shown = [plain for _, plain in html(visits.cells)]
    assert visits.run.explorers == sum(plain.startswith("<explorer:") for plain in shown)
    assert len(visits.run.pictures) == sum(plain.startswith("<figure:") for plain in shown)


def test_a_chapter_saved_and_opened_again_is_alive_before_anything_is_run(visits):
    assert visits.reopened.dead == []
    assert visits.reopened.explorers == visits.run.explorers
    assert visits.reopened.pictures == visits.run.pictures


def test_a_chapter_says_no_error_to_the_console_and_asks_no_other_machine(visits):
    assert visits.console == []
    assert visits.elsewhere == []


def test_the_still_figures_follow_the_theme_and_axe_finds_nothing(chapter_02):
    chapter_02.page.mouse.move(0, 0)
    chapter_02.theme("JupyterLab Light")
    figures = chapter_02.page.locator(STILL).all()
    assert len(figures) >= 4
    light = [chapter_02.screenshot(figure) for figure in figures]
    assert chapter_02.axe(f".jp-OutputArea-output:has({STILL})") == []
    chapter_02.theme("JupyterLab Dark")
    for figure, before in zip(figures, light, strict=True):
        chapter_02.until(
            lambda f=figure, b=before: brightness(chapter_02.screenshot(f)) < brightness(b) / 2,
            "a figure to go dark with the page",
        )
    assert chapter_02.axe(f".jp-OutputArea-output:has({STILL})") == []
    chapter_02.theme("JupyterLab Light")


def test_on_a_phone_a_still_figure_that_is_too_wide_scrolls_in_a_box_of_its_own(chapter_02):
    size = chapter_02.page.viewport_size
    chapter_02.page.set_viewport_size({"width": 390, "height": 844})
    try:
        boxes = chapter_02.page.locator(f"div:has(> {STILL})")
        chapter_02.until(lambda: boxes.first.bounding_box()["width"] < 390, "a narrow page")
        assert boxes.count() >= 4
        for box in boxes.all():
            place = box.bounding_box()
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 390
            assert place["height"] > 60
            output = box.locator("xpath=ancestor::*[contains(@class, 'jp-OutputArea-output')][1]")
            assert output.evaluate("one => one.scrollWidth - one.clientWidth") <= 1
    finally:
        chapter_02.page.set_viewport_size(size)


def brightness(picture):
    """The mean of all pixels, 0 to 255."""
    return picture.convert("L").resize((1, 1), resample=Image.Resampling.BOX).getpixel((0, 0))
