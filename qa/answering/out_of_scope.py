"""Whether a question asks for what no decision tells: what happened since, what is usual, advice on one's own case.

    question → its asking clauses → a rule for each → OutOfScope, or None

A decision tells what was complained of, found and agreed, up to the day it was made. A rule of
qa.answering.out_of_scope_rules knows one way to ask for something else. A question is out of scope only if each of its
asking clauses is: somebody's story that ends with a question about the rule (“can they make me sign?”) is not, nor is a
question of which one half can be answered.

It reads words only: no index, no model. It must not guess: a question that it does not know is left to the search, and
one that a decision may answer is worse caught than missed. Words are cut at 40 characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.text.sentences import without_abbreviations
from qa.answering.out_of_scope_rules import RULES, Kind

MAX_CHARACTERS = 2000
"""Characters of a question that are read."""


@dataclass(frozen=True, slots=True)
class OutOfScope:
    """That no decision tells what is asked: its kind, and one sentence that says why, with one signpost."""

    kind: Kind
    detail: str


_DETAILS: dict[Kind, str] = {
    "since": "The decisions say what was agreed, not what was done since. Ask the council, or look it up at "
    "www.lgo.org.uk/your-councils-performance.",
    "tariff": "Each decision says what was paid in that case; none says what is usual, or paid in all. Ask what was "
    "paid for something, such as distress.",
    "own_case": "The decisions are about other people's cases, so they cannot advise on yours. To complain, start at "
    "www.lgo.org.uk/make-a-complaint.",
    "precedent": "The decisions do not say how far they bind anyone else. The Ombudsman explains what a decision "
    "means at www.lgo.org.uk.",
    "guidance": "This is in the Ombudsman's own guidance, which we do not have. It is published at "
    "www.lgo.org.uk/information-centre.",
    "status": "We have published decisions only, not complaints that are under way. Ask the Ombudsman at "
    "www.lgo.org.uk/contact-us.",
    "people": "The decisions do not say who the people in them are. Ask about someone by their part in the case, "
    "such as “the social worker”.",
    "contact": "The decisions have no contact details. The Ombudsman's are at www.lgo.org.uk/contact-us; a council's "
    "are on its own site.",
    "statistics": "Each decision is about one case, so none has figures about the Ombudsman's work. They are in its "
    "annual reviews, at www.lgo.org.uk/information-centre.",
    "review": "The decisions do not say what became of them: reviews, court cases or press reports. The Ombudsman "
    "explains how to ask for a review at www.lgo.org.uk.",
    "opinion": "The decisions say what the Ombudsman decided, not whether it was right. Ask for the reasons it gave.",
    "count": "The decisions do not count their own words. Search for a word to see the paragraphs that have it.",
}

# The asking clauses --------------------------------------------------------------------------------------------------

_AUXILIARY = (
    "is|isn't|are|aren't|was|wasn't|were|weren't|has|hasn't|have|haven't|had|do|don't|does|doesn't|did|didn't|"
    "can|can't|could|couldn't|will|won't|would|should|shouldn't|must|may|might|am"
)
_OPENS = re.compile(
    r"(?:what|what's|whats|which|who|who's|whose|why|how|how's|whether|if so)\b|where's\b"
    rf"|(?:when|where) (?:{_AUXILIARY})\b|(?:{_AUXILIARY}) "
    r"|(?:draft|write|give|tell|show|find|help|list|explain|advise|update)\b"
)
"""How a clause begins that asks."""

_FILLER = (
    r"(?:please|hi|hello|hey|so|ok|okay|well|and|but|also|or|then|just|again|anyway|sorry|thanks"
    r"|any idea|just wondering"
    r"|(?:can|could|would|will) (?:you|anyone|anybody|someone|somebody) (?:please |kindly |just )?"
    r"(?:tell (?:me|us)|say|explain|advise)"
    r"|(?:do|does) (?:you|anyone|anybody|we) (?:happen to )?know|is it known|does it say|(?:please )?tell (?:me|us)"
    r"|(?:i|we)(?:'d| would)? (?:like|love|want|need|wish) to (?:know|ask|find out)"
    r"|(?:i'm|i am|i was|we're|we are|we were) (?:just )?(?:wondering|asking)|i wonder|(?:my|our|the) question is)"
)
_FILLERS = re.compile(rf"(?:{_FILLER} ){{1,5}}")

# “…, and did the council pay?” begins a new clause; “… and is now late”, “… and was told” do not.
_SUBJECT = (
    r"(?:the|a|an|my|our|your|his|her|their|its|this|that|these|those|it|he|she|they|we|i|you|there|any|anyone|anybody|"
    r"councils?|mrs?|ms|ombudsman)\b"
)
_JOINT = re.compile(
    rf"(?:,| (?:and|but|or|also)(?= )|-) {{1,9}}(?:and |but |or |also |then |if so,? ){{0,2}}"
    rf"(?=(?:what|what's|who|who's|which|why|how|did|does|do)\b|(?:when|where) (?:{_AUXILIARY})\b"
    rf"|(?:{_AUXILIARY}) {_SUBJECT})"
)
_RULE_ASKED = re.compile(
    r"\b(?:is|was) (?:that|this|it) (?:\S+ )?(?:allowed|legal|lawful|right|ok|okay|normal|fault)$"
    r"|\b(?:can they|are they allowed|do (?:i|we) have to)\b"
)
_SOURCE = re.compile(r"\s{0,9}according to ")  # belongs to what is asked
_SENTENCE = re.compile(r"[^?!.;\n]{1,2000}[?!.;\n]?")
_DOT = re.compile(r"[.,](?:(?<=\d.)(?=\d))")  # of a number
_PLAIN = str.maketrans({"’": "'", "‘": "'", "–": "-", "—": "-", "\t": " ", "\r": "\n", "\xa0": " "})
_WORD = re.compile(r"[£$]?[\w'-]+")


def _asked(text: str) -> list[str]:
    """The clauses of a question that ask something, in small words that are apart by one space."""
    text = _DOT.sub("", without_abbreviations(text[:MAX_CHARACTERS].casefold().translate(_PLAIN)))
    sentences = _SENTENCE.findall(text)
    found = [clause for sentence in sentences for clause in _clauses(sentence)]
    if found:
        return found
    # Nobody put a question mark or began with a word that asks: keywords, or a story that ends with what is wanted.
    return [plain for plain in (_plain(sentence) for sentence in reversed(sentences)) if plain][:1]


def _clauses(sentence: str) -> Iterator[str]:
    found = False
    for part in [sentence] if _SOURCE.match(sentence) else _JOINT.split(sentence):
        plain = _plain(part)
        opened = _FILLERS.match(f"{plain} ")
        clause = plain[opened.end() :] if opened else plain
        # Without a comma or a full stop, who asks for the rule may have told the whole story before it.
        if clause and (_OPENS.match(clause) or (opened and clause.startswith("if ")) or _RULE_ASKED.search(clause)):
            found = True
            yield clause
    if not found and "?" in sentence and (plain := _plain(sentence)):
        yield plain


def _plain(text: str) -> str:
    return " ".join([word[:40] for word in _WORD.findall(text)])


_BY_WORD: dict[str, frozenset[int]] = {
    word: frozenset(place for place, rule in enumerate(RULES) if word in rule.words)
    for word in {word for rule in RULES for word in rule.words}
}


def out_of_scope(question: str) -> OutOfScope | None:
    """What a question asks for that no decision tells; None where a decision may answer it, or it is not known.

    Takes any text; only the first MAX_CHARACTERS characters count.
    """
    kinds: list[Kind] = []
    for clause in _asked(question):
        kind = _kind(clause)
        if kind is None or (kind == "own_case" and _RULE_ASKED.search(clause)):
            return None
        kinds.append(kind)
    return OutOfScope(kinds[0], _DETAILS[kinds[0]]) if kinds else None


def _kind(clause: str) -> Kind | None:
    places: set[int] = set()
    for word in clause.split(" "):
        if word in _BY_WORD:
            places |= _BY_WORD[word]
    for place in sorted(places):
        if RULES[place].holds(clause):
            return RULES[place].kind
    return None
