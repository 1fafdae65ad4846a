"""A question → ranked hits, and whether they answer it.

requests checks what is asked; spelling and parsed_question read it; search ranks, by weights that stand at its top,
with the models of models; selection (with its cues) tells which hit and which sentence answer, answerability whether
any does. What both learned lies beside them.
"""
