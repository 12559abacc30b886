"""Answers to the exercises of chapter 00."""

WRONG = {
    "0.1": {
        "adds 2": "def double(x): return x + 2",
        "squares": "def double(x): return x * x",
        "twice as many numbers": "def double(x): return np.tile(x, 2)",
        "halves": "def double(x): return 0.5 * x",
        "writes into its arguments": """
            def double(x):
                x *= 2
                return x
        """,
        "prints instead of returning": "def double(x): print(2 * x)",
        "returns nothing": "def double(x): y = 2 * x",
        "does not end": """
            def double(x):
                y = x.copy()
                while (y != 2 * x).any():
                    y = y + 0 * x
                return y
        """,
        "other arguments": "def double(): return 2",
    },
}

RIGHT = {
    "0.1": [
        "def double(x): return x + x",
        "def double(numbers): return np.array([n * 2 for n in numbers])",
        "double = lambda x: np.multiply(x, 2)",
    ],
}
