"""Chapter 03, backpropagation through time: its exercises, in the order of the page."""

EXERCISES = ()
