"""Questions about the collection: how many, which, when and by whom decided.

words are what such a question is made of; story and reading tell what it asks from what it only says; query is what it
asks; answers looks that up.
"""
