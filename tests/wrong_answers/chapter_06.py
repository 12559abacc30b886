"""Answers to the exercises of chapter 06."""


def step(c="c + i * g", h="o * np.tanh(c)", **layers):
    """The text of a step in which these lines stand."""
    said = {"i": "lt.logistic(z[0])", "g": "np.tanh(z[1])", "o": "lt.logistic(z[2])"} | layers
    z = said.pop("z", "x @ W + h @ U + b[:, None]")
    back = said.pop("back", "h, c")
    lines = [f"z = {z}", *(f"{name} = {text}" for name, text in said.items())]
    lines += ["before = c", f"c = {c}", f"h = {h}", f"return {back}"]
    return "def carousel_step(x, h, c, W, U, b):\n" + "".join(f"    {line}\n" for line in lines)


STEP = {
    "puts a forget gate in": step(c="c * (1 - i) + g * i"),
    "tanh on the carousel": step(c="np.tanh(c + i * g)", h="o * c"),
    "the old c is lost": step(c="i * g"),
    "the input gate on everything": step(c="i * c + i * g"),
    "no input gate": step(c="c + g"),
    "shows the old c": step(h="o * np.tanh(before)"),
    "no tanh on the way out": step(h="o * c"),
    "no output gate": step(h="np.tanh(c)"),
    "the output gate inside the tanh": step(h="np.tanh(o * c)"),
    "layers in another order": step(g="np.tanh(z[2])", o="lt.logistic(z[1])"),
    "the squashings of the paper": step(
        g="4 * lt.logistic(z[1]) - 2", h="o * (2 * lt.logistic(c) - 1)"
    ),
    "a logistic candidate": step(g="lt.logistic(z[1])"),
    "gates with tanh": step(i="np.tanh(z[0])", o="np.tanh(z[2])"),
    "forgot the bias": step(z="x @ W + h @ U"),
    "U transposed": step(z="x @ W + h @ U.swapaxes(1, 2) + b[:, None]"),
    "c first, then h": step(back="c, h"),
    "prints instead of returning": """
        def carousel_step(x, h, c, W, U, b):
            print(c)
    """,
}

PAPER = {
    "doubles in place of halving": """
        def from_the_paper(W, U, b):
            W, U, b = W.copy(), U.copy(), b.copy()
            for v in (W, U, b):
                v[1] *= 2
            return W, U, b
    """,
    "halves every layer": "def from_the_paper(W, U, b): return W / 2, U / 2, b / 2",
    "leaves the bias as it is": """
        def from_the_paper(W, U, b):
            W, U = W.copy(), U.copy()
            W[1], U[1] = W[1] / 2, U[1] / 2
            return W, U, b
    """,
    "leaves U as it is": """
        def from_the_paper(W, U, b):
            W, b = W.copy(), b.copy()
            W[1], b[1] = W[1] / 2, b[1] / 2
            return W, U, b
    """,
    "halves a gate": """
        def from_the_paper(W, U, b):
            new = [v.copy() for v in (W, U, b)]
            for v in new:
                v[2] /= 2
            return new
    """,
    "a quarter": """
        def from_the_paper(W, U, b):
            new = [v.copy() for v in (W, U, b)]
            for v in new:
                v[1] /= 4
            return tuple(new)
    """,
    "changes nothing": "def from_the_paper(W, U, b): return W, U, b",
    "writes into its arguments": """
        def from_the_paper(W, U, b):
            for v in (W, U, b):
                v[1] /= 2
            return W, U, b
    """,
}

LEAK = {
    "the fraction upside down": "def steps_to_half(leak): return np.log2(leak) / np.log2(0.5)",
    "a negative number of steps": "def steps_to_half(leak): return np.log(2) / np.log(leak)",
    "a straight line": "def steps_to_half(leak): return 1 / (2 * (1 - leak))",
    "1 / (1 - leak)": "def steps_to_half(leak): return 1 / (1 - leak)",
    "rounded": """
        def steps_to_half(leak):
            c, n = 1.0, 0
            while c > 0.5 + 1e-12:
                c, n = leak * c, n + 1
            return float(n)
    """,
    "until 1/e is left": "def steps_to_half(leak): return 1 / -np.log(leak)",
    "½ to the power of the steps": "def leak_for(steps): return 0.5**steps",
    "a leak above 1": "def leak_for(steps): return 0.5 ** (-1 / steps)",
    "loses the same amount each step": "def leak_for(steps): return 1 - 1 / (2 * steps)",
    "1 - 1 / n": "def leak_for(steps): return (steps - 1) / steps",
    "1/e in place of one half": "def leak_for(steps): return np.e ** (-1 / steps)",
}

CONFLICT = {
    "no gate": "def remember(w, x, i): return (w * x).sum(axis=0)",
    "the gate on what is carried": """
        def remember(w, x, i):
            c = 0 * x[0]
            for x_t, i_t in zip(x, i):
                c = i_t * (c + w * x_t)
            return c
    """,
    "only the last step": """
        def remember(w, x, i):
            for t in range(len(x)):
                c = i[t] * w * x[t]
            return c
    """,
    "sums over the batch": "def remember(w, x, i): return np.sum(w * i * x, axis=-1)",
    "the mean, not the sum": "def remember(w, x, i): return w * np.mean(i * x, axis=0)",
    "every c, not the last": "def remember(w, x, i): return (w * i * x).cumsum(axis=0)",
    "A: a small weight protects": 'def one_weight(): return "A", "a small one keeps noise small"',
    "B: a large weight writes": 'def one_weight(): return "b", "large ones write the key firmly"',
    "C: one in the middle": 'def one_weight(): return "C)", "the best lies in the middle"',
    "E: a negative weight": 'def one_weight(): return ("E", "it turns the noise around")',
    "no reason given": 'def one_weight(): return "D", ""',
}


def back(dc="told[::-1].cumsum(axis=0)[::-1]", told="dh * o * (1 - s**2)", seen="c[1:]", **errors):
    """The text of a way back in which these lines stand."""
    said = {
        "dz_i": "dc * g * i * (1 - i)",
        "dz_g": "dc * i * (1 - g * g)",
        "dz_o": "dh * s * o * (1 - o)",
    } | errors
    lines = [f"s = np.tanh({seen})", f"told = {told}", f"dc = {dc}"]
    lines += [f"{name} = {text}" for name, text in said.items()]
    lines += ["return dc, dz_i, dz_g, dz_o"]
    return "def truncated_back(dh, i, g, o, c):\n" + "".join(f"    {line}\n" for line in lines)


TRUNCATED = {
    "sums from the wrong end": back(dc="told.cumsum(axis=0)"),
    "not turned back": back(dc="np.flip(told, 0).cumsum(axis=0)"),
    "no carousel": back(dc="told"),
    "without its own step": back(dc="told[::-1].cumsum(axis=0)[::-1] - told"),
    "the whole sum at every step": back(dc="told.sum(axis=0) + 0 * told"),
    "sums over the batch": back(dc="np.flip(np.flip(told, 1).cumsum(axis=1), 1)"),
    "fades on the way": """
        def truncated_back(dh, i, g, o, c):
            s = np.tanh(c[1:])
            dc, rows = 0 * dh[0], []
            for t in reversed(range(len(dh))):
                dc = 0.9 * dc + (dh * o * (1 - s**2))[t]
                rows.append(dc)
            dc = np.stack(rows[::-1])
            return dc, dc * g * i * (1 - i), dc * i * (1 - g**2), dh * s * o * (1 - o)
    """,
    "the cell state of the step before": back(seen="c[:-1]"),
    "forgets the second tanh": back(told="dh * o"),
    "forgets the output gate": back(told="dh * (1 - s**2)"),
    "i and g exchanged": back(dz_i="dc * i * i * (1 - i)", dz_g="dc * g * (1 - g * g)"),
    "no slopes of the layers": back(dz_i="dc * g", dz_g="dc * i", dz_o="dh * s"),
    "the candidate with a logistic slope": back(dz_g="dc * i * g * (1 - g)"),
    "the output gate rides along": back(dz_o="dc * s * o * (1 - o)"),
    "the output gate without the tanh": back(dz_o="dh * c[1:] * o * (1 - o)"),
    "not finished": """
        def truncated_back(dh, i, g, o, c):
            told = dh * o * (1 - np.tanh(c[1:]) ** 2)
            return told[::-1].cumsum(axis=0)[::-1], None, None, None
    """,
}

UNBOUNDED = {
    "beyond 10": "def growing(): return 0, 1000, 0, 1000",
    "the input gate is not open": "def growing(): return 10, 0, 0, 10",
    "what is written cancels": "def growing(): return 0, 10, 10, 0",
    "the candidate is too small": "def growing(): return 0, 10, 0, 1",
    "bounded by tanh": "def bound_on_c(c_0, i): return np.ones(i.shape)",
    "each step alone": "def bound_on_c(c_0, i): return i + abs(c_0)",
    "without the start": "def bound_on_c(c_0, i): return i.cumsum(axis=0)",
    "the start with its sign": "def bound_on_c(c_0, i): return c_0 + i.cumsum(axis=0)",
    "the number of steps": """
        def bound_on_c(c_0, i):
            return np.abs(c_0) + np.ones(i.shape).cumsum(axis=0)
    """,
    "sums over the units": "def bound_on_c(c_0, i): return np.abs(c_0) + i.cumsum(axis=-1)",
    "one step late": """
        def bound_on_c(c_0, i):
            rows = [np.abs(c_0)]
            for i_t in i:
                rows.append(rows[-1] + i_t)
            return np.stack(rows[:-1])
    """,
}


def run(before="", inside="", end="answers.append(h)"):
    """The text of a run over sequences in which these lines stand."""
    return f"""
        def answers_in_a_stream(step, sequences, reset):
            h, c, answers = np.zeros(1), np.zeros(1), []
            for x in sequences:
                {before or "pass"}
                for x_t in x:
                    {inside or "pass"}
                    h, c = step(x_t, h, c)
                {end}
            return np.array(answers)
    """


ZERO = "h, c = np.zeros(1), np.zeros(1)"

STREAM = {
    "always resets": run(ZERO),
    "never resets": run(),
    "True and False exchanged": run(f"if not reset: {ZERO}"),
    "resets h only": run("if reset: h = np.zeros(1)"),
    "resets c only": run("if reset: c = np.zeros(1)"),
    "reads c": run(f"if reset: {ZERO}", end="answers.append(c)"),
    "resets at every step": run(inside=f"if reset: {ZERO}"),
    "nothing is carried": run(inside=ZERO),
    "A: it forgets": 'def broken(): return "A", "the old values fade away"',
    "B: tanh alone is to blame": 'def broken(): return "B", "tanh has become flat there"',
    "D: shut the input gate": 'def broken(): return "d", "nothing new must come in"',
    "E: a larger readout": 'def broken(): return "E", "h is too small then"',
    "no reason given": 'def broken(): return "C"',
}

FLAT = {
    "A: it fades on the way": 'def rides(): return "A", "a thousand steps are many"',
    "C: the fuller cell hears more": 'def rides(): return "C", "forty is more than that"',
    "D: constant means the same for all": 'def rides(): return "D.", "it is called constant error"',
    "no reason given": 'def rides(): return "B"',
}

WRONG = {
    "6.1": STEP,
    "6.2": PAPER,
    "6.3": LEAK,
    "6.4": CONFLICT,
    "6.5": TRUNCATED,
    "6.6": UNBOUNDED,
    "6.7": STREAM,
    "6.8": FLAT,
}

RIGHT = {
    "6.1": [
        step(),
        """
        def carousel_step(x, h, c, W, U, b):
            seen = np.concatenate([x, h], axis=1)
            z = [seen @ np.concatenate([W[k], U[k]]) + b[k] for k in range(3)]
            i, o = [(1 + np.tanh(v / 2)) / 2 for v in (z[0], z[2])]
            new = np.tanh(z[1])
            new *= i
            new += c
            return [o * np.tanh(new), new]
        """,
    ],
    "6.2": [
        """
        def from_the_paper(W, U, b):
            new = [v.copy() for v in (W, U, b)]
            for v in new:
                v[1] /= 2
            return new
        """,
        """
        def from_the_paper(W, U, b):
            def half(v):
                return np.stack([v[0], v[1] / 2, v[2]])

            return half(W), half(U), half(b)
        """,
    ],
    "6.3": [
        """
        def steps_to_half(leak):
            return -1 / np.log2(leak)

        def leak_for(steps):
            return np.exp(-np.log(2) / steps)
        """,
        """
        import math

        def steps_to_half(leak):
            return math.log(0.5, leak)

        def leak_for(steps):
            return 2 ** (-1 / steps)
        """,
    ],
    "6.4": [
        """
        def remember(w, x, i):
            c = np.zeros(x.shape[1])
            for x_t, i_t in zip(x, i):
                c = c + i_t * w * x_t
            return c

        def one_weight():
            return ("d", "all rows of the table without a gate are the same")
        """,
        """
        def remember(w, x, i):
            return w * np.einsum("tb,tb->b", x, i)

        def one_weight():
            return ["D)", "the ratio of key to noise has no w in it"]
        """,
    ],
    "6.5": [
        back(),
        """
        def truncated_back(dh, i, g, o, c):
            dc, rows = np.zeros_like(dh[0]), []
            for t in reversed(range(len(dh))):
                dc = dc + dh[t] * o[t] / np.cosh(c[t + 1]) ** 2
                rows.insert(0, dc)
            dc = np.array(rows)
            return [
                dc,
                lt.logistic_slope(i) * dc * g,
                lt.tanh_slope(g) * dc * i,
                lt.logistic_slope(o) * dh * np.tanh(c[1:]),
            ]
        """,
    ],
    "6.6": [
        """
        def growing():
            return [1, 9, -2, -7.5]

        def bound_on_c(c_0, i):
            rows, most = [], abs(c_0)
            for i_t in i:
                most = most + i_t
                rows.append(most)
            return np.array(rows)
        """,
        """
        def growing():
            return np.array([-2.0, 10.0, 0.0, 9.0])

        def bound_on_c(c_0, i):
            return np.cumsum(np.vstack([np.abs(c_0), i]), axis=0)[1:]
        """,
    ],
    "6.7": [
        run(f"if reset: {ZERO}")
        + """
        def broken():
            return "C", "the old sum is still in the cell"
        """,
        """
        def answers_in_a_stream(step, sequences, reset):
            state, answers = None, []
            for x in sequences:
                if reset or state is None:
                    state = np.zeros(1), np.zeros(1)
                for x_t in x:
                    state = step(x_t, *state)
                answers += [state[0]]
            return np.stack(answers)

        def broken():
            return ("c", "nothing ever empties c between sequences")
        """,
    ],
    "6.8": [
        'def rides(): return "b", "no slope at forty, and no loss on the way"',
        'def rides(): return ["B.", "getting on costs the slope of tanh"]',
    ],
}
