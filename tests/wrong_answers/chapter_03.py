"""Answers to the exercises of chapter 03."""

STEP = """
        def rnn_step_backward(dh, x, h_before, h_after, W, U):
            dz = {dz}
            dx = {dx}
            dh_before = {dh_before}
            dW = {dW}
            dU = {dU}
            db = {db}
            return dx, dh_before, dW, dU, db
"""
STEP_RULES = {
    "dz": "dh * (1 - h_after ** 2)",
    "dx": "dz @ W.T",
    "dh_before": "dz @ U.T",
    "dW": "x.T @ dz",
    "dU": "h_before.T @ dz",
    "db": "dz.sum(axis=0)",
}
STEP_BACKWARD = {
    name: STEP.format(**(STEP_RULES | changed))
    for name, changed in {
        "forgot the slope of tanh": {"dz": "dh"},
        "squashes what is squashed already": {"dz": "dh * (1 - np.tanh(h_after) ** 2)"},
        "the slope of the logistic function": {"dz": "dh * h_after * (1 - h_after)"},
        "the slope at h_before": {"dz": "dh * (1 - h_before ** 2)"},
        "U not transposed": {"dh_before": "dz @ U"},
        "does not go through U": {"dh_before": "dz"},
        "bias summed over the wrong axis": {"db": "np.sum(dz, axis=1)"},
        "bias not summed": {"db": "dz"},
        "the mean over the batch": {
            "dW": "x.T @ dz / len(x)",
            "dU": "h_before.T @ dz / len(x)",
            "db": "dz.mean(0)",
        },
        "dU from h_after": {"dU": "np.dot(h_after.T, dz)"},
        "products the other way round": {"dW": "dz.T @ x", "dU": "dz.T @ h_before"},
        "not finished": {"dU": "None", "db": "None"},
        "writes into its arguments": {"dz": "np.multiply(dh, 1 - h_after ** 2, out=dh)"},
    }.items()
} | {
    "arguments in another order": """
        def rnn_step_backward(dh, x, h_after, h_before, W, U):
            dz = dh * (1 - h_after ** 2)
            return dz @ W.T, dz @ U.T, x.T @ dz, h_before.T @ dz, dz.sum(0)
    """,
    "returns nothing": """
        def rnn_step_backward(dh, x, h_before, h_after, W, U):
            dz = dh * (1 - h_after ** 2)
            dx, dW = dz @ W.T, x.T @ dz
    """,
}

CLIMB = """
        def ladder(x_1, x_2, h_0, y_1, y_2, W, U, b):
            h_1 = np.tanh(x_1 @ W + h_0 @ U + b)
            h_2 = np.tanh(x_2 @ W + h_1 @ U + b)
            dh_2 = {dh_2}
            dz_2 = {dz_2}
            dh_1 = {dh_1}
            dz_1 = {dz_1}
            dh_0 = {dh_0}
            dW = {dW}
            dU = {dU}
            db = {db}
            return dh_2, dz_2, dh_1, dz_1, dh_0, dW, dU, db
"""
RUNGS = {
    "dh_2": "2 * (h_2 - y_2)",
    "dz_2": "dh_2 * (1 - h_2 ** 2)",
    "dh_1": "2 * (h_1 - y_1) + dz_2 @ U.T",
    "dz_1": "dh_1 * (1 - h_1 ** 2)",
    "dh_0": "dz_1 @ U.T",
    "dW": "x_1.T @ dz_1 + x_2.T @ dz_2",
    "dU": "h_0.T @ dz_1 + h_1.T @ dz_2",
    "db": "(dz_1 + dz_2).sum(axis=0)",
}
LADDER = {
    name: CLIMB.format(**(RUNGS | changed))
    for name, changed in {
        "h_1 hears of its own loss only": {"dh_1": "2 * (h_1 - y_1)"},
        "h_1 hears of step 2 only": {"dh_1": "dz_2 @ U.T"},
        "the slope on the second summand only": {
            "dz_1": "2 * (h_1 - y_1) + dz_2 @ U.T * (1 - h_1 ** 2)"
        },
        "the two gradients are multiplied": {"dh_1": "2 * (h_1 - y_1) * (dz_2 @ U.T)"},
        "weights of the last step only": {
            "dW": "x_2.T @ dz_2",
            "dU": "h_1.T @ dz_2",
            "db": "dz_2.sum(axis=0)",
        },
        "weights of the first step only": {
            "dW": "x_1.T @ dz_1",
            "dU": "h_0.T @ dz_1",
            "db": "dz_1.sum(axis=0)",
        },
        "the mean over the steps": {
            "dW": "(x_1.T @ dz_1 + x_2.T @ dz_2) / 2",
            "dU": "(h_0.T @ dz_1 + h_1.T @ dz_2) / 2",
            "db": "(dz_1 + dz_2).sum(axis=0) / 2",
        },
        "the wrong h in dU": {"dU": "h_1.T @ dz_1 + h_2.T @ dz_2"},
        "U not transposed": {"dh_1": "2 * (h_1 - y_1) + dz_2 @ U", "dh_0": "dz_1 @ U"},
        "forgot the slope of tanh": {"dz_2": "dh_2", "dz_1": "dh_1"},
        "squashes what is squashed already": {
            "dz_2": "dh_2 * (1 - np.tanh(h_2) ** 2)",
            "dz_1": "dh_1 * (1 - np.tanh(h_1) ** 2)",
        },
        "the 2 of the square is missing": {"dh_2": "h_2 - y_2", "dh_1": "h_1 - y_1 + dz_2 @ U.T"},
        "the error has the wrong sign": {
            "dh_2": "2 * (y_2 - h_2)",
            "dh_1": "2 * (y_1 - h_1) + dz_2 @ U.T",
        },
        "bias summed over the wrong axis": {"db": "(dz_1 + dz_2).sum(axis=1)"},
        "not finished": dict.fromkeys(("dh_0", "dW", "dU", "db"), "None"),
    }.items()
}

WALK = """
        def rnn_backward(dh, x, h, W, U):
            T, B, D = x.shape
            H = len(U)
            dx, dW, dU, db = np.zeros((T, B, D)), np.zeros((D, H)), np.zeros((H, H)), np.zeros(H)
            later = np.zeros((B, H))
            for t in {order}:
                dz = {dz}
                dx[t] = dz @ W.T
                dW {add}= x[t].T @ dz
                dU {add}= {came_in}.T @ dz
                db {add}= dz.sum(axis=0)
                later = {later}
            return {dx}, {dh_0}, {dW}, dU{size}, db{size}
"""
WALK_RULES = {
    "order": "range(T - 1, -1, -1)",
    "dz": "(dh[t] + later) * (1 - h[t + 1] ** 2)",
    "add": "+",
    "came_in": "h[t]",
    "later": "dz @ U.T",
    "dx": "dx",
    "dh_0": "later",
    "dW": "dW{size}",
    "size": "",
}


def walk(**changed):
    rules = WALK_RULES | changed
    return WALK.format(**(rules | {"dW": rules["dW"].format(**rules)}))


BACKWARD = {
    name: walk(**changed)
    for name, changed in {
        "never passed back in time": {"dz": "dh[t] * (1 - h[t + 1] ** 2)"},
        "only what comes back counts": {
            "dz": "(dh[t] if t == T - 1 else later) * (1 - h[t + 1] ** 2)"
        },
        "overwrites the weights' gradients": {"add": ""},
        "the slope on the second summand only": {"dz": "dh[t] + later * (1 - h[t + 1] ** 2)"},
        "forgot the slope of tanh": {"dz": "dh[t] + later"},
        "squashes what is squashed already": {
            "dz": "(dh[t] + later) * (1 - np.tanh(h[t + 1]) ** 2)"
        },
        "the slope of the logistic function": {"dz": "(dh[t] + later) * h[t + 1] * (1 - h[t + 1])"},
        "divides by the slope": {"dz": "(dh[t] + later) / (1 - h[t + 1] ** 2)"},
        "the h of one step too early": {"dz": "(dh[t] + later) * (1 - h[t] ** 2)"},
        "the h of one step too late in dU": {"came_in": "h[t + 1]"},
        "walks from the first step to the last": {"order": "range(T)"},
        "leaves out the first step": {"order": "range(T - 1, 0, -1)"},
        "U not transposed": {"later": "dz @ U"},
        "does not go through U": {"later": "dz"},
        "dh_0 stops before U": {"dh_0": "dz"},
        "the mean over the steps": {"size": " / T"},
        "the mean over the batch": {"size": " / B"},
        "dx in the order of the loop": {"dx": "dx[::-1]"},
        "not finished": {"dh_0": "None"},
    }.items()
} | {
    "bias summed over the wrong axis": """
        def rnn_backward(dh, x, h, W, U):
            dx, dW, dU, later = np.zeros_like(x), 0, 0, 0
            db = np.zeros(x.shape[1])
            for t in reversed(range(len(x))):
                dz = (dh[t] + later) * (1 - h[t + 1] ** 2)
                dx[t], later = dz @ W.T, dz @ U.T
                dW, dU, db = dW + x[t].T @ dz, dU + h[t].T @ dz, db + dz.sum(axis=1)
            return dx, later, dW, dU, db
    """,
    "writes into its arguments": """
        def rnn_backward(dh, x, h, W, U):
            dx, dW, dU, db = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U), np.zeros(len(U))
            later = np.zeros_like(h[0])
            for t in reversed(range(len(x))):
                dh[t] += later
                back = rnn_step_backward(dh[t], x[t], h[t], h[t + 1], W, U)
                dx[t], later = back[:2]
                dW, dU, db = dW + back[2], dU + back[3], db + back[4]
            return dx, later, dW, dU, db
    """,
    "does not end": """
        def rnn_backward(dh, x, h, W, U):
            t, later = len(x) - 1, 0
            while t >= 0:
                back = rnn_step_backward(dh[t] + later, x[t], h[t], h[t + 1], W, U)
                later = back[1]
            return back
    """,
}

SLOPES = """
        def measured_gradient(f, v):
            eps = {eps}
            gradient = np.zeros_like(v)
            for where in np.ndindex(v.shape):
                up, down = v.copy(), v.copy()
                up[where] += eps
                down[where] -= eps
                gradient[where] = {slope}
            return {gradient}
"""
JUDGE = """
        def grad_check(f, v, claimed):
            measured = measured_gradient(f, v)
            difference = {difference}
            size = {size}
            return bool({verdict})
"""


def slopes(eps="1e-5", slope="(f(up) - f(down)) / (2 * eps)", gradient="gradient"):
    return SLOPES.format(eps=eps, slope=slope, gradient=gradient)


def judge(
    difference="np.abs(claimed - measured)",
    size="np.maximum(np.maximum(np.abs(claimed), np.abs(measured)), 1e-3)",
    verdict="(difference / size).max() < 1e-6",
):
    return JUDGE.format(difference=difference, size=size, verdict=verdict)


GRAD_CHECK = {
    "never asks f": "def measured_gradient(f, v): return 2 * v",
    "does not put the number back": """
        def measured_gradient(f, v):
            eps, gradient, v = 1e-5, np.zeros_like(v), v.copy()
            for where in np.ndindex(v.shape):
                v[where] += eps
                up = f(v)
                v[where] -= 2 * eps
                gradient[where] = (up - f(v)) / (2 * eps)
            return gradient
    """,
    "moves all numbers at once": """
        def measured_gradient(f, v):
            return np.full(v.shape, (f(v + 1e-5) - f(v - 1e-5)) / 2e-5)
    """,
    "one-sided difference": slopes(slope="(f(up) - f(v)) / eps"),
    "the step is too small": slopes(eps="1e-12"),
    "the step is too large": slopes(eps="0.1"),
    "divides by one step, not two": slopes(slope="(f(up) - f(down)) / eps"),
    "the change, not the slope": slopes(slope="f(up) - f(down)"),
    "down minus up": slopes(slope="(f(down) - f(up)) / (2 * eps)"),
    "the gradient lost its shape": slopes(gradient="gradient.flatten()"),
    "never measures": "def grad_check(f, v, claimed): return bool(np.isfinite(claimed).all())",
    "an absolute difference": judge(size="1.0"),
    "divides zero by zero": judge(size="np.abs(claimed) + np.abs(measured)"),
    "errors cancel": judge(
        difference="np.abs((claimed - measured).sum())",
        size="np.abs(measured).sum()",
    ),
    "no absolute value": judge(difference="claimed - measured"),
    "looks at one entry": judge(verdict="(difference / size).ravel()[0] < 1e-6"),
    "compares the lengths": judge(
        difference="abs(np.linalg.norm(claimed) - np.linalg.norm(measured))",
        size="np.linalg.norm(measured)",
    ),
    "True and False exchanged": judge(verdict="(difference / size).max() > 1e-6"),
    "lets everything through": """
        def grad_check(f, v, claimed):
            return bool(np.abs(claimed - measured_gradient(f, v)).max() < 1e9)
    """,
    "lets nothing through": judge(verdict="(claimed == measured_gradient(f, v + 0.1)).all()"),
    "moves the caller's own numbers": """
        def measured_gradient(f, v):
            eps, gradient = 1e-5, np.zeros_like(v)
            for where in np.ndindex(v.shape):
                old = v[where]
                v[where] = old + eps
                up = f(v)
                v[where] = old - eps
                gradient[where] = (up - f(v)) / (2 * eps)
                v[where] = old
            return gradient
    """,
    "prints instead of returning": """
        def grad_check(f, v, claimed):
            print(np.abs(claimed - measured_gradient(f, v)).max())
    """,
}

SPOILT = """
        def four_ways():
            def one_step(dh, x, h, W, U):
                dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
                return {one_step}

            def one_sequence(dh, x, h, W, U):
                dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
                return {one_sequence}

            def last_error(dh, x, h, W, U):
                dh = np.where(np.arange(len(dh))[:, None, None] == len(dh) - 1, dh, 0)
                return rnn_backward(dh, x, h, W, U)

            def zero_start(dh, x, h, W, U):
                h = np.concatenate([0 * h[:1], h[1:]])
                return rnn_backward(dh, x, h, W, U)

            return {order}
"""
SPOILT_RULES = {
    "one_step": "dx, dh_0, dW / len(x), dU, db",
    "one_sequence": "dx, dh_0, dW, dU / x.shape[1], db",
    "order": "one_step, one_sequence, last_error, zero_start",
}
FOUR_WAYS = {
    name: SPOILT.format(**(SPOILT_RULES | changed))
    for name, changed in {
        "is not broken": {"one_step": "dx, dh_0, dW, dU, db"},
        "the weak test sees it": {"one_sequence": "dx, 0 * dh_0, 2 * dW, 2 * dU, db"},
        "in another order": {"order": "one_sequence, one_step, last_error, zero_start"},
        "the shapes give it away": {"one_step": "dx, dh_0, dW, dU, db[None]"},
        "stops with an error": {"one_step": "dx, dh_0, dW / y, dU, db"},
        "not four functions": {"order": "one_step, one_sequence, last_error"},
    }.items()
}

GUARD = """
        def watchdog(forward, backward):
            rng = np.random.default_rng(1)
            T, B, D, H = {T}, {B}, 2, 3
            x, W, U = rng.normal(size=(T, B, D)), rng.normal(size=(D, H)), rng.normal(size=(H, H))
            h_0, b, dh = {h_0}, {b}, rng.normal(size=(T, B, H))
            {more}
            dx, dh_0, dW, dU, db = backward(dh, x, h_0, W, U, b)
            right = [
                grad_check(lambda v: np.sum(dh * forward(v, h_0, W, U, b)), x, dx),
                grad_check(lambda v: np.sum(dh * forward(x, v, W, U, b)), h_0, dh_0),
                grad_check(lambda v: np.sum(dh * forward(x, h_0, v, U, b)), W, dW),
                grad_check(lambda v: np.sum(dh * forward(x, h_0, W, v, b)), U, dU),
                grad_check(lambda v: np.sum(dh * forward(x, h_0, W, U, v)), b, db),
            ]
            return {verdict}
"""


def guard(
    T=3,
    B=2,
    h_0="rng.normal(size=(B, H))",
    b="rng.normal(size=H)",
    more="",
    verdict="not all(right)",
):
    return GUARD.format(T=T, B=B, h_0=h_0, b=b, more=more, verdict=verdict)


WATCHDOG = {
    "never runs backward": "def watchdog(forward, backward): return False",
    "never runs forward": """
        def watchdog(forward, backward):
            x, h_0 = np.ones((3, 2, 2)), np.ones((2, 3))
            W, U, b = np.ones((2, 3)), np.ones((3, 3)), np.ones(3)
            back = backward(np.ones((3, 2, 3)), x, h_0, W, U, b)
            return any(a.shape != v.shape for a, v in zip(back, (x, h_0, W, U, b)))
    """,
    "a single step": guard(T=1),
    "zero biases": guard(b="np.zeros(H)"),
    "a zero first state": guard(h_0="np.zeros((B, H))"),
    "a batch of one": guard(B=1),
    "an error at the last step only": guard(more="dh[:-1] = 0"),
    "True and False exchanged": guard(verdict="all(right)"),
    "asks for too many digits": """
        def watchdog(forward, backward):
            rng = np.random.default_rng(3)
            at = [rng.normal(size=s) for s in ((4, 3, 2), (3, 2), (2, 2), (2, 2), (2,))]
            dh = rng.normal(size=(4, 3, 2))
            for n, claimed in enumerate(backward(dh, *at)):
                loss = lambda v: np.sum(dh * forward(*at[:n], v, *at[n + 1:]))
                if not np.array_equal(claimed, measured_gradient(loss, at[n])):
                    return True
            return False
    """,
    "does not look at all five": guard(verdict="not right[2]"),
    "prints instead of returning": guard(verdict="print(all(right))"),
}

SPANS = """
        def truncated_backward(dh, x, h, W, U, span):
            T, count, total = len(x), 0, [0 * W, 0 * U, 0 * U[0]]
            for start in {starts}:
                end = {end}
                back = rnn_backward(dh[start:end], x[start:end], {h}, W, U)
                {total}
                count += 1
            return tuple(v{size} for v in total)
"""
SPAN_RULES = {
    "starts": "range(0, T, span)",
    "end": "start + span",
    "h": "h[start : end + 1]",
    "total": "total = [a + b for a, b in zip(total, back[2:])]",
    "size": "",
}
COSINE = """
        def cosine(ours, theirs):
            a = np.concatenate([v.ravel() for v in ours])
            b = np.concatenate([v.ravel() for v in theirs])
            return {cosine}
"""
TRUNCATED = {
    name: SPANS.format(**(SPAN_RULES | changed))
    for name, changed in {
        "nothing is cut": {"starts": "[0]", "end": "T"},
        "the state is cut too": {
            "h": "np.concatenate([(start == 0) * h[start : start + 1], h[start + 1 : end + 1]])"
        },
        "the last span only": {"total": "total = back[2:]"},
        "leaves out what does not fill a span": {"starts": "range(0, T - span + 1, span)"},
        "cut from the end": {
            "starts": "[max(e - span, 0) for e in range(T, 0, -span)]",
            "end": "T - count * span",
        },
        "the mean over the spans": {"size": " / count"},
        "that many spans, not spans of that length": {
            "starts": "range(0, T, -(-T // span))",
            "end": "start - (-T // span)",
        },
        "not finished": {"total": "total = [None, None, None]"},
    }.items()
} | {
    name: COSINE.format(cosine=cosine)
    for name, cosine in {
        "does not divide by the lengths": "a @ b",
        "divides by one length only": "a @ b / np.linalg.norm(a)",
        "the squares of the lengths": "a @ b / ((a @ a) * (b @ b))",
        "the angle, not its cosine": (
            "np.arccos(np.clip(a @ b / np.sqrt((a @ a) * (b @ b)), -1, 1))"
        ),
    }.items()
}
TRUNCATED["not finished"] = TRUNCATED["not finished"].replace(
    "tuple(v for v in total)", "tuple(total)"
)
TRUNCATED |= {
    "not the full gradient where nothing is cut": BACKWARD["forgot the slope of tanh"]
    + SPANS.format(**SPAN_RULES),
    "the mean of three cosines": """
        def cosine(ours, theirs):
            three = [
                np.sum(a * b) / np.linalg.norm(a) / np.linalg.norm(b)
                for a, b in zip(ours, theirs)
            ]
            return np.mean(three)
    """,
    "the first array only": """
        def cosine(ours, theirs):
            a, b = ours[0], theirs[0]
            return np.sum(a * b) / np.sqrt(np.sum(a * a) * np.sum(b * b))
    """,
}

CHOOSE = 'def prediction(): return "{}", "this is what I think will happen"'
CARRIED = {
    "A: the gradient goes where the state goes": CHOOSE.format("A"),
    "B: only noise, the average is right": CHOOSE.format("B"),
    "D: nothing of x_3 is left at step 8": CHOOSE.format("D"),
    "no reason given": 'def prediction(): return "C"',
}

WRONG = {
    "3.1": STEP_BACKWARD,
    "3.2": LADDER,
    "3.3": BACKWARD,
    "3.4": GRAD_CHECK,
    "3.5": FOUR_WAYS,
    "3.6": WATCHDOG,
    "3.7": TRUNCATED,
    "3.8": CARRIED,
}

RIGHT = {
    "3.1": [
        """
        def rnn_step_backward(dh, x, h_before, h_after, W, U):
            dz = dh - dh * h_after ** 2
            merged = np.hstack([x, h_before])
            both = dz @ np.vstack([W, U]).T
            dV = merged.T @ dz
            D = x.shape[1]
            return [both[:, :D], both[:, D:], dV[:D], dV[D:], np.ones(len(dz)) @ dz]
        """,
        """
        def rnn_step_backward(dout, x, h_prev, h_next, Wx, Wh):
            dz = (1 - np.square(h_next)) * dout
            dW = np.einsum("bd,bh->dh", x, dz)
            dU = np.einsum("bi,bj->ij", h_prev, dz)
            return np.dot(dz, Wx.T), np.dot(dz, Wh.T), dW, dU, np.sum(dz, axis=0)
        """,
        """
        def rnn_step_backward(dh, x, h_before, h_after, W, U):
            dz = dh * lt.tanh_slope(h_after)
            dW = sum(np.outer(row, d) for row, d in zip(x, dz))
            dU = sum(np.outer(row, d) for row, d in zip(h_before, dz))
            return (W @ dz.T).T, (U @ dz.T).T, dW, dU, sum(dz)
        """,
    ],
    "3.2": [
        """
        def ladder(x_1, x_2, h_0, y_1, y_2, W, U, b):
            h_1 = np.tanh(x_1 @ W + h_0 @ U + b)
            h_2 = np.tanh(x_2 @ W + h_1 @ U + b)
            dh_2 = 2 * (h_2 - y_2)
            dz_2 = dh_2 * lt.tanh_slope(h_2)
            _, back, dW_2, dU_2, db_2 = rnn_step_backward(dh_2, x_2, h_1, h_2, W, U)
            dh_1 = 2 * (h_1 - y_1) + back
            dz_1 = dh_1 * lt.tanh_slope(h_1)
            _, dh_0, dW_1, dU_1, db_1 = rnn_step_backward(dh_1, x_1, h_0, h_1, W, U)
            return dh_2, dz_2, dh_1, dz_1, dh_0, dW_1 + dW_2, dU_1 + dU_2, db_1 + db_2
        """,
        """
        def ladder(x_1, x_2, h_0, y_1, y_2, W, U, b):
            params = lt.Params(W[None], U[None], b[None], np.zeros((0, len(b))))
            h, _, trace = lt.forward(lt.RNN, params, np.stack([x_1, x_2]), lt.RNNState(h_0))
            dloss = 2 * (h - np.stack([y_1, y_2]))
            back = lt.backward(lt.RNN, params, trace, dloss)
            dh_1, dh_2 = back.flow.h[1] + 0 * dloss[0], dloss[1]
            if not np.allclose(back.flow.h[0], (dh_1 * (1 - h[0] ** 2)) @ U.T):
                dh_1 = dh_1 + dloss[0]
            grads = back.params.W[0], back.params.U[0], back.params.b[0]
            slopes = dh_2 * (1 - h[1] ** 2), dh_1 * (1 - h[0] ** 2)
            return dh_2, slopes[0], dh_1, slopes[1], back.state.h, *grads
        """,
    ],
    "3.3": [
        walk(),
        """
        def rnn_backward(dh, x, h, W, U):
            slope, dz, later = 1 - h[1:] ** 2, [], 0
            for own, s in zip(dh[::-1], slope[::-1]):
                dz.insert(0, (own + later) * s)
                later = dz[0] @ U.T
            dz = np.array(dz)
            dW = np.einsum("tbd,tbh->dh", x, dz)
            return dz @ W.T, later, dW, np.einsum("tbi,tbj->ij", h[:-1], dz), dz.sum((0, 1))
        """,
        """
        def rnn_backward(dh, x, h, W, U):
            def back(t, later):
                if t < 0:
                    return [], later, 0 * W, 0 * U, 0 * U[0]
                dx, before, *mine = rnn_step_backward(dh[t] + later, x[t], h[t], h[t + 1], W, U)
                rows, start, *others = back(t - 1, before)
                return rows + [dx], start, *(a + b for a, b in zip(mine, others))

            rows, *rest = back(len(x) - 1, np.zeros_like(h[0]))
            return np.stack(rows), *rest
        """,
    ],
    "3.4": [
        slopes(eps="2e-6") + judge(verdict="np.all(difference <= 1e-6 * size)"),
        """
        def measured_gradient(f, v):
            g = np.zeros(v.size)
            for n in range(v.size):
                e = np.zeros(v.size)
                e[n] = 1e-5
                e = e.reshape(v.shape)
                g[n] = (f(v + e) - f(v - e)) / 2e-5
            return g.reshape(v.shape)

        def grad_check(f, v, claimed):
            return np.allclose(claimed, measured_gradient(f, v), rtol=1e-6, atol=1e-9)
        """,
        """
        def measured_gradient(f, v):
            return lt.numerical_gradient(f, v)

        def grad_check(f, v, claimed):
            return lt.relative_error(claimed, measured_gradient(f, v)).max() < 1e-6
        """,
    ],
    "3.5": [
        SPOILT.format(**SPOILT_RULES),
        """
        def four_ways():
            def unpassed(dh, x, h, W, U):
                T = len(x)
                parts = [
                    rnn_backward(dh[t : t + 1], x[t : t + 1], h[t : t + 2], W, U) for t in range(T)
                ]
                dx = np.concatenate([part[0] for part in parts])
                return dx, parts[0][1], *(sum(part[n] for part in parts) for n in (2, 3, 4))

            def first_row(dh, x, h, W, U):
                dx, dh_0, dW, dU, _ = rnn_backward(dh, x, h, W, U)
                return dx, dh_0, dW, dU, rnn_backward(dh[:, :1], x[:, :1], h[:, :1], W, U)[4]

            def early(dh, x, h, W, U):
                dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
                return dx, dh_0 + np.abs(dh[:-1]).sum(), dW, dU, db

            def start(dh, x, h, W, U):
                dx, dh_0, dW, dU, db = rnn_backward(dh, x, h, W, U)
                return dx, dh_0, dW, dU + h[0].sum(), db

            return [unpassed, first_row, early, start]
        """,
    ],
    "3.6": [
        guard(),
        """
        def watchdog(forward, backward):
            rng = np.random.default_rng(3)
            at = [rng.normal(size=s) for s in ((4, 3, 2), (3, 2), (2, 2), (2, 2), (2,))]
            dh = rng.normal(size=(4, 3, 2))
            claimed = backward(dh, *at)
            for _ in range(3):
                for n in range(5):
                    way = rng.normal(size=at[n].shape)
                    up, down = list(at), list(at)
                    up[n], down[n] = at[n] + 1e-5 * way, at[n] - 1e-5 * way
                    seen = (np.sum(dh * forward(*up)) - np.sum(dh * forward(*down))) / 2e-5
                    if abs(seen - np.sum(claimed[n] * way)) > 1e-6:
                        return True
            return False
        """,
    ],
    "3.7": [
        SPANS.format(**SPAN_RULES)
        + COSINE.format(cosine="a @ b / np.linalg.norm(a) / np.linalg.norm(b)"),
        """
        def truncated_backward(dh, x, h, W, U, span):
            dW, dU, db, later = 0, 0, 0, 0
            for t in reversed(range(len(x))):
                if (t + 1) % span == 0:
                    later = 0
                dz = (dh[t] + later) * (1 - h[t + 1] ** 2)
                later = dz @ U.T
                dW, dU, db = dW + x[t].T @ dz, dU + h[t].T @ dz, db + dz.sum(0)
            return [dW, dU, db]

        def cosine(ours, theirs):
            dot = lambda a, b: sum(float((v * w).sum()) for v, w in zip(a, b))
            return dot(ours, theirs) / (dot(ours, ours) * dot(theirs, theirs)) ** 0.5
        """,
    ],
    "3.8": [
        CHOOSE.format("C"),
        'def prediction(): return ["c", "the gradient stops at the start of the span"]',
    ],
}
