"""What stands behind `Question.check`, in the order in which an answer passes through it.

    feedback          what was found, and what a student is told
    values            what came back: a placeholder, or numbers, and whether two of them agree
    formula_answers   a text or a SymPy expression as a function of a point
    namespaces        the names that a check finds, and how they get back what they stood for
    surroundings      what a student's code must not reach, and what is put back when it has run
    sandbox           runs a student's code, whatever it does
    python_slips      what an exception means, and what a function takes from other cells
    answers           an answer of any form at the question's points; a wrong one beside the right one
    extremes          which operation breaks where numbers are too large or too small
    code_facts, behaviour, formula_mistakes, shape_mistakes
                      recognisers: by the source, by calling a function again, by comparing with the right values
    hypotheses        causes that foretell the answer, confirmed at points that nobody has seen (`fresh`)
    mistakes          asks the recognisers in turn, of an answer and of the lines of a derivation

Where the hypotheses come from:

    trees             formulas that are put together, changed in one place, worked out at several points at once
    rules             how functions are differentiated, rightly and wrongly: a line is a mistake known everywhere
    wrong_slopes, wrong_array_slopes, options
                      a function differentiated in every way in which people get it wrong
    slips, brackets   a right formula with one slip of writing
    question_formulas the formulas of a question; the right answer in all its usual forms
    causes            the sources, in the order in which they are trusted

Answers with several entries are compared in `tables` and named in `table_mistakes`; those that are arrays in
`gradients`. Each part knows only those above it.
"""
