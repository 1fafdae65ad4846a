"""The words of the decisions: the texts that lie beside this file, and the names of bodies.

A text is in sections, each under its [name]. In all of them {slots} are filled anew for each decision: {P} is the
person who complained, {B} what the body is called ("Council"), {C} a child or relative; slots.py has the others. A
paragraph without slots is the same, word for word, in every decision that has it. `every.txt` has paragraphs and
conclusions for any decision, `pools.txt` entries for any subject, and each other text those of one subject. A section
of paragraphs has blank lines between them, and within one each of these stands on a line of its own:

    * an item with a bullet
    ** an item of a list within the item above
    # a lettered item
    = a statute

`law` has topics, each a title and its paragraphs, with `---` between them. Any other section has an entry a line; a
line that is indented goes on with the one before.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from pathlib import Path

from synthetic.draft import Block, Item, Items, Paragraph, Statute, Text

Topic = tuple[str, tuple[Paragraph, ...]]
"""A title and its paragraphs of law."""

_MARKUP = {"* ": "bullet", "** ": "nested", "# ": "letter", "= ": "statute"}


def _entries(text: str) -> tuple[str, ...]:
    """One entry a line; a line that is indented goes on with the one before."""
    entries: list[str] = []
    for line in text.strip().splitlines():
        if line[0] == " ":
            entries[-1] += " " + line.strip()
        else:
            entries.append(line)
    return tuple(entries)


def _paragraphs(text: str) -> tuple[Paragraph, ...]:
    """Paragraphs between blank lines; within one, the marks of _MARKUP begin a block and other lines go on."""
    return tuple(_paragraph(lines) for lines in text.strip().split("\n\n"))


def _paragraph(source: str) -> Paragraph:
    rows: list[tuple[str, str]] = []
    for line in source.splitlines():
        mark = next((mark for mark in _MARKUP if line.startswith(mark)), None)
        if mark:
            rows.append((_MARKUP[mark], line.removeprefix(mark)))
        elif rows:
            rows[-1] = (rows[-1][0], f"{rows[-1][1]} {line}")
        else:
            rows.append(("text", line))
    blocks: list[Block] = []
    for in_list, group in itertools.groupby(rows, key=lambda row: row[0] in ("bullet", "nested", "letter")):
        if in_list:
            blocks.append(_items(list(group)))
        else:
            blocks += [Statute(text) if mark == "statute" else Text(text) for mark, text in group]
    return Paragraph(tuple(blocks))


def _items(rows: list[tuple[str, str]]) -> Items:
    items: list[Item] = []
    for mark, text in rows:
        if mark == "nested":
            items[-1] = Item(items[-1].text, (*items[-1].items, text))
        else:
            items.append(Item(text))
    return Items(tuple(items), rows[0][0] == "letter")


def _law(text: str) -> tuple[Topic, ...]:
    topics = (topic.strip().partition("\n\n") for topic in text.split("---\n"))
    return tuple((title, _paragraphs(rest)) for title, _, rest in topics)


def _sections(name: str) -> dict[str, str]:
    """The sections of a text by their names."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    parts = re.split(r"(?m)^\[(\w+)\]\n", text)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


@dataclass(frozen=True, slots=True)
class Area:
    """A subject: pools of entries by name, and topics of law."""

    category: str
    pools: dict[str, tuple[str, ...]]
    law: tuple[Topic, ...]
    of_adult: bool  # whether {C} is an adult who gets care
    for_providers: bool  # whether a body that is no council may be complained of


def _area(name: str) -> Area:
    sections = _sections(name)
    pools = {name: _entries(text) for name, text in _sections("pools").items()}
    for name, text in sections.items():
        if name not in ("category", "law", "adult"):
            entries = _entries(text)
            pools[name] = (*pools[name], *entries, *entries) if name == "remedy" else entries
    for name in ("officer", "service"):
        pools[f"{name}_"] = tuple(entry[0].upper() + entry[1:] for entry in pools[name])
    category = sections["category"].strip()
    return Area(category, pools, _law(sections["law"]), "adult" in sections, category.startswith("Adult"))


# What is drawn depends on their order.
AREAS = tuple(
    _area(name) for name in "sen protection charging care housing homelessness tax planning parking transport".split()
)

_EVERY = _sections("every")
POWERS = _paragraphs(_EVERY["powers"])
METHOD = _paragraphs(_EVERY["method"])
CONCLUSION_FAULT = _entries(_EVERY["conclusion_fault"])
CONCLUSION_NO_FAULT = _entries(_EVERY["conclusion_no_fault"])
PROVISOS = _paragraphs(_EVERY["provisos"])
NOT_INVESTIGATED = _paragraphs(_EVERY["not_investigated"])
SHARED_LAW = _law(_EVERY["law"])
# Powers that are only told where they matter: the place in POWERS, and how the category begins.
POWERS_ONLY = {5: ("Education",), 12: ("Education", "Children"), 13: ("Adult",)}

_STEMS = (
    "Aldermarsh Brackenwold Corvesham Dunmarrow Elverstoke Farthingmere Gorsleigh Harrowmere Islebrook Jessingham "
    "Kettlewick Lambsford Marlowick Netherquay Ostlebury Pennyfield Quarrington Ravelstone Saltermoor Tillingworth "
    "Umberley Vennacombe Wexcombe Yarrowdale Zealmouth Ambleforth Birchover Cressingdale Dovermarsh Eastlingham"
).split()
_COUNCILS = (
    "{} Borough Council",
    "{} City Council",
    "{} County Council",
    "{} District Council",
    "London Borough of {}",
    "North {} Council",
    "{} Metropolitan Borough Council",
    "West {} Council",
)
_PROVIDERS = (
    ("{} NHS Foundation Trust", "Trust"),
    ("{} & District Home Care Limited", "Provider"),
    ("St Osyn’s Care Home, {}", "Home"),
    ("{} Care (South) Limited", "Provider"),
    ("The {} Surgery", "Practice"),
    ("NHS {} Integrated Care Board", "Board"),
)
# 240 councils and 18 others, the name of each with what its decisions call it.
_COUNCIL_BODIES = [(form.format(stem), "Council") for form in _COUNCILS for stem in _STEMS]
_OTHER_BODIES = [
    (form.format(_STEMS[(7 * i + 3 * j) % len(_STEMS)]), name)
    for i, (form, name) in enumerate(_PROVIDERS)
    for j in range(3)
]
BODIES: tuple[tuple[str, str], ...] = (*_COUNCIL_BODIES, *_OTHER_BODIES)
COUNCIL_COUNT = len(_COUNCIL_BODIES)
