"""A question as tokens, and what its names, categories and dates are. No I/O."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, field

from index.decisions import Reference
from qa.register.words import PLAIN, PURPOSES, is_harmless
from qa.text.periods import Period

# In the words of somebody's own case, or of what is so in general; never in a question about the collection.
PERSONAL = frozenset(
    "my mine our ours his her hers him she he himself herself mr mrs ms miss dr must should shall might could would "
    "can cannot why how because".split()
)


@dataclass(slots=True)
class Reading:
    """A question, first as text and then as tokens, and what its names, categories and dates are."""

    text: str
    said: str = ""  # beside what is asked
    words: str = ""  # the tokens, with the numbers as they are written
    marked: str = ""  # the tokens, with | between the clauses
    bodies: list[tuple[str, ...]] = field(default_factory=list)  # of each token B
    references: list[Reference] = field(default_factory=list)
    categories: list[tuple[str, ...]] = field(default_factory=list)  # of each token K
    unknown: list[str] = field(default_factory=list)
    periods: list[Period] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    body_kind: str = ""
    any_period: bool = False  # one of its periods is enough: “in January” is that of any year
    told_bodies: bool = False  # its bodies are those that were told beside it
    dated_body: bool = False  # a date tells which decision about a body is meant: “Kent's of May 2022”

    @property
    def every_body(self) -> tuple[str, ...]:
        """The bodies that it names."""
        return tuple(dict.fromkeys(name for names in self.bodies for name in names))

    @property
    def tokens(self) -> str:
        """Its tokens, apart by spaces."""
        return " ".join(self.marked.replace("|", " ").split())

    @property
    def subject(self) -> bool:
        """Whether it says which body or decision it is about."""
        return bool(self.bodies or self.references or self.unknown)

    @property
    def strange(self) -> list[str]:
        """The words that no register understands."""
        strange = [token for token in self.tokens.split() if token.islower() and token not in PLAIN]
        if not strange or not self.has(_PLAINLY):
            return strange
        subjects = {word for how, word in _SUBJECT.findall(self.tokens) if word in PURPOSES or how not in _LOOSELY}
        return [token for token in strange if token in subjects or not is_harmless(token)]

    @property
    def narrows(self) -> bool:
        """Whether a word that no register understands says which decisions are meant: “those that mention hotels”."""
        strange = set(self.strange) - PERSONAL
        return any(word in strange for _, word in _SUBJECT.findall(self.tokens)) or any(
            not strange.isdisjoint(match[0].split()) for match in _CLAUSES.finditer(self.tokens)
        )

    def take_names(self, beside: Reading) -> None:
        """Take the names of what was told beside the question."""
        self.bodies, self.references, self.unknown = beside.bodies, beside.references, beside.unknown
        self.told_bodies = bool(self.bodies or self.unknown)

    def leave_strange(self) -> None:
        """Take the strange words out."""
        for _ in range(2):  # what is plainly spoken of may make others harmless
            strange = set(self.strange)
            self.marked = " ".join(token for token in self.marked.split() if token not in strange)

    def has(self, pattern: str) -> bool:
        """Whether these tokens stand in it."""
        return _tokens(pattern).search(self.tokens) is not None


# A question that plainly speaks of the decisions held may have words that do no harm.
_PLAINLY = (
    "DD|COLL|CC|CATEGORY|REF|(?:have|there|is|hold)(?: \\S+){0,3} D|C names|(?:distinct|unique) OUTCOME"
    "|list(?: \\S+){0,3} who|what did T|[BR](?: \\S+){0,3} (?:before or after|after or before)|"
    "(?:HOWMANY|list|EACH|all|any|every|which|what|only|LATEST|FIRST)(?: U| N| X| P)? (?:D|C|B|R)"
    "|(?:OUTCOME|DATE)(?: \\S+){0,3} (?:B|R|D)|(?:HOWMANY|list|any) [UNXPTK]|[BTK] D|D [BTK]|anything|which OUTCOME"
)
# What the decisions are said to be about, or to have.
_SUBJECT = re.compile(
    r"\b(about|(?<=DD )on|involv\w+|concern\w*|with|over|mention\w*|regarding|includ\w+|relat\w+|features?|had|against"
    r"|by|from|where|because)(?: (?:a|an|the|any|some|their|to|of|his|her|there|was|were)){0,3} (\w+)"
)
_CLAUSES = re.compile(
    r"\b(?:DD?|CC?) ((?:that|which|where|who|whose|of|were|was|are|is|have|has|had|did|do|does)(?: \S+){1,5})"
    r"|[a-z]+(?= (?:DD?|CC?|[UNXP])\b)"
)
_LOOSELY = frozenset("with had by from over include includes included including".split())


@functools.cache
def _tokens(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")
