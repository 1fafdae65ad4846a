"""Where a decision speaks of its own paragraphs, and whether what it says of them stands there. Pure.

"As I have mentioned in paragraph 67, the Council should have…" proves a count, if paragraph 67 is about that, and
contradicts it, if another paragraph is, or if there is no paragraph 67. A reference to a statute, to guidance or to
somebody's letter ("Schedule 5, paragraph 5(b)", "paragraph 12 of the report") says nothing of the decision's own
paragraphs and is left out. Being sure comes before being complete: what cannot be told is `none`.
"""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.decisions import CrossReference, Paragraph, Verdict
from index.text.mentions import MENTION, has_unread, read_pin_cites
from index.text.sentences import sentence_spans
from index.text.sources import AFTER_SOURCE, OF_ANOTHER_THAN_THIS, OF_THIS_DECISION, SOURCE, STATUTE

_SAYS = r"""(?:mention|explain|sa(?:y|id)|set\s+out|describe|note|outline|refer|list|state|discuss|quote|summarise|
    detail|identif(?:y|i)|cover|show|deal|dealt|f(?:i|ou)nd)(?:e?d|s|t)?"""
_POINTS = re.compile(  # the writer points to another place of this decision, and can mean no other document
    rf"""
    \b(?:I|we)\b(?:\s+(?:have|had|also|already|will|do|did))*\s+{_SAYS}\b[^.;,]{{0,40}}?\b(?:at|in|under|from|by|to)?\s*$
  | \bas\s+(?:already\s+|also\s+)?{_SAYS}(?:\s+(?:at|in|under|from|by|to))?\s*$
  | \bfor\s+the\s+reasons(?:\s+\w+){{0,3}}?\s+(?:at|in)\s*$
  | \bsee(?:\s+also)?\s*$
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DIRECTION = re.compile(r"\A\s*(?P<way>above|below)\b", re.IGNORECASE)

_STEM = 6  # letters; cutting words off there brings "complaint" and "complained" together
_STOP = frozenset(
    """about after also and any are because been before being both but can could did does for from had has have her him
    his how into its may more must not now only other our out over own paragraph paragraphs said same say says see set
    she should some such than that the their them then there these they this those through under upon was were what when
    where which while who whom why will with would you your above below mention mentioned explained refer referred
    described listed outlined statement decision""".split()
)
# How much of a sentence another paragraph must say, and how much less the one named, for that to be a contradiction.
_SHARED, _TELLING, _FAR_LESS = 4, 0.7, 0.35
_MIN_SHARED_TERMS = 2  # terms that the one named must share to agree
_COMPLAINTS = re.compile(r"\bcomplaints?\b", re.IGNORECASE)

# No decision comes near these; a file made to keep the program busy does.
_LONGEST, _MOST = 20_000, 300  # characters of a paragraph; mentions of paragraphs
_AROUND = 1_500  # characters of the sentence before a mention, and after it
_MAX_NUMBERS, _MAX_NUMBER = 100, 999  # numbers in one mention, and how high one may be
_MAX_COMPARISONS = 50_000  # mentions times paragraphs


def cross_references(paragraphs: Sequence[Paragraph]) -> tuple[CrossReference, ...]:
    """The references in numbered paragraphs 1, 2, 3, … to paragraphs of the same decision, each checked."""
    mentions = ((mention, place) for place in paragraphs for mention in _mentions(place.text[:_LONGEST]))
    most = min(_MOST, _MAX_COMPARISONS // max(1, len(paragraphs)))
    found = [(mention, place) for mention, place in itertools.islice(mentions, most) if mention is not None]
    wording = _Wording(paragraphs if found else ())
    return tuple(_check(mention, paragraph, wording) for mention, paragraph in found)


@dataclass(frozen=True, slots=True)
class _Mention:
    words: str
    targets: tuple[int, ...]
    item: str | None
    """The letter of an item of the last target, if it names one."""
    claim: str
    """The sentence that it stands in, without it."""
    points: bool
    """Whether the writer clearly points to a place of this decision."""
    way: str | None
    """`above` or `below`, if it says so."""


def _mentions(text: str) -> Iterator[_Mention | None]:
    """Where a text speaks of paragraphs, None where it is another document's."""
    for start, end in sentence_spans(text):
        sentence = text[start:end]
        for match in MENTION.finditer(sentence):
            named = list(itertools.islice(read_pin_cites(match["numbers"] or "", 0, 0), _MAX_NUMBERS))
            highest = max((one.last or int(one.number) for one in named), default=0)
            if not named or match["signs"] or has_unread(named) or highest > _MAX_NUMBER:
                continue  # no decision speaks so of its own
            before = sentence[max(0, match.start() - _AROUND) : match.start()]
            after = sentence[match.end() : match.end() + _AROUND]
            ours = OF_THIS_DECISION.match(after) is not None
            if not ours and _is_of_another(before, after, text[: start + match.start()]):
                yield None
                continue
            way = _DIRECTION.match(after)
            yield _Mention(
                match[0] + (f" {way['way']}" if way else ""),
                tuple(dict.fromkeys(int(number) for one in named for number in one.numbers)),
                named[-1].item,
                f"{before} {after}",
                ours or way is not None or _points(before),
                way["way"].lower() if way else None,
            )


def _points(before: str) -> bool:
    """Whether the words before a mention point to a place of this decision, and can mean no other."""
    aside, opened, bracket = before.rpartition("(")
    if opened and ")" not in bracket:
        before = bracket
    else:
        aside = before
    found = _POINTS.search(before)
    if found is None:
        return False
    # "As I mentioned in…" is said of this decision; "The guidance says so (see…)" may go on speaking of the guidance.
    return re.search(r"\b(?:I|we)\b", found[0], re.IGNORECASE) is not None or not (
        SOURCE.search(aside) or STATUTE.search(aside)
    )


def _is_of_another(before: str, after: str, all_before: str) -> bool:
    """Whether a mention speaks of another document's paragraph."""
    if all_before.count("“") > all_before.count("”"):
        return True  # somebody else's words
    bracket = before.rpartition("(")[2] if before.count("(") > before.count(")") else None
    if bracket is not None:
        inside = bracket + after.partition(")")[0]
        return STATUTE.search(inside) is not None or OF_ANOTHER_THAN_THIS.match(after) is not None
    return OF_ANOTHER_THAN_THIS.match(after) is not None or AFTER_SOURCE.search(before) is not None


def _check(mention: _Mention, paragraph: Paragraph, wording: _Wording) -> CrossReference:
    at = paragraph.pinpoint.number
    assert isinstance(at, int)
    verdict, why = _verdict(mention, at, wording)
    reason = f"Paragraph {at} speaks of “{mention.words}”, but {why}." if why else ""
    return CrossReference(at, mention.words, mention.targets, verdict, reason)


def _verdict(mention: _Mention, at: int, wording: _Wording) -> tuple[Verdict, str]:
    """What a mention says of the count, and why it contradicts, if it does."""
    targets = mention.targets
    if not mention.targets or min(targets) < 1:
        return "none", ""
    if max(targets) > wording.count:
        return ("contradicts", f"this copy has {wording.count} paragraphs") if mention.points else ("none", "")
    if mention.points and targets == (at,):
        return "contradicts", f"paragraph {at} of this copy is where it says so"
    if (mention.way == "above" and min(targets) >= at) or (mention.way == "below" and max(targets) <= at):
        return "contradicts", f"in this copy that does not stand {mention.way}"
    if mention.points and mention.item and wording.lacks_item(targets[-1], mention.item):
        return "contradicts", f"paragraph {targets[-1]} of this copy has no item ({mention.item})"
    claim = wording.terms(mention.claim)
    said = wording.weight(claim, targets)
    best, elsewhere, shared = wording.best(claim, {at, *targets})
    if (
        mention.points
        and shared >= _SHARED
        and elsewhere >= _TELLING * wording.weight_of(claim)
        and said < _FAR_LESS * elsewhere
    ):
        return "contradicts", f"what it says of it stands in paragraph {best} of this copy"
    agree = len(claim & wording.terms_of(targets)) >= _MIN_SHARED_TERMS and said >= elsewhere
    # "The complaints in paragraphs one and two": these stand under "The complaint".
    named = _COMPLAINTS.search(mention.claim) is not None and all(wording.is_complaint(target) for target in targets)
    return ("agrees", "") if agree or named else ("none", "")


class _Wording:
    """The words of each paragraph, with its heading, weighted by how rare they are in the decision."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        self.count = len(paragraphs)
        self._of = [self.terms("\n".join((*place.section[-1:], place.text))) for place in paragraphs]
        found_in = Counter(term for terms in self._of for term in terms)
        self._telling = {term: math.log(self.count / found) for term, found in found_in.items()}
        self._headings = [place.section for place in paragraphs]
        self._items = [{item.pinpoint.item for item in place.items()} for place in paragraphs]

    def lacks_item(self, number: int, item: str) -> bool:
        """Whether a paragraph has lettered items, but not this one."""
        return bool(self._items[number - 1]) and item not in self._items[number - 1]

    def is_complaint(self, number: int) -> bool:
        """Whether a paragraph stands right under the heading "The complaint"."""
        return [heading.casefold() for heading in self._headings[number - 1][-1:]] == ["the complaint"]

    def terms(self, text: str) -> frozenset[str]:
        """The words that tell something, cut to their beginnings."""
        words = re.findall(r"[^\W\d_]{3,}|\d[\d,.]*\d", text.casefold())
        return frozenset(word[:_STEM] for word in words if word not in _STOP)

    def weight_of(self, terms: frozenset[str]) -> float:
        """How telling these terms are together; what stands in no paragraph tells nothing."""
        return sum(self._telling[term] for term in terms if term in self._telling)

    def weight(self, claim: frozenset[str], targets: Sequence[int]) -> float:
        """How much of a claim stands in these paragraphs together."""
        return self.weight_of(claim & self.terms_of(targets))

    def terms_of(self, targets: Sequence[int]) -> frozenset[str]:
        """The terms of these paragraphs together."""
        return frozenset[str]().union(*(self._of[target - 1] for target in targets))

    def best(self, claim: frozenset[str], without: set[int]) -> tuple[int, float, int]:
        """The other paragraph that says most of a claim: its number, how much, and how many terms."""
        weights = {
            number: self.weight_of(claim & terms) for number, terms in enumerate(self._of, 1) if number not in without
        }
        best = max(weights, key=lambda number: weights[number], default=0)
        return (best, weights[best], len(claim & self._of[best - 1])) if best else (0, 0.0, 0)
