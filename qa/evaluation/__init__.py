"""Judged questions → figures: how good ranking, answers and refusals are.

judged reads the questions, evaluate asks them, metrics measures what comes, report prints it.
"""
