"""A house style for the book's matplotlib figures, and the picture of a trace.

matplotlib is loaded when a figure is drawn, not when this file is imported.
"""

import numpy as np

# Readable at the width of a notebook; colours that colour-blind readers can tell apart
# (Okabe & Ito 2008, darkened for a white page), each with a dash and a marker of its own.
COLOURS = ("#005f9e", "#b34700", "#00795a", "#8e3d78", "#5c5c5c", "#8a6d00")
DASHES = ("-", (0, (5, 1.5)), (0, (1.2, 1.2)), (0, (6, 1.5, 1.2, 1.5)), (0, (8, 2)), (0, (2, 2)))
MARKERS = ("o", "s", "^", "D", "v", "X")


def book_style():
    """A context in which matplotlib draws in the style of the book.

        with lt.drawing.book_style():
            figure, ax = plt.subplots()

    Lines differ in colour, dash and marker. Chapter 2.
    """
    import matplotlib as mpl
    from cycler import cycler

    return mpl.rc_context(
        {
            "figure.figsize": (8, 3.6),
            "figure.constrained_layout.use": True,
            "font.size": 13,
            "axes.titlesize": 14,
            "axes.titlelocation": "left",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.grid": True,
            "axes.axisbelow": True,
            "grid.color": "#dde3ea",
            "lines.linewidth": 2.2,
            "lines.markersize": 6,
            "lines.markeredgewidth": 0,
            "legend.frameon": False,
            "axes.prop_cycle": cycler(color=COLOURS)
            + cycler(linestyle=DASHES)
            + cycler(marker=MARKERS),
        }
    )


def trace_heatmap(values, *, steps=None, units=None, title=None, gate=False):
    """Draw a trace: one column a time step, one row a unit, colour and number for the value.

    values (T, H): one sequence of a trace, such as trace.states.h[:, 0] or trace.gates.g[:, 0].
    steps: T labels for the columns (1 .. T if not given); units: H labels for the rows.
    gate: True for values between 0 and 1; otherwise the colours are centred on 0.
    The numbers are written into the fields where there are at most 160.
    Returns a matplotlib Figure for `show`. Raises ValueError that says what was expected.
    Chapter 2.
    """
    values = _expect_trace(values)
    T, H = values.shape
    steps = _expect_labels("steps", steps, range(1, T + 1), T)
    units = _expect_labels("units", units, range(1, H + 1), H)
    reach = max(1.0, float(np.abs(values).max()))
    low, high, colours = (0, reach, "cividis") if gate else (-reach, reach, "RdBu_r")

    from matplotlib import pyplot as plt

    with book_style():
        figure, ax = plt.subplots(figsize=(8, min(6.0, 1.3 + 0.42 * H)))
        image = ax.imshow(values.T, cmap=colours, vmin=low, vmax=high, aspect="auto")
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        ax.tick_params(length=0)
        every = max(1, -(-T // 24))
        ax.set_xticks(range(0, T, every), steps[::every])
        every = max(1, -(-H // 12))
        ax.set_yticks(range(0, H, every), units[::every])
        ax.set(xlabel="time step", ylabel="unit", title=title or "")
        figure.colorbar(image, ax=ax, pad=0.02).outline.set_visible(False)
        if T * H <= 160 and T <= 16:
            _write_numbers(ax, image, values)
    return figure


def _write_numbers(ax, image, values):
    """Each value on its field, in the one of black and white that reads better there."""
    size = 12 if len(values) <= 10 else 9
    for (t, unit), value in np.ndenumerate(values):
        red, green, blue, _ = image.cmap(image.norm(value))
        dark = 0.2126 * red**2.2 + 0.7152 * green**2.2 + 0.0722 * blue**2.2 < 0.18
        ax.text(
            t,
            unit,
            signed(value),
            ha="center",
            va="center",
            fontsize=size,
            color="white" if dark else "black",
        )


def signed(value):
    """The number as the figures write it: two decimals, always with its sign."""
    text = f"{value:+.2f}".replace("-", "−")
    return "0.00" if text in ("+0.00", "−0.00") else text


def _expect_trace(values):
    values = np.asarray(values)
    if values.ndim == 3:
        raise ValueError(
            f"values has shape {values.shape}, three axes; expected (T, H). "
            "Choose one sequence of the batch: values[:, 0]."
        )
    if values.ndim != 2 or 0 in values.shape:
        raise ValueError(f"values has shape {values.shape}; expected (T, H), no axis empty.")
    if values.dtype.kind not in "fiub" or not np.isfinite(values).all():
        raise ValueError("values holds something that is no finite number; nothing can be drawn.")
    return values.astype(float)


def _expect_labels(name, labels, default, count):
    labels = [str(label) for label in (default if labels is None else labels)]
    if len(labels) != count:
        raise ValueError(f"{name} has {len(labels)} labels; expected {count}.")
    return labels
