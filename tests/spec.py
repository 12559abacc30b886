"""Every module and the chain, once more, in plain Python loops over plain floats.

Slow, scalar, unarguable: no NumPy, no broadcasting, no axis to get wrong. Whatever the
package computes is compared with this. Vectors are lists of floats, a sequence is a list of
vectors, one sequence at a time (no batch). Weights are nested lists: W[k][d][n], U[k][j][n],
b[k][n] and p[k][n]. A state is {"h": ..., "c": ...}. Every module has one form:

    step(x, state, W, U, b, p) -> state, gates
"""

import math


def logistic(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def input_sums(k, x, W, b):
    """What the input says to layer k: x W_k + b_k, one number a unit."""
    return [b[k][n] + sum(x[d] * W[k][d][n] for d in range(len(x))) for n in range(len(b[k]))]


def memory_sums(k, h, U):
    """What the last output says to layer k: h U_k, one number a unit."""
    return [sum(h[j] * U[k][j][n] for j in range(len(h))) for n in range(len(h))]


def layer_sums(k, x, h, W, U, b):
    """z for layer k: x W_k + h U_k + b_k."""
    says, hears = input_sums(k, x, W, b), memory_sums(k, h, U)
    return [says[n] + hears[n] for n in range(len(says))]


def chain(step, xs, state, *weights):
    """Every state of a chain, the starting one first (T + 1), and the gates (T)."""
    states, gates = [state], []
    for x in xs:
        state, at_this_step = step(x, state, *weights)
        states.append(state)
        gates.append(at_this_step)
    return states, gates


def rnn_step(x, state, W, U, b, p):
    g = [math.tanh(z) for z in layer_sums(0, x, state["h"], W, U, b)]
    return {"h": g}, {"g": g}


def lstm_step(x, state, W, U, b, p):
    h, c = state["h"], state["c"]
    i = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    f = [logistic(z) for z in layer_sums(1, x, h, W, U, b)]
    g = [math.tanh(z) for z in layer_sums(2, x, h, W, U, b)]
    o = [logistic(z) for z in layer_sums(3, x, h, W, U, b)]
    c_new = [f[n] * c[n] + i[n] * g[n] for n in range(len(c))]
    h_new = [o[n] * math.tanh(c_new[n]) for n in range(len(c))]
    return {"h": h_new, "c": c_new}, {"i": i, "f": f, "g": g, "o": o}


def lstm97_step(x, state, W, U, b, p):
    h, c = state["h"], state["c"]
    i = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    g = [math.tanh(z) for z in layer_sums(1, x, h, W, U, b)]
    o = [logistic(z) for z in layer_sums(2, x, h, W, U, b)]
    c_new = [c[n] + i[n] * g[n] for n in range(len(c))]
    h_new = [o[n] * math.tanh(c_new[n]) for n in range(len(c))]
    return {"h": h_new, "c": c_new}, {"i": i, "g": g, "o": o}


def peephole_step(x, state, W, U, b, p):
    h, c = state["h"], state["c"]
    units = range(len(c))
    z_i, z_f, z_g, z_o = (layer_sums(k, x, h, W, U, b) for k in range(4))
    i = [logistic(z_i[n] + p[0][n] * c[n]) for n in units]
    f = [logistic(z_f[n] + p[1][n] * c[n]) for n in units]
    g = [math.tanh(z_g[n]) for n in units]
    c_new = [f[n] * c[n] + i[n] * g[n] for n in units]
    o = [logistic(z_o[n] + p[2][n] * c_new[n]) for n in units]
    h_new = [o[n] * math.tanh(c_new[n]) for n in units]
    return {"h": h_new, "c": c_new}, {"i": i, "f": f, "g": g, "o": o}


def coupled_step(x, state, W, U, b, p):
    h, c = state["h"], state["c"]
    f = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    g = [math.tanh(z) for z in layer_sums(1, x, h, W, U, b)]
    o = [logistic(z) for z in layer_sums(2, x, h, W, U, b)]
    c_new = [f[n] * c[n] + (1 - f[n]) * g[n] for n in range(len(c))]
    h_new = [o[n] * math.tanh(c_new[n]) for n in range(len(c))]
    return {"h": h_new, "c": c_new}, {"f": f, "g": g, "o": o}


def gru_step(x, state, W, U, b, p):
    """Reset AFTER the product: r mutes what the memory says to the candidate, m = h U_g."""
    h = state["h"]
    units = range(len(h))
    r = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    u = [logistic(z) for z in layer_sums(1, x, h, W, U, b)]
    says, m = input_sums(2, x, W, b), memory_sums(2, h, U)
    g = [math.tanh(says[n] + r[n] * m[n]) for n in units]
    h_new = [u[n] * h[n] + (1 - u[n]) * g[n] for n in units]
    return {"h": h_new}, {"r": r, "u": u, "g": g, "m": m}


def gru_reset_before_step(x, state, W, U, b, p):
    """Reset BEFORE the product: r mutes the memory itself, and U_g sees r * h.

    So a reset unit is silent for every candidate; in `gru_step` a reset candidate is deaf to
    every unit. The two agree where U_g is diagonal, and no change of weights turns one into
    the other in general. The product of r * h and U_g cannot be taken before r is known, so
    this is not a module of the package's chain, whose products come before its steps.
    """
    h = state["h"]
    units = range(len(h))
    r = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    u = [logistic(z) for z in layer_sums(1, x, h, W, U, b)]
    muted = [r[n] * h[n] for n in units]
    g = [math.tanh(z) for z in layer_sums(2, x, muted, W, U, b)]
    h_new = [u[n] * h[n] + (1 - u[n]) * g[n] for n in units]
    return {"h": h_new}, {"r": r, "u": u, "g": g}


def mgu_step(x, state, W, U, b, p):
    h = state["h"]
    units = range(len(h))
    u = [logistic(z) for z in layer_sums(0, x, h, W, U, b)]
    says, m = input_sums(1, x, W, b), memory_sums(1, h, U)
    g = [math.tanh(says[n] + (1 - u[n]) * m[n]) for n in units]
    h_new = [u[n] * h[n] + (1 - u[n]) * g[n] for n in units]
    return {"h": h_new}, {"u": u, "g": g, "m": m}


def ablated_step(without, peepholes):
    """The step of an LSTM without one part; peepholes: the gates that have one, in order."""

    def step(x, state, W, U, b, p):
        h, c = state["h"], state["c"]
        absent = "i" if without == "coupled" else without
        layers = [k for k in "ifgo" if k != absent]
        z = {k: layer_sums(layers.index(k), x, h, W, U, b) for k in layers}
        found, h_new, c_new = {k: [] for k in layers}, [], []
        for n in range(len(c)):

            def gate(k, seen, n=n):
                if k not in layers:
                    return 1.0
                sight = p[peepholes.index(k)][n] * seen if k in peepholes else 0.0
                return logistic(z[k][n] + sight)

            f = gate("f", c[n])
            i = 1 - f if without == "coupled" else gate("i", c[n])
            g = z["g"][n] if without == "input activation" else math.tanh(z["g"][n])
            c_n = f * c[n] + i * g
            o = gate("o", c_n)
            c_new.append(c_n)
            h_new.append(o * (c_n if without == "output activation" else math.tanh(c_n)))
            for k, value in zip("ifgo", (i, f, g, o), strict=True):
                if k in layers:
                    found[k].append(value)
        return {"h": h_new, "c": c_new}, found

    return step


def full_gate_recurrence_step(x, state, W, U, b, p, U_gates):
    """Every gate also hears all gates of the step before; the candidate hears x and h only.

    state has i, f and o too; U_gates[k][j][m][n]: from unit m of gate j to unit n of gate k,
    gates counted in the order i f o.
    """
    h, c = state["h"], state["c"]
    units = range(len(c))
    z_i, z_f, z_g, z_o = (layer_sums(k, x, h, W, U, b) for k in range(4))
    for k, z in enumerate((z_i, z_f, z_o)):
        for j, gate in enumerate("ifo"):
            for n in units:
                for m in units:
                    z[n] += state[gate][m] * U_gates[k][j][m][n]
    i = [logistic(z_i[n] + p[0][n] * c[n]) for n in units]
    f = [logistic(z_f[n] + p[1][n] * c[n]) for n in units]
    g = [math.tanh(z_g[n]) for n in units]
    c_new = [f[n] * c[n] + i[n] * g[n] for n in units]
    o = [logistic(z_o[n] + p[2][n] * c_new[n]) for n in units]
    h_new = [o[n] * math.tanh(c_new[n]) for n in units]
    return {"h": h_new, "c": c_new, "i": i, "f": f, "o": o}, {"i": i, "f": f, "g": g, "o": o}


STEPS = {
    "RNN": rnn_step,
    "LSTM": lstm_step,
    "LSTM97": lstm97_step,
    "PEEPHOLE": peephole_step,
    "COUPLED": coupled_step,
    "GRU": gru_step,
    "MGU": mgu_step,
}


def net97(xs, blocks, size, W, U, b, V, b_y):
    """The 1997 network: y, c, h and the gates of every step, from all zeros.

    Units stand in the order i (blocks), cells (blocks * size), o (blocks); W[d][unit],
    U[unit][unit], b[unit], V[cell][output], b_y[output].
    """
    cells = blocks * size
    said = [0.0] * (cells + 2 * blocks)
    c = [0.0] * cells
    seen = []
    for x in xs:
        z = []
        for unit in range(len(said)):
            total = b[unit]
            for d in range(len(x)):
                total += x[d] * W[d][unit]
            for other in range(len(said)):
                total += said[other] * U[other][unit]
            z.append(total)
        i = [logistic(z[block]) for block in range(blocks)]
        g = [4 * logistic(z[blocks + v]) - 2 for v in range(cells)]
        o = [logistic(z[blocks + cells + block]) for block in range(blocks)]
        c = [c[v] + i[v // size] * g[v] for v in range(cells)]
        h = [o[v // size] * (2 * logistic(c[v]) - 1) for v in range(cells)]
        y = []
        for k in range(len(b_y)):
            y.append(logistic(b_y[k] + sum(h[v] * V[v][k] for v in range(cells))))
        said = i + h + o
        seen.append({"i": i, "g": g, "o": o, "c": c, "h": h, "y": y})
    return seen
