"""The kinds of exercise, and what they have in common. Each kind checks its own answers; `helpers.exercises.formula_question` is the
plain one, and `helpers.checking` recognises the mistakes."""
