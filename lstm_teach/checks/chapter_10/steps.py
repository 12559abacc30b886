"""The known ways to get exercise 10.1 wrong: the right step with one of its rules changed."""

import numpy as np

from ..exercise import Mistake


def step(
    total=lambda dh, dc, o, slope: dc + dh * o * slope,
    shown=lambda before, after: np.tanh(after),
    slope=lambda before, after: 1 - np.tanh(after) ** 2,
    inside=lambda total, before, after, i, g: (total * g, total * before, total * i),
    gate=lambda y: y * (1 - y),
    candidate=lambda y: 1 - y * y,
    brackets=True,
    kept=lambda total, dc, i, f: total * f,
    order=(0, 1, 2, 3),
    through=lambda U: U.swapaxes(-1, -2),
    add=lambda of_layers: of_layers.sum(axis=0),
    bias=lambda dz: dz.sum(axis=1),
    size=lambda B: 1,
):
    """The step of exercise 10.1, with each of its rules as an argument."""

    def answer(dh, dc, x, h_before, c_before, gates, c_after, W, U):
        i, f, g, o = gates
        slopes = gate(i), gate(f), candidate(g), gate(o)
        at = slope(c_before, c_after)
        whole = total(dh, dc, o, at)
        d = (*inside(whole, c_before, c_after, i, g), dh * shown(c_before, c_after))
        dz = np.stack([one * s for one, s in zip(d, slopes, strict=True)])
        if not brackets:
            first = inside(dc, c_before, c_after, i, g)
            second = inside(dh * o * at, c_before, c_after, i, g)
            dz[:3] = [a + b * s for a, b, s in zip(first, second, slopes[:3], strict=True)]
        dz = dz[list(order)]
        of_weights = x.T @ dz, h_before.T @ dz, bias(dz)
        dW, dU, db = (v / size(len(x)) for v in of_weights)
        dx = add(dz @ W.swapaxes(-1, -2))
        return dz, kept(whole, dc, i, f), dx, add(dz @ through(U)), dW, dU, db

    return answer


MISTAKES = (
    Mistake(
        "dc from the next step is left out",
        "The gradient that the carousel brings from the step after this one is left out: your dc "
        "is dh * o * slope alone. c is read twice; both readers have a say. A reader found "
        "this in a library's example: `=` in place of `+=` (mxnet, issue 4057).",
        "`dc + dh * o * (1 - tanh_c * tanh_c)`.",
        answers=(
            step(total=lambda dh, dc, o, slope: dh * o * slope),
            step(
                total=lambda dh, dc, o, slope: dh * o * slope,
                kept=lambda total, dc, i, f: (dc + total) * f,
            ),
        ),
        misconception=151,
    ),
    Mistake(
        "c hears from the next step only",
        "Your dc is what the step after this one sends, and no more. But h = o * tanh(c): this "
        "step's own output reads c too.",
        "Add `dh * o * (1 - tanh_c * tanh_c)`.",
        answers=(step(total=lambda dh, dc, o, slope: dc + 0 * dh),),
        misconception=151,
    ),
    Mistake(
        "the slope on the second summand only",
        "The slope of a layer multiplies only one of the two gradients that reach c: brackets are "
        "missing. A course printed its equations so in 2018.",
        "Add the two first and give the sum a name, dc. Then multiply.",
        answers=(step(brackets=False),),
    ),
    Mistake(
        "forgot the slope of tanh(c)",
        "On the way from h to c there is a tanh, and its slope is missing: your second summand is "
        "dh * o.",
        "`dh * o * (1 - tanh_c * tanh_c)`.",
        answers=(step(slope=lambda before, after: np.ones_like(after)),),
    ),
    Mistake(
        "1 - c² for the slope of tanh(c)",
        "Your slope is 1 - c². The slope of tanh is one minus its output squared, and the output "
        "is tanh(c), not c.",
        "`tanh_c = np.tanh(c_after)`, then `1 - tanh_c * tanh_c`.",
        answers=(step(slope=lambda before, after: 1 - after**2),),
    ),
    Mistake(
        "the old c inside tanh",
        "You take tanh of c_before. The output of a step shows the c that this step has made: "
        "h = o * tanh(c_after).",
        "`np.tanh(c_after)`.",
        answers=(
            step(
                shown=lambda before, after: np.tanh(before),
                slope=lambda before, after: 1 - np.tanh(before) ** 2,
            ),
            step(shown=lambda before, after: np.tanh(before)),
            step(slope=lambda before, after: 1 - np.tanh(before) ** 2),
        ),
        misconception=19,
    ),
    Mistake(
        "forgot tanh in the output gate's gradient",
        "Your do is dh * c. What the output gate multiplies is tanh(c).",
        "`do = dh * np.tanh(c_after)`.",
        answers=(step(shown=lambda before, after: after),),
    ),
    Mistake(
        "forgot the slopes of the layers",
        "Your dz are di, df, dg and do themselves. z is what went into the layer: the way from the "
        "layer's output back to z goes through its slope.",
        "Times y (1 - y) for i, f and o, times 1 - y² for g.",
        answers=(step(gate=np.ones_like, candidate=np.ones_like),),
    ),
    Mistake(
        "the candidate with a logistic slope",
        "All four of your slopes are y (1 - y). The candidate is a tanh layer: its slope is "
        "1 - g².",
        "`dg * (1 - g * g)`.",
        answers=(step(candidate=lambda y: y * (1 - y)),),
    ),
    Mistake(
        "the gates with the slope of tanh",
        "Your gates have the slope 1 - y², which belongs to tanh. Gates are logistic: y (1 - y).",
        "`di * i * (1 - i)`, and so for f and o.",
        answers=(step(gate=lambda y: 1 - y * y),),
    ),
    Mistake(
        "df from the new c",
        "Your df uses c_after. What f multiplied is the c that came in.",
        "`df = dc * c_before`.",
        answers=(step(inside=lambda t, before, after, i, g: (t * g, t * after, t * i)),),
    ),
    Mistake(
        "i and g exchanged",
        "Your di is dc * i and your dg is dc * g. In a product, each factor's gradient is made "
        "with the other factor.",
        "`di = dc * g`, `dg = dc * i`.",
        answers=(step(inside=lambda t, before, after, i, g: (t * i, t * before, t * g)),),
    ),
    Mistake(
        "dc_before without f",
        "Your dc_before is dc as it is. On the way from c_before to c there is one factor, f.",
        "`dc_before = dc * f`, with the whole dc.",
        answers=(
            step(kept=lambda total, dc, i, f: total),
            step(kept=lambda total, dc, i, f: dc),
        ),
    ),
    Mistake(
        "dc_before from one reader only",
        "Your dc_before carries on what came from the step after, and leaves out what this step's "
        "own h says of c.",
        "Add both gradients of c first. Everything below uses the sum, dc_before too.",
        answers=(step(kept=lambda total, dc, i, f: dc * f),),
        misconception=151,
    ),
    Mistake(
        "the layers in another order",
        "The rows of your dz are in another order. In this book it is i f g o, everywhere; other "
        "libraries have others.",
        "`np.stack([dz_i, dz_f, dz_g, dz_o])`.",
        answers=(
            step(order=(0, 1, 3, 2)),
            step(order=(1, 0, 2, 3)),
            step(order=(1, 2, 0, 3)),
            step(order=(1, 0, 3, 2)),
        ),
    ),
    Mistake(
        "U not transposed",
        "You send dz through U where it has to go through its transpose. U is square, so its shape "
        "cannot warn you.",
        "`dz[k] @ U[k].T`.",
        answers=(step(through=lambda U: U),),
    ),
    Mistake(
        "the four layers are not added",
        "x and h_before are read by four layers, and each sends something back. Where paths meet, "
        "they add.",
        "One sum over k for dx, one for dh_before.",
        answers=(
            step(add=lambda of_layers: of_layers),
            step(add=lambda of_layers: of_layers[0]),
            step(add=lambda of_layers: of_layers[-1]),
            step(add=lambda of_layers: of_layers.mean(axis=0)),
        ),
    ),
    Mistake(
        "bias not summed",
        "Your db has a row for each sequence. Every sequence of the batch used the same bias: its "
        "gradient is the sum over the batch.",
        "dz is (4, B, H): `dz.sum(axis=1)` is (4, H).",
        answers=(step(bias=lambda dz: dz), step(bias=lambda dz: dz[:, 0])),
    ),
    Mistake(
        "the mean over the batch",
        "You take the mean over the batch where the sum is wanted. If the loss is a mean, dh and "
        "dc have that factor in them already.",
        "`x.T @ dz[k]` sums by itself; `dz.sum(axis=1)`.",
        answers=(step(size=lambda B: B), step(bias=lambda dz: dz.mean(axis=1))),
    ),
)
