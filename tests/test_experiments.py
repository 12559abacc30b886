"""Experiments: what a trial is, when it has succeeded, and that stopping costs nothing."""

import json
import os
import pickle
import re
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from lstm_teach import cli, experiments, tasks
from lstm_teach.experiments import (
    as_in_1997,
    command,
    modern,
    problems,
    records,
    report,
    runner,
    workers,
)
from lstm_teach.experiments.description import Criterion

ROOT = Path(__file__).resolve().parent.parent
ALL = [experiments.find(name) for name in experiments.NAMES]
RECALL = experiments.find("recall")
SHORT = {  # a trial of a moment
    "task": "recall",
    "sizes": {"lag": 3},
    "cell": "LSTM",
    "hidden": 6,
    "biases": {"f": 1},
    "batch": 8,
    "rate": 1e-2,
    "budget": 160,
    "check": 80,
    "rehearsal": 16,
    "test": 32,
    "allowed": 0,
}


def rows(by_arm):
    return [["", "learned"], *([arm, report.solved(found)] for arm, found in by_arm.items())]


TINY = replace(
    RECALL,
    name="tiny",
    settings=SHORT,
    arms={"one": {}, "two": {"biases": {"f": 3}}},
    seeds=3,
    quick={"seeds": 1},
    table=rows,
    criteria=(Criterion("T", "all learn it.", lambda by_arm: (False, "none did")),),
)


def timeless(found):
    """Records, or all that a table is made of, without what no two runs share."""
    if isinstance(found, dict):
        return {k: timeless(v) for k, v in found.items() if k != "seconds"}
    return [timeless(v) for v in found] if isinstance(found, list) else found


def files(folder):
    return {path.name: path.stat().st_mtime_ns for path in Path(folder).iterdir()}


# --- what an experiment is --------------------------------------------------------------------


@pytest.mark.parametrize("experiment", ALL, ids=lambda e: e.name)
def test_an_experiment_says_what_it_does_and_its_trials_are_plain_values(experiment):
    for words in (experiment.title, experiment.source, experiment.protocol, experiment.deviations):
        assert len(words) > 20
    for quick in (False, True):
        trials = experiment.trials(quick=quick)
        assert trials == pickle.loads(pickle.dumps(trials))
        for trial in trials:
            assert json.loads(json.dumps(trial.settings)) == trial.settings
        names = [trial.title for trial in trials]
        places = [records.place("", trial) for trial in trials]
        assert len(set(names)) == len(set(places)) == len(trials)
    seeds = sorted({seed for trial in experiment.trials() for seed in trial.seeds})
    assert seeds == list(range(experiment.seeds))
    assert len(seeds) >= 10


def test_a_quick_run_is_the_same_experiment_with_smaller_numbers():
    for experiment in ALL:
        full, quick = experiment.settings_of(), experiment.settings_of(quick=True)
        assert set(quick) <= set(full)
        for arm, settings in quick.items():
            assert settings.keys() == full[arm].keys()
            assert settings["budget"] < full[arm]["budget"]
            assert settings["task"] == full[arm]["task"]


def test_a_name_that_there_is_not_is_answered_with_those_there_are():
    assert experiments.find("gate-biases").name == "gate_biases"
    with pytest.raises(LookupError, match="no experiment addition; there are: .*adding"):
        experiments.find("addition")


# --- a trial of today -------------------------------------------------------------------------


def test_the_same_trial_gives_the_same_record_twice():
    one, two = modern.run(SHORT, (0, 1)), modern.run(SHORT, (0, 1))
    assert timeless(one) == timeless(two)
    assert [record["seed"] for record in one] == [0, 1]
    assert one[0]["curve"] != one[1]["curve"]
    json.dumps(one, allow_nan=False)


def test_an_lstm_that_learns_passes_and_one_without_time_does_not():
    (learned,) = modern.run(SHORT | {"budget": 4000, "rate": 3e-2}, (0,))
    assert learned["solved"]
    assert learned["wrong"] == 0
    assert learned["sequences"] < 4000
    assert learned["sequences"] % 80 == 0
    (began,) = modern.run(SHORT, (0,))
    assert not began["solved"]
    assert began["sequences"] == 160
    assert began["wrong"] > 0


def test_who_is_lost_in_infinity_has_failed_in_every_answer():
    (record,) = modern.run(SHORT | {"rate": 1e38}, (0,))
    assert not record["solved"]
    assert record["wrong"] == record["tested"] == 32
    assert record["lost"].startswith("Step 2: the loss is inf")
    json.dumps(record, allow_nan=False)
    (patient,) = modern.run(SHORT | {"rate": 1e38, "allowed": 31}, (0,))
    assert not patient["solved"]


def test_a_test_that_was_failed_does_not_count_at_the_end(monkeypatch):
    """At the first check the rehearsal passes and the test fails; at the second nothing passes."""
    wrong = iter((0, 5, 1, 7))
    monkeypatch.setattr(modern, "_examine", lambda *_, **__: (np.arange(32) >= next(wrong), 0.0))
    (record,) = modern.run(SHORT, (0,))
    assert (record["sequences"], record["wrong"], record["solved"]) == (160, 7, False)


def test_so_many_wrong_answers_are_allowed_and_not_one_more():
    right = np.ones(2560, bool)
    right[:25] = False
    assert modern._passed(25 / 2560, right)
    right[25] = False
    assert not modern._passed(25 / 2560, right)
    assert modern._passed(0, np.ones(10, bool))
    assert not modern._passed(0, np.arange(10) > 0)
    assert modern._passed(3 / 2560, np.arange(512) > 0)  # rounded up in a rehearsal


def test_first_biases_are_numbers_or_chrono_with_exceptions():
    rng, layers = np.random.default_rng(0), ("i", "f", "g", "o")
    numbers = modern.first_biases({"f": 5, "i": -3})(rng, layers, 4)
    assert numbers.tolist() == [[-3] * 4, [5] * 4, [0] * 4, [0] * 4]
    both = modern.first_biases({"chrono": 100})(rng, layers, 1000)
    assert (both[0] == -both[1]).all()
    assert 0 < both[1].min() < both[1].max() < np.log(99)
    half = modern.first_biases({"chrono": 100, "i": 0})(np.random.default_rng(1), layers, 1000)
    assert not half[0].any()
    assert half[1].std() > 0.5


def test_networks_of_one_seed_differ_in_nothing_but_their_first_biases():
    problem, drawn = problems.PROBLEMS["recall"], []
    for biases in ({"f": 1}, {"f": 5, "i": -3}, {"chrono": 100}):
        start, gates = np.random.default_rng(0).spawn(2)
        drawn.append(modern._begin(SHORT | {"biases": biases}, problem, start, gates)[1])
    for params in drawn[1:]:
        assert (params.V == drawn[0].V).all()
        assert (params.chains[0].W == drawn[0].chains[0].W).all()
        assert (params.chains[0].U == drawn[0].chains[0].U).all()
        assert (params.chains[0].b != drawn[0].chains[0].b).any()


def test_every_test_is_fresh_and_the_rehearsal_is_not():
    exam = problems.exam(SHORT | {"rehearsal": 300, "test": 600}, np.random.default_rng(0))
    assert [len(batch.lengths) for batch in exam.rehearsal] == [256, 44]
    first, second = exam.test(), exam.test()
    assert [len(batch.lengths) for batch in first] == [256, 256, 88]
    for one, two in zip(first + exam.rehearsal[:1], second + first[:1], strict=True):
        assert (one.x != two.x).any()


def test_fixed_strings_are_learned_from_and_others_are_asked_as_well():
    settings = experiments.find("embedded_reber").settings_of()["LSTM, forget bias 1"]
    exam = problems.exam(settings, np.random.default_rng(0))
    ours, others = exam.test()
    assert exam.rehearsal[0] is ours
    assert len(ours.lengths) == len(others.lengths) == 256
    known = {tuple(ours.x[:n, b].argmax(-1)) for b, n in enumerate(ours.lengths)}
    rng = np.random.default_rng(1)
    for _ in range(20):
        batch = exam.sample(rng)
        assert len(batch.x) == batch.lengths.max()
        drawn = {tuple(batch.x[:n, b].argmax(-1)) for b, n in enumerate(batch.lengths)}
        assert drawn <= known
    tasks.reber.legal_next(others)  # raises where a string is not of the grammar


def test_counting_is_asked_one_word_of_each_length():
    settings = experiments.find("counting").settings_of(quick=True)["GRU, n up to 10"]
    (batch,) = problems.exam(settings, np.random.default_rng(0)).test()
    words = [
        "".join("#ab"[k] for k in batch.x[:n, b].argmax(-1)) for b, n in enumerate(batch.lengths)
    ]
    assert words == ["#" + "a" * n + "b" * n for n in range(1, 61)]


def test_the_longest_right_word_is_the_last_before_the_first_wrong_one(monkeypatch):
    settings = experiments.find("counting").settings_of(quick=True)["GRU, n up to 10"]
    settings = settings | {"budget": 32, "sizes": {"longest": 3}}
    for wrong, longest in (([4, 9], 4), ([0], 0), ([], 60)):
        right = ~np.isin(np.arange(60), wrong)
        judge = problems.PROBLEMS["anbn"]._replace(right=lambda *_, right=right: right)
        monkeypatch.setitem(problems.PROBLEMS, "anbn", judge)
        (record,) = modern.run(settings, (0,))
        assert record["longest"] == longest


def test_the_best_constant_answer_has_the_variance_of_the_answers():
    batches = [tasks.adding_uniform(np.random.default_rng(s), 500, lag=5) for s in range(2)]
    answers = [b.x[:, k, 0][b.x[:, k, 1] == 1].sum() for b in batches for k in range(500)]
    assert problems.constant_loss(batches) == pytest.approx(np.var(answers))


# --- a trial of 1997 --------------------------------------------------------------------------

NETS = experiments.find("order_1997").settings_of(quick=True)["2 blocks of 2, 156 weights"]


def test_a_network_of_1997_learns_beside_others_what_it_learns_alone():
    together = as_in_1997.run(NETS | {"budget": 60}, (0, 1, 2))
    for seed in (0, 2):
        (alone,) = as_in_1997.run(NETS | {"budget": 60}, (seed,))
        assert timeless(alone) == timeless(together[seed])


def noted(watch, errors, networks=1):
    """What `satisfied` says after each of these errors, the same for all networks."""
    said = []
    for error in errors:
        watch.note(np.full((networks, 2), error))
        said.append(bool(watch.satisfied(Ended(networks))[0]))
    return said


class Ended:
    def __init__(self, networks):
        self.ended = np.zeros(networks, int)


def test_two_thousand_sequences_in_a_row_must_be_right():
    assert noted(as_in_1997.Watch(1, 0.3, 0.1), [0.05] * 2001) == [False] * 1999 + [True] * 2
    watch = as_in_1997.Watch(1, 0.3, 0.1)
    assert True not in noted(watch, [0.05] * 1500 + [-0.31] + [0.05] * 1999)
    assert noted(watch, [0.05])[0]
    assert True not in noted(as_in_1997.Watch(1, 0.3, 0.04), [0.05] * 2100)  # the mean is too big


def test_what_is_seen_of_a_network_ends_with_it():
    watch = as_in_1997.Watch(1, 0.3, 0.1)
    assert noted(watch, [0.05] * 2000)[-1]
    seen = watch.of(0)
    watch.note(np.full((1, 2), 0.9))  # its neighbours go on
    assert watch.of(0) == seen
    assert seen["missed"] == 0
    assert seen["first_average"] == 2000


def test_nan_is_never_right():
    watch = as_in_1997.Watch(1, 0.3, 0.1)
    assert True not in noted(watch, [0.05] * 1500 + [np.nan] + [0.05] * 1999)
    assert watch.of(0)["average"] is None
    assert watch.of(0)["first_average"] == 0
    assert watch.of(0)["missed"] == 1


def test_a_network_of_1997_whose_numbers_overflow_has_failed_and_its_neighbours_go_on(monkeypatch):
    begin = as_in_1997.lstm97.init
    spoilt = iter((False, True, False))

    def init(net, rng, **settings):
        params = begin(net, rng, **settings)
        return params._replace(V=params.V * np.nan) if next(spoilt) else params

    monkeypatch.setattr(as_in_1997.lstm97, "init", init)
    found = as_in_1997.run(NETS | {"budget": 30}, (0, 1, 2))
    assert [record["lost"] is not None for record in found] == [False, True, False]
    assert not found[1]["solved"]
    assert found[1]["wrong"] == found[1]["tested"]
    monkeypatch.undo()
    (alone,) = as_in_1997.run(NETS | {"budget": 30}, (2,))
    assert timeless(found[2]) == timeless(alone)
    json.dumps(found, allow_nan=False)


# --- what is kept -----------------------------------------------------------------------------


def test_a_record_is_kept_for_its_settings_its_seed_and_this_code_only(tmp_path, monkeypatch):
    trial = TINY.trials()[0]
    records.keep(tmp_path, trial, [{"seed": 0}])
    assert records.kept(tmp_path, trial) == [{"seed": 0}]
    assert records.kept(tmp_path, trial._replace(seeds=(1,))) is None
    assert records.kept(tmp_path, trial._replace(settings=SHORT | {"rate": 0.1})) is None
    monkeypatch.setattr(records, "code", lambda: "another")
    assert records.kept(tmp_path, trial) is None


def test_a_record_is_complete_or_not_there(tmp_path, monkeypatch):
    trial = TINY.trials()[0]
    with pytest.raises(ValueError, match="JSON"):
        records.keep(tmp_path, trial, [np.nan])
    assert files(tmp_path) == {}
    monkeypatch.setattr(os, "replace", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        records.keep(tmp_path, trial, [])
    assert files(tmp_path) == {}
    records.place(tmp_path, trial).write_text('{"records": [{"se')
    assert records.kept(tmp_path, trial) is None


def test_code_is_every_module_that_a_trial_runs():
    """All that is loaded, but for what the package's first page loads besides."""
    learners = "lstm_teach.experiments.modern, lstm_teach.experiments.as_in_1997"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {learners}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    loaded = {name for name in loaded if name.startswith("lstm_teach.")}
    counted = {
        "lstm_teach." + path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for path in records.modules()
    }
    assert counted <= loaded
    assert loaded - counted == {
        *(f"lstm_teach.{n}" for n in ("ablations", "gradients", "influence", "truncated")),
        *("lstm_teach.experiments", "lstm_teach.variants"),
    }


def test_code_counts_and_its_words_do_not(tmp_path, monkeypatch):
    for path in records.modules():
        copy = tmp_path / path
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text((records.PACKAGE / path).read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(records, "PACKAGE", tmp_path)

    def hashed(file, before="", after=""):
        text = (tmp_path / file).read_text(encoding="utf-8")
        assert before in text
        (tmp_path / file).write_text(text.replace(before, after, 1), encoding="utf-8")
        records.code.cache_clear()
        return records.code()

    began = hashed("train.py")
    assert hashed("train.py", "Training: draw a batch", "Draw a batch") == began
    assert hashed("optim.py", "# float(): ", "# float() here: ") == began
    assert hashed("optim.py", "1 - self.beta1**n", "1 - self.beta1**(n + 1)") != began
    records.code.cache_clear()


# --- the runner -------------------------------------------------------------------------------


def test_a_run_stopped_and_started_again_loses_and_repeats_nothing(tmp_path):
    whole = runner.run(TINY, tmp_path / "whole", say=lambda line: None)

    def interrupt(line):
        if line.startswith("   3 of"):
            raise KeyboardInterrupt

    with pytest.raises(runner.Stopped, match="3 of 6 trials are done and kept"):
        runner.run(TINY, tmp_path / "parts", say=interrupt)
    kept, said = files(tmp_path / "parts" / "tiny"), []
    assert len(kept) == 3
    again = runner.run(TINY, tmp_path / "parts", say=said.append)
    assert said[0] == "3 of 6 trials are there already."
    assert [line.split("  ")[-1].partition(":")[0] for line in said[1:]] == [
        "two, seed 1",
        "one, seed 2",
        "two, seed 2",
    ]
    assert files(tmp_path / "parts" / "tiny").items() >= kept.items()
    assert timeless(again.found) == timeless(whole.found)
    assert timeless(json.loads((tmp_path / "parts" / "tiny.json").read_text())) == timeless(
        whole.found
    )
    silent = []
    runner.run(TINY, tmp_path / "parts", say=silent.append)
    assert silent == []


def test_a_trial_that_raises_is_told_and_the_others_go_on(tmp_path):
    broken = replace(TINY, arms=TINY.arms | {"three": {"cell": "LSTN"}}, seeds=2)
    outcome = runner.run(broken, tmp_path, say=lambda line: None)
    assert set(outcome.failed) == {"three, seed 0", "three, seed 1"}
    assert {record["arm"] for record in outcome.found["records"]} == {"one", "two"}
    page = outcome.table.read_text()
    assert "**Failed:** three, seed 0: KeyError: 'LSTN'" in page
    assert "Not judged: 2 trials failed." in page
    mended = replace(TINY, arms=TINY.arms | {"three": {"cell": "RNN", "biases": {}}}, seeds=2)
    said = []
    assert runner.run(mended, tmp_path, say=said.append).failed == {}
    assert said[0] == "4 of 6 trials are there already."


def test_a_trial_has_one_blas_thread_and_afterwards_all_is_as_before(monkeypatch):
    from threadpoolctl import threadpool_info, threadpool_limits

    def threads():
        return [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]

    monkeypatch.setattr(modern, "run", lambda *_: threads())
    with threadpool_limits(2):
        before = threads()
        assert set(workers.attempt(TINY.trials()[0], records.code())["records"]) == {1}
        assert threads() == before


def test_a_worker_with_other_code_refuses():
    answer = workers.attempt(TINY.trials()[0], "another")
    assert answer == {
        "failed": "RuntimeError: this worker has another version of lstm_teach than you have"
    }


# --- the table --------------------------------------------------------------------------------


def test_a_criterion_is_judged_only_by_the_run_it_was_set_for(tmp_path):
    def page(**options):
        outcome = runner.run(TINY, tmp_path, say=lambda line: None, **options)
        assert report.markdown(TINY, json.loads(json.dumps(outcome.found))) == (
            outcome.table.read_text()
        )
        return outcome.table.read_text()

    full = page()
    assert "*Criterion T:* all learn it. **Not met**: none did." in full
    assert "Made by `lstm-teach experiment tiny`: 6 networks, seeds 0 to 2" in full
    assert "*Deviations:*" in full
    fewer = page(seeds=2)
    assert "Not judged: this run has 2 seeds, not 3." in fewer
    assert "`lstm-teach experiment tiny --seeds 2`" in fewer
    quick = page(quick=True)
    assert "Not judged: this is a quick run." in quick
    assert "`lstm-teach experiment tiny --quick`" in quick
    assert "**A quick run" in quick


def test_the_cells_of_a_table():
    learned = {"solved": True, "sequences": 8000, "wrong": 1, "tested": 2560, "seconds": 2.0}
    found = [learned, learned | {"sequences": 9000, "wrong": 2}, learned | {"solved": False}]
    assert report.solved(found) == "2 of 3"
    assert report.sequences(found) == "8,500 (8,000 – 9,000)"
    assert report.wrong(found) == "1, at most 2, of 2,560"
    assert report.sequences([learned]) == "8,000"
    assert report.sequences([]) == report.wrong([]) == report.seconds([]) == "–"


@pytest.mark.parametrize("experiment", ALL, ids=lambda e: e.name)
def test_a_table_without_a_single_record_has_its_rows_all_the_same(experiment):
    lengths = {len(row) for row in experiment.table({arm: [] for arm in experiment.arms})}
    assert len(lengths) == 1


STORED = ROOT / "benchmarks" / "results" / "experiments"


@pytest.mark.parametrize("experiment", ALL, ids=lambda e: e.name)
def test_the_stored_table_is_the_whole_of_this_experiment(experiment):
    found = json.loads((STORED / f"{experiment.name}.json").read_text(encoding="utf-8"))
    assert found["arms"] == experiment.settings_of()
    assert not found["quick"]
    assert not found["failed"]
    done = [(record["arm"], record["seed"]) for record in found["records"]]
    arms = list(experiment.arms)
    assert sorted(done) == sorted((arm, s) for arm in arms for s in range(experiment.seeds))
    page = (STORED / f"{experiment.name}.md").read_text(encoding="utf-8")
    assert page == report.markdown(experiment, found)


# --- the command ------------------------------------------------------------------------------


def lstm_teach(*words):
    return CliRunner().invoke(cli.commands, ["experiment", *words])


def test_the_list_names_every_experiment_and_its_minutes():
    for answer in (lstm_teach(), lstm_teach("--list")):
        assert answer.exit_code == 0
        for experiment in ALL:
            assert re.search(rf"^{experiment.name} +{experiment.minutes:g} ", answer.output, re.M)


def test_a_wrong_word_is_answered_in_a_sentence(tmp_path):
    assert "there is no experiment addition" in lstm_teach("addition").output
    both = lstm_teach("recall", "--jobs", "2", "--scheduler", "tcp://127.0.0.1:1")
    assert both.exit_code == 2
    assert "--jobs is for this machine and --scheduler for a cluster" in both.output
    assert lstm_teach("recall", "--seeds", "0").exit_code == 2


def test_results_go_beside_the_books_own_and_quick_ones_apart(tmp_path):
    assert command.default_folder(ROOT, False) == STORED
    assert command.default_folder(ROOT, True).parent == STORED
    assert command.default_folder(None, False) == Path("results")
    trials = "benchmarks/results/experiments/recall/0.json"
    quick = "benchmarks/results/experiments/quick/recall.json"
    ignored = ["git", "check-ignore", trials, quick]
    said = subprocess.run(ignored, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == [trials, quick]


def test_outside_the_book_results_go_where_one_stands(tmp_path, monkeypatch):
    asked = []
    monkeypatch.setattr(command, "run", lambda name, book, **_: asked.append(book) or 0)
    for folder in (tmp_path, ROOT / "chapters", ROOT):
        monkeypatch.chdir(folder)
        assert lstm_teach("recall").exit_code == 0
    assert asked == [None, ROOT, ROOT]


def test_without_dask_more_jobs_say_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    answer = lstm_teach("recall", "--quick", "--jobs", "2", "--out", str(tmp_path))
    assert answer.exit_code == 1
    assert "--jobs 2 needs dask.distributed, which is not installed" in answer.output
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (wanted,) = project["optional-dependencies"]["cluster"]
    assert f'python -m pip install "{wanted}"' in answer.output


def test_dask_is_loaded_by_nobody_who_does_not_ask():
    code = "import sys, lstm_teach.experiments.command; print('distributed' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def start(folder, *words):
    """The command in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "lstm_teach.cli", "experiment", *words, "--out", str(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def until_kept(process, folder, n):
    """Wait until n trials are kept."""
    deadline = time.monotonic() + 120
    while not folder.is_dir() or len(list(folder.glob("*.json"))) < n:
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
def test_a_command_that_is_stopped_in_the_middle_goes_on_where_it_was(how, tmp_path):
    words = ("gate_biases", "--quick", "--seeds", "3")
    first = start(tmp_path, *words)
    until_kept(first, tmp_path / "gate_biases", 3)
    first.send_signal(how)
    said, complained = first.communicate(timeout=120)
    kept = {k: v for k, v in files(tmp_path / "gate_biases").items() if k.endswith(".json")}
    assert 3 <= len(kept) < 27
    assert not (tmp_path / "gate_biases.md").exists()
    if how == signal.SIGINT:
        assert first.returncode == 130
        assert f"Stopped. {len(kept)} of 27 trials are done and kept in" in complained
        assert "The same command goes on from there." in complained
        assert "Traceback" not in complained
    second = start(tmp_path, *words)
    said, complained = second.communicate(timeout=240)
    assert second.returncode == 0, complained
    assert said.startswith(f"{len(kept)} of 27 trials are there already.")
    assert files(tmp_path / "gate_biases").items() >= kept.items()
    found = json.loads((tmp_path / "gate_biases.json").read_text())
    assert len(found["records"]) == 27
