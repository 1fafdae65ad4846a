"""What holds for every capture: a decision written in any dialect with numbers is read back as it was meant.

The decisions come from scripts/synthetic, and from Hypothesis in the same shape; what is meant is told by their
structure, not by the parser.
"""

from __future__ import annotations

import contextlib
import html
import re

import pytest
from conftest import SEEDS
from hypothesis import assume, given
from hypothesis import strategies as st
from synthetic.compose import make
from synthetic.dialects import DIALECTS, render, truth
from synthetic.draft import Draft, Heading, Item, Items, Paragraph, Quotation, Statute, Table, Text

from index.decisions import Decision
from index.errors import NotADecision
from index.parsing.parse import parse

NUMBERED = [dialect for dialect in DIALECTS if dialect != "dashes"]


def as_truth(decision: Decision) -> dict[str, object]:
    """A decision in the shape in which the maker tells what it meant."""
    return {
        "reference": str(decision.reference),
        "body": decision.body,
        "category": decision.category,
        "outcome": decision.outcome,
        "date": decision.date.isoformat() if decision.date else None,
        "summary": decision.summary.text if decision.summary else None,
        "numbering": decision.numbering,
        "paragraphs": [
            {
                "number": place.pinpoint.number,
                "section": list(place.section),
                "lines": [[line.text, line.depth, line.item] for line in place.lines],
            }
            for place in decision.paragraphs
        ],
    }


def meant(draft, dialect: str) -> dict[str, object]:
    """What is meant, in the same shape: with plain lists, and without what only a file has."""
    expected = truth(draft, dialect)
    paragraphs = [
        {**place, "section": list(place["section"]), "lines": [list(line) for line in place["lines"]]}
        for place in expected["paragraphs"]
    ]
    return {
        **{name: value for name, value in expected.items() if name not in ("file", "dialect")},
        "paragraphs": paragraphs,
    }


@pytest.mark.parametrize("dialect", NUMBERED)
def test_made_decision_is_read_as_it_was_meant(dialect):
    """Header, numbers, headings, items, letters and words of a made decision are read as they were meant."""
    for number in range(1, 41):
        draft = make(number)
        assert as_truth(parse(render(draft, dialect))) == meant(draft, dialect)


def test_right_references_contradict_nothing():
    """Of made decisions, whose references to their own paragraphs are right, none is said to contradict itself."""
    proofs = [parse(render(make(number), "restarting")).proof for number in range(1, 101)]
    assert "contradicts" not in proofs
    assert proofs.count("agrees") > 80


@pytest.mark.parametrize(("slug", "numbers"), [("20-001-737", range(1, 68)), ("21-017-496", range(2, 14))])
def test_lost_paragraph_proves_nothing(slug, numbers):
    """Where a paragraph is lost from a copy whose labels show no gap, its references do not agree as far any more."""
    text = (SEEDS / f"{slug}.txt").read_text(encoding="utf-8")
    decision = parse(text.encode())
    reached = []
    for number in numbers:
        paragraph = decision.paragraphs[number - 1]
        raw = next(
            line for line in text.splitlines() if line.split(". ", 1)[-1].split() == paragraph.lines[0].text.split()
        )
        before, after = text.split(raw + "\n", 1)
        reached.append(parse((before + after).encode()).proved_to)
    assert reached.count(decision.proved_to) <= len(reached) // 5


def test_lost_paragraph_is_noticed():
    """Where a paragraph is lost from a copy, its references contradict its numbers, or the numbers show a gap."""
    noticed = referring = 0
    for number in range(1, 61):
        draft = make(number)
        if parse(render(draft, "restarting")).proof != "agrees":
            continue
        referring += 1
        first = next(part for part in draft.parts if isinstance(part, Paragraph))
        parts = tuple(part for part in draft.parts if part is not first)
        lost = Draft(**{name: getattr(draft, name) for name in draft.__slots__} | {"parts": parts})
        noticed += parse(render(lost, "restarting")).numbering == "inferred"
    assert noticed > 0.7 * referring


WORD = st.text("abcdefghijklmnopqrstuvwxyzé’-", min_size=1, max_size=8).filter(
    # A heading that ends in ’ looks like text; é’’ alone in a file is UTF-8 as well as Windows-1252.
    lambda text: text[0].isalpha() and text[-1].isalpha() and "é’’" not in text
)
WORDS = st.lists(WORD, min_size=2, max_size=9).map(" ".join).map(lambda text: text[0].upper() + text[1:])
SENTENCE = WORDS.map(lambda text: f"{text}.")
HEADING = WORDS
ITEM = WORDS.map(lambda text: f"{text};")
BULLETS = st.lists(ITEM.map(Item), min_size=1, max_size=4).map(tuple).map(Items)
NESTING = st.builds(
    lambda text, items: Items((Item(f"{text}:", tuple(items)), Item("and that."))),
    WORDS,
    st.lists(ITEM, min_size=1, max_size=3),
)
LETTERED = st.lists(ITEM.map(Item), min_size=1, max_size=4).map(lambda items: Items(tuple(items), lettered=True))
QUOTATION = st.lists(SENTENCE, min_size=1, max_size=3).map(
    lambda lines: Quotation((*(f"“{line}" for line in lines[:-1]), f"“{lines[-1]}”"))
)
STATUTE = st.just(Statute("(Local Government Act 1974, section 26B, as amended)"))
TABLE = st.lists(st.tuples(WORDS, WORDS), min_size=2, max_size=3).map(tuple).map(Table)
PARAGRAPH = st.one_of(
    SENTENCE.map(lambda text: Paragraph((Text(text),))),
    st.builds(
        lambda text, block: Paragraph((Text(f"{text}:"), block)),
        WORDS,
        st.one_of(BULLETS, NESTING, LETTERED, QUOTATION, TABLE),
    ),
    st.builds(lambda text, block: Paragraph((Text(text), block)), SENTENCE, STATUTE),
)
OUTLINE = ("The complaint", "The Ombudsman’s role and powers", "What I found", "Agreed action", "Final decision")


@st.composite
def drafts(draw):
    """Decisions of any structure under the outline that all share."""
    parts = []
    for outline in OUTLINE[: draw(st.integers(1, len(OUTLINE)))]:
        parts.append(Heading(outline, 1))
        parts += draw(st.lists(PARAGRAPH, min_size=1, max_size=4))
        if outline == "What I found" and draw(st.booleans()):
            for heading in draw(st.lists(HEADING, min_size=1, max_size=2, unique=True)):
                parts.append(Heading(heading, 2))
                parts += draw(st.lists(PARAGRAPH, min_size=1, max_size=3))
    return Draft("Ashby Council", "21 000 832", "Housing > Other", None, None, draw(SENTENCE), tuple(parts))


@given(drafts(), st.sampled_from(NUMBERED))
def test_any_structure_is_read_back(draft, dialect):
    """A decision of any structure, written in any dialect with numbers, parses back to itself."""
    decision = parse(render(draft, dialect))
    assume(not any("again as paragraph" in doubt for doubt in decision.doubts))  # what is drawn may come twice
    assert as_truth(decision) == meant(draft, dialect)


@given(drafts(), st.sampled_from(DIALECTS))
def test_numbers_count_up_and_stay(draft, dialect):
    """In every dialect the numbers are 1, 2, 3, … and the same each time."""
    source = render(draft, dialect)
    decision = parse(source)
    assert [place.pinpoint.number for place in decision.paragraphs] == list(range(1, len(decision.paragraphs) + 1))
    assert parse(source) == decision


LINE = st.one_of(
    st.builds("  {}. {}".format, st.integers(1, 30), SENTENCE),
    st.builds("      {}. {}".format, st.integers(1, 4), ITEM),
    st.builds("{}• {}".format, st.sampled_from(["", "  ", "    "]), ITEM),
    st.builds("  {}) {}".format, st.sampled_from("abci"), ITEM),
    st.builds("- {}".format, SENTENCE),
    st.builds("“{}”".format, SENTENCE),
    HEADING,
    SENTENCE,
    st.just("Back to top"),
    st.just(""),
)


def words(text: str) -> list[str]:
    """What was said, without marks of lists."""
    return re.findall(r"[\wé’-]*[^\W\d_][\wé’-]*", text)


def stand_in_order(some: list[str], among: list[str]) -> bool:
    """Whether words stand among others in their order."""
    rest = iter(among)
    return all(word in rest for word in some)


@given(st.lists(LINE, max_size=25))
def test_nothing_is_invented_or_dropped(lines):
    """Whatever stands in a capture, no paragraph has a word that is not there, and no word of it gets lost."""
    source = "\n".join(["Ashby Council (21 000 832)", "", "The complaint", "", "  1. First.", *lines])
    with contextlib.suppress(NotADecision):
        decision = parse(source.encode())
        told = words(" ".join(["The complaint", "a) First.", *(line for line in lines if line != "Back to top")]))
        texts: list[str] = []
        shown: list[str] = []  # with the headings, which stand once above each paragraph that they are above
        before: tuple[str, ...] = ()
        for place in decision.places():
            text = words(" ".join(f"{line.item or ''}) {line.text}" for line in place.lines))
            texts += text
            shown += words(" ".join(place.section)) if place.section != before else []
            shown += text
            before = place.section
        assert stand_in_order([word for word in texts if len(word) > 1], told)
        assert stand_in_order([word for word in told if len(word) > 1], shown)


def as_page(decision: Decision) -> bytes:
    """A decision as a page of the site: its headings, and every list within the item that it belongs to."""
    rows = [f"<article id=article><h2>{decision.body} ({decision.reference})</h2>"]
    fields = ("Category", decision.category), ("Decision", decision.outcome), ("Decision date", decision.date)
    for name, value in fields:
        shown = f"{value:%d %b %Y}" if name == "Decision date" else html.escape(str(value))
        rows.append(f"<p><span class=label>{name} : </span><span class=value>{shown}</span></p>")
    rows.append(f"<h3>The Ombudsman's final decision:</h3><p><b>Summary:</b> {html.escape(decision.summary.text)}</p>")
    before: tuple[str, ...] = ()
    for place in decision.paragraphs:
        if before and place.section[:1] != before[:1]:
            rows.append("<p><a href=#>Back to top</a></p>")
        for depth, heading in enumerate(place.section):
            if place.section[: depth + 1] != before[: depth + 1]:
                rows.append(f"<h{depth + 3}>{html.escape(heading)}</h{depth + 3}>")
        before = place.section
        rows.append(f"<ol start={place.pinpoint.number}><li>")
        lists: list[str] = []  # those that are open
        for line in place.lines:
            while len(lists) > line.depth:
                rows.append(f"</{lists.pop()}>")
            while len(lists) < line.depth:
                lists.append("ol" if line.item else "ul")
                rows.append(f"<{lists[-1]}>")
            rows.append(f"{'<li>' if lists else '<p>'}{html.escape(line.text)}")
        rows += [f"</{tag}>" for tag in reversed(lists)]
        rows.append("</ol>")
    return "\n".join([*rows, "<p>Investigator's decision on behalf of the Ombudsman</p></article>"]).encode()


@pytest.mark.parametrize("slug", ["20-001-737", "21-000-259", "21-002-206", "21-017-496"])
def test_seed_as_a_page_is_the_same_decision(slug):
    """A decision that was read from its text capture is the same when it is read from a page of the site."""
    decision = parse((SEEDS / f"{slug}.txt").read_bytes())
    assert parse(as_page(decision)) == decision
