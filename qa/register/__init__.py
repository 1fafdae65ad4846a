"""Questions about the collection: how many, which, when and by whom decided.

words       the phrases of such a question, each as a token
catalogue   all the words that are understood, and what a question may name
screening   whether a question is worth reading
story       what of a text asks, and what it only tells
reading     a question as tokens: first what is named, then dates and words
query       what it asks, as data: filters, asks and uncountable make it, by way of read_query
selection   the decisions that a query lets through
answers     what is said of them, in the words of wording
"""
