"""What stands behind `Question.check`, in the order in which an answer passes through it.

    feedback          what was found, and what a student is told
    values            what came back: a placeholder, or numbers, and whether two of them agree
    formula_answers   a text or a SymPy expression as a function of a point
    surroundings, namespaces
                      what a student's code must not reach, and what is put back when it has run
    sandbox           runs a student's code, whatever it does
    python_slips      what an exception means, and what a function takes from other cells
    answers           an answer of any form at the question's points; a wrong one beside the right one
    extremes          which operation breaks where numbers are too large or too small
    code_facts, behaviour, sizes, neurons, formula_mistakes, shape_mistakes
                      recognisers: by the source, by calling a function again, by comparing with the right formula
    causes/           causes that foretell the answer, confirmed at points that nobody has seen
    mistakes          asks them in turn
    derivations/      the lines of a derivation
    entries/          answers with several entries, such as tables and gradients

Each part knows only those above it.
"""
