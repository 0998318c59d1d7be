"""The kinds of exercise, each a module, and in `exercise` what they have in common.

    formula_question     find a function of the parameters; the plain kind
    code_question        write a function that no formula describes
    gradients_question   write a function that returns several gradients at once
    table_question       a table of numbers, worked out by hand; `working` holds its lines, `variants` draws numbers
    judged               judged by a function of its own: a plan, an example, a gradient check, …
    statements, claims   two more of the judged kind, in words

Each kind checks its own answers; `helpers.checking` runs them and recognises the mistakes.
"""
