"""A question → ranked hits, and whether they answer it.

question_entities and spelling read the question, search ranks; selection (with its cues) tells which hit and which
sentence answer, answerability whether any does. What both learned lies beside them.
"""
