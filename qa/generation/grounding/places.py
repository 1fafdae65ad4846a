"""Whether a sentence names the decision, paragraph and item that it cites, and no other. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.decisions import Reference, fold
from index.text.mentions import GENERATED_MENTION, GENERATED_PLACE, GENERATED_WIDER
from index.text.references import GENERATED_REFERENCE
from qa.generation.grounding.alignment import MIN_SHARE, Flaw, Source, Text, clauses, overlap, where
from qa.generation.grounding.words import UBIQUITOUS_STEMS
from qa.text.figures import figures


@dataclass(frozen=True, slots=True)
class NamedParagraphs:
    """Paragraphs that a sentence names within itself, with what stands before and behind their name, up to another."""

    sources: tuple[Source, ...]
    before: str
    behind: str


_NEXT_TO = re.compile(
    r"\b(?:from|before|after|since|until|till|beyond|following|preceding|behind|between|(?:up|down|prior|next|close)\s+to)"
    r"\s{1,9}(?:the\s{1,9})?\Z",
    re.IGNORECASE,
)
# Parts of a text, which may be some of what was decided about, too, and “described above”: the paragraph must say so.
_PART_NAMED = (
    r"(?:pages?|points?|items?|limbs?|lists?|parts?|clauses?|sections?|sentences?|lines?|entry|entries|passages?)"
)
_PART_OF_TEXT = re.compile(
    rf"""
    \b{_PART_NAMED}(?:\s{{1,3}}+|\s{{0,3}}+[(\[])(?!a\s{{1,9}}+\w)(?:[a-z]|[ivx]{{2,5}})(?![\w’'])
    | \b(?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|next|previous|preceding|following
      |penultimate|opening|closing|top|bottom|[0-9]{{1,3}}(?:st|nd|rd|th))\s{{1,9}}+(?:\w{{1,20}}+\s{{1,9}}+)?{_PART_NAMED}\b
    | (?:the|this|that)\s{{1,9}}+sections?\b(?!\s{{1,9}}+\d)
    | (?<!\bin\s)\blines?\b
    | \b(?:list|(?<=the\s)lists|sentences?|passages?|clauses?|(?:sub-?)?headings?|pages?|annex|appendix|schedules?
      |chapters?|tables?|columns?|rows?|excerpts?|extracts?|elsewhere)\b
    | \b(?:the|this)\s+(?:above|below|foregoing)\b
    | \b(?:set\s+out|given|shown|said|(?!aged)\w{{2,20}}?ed)\s+(?:above|below)\b
      (?!\s{{1,9}}+(?:an?\b|his\b|her\b|their\b|its\b|£|[0-9]))      # not “dropped below 90%”
    | \b(?!and\b|or\b)\w{{1,20}}\s{{1,9}}(?:above|below)(?=\s{{0,9}}(?:[).,;:\]]|\Z))   # not “aged 16 and above”
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LETTER = re.compile(  # “in (b)”, “under b)”; no “child(ren)” and no “e.g.”
    r"""
    (?!(?<=[a-z])\(s\))[(\[]\s?(?:[a-z]|[ivxl]{1,5})\s?[)\]]
    | (?<![\w.’'&/-])(?:[b-z]|[ivx]{2,5}|a(?=\)))\)?(?![\w’'&/-]|\.\w)
    """,
    re.VERBOSE,
)
NEAR_CHARACTERS = 40  # characters in which the word before a letter and the one behind it are looked for


def wrong_reference(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A place must be named by the number of the paragraph cited, and the letter of its item that says so."""
    if named := {match[0]: Reference(match[0]) for match in GENERATED_REFERENCE.finditer(claim.text)}:
        texts = (match[0] for source in sources for match in GENERATED_REFERENCE.finditer(source.whole.text))
        held = {*(source.reference for source in sources), *map(Reference, texts)}
        if others := [written for written, reference in named.items() if reference not in held]:
            return Flaw("reference", f"It names {others[0]}, which is not the decision cited.")
    for match in GENERATED_MENTION.finditer(claim.text):
        if not any(_is_place(match, claim, source) for source in sources):
            return Flaw("reference", f"It names {match[0]}, which is not the one cited.")
        near = max(0, match.start() - NEAR_CHARACTERS)
        if GENERATED_WIDER.match(claim.text, match.end()) or _NEXT_TO.search(claim.text, near, match.start()):
            return Flaw("reference", f"It names a place beside {match[0]} or within it that cannot be checked.")
    rest = GENERATED_MENTION.sub("§", claim.text)
    # “The next paragraph”, “paragraph xx” and what else may be another than the one cited.
    if placed := GENERATED_PLACE.search(rest):
        return Flaw("reference", f"It names a place (“{placed[0].strip('([ ')}”) that cannot be checked.")
    if parts := dict.fromkeys(fold(match[0]) for match in _PART_OF_TEXT.finditer(rest)):
        said = "\n".join(fold(source.whole.text) for source in sources).casefold()
        # “List” is begun by “lists”, no “specialist”.
        begun = [re.escape(part.casefold().removesuffix("s")) for part in parts]
        if unsaid := [part for part, words in zip(parts, begun, strict=True) if not re.search(rf"\b{words}", said)]:
            return Flaw("reference", f"It names a part of a text (“{unsaid[0]}”) that is not in {where(sources)}.")
    letters = [*_letters(rest)]
    there = [one for source in sources for one in _letters(source.whole.text)] if letters else []
    for letter, before, behind in letters:
        # A number says what is before it, as in “section 20(3)(a)”; what else has a letter may be an item.
        behinds = {one[2] for one in there if one[:2] == (letter, before)}
        if not (behind in behinds or (behinds and re.search(r"\d\W*\Z", before))):
            return Flaw("reference", f"It names an item (“{letter}”) that is not in {where(sources)}.")
    return None


_SIDE_BY_SIDE = re.compile(
    r"[\s,;:()\[\]–—-]*(?:(?:of|in|at|the|decision|case|reference)\b[\s,;:()\[\]]*){0,4}", re.IGNORECASE
)
_MAX_BETWEEN_CHARACTERS = 40  # characters, at most, between a reference and a number that are one place
# Behind what it says a paragraph is named in brackets that are open, or by “as” or “see”.
_NAMED_BEHIND = re.compile(
    r"(?:[(\[][^()\[\]]{0,40}|\b(?:as|see)(?:\s{1,9}also)?(?:\s{1,9}(?:in|per|from))?\s{0,9})\Z", re.IGNORECASE
)


def _places_named(text: str, sources: Sequence[Source]) -> Iterator[NamedParagraphs | None]:
    """The paragraphs that a sentence names by their numbers; None is a number beside the reference of another one."""
    references = [
        (match.start(), match.end(), str(Reference(match[0]))) for match in GENERATED_REFERENCE.finditer(text)
    ]
    places = [*GENERATED_MENTION.finditer(text)]
    ends = [0, *(match.end() for match in places)]
    begins = [*(match.start() for match in places[1:]), len(text)]
    for match, before, behind in zip(places, ends, begins, strict=False):
        beside = {
            reference
            for start, end, reference in references
            for between in (text[end : match.start()] if end <= match.start() else text[match.end() : start],)
            if len(between) <= _MAX_BETWEEN_CHARACTERS and _SIDE_BY_SIDE.fullmatch(between)
        }
        own = tuple(
            one
            for one in sources
            if one.paragraph.pinpoint.number == int(match[1]) and beside <= {str(one.paragraph.pinpoint.reference)}
        )
        yield NamedParagraphs(own, text[before : match.start()], text[match.end() : behind]) if own else None


def named_for_another(claim: Text, sources: Sequence[Source], named: Sequence[NamedParagraphs]) -> Flaw | None:
    """What is said beside the name of a paragraph must be said by that one at least as well as by the others cited."""
    for one in (*_places_named(claim.text, sources), *named):
        if one is None:
            return Flaw("reference", "It names a paragraph beside the reference of another decision.")
        before, behind = _content_clauses(one.before), _content_clauses(one.behind)
        is_behind = before and (
            not behind or _NAMED_BEHIND.search(one.before, max(0, len(one.before) - NEAR_CHARACTERS))
        )
        all_said, next_to = (before, before[-1:]) if is_behind else (behind, behind[:1])
        # All that is said, and what stands next to the name: “A, and B, as paragraph 22 says”.
        for stems in (frozenset().union(*all_said), *next_to):
            own = max((overlap(stems, source.whole.stems) for source in one.sources), default=0.0)
            if all(overlap(stems, source.whole.stems) <= own for source in sources):
                continue
            return Flaw("reference", "What it says of a paragraph that it names is in another of those cited.")
    return None


def _content_clauses(text: str) -> list[frozenset[str]]:
    """The clauses of a text that have two content words or more, by their stems."""
    every = (clause.stems - UBIQUITOUS_STEMS for clause in clauses(text))
    return [stems for stems in every if len(stems) > 1]


def _letters(text: str) -> Iterator[tuple[str, str, str]]:
    """Each letter that stands in a text by itself, as “(b)”, with what stands in its line before and behind it."""
    for match in _LETTER.finditer(text):
        before = text[max(0, match.start() - NEAR_CHARACTERS) : match.start()].rpartition("\n")[2].split()
        behind = text[match.end() : match.end() + NEAR_CHARACTERS].partition("\n")[0].split()
        yield match[0], "".join(before[-1:]).casefold(), "".join(behind[:1]).casefold()


def _is_place(place: re.Match[str], claim: Text, source: Source) -> bool:
    """Whether a place is in the paragraph cited; an item of it must say what the sentence says."""
    if source.paragraph.pinpoint.number != int(place[1]):
        return False
    if place[2] is None:
        return True
    lead = source.paragraph.lines[0].text
    items = {str(item.pinpoint.item): Text.read(item.text) for item in source.paragraph.items()}
    item = items.get(place[2].lower())
    if item is None or overlap(claim.stems, Text.read(f"{lead}\n{item.text}").stems) < MIN_SHARE:
        return False
    own, every = overlap(claim.stems, item.stems), [overlap(claim.stems, one.stems) for one in items.values()]
    told_there = figures(f"{lead}\n{item.text}")
    return own >= max(every) and all(
        one.is_told_in(told_there) for one in figures(GENERATED_MENTION.sub("", claim.text))
    )
