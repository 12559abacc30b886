"""An explorer in a notebook, in the hands of a reader: its sliders, its picture, its words."""

import re

from PIL import ImageChops

CLASSES = {
    "backflow": "BackFlow",
    "cell": "CellStepper",
    "chain": "Chain",
    "cliff": "Cliff",
    "forget_bias": "ForgetBias",
    "leak": "Leak",
    "paths": "Paths",
    "products": "Products",
    "scalar": "ScalarCell",
    "spectrum": "Spectrum",
}

FAINT = 32  # of 255: less than any change of a number or a line

# In the page: a point on a wire, in the window's coordinates, where the wire is on top.
ON_WIRE = """wire => {
    wire.scrollIntoView({ block: "center", inline: "center" });
    for (const path of wire.querySelectorAll(".lt-hit"))
        for (const part of [0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8]) {
            const on = path.getPointAtLength(part * path.getTotalLength());
            const { x, y } = on.matrixTransform(path.getScreenCTM());
            if (wire.contains(document.elementFromPoint(x, y))) return [x, y];
        }
}"""

# In the page: what would make the reader scroll sideways.
OVERFLOW = """root => {
    const wide = [];
    for (let box = root; box && !box.matches(".jp-Notebook"); box = box.parentElement)
        if (box.scrollWidth > box.clientWidth + 1)
            wide.push(`${box.className}: ${box.scrollWidth} in ${box.clientWidth}`);
    const { left, right } = root.getBoundingClientRect();
    if (left < 0 || right > innerWidth) wide.push(`the explorer itself: ${left} to ${right}`);
    return wide;
}"""

# In the page: the words of a drawing that can be seen, their colour and their box.
WORDS = """drawing => [...drawing.querySelectorAll("text, tspan")].flatMap(one => {
    const words = [...one.childNodes].filter(node => node.nodeType === Node.TEXT_NODE);
    const text = words.map(node => node.data).join("").trim();
    const { x, y, width, height } = one.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    if (!text || !drawing.contains(top)) return [];
    if (!one.checkVisibility({ visibilityProperty: true })) return [];
    const colour = getComputedStyle(one).fill.match(/[0-9.]+/g).slice(0, 3).map(Number);
    return [[text, colour, [x, y, width, height]]];
})"""


class Explorer:
    """The live explorer of one kind, made anew by running its cell again.

    `cell` is that cell, `name` the variable that holds the explorer there.
    """

    def __init__(self, notebook, kind):
        self.notebook, self.page, self.kind = notebook, notebook.page, kind
        made = re.compile(rf"^(\w+) = lt\.explorers\.{CLASSES[kind]}\(.*?\)$", re.M)
        self.cell, self.name = next(
            (cell["id"], match[1])
            for cell in notebook.cells()
            if (match := made.search(cell["source"]))
        )
        self.root = notebook.page.locator(f".lt-explorer[data-explorer={kind}]:not([data-old])")
        self.root.evaluate_all("all => all.forEach(one => { one.dataset.old = true; })")
        notebook.run(self.cell)
        notebook.page.wait_for_selector("[data-old]", state="detached")
        notebook.page.mouse.move(0, 0)
        self.drawing = self.root.locator("svg.lt-drawing").first
        self.drawing.wait_for()

    # The reader's hand.

    def control(self, name):
        return self.root.locator(f"[data-control={name}]")

    def sliders(self):
        """The names of all sliders that can be seen."""
        return self.root.locator("input[type=range]:visible").evaluate_all(
            "all => all.map(one => one.dataset.control)"
        )

    def press(self, name, *keys):
        """Focus a control and press keys."""
        self.control(name).focus()
        for key in keys:
            self.page.keyboard.press(key)

    def move(self, name, value):
        """Bring a slider to a value with the arrow keys."""
        steps = round((value - self.value(name)) / self.range(name)[2])
        self.press(name, *["ArrowRight" if steps > 0 else "ArrowLeft"] * abs(steps))
        now = self.value(name)
        assert abs(now - value) < 1e-9, f"{name} stands at {now} after {steps} steps to {value}"

    def drag(self, name, fraction):
        """Take a slider's thumb with the mouse and draw it to a fraction of its way."""
        slider = self.control(name)
        slider.scroll_into_view_if_needed()
        box, thumb = slider.bounding_box(), 16
        low, high, _ = self.range(name)
        now = self.value(name)
        y = box["y"] + box["height"] / 2

        def x(part):
            return box["x"] + thumb / 2 + part * (box["width"] - thumb)

        self.page.mouse.move(x((now - low) / (high - low)), y)
        self.page.mouse.down()
        self.page.mouse.move(x(fraction), y, steps=8)
        self.page.mouse.up()

    # What the reader sees.

    def value(self, name):
        """Where a slider stands."""
        return float(self.control(name).input_value())

    def range(self, name):
        """A slider's lowest and highest value, and its step."""
        return self.control(name).evaluate("one => [one.min, one.max, one.step].map(Number)")

    def stop(self, name, n):
        """The value of the n-th place, from the left, where a slider can stand."""
        low, _, step = self.range(name)
        stops = self.control(name).get_attribute("data-stops")
        return float(stops.split()[n]) if stops else low + n * step

    def setting(self, name):
        """What Python calls the setting of a slider: x3 is inputs[2]."""
        return f"inputs[{int(name[1:]) - 1}]" if name.startswith("x") else name

    def on_wire(self, name):
        """A point of the page where the pointer is on a wire and on nothing above it."""
        point = self.drawing.locator(f".lt-wire[data-wire='{name}']").evaluate(ON_WIRE)
        assert point, f"no point of the wire {name} can be pointed at"
        return point

    def overflow(self):
        """Boxes, from the explorer outwards, whose content is wider than they are."""
        return self.root.evaluate(OVERFLOW)

    def faint_words(self):
        """Words of the drawing whose contrast with what they stand on is below 4.5."""
        picture = self.notebook.screenshot(self.drawing)
        left, top = (self.drawing.bounding_box()[side] for side in "xy")
        faint, found = [], self.drawing.evaluate(WORDS)
        assert len(found) > 10, "the drawing's words cannot be seen"
        for words, colour, (x, y, width, height) in found:
            box = picture.crop((x - left, y - top, x - left + width, y - top + height))
            edges = [box.crop((0, y, box.width, y + 1)) for y in (0, box.height - 1)]
            ground = max(colour for edge in edges for colour in edge.getcolors())[1]
            if (ratio := contrast(colour, ground)) < 4.5:
                faint.append(f"{words}: {ratio:.1f}")
        return faint

    def number(self, variable, copy=None):
        """The number written at a place of the drawing, None where there is none."""
        inside = f".lt-copy[data-copy='{copy}'] " if copy else ""
        place = self.drawing.locator(f"{inside}.lt-value[data-value='{variable}'] .lt-number").first
        text = place.text_content().replace("−", "-")
        return float(text) if text else None

    def picture(self):
        """The drawing in pixels, once it is at rest."""
        before = self.notebook.screenshot(self.drawing)

        def at_rest():
            nonlocal before
            last, before = before, self.notebook.screenshot(self.drawing)
            return same(last, before)

        self.notebook.until(at_rest, f"the drawing of {self.kind} to be at rest")
        return before

    def changed(self, before, what):
        """Wait until the drawing at rest is another than `before`, and return it."""
        found = []

        def is_another():
            found[:] = [self.picture()]
            return not same(before, found[0])

        self.notebook.until(is_another, f"the drawing to change: {what}")
        return found[0]

    def status(self):
        return self.root.locator("[role=status]").text_content()

    def has_focus(self):
        """Whether the focus is somewhere in this explorer."""
        return self.root.evaluate("root => root.contains(document.activeElement)")

    def python(self, expression):
        """An expression of the explorer's Python side, such as "u" or "trace.x.tolist()"."""
        return self.notebook.kernel_eval(f"{self.name}.{expression}")

    def put(self, setting, value):
        """Assign to a setting from Python, as a cell would; x3 is put by assigning all inputs."""
        if setting.startswith("inputs["):
            n = setting[len("inputs[") : -1]
            value = f"[{value} if n == {n} else x for n, x in enumerate({self.name}.inputs)]"
            setting = "inputs"
        self.notebook.kernel_run(f"{self.name}.{setting} = {value}")

    def until_python(self, expression, value):
        """Wait until Python has heard."""
        self.notebook.until(
            lambda: self.python(expression) == value, f"{self.name}.{expression} to be {value}"
        )


def same(one, other):
    """Whether two pictures look the same. A browser may shade an edge a little differently."""
    if one.size != other.size:
        return False
    return max(high for _, high in ImageChops.difference(one, other).getextrema()) <= FAINT


def contrast(one, other):
    """The contrast of two colours, 1 to 21, as WCAG 2 defines it."""

    def luminance(colour):
        parts = (v / 255 for v in colour)
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)
