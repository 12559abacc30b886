"""Answers to the exercises of chapter 10."""

STEP = """
        def lstm_step_backward(dh, dc, x, h_before, c_before, gates, c_after, W, U):
            i, f, g, o = gates
            tanh_c = {tanh_c}
            slope = {slope}
            do = dh * {shown}
            dc_all = {dc}
            di, df, dg = {di}, {df}, {dg}
            dz_i, dz_f, dz_g, dz_o = {dz}
            dz = np.stack({order})
            dc_before = {kept}
            dx = {dx}
            dh_before = {dh_before}
            dW = np.stack([x.T @ dz[k] for k in range(4)])
            dU = np.stack([h_before.T @ dz[k] for k in range(4)])
            db = {db}
            return {returned}
"""
STEP_RULES = {
    "tanh_c": "np.tanh(c_after)",
    "slope": "1 - tanh_c ** 2",
    "shown": "tanh_c",
    "dc": "dc + dh * o * slope",
    "di": "dc_all * g",
    "df": "dc_all * c_before",
    "dg": "dc_all * i",
    "dz": "di * i * (1 - i), df * f * (1 - f), dg * (1 - g ** 2), do * o * (1 - o)",
    "order": "[dz_i, dz_f, dz_g, dz_o]",
    "kept": "dc_all * f",
    "dx": "np.einsum('kbh,kdh->bd', dz, W)",
    "dh_before": "np.einsum('kbh,kmh->bm', dz, U)",
    "db": "dz.sum(axis=1)",
    "returned": "dz, dc_before, dx, dh_before, dW, dU, db",
}


def step(**changed):
    return STEP.format(**(STEP_RULES | changed))


STEP_BACKWARD = {
    name: step(**changed)
    for name, changed in {
        "dc from the next step is left out": {"dc": "dh * o * slope"},
        "c hears from the next step only": {"dc": "dc"},
        "the slope on the second summand only": {
            "dz": "dc * g + dh * o * slope * g * i * (1 - i), "
            "dc * c_before + dh * o * slope * c_before * f * (1 - f), "
            "dc * i + dh * o * slope * i * (1 - g ** 2), do * o * (1 - o)"
        },
        "forgot the slope of tanh(c)": {"slope": "1"},
        "1 - c² for the slope of tanh(c)": {"slope": "1 - c_after ** 2"},
        "the old c inside tanh": {"tanh_c": "np.tanh(c_before)"},
        "forgot tanh in the output gate's gradient": {"shown": "c_after"},
        "forgot the slopes of the layers": {"dz": "di, df, dg, do"},
        "the candidate with a logistic slope": {
            "dz": "di * i * (1 - i), df * f * (1 - f), dg * g * (1 - g), do * o * (1 - o)"
        },
        "the gates with the slope of tanh": {
            "dz": "di * (1 - i**2), df * (1 - f**2), dg * (1 - g**2), do * (1 - o**2)"
        },
        "df from the new c": {"df": "dc_all * c_after"},
        "i and g exchanged": {"di": "dc_all * i", "dg": "dc_all * g"},
        "dc_before without f": {"kept": "dc_all"},
        "dc_before from one reader only": {"kept": "dc * f"},
        "the layers in another order": {"order": "[dz_i, dz_f, dz_o, dz_g]"},
        "U not transposed": {"dh_before": "sum(dz[k] @ U[k] for k in range(4))"},
        "the four layers are not added": {
            "dx": "dz @ W.transpose(0, 2, 1)",
            "dh_before": "dz @ U.transpose(0, 2, 1)",
        },
        "bias not summed": {"db": "dz"},
        "the mean over the batch": {"db": "dz.mean(axis=1)"},
        "not finished": {"returned": "dz, dc_before, None, None, None, None, None"},
        "writes into its arguments": {"dc": "np.add(dc, dh * o * slope, out=dc)"},
    }.items()
}

WALK = """
        def lstm_backward(dh, x, h, c, gates, W, U):
            T = len(x)
            dx, dW, dU, db = np.zeros_like(x), 0 * W, 0 * U, np.zeros((4, len(U[0])))
            dh_later, dc_later = np.zeros_like(h[0]), np.zeros_like(c[0])
            for t in {order}:
                own, given = {own}, {given}
                back = lstm_step_backward(
                    own, given, x[t], {came_in}, {old}, gates[:, t], {new}, W, U
                )
                dz, dc_later, dx[t], dh_later = back[:4]
                {late}
                dW {add}= back[4]
                dU {add}= back[5]
                db {add}= back[6]
            return {returned}
"""
WALK_RULES = {
    "order": "range(T - 1, -1, -1)",
    "own": "dh[t] + dh_later",
    "given": "dc_later",
    "came_in": "h[t]",
    "old": "c[t]",
    "new": "c[t + 1]",
    "late": "",
    "add": "+",
    "returned": "dx, dh_later, dc_later, dW, dU, db",
}


def walk(**changed):
    return WALK.format(**(WALK_RULES | changed))


BACKWARD = {
    name: walk(**changed)
    for name, changed in {
        "nothing is passed back in time": {"own": "dh[t]", "given": "0 * dc_later"},
        "the carousel is not passed back": {"given": "np.zeros_like(dc_later)"},
        "the truncated gradient of 1997": {"own": "dh[t]"},
        "only what comes back counts": {"own": "dh[t] if t == T - 1 else dh_later"},
        "dh is overwritten before dc is computed": {
            "late": "dc_later = (given + dh_later * gates[3, t] * (1 - np.tanh(c[t + 1]) ** 2))"
            " * gates[1, t]"
        },
        "the loss is added to dc": {"given": "dc_later + dh[t]"},
        "overwrites the weights' gradients": {"add": ""},
        "walks from the first step to the last": {"order": "range(T)"},
        "leaves out the first step": {"order": "range(T - 1, 0, -1)"},
        "the c of one step too early": {"new": "c[t]"},
        "the c of one step too late": {"old": "c[t + 1]"},
        "the h of one step too late in dU": {"came_in": "h[t + 1]"},
        "dh_0 and dc_0 exchanged": {"returned": "dx, dc_later, dh_later, dW, dU, db"},
        "the mean over the steps": {"returned": "dx, dh_later, dc_later, dW / T, dU / T, db / T"},
        "dx in the order of the loop": {"returned": "dx[::-1], dh_later, dc_later, dW, dU, db"},
        "not finished": {"returned": "dx, dh_later, dc_later, None, None, None"},
        "writes into its arguments": {"own": "np.add(dh[t], dh_later, out=dh[t])"},
    }.items()
} | {
    "does not end": """
        def lstm_backward(dh, x, h, c, gates, W, U):
            t = len(x) - 1
            while t >= 0:
                back = lstm_step_backward(
                    dh[t], 0 * dh[t], x[t], h[t], c[t], gates[:, t], c[t + 1], W, U
                )
            return back
    """,
}

OUTSIDE = """
        def tanh_outside_back(dh, dc, c_before, gates, c_after, h_after):
            i, f, g, o = gates
            dm = {dm}
            do = {do}
            dc = {dc}
            di, df, dg = dc * g, dc * c_before, dc * i
            return np.stack({dz}), dc * f
"""
OUTSIDE_RULES = {
    "dm": "dh * (1 - h_after ** 2)",
    "do": "dm * c_after",
    "dc": "dc + dm * o",
    "dz": "[di * i * (1 - i), df * f * (1 - f), dg * (1 - g ** 2), do * o * (1 - o)]",
}


def outside(**changed):
    return OUTSIDE.format(**(OUTSIDE_RULES | changed))


OTHER_CELL = {
    name: outside(**changed)
    for name, changed in {
        "the way back of the book's LSTM": {
            "do": "dh * np.tanh(c_after)",
            "dc": "dc + dh * o * (1 - np.tanh(c_after) ** 2)",
        },
        "forgot the outer tanh": {"dm": "dh"},
        "the slope at c, not at o * c": {"dm": "dh * (1 - np.tanh(c_after) ** 2)"},
        "squashes h again": {"dm": "dh * (1 - np.tanh(h_after) ** 2)"},
        "the slope on one way only": {"do": "dh * c_after"},
        "the output gate sees tanh(c)": {"do": "dm * np.tanh(c_after)"},
        "one reader of c is left out": {"dc": "dm * o"},
        "forgot the layers' slopes": {"dz": "[di, df, dg, do]"},
    }.items()
}

SIZES = """
        def path_sizes(params, x):
            h, _, trace = lt.forward(lt.LSTM, params, x)
            paths = lt.jacobian_paths(lt.LSTM, params, trace)
            size = {size}
            carousel, gates = size({carousel}), size({gates})
            return {returned}
"""
SIZES_RULES = {
    "size": "lt.largest_singular_value",
    "carousel": "paths.carousel.c.c[::-1, 0]",
    "gates": "paths.gates.c.c[::-1, 0]",
    "returned": "carousel, gates",
}
CHOOSE = """
        def conclusion():
            return "{}", "that is what the two columns show me"
"""


def sizes(letter="B", **changed):
    return SIZES.format(**(SIZES_RULES | changed)) + CHOOSE.format(letter)


PATHS = {
    "in the order of time": sizes(
        carousel="paths.carousel.c.c[:, 0]", gates="paths.gates.c.c[:, 0]"
    ),
    "the output in place of the cell state": sizes(
        carousel="paths.carousel.h.h[::-1, 0]", gates="paths.gates.h.h[::-1, 0]"
    ),
    "the whole in place of the gate paths": sizes(gates="paths.total.c.c[::-1, 0]"),
    "the two exchanged": sizes(returned="gates, carousel"),
    "subtracts sizes": sizes(returned="carousel, size(paths.total.c.c[::-1, 0]) - carousel"),
    "eigenvalues, not singular values": sizes(size="lt.spectral_radius"),
    "the root of the sum of squares": sizes(size="lambda J: np.linalg.norm(J, axis=(1, 2))"),
    "A: the carousel": sizes("A"),
    "C: both": sizes("C"),
    "D: neither": sizes("D"),
    "no reason given": sizes() + '\n        def conclusion(): return "B"',
}

ONLY = 'def only_o(): return "{}", "because of how the wires run"'
ONLY_O = {
    "A: more than the carousel": ONLY.format("A"),
    "C: nothing at all": ONLY.format("C"),
    "D: less than the carousel": ONLY.format("D"),
    "no reason given": 'def only_o(): return "B"',
}

EIGHT = "def explosive(): return ({}, {}, {}, {}), ({}, {}, {}, {})"
EXPLODE = {
    "not eight numbers": "def explosive(): return 3.0, -5.0",
    "beyond ±10": EIGHT.format(0, 0, 50, 0, 5, -5, 0, 5),
    "the forget gate is too open": EIGHT.format(0, 0, 3, 0, 5, 3, 0, 5),
    "nothing is written": EIGHT.format(0, 0, 3, 0, -5, -5, 0, 5),
    "nothing is shown": EIGHT.format(0, 0, 3, 0, 5, -5, 0, -5),
    "the candidate is saturated": EIGHT.format(0, 0, 3, 0, 5, -5, 2, 5),
    "the loop through the candidate is below 1": EIGHT.format(5, 5, 0.5, 5, 5, -5, 0, 5),
}

DIAGNOSIS = """
        def diagnose(forward, backward):
            rng = np.random.default_rng(5)
            T, B, D, H = {sizes}
            x, dh = rng.normal(size=(T, B, D)), rng.normal(size=(T, B, H))
            W, U = rng.normal(size=(4, D, H)), rng.normal(size=(4, H, H))
            b = {b}

            def close(a, n):
                return np.allclose(a, n, rtol={rtol}, atol={rtol})

            def right(b):
                return lt.forward(lt.LSTM, lt.Params(W, U, b, np.zeros((0, H))), x)

            h, _, trace = right(b)
            grads = lt.backward(lt.LSTM, lt.Params(W, U, b, np.zeros((0, H))), trace, dh)
            {look_forward}
            good = [close(a, n) for a, n in zip(backward(dh, x, W, U, b), (grads.x, *grads.params))]
            if all(good):
                return "well"
            if all(good[:3]):
                return "wrong bias gradient"
            {look_back}
"""
LOOK_FORWARD = """if not close(forward(x[:, ::-1], W, U, b), forward(x, W, U, b)[:, ::-1]):
                return "axes"
            if not close(forward(x, W, U, b), h):
                zero = np.zeros((4, H))
                return "one bias" if close(forward(x, W, U, zero), right(zero)[0]) else "no tanh"
"""
LOOK_BACK = """dh[:-1] = 0
            lost = [not backward(dh, x, W, u * U, b)[0][0].any() for u in (1, 0)]
            return "no way back" if lost[0] else "overwritten" if lost[1] else "brackets"
"""


def diagnosis(
    sizes="4, 3, 2, 3",
    b="rng.normal(size=(4, H))",
    rtol="1e-7",
    look_forward=LOOK_FORWARD,
    look_back=LOOK_BACK,
):
    return DIAGNOSIS.format(
        sizes=sizes, b=b, rtol=rtol, look_forward=look_forward, look_back=look_back
    )


# A gradient check of the machine's own two functions, and no look at the outputs.
OWN_CHECK = """
        def diagnose(forward, backward):
            rng = np.random.default_rng(1)
            at = [rng.normal(size=s) for s in ((2, 2, 2), (4, 2, 2), (4, 2, 2), (4, 2))]
            dh = rng.normal(size=(2, 2, 2))
            wrong = []
            for n, claimed in enumerate(backward(dh, *at)):
                f = lambda v: np.sum(dh * forward(*at[:n], v, *at[n + 1 :]))
                seen = lt.numerical_gradient(f, at[n])
                wrong.append(not np.allclose(claimed, seen, rtol=1e-6, atol=1e-8))
            if not any(wrong):
                return "well"
            return "wrong bias gradient" if not any(wrong[:3]) else "brackets"
"""
DIAGNOSE = {
    "the same for all": "def diagnose(forward, backward): return 'well'",
    "never runs backward": diagnosis(
        look_forward=LOOK_FORWARD + '            return "well"', look_back=""
    ),
    "zero biases": diagnosis(b="np.zeros((4, H))", look_forward=LOOK_FORWARD),
    "a single step": diagnosis(sizes="1, 3, 2, 3"),
    "a batch of one": diagnosis(sizes="4, 1, 2, 3"),
    "trusts a gradient check alone": OWN_CHECK,
    "accuses the well": diagnosis(rtol="1e-12"),
    "lets ill ones go": diagnosis(
        look_back='return "well" if not good[1] and good[3] else "well"',
    ),
    "three ways of losing time are mixed up": diagnosis(look_back='return "brackets"'),
    "well or ill, but the wrong illness": diagnosis(
        look_forward=LOOK_FORWARD.replace('"no tanh"', '"brackets"')
    ),
    "not one of the names": diagnosis(look_back='return "Brackets!"'),
    "prints instead of returning": "def diagnose(forward, backward): print('well')",
}

SMALL = """
        def smallest_tests():
            return {{
                "brackets": {brackets},
                "no way back": {no_way_back},
                "overwritten": (2, 1, "gradient"),
                "one bias": (1, 1, "forward"),
                "wrong bias gradient": {bias},
                "no tanh": {no_tanh},
                "axes": {axes},
            }}
"""
SMALL_RULES = {
    "brackets": '(2, 1, "gradient")',
    "no_way_back": '(2, 1, "gradient")',
    "bias": '(1, 1, "gradient")',
    "no_tanh": '(1, 1, "forward")',
    "axes": '(2, 1, "forward")',
}


def small(**changed):
    return SMALL.format(**(SMALL_RULES | changed))


SMALLEST = {
    "not seven tests": "def smallest_tests(): return {'axes': (2, 1, 'forward')}",
    "looks at the gradient of a wrong function": small(no_tanh='(3, 2, "gradient")'),
    "looks forward where the way back is ill": small(bias='(3, 3, "forward")'),
    "one step for what is lost between steps": small(brackets='(1, 2, "gradient")'),
    "one sequence of one step has no axes to exchange": small(axes='(1, 1, "forward")'),
    "a smaller test sees it too": small(no_way_back='(2, 2, "gradient")'),
}

WRONG = {
    "10.1": STEP_BACKWARD,
    "10.2": BACKWARD,
    "10.3": OTHER_CELL,
    "10.4": PATHS,
    "10.5": ONLY_O,
    "10.6": EXPLODE,
    "10.7": DIAGNOSE,
    "10.8": SMALLEST,
}

RIGHT = {
    "10.1": [
        step(),
        """
        def lstm_step_backward(dh, dc, x, h_before, c_before, gates, c_after, W, U):
            after = lt.LSTMState(h_before, c_after)
            before = lt.LSTMState(h_before, c_before)
            p = np.zeros((0, len(U[0])))
            d = lt.LSTMState(dh, dc)
            back = lt.LSTM.step_back(d, lt.LSTMGates(*gates), before, after, p)
            dz, s = back.x_in, slice(None)
            dx = np.tensordot(dz, W, axes=([0, 2], [0, 2]))
            dh_before = np.tensordot(dz, U, axes=([0, 2], [0, 2]))
            return [dz, back.state.c, dx, dh_before, x.T @ dz, h_before.T @ dz, dz.sum(1)]
        """,
        """
        def lstm_step_backward(dh, dc, x, h_before, c_before, gates, c_after, W, U):
            i, f, g, o = gates
            through = dh * o / np.cosh(c_after) ** 2
            dz = np.array([
                (dc + through) * g * i * (1 - i),
                (dc + through) * c_before * f * (1 - f),
                (dc + through) * i * (1 + g) * (1 - g),
                dh * np.tanh(c_after) * o * (1 - o),
            ])
            dc_before = dc * f + through * f
            dx = dz[0] @ W[0].T + dz[1] @ W[1].T + dz[2] @ W[2].T + dz[3] @ W[3].T
            dh_before = dz[0] @ U[0].T + dz[1] @ U[1].T + dz[2] @ U[2].T + dz[3] @ U[3].T
            dW = np.einsum("bd,kbh->kdh", x, dz)
            dU = np.einsum("bm,kbh->kmh", h_before, dz)
            return dz, dc_before, dx, dh_before, dW, dU, np.einsum("kbh->kh", dz)
        """,
    ],
    "10.2": [
        walk(),
        """
        def lstm_backward(dh, x, h, c, gates, W, U):
            def back(t, dh_later, dc_later):
                if t < 0:
                    return [], dh_later, dc_later, 0 * W, 0 * U, np.zeros(U.shape[:2])
                step = lstm_step_backward(
                    dh[t] + dh_later, dc_later, x[t], h[t], c[t], gates[:, t], c[t + 1], W, U
                )
                rows, dh_0, dc_0, *others = back(t - 1, step[3], step[1])
                return rows + [step[2]], dh_0, dc_0, *(a + b for a, b in zip(others, step[4:]))

            rows, *rest = back(len(x) - 1, np.zeros_like(h[0]), np.zeros_like(c[0]))
            return np.stack(rows), *rest
        """,
        """
        def lstm_backward(dh, x, h, c, gates, W, U):
            p = lt.Params(W, U, np.zeros(U.shape[:2]), np.zeros((0, len(U[0]))))
            trace = lt.Trace(x, lt.LSTMGates(*gates), lt.LSTMState(h, c))
            back = lt.backward(lt.LSTM, p, trace, dh)
            return back.x, back.state.h, back.state.c, *back.params[:3]
        """,
    ],
    "10.3": [
        outside(),
        """
        def tanh_outside_back(dh, dc, c_before, gates, c_after, h_after):
            i, f, g, o = gates
            through = dh * (1 - h_after) * (1 + h_after)
            total = o * through + dc
            d = np.stack([g, c_before, i]) * total
            d = np.concatenate([d, (c_after * through)[None]])
            slopes = lt.logistic_slope(gates)
            slopes[2] = lt.tanh_slope(g)
            return [d * slopes, f * total]
        """,
    ],
    "10.4": [
        sizes(),
        """
        def path_sizes(params, x):
            _, _, trace = lt.forward(lt.LSTM, params, x)
            total = lt.jacobians(lt.LSTM, params, trace).c.c[:, 0]
            cut = lt.jacobians(lt.LSTM, params._replace(U=0 * params.U), trace).c.c[:, 0]
            norm = lambda J: np.array([np.linalg.norm(M, 2) for M in J])[::-1]
            return [norm(cut), norm(total - cut)]

        def conclusion():
            return "b.", "only the gate paths have U in them as a factor"
        """,
    ],
    "10.5": [
        ONLY.format("B"),
        "def only_o(): return ('b', 'the layer o never reaches the line of c')",
    ],
    "10.6": [
        EIGHT.format(0, 0, 2, 0, 4, -3, 0, 4),
        EIGHT.format(1, -1, -3, 1, 5, -5, 0, 5),
        "def explosive(): return np.array([0, 0, 9, 0]), np.array([0, 0, 0, 0])",
    ],
    "10.7": [
        diagnosis(),
        """
        def diagnose(forward, backward):
            rng = np.random.default_rng(8)
            at = [rng.normal(size=s) for s in ((3, 2, 3), (4, 3, 2), (4, 2, 2), (4, 2))]
            dh = rng.normal(size=(3, 2, 2))
            h = forward(*at)
            alone = forward(at[0][:, 1:], *at[1:])
            if np.abs(alone[:, 0] - h[:, 1]).max() > 1e-6:
                return "axes"
            moved = at[3].copy()
            moved[1] += 1
            if np.abs(forward(*at[:3], moved) - h).max() < 1e-9:
                return "one bias"
            if np.abs(forward(*at[:3], 9 * np.ones((4, 2)))).max() > 1:
                return "no tanh"
            good = []
            for n, claimed in enumerate(backward(dh, *at)):
                f = lambda v: np.sum(dh * forward(*at[:n], v, *at[n + 1 :]))
                seen = lt.numerical_gradient(f, at[n])
                good.append(lt.relative_error(claimed, seen).max() < 1e-6)
            if all(good):
                return "well"
            if all(good[:3]):
                return "wrong bias gradient"
            last = dh * np.array([0, 0, 1])[:, None, None]
            if not backward(last, *at)[0][:2].any():
                return "no way back"
            arrives = backward(last, *at[:2], 0 * at[2], at[3])[0]
            return "brackets" if arrives[0].any() else "overwritten"
        """,
    ],
    "10.8": [
        small(),
        small(axes='[1, 2, "forward"]'),
    ],
}
