"""Somebody's own text → what is right and wrong with the decisions that it cites: scan → attach → check.

scan finds what the text cites and quotes (unmarked what it quotes without marks); attach says what belongs to what;
check compares it with what is held (compare the quotations, claims what is said beside a citation); verdicts says it.
letter is what the API, the page and the command line hand in and get back.
"""
