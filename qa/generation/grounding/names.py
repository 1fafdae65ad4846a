"""Whether the people and bodies of a sentence are named in what it cites, and do the same there. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.body_names import NO_STEM
from qa.generation.grounding.alignment import Flaw, Source, Text, all_stems, clauses, overlap, where
from qa.generation.grounding.words import FREE_STEMS, FUNCTION_WORDS, UBIQUITOUS_STEMS, stem, stems_of, words_of

_TITLE = r"(?:(?i:Mr|Mrs|Ms|Mx|Dr|Cllr)|Miss|Prof(?:essor)?|Councillor)"
COUPLE = re.compile(rf"\b{_TITLE}\.?\s(?:[A-Z][\w-]{{0,30}}\s)?(and|&)\s{_TITLE}\b")
NAMED_PERSON = re.compile(  # in capitals or not: “mrs smith” names somebody, too
    rf"""
    \b(?:(?:({_TITLE})\.?\s+(?:and|&)\s+)?({_TITLE})\b\.?(?=\s+(?!(?:and|or)\b)[A-Za-z])
      | (Officer|Social\s+Worker|Manager)(?=\s+[A-Z]))
    \s+([A-Za-z][\w-]*)\b
    """,
    re.VERBOSE,
)
PART = re.compile(
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


def names_in(text: str) -> list[tuple[int, str]]:
    """The people that a text names, `mrs h` or `officer a`, each with where its name begins."""
    return [
        (match.start(), f"{' '.join(title.split())} {match[4]}".casefold())
        for match in NAMED_PERSON.finditer(text)
        for title in match.group(1, 2, 3)
        if title
    ]


def _own_words(body: str) -> frozenset[str]:
    """What tells one body from another: “West Northamptonshire Council” from Kent County Council."""
    words = [*words_of(body)]
    own = [word for word in words if word not in NO_STEM | {"and"}]
    return frozenset(own[:2] or words[-1:])  # the City of London Corporation has no word of its own


def people(text: str) -> frozenset[str]:
    """The people that a text names, `mrs h` or `officer a`."""
    return frozenset(name for _, name in names_in(text))


def wrong_name(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """A person, a body or anything else with a name that is not named there."""
    known = people("\n".join(source.whole.text for source in sources))
    for match in NAMED_PERSON.finditer(claim.text):
        if not people(match[0]) <= known:
            return Flaw("name", f"“{match[0]}” is not named in {where(sources)}.")
    bodies = {source.body for source in sources}
    unnamed = [body for body in bodies if not _own_words(body) & claim.words]
    if len(bodies) > 1 and 0 < len(unnamed) < len(bodies):
        return Flaw("name", f"It rests on a decision about {sorted(unnamed)[0]}, too, and does not say so.")
    rest = NAMED_PERSON.sub(lambda match: "x" * len(match[0]), claim.text)
    held = frozenset(word for source in sources for word in source.headed.words) | FUNCTION_WORDS
    stems = all_stems(source.headed for source in sources) | UBIQUITOUS_STEMS
    letters = frozenset(letter for source in sources for letter in re.findall(r"\b[A-Z]\b", source.whole.text))
    for match in _CAPITAL.finditer(rest):
        word = re.sub(r"[’']s?$", "", match[0])
        # The first word of a sentence is no name, unless the next has a capital too: “Kent County Council”.
        is_first = _begins(rest, match.start()) and not _GOES_ON.match(rest, match.end())
        is_first = is_first and (stem(word) in FREE_STEMS or bool(overlap([stem(word)], stems)))
        is_known = word in letters or word in "IA" if len(word) == 1 else is_first or word.casefold() in held
        if not is_known:
            return Flaw("name", f"“{word}” is not named in {where(sources)}.")
    for match in PART.finditer(rest):
        if not overlap([stem(match[0].split()[-1])], stems):
            return Flaw("name", f"“{match[0].strip()}” is not named in {where(sources)}.")
    return None


def told_of_another_body(claim: Text, sources: Sequence[Source]) -> Flaw | None:
    """Of one of two bodies it says what the other did: a paragraph about the one must say it best."""
    own_words = {source.body: _own_words(source.body) for source in sources}
    if len(own_words) < 2:
        return None
    none = UBIQUITOUS_STEMS.union(stems_of(word for body in own_words for word in words_of(body)))
    for clause in clauses(claim.text):
        bodies = [body for body, words in own_words.items() if words & clause.words]
        stems = clause.stems - none
        if len(bodies) != 1 or not stems:
            continue
        shares = [(overlap(stems, source.whole.stems), source.body) for source in sources]
        if max(share for share, body in shares if body == bodies[0]) < max(share for share, _ in shares):
            return Flaw("name", f"It says of {bodies[0]} what is said there of another body.")
    return None


def _begins(text: str, at: int) -> bool:
    """Whether a sentence, or what stands behind a colon, begins there, perhaps with a quotation mark."""
    before = text[:at].rstrip("\"“‘'(")  # looked at from its end: a pattern would be tried at each of its characters
    said = before.rstrip()
    return not before or (said != before and said.endswith((".", ":", "?", "!")))
