"""Chapter 01, squashing, slopes and products: its exercises, in the order of the page."""

EXERCISES = ()
