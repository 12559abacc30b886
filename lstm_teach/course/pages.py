"""Pages of HTML: one file each, safe to open whatever a student wrote.

Every text in a template goes through `plain` and is escaped; the page forbids itself to run or
load anything.
"""

from functools import cache
from pathlib import Path

from markupsafe import Markup

from .plain import number_of, plain

TEMPLATES = Path(__file__).parent / "templates"
MARK = '<meta name="generator" content="lstm-teach course">'
# Nothing may be loaded or run; the style stands in the page.
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


@cache
def _templates():
    import jinja2

    templates = jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: plain(value) if type(value) is str else value,
    )
    templates.globals |= {"policy": POLICY, "style": Markup(_style())}
    templates.filters["words"] = _words
    templates.filters["alike"] = _alike
    templates.filters["counted"] = number_of
    templates.filters["number"] = lambda value: f"{value:.1f}".removesuffix(".0")
    return templates


def _words(text):
    """A text with `code` between backticks set as code."""
    parts = plain(text).split("`")
    if len(parts) % 2 == 0:  # one stands alone
        return plain(text)
    setting = (Markup("{}"), Markup("<code>{}</code>"))
    return Markup("").join(setting[n % 2].format(part) for n, part in enumerate(parts))


def _alike(flags):
    """Lists of the flags of one name, so that nine of one do not hide another."""
    groups = {}
    for flag in flags:
        groups.setdefault(flag["flag"], []).append(flag)
    return list(groups.values())


def _style():
    """The style sheet, with the drawings' colours for light and dark."""
    from ..drawing.palette import PALETTE

    def colours(theme):
        return "".join(f"--{name}: {both[theme]};" for name, both in PALETTE.items())

    rules = (TEMPLATES / "page.css").read_text(encoding="utf-8")
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{ {colours(1)} }} }}"
    return f":root {{ {colours(0)} }}\n{dark}\n{rules}"


def page(name, **values):
    """The text of a page. name: a template without its ending."""
    return _templates().get_template(f"{name}.html").render(**values)
