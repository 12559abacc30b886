"""Ask the JavaScript of an explorer what it computes and draws, without a browser."""

import json
import math
import re
import subprocess
from pathlib import Path

import numpy as np
import pytest

from lstm_teach.explorers.base import module

PARITY = Path(__file__).with_name("parity.mjs")
NUMBER = re.compile(r"[-−]?\d+(?:\.\d+)?")


def asking(name):
    """A fixture `ask` that puts questions (see parity.mjs) to the module of one explorer."""

    @pytest.fixture(scope="module", name="ask")
    def fixture(needs, tmp_path_factory):
        file = tmp_path_factory.mktemp("page") / f"{name}.mjs"
        file.write_text(module(name), encoding="utf-8")

        def ask(**questions):
            run = subprocess.run(
                [needs("node"), PARITY, file],
                input=json.dumps(odd(questions)),
                capture_output=True,
                encoding="utf-8",
                timeout=120,
            )
            assert run.returncode == 0, run.stderr
            return json.loads(run.stdout)

        return ask

    return fixture


def odd(value):
    """Numbers that JSON cannot say become the words that parity.mjs reads."""
    if isinstance(value, dict):
        return {name: odd(one) for name, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [odd(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return {math.inf: "Infinity", -math.inf: "-Infinity"}.get(value, "NaN")
    return value


def assert_drawn_alike(theirs, ours):
    """Two pieces of SVG are the same text, but for the last digit of a rounded number."""
    assert NUMBER.sub("#", theirs) == NUMBER.sub("#", ours)
    numbers = ([float(n.replace("−", "-")) for n in NUMBER.findall(svg)] for svg in (theirs, ours))
    np.testing.assert_allclose(*numbers, rtol=0, atol=0.0101)


def on_the_sliders(explorer, rng, ends=0.1):
    """Put every slider of an explorer where it can stand; some of them, by `ends`, at an end."""
    for name, slider in explorer.sliders.items():
        if "low" not in slider:
            setattr(explorer, name, slider["choices"][rng.integers(len(slider["choices"]))])
            continue
        low, high, step = slider["low"], slider["high"], slider["step"]
        size = None if np.ndim(getattr(explorer, name)) == 0 else len(getattr(explorer, name))
        stops = rng.integers(0, round((high - low) / step), size, endpoint=True)
        if rng.random() < ends:
            stops = stops * 0 + round((high - low) / step) * rng.integers(0, 2)
        setattr(explorer, name, np.round(low + stops * step, 10).tolist())
    return explorer
