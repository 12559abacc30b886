"""Answers to the exercises of chapter 09."""

NAMES = {
    "A": "c_before",
    "E": "h_before",
    "J": "merged",
    "L": "f",
    "M": "i",
    "N": "g",
    "Q": "o",
    "R": "kept",
    "S": "written",
    "V": "c",
    "Y": "tanh_c",
    "Z": "h",
}


def wires(**changed):
    return f"def wires(): return {NAMES | changed}"


DIAGRAM = {
    "i and f exchanged": wires(L="i", M="f"),
    "g and o exchanged": wires(N="o", Q="g"),
    "i and g exchanged": wires(M="g", N="i"),
    "c_before and h_before exchanged": wires(A="h_before", E="c_before"),
    "c and h exchanged": wires(V="h", Z="c"),
    "tanh_c and h exchanged": wires(Y="h", Z="tanh_c"),
    "tanh_c and c exchanged": wires(V="tanh_c", Y="c"),
    "kept and written exchanged": wires(R="written", S="kept"),
    "one layer": "def count_lstm(D, H): return H * (D + H + 1)",
    "three layers": "def count_lstm(D, H): return 3 * H * (D + H + 1)",
    "no biases counted": "def count_lstm(D, H): return 4 * H * (D + H)",
    "one bias for all layers": "def count_lstm(D, H): return 4 * H * (D + H) + H",
    "two biases a layer": "def count_lstm(D, H): return 4 * H * (D + H + 2)",
    "c counted as input of the layers": "def count_lstm(D, H): return 4 * H * (D + 2 * H + 1)",
}

RIGHT_STEP = """
def lstm_step(x, h, c, W, U, b):
    s = lambda z: 1 / (1 + np.exp(-z))
    i = s(x @ W[0] + h @ U[0] + b[0])
    f = s(x @ W[1] + h @ U[1] + b[1])
    g = np.tanh(x @ W[2] + h @ U[2] + b[2])
    o = s(x @ W[3] + h @ U[3] + b[3])
    c_new = f * c + i * g
    h_new = o * np.tanh(c_new)
    return h_new, c_new
"""


def step(*changes):
    text = RIGHT_STEP
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return text


CELL, SHOW = "c_new = f * c + i * g", "h_new = o * np.tanh(c_new)"
STEP = {
    "tanh of the old c": step((SHOW, "h_new = o * np.tanh(c)")),
    "no tanh on the way out": step((SHOW, "h_new = o * c_new")),
    "the new c is squashed": step(
        (CELL, "c_new = np.tanh(f * c + i * g)"), (SHOW, "h_new = o * c_new")
    ),
    "i and f exchanged": step((CELL, "c_new = i * c + f * g")),
    "the order i f o g": step(("g = ", "k = "), ("o = s", "g = np.tanh"), ("k = np.tanh", "o = s")),
    "no forget gate": step((CELL, "c_new = c + i * g")),
    "no input gate": step((CELL, "c_new = f * c + g")),
    "i is taken for 1 - f": step((CELL, "c_new = f * c + (1 - f) * g")),
    "brackets: f times everything": step((CELL, "c_new = f * (c + i * g)")),
    "no output gate": step((SHOW, "h_new = np.tanh(c_new)")),
    "the candidate is squashed like a gate": step(("g = np.tanh", "g = s")),
    "the gates are squashed with tanh": step(("1 / (1 + np.exp(-z))", "np.tanh(z)")),
    "forgot the biases": step(*((f" + b[{k}]", "") for k in range(4))),
    "one bias for all layers": step(*((f"b[{k}]", "b[0]") for k in (1, 3))),
    "W and U exchanged": step(("@ W", "@ V"), ("@ U", "@ W"), ("@ V", "@ U")),
    "U transposed": step(*((f"U[{k}]", f"U[{k}].T") for k in range(4))),
    "does not use h": step(*((f" + h @ U[{k}]", "") for k in range(4))),
    "h and c returned in the other order": step(("return h_new, c_new", "return c_new, h_new")),
    "writes into its arguments": step((CELL, "c *= f; c += i * g; c_new = c")),
    "not finished": step(("return h_new, c_new", "return h_new, None")),
}

LOOP = """
def lstm_forward(x, h, c, W, U, b):
    hs, cs = [], []
    for x_t in x:
        {results} = lstm_step(x_t, h, c, W, U, b)
        hs.append({h})
        cs.append({c})
    return np.stack(hs), np.stack(cs)
"""
RIGHT_FORWARD = LOOP.format(results="h, c", h="h", c="c")


def forward(old, new):
    assert old in RIGHT_FORWARD
    return RIGHT_FORWARD.replace(old, new)


LINE = "h, c = lstm_step(x_t, h, c, W, U, b)"
APPENDED = "        hs.append(h)\n        cs.append(c)\n"
FORWARD = {
    "c is not carried": LOOP.format(results="h, c_new", h="h", c="c_new"),
    "h is not carried": LOOP.format(results="h_new, c", h="h_new", c="c"),
    "starts again at every step": """
        def lstm_forward(x, h, c, W, U, b):
            rows = [lstm_step(x_t, h, c, W, U, b) for x_t in x]
            return np.stack([r[0] for r in rows]), np.stack([r[1] for r in rows])
    """,
    "h and c change places on the way": LOOP.format(results="c, h", h="c", c="h"),
    "ignores the state it is given": forward(
        "hs, cs = [], []", "hs, cs, h, c = [], [], np.zeros(h.shape), np.zeros(c.shape)"
    ),
    "returns only the last step": forward("np.stack(hs), np.stack(cs)", "h, c"),
    "one step late": forward(f"{LINE}\n{APPENDED}", f"{APPENDED.strip()}\n        {LINE}\n"),
    "returns the start as well": forward("hs, cs = [], []", "hs, cs = [h], [c]"),
    "returns h twice": forward("np.stack(hs), np.stack(cs)", "np.stack(hs), np.stack(hs)"),
    "loops over the batch": """
        def lstm_forward(x, h, c, W, U, b):
            hs, cs = [], []
            for t in range(x.shape[1]):
                h, c = lstm_step(x[:, t], h, c, W, U, b)
                hs.append(h)
                cs.append(c)
            return np.stack(hs, 1), np.stack(cs, 1)
    """,
    "not finished": forward("np.stack(hs), np.stack(cs)", "np.stack(hs), None"),
    "does not end": forward("    for x_t in x:", "    x_t = x[0]\n    while True:"),
}
FORWARD |= {
    f"in the step: {name}": f"{STEP[name]}\n{RIGHT_FORWARD}"
    for name in (
        "tanh of the old c",
        "no tanh on the way out",
        "the new c is squashed",
        "i and f exchanged",
        "the order i f o g",
        "no forget gate",
        "one bias for all layers",
    )
}


def design(name, right):
    """Cells that define the right design with some layers changed."""

    def changed(**layers):
        return f"def {name}(): return {right | layers}"

    return changed


latch = design(
    "lstm_latch",
    {"i": [20, 0, 0, -10], "f": [0, -20, 0, 10], "g": [0, 0, 0, 5], "o": [0, 0, 0, 10]},
)
LATCH = {
    "set and reset exchanged": latch(i=[0, 20, 0, -10], f=[-20, 0, 0, 10]),
    "it leaks, f is below 1": latch(f=[0, -20, 0, 3]),
    "it writes in silence": latch(i=[10, 0, 0, -2]),
    "the reset takes away in place of forgetting": latch(
        i=[20, 20, 0, -10], f=[0, 0, 0, 10], g=[10, -10, 0, 0]
    ),
    "the reset does not empty c": latch(f=[0, 0, 0, 10]),
    "the reset writes as well": latch(i=[20, 20, 0, -10]),
    "the set pulse writes too little": latch(g=[0, 0, 0, 0.2]),
    "the output gate hides it": latch(o=[20, 0, 0, -10]),
}

counter = design(
    "lstm_counter", {"i": [20, 0, -10], "f": [0, 0, 10], "g": [0, 0, 0.05], "o": [0, 0, 10]}
)
COUNTER = {
    "an event wipes the count": counter(f=[-20, 0, 10]),
    "it leaks, f is below 1": counter(f=[0, 0, 3]),
    "it counts in silence, i is open between events": counter(i=[10, 0, 0]),
    "it saturates in tanh": counter(g=[0, 0, 5]),
    "there is nothing to write": counter(g=[0, 0, 0]),
    "its steps are too small to see": counter(g=[0, 0, 0.002]),
    "it runs downwards": counter(g=[0, 0, -0.05]),
    "the output gate hides it": counter(o=[20, 0, -10]),
}

since = design(
    "lstm_since", {"i": [-20, 0, 10], "f": [-20, 0, 10], "g": [0, 0, 0.05], "o": [0, 0, 10]}
)
SINCE = {
    "it never starts again": since(f=[0, 0, 10]),
    "f is turned round": since(f=[20, 0, -10]),
    "it counts the events, not the steps": since(i=[20, 0, -10], f=[0, 0, 10]),
    "nothing is added between events": since(i=[20, 0, -10]),
    "it leaks, f is below 1": since(f=[-10, 0, 1]),
    "it saturates in tanh": since(g=[0, 0, 5]),
    "there is nothing to write": since(g=[0, 0, 0]),
    "its steps are too small to see": since(g=[0, 0, 0.002]),
    "it runs downwards": since(g=[0, 0, -0.05]),
    "the output gate hides it": since(o=[20, 0, -10]),
}

toggle = design(
    "lstm_toggle", {"i": [20, 0, -10], "f": [-20, 0, 10], "g": [0, -15, 5], "o": [0, 0, 10]}
)
TOGGLE = {
    "it cannot know whether it is on": toggle(g=[0, 0, 5]),
    "it leaks, f is below 1": toggle(f=[-10, 0, 3]),
    "it acts in silence, i is open between events": toggle(i=[10, 0, 0]),
    "the output gate hides it from its own gates": toggle(o=[20, 0, -10]),
    "the first event does nothing": toggle(g=[0, -15, 0]),
    "h does not turn g round": toggle(g=[0, -5, 5]),
    "i is shut at events": toggle(i=[0, 0, -10]),
}

SHUT_ONCE = {
    "A: shown or not, nothing follows from it": 'shut_at_four = "A", "o comes last in the step"',
    "B: what is not shown is lost": 'shut_at_four = "B", "what is shut out is gone"',
    "D: as in the chapter": 'shut_at_four = "D", "the gates of step 5 hear h_4"',
    "E: only the step after": 'shut_at_four = "E", "h_5 hears h_4 and no more"',
    "no reason given": 'def shut_at_four(): return "C", ""',
}

WRONG = {
    "9.1": DIAGRAM,
    "9.2": STEP,
    "9.3": FORWARD,
    "9.4": LATCH,
    "9.5": COUNTER,
    "9.6": SINCE,
    "9.7": TOGGLE,
    "9.8": SHUT_ONCE,
}

RIGHT = {
    "9.1": [
        f"wires = {NAMES}\n\ndef count_lstm(D, H): return 4 * H * (D + H + 1)",
        f"""
def wires():
    return {{key.lower(): name for key, name in {NAMES}.items()}}

def count_lstm(D, H):
    return sum(v.size for v in lt.init(lt.LSTM, np.random.default_rng(0), D, H))
""",
    ],
    "9.2": [
        RIGHT_STEP,
        """
        def lstm_step(x, h, c, W, U, b):
            z_i, z_f, z_g, z_o = x @ W + h @ U + b[:, None]
            c = lt.logistic(z_f) * c + lt.logistic(z_i) * np.tanh(z_g)
            return lt.logistic(z_o) * np.tanh(c), c
        """,
        """
        def lstm_step(x, h, c, W, U, b):
            V = np.concatenate([np.concatenate([W, U], 1)[k] for k in range(4)], 1)
            z = np.concatenate([x, h], 1) @ V + b.reshape(-1)
            z_i, z_f, z_g, z_o = np.split(z, 4, axis=1)
            sigma = lambda z: (1 + np.tanh(z / 2)) / 2
            new = sigma(z_f) * c + sigma(z_i) * np.tanh(z_g)
            return [sigma(z_o) * np.tanh(new), new]
        """,
    ],
    "9.3": [
        RIGHT_FORWARD,
        """
        def lstm_forward(x, h, c, W, U, b):
            params = lt.Params(W, U, b, np.zeros((0, h.shape[1])))
            _, _, trace = lt.forward(lt.LSTM, params, x, lt.LSTMState(h, c))
            return trace.states.h[1:], trace.states.c[1:]
        """,
        """
        def lstm_forward(x, h, c, W, U, b):
            out = np.zeros((2, len(x), *h.shape))
            for t in range(len(x)):
                h, c = out[:, t] = lstm_step(x[t], h, c, W, U, b)
            return tuple(out)
        """,
    ],
    "9.4": [
        "lstm_latch = dict(i=[9, 9, 0, -7], f=[-20, -20, 0, 10], g=[9, -9, 0, 0], o=(0, 0, 0, 9))",
        latch(i=[50, 0, 0, -25], f=[0, -50.0, 0, 25], o=[0, 0, 0, 30]),
        latch(f=[-20, -20, 0, 10], g=[0, 0, 3, 3]),
    ],
    "9.5": [
        counter(g=[0.08, 0, 0]),
        counter(i=[12, 0, -15], g=[0, 0, 1]),
        counter(f=[3, 0, 12], o=[0, 0, 0], g=[0, 0, 0.07]),
    ],
    "9.6": [
        since(i=[0, 0, 10]),
        since(f=[-30, 0, 20], i=[-15, 0, 8], g=[-4, 0, 0.06]),
        since(i=[0, 0, -3], g=[0, 0, 5]),
    ],
    "9.7": [
        toggle(i=[20, -40, -10], g=[0, 0, 5]),
        toggle(f=[0, 0, 10], g=[0, -13, 5]),
        toggle(g=[0, -30, 10], f=[-30, 0, 15]),
    ],
    "9.8": [
        'def shut_at_four(): return "C", "only o hears h, and o stands behind c"',
        'shut_at_four = ["c)", "no gate before c hears h"]',
        'shut_at_four = ("C", "h_4 goes into o_5 and into nothing else")',
    ],
}
