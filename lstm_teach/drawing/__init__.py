"""The book's drawings: module diagrams in one drawing language, and a house style for plots."""

from .chain import chain
from .lstm import lstm_module
from .notation import notation
from .palette import page_css
from .picture import Picture
from .plots import book_style, trace_heatmap
from .rnn import rnn_module
from .show import show
from .vocabulary import Drawing

__all__ = [
    "Drawing",
    "Picture",
    "book_style",
    "chain",
    "lstm_module",
    "notation",
    "page_css",
    "rnn_module",
    "show",
    "trace_heatmap",
]
