"""A question → an Answer: typed citations, the register, or hits with an answer box, or a no with its reason.

answer decides which; typed_citations opens what is cited; extract makes the box; out_of_scope, by its table of rules,
and refusals tell why there is no answer; citations print and cite a paragraph. cache keeps answers.
"""
