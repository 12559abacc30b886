"""From a key on a slider to a changed picture, in a real JupyterLab.

    python benchmarks/slider_latency.py --presses 40 --json latency.json

Four contestants in one notebook: the two explorers of this book, and `interact` with matplotlib
drawing the same two pictures (matplotlib_figures.py). They take turns in blocks of key presses,
so that what else the machine does hits all of them. The page itself takes the time: from the
keydown event to the frame after the first one in which the picture is another. README.md says
how to read the numbers.
"""

import json
import os
import platform
import random
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

import click
import nbformat
import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from lab.driver import Lab, find_chromium  # noqa: E402

BLOCK = 5  # presses before the next contestant's turn
WARM_UP = 3  # presses of each that are not counted
TARGET = 0.1

SET_UP = f"""
import sys
sys.path.insert(0, {str(HERE)!r})
import lstm_teach as lt
from ipywidgets import FloatSlider, interact
from matplotlib_figures import draw_cell, draw_chain
%matplotlib inline
"""

# Every contestant starts at the same setting and is moved by the same slider.
CELLS = {
    "cell explorer": """
explorer = lt.explorers.CellStepper(t=5, show_all=True, bias_f=-1.0)
explorer
""",
    "cell matplotlib": """
params, x = explorer.params, explorer.x

@interact(bias_f=FloatSlider(value=-1.0, min=-8, max=8, step=0.5))
def figure(bias_f):
    params.b[1] = bias_f
    draw_cell(params, x, t=5, unit=1)
""",
    "chain explorer": """
chain = lt.explorers.Chain(steps=12, w=1.0, u=0.5, b=0.0)
chain
""",
    "chain matplotlib": """
inputs = chain.inputs

@interact(u=FloatSlider(value=0.5, min=-2, max=2, step=0.05))
def figure(u):
    draw_chain(1.0, u, 0.0, inputs, 12)
""",
}
SLIDERS = {
    "cell explorer": "[data-control=bias_f]",
    "cell matplotlib": ".noUi-handle",
    "chain explorer": "[data-control=u]",
    "chain matplotlib": ".noUi-handle",
}
PICTURES = {"explorer": ".lt-drawing", "matplotlib": ".jp-OutputArea img"}

# In the page. A picture's fingerprint is what can change in it: the markup of the explorer's live
# values, or the data of a PNG that has been decoded.
PREPARE = """([root, picture, slider]) => {
    const fingerprint = () => {
        const image = root.querySelector(picture);
        const values = [...root.querySelectorAll(`${picture} .lt-value`)];
        if (values.length) return values.map(({ innerHTML }) => innerHTML).join();
        return image?.complete && image.naturalWidth ? image.src : undefined;
    };
    root.querySelector(picture).scrollIntoView({ block: "center" });
    root.querySelector(slider).focus({ preventScroll: true });
    window.ltTime = undefined;
    const pressed = ({ timeStamp }) => {
        const before = fingerprint();
        const seen = () => { window.ltTime = performance.now() - timeStamp; };
        const frame = () => {
            const now = fingerprint();
            requestAnimationFrame(now === undefined || now === before ? frame : seen);
        };
        requestAnimationFrame(frame);
    };
    addEventListener("keydown", pressed, { capture: true, once: true });
}"""


def page_with_the_contestants(folder):
    """A notebook with one cell for each contestant, written to a file in `folder`."""
    notebook = nbformat.v4.new_notebook()
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3 (ipykernel)"}
    for name, source in {"set-up": SET_UP, **CELLS}.items():
        cell = nbformat.v4.new_code_cell(source.strip(), id=name.replace(" ", "-"))
        notebook.cells.append(cell)
    file = Path(folder) / "latency.ipynb"
    nbformat.write(notebook, file)
    return file


def press(notebook, name, key):
    """Press a key on a contestant's slider; the milliseconds until its picture had changed."""
    root = notebook.cell(name.replace(" ", "-")).element_handle()
    picture = PICTURES[name.split()[1]]
    notebook.page.evaluate(PREPARE, [root, picture, SLIDERS[name]])
    notebook.page.keyboard.press(key)
    notebook.page.wait_for_function("window.ltTime")
    took = notebook.page.evaluate("window.ltTime")
    notebook.until(
        lambda: notebook.do("return panel.sessionContext.session.kernel.status;") == "idle",
        "the kernel to rest",
    )
    return took


def measure(lab, presses, advance=lambda name: None):
    """The milliseconds of every press, a list for each contestant. They take turns."""
    times = {name: [] for name in CELLS}
    pause = random.Random(0)
    with tempfile.TemporaryDirectory() as folder:
        notebook = lab.open(page_with_the_contestants(folder), height=1100)
    notebook.run_all()
    if errors := notebook.errors():
        raise click.ClickException(f"the notebook does not run: {errors}")
    for name in CELLS:
        notebook.page.wait_for_selector(f".jp-Cell {SLIDERS[name]}")
        for n in range(WARM_UP):
            press(notebook, name, "ArrowRight" if n % 2 else "ArrowLeft")
            advance(name)
    for turn, start in enumerate(range(0, presses, BLOCK)):
        for name in CELLS:
            for _ in range(start, min(start + BLOCK, presses)):
                notebook.page.wait_for_timeout(pause.uniform(60, 140))  # a hand's pace
                key = "ArrowLeft" if turn % 2 else "ArrowRight"
                times[name].append(press(notebook, name, key))
                advance(name)
    notebook.close()
    return times


def summary(times):
    """p50 and p95 of every contestant, and what the explorer takes of matplotlib's."""
    result = {}
    for figure in ("cell", "chain"):
        both = {
            side: {f"p{q}": float(np.percentile(times[f"{figure} {side}"], q)) for q in (50, 95)}
            for side in PICTURES
        }
        ratio = {q: both["explorer"][q] / both["matplotlib"][q] for q in ("p50", "p95")}
        result[figure] = {**both, "ratio": ratio}
    return result


def table(result, presses):
    """The summary for the terminal."""
    shown = Table(title=f"key press to changed picture, ms, {presses} presses each")
    for column in ("figure", "drawn by", "p50", "p95"):
        shown.add_column(column, justify="right" if column in ("p50", "p95") else "left")
    for figure, sides in result.items():
        for side, name in (("explorer", "explorer"), ("matplotlib", "interact + matplotlib")):
            shown.add_row(figure, name, *(f"{sides[side][q]:.0f}" for q in ("p50", "p95")))
        verdict = "met" if sides["ratio"]["p95"] <= TARGET else "missed"
        ratios = [f"{sides['ratio'][q]:.3f}" for q in ("p50", "p95")]
        shown.add_row("", f"ratio (p95 ≤ {TARGET}: {verdict})", *ratios, end_section=True)
    return shown


def conditions(lab):
    """What the numbers depend on."""
    packages = ("jupyterlab", "ipywidgets", "anywidget", "matplotlib", "numpy")
    return {
        "browser": lab.browser.version,
        "packages": {name: version(name) for name in packages},
        "python": platform.python_version(),
        "machine": platform.machine(),
        "processors": os.cpu_count(),
        "load": list(os.getloadavg()) if hasattr(os, "getloadavg") else None,
    }


@click.command(help=__doc__.split("\n\n")[0])
@click.option("--presses", default=40, show_default=True, type=click.IntRange(1))
@click.option("--json", "file", type=click.Path(dir_okay=False, path_type=Path))
def main(presses, file):
    console = Console()
    chromium = find_chromium()
    if chromium is None:
        raise click.ClickException("no Chromium browser was found on the PATH.")
    bar = (TextColumn("{task.description:<17}"), BarColumn(), MofNCompleteColumn())
    with Progress(*bar, TimeRemainingColumn(), console=console) as progress:
        task = progress.add_task("starting", total=len(CELLS) * (presses + WARM_UP))
        with Lab(chromium) as lab:
            about = conditions(lab)
            advance = lambda name: progress.update(task, advance=1, description=name)  # noqa: E731
            times = measure(lab, presses, advance)
    result = summary(times)
    console.print(table(result, presses))
    if file:
        everything = {"summary": result, "conditions": about, "milliseconds": times}
        file.write_text(json.dumps(everything, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
