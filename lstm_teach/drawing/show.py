"""Show a figure so that its words stay with it."""

import sys
from io import BytesIO
from xml.etree import ElementTree

from .picture import Picture, png_html, svg_html
from .vocabulary import Drawing

DOTS_PER_INCH = 100  # of the page; the PNG holds twice as many


def show(thing, alt=None):
    """Show a drawing, an SVG text or a matplotlib figure with its alternative text.

    thing: a Drawing (alt is its description unless given), an SVG document as a string, or a
    matplotlib Figure, which is closed. alt: the figure in words, for readers who do not see
    it; what it shows, not what it is made of.
    Returns a Picture to be displayed. Raises TypeError or ValueError that says what was
    expected and what came.
    """
    if isinstance(thing, Drawing):
        alt = _words(thing.description if alt is None else alt)
        return Picture(svg_html(thing.svg, alt, thing.width), _plain(alt))
    if isinstance(thing, str):
        alt = _words(alt)
        _expect_svg(thing)
        return Picture(svg_html(thing, alt), _plain(alt))
    if _is_figure(thing):
        alt = _words(alt)
        return Picture(_figure_html(thing, alt), _plain(alt))
    raise TypeError(_what_came(thing))


def _figure_html(figure, alt):
    from matplotlib import pyplot

    png = BytesIO()
    figure.savefig(
        png,
        format="png",
        dpi=2 * DOTS_PER_INCH,
        facecolor="white",
        metadata={"Software": None},
    )
    pyplot.close(figure)
    return png_html(png.getvalue(), alt, round(figure.get_figwidth() * DOTS_PER_INCH))


def _is_figure(thing):
    """Whether thing is a matplotlib Figure; matplotlib is not loaded to find out."""
    module = sys.modules.get("matplotlib.figure")
    return module is not None and isinstance(thing, module.Figure)


def _expect_svg(text):
    if "<svg" not in text:
        raise ValueError(
            f"show was given the text {text[:40]!r}, which is no SVG. "
            "Expected a Drawing, an SVG document or a matplotlib figure."
        )
    try:
        ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError(
            f"The SVG is not well-formed XML: {error}. Is each element closed, and is each "
            'attribute written as name="value"?'
        ) from None


def _words(alt):
    if not isinstance(alt, str) or not alt.strip():
        raise ValueError(
            "show needs alt: one or two sentences that say what the figure shows, for readers "
            'who do not see it. Example: show(figure, alt="The state falls to 0 in ten steps.")'
        )
    return " ".join(alt.split())


def _plain(alt):
    return f"<figure: {alt}>"


def _what_came(thing):
    if hasattr(thing, "figure"):
        advice = " Pass the whole figure: show(ax.figure, alt=...)."
    elif callable(thing):
        advice = " Did you forget the brackets, as in show(chain())?"
    else:
        advice = ""
    return (
        f"show was given {getattr(thing, '__name__', None) or type(thing).__name__}; expected a "
        f"Drawing, an SVG document (a string) or a matplotlib figure.{advice}"
    )
