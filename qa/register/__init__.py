"""Questions about the collection: how many, which, when and by whom decided.

words      the phrases of such a question, each as a token
story      what of a text asks, and what it only tells
reading    a question as tokens: names, dates and categories first, then words
query      what a question asks, as data; filters, asks, doubts and uncountable make it, read_query is the way through
selection  the decisions that a query lets through
answers    what is said of them, in the words of wording
"""
