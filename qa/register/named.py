"""The bodies, decisions and categories that a question names, put as B, R and K. No I/O.

A name counts in whatever case, for a question about the register has no other: qa.text.question_entities says
whether words are one. What a body is not held, qa.text.question_entities knows too; beyond that, capitals count
where a body would stand (“about Surrey”).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.text.body_names import BEFORE_BOROUGH, BEFORE_OF, DIRECTIONS, SMALL
from index.text.references import TYPED_REFERENCE
from qa.register.catalogue import HEADS, VOCABULARY, WORD, Catalogue, singular, small_letters, without_apostrophe
from qa.register.tokens import Reading


def with_names(text: str, question: str, catalogue: Catalogue) -> Reading:
    """A reading of a text, spelt out, in which the references and bodies are taken."""
    reading = Reading(text)
    take_references(reading, catalogue)
    take_bodies(reading, question, catalogue)
    return reading


def take_references(reading: Reading, catalogue: Catalogue) -> None:
    """Put R for each reference, of a decision that is held or not."""

    def take(match: re.Match[str]) -> str:
        named = catalogue.named(f"{match[0]} case")
        reading.references += named.reference
        reading.unknown += named.not_held
        return "R" if named.reference or named.not_held else match[0]

    reading.text = TYPED_REFERENCE.sub(take, reading.text)


_BEFORE_OF = (BEFORE_OF | BEFORE_BOROUGH) - {"council"}
_MAX_NAME_WORDS = 9
_MAX_TRIED = 40  # runs of words, whether they are a name


def take_bodies(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """Put B for each held body that is named, in whatever case: a question about the register has no other names."""
    spans = [(match.start(), match.end(), without_apostrophe(match[0])) for match in WORD.finditer(reading.text)]
    pieces, at, done = list[str](), 0, 0
    seen = dict[str, tuple[str, ...] | None]()
    while at < len(spans):
        found = _body_at(reading.text, spans, at, catalogue, seen)
        if found is None:
            at += 1
            continue
        end, bodies, unknown = found
        pieces.append(reading.text[done : spans[at][0]] + "B")
        done, at = spans[end - 1][1], end
        reading.bodies.append(bodies)
        if unknown:
            written = re.search(re.escape(unknown), question.replace("’", "'"), re.IGNORECASE)
            reading.unknown.append(written[0] if written else unknown)  # with its capitals
    reading.text = "".join(pieces) + reading.text[done:]


def _body_at(
    text: str,
    spans: Sequence[tuple[int, int, str]],
    at: int,
    catalogue: Catalogue,
    seen: dict[str, tuple[str, ...] | None],
) -> tuple[int, tuple[str, ...], str] | None:
    """Where the longest name that begins with this word ends, what it names, and how it is written if not held."""
    word = spans[at][2]
    if word.endswith("s") and word[:-1] in catalogue.words and word not in VOCABULARY | HEADS:
        word = word[:-1]  # “kents”
        spans = [*spans[:at], (spans[at][0], spans[at][1] - 1, word), *spans[at + 1 :]]
    after = spans[at + 1][2] if at + 1 < len(spans) else ""
    prefixed = (word in _BEFORE_OF and after in {"of", "borough"}) or (word in DIRECTIONS and after in catalogue.words)
    if not prefixed and (word not in catalogue.words or word in VOCABULARY):
        return None
    end = at + 1
    while end < min(len(spans), at + _MAX_NAME_WORDS) and spans[end][2] in catalogue.words | SMALL | HEADS:
        end += 1
    for last in range(end, at, -1):
        if spans[last - 1][2] in SMALL:
            continue
        written = re.sub(r"'s?$", "", text[spans[at][0] : spans[last - 1][1]])
        if written not in seen and len(seen) < _MAX_TRIED:
            seen[written] = _named(written, catalogue)
        if (bodies := seen.get(written)) is not None:
            return last, bodies, "" if bodies else written
    return None


def _named(written: str, catalogue: Catalogue, held: bool = True) -> tuple[str, ...] | None:
    """The bodies that have this name, () for one of which there is no decision, None for no name of a body.

    `held` if it is likely that there is a decision.
    """
    title = (f"{written.title()} council case", f"{written.title()} case") if held else ()
    for asked in (f"{written} case", *title):
        named = catalogue.named(asked)
        if named.text == "the case" and (named.council or named.not_held):
            return named.council
    return None


_PLACE = re.compile(r"[A-Z][\w'’-]+(?: (?:and |upon |of )?[A-Z][\w'’-]+){0,3}")


def take_places(beside: Reading, question: str, catalogue: Catalogue) -> None:
    """Take the names of bodies that are known and not held, by their capitals."""
    for match in list(_PLACE.finditer(question))[:_MAX_PLACES]:
        if match.start() and (bodies := _named(match[0], catalogue, held=False)) is not None:
            beside.bodies.append(bodies)
            beside.unknown += () if bodies else (match[0],)


_MAX_PLACES = 4  # names that stand in capitals, which are looked up
_SMALL = frozenset("and of upon the on".split())


def take_unknown(reading: Reading, question: str, catalogue: Catalogue) -> None:
    """Put B for what is no body that is held: one that is known, or with capitals where a body would stand."""
    tokens, strange = reading.marked.split(), set(reading.strange)
    told_by_case = any(word[0].islower() for word in question.split())
    at = len(tokens)
    while at > 0:
        end = at
        at -= 1
        if tokens[at] not in strange:
            continue
        while at > 0 and (
            tokens[at - 1] in strange or (tokens[at - 1] in _SMALL and at > 1 and tokens[at - 2] in strange)
        ):
            at -= 1
        run = " ".join(tokens[at:end])
        written = re.search(re.escape(run), question, re.IGNORECASE)
        bodies = _named(run, catalogue, held=False) if end - at < 5 else None
        capital = (
            told_by_case
            and written is not None
            and written.start() > 0
            and all(word[0].isupper() for word in written[0].split() if word not in _SMALL)
            and reading.has("DD|D|HOWMANY|CC|COLL|anything|any")
            and _is_slot([token for token in tokens[:at] if token != "the"], tokens[end:])
        )
        if bodies is None and not capital:
            # “about Surrey and wondered” is no name, but “Surrey” may be one.
            at = next((place for place in range(end - 1, at, -1) if tokens[place] in _SMALL), at)
            continue
        head = end < len(tokens) and tokens[end] in {"C", "CC"}
        if not bodies:
            whole = re.search(rf"{re.escape(run)}(?: \w+)?" if head else re.escape(run), question, re.IGNORECASE)
            reading.unknown.append(whole[0] if whole else run)
        reading.bodies.insert(tokens[:at].count("B"), bodies or ())
        tokens[at : end + head] = ["B"]
    reading.marked = " ".join(tokens)


_SLOT = frozenset(
    "about against from for on in at of with and or COMPARED did has does is was involving concerning concern re "
    "regarding to not EXCEPT B".split()
)


def _is_slot(before: Sequence[str], after: Sequence[str]) -> bool:
    """Whether the name of a body would stand between these tokens."""
    return (bool(before) and before[-1] in _SLOT) or (bool(after) and after[0] in {"DD", "D", "C"})


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
