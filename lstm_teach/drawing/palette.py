"""The colours of the drawings, in light and in dark, and the style sheets made from them.

A colour never speaks alone: a learned layer is also a box, a pointwise operation also a
circle, a copy also a dot, a merge also a bar.
"""

from pathlib import Path

# name: (light, dark). Each becomes the CSS variable --lt-NAME.
PALETTE = {
    "card": ("#ffffff", "#151a21"),
    "module": ("#eef3f8", "#1e2733"),
    "module-edge": ("#71839a", "#7488a1"),
    "lane": ("#d9e5f2", "#2b3a4d"),
    "line": ("#23303d", "#d9e2ec"),
    "text": ("#16202a", "#f0f4f8"),
    "muted": ("#4b5a69", "#b1bfcd"),
    "layer": ("#ffd866", "#f0c64a"),
    "layer-edge": ("#7d6000", "#ffe9a8"),
    "op": ("#ffb8cc", "#e8819f"),
    "op-edge": ("#a8265a", "#ffd0dd"),
    "on-shape": ("#1c1710", "#16110a"),
    "focus": ("#0a5fd0", "#66b3ff"),
    "positive": ("#bf5300", "#ff9e4d"),
    "negative": ("#2b62b8", "#7db4ff"),
}

# In forced colours the reader's own palette wins; shapes keep their outlines.
FORCED = {
    "card": "Canvas",
    "module": "Canvas",
    "module-edge": "GrayText",
    "lane": "Canvas",
    "line": "CanvasText",
    "text": "CanvasText",
    "muted": "CanvasText",
    "layer": "Canvas",
    "layer-edge": "CanvasText",
    "op": "Canvas",
    "op-edge": "CanvasText",
    "on-shape": "CanvasText",
    "focus": "Highlight",
    "positive": "CanvasText",
    "negative": "GrayText",
}

RULES = Path(__file__).with_name("style.css").read_text(encoding="utf-8")


def standalone_css():
    """The style sheet inside an SVG file: it follows the color-scheme of the page's <img>."""
    return (
        f".lt-drawing {{{_variables(0)}}}\n"
        f"@media (prefers-color-scheme: dark) {{.lt-drawing {{{_variables(1)}}}}}\n" + RULES
    )


def page_css(scope=".lt-drawing"):
    """The style sheet of a page that holds drawings inline (`Drawing.inline`).

    scope: the selector that receives the colours; ".lt-explorer" gives them to the controls
    around a drawing as well. JupyterLab's theme and Sphinx's win over the system's.
    """
    light, dark = (
        f'[data-jp-theme-light="{is_light}"] {scope}, [data-theme="{theme}"] {scope}'
        for is_light, theme in (("true", "light"), ("false", "dark"))
    )
    forced = " ".join(f"--lt-{name}: {colour};" for name, colour in FORCED.items())
    return "\n".join(
        [
            f"{scope} {{{_variables(0)}}}",
            f"@media (prefers-color-scheme: dark) {{{scope} {{{_variables(1)}}}}}",
            f"{light} {{{_variables(0)}}}",
            f"{dark} {{{_variables(1)}}}",
            f"@media (forced-colors: active) {{{scope}, {light}, {dark} {{{forced}}}}}",
            RULES,
        ]
    )


def _variables(theme):
    return " ".join(f"--lt-{name}: {colours[theme]};" for name, colours in PALETTE.items())
