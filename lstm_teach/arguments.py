"""What the chain expects of its arguments, and the sentences that say so when it is not met.

Every message names the argument, what was expected, what came, and what to do.
"""

import numpy as np

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))


def expect_rng(rng):
    """Raise TypeError unless rng is a numpy.random.Generator."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng is {_kind(rng)}; expected a numpy.random.Generator. "
            "Make one with np.random.default_rng(0) and pass it in."
        )


def expect_size(name, size):
    """Return size as an int; raise TypeError or ValueError unless it is a whole number ≥ 1."""
    if isinstance(size, bool) or not isinstance(size, (int, np.integer)):
        raise TypeError(f"{name} is {_kind(size)}; expected a whole number, 1 or more.")
    if size < 1:
        raise ValueError(f"{name} is {size}; expected a whole number, 1 or more.")
    return int(size)


def expect_float_dtype(name, dtype):
    """Return dtype as a numpy dtype; raise TypeError unless it is float64 or float32."""
    message = f"{name} is {dtype!r}; expected np.float64 or np.float32."
    try:
        found = np.dtype(dtype)
    except TypeError:
        raise TypeError(message) from None
    if dtype is None or found not in FLOATS:
        raise TypeError(message)
    return found


def expect_array(name, value, shape, letters, dtype):
    """Raise unless value is a finite array of exactly this shape and float dtype."""
    _expect_floats(name, value)
    if value.shape != shape:
        raise ValueError(f"{name} has shape {value.shape}; expected {letters} = {shape}.")
    _expect_same_dtype(name, value, dtype)
    _expect_finite(name, value)


def expect_params(cell, params):
    """Raise unless params has the shapes that this cell needs, all of one float dtype."""
    fields = ("W", "U", "b", "p")
    if getattr(params, "_fields", None) != fields:
        raise TypeError(
            f"params is {_kind(params)}; expected Params(W, U, b, p). "
            "Make one with init(cell, rng, inputs, hidden)."
        )
    for name, value in zip(fields, params, strict=True):
        _expect_floats(name, value)
    W, U, b, p = params
    if W.ndim != 3 or 0 in W.shape:
        raise ValueError(f"W has shape {W.shape}; expected (K, D, H), no axis empty.")
    K, (_, D, H) = len(cell.layers), W.shape
    if W.shape[0] != K:
        raise ValueError(
            f"W has {W.shape[0]} layer(s) on its first axis; expected {K} for {cell.name}: "
            f"{' '.join(cell.layers)}. Were these weights made for another cell?"
        )
    expect_array("W", W, (K, D, H), "(K, D, H)", W.dtype)
    expect_array("U", U, (K, H, H), "(K, H, H)", W.dtype)
    expect_array("b", b, (K, H), "(K, H)", W.dtype)
    expect_array("p", p, (len(cell.peepholes), H), "(P, H)", W.dtype)


def expect_sequence(params, x, state):
    """Raise unless x is a (T, B, D) array that fits the weights and the state."""
    _expect_floats("x", x)
    D = params.W.shape[1]
    if x.ndim != 3:
        raise ValueError(
            f"x has shape {x.shape}, {x.ndim} axes; expected 3: (T, B, D) with D = {D}. "
            + _rank_advice(x.ndim)
        )
    if x.shape[0] == 0:
        raise ValueError(f"x has shape {x.shape}: a sequence of no steps; expected T ≥ 1.")
    if x.shape[1] == 0:
        raise ValueError(f"x has shape {x.shape}: a batch of no sequences; expected B ≥ 1.")
    if x.shape[2] != D:
        advice = (
            " Are the features on the wrong axis? They come last."
            if D in x.shape[:2]
            else " The weights were made for inputs of that size."
        )
        raise ValueError(f"x has shape {x.shape}; expected (T, B, D) with D = {D}.{advice}")
    B = getattr(getattr(state, "h", None), "shape", (x.shape[1],))[0]
    if x.shape[1] != B == x.shape[0]:
        raise ValueError(
            f"x has shape {x.shape} and the state has a batch of {B}; expected (T, B, D) with "
            f"B = {B}. Did you put the batch first? x.transpose(1, 0, 2) puts time first."
        )
    _expect_same_dtype("x", x, params.W.dtype)
    _expect_finite("x", x)


def expect_trace(cell, params, trace):
    """Raise unless trace is what `forward` returned for this kind of cell and these weights."""
    parts = ("states",) if hasattr(trace, "every") else ("gates", "states")
    kinds = [getattr(cell, {"gates": "gates", "states": "state"}[part])._fields for part in parts]
    if [getattr(getattr(trace, part, None), "_fields", None) for part in parts] != kinds:
        raise TypeError(
            f"trace is {_kind(trace)}; expected the Trace of {cell.name}. "
            "It is the third thing that forward(cell, params, x, state) returns."
        )
    _, D, H = params.W.shape
    T, B = trace.x.shape[:2]
    rows = 1 + -(-T // getattr(trace, "every", 1))
    found = trace.x.shape, trace.states.h.shape, trace.x.dtype, trace.states.h.dtype
    if found != ((T, B, D), (rows, B, H), params.W.dtype, params.W.dtype):
        raise ValueError(
            f"trace holds x {found[0]} of {found[2]} and states {found[1]} of {found[3]}; expected "
            f"x (T, B, D) and states (T+1, B, H) with D = {D}, H = {H}, of {params.W.dtype}. "
            "Was it made with other weights?"
        )


def expect_state(cell, name, state, B, params):
    """Raise unless state is this cell's state type, (B, H) each, of the weights' dtype."""
    fields = cell.state._fields
    if getattr(state, "_fields", None) != fields:
        raise TypeError(
            f"{name} is {_kind(state)}; expected {cell.state.__name__}({', '.join(fields)}). "
            "Make one with zero_state(cell, batch, hidden)."
        )
    for field, value in zip(fields, state, strict=True):
        shape = (B, params.U.shape[-1])
        expect_array(f"{name}.{field}", value, shape, "(B, H)", params.W.dtype)


def expect_step_result(cell, result, state):
    """Raise unless a step returned (state', gates) with the fields and shapes it should."""
    expected = f"{cell.name}'s step should return (state, gates)"
    if type(result) is not tuple or len(result) != 2:
        raise TypeError(f"{expected}: a pair; it returned {_kind(result)}.")
    for part, kind in zip(result, (cell.state, cell.gates), strict=True):
        if getattr(part, "_fields", None) != kind._fields:
            fields = ", ".join(kind._fields)
            raise TypeError(
                f"{expected}; {kind.__name__}({fields}) was expected, {_kind(part)} came."
            )
        for field, value in zip(part._fields, part, strict=True):
            if np.shape(value) != state.h.shape:
                raise ValueError(
                    f"{expected}; its {kind.__name__}.{field} has shape {np.shape(value)}, "
                    f"expected (B, H) = {state.h.shape}."
                )


def _expect_floats(name, value):
    if not isinstance(value, np.ndarray):
        raise TypeError(
            f"{name} is {_kind(value)}; expected a NumPy array. Try np.array({name}, float)."
        )
    if value.dtype not in FLOATS:
        raise TypeError(
            f"{name} holds {value.dtype}; expected float64 or float32. Try {name}.astype(float)."
        )


def _expect_same_dtype(name, value, dtype):
    if value.dtype != dtype:
        raise TypeError(
            f"{name} holds {value.dtype} but the weights are {dtype}; expected one dtype for "
            f"all. Try {name}.astype({dtype})."
        )


def _expect_finite(name, value):
    if np.count_nonzero(np.isfinite(value)) != value.size:  # half the time of .all() when small
        where = tuple(int(n) for n in np.argwhere(~np.isfinite(value))[0])
        raise ValueError(f"{name}{list(where)} is {value[where]}; expected finite numbers only.")


def _rank_advice(ndim):
    if ndim == 2:
        return "For one sequence, x[:, None, :] adds a batch of one."
    if ndim == 1:
        return "For one sequence of plain numbers, x[:, None, None] adds the other two axes."
    return "Time comes first, then batch, then features."


def _kind(value):
    """A short name for what came: 'a list', 'None', 'RNNState(h)'."""
    if value is None:
        return "None"
    if hasattr(value, "_fields"):
        return f"{type(value).__name__}({', '.join(value._fields)})"
    name = type(value).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
