"""One notebook in JupyterLab, used as a reader uses it and looked at from outside.

Nothing here sleeps for a fixed time: what must happen is waited for, up to PATIENCE seconds.
"""

import ast
import json
import time
from io import BytesIO
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from PIL import Image

PATIENCE = 120  # seconds: a laptop with two busy cores may need a good part of them

# The open notebook, as JupyterLab's own extensions see it.
OPEN = "const panel = window.jupyterapp.shell.currentWidget, notebook = panel.content;"


def until(check, what, pause=lambda: time.sleep(0.1)):
    """Ask `check()` until it answers with something true, and return that.

    Raises AssertionError with `what` and the last answer if it never does.
    """
    end = time.monotonic() + PATIENCE
    while not (answer := check()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {PATIENCE} s for {what}; the last answer was {answer!r}")
        pause()
    return answer


class Notebook:
    """A notebook, open in a page of its own and with a kernel of its own. Cells go by their id.

    `console` collects the errors that the page writes to the browser's console. JupyterLab
    writes none of its own, so whatever is there is ours.
    """

    def __init__(self, context, url, file):
        self.context, self.file = context, file
        self.console, self.requests = [], []
        self.page = page = context.new_page()
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda said: said.type == "error" and self.console.append(said.text))
        page.on("pageerror", lambda error: self.console.append(f"{error.name}: {error.message}"))
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(url)
        page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
        self.do(
            """await window.jupyterapp.restored; await panel.context.ready; await panel.revealed;
            await panel.sessionContext.ready; await panel.sessionContext.session.kernel.info;"""
        )
        page.wait_for_selector("#jupyterlab-splash", state="detached")

    def do(self, javascript, argument=None):
        """Run JavaScript that may await; what takes longer than PATIENCE fails and never hangs."""
        self.page.evaluate(
            f"""argument => {{
                const job = window.ltJob = {{}};
                (async () => {{ {OPEN} {javascript} }})().then(
                    answer => Object.assign(job, {{ answer: answer ?? null, done: true }}),
                    error => Object.assign(job, {{ error: String(error), done: true }}));
            }}""",
            argument,
        )
        self.page.wait_for_function("window.ltJob.done")
        job = self.page.evaluate("window.ltJob")
        if "error" in job:
            raise AssertionError(f"in the page: {job['error']}")
        return job["answer"]

    def until(self, check, what):
        """`until`, while the page goes on."""
        return until(check, what, lambda: self.page.wait_for_timeout(50))

    # What a reader does.

    def run_all(self):
        """Run all cells, and wait for the last."""
        self.do("await window.jupyterapp.commands.execute('notebook:run-all-cells');")

    def run(self, cell):
        """Run one cell, and wait for it."""
        self.do(
            """notebook.deselectAll(); notebook.activeCellIndex = argument;
            await window.jupyterapp.commands.execute('notebook:run-cell');""",
            self.index(cell),
        )

    def type_into(self, cell, text):
        """Replace the source of a code cell at the keyboard, run it with Shift+Enter, wait."""
        self.cell(cell).locator(".cm-content").click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)
        before = self.find(cell)["execution_count"]
        self.page.keyboard.press("Shift+Enter")
        self.until(
            lambda: self.find(cell)["execution_count"] not in (None, before), f"{cell} to run"
        )

    def theme(self, name):
        """Switch to "JupyterLab Light" or "JupyterLab Dark"."""
        change = (
            "await window.jupyterapp.commands.execute('apputils:change-theme', {theme: argument});"
        )
        self.do(change, name)
        light = "true" if name.endswith("Light") else "false"
        self.page.wait_for_selector(f"[data-jp-theme-light='{light}']", state="attached")
        self.page.wait_for_selector("#jupyterlab-splash", state="detached")

    def save(self):
        self.do("await panel.context.save();")

    def close(self):
        """Shut the kernel down and close the page."""
        self.do("await panel.sessionContext.shutdown();")
        self.context.close()

    # What is there.

    def cells(self):
        """Every cell as the notebook format has it: id, cell_type, source, outputs."""
        return self.do("return notebook.widgets.map(cell => cell.model.toJSON());")

    def find(self, cell):
        return next(one for one in self.cells() if one["id"] == cell)

    def index(self, cell):
        return [one["id"] for one in self.cells()].index(cell)

    def cell(self, cell):
        """A cell as a Playwright locator."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(self.index(cell))

    def layout(self):
        """The cells' ids and kinds in order, and the active cell: what a stray key would change."""
        return self.do(
            """const cells = notebook.widgets.map(({model}) => `${model.type} ${model.id}`);
            return [notebook.activeCellIndex, ...cells];"""
        )

    def errors(self):
        """The errors that cells ended with, as `cell: name: message`."""
        return [
            f"{cell['id']}: {output['ename']}: {output['evalue']}"
            for cell in self.cells()
            for output in cell.get("outputs", [])
            if output["output_type"] == "error"
        ]

    def kernel_eval(self, expression):
        """The value of a Python expression in the kernel, by way of JSON."""
        value = self.do(
            """const future = panel.sessionContext.session.kernel.requestExecute({
                code: '', store_history: false, user_expressions: {value: argument}});
            return (await future.done).content.user_expressions.value;""",
            f"__import__('json').dumps({expression})",
        )
        if value["status"] != "ok":
            raise AssertionError(f"{expression}: {value['ename']}: {value['evalue']}")
        return json.loads(ast.literal_eval(value["data"]["text/plain"]))

    def kernel_run(self, statement):
        """Run a Python statement in the kernel, outside any cell."""
        self.kernel_eval(f"exec({statement!r}, globals())")

    def asked_elsewhere(self):
        """Addresses outside this machine that the page asked for."""
        here = {"127.0.0.1", "localhost", None}
        return [url for url in self.requests if urlsplit(url).hostname not in here]

    def axe(self, selector):
        """What axe-core finds wrong, or cannot judge, in the parts that match: a line a finding.

        JupyterLab's body is a box of height 0 that hides what overflows. axe would take every
        word for hidden and judge no contrast, so the body is given a height while it looks.
        Words inside a drawing axe can never judge: see `Explorer.faint_words`.
        """
        height = "document.body.style.height = "
        self.page.evaluate(height + "'100vh'")
        context, options = {"include": [[selector]]}, {}
        found = Axe().run(self.page, context=context, options=options).response
        self.page.evaluate(height + "''")
        silent = [rule["id"] for rule in found["inapplicable"]]
        words = "".join(self.page.locator(selector).all_inner_texts()).strip()
        assert not words or "color-contrast" not in silent, f"axe saw no words in {selector}"
        return [
            f"{rule['id']} ({rule['impact']}): {node['html'][:200]}"
            for rule in found["violations"] + found["incomplete"]
            for node in rule["nodes"]
            if rule in found["violations"] or not node["html"].startswith(("<text", "<tspan"))
        ]

    def screenshot(self, locator, file=None):
        """A picture of one element as the reader sees it, whole: the window grows if it must."""
        size = self.page.viewport_size
        tall = int(locator.bounding_box()["height"]) + 240
        if tall > size["height"]:
            self.page.set_viewport_size(size | {"height": tall})
        picture = locator.screenshot(path=file, animations="disabled")
        if tall > size["height"]:
            self.page.set_viewport_size(size)
        return Image.open(BytesIO(picture)).convert("RGB")
