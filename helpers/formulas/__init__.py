"""Formulas: as text that is read safely, as LaTeX, and as SymPy objects."""
