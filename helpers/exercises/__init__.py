"""The kinds of exercise, each a module, and in `exercise` what they have in common.

    formula_question     find a function of the parameters; the plain kind
    tool_question        write a tool that differentiates any function: tried on several
    code_question        write a function that no formula describes
    gradients_question   write a function that returns several gradients at once
    table_question       a table of numbers, worked out by hand; `working` holds its numbers and its lines
    judged               judged by a function of its own: a plan, an example, a claim
    statements           of the judged kind: statements to accept or reject
    gradient_check       of the judged kind: write a gradient check

Each kind checks its own answers; `helpers.checking` runs them and recognises the mistakes.
"""
