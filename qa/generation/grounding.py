"""Whether paragraphs say what a sentence says, as far as words can tell. Pure: no model, no index.

A sentence is grounded if its quotations stand in the paragraphs word for word, and so do its figures, names and
references; if nearly all its telling words stand there too; if it has the same “not”, “must” and “fault”; and if what
somebody only said or alleged is told as that. What two texts mean cannot be told by words alone, so the rules are
strict: a true sentence that is doubted costs little, a false one in a letter much.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.decisions import Paragraph, Reference, fold
from index.passages import sentence_spans
from index.text.stemming import stem as stem_of_form
from qa.generation.context import DecisionHeader
from qa.text.figures import Figure, figures
from qa.text.quotations import find, quotations, without_quotations

Ungrounded = Literal["misquoted", "reference", "figure", "name", "wording", "allegation", "sense"]
"""Why a sentence is not grounded."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why a sentence is not grounded; `detail` says so in a sentence."""

    reason: Ungrounded
    detail: str


_LONGEST = (
    1_000  # characters of a sentence that is held against paragraphs: each of its clauses is, with each of theirs
)
_LEAST = 0.75  # of the telling words of a sentence must stand in what it cites
_LEAST_OF_CLAUSE = 0.5  # of those of each clause
_CLAUSE = re.compile(r"[,;:–—()]|\b(?:and|but|because|so|which|who|while|although|though|as|since)\b", re.IGNORECASE)
_LEAST_EACH = 0.2  # of them, in each paragraph that it cites
_CLEARLY = 0.25  # by which another paragraph says more of it


def ungrounded(
    sentence: str, cited: Sequence[Source], shown: Sequence[Source], named: Sequence[Named] = ()
) -> Flaw | None:
    """Why the paragraphs `cited`, of those `shown`, do not say what a sentence says; None if they do.

    `named` are those that are named within the sentence itself, in another way than by their numbers.
    """
    if len(sentence) > _LONGEST:
        return Flaw("wording", f"It is longer than {_LONGEST:,} characters.")
    claim = Text.read(sentence)
    return (
        _misquoted(claim, cited)
        or _wrong_reference(claim, cited)
        or _named_for_another(claim, cited, named)
        or _wrong_figure(claim, cited)
        or _wrong_name(claim, cited)
        or _told_of_another_body(claim, cited)
        or _other_words(claim, cited, shown)
        or _judged_otherwise(claim, cited)
        or _told_as_fact(claim, cited)
        or _told_as_done(claim, cited)
        or _other_sense(claim, cited)
    )


# What is compared


@dataclass(frozen=True, slots=True)
class Text:
    """A sentence or a paragraph with its words; `stems` are those of its telling words."""

    text: str
    words: frozenset[str]
    stems: frozenset[str]

    @classmethod
    def read(cls, text: str) -> Text:
        """Read the words of a text."""
        words = frozenset(_words(text))
        return cls(text, words, frozenset(stem(word) for word in words - _FREE))


@dataclass(frozen=True, slots=True)
class Named:
    """Paragraphs that a sentence names within itself, with what stands before and behind their name, up to another."""

    sources: tuple[Source, ...]
    before: str
    behind: str


@dataclass(frozen=True, slots=True)
class Telling:
    """A sentence of a paragraph with its figures; one of a list with those of the line that leads to it, too.

    `text` is written out the same way. Where a sentence has no date, those of the last one before it that has are among
    its figures.
    """

    text: str
    stems: frozenset[str]
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Beside:
    """A number, and what stands next to it: the stem before it, those of what it counts, what is written in one.

    `between` are the words right before and behind it, whatever they are; empty if there are not both.
    """

    number: Figure
    before: frozenset[str]
    behind: frozenset[str]
    token: str
    between: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A paragraph that may be cited; `headed` is its text with what stands above it and at the head of its decision."""

    paragraph: Paragraph
    body: str
    whole: Text
    headed: Text
    sentences: tuple[Text, ...]
    figures: tuple[Figure, ...]
    references: frozenset[str]
    tellings: tuple[Telling, ...]
    lines: tuple[tuple[frozenset[str], tuple[Figure, ...]], ...]  # the people and the figures of each
    numbers: tuple[Beside, ...]  # each figure that is a number without a unit
    places: dict[str, dict[str, list[int]]] = field(
        compare=False, repr=False
    )  # of each stem in these, by its beginning
    bounds: tuple[tuple[Figure, frozenset[str]], ...]  # each figure with the words next to it
    letters: frozenset[tuple[str, str, str]]  # each that stands by itself, with what stands before and behind it

    @classmethod
    def of(cls, paragraph: Paragraph, decision: DecisionHeader) -> Source:
        """What a paragraph of a decision says."""
        return _source(paragraph, decision)


@functools.lru_cache(maxsize=512)  # the sentences of an answer are held against the same few paragraphs
def _source(paragraph: Paragraph, decision: DecisionHeader) -> Source:
    text = re.sub(r"\[(\w+)\]", r"\1", paragraph.text)  # of a quotation: Mr [H]
    # How a decision ended says nothing of what the paragraph is about.
    head = (decision.body, decision.category or "", "Ombudsman", *paragraph.section)
    spans = sentence_spans(text)
    sentences = tuple(Text.read(text[start:end]) for start, end in spans)
    told = tuple(figures(text))
    ends = [*itertools.accumulate(len(line) + 1 for line in text.split("\n"))]
    tellings = tuple(_tellings(paragraph, spans, sentences, _apart(told, spans), ends))
    places: dict[str, dict[str, list[int]]] = {}
    for place, telling in enumerate(tellings):
        for one in telling.stems:
            places.setdefault(one[:_ALIKE], {}).setdefault(one, []).append(place)
    return Source(
        paragraph,
        decision.body,
        Text.read(text),
        Text.read("\n".join((*head, text))),
        sentences,
        told,
        frozenset({str(decision.reference), *(str(Reference(match[0])) for match in _REFERENCE.finditer(text))}),
        tellings,
        tuple(
            (_people(line), own)
            for line, own in zip(text.split("\n"), _apart(told, itertools.pairwise([0, *ends])), strict=True)
        ),
        tuple(_beside(text, one, told) for one in told if one.kind == "number" and one.unit is None),
        places,
        tuple((figure, words) for figure, _, words in _bounded(text, told)),
        frozenset(_letters(text)),
    )


def _apart(told: Sequence[Figure], spans: Iterable[tuple[int, int]]) -> list[tuple[Figure, ...]]:
    """The figures of a text that begin in each of its parts."""
    starts = [figure.start for figure in told]
    return [tuple(told[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]) for start, end in spans]


_LONGEST_LEAD = 600  # characters of what leads to a list, with all that leads to that: each item is read with it


def _tellings(
    paragraph: Paragraph,
    spans: Sequence[tuple[int, int]],
    sentences: Sequence[Text],
    told: Sequence[tuple[Figure, ...]],
    ends: Sequence[int],
) -> Iterator[Telling]:
    """The sentences of a paragraph with the figures told in each, by where each of its lines ends."""
    leads: list[tuple[int, Telling]] = []  # “Within a month the Council will:”, each with its depth, outermost first
    before, latest = 0, tuple[Figure, ...]()
    for (start, _), sentence, own in zip(spans, sentences, told, strict=True):
        depth = paragraph.lines[min(bisect.bisect_right(ends, start), len(paragraph.lines) - 1)].depth
        is_lead = len(sentence.text) <= _LONGEST_LEAD and sentence.text.rstrip().endswith(":")
        # A list that is no deeper than what leads to it, as a quotation is, goes on to the next that leads to one.
        goes_on = depth >= before and not is_lead
        leads = [lead for lead in leads if lead[0] < depth or (lead[0] == depth and goes_on)]
        above = leads[-1][1] if leads else Telling("", frozenset(), ())
        text = f"{above.text} {sentence.text}" if above.text else sentence.text
        here = own + above.figures
        # “She rang on 6 May. It told her …”: a sentence without a date goes on at the one that was told last.
        if dates := tuple(figure for figure in here if figure.kind == "date"):
            latest = dates
        telling = Telling(text, sentence.stems | above.stems, here if dates else here + latest)
        if is_lead and len(text) <= _LONGEST_LEAD:
            leads.append((depth, telling))
        yield telling
        before = depth


def _words(text: str) -> Iterator[str]:
    for match in re.finditer(r"[^\W\d_]+(?:[’'][^\W\d_]*)?", _NOT.sub(" not", text.casefold())):
        yield re.sub(r"[’']s?$", "", match[0])


_NOT = re.compile(r"n[’']t\b")

_IRREGULAR = {
    form: verb
    for verb, *forms in map(
        str.split,
        """pay paid, uphold upheld, hold held, send sent, write wrote written, meet met, speak spoke spoken, tell told,
        withhold withheld, leave left, buy bought, bring brought, teach taught, catch caught, build built, spend spent,
        lend lent, lose lost, sell sold, choose chose chosen, break broke broken, drive drove driven, begin began begun,
        undertake undertook undertaken, withdraw withdrew withdrawn, draw drew drawn, fall fell fallen, grow grew grown,
        throw threw thrown, wear wore worn, understand understood, feel felt, forget forgot forgotten,
        forgive forgave forgiven, oversee oversaw overseen, deal dealt, mean meant, seek sought, fight fought, lead led,
        feed fed, flee fled, sleep slept, sit sat, stand stood, win won, bear bore borne, eat ate eaten, drink drank
        drunk, hide hid hidden, ride rode ridden, rise rose risen, steal stole stolen, swear swore sworn, arise arose
        arisen""".split(","),
    )
    for form in forms
}


@functools.lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """What the forms of a word have in common, of “upheld” and “uphold”, too."""
    return stem_of_form(_IRREGULAR.get(word, word))


# Words that tell nothing of what a sentence is about, or are changed freely when it is told again.
_FREE = frozenset(
    """
    a an the this that these those it its he him his she her hers they them their theirs we us our i me my you your
    who whom whose which what when where why how there here one ones am is are was were be been being do does did done
    has have had having can could may might will would shall should must and or but nor so yet if unless until while
    because since although though than then as whether not no about above after against along among around at before
    behind below between by concerning despite during except for from in inside into like near of off on onto out
    outside over per regarding through throughout to toward towards under up upon with within without also only just
    even still again ever never now both either neither each any some such other another same own more most very too
    however therefore thus hence consequently instead rather already further once twice simply first whole second
    enough able according later mr mrs ms miss dr
    ombudsman case complaint paragraph decision part parts point points matter result results respect thing things time
    times way ways say says said saying tell tells told telling state stated states note noted notes explained called
    found find finds get got make makes made making take takes took taken taking give gives gave given giving put place
    placed go goes went going gone come comes came coming keep kept look looked ask asked follow followed following
    follows set want wanted know knew known seem seemed see saw seen use used using let become became need needed needs
    include includes including think thinks thought describe describes described
    """.split()
)


def _share(stems: Collection[str], held: Collection[str]) -> float:
    """The share of some stems that is met by others; 1 if there are none."""
    if not (missing := [one for one in stems if one not in held]):
        return 1.0
    begun: dict[str, list[str]] = {}
    beginnings = {one[:_ALIKE] for one in missing}
    for other in held:
        if (beginning := other[:_ALIKE]) in beginnings:
            begun.setdefault(beginning, []).append(other)
    akin = sum(any(_is_akin(one, other) for other in begun.get(one[:_ALIKE], ())) for one in missing)
    return (len(stems) - len(missing) + akin) / len(stems)


_ALIKE = 4  # letters, at least, with which stems begin that are alike


def _is_akin(one: str, other: str) -> bool:
    """Whether two stems are alike but for their ends: “explan” and “explain”."""
    longest, shortest = max(len(one), len(other)), min(len(one), len(other))
    common = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), shortest)
    return common >= _ALIKE and common >= 0.7 * longest


def _stems(texts: Iterable[Text]) -> frozenset[str]:
    return frozenset(one for text in texts for one in text.stems)


def _stems_of(words: Iterable[str]) -> frozenset[str]:
    return frozenset(map(stem, words))


def _where(sources: Sequence[Source]) -> str:
    return "the paragraph cited" if len(sources) == 1 else "the paragraphs cited"


# What must stand there as it is


def _misquoted(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    for quotation in quotations(claim.text):
        if not quotation.is_closed:
            return Flaw("misquoted", "A quotation in it does not end.")
        if all(find(quotation.text, source.paragraph.text) is None for source in sources):
            return Flaw("misquoted", f"“{quotation.text}” does not stand word for word in {_where(sources)}.")
    if _LEFT_OVER.search(without_quotations(claim.text, "x")):
        return Flaw("misquoted", "It has a quotation mark without the other.")
    return None


_LEFT_OVER = re.compile(r"[\"“”]|(?<![^\W\d_])[‘’']|(?<=[^\W\d_sS])[’'](?![^\W\d_])|(?<=[sS])‘")  # no apostrophes


_REFERENCE = re.compile(
    r"(?<![\d.,£])[0-9]{2}[\s-]?[0-9]{3}[\s-]?[0-9]{3}(?![\d,.]\d|\d)(?:[\s-]?[a-z]\b)?",
    re.IGNORECASE | re.ASCII,
)
_PLACE = re.compile(
    r"""
    \b(?:paragraphs?|paras?\.?|¶)\s*([0-9]{1,3})(?![0-9]|[.,][0-9])
    (?:                                      # its item: “51(b)”, “51 (b)”, “51b”, “51 b”, “51-b”, “51, b”
      (?![,.:;]\s(?-i:[A-Z])\b(?![)\]]))      # “in paragraph 51, B said”: who is called B
      [\s,.:;/–-]{0,3}[(\[]?\s?(?!a\s{1,9}+\w)([a-z])(?![\w’'])(?:\s?[)\]])?
    )?
    """,
    re.VERBOSE | re.IGNORECASE | re.ASCII,
)
_WIDER = re.compile(  # behind a place: not that one alone, or some part of it
    r"""
    \s{0,9}+(?:
      [(\[]\s{0,3}+(?:[a-z]|[ivxl]{1,5}|[0-9]{1,3})\s{0,3}+[)\]]
    | [/&+–—-]\s{0,3}+(?:[0-9]|[a-z]\b)
    | [,(]?\s{0,3}+(?:ff?|et\s+seq\w*|onwards?|on(?=\s{0,9}+(?:[,.;:)]|\Z))|bis|ter|(?-i:[ivx]{2,5}))\b
    | ,?\s{0,3}+(?:and|or)\s+(?!para|¶)
    | (?:to|through|until|till|up\s+to|following|next)\b )
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NEXT_TO = re.compile(
    r"\b(?:from|before|after|since|until|till|beyond|following|preceding|behind|between|(?:up|down|prior|next|close)\s+to)"
    r"\s{1,9}(?:the\s{1,9})?\Z",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"""
    \b(?: (?:sub)?(?:paragraphs?|paras?) | (?:foot|end)notes? | bullets? | ibid(?:em)? | idem | supra | infra | passim
      | (?:op|loc)\.?\s?cit | et\s+seq | overleaf | the\s+summary | (?:see(?:\s+also)?|as)\s+(?:above|below) )\b
    | ¶ | [(\[]\s?summary\b
    | (?<!\w\s)\b(?:above|below)(?=\s{0,9}(?:[).,;:\]]|\Z))
    """,
    re.VERBOSE | re.IGNORECASE,
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
_AROUND = 40  # characters in which the word before a letter and the one behind it are looked for


def _wrong_reference(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A place can be told in one way: by the number of the paragraph cited, and the letter of its item that says so."""
    for match in _REFERENCE.finditer(claim.text):
        if not any(str(Reference(match[0])) in source.references for source in sources):
            return Flaw("reference", f"It names {match[0]}, which is not the decision cited.")
    for match in _PLACE.finditer(claim.text):
        if not any(_is_place(match, claim, source) for source in sources):
            return Flaw("reference", f"It names {match[0]}, which is not the one cited.")
        near = max(0, match.start() - _AROUND)
        if _WIDER.match(claim.text, match.end()) or _NEXT_TO.search(claim.text, near, match.start()):
            return Flaw("reference", f"It names a place beside {match[0]} or within it that cannot be checked.")
    rest = _PLACE.sub("§", claim.text)
    # “The next paragraph”, “paragraph xx” and what else may be another than the one cited.
    if placed := _PLACED.search(rest):
        return Flaw("reference", f"It names a place (“{placed[0].strip('([ ')}”) that cannot be checked.")
    if parts := dict.fromkeys(fold(match[0]) for match in _PART_OF_TEXT.finditer(rest)):
        said = "\n".join(fold(source.whole.text) for source in sources).casefold()
        # “List” is begun by “lists”, no “specialist”.
        begun = [re.escape(part.casefold().removesuffix("s")) for part in parts]
        if unsaid := [part for part, words in zip(parts, begun, strict=True) if not re.search(rf"\b{words}", said)]:
            return Flaw("reference", f"It names a part of a text (“{unsaid[0]}”) that is not in {_where(sources)}.")
    for letter, before, behind in _letters(rest):
        # What stands before a number is told by it, as in “section 20(3)(a)”; what else has a letter may be an item.
        behinds = {one[2] for source in sources for one in source.letters if one[:2] == (letter, before)}
        if not (behind in behinds or (behinds and re.search(r"\d\W*\Z", before))):
            return Flaw("reference", f"It names an item (“{letter}”) that is not in {_where(sources)}.")
    return None


_SIDE_BY_SIDE = re.compile(
    r"[\s,;:()\[\]–—-]*(?:(?:of|in|at|the|decision|case|reference)\b[\s,;:()\[\]]*){0,4}", re.IGNORECASE
)
_BETWEEN_PAIR = 40  # characters, at most, between a reference and a number that are one place
# Behind what it says a paragraph is named in brackets that are open, or by “as” or “see”.
_NAMED_BEHIND = re.compile(
    r"(?:[(\[][^()\[\]]{0,40}|\b(?:as|see)(?:\s{1,9}also)?(?:\s{1,9}(?:in|per|from))?\s{0,9})\Z", re.IGNORECASE
)


def _places_named(text: str, sources: Sequence[Source]) -> Iterator[Named | None]:
    """The paragraphs that a sentence names by their numbers; None is a number beside the reference of another one."""
    references = [(match.start(), match.end(), str(Reference(match[0]))) for match in _REFERENCE.finditer(text)]
    places = [*_PLACE.finditer(text)]
    ends = [0, *(match.end() for match in places)]
    begins = [*(match.start() for match in places[1:]), len(text)]
    for match, before, behind in zip(places, ends, begins, strict=False):
        beside = {
            reference
            for start, end, reference in references
            for between in (text[end : match.start()] if end <= match.start() else text[match.end() : start],)
            if len(between) <= _BETWEEN_PAIR and _SIDE_BY_SIDE.fullmatch(between)
        }
        own = tuple(
            one
            for one in sources
            if one.paragraph.pinpoint.number == int(match[1]) and beside <= {str(one.paragraph.pinpoint.reference)}
        )
        yield Named(own, text[before : match.start()], text[match.end() : behind]) if own else None


def _named_for_another(claim: Text, sources: Sequence[Source], named: Sequence[Named]) -> Flaw | None:
    """What is told beside the name of a paragraph must be said by that one at least as well as by the others cited."""
    for one in (*_places_named(claim.text, sources), *named):
        if one is None:
            return Flaw("reference", "It names a paragraph beside the reference of another decision.")
        before, behind = _telling_clauses(one.before), _telling_clauses(one.behind)
        is_behind = before and (not behind or _NAMED_BEHIND.search(one.before, max(0, len(one.before) - _AROUND)))
        told, next_to = (before, before[-1:]) if is_behind else (behind, behind[:1])
        # All that is told, and what stands next to the name: “A, and B, as paragraph 22 says”.
        for stems in (frozenset().union(*told), *next_to):
            own = max((_share(stems, source.whole.stems) for source in one.sources), default=0.0)
            if all(_share(stems, source.whole.stems) <= own for source in sources):
                continue
            return Flaw("reference", "Another of the paragraphs cited says what it tells of one that it names.")
    return None


def _telling_clauses(text: str) -> list[frozenset[str]]:
    """The clauses of a text that have two telling words or more, by their stems."""
    every = (Text.read(clause).stems - _EVERYWHERE for clause in _CLAUSE.split(text))
    return [stems for stems in every if len(stems) > 1]


def _letters(text: str) -> Iterator[tuple[str, str, str]]:
    """Each letter that stands in a text by itself, as “(b)”, with what stands in its line before and behind it."""
    for match in _LETTER.finditer(text):
        before = text[max(0, match.start() - _AROUND) : match.start()].rpartition("\n")[2].split()
        behind = text[match.end() : match.end() + _AROUND].partition("\n")[0].split()
        yield match[0], "".join(before[-1:]).casefold(), "".join(behind[:1]).casefold()


def _is_place(told: re.Match[str], claim: Text, source: Source) -> bool:
    """Whether a paragraph that is told of is the one cited; an item of it must say what is told."""
    if source.paragraph.pinpoint.number != int(told[1]):
        return False
    if told[2] is None:
        return True
    lead = source.paragraph.lines[0].text
    items = {str(item.pinpoint.item): Text.read(item.text) for item in source.paragraph.items()}
    item = items.get(told[2].lower())
    if item is None or _share(claim.stems, Text.read(f"{lead}\n{item.text}").stems) < _LEAST:
        return False
    own, every = _share(claim.stems, item.stems), [_share(claim.stems, one.stems) for one in items.values()]
    told_there = figures(f"{lead}\n{item.text}")
    return own >= max(every) and all(one.is_told_in(told_there) for one in figures(_PLACE.sub("", claim.text)))


def _wrong_figure(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    stems = _stems_of(word for source in sources for word in source.headed.words)
    for word in sorted(claim.words & _COUNTING):
        if stem(word) not in stems:
            return Flaw("figure", f"“{word}” does not stand in {_where(sources)}.")
    if (one := _counted_as_one(claim, sources)) is not None:
        return Flaw("figure", f"“{one}” is more than that in {_where(sources)}.")
    text = _PLACE.sub("", _REFERENCE.sub("", claim.text))
    found = figures(text)
    for figure in found:
        if not any(figure.is_told_in(source.figures) for source in sources):  # one of them tells it whole
            return Flaw("figure", f"“{figure.written}” does not stand in {_where(sources)}.")
        if figure.kind == "number" and figure.unit is None and not _counts_the_same(figure, text, found, sources):
            return Flaw("figure", f"“{figure.written}” is told of something else in {_where(sources)}.")
        if figure.kind == "sum" and (names := _nearest_names(claim.text, figure.written)):
            # Who gets which sum: not if each line that tells the sum names somebody, and never one of these.
            lines = [line for source in sources for line in source.lines]
            named = [people for people, sums in lines if figure.is_told_in(sums)]
            if named and all(named) and not names <= frozenset().union(*named):
                return Flaw("figure", f"“{figure.written}” is told of somebody else in {_where(sources)}.")
    clauses = _clauses(text, found)
    for figure, bounds, _ in _bounded(text, found):
        beside = frozenset[str]().union(
            *(
                words
                for source in sources
                for there, words in source.bounds
                if (there.kind, there.value, there.month) == (figure.kind, figure.value, figure.month or there.month)
                and _tells((there,), figure)
            )
        )
        if unsaid := sorted(word for word in bounds if not (_BOUNDS.get(word, frozenset()) | {word}) & beside):
            return Flaw("figure", f"“{unsaid[0]}” does not stand beside “{figure.written}” in {_where(sources)}.")
    nearness = [(source, functools.cache(functools.partial(_nearness, source))) for source in sources]
    # Each of several paragraphs must say the half of a clause, for what they say only together is told by none of them.
    least = _LEAST_OF_CLAUSE if len(sources) > 1 else 0.0
    for figure in found:
        if _OF_LAW.search(text, max(0, figure.start - _AROUND), figure.start):
            continue  # it counts nothing, and names the same wherever it stands
        if not any(_is_told_with(figure, clauses, source, shares, least) for source, shares in nearness):
            return Flaw("figure", f"“{figure.written}” is told in another sentence of {_where(sources)}.")
    return None


# Words beside a figure that make more or less of it, or another time, each with those that say the same.
_BOUNDS = {
    word: frozenset(equals.split())
    for word, equals in {
        "within": "in inside of under", "over": "more above exceed exceeds exceeded exceeding during",
        "above": "over more", "under": "below less fewer", "below": "under less fewer", "up": "maximum most within",
        "more": "over above least minimum exceed exceeds exceeded exceeding", "less": "under below fewer",
        "fewer": "less under", "least": "minimum", "most": "maximum up", "until": "till by to", "till": "until by to",
        "before": "by until prior ahead", "by": "before until within", "since": "from after began beginning",
        "from": "since after of dated between began beginning",
        "after": "later following from since", "following": "after next later", "later": "after following",
        "earlier": "before previously ago", "ago": "earlier before", "late": "later overdue delay delayed",
        "every": "each per", "per": "each every a an", "once": "one", "twice": "two times", "thrice": "three times",
        "about": "around approximately some roughly", "around": "about approximately some roughly",
        "nearly": "almost", "almost": "nearly", "except": "but", "another": "further additional second",
        "further": "another additional", "additional": "another further", "minus": "", "plus": "", "half": "",
        "instead": "", "double": "twice", "prior": "before",
    }.items()
}  # fmt: skip
_BOUNDS_BEHIND = frozenset("later earlier ago late less more fewer or once twice thrice per every".split())
_BESIDE = 40  # characters in which they are looked for
_SIGN_BEFORE = re.compile(r"(?<![^\s(\[“‘])[-–−—~+<>≈±*]+\Z")
_SIGN_BEHIND = re.compile(r"\s?[+*]|/[^\W\d]|\s?[x×]\s?\d")
_THOUSANDTHS = re.compile(r"\.\d{3}")  # £950.000 may be many thousands


def _bounded(text: str, found: Sequence[Figure]) -> Iterator[tuple[Figure, frozenset[str], frozenset[str]]]:
    """Each figure of a text with the words and signs that bound it, and all that stand within two words of it.

    A word that is not next to a figure bounds it if what stands between tells nothing: “more than”, no “under section”.
    """
    for figure in found:
        before = [*_words(_BREAK.split(text[max(0, figure.start - _BESIDE) : figure.start].rstrip("£ "))[-1])][-2:]
        behind = [*_words(_BREAK.split(text[figure.end : figure.end + _BESIDE])[0])][:2]
        signs = {
            match[0].strip()
            for match in (
                _SIGN_BEFORE.search(text[max(0, figure.start - _BESIDE) : figure.start]),
                _SIGN_BEHIND.match(text, figure.end),
                _THOUSANDTHS.search(figure.written) if figure.kind == "sum" else None,
            )
            if match
        }
        ahead = frozenset(before[-1:] + [word for word in before[:1] if before[-1] in _FREE])
        after = frozenset(behind[:1] + [word for word in behind[1:] if behind[0] in _FREE])
        past = {"after", "before", "following"} if figure.unit else set[str]()  # “a month after the visit”
        bounds = {word for word in ahead if word in _BOUNDS} | (after & (_BOUNDS_BEHIND | past) & _BOUNDS.keys())
        yield figure, frozenset(bounds | signs), frozenset([*before, *behind, *signs])


_AS_ONE = re.compile(r"\b(one|first|single)\s{1,9}(?:\w{1,30}\s{1,9})?([^\W\d_]{3,40})\b", re.IGNORECASE)


def _counted_as_one(claim: Text, sources: Sequence[Source]) -> str | None:
    """“One visit” or “the first visit”, which is no figure, where the paragraphs count visits, and never one."""
    for match in _AS_ONE.finditer(claim.text):
        counted = {stem(word) for word in _words(match[0]) if word not in _FREE}
        other = any(counted & there.behind for source in sources for there in source.numbers)
        if match[1].casefold() == "first" and any("first" in source.whole.words for source in sources):
            continue
        ones = (one for source in sources for one in _AS_ONE.finditer(source.whole.text))
        if other and not any(counted & {stem(word) for word in _words(one[0])} for one in ones):
            return match[0]
    return None


_OF_LAW = re.compile(r"\b(?:sections?|regulations?|articles?|schedules?)\s{1,3}\Z", re.IGNORECASE)
_OF_CLAUSE = 3  # telling words, at least, of a clause that by themselves find the sentence that says it


def _clauses(text: str, found: Sequence[Figure]) -> list[tuple[int, frozenset[str]]]:
    """The clauses of a text, each with where it ends and its stems, but for those that say nothing of what happened.

    These are the words of the figures `found` in it, and who is named: a paragraph goes on with “it” and “he”.
    """
    bare = list(text)
    for place, figure in enumerate(found):
        end = figure.end
        if place + 1 < len(found) and _LISTED.fullmatch(text, end, found[place + 1].start):
            end = found[place + 1].start  # no clause ends within “19 and 23 March”
        bare[figure.start : end] = " " * (end - figure.start)
    for couple in _COUPLE.finditer(text):
        bare[couple.start(1) : couple.end(1)] = " " * len(couple[1])  # nor within “Mr X and Ms Z”
    plain = "".join(bare)
    ends = [*(match.end() for match in _CLAUSE.finditer(plain)), len(text)]
    none = _EVERYWHERE.union(stem(figure.unit) for figure in found if figure.unit)
    return [
        (end, frozenset(one for one in Text.read(plain[start:end]).stems - none if len(one) > 1))
        for start, end in itertools.pairwise([0, *ends])
    ]


def _nearness(source: Source, stems: frozenset[str]) -> list[float]:
    """How much of a clause with these stems each sentence of a paragraph says."""
    met = [0] * len(source.tellings)  # as `_share` counts; a paragraph may have thousands of lines
    for one in stems:
        alike = source.places.get(one[:_ALIKE], {})
        places = {place for other, at in alike.items() if other == one or _is_akin(one, other) for place in at}
        for place in places:
            met[place] += 1
    return [count / len(stems) if stems else 1.0 for count in met]


def _is_told_with(
    figure: Figure,
    clauses: Sequence[tuple[int, frozenset[str]]],
    source: Source,
    nearness: Callable[[frozenset[str]], list[float]],
    least: float,
) -> bool:
    """Whether the sentence of a paragraph that is nearest to the clause of a figure tells the figure, too.

    If several say all of the clause, it is the shortest of these, as it says least besides. A clause that is short, or
    as near to sentences that do not tell the figure, is read with those next to it, first with those behind it.
    """
    told = source.tellings
    candidates = [*range(len(told))]
    last = bisect.bisect_right(clauses, figure.start, hi=len(clauses) - 1, key=lambda one: one[0])
    first, stems = last, clauses[last][1]
    while True:
        shares = nearness(stems)
        best = max((shares[one] for one in candidates), default=0.0)
        nearest = [one for one in candidates if shares[one] >= best]
        if len(stems) >= _OF_CLAUSE or len(clauses) == 1 + last - first:
            return best >= least and any(_tells(told[one].figures, figure) for one in nearest)
        if stems and best >= max(least, _LEAST_OF_CLAUSE):
            if best == 1:
                candidates = nearest
                fewest = min(len(told[one].stems) for one in nearest)
                nearest = [one for one in nearest if len(told[one].stems) == fewest]
            if all(_tells(told[one].figures, figure) for one in nearest):
                return True
        known = stems
        while stems == known and len(clauses) > 1 + last - first:
            if last + 1 < len(clauses):
                last += 1
                stems |= clauses[last][1]
            else:
                first -= 1
                stems |= clauses[first][1]


def _tells(there: Sequence[Figure], figure: Figure) -> bool:
    """Whether a sentence tells a figure that its paragraph tells; a day or month there may be of a year told before."""
    return figure.is_told_in(there) or (
        figure.month is not None
        and any(
            one.month == figure.month and figure.day in (None, one.day) and one.year in (None, figure.year)
            for one in there
        )
    )


def _counts_the_same(number: Figure, text: str, found: Sequence[Figure], sources: Sequence[Source]) -> bool:
    """Whether a number without a unit is told of what it is told of in a paragraph.

    It counts the same, as in “three visits”, or stands behind the same word, as in “section 47”; that does not do if
    both count, and not the same. A number by itself, as in “(no 28)” or “at [28]:”, is read as the number of a
    paragraph; that one says 28 of something else does not make it so.
    """
    here = _beside(text, number, found)
    for there in (one for source in sources for one in source.numbers):
        if not number.is_told_in((there.number,)):  # 28 days are no 28
            continue
        if here.behind & there.behind or (here.token and here.token == there.token):
            return True
        if here.between and here.between == there.between:
            return True
        if here.before & there.before and not (here.behind and there.behind):
            return True
    return False


_IN_A_ROW = 9  # numbers, at most, on either side of one, that count the same
_COUNTED = 3  # words behind a number, at most, that tell what it counts
_ALONGSIDE = 80  # characters in which these are looked for, and the one before it
_BREAK = re.compile(r"[^\w\s’'&-]")
_LISTED = re.compile(r"(?:[\s,&/–-]|\b(?:and|or|to)\b)+")  # between the numbers of “flats 3, 4 and 5”
_BETWEEN = frozenset("and or to of the a between from".split())  # “flats 3 and 4”, “at the age of 4”
_MORE = frozenset("further more other such same own different".split())  # “three further visits”
_LIKE_THIS = re.compile(r"\w{2}(?:ed|ing|al|ive|ous|ful|ary|ent|ant|able|ible|ic)\Z")  # “12 recorded visits”
_OF_PLACES = frozenset(
    """number numbers num numbered no nr par para paras paragraph paragraphs page pages item items line lines clause
    clauses citation citations cite cited reference references quote quoted entry row footnote footnotes""".split()
)


def _beside(text: str, number: Figure, found: Sequence[Figure]) -> Beside:
    """What stands next to a number, of all figures `found` in its text, up to the next of them.

    Numbers in a row, “3, 4 and 5 visits”, count the same.
    """
    at = bisect.bisect_left(found, number.start, key=lambda one: one.start)
    first = last = at
    while first > max(0, at - _IN_A_ROW) and _LISTED.fullmatch(text, found[first - 1].end, found[first].start):
        first -= 1
    while last + 1 < min(len(found), at + _IN_A_ROW) and _LISTED.fullmatch(
        text, found[last].end, found[last + 1].start
    ):
        last += 1
    begins, ends = found[first].start, found[last].end
    before = text[max(0, begins - _ALONGSIDE, found[first - 1].end if first else 0) : begins]
    behind = text[ends : min(ends + _ALONGSIDE, found[last + 1].start if last + 1 < len(found) else len(text))]
    said, says = [*_words(_BREAK.split(before)[-1])], [*_words(_BREAK.split(behind)[0])]
    none = _FREE | _OF_PLACES
    nearest = [word for word in said if word not in _BETWEEN][-1:]
    counted: list[str] = []
    for word in itertools.islice(itertools.dropwhile(_MORE.__contains__, says), _COUNTED):
        if word in _FREE:
            break
        counted.append(word)
        if not _LIKE_THIS.search(word):
            break
    between = (said[-1], says[0]) if said and says and not _OF_PLACES.intersection((said[-1], says[0])) else ()
    return Beside(
        number,
        _stems_of(word for word in nearest if word not in none),
        _stems_of(counted),
        _token(text, number),
        between,
    )


def _token(text: str, figure: Figure) -> str:
    """What is written in one with a figure, as in “20(3)”; nothing if that is only the figure and marks around it."""
    before = text[max(0, figure.start - _ALONGSIDE) : figure.start].rpartition(" ")[2].lstrip("([“‘\"'")
    behind = re.split(r"\s", text[figure.end : figure.end + _ALONGSIDE], maxsplit=1)[0].rstrip(")]”’\"'.,;:!?")
    return f"{before}{text[figure.start : figure.end]}{behind}".casefold() if before or behind else ""


# Words that count or bound; each must stand in the paragraph in some form of its own.
_COUNTING = frozenset(
    """fortnight fortnightly daily weekly monthly quarterly annual annually yearly hourly nightly dozen couple
    half quarter most double triple hundred hundreds thousand thousands million millions grand days weeks months
    years each calendar working spring summer autumn winter final last eleventh twelfth thirteenth fourteenth
    fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth least maximum minimum
    monday tuesday wednesday thursday friday saturday sunday""".split()
)


def _nearest_names(text: str, written: str) -> set[str]:
    """The name that stands nearest to each place where a figure is written so."""
    names = _names(text)
    places = [match.start() for match in re.finditer(rf"{re.escape(written)}(?!\d|[.,]\d)", text)]
    return {min(names, key=lambda name: abs(name[0] - at))[1] for at in places} if names else set()


_TITLE = r"(?:(?i:Mr|Mrs|Ms|Mx|Dr|Cllr)|Miss|Prof(?:essor)?|Councillor)"
_COUPLE = re.compile(rf"\b{_TITLE}\.?\s(?:[A-Z][\w-]{{0,30}}\s)?(and|&)\s{_TITLE}\b")
_NAMED = re.compile(  # in capitals or not: “mrs smith” names somebody, too
    rf"""
    \b(?:(?:({_TITLE})\.?\s+(?:and|&)\s+)?({_TITLE})\b\.?(?=\s+(?!(?:and|or)\b)[A-Za-z])
      | (Officer|Social\s+Worker|Manager)(?=\s+[A-Z]))
    \s+([A-Za-z][\w-]*)\b
    """,
    re.VERBOSE,
)
_PART = re.compile(
    r"""
    \b(?: social\s+workers? | (?:team|service)?\s*managers? | police | courts? | judges? | schools? | panels?
      | officers? | councils? | authority | investigators? | director | solicitors? | mother | father | parents? | son
      | daughter
      | nurse | doctor | GP | hospital | teachers? | foster\s+carers? | grandmother | grandfather | brother | sister
      | aunt | uncle | advocate | husband | wife | partner | boyfriend | girlfriend | cousin | stepfather | stepmother
      | carer | neighbours? | landlord | trust | referrer )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAPITAL = re.compile(r"(?<![\w’'])[A-Z]\w*(?:[’'][A-Za-z]+)?")
_GOES_ON = re.compile(r"\s{1,99}+[A-Z]")


def _names(text: str) -> list[tuple[int, str]]:
    """The people that a text names, `mrs h` or `officer a`, each with where its name begins."""
    return [
        (match.start(), f"{' '.join(title.split())} {match[4]}".casefold())
        for match in _NAMED.finditer(text)
        for title in match.group(1, 2, 3)
        if title
    ]


def _own_words(body: str) -> frozenset[str]:
    """What tells one body from another: “West Northamptonshire Council” from Kent County Council."""
    return frozenset([word for word in _words(body) if word not in _ANY_BODY][:2])


_ANY_BODY = frozenset("the council county city borough district london royal of and nhs trust".split())


def _people(text: str) -> frozenset[str]:
    return frozenset(name for _, name in _names(text))


def _wrong_name(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    known = _people("\n".join(source.whole.text for source in sources))
    for match in _NAMED.finditer(claim.text):
        if not _people(match[0]) <= known:
            return Flaw("name", f"“{match[0]}” is not named in {_where(sources)}.")
    bodies = {source.body for source in sources}
    unnamed = [body for body in bodies if not _own_words(body) & claim.words]
    if len(bodies) > 1 and 0 < len(unnamed) < len(bodies):
        return Flaw("name", f"It rests on a decision about {sorted(unnamed)[0]}, too, and does not say so.")
    rest = _NAMED.sub(lambda match: "x" * len(match[0]), claim.text)
    held = frozenset(word for source in sources for word in source.headed.words) | _FREE
    stems = _stems(source.headed for source in sources) | _EVERYWHERE
    letters = frozenset(letter for source in sources for letter in re.findall(r"\b[A-Z]\b", source.whole.text))
    for match in _CAPITAL.finditer(rest):
        word = re.sub(r"[’']s?$", "", match[0])
        # The first word of a sentence is no name, unless the next has a capital too: “Kent County Council”.
        is_first = _begins(rest, match.start()) and not _GOES_ON.match(rest, match.end())
        is_first = is_first and (stem(word) in _FREE_STEMS or bool(_share([stem(word)], stems)))
        is_known = word in letters or word in "IA" if len(word) == 1 else is_first or word.casefold() in held
        if not is_known:
            return Flaw("name", f"“{word}” is not named in {_where(sources)}.")
    for match in _PART.finditer(rest):
        if not _share([stem(match[0].split()[-1])], stems):
            return Flaw("name", f"“{match[0].strip()}” is not named in {_where(sources)}.")
    return None


def _told_of_another_body(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Of two bodies one is told what the other did: what a clause says of one, a paragraph about it must say best."""
    own_words = {source.body: _own_words(source.body) for source in sources}
    if len(own_words) < 2:
        return None
    none = _EVERYWHERE.union(_stems_of(word for body in own_words for word in _words(body)))
    for clause in map(Text.read, _CLAUSE.split(claim.text)):
        bodies = [body for body, words in own_words.items() if words & clause.words]
        stems = clause.stems - none
        if len(bodies) != 1 or not stems:
            continue
        shares = [(_share(stems, source.whole.stems), source.body) for source in sources]
        if max(share for share, body in shares if body == bodies[0]) < max(share for share, _ in shares):
            return Flaw("name", f"It tells of {bodies[0]} what is told of another.")
    return None


def _begins(text: str, at: int) -> bool:
    """Whether a sentence, or what stands behind a colon, begins there, perhaps with a quotation mark."""
    before = text[:at].rstrip("\"“‘'(")  # looked at from its end: a pattern would be tried at each of its characters
    said = before.rstrip()
    return not before or (said != before and said.endswith((".", ":", "?", "!")))


_FREE_STEMS = frozenset(map(stem, _FREE))
_EVERYWHERE = frozenset(map(stem, ("council", "authority", "parents")))


# What must be said there in nearly the same words

_FIRST_PERSON = re.compile(r"\bI\b|\b(?:me|my|mine|we|us|our)\b", re.IGNORECASE)


def _other_words(claim: Text, sources: Sequence[Source], shown: Sequence[Source]) -> Flaw | None:
    if not claim.stems:
        return Flaw("wording", "It says nothing that could be checked.")
    if _FIRST_PERSON.search(without_quotations(claim.text, "x")):
        return Flaw("wording", "It says “I” or “we”, and nobody could tell who that is.")
    held = _stems(source.headed for source in sources)
    share = _share(claim.stems, held)
    if share < _LEAST:
        return Flaw("wording", f"Too little of it stands in {_where(sources)}.")
    clauses = [Text.read(clause) for clause in _CLAUSE.split(claim.text)]
    for clause in clauses:
        if len(clause.stems) > 1 and _share(clause.stems, held) < _LEAST_OF_CLAUSE:
            return Flaw("wording", f"“{clause.text.strip(' .')}” does not stand in {_where(sources)}.")
    # Each of several paragraphs is cited for some clause: it says most of that, or it alone tells a figure in it.
    needed = {0} if len(sources) == 1 else set()
    for clause in clauses if len(sources) > 1 else ():
        stems = clause.stems - _EVERYWHERE
        if stems:
            shares = [_share(stems, source.whole.stems) for source in sources]
            tell = [
                [at for at, one in enumerate(sources) if told.is_told_in(one.figures)] for told in figures(clause.text)
            ]
            alone = {at for every in tell for at in every if len(every) == 1}
            needed |= {
                at
                for at, share in enumerate(shares)
                if share >= _LEAST_OF_CLAUSE
                and (at in alone or (share == max(shares) and (len(stems) > 1 or shares.count(share) == 1)))
            }
    for at, source in enumerate(sources):
        if at not in needed or _share(claim.stems - _EVERYWHERE, source.headed.stems) < _LEAST_EACH:
            return Flaw(
                "wording", f"{source.paragraph.pinpoint.place.capitalize()}, which it cites, says nothing of it."
            )
    if len(sources) == 1:
        others = [(_share(claim.stems, other.headed.stems), other) for other in shown if other is not sources[0]]
        best, other = max(others, key=lambda one: one[0], default=(0.0, sources[0]))
        if best - share >= _CLEARLY:
            return Flaw("wording", f"{other.paragraph.pinpoint.place.capitalize()} says it rather than the one cited.")
    return None


# Words that turn round or judge what the others say must stand there in some form, whatever the share of the others.

_GOVERNING = re.compile(r"(?<!\bas )\b([^\W\d_]{4,40}(?:ed|d|s|t))\s{1,9}(?:to|having)\b", re.IGNORECASE)
_TURNED = frozenset(
    "declined declines denied denies rejected prevented stopped ceased cancelled forbade reversed".split()
)
_SELDOM = frozenset("never seldom hardly barely rarely scarcely".split())
_NO_ADVERBS = frozenset(  # end in -ly, and do not judge; what is partly so is told as less than it is
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


def _judged_otherwise(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    held = _stems(source.headed for source in sources) | _stems_of(
        word for source in sources for word in source.headed.words
    )
    words = frozenset(word for source in sources for word in source.headed.words)
    for word in sorted(claim.words & _WHEN.keys()):
        if not (_WHEN[word] | {word}) & words:
            return Flaw("wording", f"“{word}” does not stand in {_where(sources)}.")
    said = "\n".join(source.headed.text for source in sources)
    for match in _CERTIFIED.finditer(claim.text):
        verb, particle = match[1] or match[3], match[2] or match[4]
        if verb is None:
            is_said = stem(match[0].casefold()) in held
        else:
            is_said = re.search(rf"\b{verb}\w*\s+{particle}\b", said, re.IGNORECASE) is not None
        if not is_said:
            return Flaw("allegation", f"“{match[0]}” does not stand in {_where(sources)}.")
    for match in _GOVERNING.finditer(claim.text):
        word = match[1].casefold()
        # “Failed to” is “did not”, and “is required to” is “must”: these are compared by their sense.
        is_compared = word.startswith("fail") or _MUST.fullmatch(word) or _SHOULD.fullmatch(word)
        if word not in _FREE and not is_compared and not _share([stem(word)], held):
            return Flaw("wording", f"“{match[0]}” does not stand in {_where(sources)}.")
    for word in sorted(claim.words):
        turns_round = word in _SELDOM | _TURNED or (
            len(word) > 4 and word.endswith("ly") and word not in _FREE | _NO_ADVERBS
        )
        if turns_round and not _share([stem(word)], held) and not _share([stem(word.removesuffix("ly"))], held):
            return Flaw("wording", f"“{word}” does not stand in {_where(sources)}.")
    return None


# What is to be done is not done yet

_UNDONE = re.compile(
    r"""
    \b(?: agree[ds]?\s+to | will | recommend\w* | ask(?:s|ed)?\s+\w+\s+to | should | ought\s+to | want(?:s|ed)?
      | offer(?:s|ed)?\s+to | decided\s+to | promise[sd]?\s+to | plan(?:s|ned)\s+to | intend\w* | expect(?:s|ed)\s+to
      | (?:could|would)\s+(?:\w+\s+)?have | unwilling\s+to
      | (?:declin|refus|tr|attempt|threaten|hop)(?:e[sd]?|ed|ied|ies)\s+to
      | likely\s+to | at\s+risk )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TO_BE_DONE = re.compile(
    r"""
    \b(?: agree[ds]? | agreement | will | would | recommend\w* | ask(?:s|ed)? | expect\w* | should | must | to\s+be
      | want\w* | offer\w* | decid\w+ | promis\w+ | plan\w* | intend\w* | due\s+to | need(?:s|ed)? | ha(?:[ds]|ve)\s+to
      | invit\w+ | request\w* | propos\w+ | remed\w+ | action | could | ought | might | may | not | cannot | fail\w*
      | fault | without | no | never | duty | supposed | lack\w* | declin\w+ | refus\w+ | tr(?:y|ied|ies) | attempt\w*
      | threaten\w* | hop(?:e|es|ed|ing) | unwilling | likel\w+ | risk\w* )\b | n[’']t\b
    """,
    re.VERBOSE | re.IGNORECASE,
)


_MOST_NEAREST = 50  # sentences that say the same of a claim, as the lines of a table may
_BEFORE_VERB = 60  # characters before a verb in which a word may say that it is not done


def _told_as_done(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Whatever says it best is only a promise, a recommendation or what should have been, and it tells of a deed."""
    best, nearest = 0.0, list[tuple[Telling, Text]]()
    for source in sources:
        for telling, sentence in zip(source.tellings, source.sentences, strict=True):
            share = _share(claim.stems, sentence.stems)
            if share > best:
                best, nearest = share, []
            if share >= best:
                nearest.append((telling, sentence))
    if not nearest:
        return None
    if all(_undone(claim, *one) for one in nearest[:_MOST_NEAREST]):
        return Flaw("sense", f"It tells as done what was only to be done in {_where(sources)}.")
    return None


def _undone(claim: Text, telling: Telling, sentence: Text) -> bool:
    """Whether a sentence says that something is to be done, or should have been, of which the claim tells as done."""
    is_item = telling.text != sentence.text
    undone = _UNDONE.search(telling.text)
    if undone and not _TO_BE_DONE.search(claim.text):
        # “Apologised and agreed to pay”: what stands before the promise may say all of it.
        first = Text.read(telling.text[: undone.start()])
        if _share(claim.stems, first.stems) >= _share(claim.stems, sentence.stems):
            return False
        return not (is_item and _begins_alike(claim.text, sentence.text))  # “Pay Mr D £456” tells of no deed
    verbs = {
        verb
        for match in _MODAL.finditer(telling.text)
        for verb in _verb_behind(telling.text, match.end())
        if verb not in _FREE_STEMS or _UNDONE.fullmatch(match[0])
    }
    if is_item and _UNDONE.search(telling.text.removesuffix(sentence.text)):
        verbs |= {stem(word) for word in itertools.islice(_words(sentence.text), 1)}
    often = [stem(word) for word in _words(telling.text)]
    for match in _PAST.finditer(claim.text):
        verb = stem((match[1] or match[2]).casefold())
        before = claim.text[max(0, match.start() - _BEFORE_VERB) : match.start()]
        if verb in verbs and often.count(verb) == 1 and not _NOT_YET.search(before):
            return True
    return False


_PAST = re.compile(
    rf"\b(?:did\s+(\w{{3,40}})|(\w{{2,40}}ed|{'|'.join(_IRREGULAR)}))\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"""
    \b(?: agree[ds]? | will | would | recommend(?:s|ed)? | ask(?:s|ed)? | expect(?:s|ed)? | should | must
      | want(?:s|ed)? | offer(?:s|ed)? | decide[sd]? | promise[sd]? | plan(?:s|ned) | intend(?:s|ed)? | due
      | request(?:s|ed)? | invite[sd]? | propose[sd]? | could | can | ought | may | might | not | cannot | never | no
      | fail\w* | without | if | whether | likely | unlikely | risks? | declin\w+ | refus\w+ | tr(?:y|ied|ies)
      | attempt(?:s|ed)? | fault | hoped | to ) (?:\W{1,9}+\w{1,30}+){0,6}+\W{0,9}+\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MODAL = re.compile(rf"{_UNDONE.pattern} | \b(?:would|might|may|could)\b", re.VERBOSE | re.IGNORECASE)


_AUXILIARY = frozenset(
    "be been being have has had also now then still not both all it he she they him her them".split()
)


def _verb_behind(text: str, at: int) -> list[str]:
    """The stem of the verb of what is promised, behind the word that says so; nothing if it is too far."""
    words = itertools.islice(_words(text[at : at + _BEFORE_VERB]), 4)
    return [stem(word) for word in words if word not in _AUXILIARY and not word.endswith("ly")][:1]


def _begins_alike(one: str, other: str) -> bool:
    return next(_words(one), None) == next(_words(other), "")


# What somebody said is no fact

_SAYS = r"""
    complain(?:s|ed|ing)? | alleg(?:e|es|ed|ing) | claim(?:s|ed|ing)? | sa(?:y|ys|id) | t(?:ells|old) | state[sd]
    | believe[sd]? | feels? | felt | th(?:inks?|ought) | argue[sd]? | dispute[sd]? | maintain(?:s|ed) | contend(?:s|ed)
    | disagree[sd]? | unhappy | report(?:s|ed) | insist(?:s|ed) | suggest(?:s|ed) | accuse[sd]
"""
_SAID = re.compile(rf"\b(?:{_SAYS})\b", re.VERBOSE | re.IGNORECASE)
_RETOLD = re.compile(
    rf"""
    \b(?: {_SAYS} | repl(?:ies|ied) | respond(?:s|ed) | answer(?:s|ed) | advis(?:es|ed) | explain(?:s|ed)
      | confirm(?:s|ed) | wrote | emailed | record(?:s|ed) | not(?:es|ed) | accept(?:s|ed) | acknowledg(?:es|ed)
      | admit(?:s|ted) | warn(?:s|ed) | describ(?:es|ed) | consider(?:s|ed) | found\s+out | learn(?:s|ed|t) )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ALLEGED = re.compile(  # that somebody says so, whoever it is
    r"""
    \b(?: alleg(?:e|es|ed|edly|ing|ations?\s+that) | accused | view\s+(?:is|was) | t(?:ook|akes?)\s+the\s+view
      | intelligence\s+that
      | (?:complaints?|concerns?)\s+(?:is|was|were|that|about|of|included?|concern\w*|the|he|she|they|it|her|his) )\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ACCORDING = re.compile(
    r"\baccording\s+to\s+((?:[\w.]+\s+){0,4}?[\w.]+)\s*,|\bin\s+((?:[\w.]+\s+){0,3}?[\w.]+(?:[’']s?)?)\s+view\b",
    re.IGNORECASE,
)
_THEIR_ANSWER = re.compile(
    r"[’']s?\s+(?:answer|reply|response|explanation|position|argument)\b[^,;:]{0,40}?\s(?:is|was)\s+that\b",
    re.IGNORECASE,
)
_FOUND = re.compile(
    r"^(?>.*?\b(?:Ombudsman|investigator|I|we)\b).*\b(?:found|finds?|conclud\w+|decided|agree[sd]?|satisfied|accept(?:s|ed)"
    r"|consider(?:s|ed)|establish\w*)\b|\b(?:upheld|rightly|correctly|justified|established)\b",
    re.IGNORECASE | re.MULTILINE,
)
_UNSAID = re.compile(r"\b(?:to|not|never|can|could|may|might|would|should)\s*\Z", re.IGNORECASE)  # "how to complain"
_SAYS_NOTHING = re.compile(
    r"\s{0,99}+(?:[,;:]|(?:and|but|because|after|when|since|as)\b)", re.IGNORECASE
)  # "she complained, and it was so"
_MY_OWN = re.compile(  # “I do not find that the Council told her …” is no saying of the Council's
    r"\b(?:I|we)\b(?:\W+\w+){0,3}?\W+(?:find|found|criticise|consider(?:ed)?|decided?|conclude[sd]?|satisfied|agree)\b"
)
_ASIDE = re.compile(
    r"\b(?:though|although|because|since|when|after|while|as|what|which|who)\b(?:\W+\w+){1,4}\W*\Z", re.IGNORECASE
)
_NEAR = 200  # characters before a saying that may make it none
_PERSON = re.compile(r"\b(?:he|she|they|who)\b", re.IGNORECASE)
_OFFICE = re.compile(r"\b(?:it|they|its|response|letter|email|notes?|records?|report|assessment)\b", re.IGNORECASE)
_NEVER_SAID = frozenset({"law", "powers", "method", "remedy", "conclusion"})  # parts that tell of no one's account


def _told_as_fact(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Only an account of somebody's says it, and the sentence does not say whose."""
    flaw = Flaw("allegation", f"It tells as a fact what somebody only says in {_where(sources)}.")
    is_finding = bool(_FOUND.search(claim.text))
    every = [one for source in sources for one in source.sentences]
    if _tells_of_ombudsman(claim, sources):
        return Flaw("allegation", f"It tells of the Ombudsman what is not told so in {_where(sources)}.")
    theirs = _speakers_of(every)
    said = _speakers(claim.text, _RETOLD) | _according(claim.text)
    is_told = bool(_ALLEGED.search(claim.text) or said & theirs) and not is_finding
    if all(source.paragraph.role == "complaint" for source in sources):
        return None if is_told else flaw
    if not any(_is_account(one.text) for one in every):
        return None
    facts = [
        one
        for source in sources
        if source.paragraph.role != "complaint"
        for one in source.sentences
        if source.paragraph.role in _NEVER_SAID or not _is_account(one.text)
    ]
    denies = bool(_NEGATIVE.search(claim.text)) and not any(_NEGATIVE.search(one.text) for one in facts)
    is_fact = bool(facts) and not denies and _share(claim.stems, _stems(facts)) >= _LEAST
    return None if is_fact or is_told or (is_finding and said & theirs) else flaw


_ACTS = re.compile(r"(?<!\bto the )(?<!\btold the )\bOmbudsman\b(?![’'])")
_OURSELVES = re.compile(r"\b(?:I|[Ww]e|[Mm]y|[Oo]ur|us|me|Ombudsm[ae]n|LGS?CO|[Ii]nvestigators?)\b")
# What a finding says is what the Ombudsman found, though it does not say so each time.
_FINDS = re.compile(
    r"\bOmbudsman(?:\W+(?:also|has|had|have|did|does|could|can|was|is|not|then|therefore)){0,3}+\W+(?:f(?:ound|inds?)"
    r"|sa(?:id|ys)|consider(?:ed|s)?|decide[ds]?|conclude[ds]?|satisfied|see|saw|uph[eo]lds?|identif(?:y|ied|ies)"
    r"|criticise[ds]?|note[ds]?|accept(?:ed|s)?|acknowledge[ds]?|recognise[ds]?)\b"
)
_OWN_VOICE = frozenset({"finding", "conclusion", "summary", "remedy"})


def _tells_of_ombudsman(claim: Text, sources: Sequence[Source]) -> bool:
    """Whether a clause tells of the Ombudsman what no sentence says half of that speaks of the Ombudsman, too."""
    own = [one.stems for source in sources for one in source.tellings if _is_ours(one.text)]
    if (named := len(_ACTS.findall(claim.text))) > 1:  # “fault by the Ombudsman”, where a council was at fault
        best = (
            max(source.tellings, key=lambda one: (_share(claim.stems, one.stems), -len(one.stems)))
            for source in sources
            if source.tellings
        )
        if named > sum(len(_OURSELVES.findall(one.text)) for one in best):
            return True
    for clause in map(Text.read, _CLAUSE.split(claim.text)):
        if _ACTS.search(clause.text) and not (_FINDS.search(clause.text) and _is_found(claim, sources)):
            stems = clause.stems if len(clause.stems) > 1 else claim.stems
            if not any(_share(stems, one) >= _LEAST_OF_CLAUSE for one in own):
                return True
    return False


def _is_found(claim: Text, sources: Sequence[Source]) -> bool:
    """Whether the sentence that says most of it is the Ombudsman's, and no account of what somebody said."""
    own = [one for source in sources if source.paragraph.role in _OWN_VOICE for one in source.sentences]
    best = max(own, key=lambda one: _share(claim.stems, one.stems), default=None)
    return best is not None and not _is_account(best.text)


@functools.lru_cache(maxsize=20_000)  # the sentences of the same few paragraphs
def _is_ours(sentence: str) -> bool:
    return _OURSELVES.search(without_quotations(sentence, "x")) is not None


@functools.lru_cache(maxsize=20_000)
def _is_account(sentence: str) -> bool:
    said = _speakers(sentence, _SAID, aside=True) or _according(sentence)
    return bool(said or _ALLEGED.search(sentence) or _THEIR_ANSWER.search(sentence))


def _speakers_of(sentences: Sequence[Text]) -> set[str]:
    """Who says something in a paragraph. Anybody named there may be its “she”, any office its “it”."""
    speakers = {one for text in sentences for one in _speakers(text.text, _SAID, aside=True)}
    named = {actor for text in sentences for actor in _actors(text.text)}
    if "?" in speakers:
        speakers |= {actor for actor in named if " " in actor}
    if "it" in speakers:
        speakers |= {"council", *(actor for actor in named if " " not in actor)}
    return speakers


def _speakers(sentence: str, says: re.Pattern[str], aside: bool = False) -> set[str]:
    """Who says something in a sentence, `mr h` or `council`; `?` is some person, `it` some office or a paper of one.

    With `aside` also what is said in passing, “even though she had said so”, but nothing behind the first saying.
    """
    own = _MY_OWN.search(sentence)
    last: int | None = None  # whoever stands before another saying stands before this one
    for match in says.finditer(sentence):
        at = match.start()
        if own is not None and own.end() <= at:
            break
        near = max(0, at - _NEAR)
        if _UNSAID.search(sentence, near, at):
            continue
        if not aside and (_ASIDE.search(sentence, near, at) or _SAYS_NOTHING.match(sentence, match.end())):
            continue
        last = at
        if aside:
            break
    if last is None:
        return set()
    before = sentence[:last]
    speakers = _actors(before)
    speakers |= {"?"} if _PERSON.search(before) else set()
    speakers |= {"it"} if _OFFICE.search(before) else set()
    return speakers


def _according(sentence: str) -> set[str]:
    """Who it is according to, or in whose view."""
    whose = [match[1] or match[2] for match in _ACCORDING.finditer(sentence)]
    actors = {actor for one in whose for actor in _actors(one)}
    return actors | ({"?"} if any(re.fullmatch("(?i)him|her|his|them|their", one) for one in whose) else set())


def _actors(text: str) -> set[str]:
    """Who is named in a text, by name or by part: `mr h`, `council`."""
    rest = _NAMED.sub(" ", text)
    parts = {stem(match[0].split()[-1]) for match in _PART.finditer(rest)}
    return {*_people(text), *({"council"} if stem("authority") in parts else set()), *parts}


# What must have the same sense

_NEGATIVE = re.compile(
    r"""
    \b(?: not? | never | none | nor | neither | without | cannot | nobody | nothing | unable | lack(?:s|ed|ing)?
      | fail(?:s|ed|ing|ures?)? | refus\w+ | absence | omit\w* | unlikely | unaware | unclear | uncertain\w* )\b
    | n[’']t\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_WRONG = r"(?:faults?|injustice|maladministration)"
_FAULT = re.compile(rf"\b{_WRONG}\b", re.IGNORECASE)
_FAULTLESS = re.compile(
    rf"""
    (?:\b(?:not?|without|nor|neither|never|cannot|unable)|n[’']t)\b
    (?: (?:\W+(?:at|find|found|been|any|be|amount\w*|to|caus(?:e|ed|es|ing)|an?|the|evidence|of|further|significant
          |enough|see|with|identif(?:y|ied)|in|on|for|this|that|it|and))*
      | (?:\W+to)?\W+(?:find|see|consider|regard|think|uphold|identify|call)\b
        (?:\W+(?!address|remed|caus)\w+){{0,9}}? )
    \W+{_WRONG}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)
_MUST = re.compile(
    r"\b(?:must|shall|requir\w+|has to|have to|had to|dut(?:y|ies)|oblig\w+|needs?|needed|legally)\b", re.IGNORECASE
)
_SHOULD = re.compile(r"\b(?:should|ought|expect\w*|recommend\w*)\b", re.IGNORECASE)
_OPPOSITES = """
    higher lower, more less, more fewer, before after, greater smaller, longer shorter, earlier later, accept reject,
    accepted rejected, accepted refused, allow prevent, allowed prevented, allows prevents, formal informal, voluntary
    compulsory, voluntary mandatory, increase reduce, increased reduced, include exclude, start end, started ended,
    began ended, agreed refused, with without, each between, each together, each total, always never, all some, few
    many, all several, rightly wrongly, since until, within after, once twice
"""
_JUDGING = frozenset(  # worse than fault; nobody may be told to have done so who was not
    """unlawful unlawfully illegal illegally fraud fraudulent lied lying negligent negligence discriminated
    discrimination abuse abused abusive criminal sue""".split()
)
_PAIRS = [pair.split() for pair in _OPPOSITES.split(",")]
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")
_POSSIBLE = re.compile(r"\b(?:if|whether|unless|(?:may|might|could|would)\s+(?:not\s+)?have)\b", re.IGNORECASE)
_HYPOTHETICAL = re.compile(
    r"\b(?:if|whether|unless|when|where|may|might|could|would|should|must|can|had|until|once|possib\w+|unclear|uncertain\w*)\b",
    re.IGNORECASE,
)
_REACH = 4  # telling words behind a “not”


def _other_sense(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    whole = "\n".join(source.whole.text for source in sources)
    words = frozenset(word for source in sources for word in source.whole.words)
    if not _HYPOTHETICAL.search(claim.text):
        certain = [one for source in sources for one in source.sentences if not _POSSIBLE.search(one.text)]
        heads = [source.headed.stems - source.whole.stems for source in sources]
        if _share(claim.stems, _stems(certain).union(*heads)) < _LEAST:
            return Flaw("sense", f"It tells as certain what is only possible in {_where(sources)}.")
    is_negative = bool(_NEGATIVE.search(claim.text))
    if is_negative and not _NEGATIVE.search(whole):
        return Flaw("sense", f"It says that something is not so, and {_where(sources)} nothing like it.")
    if faults(claim.text) - faults(whole):
        return Flaw("sense", "It says otherwise whether there was fault or injustice.")
    if upholds(claim.text) - upholds(whole):
        return Flaw("sense", "It says otherwise whether a complaint was upheld.")
    if not is_negative and (denied := sorted(claim.stems & _denied(whole))):
        meant = next(word for word in _words(claim.text) if stem(word) == denied[0])
        return Flaw("sense", f"What it cites says “not” of “{meant}”.")
    for word in sorted(claim.words - words):
        if _opposites(word) & (words - claim.words):
            return Flaw("sense", f"What it cites says the opposite of “{word}”.")
    for word in sorted(claim.words & _JUDGING):
        if stem(word) not in _stems_of(words):
            return Flaw("sense", f"“{word}” does not stand in {_where(sources)}.")
    if _MUST.search(claim.text) and not _MUST.search(whole):
        return Flaw("sense", "It says that something must be so, and what it cites does not.")
    if _SHOULD.search(claim.text) and not _SHOULD.search(whole) and not _MUST.search(whole):
        return Flaw("sense", "It says that something should be so, and what it cites does not.")
    named = _people(claim.text)
    nearest = max(
        (one for source in sources for one in source.sentences),
        key=lambda one: (_share(claim.stems, one.stems), -len(one.stems)),
    )
    if "will" in claim.words and _MAY_BE.search(nearest.text) and not _WILL_BE.search(nearest.text):
        return Flaw("sense", f"It says that something will be that only may be in {_where(sources)}.")
    if named - _people(nearest.text) and _people(nearest.text) - named:
        return Flaw("sense", "It tells of one person what is told there of another.")
    return None


_MAY_BE = re.compile(r"\b(?:may|might|can|could)\b")  # no month
_WILL_BE = re.compile(r"\b(?:will|shall|agree|decid|promis|going\s+to)", re.IGNORECASE)
_UPHELD = re.compile(r"\b(?:uph[oe]ld(?:s|ing)?)\b", re.IGNORECASE)
_NOT_UPHELD = re.compile(
    r"(?:\b(?:not?|never|cannot|nor|neither)|n[’']t)\b(?:\W+\w+){0,2}?\W+uph[oe]ld(?:s|ing)?\b", re.IGNORECASE
)


def upholds(text: str) -> set[str]:
    """Whether a text says that a complaint was upheld, that one was not, or both."""
    none, every = len(_NOT_UPHELD.findall(text)), len(_UPHELD.findall(text))
    return ({"none"} if none else set()) | ({"some"} if every > none else set())


def faults(text: str) -> set[str]:
    """Whether a text says that there was fault, that there was none, or both."""
    none, every = len(_FAULTLESS.findall(text)), len(_FAULT.findall(text))
    return ({"none"} if none else set()) | ({"some"} if every > none else set())


@functools.lru_cache(maxsize=64)
def _denied(text: str) -> frozenset[str]:
    """The telling words of a text that stand in it only behind a “not”."""
    denied: set[str] = set()
    told: set[str] = set()
    for start, end in sentence_spans(text):
        reach = 0
        for word in re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]*)?|[,;:]", _NOT.sub(" not", text[start:end])):
            if word in ",;:":
                reach = 0
            elif _NEGATIVE.fullmatch(word):
                reach = _REACH
            elif (plain := re.sub(r"[’']s?$", "", word.casefold())) not in _FREE:
                (denied if reach > 0 else told).add(stem(plain))
                reach -= 1
    return frozenset(denied - told)


@functools.cache
def _opposites(word: str) -> frozenset[str]:
    paired = {other for pair in _PAIRS if word in pair for other in pair}
    longer = {f"{prefix}{word}" for prefix in _PREFIXES}
    shorter = {word.removeprefix(prefix) for prefix in _PREFIXES if len(word) > 6}
    return frozenset((paired | longer | shorter) - {word})
