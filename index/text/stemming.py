"""What the forms of an English word have in common, as the BM25 index has it."""

from __future__ import annotations

import tantivy

_STEMMED = (  # as the field of the index does it
    tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    .filter(tantivy.Filter.remove_long(40))
    .filter(tantivy.Filter.lowercase())
    .filter(tantivy.Filter.stemmer("english"))
    .build()
)


def stem(word: str) -> str:
    """What the forms of an English word have in common: `explain` for “explained”; empty for what is no word."""
    return "".join(_STEMMED.analyze(word))
