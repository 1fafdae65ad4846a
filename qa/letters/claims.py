"""What a letter says beside a right citation, and the decision does not: a sum, a date, an outcome, a body. Pure.

Beside a citation are the words of its sentence: those before it, or those behind it where it opens the sentence. They
are read in pieces, from comma to comma, and each piece speaks of the decision, of the writer's own case, or of neither
plainly. Only what is said of the decision is compared with it, and only a plain contradiction is told: silence is no
proof that something is right. A sum that adds up those of a paragraph is none. What stands in quotation marks is not
read here.
"""

from __future__ import annotations

import bisect
import functools
import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from index.decisions import Pinpoint
from index.text.councils import body_key, is_same_body
from index.text.dates import in_words
from index.text.lists import joined
from index.text.sentences import sentence_spans
from qa.generation.grounding.sense import faults, upholds
from qa.generation.grounding.words import stem
from qa.letters.compare import Cited
from qa.letters.held import PERSON
from qa.register.query import outcome_of
from qa.text.figures import Figure, Kind, figures
from qa.text.pin_cites import Citation
from qa.text.polarity import NEGATION

_LONGEST_PIECE = 600  # characters
_FEW_WORDS = 6  # before a comma, that are no piece of their own
_MAX_OPENING_WORDS = 8  # before a citation that opens its sentence
_MIN_SHARED_STEMS = 3  # word stems that a piece and a paragraph share where both tell the same event
_MAX_CITATIONS = 40  # beside the same words; of more nobody says anything in particular
_MAX_SUMS_ADDED = 6  # of a paragraph that are added up
_ROUGHLY, _ROUGHLY_ADDED_UP = Decimal("0.2"), Decimal("0.05")  # shares of a sum that is said to be about so much
_MAX_FIGURES_NAMED = 4  # figures of a paragraph that are told


_Owner = Literal["decision", "letter"]

_CITED, _QUOTED = "\x01", "\x02"  # what stands in place of citations and quotations
_WRAPPED = re.compile(r"(?<=[^\n]{40})\n(?![^\S\n]{0,20}(?:\n|>|[•◦▪*·–-]\s|\(?\w{1,3}[.)]\s))")
# Where one piece ends and the next begins; what leads to the next one belongs to it.
_APART = re.compile(
    r"""
    [;:()\[\]\n|\x01] | \s[–—-]\s | —
  | ,(?!\d{3})
  | \s(?=(?:but|though|although|while|whilst|whereas|yet|because|since|so|unlike|like|(?<!more\s)(?<!less\s)than
        |exceed\w*|compare|cf|given\s(?:the|that|what|how)|despite|contrary|similarly)\b)
  | \s(?=(?:just\s|much\s)?as\s(?:in|with|happened|was|were|did|is|does|for|the\sombudsman|\x01))
  | \s(?=(?:in\sthe\ssame\sway|of\sthe\s(?:same\s)?(?:sort|kind|type)|what\sthe\sombudsman|when)\b)
  | \s(?=and\s(?:I|we|my|our|you|your|they|he|she|it|the|that|so)\b)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_JOINT = re.compile(r"[\W\x01]{0,9}(?:(?:and|or|also|see|read\swith)[\W\x01]{1,5}){0,3}", re.IGNORECASE)
_LIKENS = re.compile(  # the writer's case to the decision, so that what stands before is of the former
    r"\W{0,9}\b(?:(?:just|much)\s)?(?:as|like|unlike|than|exceed\w*|compare|cf|given|despite|contrary|similarly|in\sthe\ssame\sway"
    r"|what\sthe\sombudsman|of\sthe\s(?:same\s)?(?:sort|kind|type))\b",
    re.IGNORECASE,
)
_TURNS_TO = re.compile(  # a decision that what is told of the own case is set against, right before its citation
    r"""\b(?:ignor\w+|contra\w+|breach\w*|inconsistent|short\sof|at\sodds|despite|unlike|like|compared?|comparison|cf
      |similar|same|than|following|under|applying|in\sline|in\saccordance|given|in\slight|in\sview|contrast|notwithstanding|below|above|double|twice|relying|must\sfollow|as)
      (?:\W+(?:with|to|of|on|from|in|as|the|that|those|what|is|was|decision|case|finding)){0,4}\W*\Z""",
    re.VERBOSE | re.IGNORECASE,
)
_OWN = re.compile(
    r"\b(?:I|[Mm]e|[Mm]y|[Mm]ine|[Ww]e|us|[Oo]urs?|[Yy]ou|[Yy]ours?|[Cc]lients?|sought|seek(?:s|ing)?|if|If)\b"
    r"|\bOmbudsman\s(?:would|could|might|may)\b"
)
_GENERAL = re.compile(  # said of no case, or of others
    r"""\b(?:guidance|guidelines?|tariff|policy|range|scale|difference|half|average|inflation|today|elsewhere|midway|officer[’']s
      |(?:an)?other\s(?:cases?|decisions?)
      |(?:panel|tribunal|court|mediator)\s(?:had\s|has\s)?(?:recommend|award|order|suggest|propos)\w*)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_WISH = re.compile(  # what a writer asks for, too, unless the Ombudsman does
    r"""\b(?:claim\w*|seek\w*|sought|ask(?:s|ed|ing)?|request\w*|demand\w*|propos\w+|expect\w*|offer\w*|settle\w*
      |should|ought|would|could|might|(?-i:may)|must|due|owe[ds]?|want\w*|appropriate|proportionate|fair|reasonable|usual|typical|suggest\w*
      |invoices?|bills?|pleased?|reply|reasonably|enough|too|little|derisory|inadequate|insufficient|modest|at\sleast|shall|will)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_OF_DECISION = re.compile(
    r"""\b(?:(?:ombudsman|lgsco|lgo)(?![’']s\s(?:jurisdiction|role|powers?|view))|recommend\w*|award\w*|order(?:ed|s)?|agreed|remed(?:y|ies|ied)
      |the\s(?:final\s)?decision)\b
      | \b(?:was|were|be|been)\s(?:\w+\s)?
        (?:told|paid|ordered|asked|refunded|reimbursed|repaid|given|to\s(?:pay|have|be))\b
      | \bhad\sto\s(?:pay|refund|reimburse|repay)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_OMBUDSMAN = re.compile(r"\b(?:ombudsman|lgsco|lgo)\b(?![’']s\s(?:jurisdiction|role|powers?|view))", re.IGNORECASE)
_DECIDED = re.compile(  # what is dated or decided then is the decision cited
    r"(?<![’']s\s)(?<!s[’']\s)(?<!your\s)(?<!our\s)\b(?:decision|decided)(?:\s(?:was|is|made|issued|published))?"
    r"(?:\s(?:of|dated|on|in|from))?\s{1,3}\Z",
    re.IGNORECASE,
)
_RECKONS = re.compile(  # a letter may reckon a date from that of a paragraph
    r"\b(?:days?|weeks?|months?)\s(?:later|before|after|earlier)\b|\b(?:following|next|same)\s(?:day|week|month)\b",
    re.IGNORECASE,
)
_MORE = re.compile(r"\b(?:more\sthan|over|at\sleast|no\sless\sthan|above|exceed\w*|upwards?\sof)\W{1,3}\Z", re.I)
_LESS = re.compile(r"\b(?:less\sthan|under|up\sto|at\smost|no\smore\sthan|below|not\seven)\W{1,3}\Z", re.I)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|circa|c\.?|approximately|just\sover|just\sunder)\W{1,3}\Z", re.I
)
_UNSURE = re.compile(  # who says this says not what was found
    r"""\b(?:whether|if|any|unless|alleg\w+|claim\w*|den(?:y|ies|ied)|argu\w+|contend\w*|accept\w*|doubt\w*|complain(?:s|ed)
      |wrong(?:ly)?|mistak\w+|incorrect\w*|errors?|reports?|panel|stage|counsel|investigator|independent
      |council(?:[’']s)?\s(?:\w+\s)?(?:conclu\w+|found|finds|decided|sa(?:id|ys)|maintain\w*|view|insist\w*)|reject\w*|some|other|extra|further|more|only|same|serious)\b""",
    re.VERBOSE | re.IGNORECASE,
)
_IN_PART = re.compile(r"\b(?:part(?:s|ly|ial|ially)?|aspects?|elements?|all|whole)\b|\b(?:about|that|on|of)\b", re.I)
_COMPLAINT = re.compile(r"\b(?:the|this|that|her|his|their)\scomplaint\b", re.IGNORECASE)
_AT_A_STAGE = re.compile(r"\bstage\s(?:one|two|three|[123])\b", re.IGNORECASE)  # of the body's own procedure
_ACCEPTS = re.compile(r"\b(?:accept\w*|implement\w*|compl(?:y|ied|iance))\b", re.IGNORECASE)
_FINDS = re.compile(r"\b(?:faults?|injustice|maladministration|uph[eo]ld\w*)\b", re.IGNORECASE)
_COMMON = frozenset("that this with from were have been which what when their there they them council".split())
_PAYS = re.compile(r"\b(?:pay|pays|paid|repa(?:y|id)|reimbursed?|refund(?:ed)?)\b", re.IGNORECASE)
_RULES_ON = re.compile(  # the body that is named
    r"""\bombudsman\s(?:also\s|had\s|has\s)?(?:found|f(?:ound|inds)\sfault|recommend\w*|ordered|told|criticised|uph[eo]ld)\b
      | \b(?:was|were)\sfound\s(?:to\sbe\s|to\shave\sbeen\s)?at\sfault\b""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some words of a sentence, the citations that they are beside, and whose case they tell of.

    `is_nearest` says that nothing stands between them and a citation. `other_body` is one that they tell of, though the
    decision is about another.
    """

    text: str
    about: tuple[Cited, ...]
    owner: _Owner | None
    is_nearest: bool
    other_body: str | None = None


def denied(
    letter: str,
    quotations: Iterable[tuple[int, int]],
    citations: Sequence[Cited],
    bodies: Callable[[str], Sequence[str]],
) -> Iterator[tuple[Citation, str]]:
    """What a letter says beside its citations and they do not: the citation, and a sentence on it.

    `quotations` are where its quotations begin and end, `bodies` names the bodies that some words name.
    """
    masked = list(_WRAPPED.sub(" ", letter))
    for start, end in quotations:
        masked[start:end] = _QUOTED * (end - start)
    starts = [cited.citation.start for cited in citations]
    for start, end in ((cited.citation.start, cited.citation.end) for cited in citations):
        opens = _CITED if letter[:start].rstrip().endswith(("(", "[")) else "X"  # a sentence may begin with it
        masked[start:end] = opens + _CITED * (end - start - 1)
    text = "".join(masked)
    for start, end in sentence_spans(text):
        within = citations[bisect.bisect_left(starts, start) : bisect.bisect_left(starts, end)]
        told: set[int] = set()
        for piece in _pieces(text[start:end], start, within, bodies) if within else ():
            citation = piece.about[-1].citation if piece.about else None
            if citation and citation.start not in told and (detail := _denied_in(piece, bodies)):
                told.add(citation.start)
                yield citation, detail
        for cited in within:
            citation = cited.citation
            written = letter[citation.start : citation.end]
            if citation.start not in told and (detail := _misdated(written, cited)):
                yield citation, detail


def _pieces(
    text: str, offset: int, within: Sequence[Cited], bodies: Callable[[str], Sequence[str]]
) -> Iterator[_Piece]:
    """The pieces of a sentence at `offset` of its letter, which has the citations `within`."""
    spans = [(one.citation.start - offset, one.citation.end - offset) for one in within]
    gaps = list(itertools.pairwise([0, *itertools.chain(*spans), len(text)]))[::2]
    last = len(within)
    together = [0 < at < last and _JOINT.fullmatch(text, *gap) is not None for at, gap in enumerate(gaps)]
    open_to: tuple[Cited, ...] = ()  # the citations before that open what follows
    for at, (start, end) in enumerate(gaps):
        if together[at]:
            open_to += (within[at],) if open_to else ()
            continue
        joined = next(stop for stop in range(at + 1, last + 2) if stop > last or not together[stop])
        following = tuple(within[at:joined])
        is_read = 0 < len(open_to) + len(following) <= _MAX_CITATIONS
        parts = list(_parts(text, start, end)) if is_read else []
        about = _about(open_to + following) if is_read else ()
        owners = _owners([text[a:b] for a, b in parts], about, bodies)
        if following and _TURNS_TO.search(text, max(start, end - 80), end):
            owners = ["letter"] * len(parts)
        for number, ((a, b), owner) in enumerate(zip(parts, owners, strict=True)):
            is_nearest = bool(following and number == len(parts) - 1) or bool(open_to and number == 0)
            is_aside = text[max(0, a - 1) : a] in tuple("([") and text[b : b + 1] in tuple(")]")
            if b - a <= _LONGEST_PIECE and not is_aside:
                other = _other_body(text, text[a:b], about, bodies) if is_nearest else None
                yield _Piece(text[a:b], about, owner, is_nearest, other)
        is_short = end - start <= _LONGEST_PIECE and len(text[start:end].split()) <= _MAX_OPENING_WORDS
        is_open = is_short and not _tells_anything(text[start:end])
        open_to = (*(open_to if at else ()), *following[:1]) if is_open else ()


def _about(citations: Sequence[Cited]) -> tuple[Cited, ...]:
    """Those of some citations without those of a whole decision of which a paragraph is cited too."""
    placed = {id(cited.source) for cited in citations if cited.texts}
    return tuple(cited for cited in citations if cited.texts or id(cited.source) not in placed)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where the pieces between two places begin and end; few words before a comma belong to the next one."""
    begin = start
    for match in itertools.chain(_APART.finditer(text, start, end), (None,)):
        stop = match.start() if match else end
        if match and match[0] == "," and _is_lead(text[begin:stop]):
            continue
        if re.search(r"\w", text[begin:stop]):
            yield begin, stop
        begin = match.end() if match else end


def _is_lead(words: str) -> bool:
    """Whether these are few words, such as a date, that go on behind a comma."""
    return (
        len(words) < _LONGEST_PIECE
        and len(words.split()) < _FEW_WORDS
        and not any(figure.kind == "sum" for figure in _read(words))
    )


def _tells_anything(words: str) -> bool:
    return _FINDS.search(words) is not None or any(figure.kind in ("sum", "date") for figure in _read(words))


def _owners(
    parts: Sequence[str], about: Sequence[Cited], bodies: Callable[[str], Sequence[str]]
) -> list[_Owner | None]:
    """Whose case each of some pieces in a row tells of; None where nothing says so."""
    sources = [cited.source for cited in about if cited.source is not None]
    known = set[tuple[str, str]]().union(*(source.people for source in sources))
    theirs = {body_key(source.decision.body) for source in sources}
    owners: list[_Owner | None] = []
    owner: _Owner | None = None
    for part in parts:
        if _LIKENS.match(part):
            owners, owner = ["letter"] * len(owners), None
        people = set(PERSON.findall(part))
        named = bodies(part) if len(part) <= _LONGEST_PIECE and _tells_anything(part) else ()
        if (
            _OWN.search(part)
            or _GENERAL.search(part)
            or not people <= known
            or not theirs.issuperset(map(body_key, named))
        ):
            owner = "letter"
        elif people or named or _OF_DECISION.search(part):
            owner = "decision"
        elif _WISH.search(part):
            owner = "letter"
        owners.append(owner)
    return owners


def _other_body(sentence: str, part: str, about: Sequence[Cited], bodies: Callable[[str], Sequence[str]]) -> str | None:
    """The body that a piece plainly tells of in place of that of the decision cited, if it does."""
    source = about[0].source if len(about) == 1 else None
    if source is None or len(sentence) > 2 * _LONGEST_PIECE or _OWN.search(sentence):
        return None
    if not (_RULES_ON.search(part) or _PAYS.search(part)):
        return None
    named = bodies(part)
    if (
        len(named) != 1
        or is_same_body(named[0], source.decision.body)
        or bodies(sentence) != named
        or _LIKENS.search(sentence)
    ):
        return None
    if not _RULES_ON.search(part):
        told = _told(_texts(about[0]), "sum")
        sums = [figure for figure in _read(part) if figure.kind == "sum"]
        if not sums or not all(figure.is_told_in(told) for figure in sums):
            return None
    return None if set(PERSON.findall(part)) - source.people else named[0]


_read = functools.lru_cache(maxsize=4_000)(figures)


def _texts(cited: Cited) -> tuple[str, ...]:
    return cited.texts or _whole(cited)


def _whole(cited: Cited) -> tuple[str, ...]:
    return tuple(cited.source.texts.values()) if cited.source else ()


@functools.lru_cache(maxsize=1_000)
def _told(texts: tuple[str, ...], kind: Kind) -> tuple[Figure, ...]:
    return tuple(figure for text in texts for figure in _read(text) if figure.kind == kind)


def _denied_in(piece: _Piece, bodies: Callable[[str], Sequence[str]]) -> str:
    """What of a piece is contradicted, in a sentence; empty where nothing is."""
    about = piece.about
    if piece.other_body and (source := about[-1].source):
        return f"Decision {source.decision.reference} is about {source.decision.body}, not about {piece.other_body}."
    if piece.owner == "letter" or any(cited.source is None for cited in about):
        return ""
    for figure in _read(piece.text):
        detail = ""
        if figure.kind == "sum":
            detail = _denied_sum(figure, piece, bodies)
        elif figure.kind == "date" and piece.is_nearest:
            detail = _denied_date(figure, piece)
        if detail:
            return detail
    return _denied_outcome(piece.text, about[0]) if piece.is_nearest and len(about) == 1 else ""


def _denied_sum(figure: Figure, piece: _Piece, bodies: Callable[[str], Sequence[str]]) -> str:
    cited, text = piece.about[-1], piece.text
    if _AT_A_STAGE.search(text) or any(_has_sum(_texts(one), figure, text) for one in piece.about):
        return ""
    elsewhere = next((place for one in piece.about if (place := _place_with(figure, one))), None)
    is_named = piece.is_nearest or _OMBUDSMAN.search(text) or PERSON.search(text) or bodies(text)
    if not piece.is_nearest and (piece.owner != "decision" or not is_named or elsewhere):
        return ""
    here = _has(cited.place, _texts(cited), "sum")
    has_none = not _told(_texts(cited), "sum")
    if not elsewhere:
        return "" if has_none and piece.owner is None else f"The letter says {figure.written}; {here}."
    if has_none and (_ACCEPTS.search(text) or _FINDS.search(text)):
        return ""  # what is cited may be the rest
    return f"The letter says {figure.written}; {here}, {_has(*elsewhere, 'sum')}."


def _place_with(figure: Figure, cited: Cited) -> tuple[str, tuple[str]] | None:
    """The first place of a decision that tells a sum, and its text."""
    texts = cited.source.texts.items() if cited.source else ()
    found = next(((number, text) for number, text in texts if _has_sum((text,), figure, "")), None)
    return (Pinpoint(cited.source.decision.reference, found[0]).place, (found[1],)) if found and cited.source else None


def _has_sum(texts: tuple[str, ...], figure: Figure, words: str) -> bool:
    """Whether some texts tell a sum: as it is, added up, twice where each of two has it, or about so much."""
    before = words[max(0, figure.start - 20) : figure.start]
    mine = figure.value or Decimal(0)
    for value, share in _sums(texts):
        is_about = _ABOUT.search(before) and abs(value - mine) <= share * value
        is_beyond = value != mine and (_MORE if value > mine else _LESS).search(before)
        if value == mine or is_about or is_beyond:
            return True
    return False


@functools.lru_cache(maxsize=1_000)
def _sums(texts: tuple[str, ...]) -> tuple[tuple[Decimal, Decimal], ...]:
    """The sums that some texts tell or that are added up from those, with the share of each that is roughly as much."""
    values = [one.value for one in _told(texts, "sum") if one.value is not None]
    added_up = [
        sum(some, Decimal(0))
        for size in range(2, min(len(values), _MAX_SUMS_ADDED) + 1)
        for some in itertools.combinations(values[:_MAX_SUMS_ADDED], size)
    ]
    if any(re.search(r"\b(?:each|both)\b", text) for text in texts):
        added_up += [2 * value for value in values]
    return (*((value, _ROUGHLY) for value in values), *((value, _ROUGHLY_ADDED_UP) for value in added_up))


def _denied_date(figure: Figure, piece: _Piece) -> str:
    if not (figure.month and (figure.day or figure.year)):
        return ""
    for cited in piece.about:
        whole = _told(_whole(cited), "date")
        exactly = [one for one in whole if one.day or not figure.day]
        if _is_decided(figure, cited) or _has_date(exactly, figure) or _has_date(_told(cited.texts, "date"), figure):
            return ""
    cited = piece.about[-1]
    if _DECIDED.search(piece.text[: figure.start]):
        return _misdate(figure, cited)
    texts = _texts(cited)
    dates = [one for one in _told(texts, "date") if one.month]
    if not dates and not (_OMBUDSMAN.search(piece.text) or PERSON.search(piece.text)):
        return ""
    if piece.owner != "decision":
        shared = max((len(_stems(piece.text) & stems) for stems in map(_stems, texts)), default=0)
        if _is_later(figure, cited) or shared < _MIN_SHARED_STEMS:
            return ""
    if _reckons(texts):
        return ""
    return f"The letter says {figure.written}; {_has(cited.place, texts, 'date')}."


def _has_date(told: Iterable[Figure], figure: Figure) -> bool:
    """Whether one of some dates may be this one, as far as both are told."""
    return any(
        one.month is not None
        and all(
            mine is None or other is None or mine == other
            for mine, other in ((figure.day, one.day), (figure.month, one.month), (figure.year, one.year))
        )
        for one in told
    )


def _is_decided(figure: Figure, cited: Cited) -> bool:
    date = cited.source.decision.date if cited.source else None
    return date is not None and _has_date([Figure("date", "", day=date.day, month=date.month, year=date.year)], figure)


def _is_later(figure: Figure, cited: Cited) -> bool:
    """Whether a date is one that a decision could not know."""
    date = cited.source.decision.date if cited.source else None
    if date is None or figure.year is None:
        return True
    return (figure.year, figure.month or 1, figure.day or 1) > (date.year, date.month, date.day)


def _misdate(figure: Figure, cited: Cited) -> str:
    date = cited.source.decision.date if cited.source else None
    if date is None or cited.source is None:
        return ""
    reference = cited.source.decision.reference
    return f"The letter says {figure.written}; decision {reference} is of {in_words(date)}."


def _misdated(written: str, cited: Cited) -> str:
    """What is to be said of a date within a citation: it is that of the decision."""
    for figure in figures(written):
        if figure.kind == "date" and figure.day and figure.month and not _is_decided(figure, cited):
            return _misdate(figure, cited)
    return ""


@functools.lru_cache(maxsize=4_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"[^\W\d_]{4,}", text.lower()) if word not in _COMMON)


@functools.lru_cache(maxsize=1_000)
def _reckons(texts: tuple[str, ...]) -> bool:
    """Whether a letter may reckon dates from those of some texts."""
    return any(_RECKONS.search(text) for text in texts)


def _has(place: str, texts: tuple[str, ...], kind: Literal["sum", "date"]) -> str:
    """What a place has of a kind: “paragraph 80 has £300 and £456”."""
    written = list(dict.fromkeys(one.written for one in _told(texts, kind) if kind == "sum" or one.month))
    shown = written[:_MAX_FIGURES_NAMED] + (["others"] if len(written) > _MAX_FIGURES_NAMED else [])
    has = "have" if place.startswith("paragraphs") else "has"
    return f"{place} {has} {joined(shown) or f'no {kind}'}"


_Sense = Literal["some", "none"]


@functools.lru_cache(maxsize=4_000)
def _all_senses(text: str) -> frozenset[str]:
    return frozenset(faults(text) | upholds(text))


def _sense(text: str) -> _Sense | None:
    """Whether a text says that there was fault, or that a complaint is upheld, or only that it is not so."""
    senses = _all_senses(text)
    return None if len(senses) != 1 else "some" if "some" in senses else "none"


def _denied_outcome(words: str, cited: Cited) -> str:
    found = _FINDS.search(words)
    mine = _sense(words) if found and not _UNSURE.search(words) else None
    if found is None or mine is None:
        return ""
    negations = len(NEGATION.findall(words))
    if negations != (1 if mine == "none" else 0):
        return ""
    theirs = [_sense(text) for text in _texts(cited) if _all_senses(text)]
    is_denied = bool(theirs) and all(sense is not None and sense != mine for sense in theirs)
    what = "the complaint was {}upheld" if found[0].lower().startswith("up") else f"there was {{}}{found[0].lower()}"
    denial = "not " if "upheld" in what else "no "
    letter, text = what.format(denial if mine == "none" else ""), "it was" if "upheld" in what else "there was"
    if is_denied:
        not_so = "" if mine == "none" else (" not" if "upheld" in what else " none")
        says = "say" if cited.place.startswith("paragraphs") else "says"
        return f"The letter says that {letter}; {cited.place} {says} that {text}{not_so}."
    if "upheld" in what and _COMPLAINT.search(words) and not _IN_PART.search(words):
        return _denied_whole(mine, letter, cited, theirs)
    return ""


def _denied_whole(mine: _Sense, letter: str, cited: Cited, theirs: Sequence[_Sense | None]) -> str:
    """What is to be said of a complaint that is told to be upheld, or not, where the outcome says otherwise."""
    decision = cited.source.decision if cited.source else None
    if decision is None or decision.outcome is None:
        return ""
    outcome = outcome_of(decision.outcome)
    is_whole = not cited.texts or not theirs
    if not is_whole or outcome not in ("upheld", "not upheld") or (outcome == "upheld") == (mine == "some"):
        return ""
    return f"The letter says that {letter}; the outcome of decision {decision.reference} is “{decision.outcome}”."
