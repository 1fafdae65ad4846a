"""What stands in a text, be it a question, a letter or a generated one; no index, no model and no web here.

bodies (what councils are called), places and question_words (how their names stand
in a question), question_entities (which a question names), pin_cites (references and paragraphs), antecedents,
quotations and their comparison, polarity, figures (dates, sums, numbers), periods, voices. Where sentences end, and how
numbers, months and names of bodies are written, is in index.text: decisions are read by the same.
"""
