"""Whether nearly all words of a sentence stand in what it cites, and whatever turns or judges them. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.generation.grounding.alignment import (
    MIN_CLAUSE_SHARE,
    MIN_SHARE,
    Flaw,
    Source,
    Text,
    all_stems,
    clauses,
    overlap,
    where,
)
from qa.generation.grounding.words import FUNCTION_WORDS, UBIQUITOUS_STEMS, stem, stems_of
from qa.text import polarity
from qa.text.comparison import find
from qa.text.figures import figures
from qa.text.quotations import quotations, without_quotations

_MIN_PARAGRAPH_SHARE = 0.2  # of the content words, in each paragraph that a sentence cites
_CLEARLY_MORE = 0.25  # by which another paragraph says more of it


def misquoted(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A quotation that does not stand there word for word, or does not end."""
    for quotation in quotations(claim.text):
        if not quotation.is_closed:
            return Flaw("misquoted", "A quotation in it does not end.")
        if all(find(quotation.text, source.paragraph.text) is None for source in sources):
            return Flaw("misquoted", f"“{quotation.text}” is not word for word in {where(sources)}.")
    if _LEFT_OVER.search(without_quotations(claim.text, "x")):
        return Flaw("misquoted", "It has one quotation mark of a pair.")
    return None


_LEFT_OVER = re.compile(r"[\"“”]|(?<![^\W\d_])[‘’']|(?<=[^\W\d_sS])[’'](?![^\W\d_])|(?<=[sS])‘")  # no apostrophes


_FIRST_PERSON = re.compile(r"\bI\b|\b(?:me|my|mine|we|us|our)\b", re.IGNORECASE)


def other_words(claim: Text, sources: Sequence[Source], shown: Sequence[Source]) -> Flaw | None:
    """Too few of its words stand there, or in each paragraph cited, or more of them in another that was shown."""
    if not claim.stems:
        return Flaw("wording", "It says nothing that could be checked.")
    if _FIRST_PERSON.search(without_quotations(claim.text, "x")):
        return Flaw("wording", "It says “I” or “we”, and it is not clear who that is.")
    held = all_stems(source.headed for source in sources)
    share = overlap(claim.stems, held)
    if share < MIN_SHARE:
        return Flaw("wording", f"Too little of it is in {where(sources)}.")
    for clause in clauses(claim.text):
        if len(clause.stems) > 1 and overlap(clause.stems, held) < MIN_CLAUSE_SHARE:
            return Flaw("wording", f"“{clause.text.strip(' .')}” is not in {where(sources)}.")
    # Each of several paragraphs is cited for some clause: it says most of that, or it alone tells a figure in it.
    needed = {0} if len(sources) == 1 else set()
    for clause in clauses(claim.text) if len(sources) > 1 else ():
        stems = clause.stems - UBIQUITOUS_STEMS
        if stems:
            shares = [overlap(stems, source.whole.stems) for source in sources]
            tell = [
                [at for at, one in enumerate(sources) if figure.is_told_in(one.figures)]
                for figure in figures(clause.text)
            ]
            alone = {at for every in tell for at in every if len(every) == 1}
            needed |= {
                at
                for at, share in enumerate(shares)
                if share >= MIN_CLAUSE_SHARE
                and (at in alone or (share == max(shares) and (len(stems) > 1 or shares.count(share) == 1)))
            }
    for at, source in enumerate(sources):
        if at not in needed or overlap(claim.stems - UBIQUITOUS_STEMS, source.headed.stems) < _MIN_PARAGRAPH_SHARE:
            return Flaw("wording", f"{_opening(source)}, which it cites, says nothing of it.")
    if len(sources) == 1:
        others = [(overlap(claim.stems, other.headed.stems), other) for other in shown if other is not sources[0]]
        best, other = max(others, key=lambda one: one[0], default=(0.0, sources[0]))
        if best - share >= _CLEARLY_MORE:
            return Flaw("wording", f"{_opening(other)} says it rather than the one cited.")
    return None


def _opening(source: Source) -> str:
    """A place as a sentence begins with it: “Paragraph 50”, “Section “Our findings””."""
    place = source.paragraph.pinpoint.place
    return place[:1].upper() + place[1:]


# Words that turn round or judge what the others say must stand there in some form, whatever the share of the others.

_GOVERNING = re.compile(r"(?<!\bas )\b([^\W\d_]{4,40}(?:ed|d|s|t))\s{1,9}(?:to|having)\b", re.IGNORECASE)
_TURNED = frozenset(
    "declined declines denied denies rejected prevented stopped ceased cancelled forbade reversed".split()
)
_SELDOM = frozenset("never seldom hardly barely rarely scarcely".split())
_NO_JUDGING_ADVERBS = frozenset(  # end in -ly, and do not judge; “partly” says less than there is
    """only early family reply apply supply rely comply imply july italy assembly anomaly likely elderly friendly
    partly accordingly firstly secondly thirdly lastly respectively""".split()
)
# Whoever says that something is true, or that another does not deny it, says more than that somebody said it.
_CERTIFIED = re.compile(
    r"""
    \b(?: tru(?:e|er|th|ths|thful|thfully) | right | rightly | rightful(?:ly)? | correct(?:ly)? | prove[sdn]? | proof
      | confirm(?:s|ed|ing)? | (turn)(?:s|ed)\s+(out) | indeed | verif(?:y|ies|ied) | substantiate[sd]?
      | corroborate[sd]? | evidence[sd]? | undisputed | (?<=not\s)(?:dispute|deny|contest) | (agree)[sd]?\s+(with)
      | admit(?:s|ted)? )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


# Words that say which or when, and by themselves would change that, each with those that say the same.
_WHEN = {
    word: frozenset(equals.split())
    for word, equals in {
        "neither": "nor not no none", "until": "till before", "till": "until before", "same": "identical",
        "next": "following after later then", "following": "next after later followed follows subsequent subsequently",
        "previous": "earlier before last prior previously",
    }.items()
}  # fmt: skip


def judged_otherwise(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A word that turns round or judges what the others say, and does not stand there in any form."""
    held = all_stems(source.headed for source in sources) | stems_of(
        word for source in sources for word in source.headed.words
    )
    words = frozenset(word for source in sources for word in source.headed.words)
    for word in sorted(claim.words & _WHEN.keys()):
        if not (_WHEN[word] | {word}) & words:
            return Flaw("wording", f"“{word}” is not in {where(sources)}.")
    said = "\n".join(source.headed.text for source in sources)
    for match in _CERTIFIED.finditer(claim.text):
        verb, particle = match[1] or match[3], match[2] or match[4]
        if verb is None:
            is_said = stem(match[0].casefold()) in held
        else:
            is_said = re.search(rf"\b{verb}\w*\s+{particle}\b", said, re.IGNORECASE) is not None
        if not is_said:
            return Flaw("allegation", f"“{match[0]}” is not in {where(sources)}.")
    for match in _GOVERNING.finditer(claim.text):
        word = match[1].casefold()
        # “Failed to” is “did not”, and “is required to” is “must”: these are compared by their sense.
        is_compared = (
            word.startswith("fail") or polarity.OBLIGATION.fullmatch(word) or polarity.RECOMMENDATION.fullmatch(word)
        )
        if word not in FUNCTION_WORDS and not is_compared and not overlap([stem(word)], held):
            return Flaw("wording", f"“{match[0]}” is not in {where(sources)}.")
    for word in sorted(claim.words):
        turns_round = word in _SELDOM | _TURNED or (
            len(word) > 4 and word.endswith("ly") and word not in FUNCTION_WORDS | _NO_JUDGING_ADVERBS
        )
        if turns_round and not overlap([stem(word)], held) and not overlap([stem(word.removesuffix("ly"))], held):
            return Flaw("wording", f"“{word}” is not in {where(sources)}.")
    return None
