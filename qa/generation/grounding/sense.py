"""Whether a sentence has the same “not”, “must”, “will” and “fault” as what it cites. Pure."""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Sequence

from index.text.sentences import sentence_spans
from qa.generation.grounding.alignment import (
    MIN_SHARE,
    Flaw,
    Sentence,
    Source,
    Text,
    all_stems,
    nearest,
    overlap,
    shortest,
    where,
)
from qa.generation.grounding.names import people
from qa.generation.grounding.words import FREE_STEMS, FUNCTION_WORDS, IRREGULAR_FORMS, stem, stems_of, words_of
from qa.text import polarity

_WRONG = r"(?:faults?|injustice|maladministration)"
_FAULT = re.compile(rf"\b{_WRONG}\b", re.IGNORECASE)
_FAULTLESS = re.compile(
    rf"""
    (?:{polarity.NEGATED}|\b(?:without|unable)\b)
    (?: (?:\W+(?:at|find|found|been|any|be|amount\w*|to|caus(?:e|ed|es|ing)|an?|the|evidence|of|further|significant
          |enough|see|with|identif(?:y|ied)|in|on|for|this|that|it|and))*
      | (?:\W+to)?\W+(?:find|see|consider|regard|think|uphold|identify|call)\b
        (?:\W+(?!address|remed|caus)\w+){{0,9}}? )
    \W+{_WRONG}\b
    """,
    re.VERBOSE | re.IGNORECASE,
)

_OPPOSITES = """
    higher lower, more less, more fewer, before after, greater smaller, longer shorter, earlier later, accept reject,
    accepted rejected, accepted refused, allow prevent, allowed prevented, allows prevents, formal informal, voluntary
    compulsory, voluntary mandatory, increase reduce, increased reduced, include exclude, start end, started ended,
    began ended, agreed refused, with without, each between, each together, each total, always never, all some, few
    many, all several, rightly wrongly, since until, within after, once twice
"""
_JUDGING = frozenset(  # worse than fault; nobody may be said to have done so of whom it is not said
    """unlawful unlawfully illegal illegally fraud fraudulent lied lying negligent negligence discriminated
    discrimination abuse abused abusive criminal sue""".split()
)
_PAIRS = [pair.split() for pair in _OPPOSITES.split(",")]
_PREFIXES = ("un", "in", "im", "il", "ir", "dis", "non")

_NEGATION_REACH = 4  # content words behind a “not”


def other_sense(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """It says “not”, “must”, “will” or “fault” where they do not, or the other way round, or of somebody else."""
    whole = "\n".join(source.whole.text for source in sources)
    words = frozenset(word for source in sources for word in source.whole.words)
    if not polarity.HYPOTHETICAL.search(claim.text):
        certain = [one for source in sources for one in source.texts if not polarity.POSSIBLY_NOT_SO.search(one.text)]
        heads = [source.headed.stems - source.whole.stems for source in sources]
        if overlap(claim.stems, all_stems(certain).union(*heads)) < MIN_SHARE:
            return Flaw("sense", f"It states as certain what is only possible in {where(sources)}.")
    is_negative = bool(polarity.NEGATIVE.search(claim.text))
    if is_negative and not polarity.NEGATIVE.search(whole):
        return Flaw("sense", f"It says that something is not so, which is not in {where(sources)}.")
    if faults(claim.text) - faults(whole):
        return Flaw("sense", "It does not agree on whether there was fault or injustice.")
    if upholds(claim.text) - upholds(whole):
        return Flaw("sense", "It does not agree on whether a complaint was upheld.")
    if not is_negative and (denied := sorted(claim.stems & _denied(whole))):
        meant = next(word for word in words_of(claim.text) if stem(word) == denied[0])
        return Flaw("sense", f"What it cites says “not” of “{meant}”.")
    for word in sorted(claim.words - words):
        if _opposites(word) & (words - claim.words):
            return Flaw("sense", f"What it cites says the opposite of “{word}”.")
    for word in sorted(claim.words & _JUDGING):
        if stem(word) not in stems_of(words):
            return Flaw("sense", f"“{word}” is not in {where(sources)}.")
    if polarity.OBLIGATION.search(claim.text) and not polarity.OBLIGATION.search(whole):
        return Flaw("sense", "It says that something must be so, and what it cites does not.")
    if (
        polarity.RECOMMENDATION.search(claim.text)
        and not polarity.RECOMMENDATION.search(whole)
        and not polarity.OBLIGATION.search(whole)
    ):
        return Flaw("sense", "It says that something should be so, and what it cites does not.")
    named = people(claim.text)
    text = shortest(nearest(claim.stems, (one for source in sources for one in source.sentences))).own.text
    if "will" in claim.words and polarity.POSSIBILITY.search(text) and not polarity.RESOLVE.search(text):
        return Flaw("sense", f"It says that something will be that only may be in {where(sources)}.")
    if named - people(text) and people(text) - named:
        return Flaw("sense", "It says of one person what is said there of another.")
    return None


_UPHELD = re.compile(r"\b(?:uph[oe]ld(?:s|ing)?)\b", re.IGNORECASE)
_NOT_UPHELD = re.compile(rf"{polarity.NEGATED}(?:\W+\w+){{0,2}}?\W+uph[oe]ld(?:s|ing)?\b", re.IGNORECASE)


def upholds(text: str) -> set[str]:
    """Whether a text says that a complaint was upheld, that one was not, or both."""
    return _said(text, _UPHELD, _NOT_UPHELD)


def faults(text: str) -> set[str]:
    """Whether a text says that there was fault, that there was none, or both."""
    return _said(text, _FAULT, _FAULTLESS)


def _said(text: str, either_way: re.Pattern[str], denied: re.Pattern[str]) -> set[str]:
    none, every = len(denied.findall(text)), len(either_way.findall(text))
    return ({"none"} if none else set()) | ({"some"} if every > none else set())


@functools.lru_cache(maxsize=64)
def _denied(text: str) -> frozenset[str]:
    """The content words of a text that stand in it only behind a “not”."""
    denied: set[str] = set()
    affirmed: set[str] = set()
    for start, end in sentence_spans(text):
        reach = 0
        for word in re.findall(
            r"[^\W\d_]+(?:[’'][^\W\d_]*)?|[,;:]", polarity.CONTRACTED_NOT.sub(" not", text[start:end])
        ):
            if word in ",;:":
                reach = 0
            elif polarity.NEGATIVE.fullmatch(word):
                reach = _NEGATION_REACH
            elif (plain := re.sub(r"[’']s?$", "", word.casefold())) not in FUNCTION_WORDS:
                (denied if reach > 0 else affirmed).add(stem(plain))
                reach -= 1
    return frozenset(denied - affirmed)


@functools.cache
def _opposites(word: str) -> frozenset[str]:
    paired = {other for pair in _PAIRS if word in pair for other in pair}
    longer = {f"{prefix}{word}" for prefix in _PREFIXES}
    shorter = {word.removeprefix(prefix) for prefix in _PREFIXES if len(word) > 6}
    return frozenset((paired | longer | shorter) - {word})


_MAX_NEAREST = 50  # sentences that say the same of a claim, as the lines of a table may
_VERB_CHARACTERS = 60  # characters before a verb in which a word may say that it is not done


def told_as_done(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Whatever says it best is only a promise, a recommendation or what should have been, and it tells of a deed."""
    found = nearest(claim.stems, (one for source in sources for one in source.sentences))
    if found and all(_undone(claim, one) for one in found[:_MAX_NEAREST]):
        return Flaw("sense", f"It states as done what was only to be done in {where(sources)}.")
    return None


def _undone(claim: Text, sentence: Sentence) -> bool:
    """Whether a sentence says that something is to be done, or should have been, of which the claim tells as done."""
    is_item = sentence.text != sentence.own.text
    undone = polarity.TO_BE_DONE.search(sentence.text)
    if undone and not polarity.MENTIONS_UNDONE.search(claim.text):
        # “Apologised and agreed to pay”: what stands before the promise may say all of it.
        first = Text.read(sentence.text[: undone.start()])
        if overlap(claim.stems, first.stems) >= overlap(claim.stems, sentence.own.stems):
            return False
        begins_alike = next(words_of(claim.text), None) == next(words_of(sentence.own.text), "")
        return not (is_item and begins_alike)  # “Pay Mr D £456” tells of no deed
    verbs = {
        verb
        for match in polarity.FUTURE_OR_POSSIBLE.finditer(sentence.text)
        for verb in _verb_behind(sentence.text, match.end())
        if verb not in FREE_STEMS or polarity.TO_BE_DONE.fullmatch(match[0])
    }
    if is_item and polarity.TO_BE_DONE.search(sentence.text.removesuffix(sentence.own.text)):
        verbs |= {stem(word) for word in itertools.islice(words_of(sentence.own.text), 1)}
    often = [stem(word) for word in words_of(sentence.text)]
    for match in _PAST.finditer(claim.text):
        verb = stem((match[1] or match[2]).casefold())
        before = claim.text[max(0, match.start() - _VERB_CHARACTERS) : match.start()]
        if verb in verbs and often.count(verb) == 1 and not polarity.UNDONE_BEFORE.search(before):
            return True
    return False


_PAST = re.compile(
    rf"\b(?:did\s+(\w{{3,40}})|(\w{{2,40}}ed|{'|'.join(IRREGULAR_FORMS)}))\b",
    re.IGNORECASE,
)
_AUXILIARY = frozenset(
    "be been being have has had also now then still not both all it he she they him her them".split()
)


def _verb_behind(text: str, at: int) -> list[str]:
    """The stem of the verb of what is promised, behind the word that says so; nothing if it is too far."""
    words = itertools.islice(words_of(text[at : at + _VERB_CHARACTERS]), 4)
    return [stem(word) for word in words if word not in _AUXILIARY and not word.endswith("ly")][:1]
