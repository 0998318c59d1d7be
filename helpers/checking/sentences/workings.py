"""What is said of the lines of a working, and of tables of numbers and gradients."""

WORKINGS: dict = {}
