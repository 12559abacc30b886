"""The item statistics as a picture."""

import io

from .plain import number_of

# What became of a test: its words, its colour, its pattern. None speaks by colour alone.
PARTS = {
    "passed": ("passed", "#005f9e", None, "white"),
    "lost": ("lost", "#f0b08a", "////", "#16202a"),
    "not_attempted": ("not attempted", "#e4e9ee", "...", "#16202a"),
    "by_hand": ("for a person", "#ffffff", None, "#16202a"),
}


def drawn(found):
    """A PNG as bytes: a bar for each test, and beside it its most frequent known mistake."""
    from matplotlib.figure import Figure

    from ..drawing import book_style

    items = found["items"]
    with book_style():
        figure = Figure(figsize=(11, 1.8 + 0.55 * max(1, len(items))), dpi=110)
        ax = figure.subplots()
        left = [0] * len(items)
        for name, (words, colour, pattern, ink) in PARTS.items():
            counts = [item[name] for item in items]
            if any(counts):
                bars = ax.barh(
                    range(len(items)), counts, left=left, height=0.66, label=words,
                    color=colour, hatch=pattern, edgecolor="#4b5a69", linewidth=0.8,
                )  # fmt: skip
                texts = [str(count) if count else "" for count in counts]
                for text in ax.bar_label(bars, texts, label_type="center", fontsize=11, color=ink):
                    if pattern:
                        text.set_bbox({"facecolor": colour, "edgecolor": "none", "pad": 1.5})
            left = [a + b for a, b in zip(left, counts, strict=True)]
        for row, item in enumerate(items):
            for mistake, count in list(item["mistakes"].items())[:1]:
                words = f"  {count}: {mistake}"[:46]
                ax.text(left[row], row, words, va="center", fontsize=10, parse_math=False)
        labels = [(item["exercise"] or item["name"])[:24] for item in items]
        ax.set_yticks(range(len(items)), labels, parse_math=False)
        ax.set(xlabel="students", ylim=(max(1, len(items)) - 0.5, -0.5))
        most = max(left, default=0) or 1
        ax.set_xlim(0, 1.4 * most)  # room for the words
        ax.xaxis.get_major_locator().set_params(integer=True)
        ax.set_xticks([tick for tick in ax.get_xticks() if tick <= most])
        ax.grid(visible=False, axis="y")
        count = number_of(found["submissions"], "submission")
        ax.set_title(f"{found['assignment']}: {count}", parse_math=False)
        if items:
            figure.legend(loc="outside lower center", ncols=len(PARTS), fontsize=11)
        file = io.BytesIO()
        figure.savefig(file, format="png")
    return file.getvalue()
