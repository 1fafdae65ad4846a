from __future__ import annotations

import contextlib
import datetime
import os

import pytest
from conftest import PROJECT, SEEDS, SIXTH
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import Decision
from index.errors import NotADecision
from index.parse import MAX_BYTES, parse

SLUGS = ["20-001-737", "21-000-259", "21-000-832", "21-002-206", "21-017-496"]


def seed(slug: str) -> Decision:
    return parse((SEEDS / f"{slug}.txt").read_bytes())


def render(decision: Decision) -> str:
    """A decision as a golden file shows it: what a reader would compare with the published page."""
    rows = [
        f"{decision.body} ({decision.reference})",
        f"category: {decision.category}",
        f"outcome: {decision.outcome}",
        f"date: {decision.date}",
        f"numbering: {decision.numbering}",
    ]
    for place in decision.places():
        rows += ["", f"[{place.pinpoint.number}] {' > '.join([place.role, place.numbering, *place.section])}"]
        rows += [f"{'  ' * line.depth}{line.text}" for line in place.lines]
    return "\n".join(rows) + "\n"


@pytest.mark.parametrize("slug", [*SLUGS, "22-009-999"])
def test_golden(slug):
    """A capture parses to what its golden file shows. UPDATE_GOLDEN=1 writes the files anew, to be read before use."""
    source = SIXTH if slug == "22-009-999" else SEEDS / f"{slug}.txt"
    golden = PROJECT / "tests" / "golden" / f"{slug}.txt"
    rendered = render(parse(source.read_bytes()))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(rendered, encoding="utf-8")
    assert rendered == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize(("slug", "count"), list(zip(SLUGS, [82, 53, 58, 58, 65], strict=True)))
def test_number_of_paragraphs(slug, count):
    """The five decisions have as many paragraphs as were published."""
    assert [paragraph.pinpoint.number for paragraph in seed(slug).paragraphs] == list(range(1, count + 1))


@pytest.mark.parametrize(
    ("slug", "number", "beginning"),
    [
        ("20-001-737", 67, "It is not clear which process the Council followed"),
        ("20-001-737", 72, "As I have mentioned in paragraph 67, "),
        ("21-017-496", 13, "The Council’s Guidance said:"),
        ("21-017-496", 50, "The Council had no power to enforce a written agreement of this nature"),
    ],
)
def test_known_paragraphs(slug, number, beginning):
    """Paragraphs whose published number is known stand at that number."""
    assert seed(slug).paragraphs[number - 1].text.startswith(beginning)


def test_lost_numbers_are_inferred():
    """The capture that lost its numbers has them inferred, in every paragraph."""
    decision = seed("21-000-832")
    assert {paragraph.numbering for paragraph in decision.paragraphs} == {decision.numbering} == {"inferred"}


def test_kept_numbers_are_published():
    """The other captures give published numbers."""
    assert {seed(slug).numbering for slug in SLUGS if slug != "21-000-832"} == {"published"}


def test_header():
    """The header tells body, reference, category, outcome and date."""
    decision = seed("21-017-496")
    assert (decision.body, str(decision.reference), decision.category, decision.outcome, decision.date) == (
        "West Northamptonshire Council",
        "21 017 496",
        "Children's care services > Other",
        "Upheld",
        datetime.date(2022, 10, 9),
    )


@pytest.mark.parametrize("slug", SLUGS)
def test_nothing_is_lost(slug):
    """Every line of a capture above the signature stands in the decision, in order, verbatim but for white space."""
    source = (SEEDS / f"{slug}.txt").read_text(encoding="utf-8").split("Investigator's decision")[0]
    source = source.split("The Ombudsman's final decision:")[1].replace("Summary:", "").replace("Back to top", "")
    kept: list[str] = []
    before: tuple[str, ...] = ()
    for place in seed(slug).places():
        kept += [
            heading for depth, heading in enumerate(place.section) if place.section[: depth + 1] != before[: depth + 1]
        ]
        kept += [line.text for line in place.lines]
        before = place.section
    unmarked = [line.strip().lstrip("0123456789.•- ").split() for line in source.splitlines()]
    assert [word for line in unmarked for word in line] == " ".join(kept).split()


def test_text_is_verbatim_but_for_white_space():
    """A non-breaking space becomes a space, and nothing else changes."""
    assert "more than 12 months to complain" in seed("21-017-496").paragraphs[3].text


def capture(*lines: str) -> Decision:
    return parse("\n".join(["A Council (21 000 832)", "", "The complaint", "", *lines]).encode())


@pytest.mark.parametrize(
    "quotation",
    [
        ["“We will not agree to it.”"],
        ['“We will not agree to it."'],
        ["“We will not agree to it.", "“Nor will our officers.”"],
        ["“We said “no” to it.”"],
        ["“We will not agree to it."],
    ],
)
def test_quotation_ends_at_the_next_part(quotation):
    """However a quotation is closed, the next part's heading is none of its words."""
    decision = capture("  1. It wrote:", *quotation, "", "Back to top", "", "Agreed action", "", "  1. It will pay.")
    assert [line.text for line in decision.paragraphs[0].lines] == ["It wrote:", *quotation]
    assert decision.paragraphs[1].section == ("Agreed action",)


def test_heading_after_a_closed_quotation():
    """After a quotation that was closed by a straight mark, a heading is a heading again."""
    decision = capture("  1. It wrote:", '“We will not agree to it."', "", "My view", "", "  1. It will pay.")
    assert decision.paragraphs[1].section == ("The complaint", "My view")


def test_unpunctuated_quotation_is_text():
    """A line after a colon that no paragraph follows is text, though it looks like a heading."""
    decision = capture("  1. It wrote:", "", "We refuse to say anything further", "", "Back to top", "", "  1. End.")
    assert decision.paragraphs[0].text == "It wrote:\nWe refuse to say anything further"


@pytest.mark.parametrize("slug", [slug for slug in SLUGS if slug != "21-000-832"])
def test_copy_without_indents_publishes_no_wrong_number(slug):
    """Where a copy lost its indents, its numbers are the published ones or are called inferred."""
    source = (SEEDS / f"{slug}.txt").read_text(encoding="utf-8")
    flat = parse("\n".join(line.strip() for line in source.splitlines()).encode())
    same = [place.text for place in flat.paragraphs] == [place.text for place in seed(slug).paragraphs]
    assert same or flat.numbering == "inferred"


def test_two_decisions_in_a_file_are_refused():
    """A second decision in a file is not dropped: the file is refused."""
    with pytest.raises(NotADecision, match="another decision, 21 000 833"):
        capture("  1. One.", "", "Investigator's decision on behalf of the Ombudsman", "", "B Council (21 000 833)")


def test_line_over_nothing_is_not_lost():
    """Where a line over nothing may be a heading or text, the capture is refused rather than the line lost."""
    with pytest.raises(NotADecision, match="“We refuse”"):
        capture("  1. It wrote.", "", "We refuse", "", "Back to top")


def test_bullets_below_a_heading_make_no_number_published():
    """A part whose numbers were lost leaves no number published."""
    decision = capture(
        "  1. One.", "", "What I found", "", "  • Two.", "  • Three.", "", "Final decision", "", "  1. Four."
    )
    assert {paragraph.numbering for paragraph in decision.paragraphs} == {"inferred"}


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        (b"", "empty"),
        (b" \n\t\n", "empty"),
        (b"\x00\x01PDF", "binary"),
        ("Kent County Council".encode("utf-16"), "binary"),
        ("Kent’s County Council (21 000 832)".encode("cp1252"), "UTF-8"),
        (b"x" * (MAX_BYTES + 1), "more than any decision"),
        (b"Dear Sir or Madam,\n\nyours", "first line"),
        (b"A Council (12 34)\n\nThe complaint\n\n  1. Text.\n", "first line"),
        (b"A Council (21 000 832)\n\nThe complaint\n", "no numbered paragraphs"),
        (b"A Council (21 000 832)\n\nDecision date : 32 Jan 2020\n\n  1. Text.\n", "is no date"),
        (b"A Council (21 000 832)\n\nText that stands alone.\n\n  1. Text.\n", "“Text that stands alone.”"),
    ],
)
def test_what_is_no_decision_is_refused(source, reason):
    """A file that is no decision is refused with its reason."""
    with pytest.raises(NotADecision, match=reason):
        parse(source)


@given(st.binary(max_size=400))
def test_any_bytes_are_parsed_or_refused(source):
    """No bytes make parsing fail in another way than by refusing them."""
    with contextlib.suppress(NotADecision):
        parse(b"A Council (21 000 832)\n" + source)


headings = st.from_regex(r"[A-Z][a-z]{0,9}( [a-z]{1,9}){0,3}", fullmatch=True)
words = st.text("abcdefghij ’£", min_size=1, max_size=40).filter(lambda text: text.strip())
bodies = st.lists(
    st.tuples(headings, st.lists(st.tuples(words, st.lists(words, max_size=3)), min_size=1, max_size=4)),
    min_size=1,
    max_size=5,
)


@given(bodies)
def test_restarting_numbers_are_counted_on(sections):
    """However a capture is cut into headings and lists, its paragraphs get 1, 2, 3, … and keep their words."""
    rows, expected = ["A Council (21 000 832)"], []
    for heading, paragraphs in sections:
        rows += ["", heading, ""]
        label = 0
        for text, items in paragraphs:
            label += 1
            rows.append(f"  {label}. {text.strip()}.")
            rows += [f"  • {item.strip()};" for item in items]
            expected.append([f"{text.strip()}.", *(f"{item.strip()};" for item in items)])
            label = 0 if items else label
    decision = parse("\n".join(rows).encode())
    assert decision.numbering == "published"
    assert [paragraph.pinpoint.number for paragraph in decision.paragraphs] == list(range(1, len(expected) + 1))
    folded = [[" ".join(line.split()) for line in paragraph] for paragraph in expected]
    assert [[line.text for line in paragraph.lines] for paragraph in decision.paragraphs] == folded
