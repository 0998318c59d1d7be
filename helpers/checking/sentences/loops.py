"""What is said of loops over examples, rows and units, and of scores that are quotients of counts. See `sentences`."""

_LOOP = "Print the index in each round of the loop."
_COUNTED = "Which examples are counted above, and which below?"

LOOPS = {
    "one_example.first": ("Only the first {one} counts: does a `return` stand inside the loop?", _LOOP),
    "one_example.last": ("Only the last {one} counts: does `=` stand where `+=` belongs?", _LOOP),
    "first_left_out.loop": ("The first {one} is left out: does the loop begin at 1?", _LOOP),
    "last_left_out.loop": ("The last {one} is left out: does the loop stop one round too early?", _LOOP),
    "first_left_out.zero": ("The first {row} is 0, the others are right: does the loop begin at 1?", _LOOP),
    "last_left_out.zero": ("The last {row} is 0, the others are right: does the loop stop one round too early?", _LOOP),
    "first_only": (
        "Only the first {row} is filled in, the others are 0: does a `return` stand inside the loop?",
        _LOOP,
    ),
    "last_only": ("Only the last {row} is filled in, the others are 0: does each round begin anew?", _LOOP),
    "first_missing": ("The first {row} is missing, the others are right: does the loop begin at 1?", _LOOP),
    "last_missing": ("The last {row} is missing, the others are right: does the loop stop one round too early?", _LOOP),
    "everywhere.row": (
        "The right {which} {row} stands in every {row}: is the index of the loop used, and each {row} made anew?",
        _LOOP,
    ),
    "shifted_rows": ("The {rows} are shifted by one place.", _LOOP),
    "shifted_columns": (
        "The columns are shifted by one place to the {way}: the index of a column is off by one.",
        _LOOP,
    ),
    "reversed.rows_alone": "The rows are in the reverse order.",
    "reversed.columns": "The columns are in the reverse order.",
    "reversed.argument": "`{name}` is taken in reverse order.",
    "summed_so_far.rows": (
        "Each row is the sum of the right one and all before it: what earlier rounds gave is not set back to zero.",
        _LOOP,
    ),
    "mean_twice": "It is divided by the number of {many} twice.",
    "other_statistic": "That is the {which} of the values of the {many}; their mean is asked for.",
    "other_quotient": ("Your answer is {written}: both the numerator and the denominator are others.", _COUNTED),
    "other_quotient.half": ("Your answer is {written}: the {good} is right, the {bad} is not.", _COUNTED),
}
