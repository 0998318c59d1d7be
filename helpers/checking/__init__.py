"""What stands behind `Question.check`, in the order in which an answer passes through it.

    values      what came back: placeholder or numbers?
    readers     formulas as text and SymPy expressions as functions of a point
    sandbox     runs a student's code, whatever it does
    answers     an answer of any form, evaluated at the question's points
    cases       a wrong answer beside the right one
    mistakes    asks the recognisers in turn: the question's list, then shapes, factors, substitutes, behaviour
    steps       the lines of a derivation

Each part knows only those above it.
"""
