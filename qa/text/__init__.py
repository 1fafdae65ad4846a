"""What stands in a text, be it a question, a letter or a generated one; no index, no model and no web here.

bodies with their places and name_words, pin_cites (references and paragraphs), quotations, figures (dates, sums,
numbers), periods, voices.
"""
