"""Whether a sentence says what the paragraphs say that it cites: one module for each kind of flaw."""
