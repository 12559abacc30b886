"""How fast is the engine? One command, side by side with PyTorch and with plainer NumPy.

    python benchmarks/engine.py            about half an hour; stores results/engine.json and .md
    python benchmarks/engine.py --quick    a few minutes, rough, stores nothing

PyTorch is the extra `bench`; without it the other columns are measured all the same.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import date
from pathlib import Path

import jobs
import numpy as np
import report
from rich.console import Console
from rich.markdown import Markdown
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rivals import torch

RESULTS = Path(__file__).parent / "results"
THREAD_SETTINGS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--quick", action="store_true", help="rough numbers, stored nowhere")
    options.add_argument("--threads", default="1,2", help="numbers of threads (default 1,2)")
    options.add_argument("--work", help=argparse.SUPPRESS)  # a child's jobs, as JSON
    options = options.parse_args()
    if options.work:
        return work(json.loads(options.work))

    seconds = 0.3 if options.quick else 4
    batches = [
        (int(threads), jobs.all_jobs(int(threads), seconds))
        for threads in options.threads.split(",")
    ]
    batches += [(1, [job]) for job in jobs.memory_jobs()]
    found = run(batches)
    found["machine"] = machine()
    text = report.markdown(found)
    Console().print(Markdown(text))
    if not options.quick:
        RESULTS.mkdir(exist_ok=True)
        (RESULTS / "engine.json").write_text(json.dumps(found, indent=1) + "\n")
        (RESULTS / "engine.md").write_text(text)
        print(f"stored: {RESULTS / 'engine.json'}, {RESULTS / 'engine.md'}")


def run(batches):
    """Run batches of jobs, each in a child process with its number of threads, under a bar."""
    found = {"jobs": []}
    total = sum(len(batch) for _, batch in batches)
    columns = TextColumn("{task.description:<55}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, TimeElapsedColumn(), console=Console(stderr=True)) as bar:
        task = bar.add_task("starting", total=total)
        for threads, batch in batches:
            child = subprocess.Popen(
                [sys.executable, __file__, "--work", json.dumps([threads, batch])],
                env=os.environ | dict.fromkeys(THREAD_SETTINGS, str(threads)),
                stdout=subprocess.PIPE,
                text=True,
            )
            for (name, settings), line in zip(batch, child.stdout, strict=False):
                what = " ".join(str(v) for k, v in settings.items() if k != "seconds")
                bar.update(task, advance=1, description=f"{name} {what}")
                answer = json.loads(line)
                job = {"job": name, "threads": threads, **settings}
                found["jobs"].append(job | {"answer": answer})
            if child.wait():
                raise SystemExit(f"a measurement failed: {batch[0][0]}, {threads} thread(s)")
    return found


def work(threads_and_jobs):
    """In a child: do the jobs, print each answer as a line of JSON."""
    threads, batch = threads_and_jobs
    if torch:
        torch.set_num_threads(threads)
    for name, settings in batch:
        print(json.dumps(getattr(jobs, name)(**settings)), flush=True)


def machine():
    """What the numbers were measured on."""
    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    cpu = Path("/proc/cpuinfo")
    models = [
        line.split(":")[1].strip()
        for line in (cpu.read_text().splitlines() if cpu.exists() else ())
        if line.startswith("model name")
    ]
    return {
        "date": date.today().isoformat(),
        "processor": models[0] if models else platform.processor(),
        "cores": os.cpu_count(),
        "load at the end": [round(v, 1) for v in os.getloadavg()]
        if hasattr(os, "getloadavg")
        else None,
        "python": platform.python_version(),
        "numpy": np.__version__,
        "blas": f"{blas['name']} {blas['version']}",
        "torch": torch.__version__ if torch else None,
    }


if __name__ == "__main__":
    main()
