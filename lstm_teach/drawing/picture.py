"""Pictures that keep their alternative text in a notebook: an <img alt> inside text/html.

JupyterLab drops inline SVG from notebooks that are not trusted yet and ignores the alt text
stored beside a PNG; an <img> with its alt comes through. A drawing carries both palettes,
and follows the color-scheme that the small style sheet sets on the <img>.
"""

import base64
from dataclasses import dataclass
from html import escape

# The card may shrink to this part of its size; below that it scrolls sideways instead.
SMALLEST = 0.69

THEME = (
    "<style>"
    '[data-jp-theme-light="true"] .lt-figure,[data-theme="light"] .lt-figure'
    "{color-scheme:light}"
    '[data-jp-theme-light="false"] .lt-figure,[data-theme="dark"] .lt-figure{color-scheme:dark}'
    '[data-jp-theme-light="false"] .lt-plot,[data-theme="dark"] .lt-plot'
    "{filter:invert(0.9) hue-rotate(180deg)}"
    "</style>"
)


@dataclass(frozen=True)
class Picture:
    """A still picture that a notebook can display.

    html: the <img> with its alternative text; plain: a fixed line for the terminal.
    """

    html: str
    plain: str

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/html": self.html, "text/plain": self.plain}

    def __repr__(self):
        return self.plain


def svg_html(svg, alt, width=None):
    """The <img> of an SVG document. width: its own width in pixels, if it is to keep it."""
    size = "width:100%;height:auto;"
    if width:
        size += f"max-width:{width}px;min-width:{round(width * SMALLEST)}px;"
    return _img(svg.encode(), "image/svg+xml", alt, "lt-figure", size)


def png_html(png, alt, width):
    """The <img> of a PNG that is to be width CSS pixels wide, or as wide as its page."""
    return _img(png, "image/png", alt, "lt-plot", f"width:{width}px;max-width:100%;height:auto;")


def _img(content, mime, alt, css_class, size):
    data = base64.b64encode(content).decode()
    return (
        f'{THEME}<div style="overflow-x:auto" tabindex="0" role="group" aria-label="figure">'
        f'<img class="{css_class}" style="display:block;margin:0 auto;{size}" '
        f'alt="{escape(alt)}" src="data:{mime};base64,{data}"></div>'
    )
