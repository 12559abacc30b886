"""The house around the book: requirements, commands, licences, and what a clone contains."""

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

import lstm_teach
from lstm_teach import cli

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
NEEDED = PROJECT["project"]["dependencies"] + EXTRAS["course"] + EXTRAS["test"]
BUILD = PROJECT["dependency-groups"]["build"]


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


def tracked_files():
    """What a clone would hold: the files in git and those about to be added."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    files = [ROOT / name for name in listing.split("\0") if name]
    return [path for path in files if path.is_file()]


# --- importing ------------------------------------------------------------------------


def packages_loaded_by(statement):
    code = f"import sys; {statement}; print(*{{name.split('.')[0] for name in sys.modules}})"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return set(answer.stdout.split())


def test_importing_the_package_loads_numpy_and_nothing_else():
    ours = packages_loaded_by("import lstm_teach")
    extra = ours - packages_loaded_by("import numpy") - set(sys.stdlib_module_names)
    assert extra == {"lstm_teach"}


def test_importing_the_command_line_loads_click_and_nothing_else():
    ours = packages_loaded_by("import lstm_teach.cli")
    extra = ours - packages_loaded_by("import numpy, click") - set(sys.stdlib_module_names)
    assert extra == {"lstm_teach"}


# --- requirements ---------------------------------------------------------------------


def named(requirements):
    """{name: specifier} with names as package indexes compare them."""
    found = (Requirement(line) for line in requirements)
    return {r.name.lower().replace("_", "-"): r.specifier for r in found}


def test_the_conda_environment_asks_for_what_pyproject_asks_for():
    environment = yaml.safe_load(text_of("environment.yml"))["dependencies"]
    by_pip = next(entry["pip"] for entry in environment if isinstance(entry, dict))
    by_conda = [entry for entry in environment if isinstance(entry, str)]
    assert "-e ." in by_pip
    assert f"python{PROJECT['project']['requires-python']}" in by_conda
    asked = [line for line in by_conda + by_pip if line not in ("pip", "-e .")]
    asked = [line for line in asked if not line.startswith("python>")]
    assert named(asked) == named(NEEDED)


def locked(lock):
    """(name, version, marker) for each requirement of a lock file, and its hashes."""
    entries = []
    for line in lock.replace("\\\n", " ").splitlines():
        if line and not line.startswith("#"):
            requirement, *hashes = re.split(r"\s+--hash=", line.strip())
            entries.append((Requirement(requirement), hashes))
    return entries


def test_every_locked_package_is_one_version_with_hashes_and_no_address():
    lock = text_of("requirements.lock")
    assert not re.search(r"://| @ |^-|--index|--find|file:", lock, re.MULTILINE)
    entries = locked(lock)
    assert len(entries) > 100
    for requirement, hashes in entries:
        assert [s.operator for s in requirement.specifier] == ["=="], requirement
        assert hashes, requirement
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", h) for h in hashes), requirement


@pytest.mark.parametrize("python", ["3.11.7", "3.12.1", "3.13.0", "3.14.0"])
@pytest.mark.parametrize("system", ["linux", "darwin", "win32"])
def test_the_lock_satisfies_pyproject_on_every_supported_machine(python, system):
    here = {
        "python_full_version": python,
        "python_version": python.rpartition(".")[0],
        "sys_platform": system,
        "os_name": "nt" if system == "win32" else "posix",
    }
    chosen = {}
    for requirement, _ in locked(text_of("requirements.lock")):
        if requirement.marker is None or requirement.marker.evaluate(here):
            assert requirement.name not in chosen, f"two versions of {requirement.name}"
            chosen[requirement.name] = next(iter(requirement.specifier)).version
    for name, specifier in named(NEEDED + BUILD).items():
        assert name in chosen, f"{name} is not in requirements.lock: make lock"
        assert specifier.contains(chosen[name], prereleases=True), (name, chosen[name])


def test_the_lock_names_the_command_that_made_it():
    header = "".join(text_of("requirements.lock").splitlines(keepends=True)[:2])
    command = re.search(r"uv pip compile .*", header).group()
    wanted = re.search(r"-m (uv pip compile .*?) \$\(LOCK_ARGS\)", text_of("Makefile")).group(1)
    assert sorted(command.split()) == sorted(wanted.replace(" --quiet", "").split())


# --- what a clone contains ------------------------------------------------------------


def test_no_file_names_a_machine_or_a_package_index():
    indexes = [".".join(p) for p in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"))]
    indexes += [".".join(p) for p in (("conda", "anaconda", "org"), ("deb", "debian", "org"))]
    folders = [f"/{name}/" for name in ("work", "root", "home", "opt", "Users")]
    machine = "|".join(rf"(?<![\w.~}}-]){re.escape(folder)}" for folder in folders)
    telling = re.compile("|".join([*map(re.escape, indexes), machine]))
    found = []
    for path in tracked_files():
        content = path.read_bytes().decode("utf-8", errors="ignore")
        found += [f"{path.relative_to(ROOT)}: {m.group()}" for m in telling.finditer(content)]
    assert not found


def test_no_file_is_unfinished():
    words = re.compile(r"\b(" + "|".join(["TO" + "DO", "FIX" + "ME", "X" * 3]) + r")\b")
    picture = re.compile(r"base64,[\w+/=]*|\"image/png\": \"[\w+/=\\]*")  # letters by chance
    found = [
        str(path.relative_to(ROOT))
        for path in tracked_files()
        if path.suffix not in (".png", ".lock")
        and words.search(picture.sub("", path.read_text(encoding="utf-8", errors="ignore")))
    ]
    assert not found


@pytest.mark.parametrize("command", [["check"], ["format", "--check"]], ids=" ".join)
def test_code_and_notebooks_are_in_the_house_style(command):
    answer = subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, f"make format mends most of this:\n{answer.stdout}"


def test_no_file_of_the_package_is_long():
    files = [p for p in (ROOT / "lstm_teach").rglob("*") if p.suffix in (".py", ".js", ".css")]
    assert len(files) > 10
    lengths = {str(p.relative_to(ROOT)): len(p.read_bytes().splitlines()) for p in files}
    assert {name: lines for name, lines in lengths.items() if lines > 280} == {}


def test_the_licence_names_both_licences_and_every_folder():
    licence = text_of("LICENSE")
    assert "BSD 3-Clause License" in licence
    assert "Neither the name of the copyright holder" in licence
    assert "Attribution 4.0 International (CC BY 4.0)" in licence
    assert PROJECT["project"]["license"] == "BSD-3-Clause AND CC-BY-4.0"
    tops = {path.relative_to(ROOT).parts[0] for path in tracked_files()} - {"LICENSE"}
    assert {top for top in tops if top not in licence} == set()


def test_the_citation_is_complete_and_of_this_version():
    citation = yaml.safe_load(text_of("CITATION.cff"))
    assert citation["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version", "license", "type"} <= set(citation)
    assert citation["type"] in ("software", "dataset")
    assert citation["authors"] == PROJECT["project"]["authors"]
    assert sorted(citation["license"]) == sorted(PROJECT["project"]["license"].split(" AND "))
    assert citation["version"] == PROJECT["project"]["version"] == lstm_teach.__version__
    assert f"## {Version(lstm_teach.__version__)}" in text_of("CHANGELOG.md")


def test_the_hooks_run_what_is_here_and_fetch_nothing():
    config = yaml.safe_load(text_of(".pre-commit-config.yaml"))
    assert [repository["repo"] for repository in config["repos"]] == ["local"]
    for hook in config["repos"][0]["hooks"]:
        assert {"id", "name", "entry", "language"} <= set(hook)
        assert hook["language"] == "system"
        for word in shlex.split(hook["entry"]):
            if re.fullmatch(r"(book|tests)/\S+\.py", word):
                assert (ROOT / word).is_file(), word


# --- commands -------------------------------------------------------------------------


def targets():
    return re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE)


def test_make_help_explains_every_target_in_a_sentence(needs):
    said = subprocess.run(
        [needs("make"), "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    sentences = dict(re.findall(r"^  make (\w+) +(.+)$", said, re.MULTILINE))
    assert set(sentences) == set(targets())
    assert all(s[0].isupper() and s.endswith(".") for s in sentences.values())


def commands_in(page):
    for block in re.findall(r"```(?:sh)?\n(.*?)```", text_of(page), re.DOTALL):
        yield from (line.partition("#")[0].strip() for line in block.splitlines())
    yield from re.findall(r"`((?:make|lstm-teach|python3?|\.venv)\b[^`\n]*)`", text_of(page))


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "STYLE.md"])
def test_every_command_in_the_documents_exists(page):
    ran = 0
    for command in commands_in(page):
        words = shlex.split(command.replace("\\", "/"))
        for before, word in zip(words, words[1:], strict=False):
            program = before.rpartition("/")[2]
            if program == "make":
                assert word in targets(), command
            elif program == "lstm-teach" and not word.startswith("-"):
                assert word in cli.commands.commands, command
            elif re.fullmatch(r"python3?", program) and word.endswith(".py"):
                assert (ROOT / word).is_file(), command
            else:
                continue
            ran += 1
    assert ran >= {"README.md": 10, "CONTRIBUTING.md": 8, "STYLE.md": 0}[page]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "STYLE.md"])
def test_every_path_in_the_documents_exists(page):
    text = text_of(page)
    paths = re.findall(r"`([a-z_]+/[\w/.]*)`", text) + re.findall(r"\]\((?!http)([^)]+)\)", text)
    paths = [path for path in paths if "NN_slug" not in path]
    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []


def test_the_installed_package_keeps_a_saved_figure_alive():
    settings = json.loads(text_of("lstm_teach/lab_settings.json"))
    assert settings == {"@jupyter-widgets/jupyterlab-manager:plugin": {"saveState": True}}
    shared = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["shared-data"]
    placed = Path(sys.prefix, shared["lstm_teach/lab_settings.json"])
    assert placed.is_file(), "install the package again: python -m pip install --no-deps -e ."
    assert json.loads(placed.read_text(encoding="utf-8")) == settings
