"""Submissions as files: packed, laid out, and what was found of them."""

import io
import zipfile

import pytest
from course.fakes import notebook

from lstm_teach.course.submissions import Unreadable

NB = notebook("rnn-step", "rnn-forward")
OTHER = notebook("something-else")


def zipped(files, **how):
    """The bytes of a zip. files: {name or ZipInfo: bytes}, or a list of pairs."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, **how) as archive:
        for name, content in files.items() if isinstance(files, dict) else files:
            archive.writestr(name, content)
    return file.getvalue()


def laid_out(where, files):
    """The same files as a folder and as a zip: two paths."""
    folder = where / "as_folder"
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    archive = where / "as_zip.zip"
    archive.write_bytes(zipped(files))
    return folder, archive


def flags_of(found):
    return {one.student: [flag["flag"] for flag in one.flags] for one in found}


def why(submission):
    with pytest.raises(Unreadable) as error:
        submission.read()
    return error.value
