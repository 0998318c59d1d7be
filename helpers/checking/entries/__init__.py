"""Answers with several entries: tables of numbers, and gradients.

tables            which entries are right, off and missing
layers, line_slips, changes
                  every single change of a working: in one line, in a layer, everywhere
change_words      what is said of each
table_causes      the change that explains every entry
table_errors      where none does: the first entry that does not follow, and what it is made from
table_mistakes    asks them in turn
gradients, gradient_changes
                  the same for arrays
"""
