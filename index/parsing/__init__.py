"""One file as it was published or saved → one Decision, in the order of the pipeline.

Bytes → text and its lines as labels: text_capture, or html_page for a saved page. Labels → published paragraph numbers:
numbering; cross_references hold them against what the decision says of its own paragraphs. parse puts a Decision
together, and isolated has all that done in a process with limits.
"""
