"""From a question to an answer with its citations; each folder tells its own flow.

A question: text (what stands in it) → retrieval (ranked hits) → answering (or register, where it asks about the
collection) → serialise (as schemas says) and presentation → web, mcp, cli. A text for an answer: generation. Somebody's
own text: letters. evaluation measures it all. settings are read once, errors say what to change, limits bound how much
is done at once.
"""
