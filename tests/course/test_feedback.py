"""A student's page: what it shows, what it hides, and that nothing in it can run or load."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from course.fakes import a_test, record_of
from playwright.sync_api import sync_playwright

from lstm_teach.course import feedback

NASTY = [
    "<script>window.ran = 1</script>",
    "<img src=x onerror='window.ran = 1'>",
    "</pre></p></title></style><script>window.ran = 1</script>",
    "\"><svg onload='window.ran = 1'>",
    "<iframe src='http://evil.invalid/'></iframe><link rel=stylesheet href=http://evil.invalid/>",
    "<meta http-equiv=refresh content='0;url=http://evil.invalid/'>",
    "{{ 7 * 7 }}{% include '/etc/passwd' %}",
    "\x1b[2J\u202e<b>turned</b>\u0000\ud800",
    "<base href='http://evil.invalid/'><form action=http://evil.invalid/><button>go</button></form>",
    "A" * 100_000,
    "`<script>window.ran = 1</script>`",
]


def page(**changes):
    return feedback.page(record_of(**changes))


def nasty_record(text):
    tests = [
        a_test(f"{text} {status}", exercise=text, title=text, says=text, hint=text, status=status,
               mistake=text, exhibits=[[text, text]] * 3, output=text)
        for status in feedback.WORDS
    ]  # fmt: skip
    flags = [{"flag": "late", "says": text}, {"flag": text, "says": text}]
    return record_of(text, assignment=text, package=text, flags=flags, tests=tests)


# --- what it shows --------------------------------------------------------------------


def test_each_lost_point_has_its_message_hint_and_exhibits():
    text = page()
    for words in (
        "h&#39; has shape (3,).",
        "Think of the batch.",
        "(2, 3)",
        "yours",
        "2.1 One step",
    ):
        assert words in text
    assert "0 of 2 points" in text


def test_what_stands_between_backticks_is_code_and_still_no_html():
    text = page(tests=[a_test(says="`x<b>` and ` alone ` and `<i>`", hint="one ` only, `<u>")])
    assert "<code>x&lt;b&gt;</code> and <code> alone </code> and <code>&lt;i&gt;</code>" in text
    text = page(tests=[a_test(hint="one ` only, <u>")])
    assert "one ` only, &lt;u&gt;" in text


def test_a_passed_test_needs_no_words():
    text = page(score=2.0, tests=[a_test(score=2.0, status="passed", says="Right.")])
    assert "Passed" in text
    assert "Right." not in text
    assert "Think of the batch" not in text


def test_of_a_hidden_test_there_are_words_and_a_hint_and_nothing_else():
    says = "Your answer passes the check you saw and fails on other numbers."
    test = a_test(visibility="hidden", says=says, exhibits=[["x", "0.123"]], output="W = 0.456")
    text = page(tests=[test])
    assert says in text
    assert "Think of the batch." in text
    assert "0.123" not in text
    assert "0.456" not in text


def test_flags_that_say_how_cheating_is_noticed_are_not_shown():
    flags = [
        {"flag": "patched", "says": "numpy.testing was patched"},
        {"flag": "late", "says": "Canvas says that it came late."},
    ]
    text = page(flags=flags, needs_a_person=True)
    assert "patched" not in text
    assert "came late" in text
    assert "A person will look at this submission" in text


def test_points_that_a_person_gives_are_said_to_be_open():
    text = page(tests=[a_test(status="by_hand", max_score=2)])
    assert "2 of these points a person has still to give" in text


def test_what_a_person_marks_is_headed_as_what_was_handed_in():
    text = page(tests=[a_test(status="by_hand", output="My answer."), a_test(output="printed")])
    headings = re.findall(r"<summary>(.*?)</summary>", text)
    assert headings == ["What was handed in", "What was printed"]


# --- file names -----------------------------------------------------------------------


def test_a_name_makes_one_safe_file_name_that_nobody_else_has():
    students = ["ada", "Ada Lovelace_12", "Zoë", "../../etc/passwd", "con", "", "李", "a" * 300,
                "bob", "Bob", "x y", "x_y", "\x1b[2J", "..", "李小龍", "<b>"]  # fmt: skip
    students += ["bob-" + feedback.file_names(["bob", "Bob"])["bob"][4:12]]
    names = feedback.file_names(students)
    assert names["ada"] == "ada.html"
    assert names["Ada Lovelace_12"] == "Ada_Lovelace_12.html"
    assert len({name.casefold() for name in names.values()}) == len(students)
    for name in names.values():
        assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._@+-]*\.html", name), name
        assert len(name) < 170
        assert not name.startswith("con.")


# --- in a browser ---------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(needs):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=needs("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


@pytest.fixture
def opened(browser, tmp_path):
    """Open a page from a file, as a student does. Gives (page, what it asked for, errors)."""
    contexts = []

    def opened(text, **how):
        path = tmp_path / "page.html"
        path.write_bytes(text.encode("utf-8", "replace"))
        contexts.append(browser.new_context(**how))
        shown, asked = contexts[-1].new_page(), []
        shown.on("request", lambda request: asked.append(request.url))
        shown.on("dialog", lambda dialog: asked.append("dialog"))
        shown.goto(path.as_uri())
        return shown, [url for url in asked if url != path.as_uri()]

    yield opened
    for context in contexts:
        context.close()


HANDLERS = """[...document.querySelectorAll("*")].some(
    one => [...one.attributes].some(of => of.name.startsWith("on")))"""


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nothing_that_a_student_writes_runs_or_loads(opened, text):
    shown, asked = opened(feedback.page(nasty_record(text)))
    shown.wait_for_timeout(50)
    assert asked == []
    assert shown.evaluate("window.ran") is None
    strange = "script, img, iframe, object, embed, svg, link, base, form, input, button, a"
    assert shown.locator(strange).count() == 0
    assert shown.locator("style").count() == 1
    assert shown.locator("section").count() == len(feedback.WORDS)
    assert not shown.evaluate(HANDLERS)
    assert not set("\x1b\u202e\u0000") & set(shown.content())


@pytest.fixture
def listener():
    """The address of a server, and the paths that it was asked for."""

    class Listen(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *about):
            pass

    asked = []
    with ThreadingHTTPServer(("127.0.0.1", 0), Listen) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", asked
        server.shutdown()


def test_the_page_forbids_itself_to_run_or_load_even_where_something_got_in(opened, listener):
    where, asked = listener
    attack = f"<script>window.ran = 1</script><img src='{where}/x' onerror='window.ran = 1'>"
    attack += f"<style>@import '{where}/y'; body {{ background: url({where}/z) }}</style>"
    text = page().replace("</main>", attack + "</main>")
    shown, _ = opened(text)
    shown.wait_for_timeout(300)
    assert shown.locator("script").count() == 1
    assert shown.evaluate("window.ran") is None
    assert asked == []
    shown, _ = opened(text.replace("Content-Security-Policy", "nothing"))  # it could have worked
    shown.wait_for_timeout(300)
    assert shown.evaluate("window.ran") == 1
    assert set(asked) >= {"/x", "/y"}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1000, 360])
def test_the_page_is_accessible_and_fits_a_phone(opened, scheme, width):
    flags = [{"flag": "late", "says": "Canvas says that it came late."}]
    tests = [a_test(status=status, output="printed") for status in feedback.WORDS]
    text = page(tests=tests, flags=flags, needs_a_person=True, student="x" * 300)
    shown, _ = opened(text, color_scheme=scheme, viewport={"width": width, "height": 800},
                      bypass_csp=True)  # fmt: skip
    found = Axe().run(shown)
    assert found.violations_count == 0, found.generate_report()
    assert shown.evaluate("document.documentElement.scrollWidth") <= width
    paper = shown.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == ("rgb(255, 255, 255)" if scheme == "light" else "rgb(21, 26, 33)")
