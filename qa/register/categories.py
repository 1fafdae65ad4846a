"""The categories, and kinds of bodies, that a question names, put as K and as “councils”. No I/O."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.register.catalogue import Catalogue
from qa.register.tokens import Reading
from qa.register.vocabulary import VOCABULARY, WORD, singular, small_letters

# “All about children” is said of a category at the end of a question, where it is not of somebody's children.
_CHILDREN = re.compile(
    r"(?:(?<= all )|(?<= do with )|(?<= about )|(?<= only )|(?<= just ))"
    r"(?:children|kids|child|children's stuff)(?=\W*$)"
)
# “Other” is a category only where it is called one.
_OTHER = re.compile(
    r"(?:\bcategor(?:y|ies) (?:of |called |named |is |= ?)?|\b(?:filed|classed|classified|listed|recorded|tagged"
    r"|labelled|put|placed) (?:under|as|in) |')'?other(?=\W|$)(?! than)'?(?: category)?|\bunder '?other'?(?=,|\W*$)"
    r"|\bother category\b|\bor (?:as )?other\b(?=\W*$)|(?:^|(?<=[,/+;])|(?<=[,/+;] )|(?<= plus ))other(?= ?[,/+;]"
    r"| plus |\W*$|\. )"
)
# Of the words of categories, those that are no sign of one.
_VAGUE = frozenset(
    "other and care service categorie tax regulation social of transition to children child council with family "
    "friend".split()
)


def take_categories(reading: Reading, catalogue: Catalogue) -> None:
    """Put K for each category: all of its name or of a part of it, or words that together stand in one part."""
    text = _CHILDREN.sub("children's care services", " ".join(reading.text.split()))
    for part, meant, _ in catalogue.parts:
        if part != "other" and part in text:
            found = re.compile(rf"(?<!\w){re.escape(part)}(?: category)?(?!\w)")
            if found.search(text):
                text = found.sub(f" K{len(reading.categories)} ", text)
                reading.categories.append(meant)
    other = next((meant for part, meant, _ in catalogue.parts if part == "other"), ())
    if other and _OTHER.search(text):
        text = _OTHER.sub(f" in category K{len(reading.categories)} ", text)
        reading.categories.append(other)
    text = _loosely(text, reading, catalogue)
    # As they stand in the text.
    reading.categories = [reading.categories[int(place)] for place in dict.fromkeys(_NUMBERED.findall(text))]
    reading.text = _NUMBERED.sub("K", text)


_NUMBERED = re.compile(r"\bK([0-9]+)\b")


def _loosely(text: str, reading: Reading, catalogue: Catalogue) -> str:
    """Put K for words of one part of a category, in another order or number: “children's services”."""
    spans = [(match.start(), match.end(), singular(match[0])) for match in WORD.finditer(text)]
    pieces, at, done = list[str](), 0, 0
    while at < len(spans):
        run, meant = _longest_run([word for _, _, word in spans[at : at + _MAX_PART_WORDS]], catalogue)
        if run:
            pieces.append(f"{text[done : spans[at][0]]} K{len(reading.categories)} ")
            reading.categories.append(meant)
            at += run
            done = spans[at - 1][1]
        else:
            at += 1
    return "".join(pieces) + text[done:]


_MAX_PART_WORDS = 10  # words of a part of a category


def _longest_run(words: Sequence[str], catalogue: Catalogue) -> tuple[int, tuple[str, ...]]:
    """How many of the first words are of one part of a category, and what that means; (0, ()) where too few are."""
    if words[0] not in catalogue.part_words:
        return 0, ()
    runs = ((_run(words, part), -len(part), meant) for _, meant, part in catalogue.parts)
    run, shortest, meant = max(runs, key=lambda each: each[:2])
    told = set(words[:run])
    if run == 0 or (run == 1 and shortest < -1):
        return 0, ()
    certain = (
        not (_VAGUE | VOCABULARY).issuperset(told) or {"children", "service"} <= told or {"children", "care"} <= told
    )
    return (run, meant) if certain else (0, ())


def _run(words: Sequence[str], part: frozenset[str]) -> int:
    """How many of the first words are words of a part, the last of them more than “and”."""
    run = 0
    while run < len(words) and (words[run] in part or (run and words[run] == "social")):
        run += 1
    while run and words[run - 1] in {"and", "other", "social", "of", "to"}:
        run -= 1
    return run


# How a kind of body is asked for, its name, and the names of such bodies.
_KINDS = tuple(
    (re.compile(rf"\b(?:{asked})\b"), name, re.compile(held))
    for asked, name, held in (
        ("county (?:councils|authorities)|counties", "county councils", "county council$"),
        ("london (?:boroughs|councils)", "London boroughs", "^(?:london|royal) borough of|city of london"),
        ("metropolitan (?:borough )?(?:councils|boroughs)", "metropolitan boroughs", "metropolitan"),
        ("(?:an?|any|the|one) county council", "county councils", "county council$"),
        ("(?:an?|any|one) (?:borough(?: council)?)", "borough councils", "borough council$|borough of"),
        ("(?:parish|town|community) councils?", "parish councils", "(?:parish|town|community) council$"),
        ("borough councils", "borough councils", "borough council$"),
        ("city councils", "city councils", "city council$|^city of"),
        ("district councils", "district councils", "district council$"),
        ("(?:nhs|health|hospital) (?:foundation )?trusts", "NHS trusts", "nhs .*trust$"),
        ("care homes", "care homes", "care home|nursing home"),
        (r"schools\b(?! (?:admission|transport|exclusion))", "schools", "school|academy"),
    )
)


def take_kinds(reading: Reading, catalogue: Catalogue) -> None:
    """Put “councils” for a kind of them, and the bodies that are of it."""
    if reading.bodies:
        return
    for said, name, held in _KINDS:
        if said.search(reading.text):
            reading.text = said.sub("councils", reading.text, count=1)
            reading.body_kind = name
            reading.bodies.append(tuple(body for body in catalogue.bodies if held.search(small_letters(body))))
            return
