"""Wrong formulas that foretell what came: the causes of wrong answers, made from a question's own formulas.

trees             formulas that are put together, changed in one place, worked out at several points at once
rules             how functions are differentiated, rightly and wrongly: a line is a mistake known everywhere
wrong_slopes, wrong_array_slopes, options
                  a function differentiated in every way in which people get it wrong
slips, brackets   a right formula with one slip of writing
question_formulas the formulas of a question; the right answer in all its usual forms
sources           where hypotheses come from, in the order in which they are trusted
fresh             points that nobody has seen
hypotheses        those that explain a wrong answer, there too
"""
