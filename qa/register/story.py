"""A question with a story round it → what may be all that it asks of the register, and what it only tells. No I/O.

“My brother lives up Runcorn way and never believes a word I say. Have you a decision on Halton?” asks with its second
sentence; “I'm a carer, so tell me which councils you hold, my eyes are bad” with the middle of its one. What is cut
away may be anything, so whoever reads what is left must know every word of it (qa.register.query).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.text.sentences import is_abbreviation

_PIECES = re.compile(r"(?<=[.?!;])\s+|:\s+|\s+[-–—]+\s+|\s*—\s*")
_OPENS = (
    "(?:please|kindly|can|could|would|will|may|might|i(?:['’]d| would| should| want| need| wish| wonder)|we"
    "(?:['’]d| would| should| want| need| wish)|tell|list|show|give|name|send|how|which|what|who|when|are|is|was"
    r"|were|do|does|did|have|has|any|number|let|count)\b"
)
_ASKS = re.compile(
    rf"\?|^\W*(?:and |so |but |anyway,? |now,? )?{_OPENS}|\b(?:how many|number of|list of|which of|latest|newest|oldest"
    r"|earliest|decisions?|upheld|anything (?:on|about|from|for|in))\b",
    re.IGNORECASE,
)
# Where what somebody says of themselves ends and what they ask begins.
_ASKED = (
    r"(?:please|kindly|(?:can|could|would|will) (?:you|i|we)|i(?:['’]d| would| should| want| need| wish| wonder)"
    r"|we(?:['’]d| would| should| want| need| wish)|tell|list|show|give|name|send|how many|which|what|do you|have you"
    r"|(?:are|is) there|any|anything|count|require|need|want|seek|am (?:curious|wondering|keen|interested))\b"
)
_TURNS = re.compile(
    rf"(?:,\s*+|(?<!\s)\s++)(?:so|and|but)\s+(?={_ASKED})|,\s+(?={_ASKED})"
    r"|(?<!\s)\s++(?=(?:i|we)(?:['’]d| would| should) (?:like|love)\b)",
    re.IGNORECASE,
)
_OF_SELF = re.compile(
    r"^\W*(?:i|im|ive|we|my|our|as an?|being|having|speaking|just|on behalf of"
    r"|for (?:my|our|an?|the)|because|since|before i|after|mum|dad|nan|gran|grandad|parent|carer|student|solicitor"
    r"|councillor|journalist|teacher|reporter)\b",
    re.IGNORECASE,
)
_BESIDE = re.compile(r",\s+")
# Of what stands behind a question: who asks, and what for.
_OF_ASKER = re.compile(
    r"\b(?:i|im|my|me|we|our|us|here|need|needed|want|wanted|student|doing|writing|asking|thanks|please|carer"
    r"|mum|dad|parent|solicitor|journalist|for (?:an?|my|the|our))\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"^\W*(?:and|or|but|which|that|where|who|whose|with|by|in|from|to|before|after|since|until|only|not|except|than|about"
    r"|how|what|when|are|is|was|were|did|do|does|excluding|including)\b",
    re.IGNORECASE,
)
_OPENS_QUESTION = re.compile(
    r"^\W*(?:did|does|do|was|were|is|are|has|have|had|how|why|what|who|whose|when|which|where)\b", re.IGNORECASE
)
_OPENERS = re.compile(
    r"^\W*(?:(?:anyway|now|so|well|hi|hello|hiya|hey|good (?:morning|afternoon|evening)|dear \w+),? )+", re.IGNORECASE
)
# What is cut away must not say which decisions are sought.
_SEEKS = re.compile(
    r"\b(?:decisions|cases|complaints|rulings|everything|anything|something|stuff|material|interest\w*)\b.{0,30}"
    r"\b(?:on|about|involving|concerning|regarding|where|with|that|of|is|in)\b",
    re.IGNORECASE,
)
_GOES_ON_FROM = re.compile(r"^\W*(?:or|nor|but not|except)\b", re.IGNORECASE)
_MAX_PARTS = 8
"""Parts that are tried of one question."""


def sentences(question: str, apart: re.Pattern[str] = _PIECES) -> list[str]:
    """The sentences of a question, and what stands apart in them by a colon or a dash, or as `apart` finds it."""
    pieces = list[str]()
    for piece in apart.split(question):
        if pieces and is_abbreviation(pieces[-1], len(pieces[-1])):
            pieces[-1] += f" {piece}"
        elif re.search(r"[^\W_]|#", piece):
            pieces.append(piece)
    return pieces


def parts(question: str) -> Iterator[tuple[str, str]]:
    """What may be all that a question asks, and what is told beside it: the last sentence first, whole before cut."""
    pieces = sentences(question)
    tried = 0
    for at in range(len(pieces) - 1, -1, -1):
        piece = _OPENERS.sub("", pieces[at])
        if not _ASKS.search(piece) or (at and _GOES_ON_FROM.search(piece)):
            continue
        rest = pieces[:at] + pieces[at + 1 :]
        if "?" not in piece and (
            any("?" in other for other in rest) or any(map(_OPENS_QUESTION.search, pieces[at + 1 :]))
        ):
            continue
        for asked, told in _cut(piece):
            beside = " ".join([*rest, told]).strip()
            if beside and tried < _MAX_PARTS and not _SEEKS.search(told):
                tried += 1
                yield asked, beside


def _cut(piece: str) -> Iterator[tuple[str, str]]:
    """A sentence whole, and without what is said of oneself before it or behind it."""
    heads = [("", piece)]
    if _OF_SELF.search(piece):
        heads += [(piece[: turn.start()], piece[turn.end() :]) for turn in _TURNS.finditer(piece) if turn.start()]
    for head, rest in heads:
        yield rest, head
        for comma in _BESIDE.finditer(rest):
            tail = rest[comma.end() :]
            if "?" not in tail and _OF_ASKER.search(tail) and not _GOES_ON.search(tail):
                yield rest[: comma.start()], f"{head} {tail}".strip()
                break
