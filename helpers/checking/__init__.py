"""What stands behind `Question.check`, in the order in which an answer passes through it.

    feedback          what was found, and what a student is told
    values            what came back: a placeholder, or numbers, and whether two of them agree
    formula_answers   a text or a SymPy expression as a function of a point
    surroundings      what a student's code must not reach, and what is put back when it has run
    sandbox           runs a student's code, whatever it does
    answers           an answer of any form at the question's points; a wrong one beside the right one
    behaviour, formula_mistakes
                      recognisers: one calls a function again, the other changes the right formula
    mistakes          asks the recognisers in turn, of an answer and of the lines of a derivation

Answers with several entries are compared in `tables` and named in `table_mistakes`; those that are arrays in
`gradients`. Each part knows only those above it.
"""
