"""What is cited stands in book/references.bib, and what stands there is cited."""

import ast
import io
import json
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
BIB = ROOT / "book" / "references.bib"
MODULES = sorted((ROOT / "lstm_teach").rglob("*.py"))
CHAPTERS = sorted((ROOT / "chapters").glob("*.ipynb"))
PAGES = [ROOT / name for name in ("README.md", "STYLE.md", "CONTRIBUTING.md")]

NAME = r"[A-Z][\w’'-]+"
NAMES = rf"{NAME}(?:, {NAME})*(?:,? (?:&|and) {NAME}| et al\.)?"
YEAR = r"(?:19[4-9]|20[0-2])\d"
CITED = re.compile(rf"\b({NAMES}),? \(?({YEAR})\b")  # Elman (1990); Weiss, Goldberg & Yahav, 2018
CITED_IN_A_CHAPTER = re.compile(rf"\b({NAMES}) \(({YEAR})\b")


@cache
def entries():
    """{key: {field: text}} of the bibliography, braces and double hyphens taken out."""
    found = {}
    for kind, key, body in re.findall(r"^@(\w+)\{(\w+),\n(.*?)^\}$", text_of(BIB), re.M | re.S):
        fields = re.findall(r"^  (\w+) = \{(.*?)\},$", body, re.M | re.S)
        plain = {name: re.sub(r"[{}]", "", value).replace("--", "–") for name, value in fields}
        found[key] = {"kind": kind, **plain}
    return found


def text_of(path):
    return path.read_text(encoding="utf-8")


def surnames(entry):
    return [author.partition(",")[0].split()[-1] for author in entry["author"].split(" and ")]


def entry_of(names, year):
    """The key of the one entry by these authors in this year, or None."""
    named = re.split(r",? (?:&|and) |, ", names)
    for key, entry in entries().items():
        authors = surnames(entry)
        first_of_many = len(authors) > 2 and names == f"{authors[0]} et al."
        if entry["year"] == year and (authors == named or first_of_many):
            return key
    return None


def prose_of(path):
    """The docstrings and comments of a module, each on one line."""
    source = text_of(path)
    kinds = (ast.Module, ast.ClassDef, ast.FunctionDef)
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, kinds)]
    prose = [ast.get_docstring(node) or "" for node in nodes]
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    prose.append(" ".join(t.string.lstrip("# ") for t in tokens if t.type == tokenize.COMMENT))
    return [" ".join(text.split()) for text in prose]


def text_and_sources(path):
    """The markdown of a chapter up to its sources, and its sources."""
    cells = json.loads(text_of(path))["cells"]
    texts = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]
    text, sources = [], []
    for cell in texts:
        before, _, after = cell.partition("**Sources.**")
        text.append(before)
        sources.append(after)
    return "\n\n".join(text), "".join(sources)


def listed(sources):
    """(what stands before a title, the title, what follows up to the next one) of each source."""
    parts = re.split(r"\*([^*]+)\*", sources)
    return list(zip(parts[::2], parts[1::2], parts[2::2], strict=False))


def entry_with(title):
    same = [key for key, e in entries().items() if e["title"].casefold() == title.casefold()]
    return same[0] if same else None


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", [*MODULES, *PAGES], ids=name_of)
def test_who_is_cited_in_the_package_or_on_a_page_has_an_entry(path):
    texts = prose_of(path) if path.suffix == ".py" else [text_of(path)]
    cited = [citation for text in texts for citation in CITED.findall(text)]
    missing = [f"{names} ({year})" for names, year in cited if entry_of(names, year) is None]
    assert not missing, f"not in {BIB.name}, or with other authors or another year: {missing}"
    alone = {year for text in texts for year in re.findall(rf"\b{YEAR}\b", CITED.sub("", text))}
    assert alone <= {"1997"}, f"whose? Only 1997 may stand without names: {alone}"


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_who_is_cited_in_a_chapter_has_an_entry(path):
    text, _ = text_and_sources(path)
    cited = CITED_IN_A_CHAPTER.findall(text)
    missing = [f"{names} ({year})" for names, year in cited if entry_of(names, year) is None]
    assert not missing, f"not in {BIB.name}, or with other authors or another year: {missing}"


@pytest.mark.parametrize("path", CHAPTERS, ids=name_of)
def test_the_sources_of_a_chapter_are_those_of_the_bibliography(path):
    """Title, first author, year; and volume, pages and arXiv number where they are given."""
    _, sources = text_and_sources(path)
    wrong = []
    for before, title, after in listed(sources):
        entry = entries().get(entry_with(title))
        if entry is None:
            wrong.append(f"{title}: no entry has this title")
            continue
        if surnames(entry)[0] not in before:
            wrong.append(f"{title}: {surnames(entry)[0]} should stand before it")
        for what, pattern in (
            ("eprint", r"arXiv[ :]*(\d{4}\.\d{4,5})"),
            ("pages", r"\b(\d+–\d+)\b"),
            ("volume", rf" (\d+) \({YEAR}\)"),
            ("year", rf"\b({YEAR})\b"),
        ):
            given = re.findall(pattern, after)
            if set(given) - {entry.get(what)} or (what == "year" and not given):
                wrong.append(f"{title}: {what} is {entry.get(what)}, not {given or 'given'}")
            after = re.sub(pattern if what in ("eprint", "pages") else "$^", "", after)
    assert not wrong, "\n".join(wrong)


def test_every_entry_is_cited_somewhere():
    used = set()
    for path in [*MODULES, *PAGES]:
        for text in prose_of(path) if path.suffix == ".py" else [text_of(path)]:
            used |= {entry_of(*citation) for citation in CITED.findall(text)}
    for path in CHAPTERS:
        text, sources = text_and_sources(path)
        used |= {entry_of(*citation) for citation in CITED_IN_A_CHAPTER.findall(text)}
        used |= {entry_with(title) for _, title, _ in listed(sources)}
    assert not set(entries()) - used, "nobody cites these"


def test_every_entry_says_what_it_is_where_it_is_and_what_the_book_takes_from_it():
    keys = re.findall(r"^@\w+\{(.*),$", text_of(BIB), re.M)
    assert list(entries()) == keys == sorted(set(keys)), "twice, out of order, or not of this form"
    lines = sum(len(entry) - 1 for entry in entries().values())
    assert lines == text_of(BIB).count("\n  "), "one line a field, and each field once"
    for key, entry in entries().items():
        assert key.startswith(surnames(entry)[0].lower()), key
        assert key.endswith(entry["year"]), key
        assert {"author", "title", "year", "note"} <= set(entry), key
        assert {"doi", "eprint", "url"} & set(entry) or entry["kind"] == "mastersthesis", key
        assert re.fullmatch(r"10\.\d{4,}/\S+", entry.get("doi", "10.0000/x")), key
        assert re.fullmatch(r"\d{4}\.\d{4,5}", entry.get("eprint", "0000.0000")), key
        assert entry.get("url", "https://").startswith("https://"), key
