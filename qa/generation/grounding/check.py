"""Whether paragraphs say what a sentence says, as far as words can tell. Pure: no model, no index.

A sentence is grounded if its quotations stand in the paragraphs word for word, and so do its figures, names and
references; if nearly all its content words stand there too; if it has the same “not”, “must” and “fault”; and if what
somebody only said or alleged is marked as that. Words alone do not show what two texts mean, so the rules are strict: a
true sentence that is doubted costs little, a false one in a letter much.
"""

from __future__ import annotations

from collections.abc import Sequence

from qa.generation.grounding.alignment import Flaw, Source, Text
from qa.generation.grounding.figures import wrong_figure
from qa.generation.grounding.names import told_of_another_body, wrong_name
from qa.generation.grounding.places import NamedParagraphs, named_for_another, wrong_reference
from qa.generation.grounding.sense import other_sense, told_as_done
from qa.generation.grounding.speakers import told_as_fact
from qa.generation.grounding.wording import judged_otherwise, misquoted, other_words

MAX_SENTENCE_CHARACTERS = 1_000
"""Of a sentence that is held against paragraphs: each of its clauses is, with each of theirs."""


def ungrounded(
    sentence: str, cited: Sequence[Source], shown: Sequence[Source], named: Sequence[NamedParagraphs] = ()
) -> Flaw | None:
    """Why the paragraphs `cited`, of those `shown`, do not say what a sentence says; None if they do.

    `named` are those that are named within the sentence itself, in another way than by their numbers.
    """
    if len(sentence) > MAX_SENTENCE_CHARACTERS:
        return Flaw("wording", f"It is longer than {MAX_SENTENCE_CHARACTERS:,} characters.")
    claim = Text.read(sentence)
    return (
        misquoted(claim, cited)
        or wrong_reference(claim, cited)
        or named_for_another(claim, cited, named)
        or wrong_figure(claim, cited)
        or wrong_name(claim, cited)
        or told_of_another_body(claim, cited)
        or other_words(claim, cited, shown)
        or judged_otherwise(claim, cited)
        or told_as_fact(claim, cited)
        or told_as_done(claim, cited)
        or other_sense(claim, cited)
    )
