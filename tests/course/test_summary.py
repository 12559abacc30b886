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
    published(tmp_path, batch()[:1])
    assert {path.name for path in (made.out / "feedback").iterdir()} == {"ada.html", "mine.html"}


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
    made = published(tmp_path, records)
    file = io.StringIO()
    Console(file=file, width=160, color_system=None).print(made.table())
    said = file.getvalue()
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


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_is_accessible_and_runs_nothing(browser, tmp_path, scheme):
    from axe_playwright_python.sync_playwright import Axe

    records = [*batch(), record_of(EVIL, needs_a_person=True, flags=[{"flag": EVIL, "says": EVIL}])]
    records[1]["tests"][0] |= {"mistake": EVIL, "title": EVIL}
    records.append(record_of("javascript:window.ran=1", needs_a_person=True))
    found = {"assignment": EVIL, "ended": "2026-01-01T00:00", **summary.added_up(records)}
    names = feedback.file_names([record["student"] for record in records])
    path = tmp_path / "summary.html"
    path.write_text(pages.page("summary", found=found, names=names), encoding="utf-8")
    context = browser.new_context(color_scheme=scheme, bypass_csp=True)
    try:
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(path.as_uri())
        assert asked == [path.as_uri()]
        assert page.evaluate("window.ran") is None
        links = page.locator("a").evaluate_all("all => all.map(one => one.getAttribute('href'))")
        assert len(links) == 3
        assert all(link.startswith("feedback/") for link in links)
        assert Axe().run(page).violations_count == 0, Axe().run(page).generate_report()
    finally:
        context.close()
