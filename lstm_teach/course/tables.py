"""A summary as a table for a terminal."""

from collections import Counter

from .plain import few, number_of, plain


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
            f"{number_of(found['submissions'], 'submission')} of {found['assignment']}; mean "
            f"{found['mean_score']:.1f} of {found['max_score']:g} points, median "
            f"{found['median_score']:g}; median time {found['median_seconds']:.1f} s."
        )
    )
    if found["people"]:
        need = "needs" if len(found["people"]) == 1 else "need"
        parts += [Text(), Text(f"{len(found['people'])} {need} a person:", "bold")]
        parts += [Text(f"  {_person(one)}") for one in found["people"][:20]]
        if more := len(found["people"]) - 20:
            parts += [Text(f"  and {more} more: see summary.html")] * (more > 0)
    parts += [Text(says) for says in _also(found)]
    return Group(*parts)


def _also(found):
    """What else an instructor has to know: marks that are missing, students who are."""
    if found["to_mark"]:
        points = sum(one["points"] for one in found["to_mark"])
        who = few([one["student"] for one in found["to_mark"]])
        yield f"\n{points:g} points wait for a person's marks and count as 0 until then: {who}."
    if found["gone"]:
        yield (
            f"\nHere last time, and not among the submissions now: {few(found['gone'])}.\n"
            "Their marks and pages were taken out; their records are kept. If they hand in again, "
            "they are back."
        )


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
        name = item["exercise"] or item["name"]
        title = item["title"] if item["title"] != name else ""
        cells = (name, title, *map(str, numbers), mean)
        cells += (", ".join(f"{name} {n}" for name, n in item["mistakes"].items()),)
        found.add_row(*(Text(plain(cell, 200, lines=False)) for cell in cells))
    return found


def _person(one):
    flags = counted(one["flags"]) or "no flag"
    return plain(f"{one['student']} ({one['score']:g} points): {flags}", 200, lines=False)


def counted(flags):
    """The names of flags, each once, and how often: "missing_cell × 9, other_notebook"."""
    often = Counter(flag["flag"] for flag in flags)
    return ", ".join(name if n == 1 else f"{name} × {n}" for name, n in often.items())
