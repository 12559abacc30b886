"""Both modules and the chain, once more, in plain Python loops over plain floats.

Slow, scalar, unarguable: no NumPy, no broadcasting, no axis to get wrong. Whatever the
package computes is compared with this. Vectors are lists of floats, a sequence is a list of
vectors, one sequence at a time (no batch). Weights are nested lists: W[k][d][h], U[k][j][h]
and b[k][h].
"""

import math


def logistic(z):
    return 1 / (1 + math.exp(-z)) if z >= 0 else math.exp(z) / (1 + math.exp(z))


def layer_sums(k, x, h, W, U, b):
    """z for layer k: one number a unit, x W_k + h U_k + b_k written out."""
    sums = []
    for unit in range(len(b[k])):
        total = b[k][unit]
        for d in range(len(x)):
            total += x[d] * W[k][d][unit]
        for j in range(len(h)):
            total += h[j] * U[k][j][unit]
        sums.append(total)
    return sums


def rnn_step(x, h, W, U, b):
    return [math.tanh(z) for z in layer_sums(0, x, h, W, U, b)]


def lstm_step(x, h, c, W, U, b):
    I, F, G, O = range(4)
    i = [logistic(z) for z in layer_sums(I, x, h, W, U, b)]
    f = [logistic(z) for z in layer_sums(F, x, h, W, U, b)]
    g = [math.tanh(z) for z in layer_sums(G, x, h, W, U, b)]
    o = [logistic(z) for z in layer_sums(O, x, h, W, U, b)]
    c_new = [f[n] * c[n] + i[n] * g[n] for n in range(len(c))]
    h_new = [o[n] * math.tanh(c_new[n]) for n in range(len(c))]
    return h_new, c_new, {"i": i, "f": f, "g": g, "o": o}


def rnn_chain(xs, h, W, U, b):
    """Every h of a chain, the starting one first: T + 1 of them."""
    hs = [h]
    for x in xs:
        hs.append(rnn_step(x, hs[-1], W, U, b))
    return hs


def lstm_chain(xs, h, c, W, U, b):
    """Every h and every c (T + 1 of each), and the gates of every step (T of them)."""
    hs, cs, gates = [h], [c], []
    for x in xs:
        h_new, c_new, at_this_step = lstm_step(x, hs[-1], cs[-1], W, U, b)
        hs.append(h_new)
        cs.append(c_new)
        gates.append(at_this_step)
    return hs, cs, gates
