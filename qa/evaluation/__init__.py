"""Judged questions → figures: how good ranking, answers and refusals are."""
