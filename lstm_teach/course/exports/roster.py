"""Who is who: the students of Canvas's own export, and the records that are theirs.

A record is somebody's by Canvas's number, by the SIS columns, by the number that Canvas puts into
the names of its zip (lovelaceada_123), or by name. Where more than one could be meant, nobody
gets the mark.
"""

import csv
import io
import re
from collections import defaultdict
from pathlib import Path

from . import CannotExport

CANVAS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


def people(path):
    """The rows of Canvas's export that are students, {column: text}. Raises CannotExport."""
    rows = _rows(Path(path))
    head = [name.strip() for name in rows[0]] if rows else []
    if not {"Student", "ID"} <= set(head):
        raise CannotExport(
            f"{path} is not what Canvas's gradebook exports. Expected a first line with the "
            f"columns {', '.join(CANVAS)}; found {', '.join(head[:6]) or 'nothing'}."
        )
    found = [dict(zip(head, row, strict=False)) for row in rows[1:]]
    students = [{column: one.get(column, "").strip() for column in CANVAS} for one in found]
    students = [one for one in students if "Points Possible" not in one["Student"] and one["ID"]]
    if not students:
        raise CannotExport(
            f"{path} has the columns of Canvas's gradebook and no student with an ID.\n"
            "Export the gradebook again, for the section whose marks these are."
        )
    return students


def _rows(path):
    """The rows of a CSV file, as a spreadsheet may have saved it."""
    if path.is_dir():
        raise CannotExport(f"--roster {path} is a folder; give the CSV file that Canvas exports.")
    try:
        text = _text(path.read_bytes())
        first = text.partition("\n")[0]
        between = max(",;\t", key=first.count)
        return [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=between) if row]
    except OSError as error:
        raise CannotExport(f"--roster {path} cannot be read: {error.strerror}.") from None
    except (UnicodeDecodeError, csv.Error) as error:
        raise CannotExport(
            f"{path} cannot be read as CSV: {error}.\nSave it again as CSV in UTF-8."
        ) from None


def _text(content):
    """A file's text: as its first bytes say, else UTF-8, else what Windows made of it."""
    for mark, encoding in MARKS.items():
        if content.startswith(mark):
            return content.decode(encoding)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return content.decode("latin-1")


def matched(names, students):
    """({place of a student: the name of their record}, [names in doubt], [names of nobody]).

    names: of the records; students: rows of the roster.
    """
    places_of = {column: _places(students, column) for column in CANVAS[:4]}
    claims = defaultdict(list)
    for name in names:
        strength, places = _claim(name, places_of)
        for place in places:
            claims[place].append((strength, name, len(places) == 1))
    sure = {}
    for place, made in claims.items():
        strongest = min(strength for strength, *_ in made)
        (_, name, alone), *rivals = [one for one in made if one[0] == strongest]
        if alone and not rivals:
            sure[place] = name
    claiming, given = {name for made in claims.values() for _, name, _ in made}, set(sure.values())
    doubted = [name for name in names if name in claiming - given]
    return sure, doubted, [name for name in names if name not in claiming]


def _claim(name, places_of):
    """(how, whose): the first way in which a name is anybody's, and all places where it is."""
    number = re.search(r"_(\d+)$", name)
    ways = [(column, _same(name)) for column in CANVAS[1:4]]
    ways += [("ID", number[1] if number else None), ("Student", _same(name))]
    for strength, (column, wanted) in enumerate(ways):
        if places := places_of[column].get(wanted):
            return strength, places
    return len(ways), []


def _places(students, column):
    """{what stands in a column: the places where it does}."""
    found = defaultdict(list)
    for place, one in enumerate(students):
        if one[column]:
            found[_same(one[column])].append(place)
    return found


def _same(name):
    """A name without what differs between systems: order, capital letters, spaces."""
    last, comma, first = name.partition(",")
    return "".join(f"{first} {last}".split() if comma else name.split()).casefold()
