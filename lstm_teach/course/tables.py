"""A summary as a table for a terminal."""

from .plain import plain


def table(summary):
    """The item statistics, the totals, and who needs a person: something that rich prints."""
    from rich.console import Group
    from rich.text import Text

    found = summary.found
    parts = [_items(found["items"]), Text()]
    if found["unsafe"]:
        says = "Graded without a sandbox: what ran could do what you can do."
        parts.append(Text(says, "bold red"))
    parts.append(
        Text(
            f"{found['submissions']} submissions of {found['assignment']}; mean "
            f"{found['mean_score']:.1f} of {found['max_score']:g} points, median "
            f"{found['median_score']:g}; median time {found['median_seconds']:.1f} s."
        )
    )
    if found["people"]:
        parts += [Text(), Text(f"{len(found['people'])} need a person:", "bold")]
        parts += [Text(f"  {_person(one)}") for one in found["people"][:20]]
        if more := len(found["people"]) - 20:
            parts += [Text(f"  and {more} more: see summary.html")] * (more > 0)
    return Group(*parts)


def _items(items):
    from rich.table import Table
    from rich.text import Text

    found = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("exercise", ""):
        found.add_column(name, overflow="fold")
    for name in ("passed", "lost", "not attempted", "mean"):
        found.add_column(name, justify="right")
    found.add_column("known mistakes", overflow="fold")
    for item in items:
        numbers = (item["passed"], item["lost"], item["not_attempted"])
        mean = f"{item['mean']:.1f} of {item['points']:g}"
        cells = (item["exercise"] or item["name"], item["title"], *map(str, numbers), mean)
        cells += (", ".join(f"{name} {n}" for name, n in item["mistakes"].items()),)
        found.add_row(*(Text(plain(cell, 200, lines=False)) for cell in cells))
    return found


def _person(one):
    flags = ", ".join(flag["flag"] for flag in one["flags"]) or "no flag"
    return plain(f"{one['student']} ({one['score']:g} points): {flags}", 200, lines=False)
