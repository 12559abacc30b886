"""nbgrader's view of this repository: solutions/ are the masters, exercises/ is made from them.

python -m nbgrader generate_assignment 02_the_chain --create --force
"""

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
