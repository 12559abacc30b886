"""Finding submissions: whose they are, which notebook counts, and what comes with a flag."""

import os
import time

import pytest
from course.fakes import MASTER
from course.packing import NB, OTHER, flags_of, laid_out, why, zipped

from lstm_teach.course.store import Stop
from lstm_teach.course.submissions import find

# --- layouts --------------------------------------------------------------------------


def test_a_folder_of_notebooks_gives_a_student_for_each_file(tmp_path):
    files = {"ada.ipynb": NB, "bob.ipynb": OTHER, "cy.ipynb.json": NB, "roster.csv": b"x"}
    for path in laid_out(tmp_path, files):
        found = find(path, MASTER)
        assert flags_of(found) == {"ada": [], "bob": [], "cy": []}
        assert [one.read() for one in found] == [NB, OTHER, NB]


def test_a_folder_for_each_student_may_hold_anything(tmp_path):
    files = {"ada/mine.ipynb": NB, "bob/work/deep/x.ipynb": NB, "cy/essay.pdf": b"%PDF"}
    for path in laid_out(tmp_path, files):
        ada, bob, cy = find(path, MASTER)
        assert (ada.read(), bob.read()) == (NB, NB)
        assert why(cy).flag == "no_notebook"
        assert "02_the_chain.ipynb; found essay.pdf" in why(cy).says


def test_one_notebook_is_one_submission(tmp_path):
    (tmp_path / "ada.ipynb").write_bytes(NB)
    (tmp_path / "bob.ipynb").write_bytes(NB)
    assert [one.student for one in find(tmp_path / "ada.ipynb", MASTER)] == ["ada"]


def test_nbgraders_tree_gives_the_students_who_handed_in_this_assignment(tmp_path):
    files = {
        "submitted/ada/02_the_chain/02_the_chain.ipynb": NB,
        "submitted/ada/02_the_chain/timestamp.txt": b"2026-01-01",
        "submitted/ada/01_squashing/01_squashing.ipynb": OTHER,
        "submitted/bob/01_squashing/01_squashing.ipynb": OTHER,
        "submitted/cy/02_the_chain/timestamp.txt": b"2026-01-01",
        "submitted/dan/02_chain/02_the_chain.ipynb": NB,
    }
    for path in laid_out(tmp_path, files):
        found = find(path, MASTER)
        assert flags_of(found) == {"ada": [], "cy": [], "dan": ["other_folder"]}
        assert (found[0].read(), found[2].read()) == (NB, NB)
        assert why(found[1]).flag == "no_notebook"
    assert len(find(path, MASTER)) == len(find(tmp_path / "as_folder" / "submitted", MASTER))


NAMES = {"lovelaceada_1234", "babbagecharles_77", "van_der_berg_78", "hoppergrace_79"}
NAMES.add("turingalan_80")


def test_canvas_names_carry_student_lateness_and_user(tmp_path):
    files = {
        "lovelaceada_1234_98765_02_the_chain.ipynb": NB,
        "babbagecharles_LATE_77_98766_02_the_chain-1.ipynb": NB,
        "van_der_berg_78_98768_my work.ipynb": NB,
        "hoppergrace_79_98769_report.pdf": b"%PDF",
        "turingalan_80_text.html": b"<p>",
        "anon_Ab1cD_98770_x.ipynb": NB,
        "LATE_anon_Zz9_98771_x.ipynb": NB,
    }
    for path in laid_out(tmp_path, files):
        found = {one.student: one for one in find(path, MASTER)}
        assert list(found) == sorted(
            [
                "lovelaceada_1234",
                "babbagecharles_77",
                "van_der_berg_78",
                "hoppergrace_79",
                "turingalan_80",
                "anon_Ab1cD",
                "anon_Zz9",
            ]
        )
        late = {name for name, of in flags_of(found.values()).items() if "late" in of}
        assert late == {"babbagecharles_77", "anon_Zz9"}
        assert why(found["hoppergrace_79"]).flag == "no_notebook"
        assert why(found["turingalan_80"]).flag == "no_notebook"
        assert found["van_der_berg_78"].read() == NB


def test_moodle_names_carry_name_and_participant_in_folders_and_without(tmp_path):
    files = {
        "Ada Lovelace_101_assignsubmission_file_/02_the_chain.ipynb": NB,
        "Bob_102_assignsubmission_file/sub/x.ipynb": NB,
        "Cy Ng_103_assignsubmission_onlinetext_/onlinetext.html": b"<p>",
        "Default group_assignsubmission_file/x.ipynb": NB,
        "Dan O_104_assignsubmission_file_flat name.ipynb": NB,
    }
    for path in laid_out(tmp_path, files):
        found = find(path, MASTER)
        names = ["Ada Lovelace_101", "Bob_102", "Cy Ng_103", "Dan O_104", "Default group"]
        assert flags_of(found) == {name: [] for name in names}
        assert why(found[2]).flag == "no_notebook"
        assert [found[n].read() for n in (0, 1, 3, 4)] == [NB] * 4


GRADESCOPE = """\
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '007'
    :email: ada@example.org
  :created_at: !ruby/object:ActiveSupport::TimeWithZone
    utc: 2026-01-01 10:00:00
  :history: []
submission_12:
  :submitters:
  - :name: Pair One
    :email: one@example.org
  - :name: Pair Two
submission_13:
  :submitters:
  - :name: Nothing
    :sid: '9'
"""


def test_gradescope_says_in_a_file_whose_a_folder_is(tmp_path):
    files = {
        "assignment_5_export/submission_metadata.yml": GRADESCOPE.encode(),
        "assignment_5_export/submission_11/02_the_chain.ipynb": NB,
        "assignment_5_export/submission_12/x.ipynb": NB,
        "assignment_5_export/submission_14/x.ipynb": NB,
    }
    for path in laid_out(tmp_path, files):
        found = find(path, MASTER)
        assert flags_of(found) == {
            "007": [],
            "9": [],
            "Pair Two": ["group"],
            "one@example.org": ["group"],
            "submission_14": ["nobody"],
        }
        assert why(found[1]).flag == "no_notebook"


def test_gradescopes_file_makes_no_objects_and_may_be_broken(tmp_path):
    for text in ("!!python/object/apply:os.system ['touch pwned']", "a: [", "- 1", "x: {y: 1}"):
        files = {"submission_metadata.yml": text.encode(), "submission_1/x.ipynb": NB}
        folder, _ = laid_out(tmp_path, files)
        assert [one.student for one in find(folder, MASTER) if "nobody" in str(one.flags)]
    assert not os.path.exists("pwned")


def test_a_notebook_where_the_layout_has_no_place_is_not_lost(tmp_path):
    files = {
        "Ada Lovelace_101_assignsubmission_file_/02_the_chain.ipynb": NB,
        "came by mail.ipynb": NB,
    }
    for path in laid_out(tmp_path, files):
        expected = {"Ada Lovelace_101": [], "came by mail": ["odd_place"]}
        assert flags_of(find(path, MASTER)) == expected


def test_where_nothing_is_the_message_says_what_was_expected(tmp_path):
    with pytest.raises(Stop, match="there is nothing at"):
        find(tmp_path / "nowhere", MASTER)
    with pytest.raises(Stop, match="no submission was found"):
        find(tmp_path, MASTER)
    (tmp_path / "x.zip").write_bytes(b"no zip")
    with pytest.raises(Stop, match="Expected a folder, a notebook or a zip"):
        find(tmp_path / "x.zip", MASTER)


# --- which notebook -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "chosen", "flags"),
    [
        ({"02_the_chain.ipynb": NB, "notes.ipynb": OTHER}, NB, ["several_notebooks"]),
        ({"02_The_Chain (1).ipynb": NB, "aaa.ipynb": OTHER}, NB, ["several_notebooks"]),
        ({"zzz.ipynb": OTHER, "mine.ipynb": NB}, NB, ["several_notebooks"]),
        (
            {"02_the_chain.ipynb": OTHER, "mine.ipynb": NB},
            OTHER,
            ["several_notebooks", "other_notebook"],
        ),
        ({"02_the_chain.ipynb": NB, ".ipynb_checkpoints/02_the_chain.ipynb": OTHER}, NB, []),
        ({"x.ipynb": NB, "__MACOSX/._x.ipynb": b"mac", "._x.ipynb": b"mac"}, NB, []),
        ({"work.zip": zipped({"a/02_the_chain.ipynb": NB, "a/data.csv": b"1"})}, NB, []),
    ],
)
def test_of_several_notebooks_the_one_with_the_name_then_the_cells_counts(
    tmp_path, files, chosen, flags
):
    for path in laid_out(tmp_path, {f"ada/{name}": content for name, content in files.items()}):
        (ada,) = find(path, MASTER)
        assert ada.read() == chosen
        assert flags_of([ada]) == {"ada": flags}


def test_a_zip_in_a_zip_of_a_student_is_not_opened(tmp_path):
    inner = zipped({"more.zip": zipped({"x.ipynb": NB})})
    for path in laid_out(tmp_path, {"ada.zip": inner}):
        assert why(find(path, MASTER)[0]).flag == "nested_zip"


def test_three_thousand_submissions_are_found_in_seconds(tmp_path):
    path = tmp_path / "moodle.zip"
    work = zipped({"02_the_chain.ipynb": NB})
    kinds = [("02_the_chain.ipynb", NB), ("work.zip", work)]
    path.write_bytes(
        zipped(
            {
                f"Student {n}_{n}_assignsubmission_file_/{kinds[n % 2][0]}": kinds[n % 2][1]
                for n in range(3000)
            }
        )
    )
    start = time.process_time()
    found = find(path, MASTER)
    assert {one.read() for one in found} == {NB}
    assert len(found) == 3000
    assert time.process_time() - start < 10


def test_a_results_folder_is_not_taken_for_submissions(tmp_path):
    for name in ("records", "feedback"):
        (tmp_path / name).mkdir()
    (tmp_path / "records" / "1.json").write_text("{}")
    with pytest.raises(Stop, match="is a results folder.*\n.*students' notebooks"):
        find(tmp_path, MASTER)
