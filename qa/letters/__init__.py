"""Somebody's own text → what is right and wrong with the decisions that it cites.

attach says which quotation belongs to which citation; unmarked finds quotations without marks; findings compares;
letter is what the API, the page and the command line hand in and get back.
"""
