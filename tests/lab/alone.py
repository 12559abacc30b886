"""One explorer alone on a bare page, with no notebook and no kernel."""

import json

from axe_playwright_python.sync_playwright import Axe

# What a page must offer: get, set, on, off, save_changes, and a place. Two views of one model
# stand side by side, as when a notebook displays a widget twice.
PAGE = """<!doctype html>
<html lang="en" data-theme="%(theme)s"><head><meta charset="utf-8"><title>explorers</title>
<meta name="viewport" content="width=device-width">
<style>body { margin: 0; background: %(paper)s } %(css)s</style></head>
<body><main><h1 style="color: %(ink)s">Explorers</h1></main></body></html>"""
MOUNT = """async ({ name, source, state, views }) => {
    const heard = {};
    const model = {
        saved: [], heard,
        get: (key) => state[key],
        set(key, value) {
            if (state[key] === value) return;
            state[key] = value;
            for (const call of heard[`change:${key}`] ?? []) call();
        },
        on: (event, call) => (heard[event] ??= []).push(call),
        off: (event, call) => { heard[event] = heard[event].filter((other) => other !== call); },
        save_changes: () => model.saved.push(performance.now()),
    };
    const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const { default: { render } } = await import(url);
    model.stops = [];
    for (let n = 0; n < views; n++) {
        const el = document.createElement("div");
        document.querySelector("main").append(el);
        model.stops.push(render({ model, el }));
    }
    window[name] = model;
}"""


def state(explorer):
    own = {name for name in explorer.keys if not name.startswith("_")}
    return {name: getattr(explorer, name) for name in own - {"layout", "tabbable", "tooltip"}}


EXTREMES = """(end) => {
    for (const slider of document.querySelectorAll("input[type=range]")) {
        slider.value = slider[end];
        slider.dispatchEvent(new Event("input", { bubbles: true }));
    }
}"""


class Alone:
    """A page with one explorer on it. `model` in the page holds its settings."""

    def __init__(self, browser, explorer, theme="light", width=1100, height=1400):
        self.context = browser.new_context(viewport={"width": width, "height": height})
        self.page = page = self.context.new_page()
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        paper, ink = ("#fff", "#111") if theme == "light" else ("#111", "#eee")
        css = explorer._css
        page.set_content(PAGE % {"theme": theme, "paper": paper, "ink": ink, "css": css})
        about = {"name": "model", "source": explorer._esm, "views": 1}
        page.evaluate(MOUNT, about | {"state": json.loads(json.dumps(state(explorer)))})
        self.root = page.locator(".lt-explorer")
        self.status = self.root.locator("[role=status]")
        self.goal = self.root.locator(".lt-goal")
        self.at_rest()

    def at_rest(self):
        """Wait until the charts have found their width and the status line has spoken."""
        self.page.wait_for_timeout(350)

    def control(self, name):
        return self.root.locator(f"[data-control={name}]")

    def slide(self, name, times):
        """Move a slider by so many arrow keys."""
        self.control(name).focus()
        for _ in range(abs(times)):
            self.page.keyboard.press("ArrowRight" if times > 0 else "ArrowLeft")

    def move(self, name, value):
        """Bring a slider to a value with the arrow keys."""
        if stops := self.control(name).get_attribute("data-stops"):
            value = [float(stop) for stop in stops.split()].index(value)
        now, step = (
            float(self.control(name).evaluate(f"one => one.{of}")) for of in ("value", "step")
        )
        self.slide(name, round((value - now) / step))

    def drag(self, name, fraction):
        """Take a slider's thumb with the mouse and draw it to a fraction of its way."""
        slider, thumb = self.control(name), 16
        slider.scroll_into_view_if_needed()
        box = slider.bounding_box()
        now, low, high = (
            float(slider.evaluate(f"one => one.{of}")) for of in ("value", "min", "max")
        )
        y = box["y"] + box["height"] / 2
        start, end = (
            box["x"] + thumb / 2 + part * (box["width"] - thumb)
            for part in ((now - low) / (high - low), fraction)
        )
        self.page.mouse.move(start, y)
        self.page.mouse.down()
        self.page.mouse.move(end, y, steps=8)
        self.page.mouse.up()

    def _range(self, name):
        read = "one => [one.value, one.min, one.max, one.step].map(Number)"
        return self.control(name).evaluate(read)

    def get(self, name):
        """A setting, as the page would tell Python."""
        return self.page.evaluate("name => model.get(name)", name)

    def set(self, **settings):
        """Change settings as the kernel does."""
        self.page.evaluate(
            "values => { for (const [k, v] of Object.entries(values)) model.set(k, v); }", settings
        )

    def pictures(self):
        """The charts, as SVG text."""
        return self.root.locator("svg.lt-drawing").evaluate_all("all => all.map(s => s.innerHTML)")

    def axe(self):
        """What axe-core finds, one line each."""
        found = Axe().run(self.page)
        return [
            f"{rule['id']}: {node['html'][:200]}"
            for rule in found.response["violations"]
            for node in rule["nodes"]
        ]

    def overflow(self):
        """What stands out of the explorer at the right, or makes the page scroll sideways."""
        return self.page.evaluate(
            """() => {
                const root = document.querySelector(".lt-explorer");
                const end = root.getBoundingClientRect().right;
                const parts = [...root.querySelectorAll("*")].filter((part) =>
                    !part.closest(".lt-scroll, .lt-columns, svg svg, [hidden]"));
                const out = parts.filter((part) => part.getBoundingClientRect().right > end + 1)
                    .map((part) => part.outerHTML.slice(0, 90));
                const wide = document.documentElement.scrollWidth;
                return wide > innerWidth ? [...out, `the page is ${wide} px wide`] : out;
            }"""
        )
