"""Chapter 04, vanishing and exploding, measured: its exercises, in the order of the page."""

EXERCISES = ()
