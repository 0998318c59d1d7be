"""The lines of a derivation.

words             what is not of the formula: reasons, `so`, `(chain rule)`
primes            what a prime without a variable may mean
missing_brackets  a text in which a pair of brackets is missing; an answer may be such a text, too
lines             which lines follow, which is the first that does not, and which nobody can judge
"""
