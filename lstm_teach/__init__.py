"""lstm_teach: the machinery of a textbook on recurrent networks and LSTMs.

The names below are all that the chapters use. What needs more than NumPy (figures,
explorers, checks) is loaded when it is first named.
"""

from importlib import import_module

from .activations import logistic, logistic_slope, softmax, tanh, tanh_slope
from .cells import LSTM, RNN, Cell, LSTMGates, LSTMState, RNNGates, RNNState, StepGrads
from .chain import Grads, Params, Trace, backward, forward, init, zero_state
from .gradients import GradientReport, check_gradients, numerical_gradient, relative_error

__version__ = "0.1.0"

_LOADED_WHEN_NAMED = {
    "check": "checks",
    "hint": "checks",
    "solution": "checks",
    "show": "drawing",
    "checks": None,
    "drawing": None,
    "explorers": None,
}

__all__ = [
    "LSTM",
    "RNN",
    "Cell",
    "GradientReport",
    "Grads",
    "LSTMGates",
    "LSTMState",
    "Params",
    "RNNGates",
    "RNNState",
    "StepGrads",
    "Trace",
    "backward",
    "check",
    "check_gradients",
    "checks",
    "drawing",
    "explorers",
    "forward",
    "hint",
    "init",
    "logistic",
    "logistic_slope",
    "numerical_gradient",
    "relative_error",
    "show",
    "softmax",
    "solution",
    "tanh",
    "tanh_slope",
    "zero_state",
]


def __getattr__(name):
    if name not in _LOADED_WHEN_NAMED:
        raise AttributeError(f"module 'lstm_teach' has no attribute {name!r}")
    room = _LOADED_WHEN_NAMED[name]
    module = import_module(f".{room or name}", __name__)
    return getattr(module, name) if room else module


def __dir__():
    return sorted(set(globals()) | set(__all__))
