"""One file as it was published or saved → one Decision, in the order of the pipeline.

Bytes → text: decode. Text → labels, a line each: text_capture, or html_page for a saved page. Labels → header (title,
fields, summary), headings (and what stands above each paragraph), published paragraph numbers (numbering, with doubts
from stray_numbers), lists (items and their letters), roles; cross_references compare the numbers with what the decision
says of its own paragraphs. parse puts a Decision together, and isolated has that done in a process with limits.
"""
