"""nbgrader's view of this repository: solutions/ are the masters, exercises/ is made from them.

python -m nbgrader generate_assignment 02_the_chain --create --force
"""

# True: `nbgrader autograde` and Formgrader grade as `lstm-teach course grade` does, in a sandbox
# and with hidden numbers that are new for every student. It needs Linux with bubblewrap;
# `lstm-teach course doctor` tells. False: nbgrader as it comes, which runs students' code with
# your rights, beside the gradebook and the masters. See book/instructors_guide.md.
GRADE_SAFELY = False

c = get_config()  # noqa: F821  (nbgrader puts get_config in place)

c.CourseDirectory.course_id = "lstm-teach"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "*.pyc",
    "__pycache__",
    ".DS_Store",
    "feedback",
]
c.ClearSolutions.code_stub = {
    "python": "# your code here, in place of the next line\nraise NotImplementedError()"
}
# A busy machine may keep a kernel's messages waiting for longer than nbgrader's 4 seconds.
c.ExecutePreprocessor.timeout = 120
c.ExecutePreprocessor.iopub_timeout = 60

if GRADE_SAFELY:
    c.Autograde.exporter_class = "lstm_teach.course.nbgrader_road.SafeSubmission"
    c.Autograde.sanitize_preprocessors = ["lstm_teach.course.nbgrader_road.Judge"]
    c.Autograde.autograde_preprocessors = [
        "lstm_teach.course.nbgrader_road.SaveGrades",
        "nbgrader.preprocessors.AssignLatePenalties",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    c.SafeSubmission.timeout = 60  # seconds for one submission
    c.SafeSubmission.memory_mb = 1536
