"""The record of one submission while it is being graded."""

from . import record
from .plain import plain


class Sheet:
    """What is put down about a submission. `record` is the record so far."""

    def __init__(self, master, facts):
        self.master, self.record = master, record.new(master, **facts)

    def set(self, grade_id, **facts):
        """Change what is said of a test."""
        for test in self.record["tests"]:
            if test["name"] == grade_id:
                test.update(facts)

    def flag(self, name, says, person=False):
        """Say that something was not as it should be; person: whether a person has to look."""
        self.record["flags"].append({"flag": name, "says": plain(says, 500)})
        self.record["needs_a_person"] |= person

    def put_down(self, one, verdict):
        """Give a test its points, and say why."""
        if verdict.broken:
            self.flag("check_failed", f"The check of {one.grade_id} failed by itself.", True)
        self.set(
            one.grade_id,
            status=verdict.status,
            score=one.points if verdict.status == "passed" else 0,
            says=verdict.says,
            hint=verdict.hint,
            mistake=verdict.mistake,
            exhibits=verdict.exhibits[: record.MOST_EXHIBITS],
            visibility=verdict.visibility,
        )

    def finished(self, sources):
        """The record, with the student's own texts for whoever marks by hand."""
        for one in self.master.manual:
            self.set(one.grade_id, output=self._to_be_read(one, sources))
        return record.finish(self.record)

    def _to_be_read(self, one, sources):
        """What stands in the cell of this mark, or in the last answer before it."""
        cells = []
        for cell in self.master.cells:
            if cell.answer:
                cells.append(cell.grade_id)
            if cell.grade_id == one.grade_id:
                break
        return plain(sources.get(cells[-1]) or "" if cells else "", record.MOST_OUTPUT)
