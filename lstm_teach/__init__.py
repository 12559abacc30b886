"""lstm_teach: the machinery of a textbook on recurrent networks and LSTMs.

The names below are all that the chapters use. What needs more than NumPy (figures,
explorers, checks) is loaded when it is first named.
"""

from importlib import import_module

from .ablations import ablate
from .activations import logistic, logistic_slope, softmax, tanh, tanh_slope
from .cells import LSTM, RNN, Cell, LSTMGates, LSTMState, RNNGates, RNNState, StepGrads
from .chain import Grads, Params, Trace, backward, forward, init, zero_state
from .checkpoints import Checkpoints
from .gated import GRU, MGU, GRUGates, MGUGates
from .gradients import (
    GradientReport,
    check_gradients,
    check_random_direction,
    flow,
    numerical_gradient,
    relative_error,
)
from .influence import (
    JacobianPaths,
    jacobian_paths,
    jacobians,
    largest_singular_value,
    spectral_radius,
    step_jacobians,
    whole_jacobian,
)
from .initialisers import biases, chrono, glorot, identity, orthogonal, uniform
from .truncated import truncated_bptt
from .variants import COUPLED, LSTM97, PEEPHOLE, CoupledGates, LSTM97Gates

__version__ = "0.1.0"

_LOADED_WHEN_NAMED = {
    "check": "checks",
    "hint": "checks",
    "solution": "checks",
    "show": "drawing",
    "Network": "network",
    "NotFinite": "finite",
    "fit": "train",
    "checks": None,
    "criteria": None,
    "drawing": None,
    "explorers": None,
    "full_gate_recurrence": None,
    "losses": None,
    "lstm97": None,
    "nested": None,
    "network": None,
    "optim": None,
    "saved": None,
    "side_by_side": None,
    "tasks": None,
    "train": None,
}

__all__ = [
    "COUPLED",
    "GRU",
    "LSTM",
    "LSTM97",
    "MGU",
    "PEEPHOLE",
    "RNN",
    "Cell",
    "Checkpoints",
    "CoupledGates",
    "GRUGates",
    "GradientReport",
    "Grads",
    "JacobianPaths",
    "LSTM97Gates",
    "LSTMGates",
    "LSTMState",
    "MGUGates",
    "Network",
    "NotFinite",
    "Params",
    "RNNGates",
    "RNNState",
    "StepGrads",
    "Trace",
    "ablate",
    "backward",
    "biases",
    "check",
    "check_gradients",
    "check_random_direction",
    "checks",
    "chrono",
    "criteria",
    "drawing",
    "explorers",
    "fit",
    "flow",
    "forward",
    "full_gate_recurrence",
    "glorot",
    "hint",
    "identity",
    "init",
    "jacobian_paths",
    "jacobians",
    "largest_singular_value",
    "logistic",
    "logistic_slope",
    "losses",
    "lstm97",
    "nested",
    "network",
    "numerical_gradient",
    "optim",
    "orthogonal",
    "relative_error",
    "saved",
    "show",
    "side_by_side",
    "softmax",
    "solution",
    "spectral_radius",
    "step_jacobians",
    "tanh",
    "tanh_slope",
    "tasks",
    "train",
    "truncated_bptt",
    "uniform",
    "whole_jacobian",
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
