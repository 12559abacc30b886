"""What records add up to: item statistics, marks, the page, the table and the picture."""

import csv
import io
import json

import pytest
from course.fakes import MASTER, a_test, record_of
from rich.console import Console

from lstm_teach.course import feedback, pages, summary
from lstm_teach.course.store import Store

EVIL = "<script>window.ran = 1</script>\x1b[2J\u202e[red]"


def batch():
    """Four students: one right, one with a known mistake, one blank, one for a person."""
    return [
        record_of("ada", score=2.0, seconds=1.0, tests=[a_test(score=2.0, status="passed")]),
        record_of("bob", seconds=2.0, tests=[a_test(mistake="h U is missing")]),
        record_of("cy", seconds=3.0, tests=[a_test(status="not_attempted", says="")]),
        record_of(
            "=dan()",
            seconds=9.0,
            status="failed",
            needs_a_person=True,
            flags=[{"flag": "too_large", "says": "it has 9 bytes"}],
            tests=[a_test(status="not_run", mistake=None)],
        ),
    ]


def published(tmp_path, records):
    results = Store(tmp_path / "out")
    with results.locked():
        for record in records:
            results.keep(record["student"].strip("=()<>/\x1b")[:5], record)
        keys = [record["student"].strip("=()<>/\x1b")[:5] for record in records]
        return summary.publish(results, MASTER, keys, records)


def shown(made):
    """The table as a terminal shows it."""
    file = io.StringIO()
    Console(file=file, width=160, color_system=None).print(made.table())
    return file.getvalue()


def test_each_student_is_counted_once_for_each_test():
    (item,) = summary.items(batch())
    assert (item.passed, item.lost, item.not_attempted, item.by_hand) == (1, 2, 1, 0)
    assert item.mean == 0.5
    assert item.mistakes == {"h U is missing": 1}


def test_totals_flags_and_who_needs_a_person():
    found = summary.added_up(batch())
    assert (found["submissions"], found["mean_score"], found["median_score"]) == (4, 0.5, 0)
    assert found["median_seconds"] == 2.5
    assert found["status"] == {"graded": 3, "failed": 1}
    assert found["flags"] == {"too_large": 1}
    assert [one["student"] for one in found["people"]] == ["=dan()"]
    assert not found["unsafe"]


def test_points_that_wait_for_a_person_are_counted_and_their_students_named(tmp_path):
    records = [record_of("eve", tests=[a_test(status="by_hand", max_score=6)]), *batch()]
    made = published(tmp_path, records)
    assert made.found["to_mark"] == [{"student": "eve", "points": 6}]
    assert "6 points wait for a person's marks and count as 0 until then: eve." in shown(made)
    page = (made.out / "summary.html").read_text()
    assert "6 points wait for a person" in page
    assert "<b>6</b> points to mark by hand" in page
    lines = csv.DictReader(io.StringIO(summary.marks(records)))
    assert [line["points_to_mark"] for line in lines] == ["6", "", "", "", ""]
    alone = published(tmp_path / "alone", records[:1])
    assert "Nobody." not in (alone.out / "summary.html").read_text()
    assert "1 submission of 02_the_chain" in shown(alone)
    assert "1 submission, graded" in (alone.out / "summary.html").read_text()


def test_nine_flags_of_one_kind_hide_no_other(tmp_path):
    flags = [{"flag": "missing_cell", "says": f"Cell {n} is missing."} for n in range(9)]
    flags += [{"flag": "other_notebook", "says": "It may hold answers."}]
    made = published(tmp_path, [record_of("ada", needs_a_person=True, flags=flags)])
    assert "ada (0 points): missing_cell × 9, other_notebook" in shown(made)
    page = (made.out / "summary.html").read_text()
    assert page.count("<b>missing_cell</b>") == page.count("<b>other_notebook</b>") == 1
    assert "and 8 more of this kind" in page
    assert "Cell 8 is missing." in page
    assert ",missing_cell other_notebook," in summary.marks(made.records)


def test_a_test_without_an_exercise_is_named_once(tmp_path):
    tests = [a_test("scale-check", exercise="", title="scale-check")]
    made = published(tmp_path, [record_of("ada", tests=tests)])
    assert shown(made).count("scale-check") == 1
    assert "scale-check scale-check" not in (made.out / "summary.html").read_text()


def test_marks_have_a_line_for_each_student_and_no_formula():
    lines = list(csv.DictReader(io.StringIO(summary.marks(batch()))))
    assert [line["student"] for line in lines] == ["ada", "bob", "cy", "'=dan()"]
    assert [line["rnn-step-check"] for line in lines] == ["2.0", "0.0", "0.0", "0.0"]
    assert lines[3]["needs_a_person"] == "yes"
    assert lines[3]["flags"] == "too_large"


def test_everything_is_written_and_reads_back(tmp_path):
    made = published(tmp_path, batch())
    out = made.out
    assert json.loads((out / "summary.json").read_text()) == made.found
    assert Store(out).current() == batch()
    assert (out / "summary.png").read_bytes().startswith(b"\x89PNG")
    pages_of = {path.name for path in (out / "feedback").iterdir()}
    assert pages_of == set(feedback.file_names([r["student"] for r in batch()]).values())
    assert 'href="feedback/dan.html"' in (out / "summary.html").read_text()


def test_pages_of_students_who_are_gone_go_and_files_of_others_stay(tmp_path):
    made = published(tmp_path, batch())
    (made.out / "feedback" / "mine.html").write_text("<p>The instructor's own.</p>")
    made = published(tmp_path, batch()[:1])
    assert {path.name for path in (made.out / "feedback").iterdir()} == {"ada.html", "mine.html"}
    assert made.found["gone"] == ["=dan()", "bob", "cy"]
    assert "not among the submissions now: =dan(), bob, cy." in shown(made)
    assert "<h2>Not among the submissions any more</h2>" in (made.out / "summary.html").read_text()
    assert len(list((made.out / "records").iterdir())) == 4
    assert published(tmp_path, batch()[:1]).found["gone"] == []


def test_who_was_there_is_known_after_a_run_that_was_stopped(tmp_path):
    results = published(tmp_path, batch()).out
    Store(results).begin()
    assert not (results / "summary.json").exists()
    assert published(tmp_path, batch()[1:]).found["gone"] == ["ada"]
    assert not (results / "earlier.json").exists()


def test_the_page_leads_to_everybodys_feedback(tmp_path):
    page = (published(tmp_path, batch()).out / "summary.html").read_text()
    for name in ("ada", "bob", "cy", "dan"):
        assert f'href="feedback/{name}.html"' in page


@pytest.mark.filterwarnings("error")
def test_a_batch_of_nobody_and_one_of_strange_signs_can_be_shown(tmp_path):
    strange = record_of("李 " + EVIL, needs_a_person=True, flags=[{"flag": EVIL, "says": EVIL}],
                        tests=[a_test(title="$\\frac$ 李", mistake=EVIL + "$^{$")])  # fmt: skip
    for records in ([], [strange]):
        made = published(tmp_path, records)
        assert (made.out / "summary.png").stat().st_size > 1000


def test_the_table_names_exercises_mistakes_and_people(tmp_path):
    records = [*batch(), record_of(EVIL, needs_a_person=True, sandbox="none")]
    records[1]["tests"][0]["mistake"] = EVIL
    said = shown(published(tmp_path, records))
    assert "Graded without a sandbox" in said
    assert "2 need a person" in said
    assert "=dan() (0 points): too_large" in said
    assert "[red]" in said  # no markup
    assert not {"\x1b", "\u202e"} & set(said)


@pytest.fixture(scope="module")
def browser(needs):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=needs("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.mark.parametrize(("scheme", "width"), [("light", 1000), ("dark", 390)])
def test_the_page_is_accessible_and_runs_nothing(browser, tmp_path, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    records = [*batch(), record_of(EVIL, needs_a_person=True, flags=[{"flag": EVIL, "says": EVIL}])]
    records[1]["tests"][0] |= {"mistake": EVIL, "title": EVIL}
    records.append(record_of("javascript:window.ran=1", needs_a_person=True))
    records[1]["flags"] = [{"flag": "late", "says": EVIL}] * 3
    found = {"assignment": EVIL, "ended": "2026-01-01T00:00", **summary.added_up(records)}
    names = feedback.file_names([record["student"] for record in records])
    path = tmp_path / "summary.html"
    path.write_text(pages.page("summary", found=found, names=names), encoding="utf-8")
    view = {"width": width, "height": 800}
    context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport=view)
    try:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert page.evaluate("window.ran") is None
        links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert len(links) == 3 + len(records)
        assert all(link.startswith("feedback/") for link in links)
        assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        hint = "getComputedStyle(document.querySelector('.scroll')).backgroundAttachment"
        assert page.evaluate(hint).startswith("local")  # shadows where a table goes on
    finally:
        context.close()
