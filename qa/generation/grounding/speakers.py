"""Whether a sentence marks what somebody only said or alleged, and says whose account it is. Pure."""

from __future__ import annotations

import functools
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
    nearest,
    overlap,
    shortest,
    where,
)
from qa.generation.grounding.names import NAMED_PERSON, PART, people
from qa.generation.grounding.words import stem
from qa.text import polarity
from qa.text.quotations import without_quotations

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
_SAYS_NOTHING = re.compile(
    r"\s{0,99}+(?:[,;:]|(?:and|but|because|after|when|since|as)\b)", re.IGNORECASE
)  # "she complained, and it was so"
_MY_OWN = re.compile(  # “I do not find that the Council told her …” is no saying of the Council's
    r"\b(?:I|we)\b(?:\W+\w+){0,3}?\W+(?:find|found|criticise|consider(?:ed)?|decided?|conclude[sd]?|satisfied|agree)\b"
)
_ASIDE = re.compile(
    r"\b(?:though|although|because|since|when|after|while|as|what|which|who)\b(?:\W+\w+){1,4}\W*\Z", re.IGNORECASE
)
_SAYING_CHARACTERS = 200  # characters before a saying that may make it none
_PERSON = re.compile(r"\b(?:he|she|they|who)\b", re.IGNORECASE)
_OFFICE = re.compile(r"\b(?:it|they|its|response|letter|email|notes?|records?|report|assessment)\b", re.IGNORECASE)
_NEVER_SAID = frozenset({"law", "powers", "method", "remedy", "conclusion"})  # parts that tell of no one's account


def told_as_fact(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Only an account of somebody's says it, and the sentence does not say whose."""
    flaw = Flaw("allegation", f"It states as a fact what somebody only says in {where(sources)}.")
    is_finding = bool(_FOUND.search(claim.text))
    every = [one for source in sources for one in source.texts]
    if _tells_of_ombudsman(claim, sources):
        return Flaw("allegation", f"It says of the Ombudsman what is not in {where(sources)}.")
    theirs = _speakers_of(every)
    said = _speakers(claim.text, _RETOLD) | _according(claim.text)
    is_attributed = bool(_ALLEGED.search(claim.text) or said & theirs) and not is_finding
    if all(source.paragraph.role == "complaint" for source in sources):
        return None if is_attributed else flaw
    if not any(_is_account(one.text) for one in every):
        return None
    facts = [
        one
        for source in sources
        if source.paragraph.role != "complaint"
        for one in source.texts
        if source.paragraph.role in _NEVER_SAID or not _is_account(one.text)
    ]
    denies = bool(polarity.NEGATIVE.search(claim.text)) and not any(polarity.NEGATIVE.search(one.text) for one in facts)
    is_fact = bool(facts) and not denies and overlap(claim.stems, all_stems(facts)) >= MIN_SHARE
    return None if is_fact or is_attributed or (is_finding and said & theirs) else flaw


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
    own = [one.stems for source in sources for one in source.sentences if _is_ours(one.text)]
    if (named := len(_ACTS.findall(claim.text))) > 1:  # “fault by the Ombudsman”, where a council was at fault
        best = (
            shortest(nearest(claim.stems, source.sentences, with_lead=True), with_lead=True)
            for source in sources
            if source.sentences
        )
        if named > sum(len(_OURSELVES.findall(one.text)) for one in best):
            return True
    for clause in clauses(claim.text):
        if _ACTS.search(clause.text) and not (_FINDS.search(clause.text) and _is_found(claim, sources)):
            stems = clause.stems if len(clause.stems) > 1 else claim.stems
            if not any(overlap(stems, one) >= MIN_CLAUSE_SHARE for one in own):
                return True
    return False


def _is_found(claim: Text, sources: Sequence[Source]) -> bool:
    """Whether the sentence that says most of it is the Ombudsman's, and no account of what somebody said."""
    own = [one for source in sources if source.paragraph.role in _OWN_VOICE for one in source.sentences]
    best = nearest(claim.stems, own)[:1]
    return bool(best) and not _is_account(best[0].own.text)


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
        near = max(0, at - _SAYING_CHARACTERS)
        if polarity.UNREAL.search(sentence, near, at):
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
    rest = NAMED_PERSON.sub(" ", text)
    parts = {stem(match[0].split()[-1]) for match in PART.finditer(rest)}
    return {*people(text), *({"council"} if stem("authority") in parts else set()), *parts}
