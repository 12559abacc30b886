"""Submissions that mean harm: names, links, bombs, damage, and names like others."""

import io
import os
import stat
import unicodedata
import zipfile

import pytest
from course.fakes import MASTER
from course.packing import NB, OTHER, flags_of, laid_out, why, zipped

from lstm_teach.course import submissions
from lstm_teach.course.submissions import Unreadable, entries, find


def one_in(tmp_path, content):
    """The only submission in a zip of these bytes, handed in by ada."""
    path = tmp_path / "all.zip"
    path.write_bytes(zipped({"ada.zip": content}))
    (found,) = find(path, MASTER)
    return found


@pytest.mark.parametrize(
    "name", ["../../evil.ipynb", "/etc/evil.ipynb", "..\\..\\evil.ipynb", "C:\\evil.ipynb"]
)
def test_a_name_that_climbs_out_is_only_a_name(tmp_path, name):
    path = tmp_path / "in" / "all.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({name: NB, "bob.ipynb": NB}))
    before = set(tmp_path.rglob("*"))
    found = {one.student: one for one in find(path, MASTER)}
    evil = next(one for name, one in found.items() if name != "bob")
    assert "unsafe_name" in str(evil.flags)
    assert evil.read() == NB
    assert evil.student in ("evil", "etc")
    assert set(tmp_path.rglob("*")) == before


def test_what_is_packed_too_hard_is_not_unpacked(tmp_path):
    bomb = one_in(tmp_path, zipped({"x.ipynb": bytes(30_000_000)}))
    assert why(bomb).flag == "zip_bomb"


def test_a_file_is_read_up_to_the_limit_whatever_its_stated_size(tmp_path, monkeypatch):
    monkeypatch.setattr(submissions, "NOTEBOOK", 1000)
    content = bytearray(zipped({"x.ipynb": os.urandom(5000)}))
    assert why(one_in(tmp_path, bytes(content))).flag == "too_large"
    central = content.rindex(b"PK\x01\x02")
    for field in (central + 24, content.index(b"PK\x03\x04") + 22):
        content[field : field + 4] = (500).to_bytes(4, "little")
    assert why(one_in(tmp_path, bytes(content))).flag in ("damaged", "too_large")


def test_a_zip_of_very_many_files_is_not_listed(tmp_path):
    many = zipped({f"{n}.txt": b"" for n in range(10_001)} | {"x.ipynb": NB})
    assert why(one_in(tmp_path, many)).flag == "zip_bomb"


def test_a_zip_that_unpacks_to_very_much_is_not_looked_into(tmp_path, monkeypatch):
    monkeypatch.setattr(entries, "TOTAL", 10_000)
    files = {f"{n}.ipynb": os.urandom(6000) for n in range(2)}
    assert why(one_in(tmp_path, zipped(files))).flag == "zip_bomb"


def test_a_large_notebook_is_not_read(tmp_path):
    with open(tmp_path / "ada.ipynb", "wb") as file:
        file.truncate(200_000_000)  # sparse: it costs no disk
    (ada,) = find(tmp_path, MASTER)
    assert why(ada).flag == "too_large"
    assert "200,000,000 bytes; at most 50,000,000" in why(ada).says


def test_members_that_are_locked_or_links_or_devices_are_not_read(tmp_path):
    content = bytearray(zipped({"x.ipynb": NB}))
    for at in (content.index(b"PK\x03\x04") + 6, content.rindex(b"PK\x01\x02") + 8):
        content[at] |= 1
    assert why(one_in(tmp_path, bytes(content))).flag == "encrypted"
    for kind, flag in ((stat.S_IFLNK, "symlink"), (stat.S_IFIFO, "not_a_file")):
        about = zipfile.ZipInfo("x.ipynb")
        about.external_attr = (kind | 0o644) << 16
        assert why(one_in(tmp_path, zipped([(about, b"/etc/passwd")]))).flag == flag


@pytest.mark.parametrize("damage", ["cut", "middle", "not a zip", "empty"])
def test_a_damaged_zip_costs_its_student_only(tmp_path, damage):
    content = bytearray(zipped({"x.ipynb": os.urandom(3000)}))
    if damage == "middle":
        content[100:200] = bytes(100)
    content = {"cut": content[:2000], "not a zip": b"hello", "empty": b""}.get(damage, content)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "ada.zip").write_bytes(content)
    (tmp_path / "in" / "bob.ipynb").write_bytes(NB)
    ada, bob = find(tmp_path / "in", MASTER)
    assert why(ada).flag == "damaged"
    assert bob.read() == NB


def test_links_and_pipes_in_a_folder_are_named_and_not_followed(tmp_path):
    secret = tmp_path / "secret.ipynb"
    secret.write_bytes(NB)
    folder = tmp_path / "in"
    (folder / "eve").mkdir(parents=True)
    (folder / "ada.ipynb").symlink_to(secret)
    (folder / "bob").symlink_to(tmp_path)
    os.mkfifo(folder / "cy.ipynb")
    (folder / "loop").symlink_to(folder)
    (folder / "eve" / "x.ipynb").write_bytes(NB)
    (folder / "eve" / "y.ipynb").symlink_to(secret)
    found = {one.student: one for one in find(folder, MASTER)}
    assert {name: why(found[name]).flag for name in ("ada", "bob", "cy", "loop")} == {
        "ada": "symlink",
        "bob": "symlink",
        "cy": "not_a_file",
        "loop": "symlink",
    }
    assert found["eve"].read() == NB
    assert "symlink" in str(found["eve"].flags)


def test_a_file_that_becomes_a_link_before_it_is_read_is_not_followed(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "ada.ipynb").write_bytes(NB)
    (ada,) = find(folder, MASTER)
    (folder / "ada.ipynb").unlink()
    (tmp_path / "secret").write_bytes(NB)
    (folder / "ada.ipynb").symlink_to(tmp_path / "secret")
    assert why(ada).flag == "unreadable"


def test_a_file_that_grows_while_it_is_read_is_cut_off():
    with pytest.raises(Unreadable, match="is larger than it says; at most 10 are read"):
        entries._up_to(10, io.BytesIO(bytes(20)), 5)


def test_two_submissions_with_one_name_are_both_graded_told_apart_and_flagged(tmp_path):
    files = {"ada.ipynb": NB, "ada/x.ipynb": OTHER, "ada.zip": zipped({"x.ipynb": NB})}
    for path in laid_out(tmp_path, files):
        found = find(path, MASTER)
        assert flags_of(found) == {name: ["same_name"] for name in ("ada", "ada (2)", "ada (3)")}
        assert sorted(one.read() for one in found) == sorted([NB, OTHER, NB])


def test_one_name_twice_in_a_zip_gives_both(tmp_path):
    path = tmp_path / "all.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(zipped([("ada/x.ipynb", NB), ("ada/x.ipynb", OTHER)]))
    (ada,) = find(path, MASTER)
    assert ada.read() == NB
    assert flags_of([ada]) == {"ada": ["several_notebooks"]}


def test_names_that_differ_in_case_or_normal_form_only_are_flagged(tmp_path):
    composed, apart = (unicodedata.normalize(form, "Zoë") for form in ("NFC", "NFD"))
    path = tmp_path / "all.zip"
    names = ("Ada", "ada", composed, apart)
    path.write_bytes(zipped([(f"{name}.ipynb", NB) for name in names]))
    assert flags_of(find(path, MASTER)) == {
        "Ada": ["similar_name"],
        "ada": ["similar_name"],
        "Zoë": ["same_name"],
        "Zoë (2)": ["same_name"],
    }


def test_signs_that_command_a_terminal_do_not_stay_in_a_name(tmp_path):
    for name in ("\x1b[2Jada", "ada\u202efdp", "ada\x00b", "ada\nroot: 5", "\ud800", "a" * 240):
        try:
            (tmp_path / f"{name}.ipynb").write_bytes(NB)
        except (ValueError, OSError):
            continue  # not to be had on this file system
    (tmp_path / os.fsdecode(b"\xff\xfe.ipynb")).write_bytes(NB)
    for one in find(tmp_path, MASTER):
        assert all(sign.isprintable() for sign in one.student)
        assert len(one.student) < 200
        assert one.read() == NB
