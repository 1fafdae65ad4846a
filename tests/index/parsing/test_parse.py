from __future__ import annotations

import contextlib
import datetime
import os
import re

import pytest
from conftest import PROJECT, SEEDS, SIXTH
from hypothesis import given, settings
from hypothesis import strategies as st

from index.decisions import Decision
from index.errors import NotADecision
from index.parsing.decode import MAX_BYTES
from index.parsing.parse import parse
from index.passages import passages

CAPTURES = PROJECT / "tests" / "captures"
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
        *(f"doubt: {doubt}" for doubt in decision.doubts),
        f"proof: {decision.proof}",
        *(f"  [{found.at}] {found.words}: {found.verdict}" for found in decision.cross_references),
    ]
    for place in decision.places():
        rows += ["", f"[{place.pinpoint.number}] {' > '.join([place.role, place.numbering, *place.section])}"]
        rows += [f"{'  ' * line.depth}{f'({line.item}) ' if line.item else ''}{line.text}" for line in place.lines]
    return "\n".join(rows) + "\n"


REPORTS = ["account", "numbered", "sections"]
DIALECTS = ["bare", "continuing", "dashes", "headings", "interrupted", "letters", "published"]
SOURCES = {slug: SEEDS / f"{slug}.txt" for slug in SLUGS}
FORMS = "assessment bulleted contents findings margin ombudsmen printed provider semicolon trust".split()
SOURCES |= {name: CAPTURES / f"{name}.txt" for name in [*DIALECTS, *FORMS, "22-009-999"]}
SOURCES |= {f"report-{name}": PROJECT / "tests" / "reports" / f"{name}.txt" for name in REPORTS}


@pytest.mark.parametrize("name", SOURCES)
def test_golden(name):
    """A capture parses to what its golden file shows. UPDATE_GOLDEN=1 writes the files anew, to be read before use."""
    golden = PROJECT / "tests" / "golden" / f"{name}.txt"
    rendered = render(parse(SOURCES[name].read_bytes()))
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(rendered, encoding="utf-8")
    assert rendered == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["continuing", "interrupted", "trust"])
def test_page_and_its_capture_are_the_same_decision(name):
    """A saved page gives the decision that its text capture gives."""
    assert parse((CAPTURES / f"{name}.html").read_bytes()) == parse(SOURCES[name].read_bytes())


def test_page_tells_where_it_is_published():
    """A page that a browser saved knows its address at the site."""
    url = "https://www.lgo.org.uk/decisions/housing/homelessness/21-004-118"
    assert parse((CAPTURES / "continuing.html").read_bytes()).provenance.url == url


WAYS_TO_SAVE = {
    "Windows line ends": lambda text: text.replace("\n", "\r\n").encode(),
    "old line ends": lambda text: text.replace("\n", "\r").encode(),
    "mark of byte order": lambda text: text.encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16, other order": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-16 without mark": lambda text: text.encode("utf-16-le"),
    "Windows-1252": lambda text: text.encode("cp1252"),
    "Windows-1252 in places": lambda text: text.encode().replace("“".encode(), b"\x93"),
    "controls for quotation marks": lambda text: text.translate(
        {ord(mark): ord(mark.encode("cp1252").decode("latin-1")) for mark in "“”‘’–…"}
    ).encode(),
    "non-breaking spaces": lambda text: text.replace(". ", ".\u00a0").replace("• ", "•\u00a0").encode(),
    "zero-width spaces": lambda text: text.replace(" ", " \u200b").replace("\n", "\u200b\ufeff\n").encode(),
    "tabs after numbers": lambda text: re.sub(r"(?m)^( *\d+\.) ", r"\1\t", text).encode(),
    "wrapped lines": lambda text: re.sub(r"(?m)^(  +\d+\.|  •)(.{60,}?) (.*)$", r"\1\2\n        \3", text).encode(),
    "text below its number": lambda text: re.sub(r"(?m)^( *\d+\.) ", "\\1\n\n", text).encode(),
    "four more at the left": lambda text: re.sub(r"(?m)^( *[\d•])", r"    \1", text).encode(),
}


@pytest.mark.parametrize("way", WAYS_TO_SAVE)
@pytest.mark.parametrize("name", ["22-009-999", "continuing", "interrupted", "headings", "21-017-496"])
def test_way_to_save_changes_nothing(name, way):
    """However a capture was saved, it gives the same decision."""
    source = SOURCES[name].read_bytes()
    assert parse(WAYS_TO_SAVE[way](source.decode())) == parse(source)


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


@pytest.mark.parametrize("line", ["We find no fault in that", "“We find no fault in that", "We will not pay (SEN)"])
@pytest.mark.parametrize("part", ["Agreed action", "My assessment", "Final decision"])
def test_line_above_a_part_is_not_lost(line, part):
    """A line without a stop right above a part of the outline is text of the paragraph above it."""
    decision = capture("  1. It looked.", "", line, "", part, "", "  1. It will pay.")
    assert [place.text for place in decision.paragraphs] == [f"It looked.\n{line}", "It will pay."]
    assert decision.paragraphs[1].section == (part,)


@pytest.mark.parametrize(
    "lines",
    [
        ["What I found", "Agreed action"], ["What I found", "", "Back to top", "", "Our view"],
        ["What I found", "", "Back to top", "", "My assessment"],
    ],
)  # fmt: skip
def test_part_over_nothing_is_told(lines):
    """A part of the outline below which nothing stands has lost what stood there, which may bear numbers."""
    decision = capture("  1. It looked.", "", *lines, "", "  1. It will pay.")
    assert decision.doubts == ("The heading “What I found” stands over nothing and was left out.",)


def test_assessment_stands_within_what_was_found():
    """“My assessment” right below “What I found” is a part within it, of which nothing is missing."""
    decision = capture("  1. It looked.", "", "What I found", "", "My assessment", "", "  1. It will pay.")
    assert decision.paragraphs[1].section == ("What I found", "My assessment")
    assert decision.numbering == "published"


def test_marked_heading_over_nothing_is_told():
    """A heading of a page that stands over nothing, right above a part of the outline, is told to be left out."""
    page = ARTICLE + "<ol><li>One.</ol><h3>Gone</h3><h3>Agreed action</h3><ol><li>Two.</ol>"
    assert parse(page.encode()).doubts == ("The heading “Gone” stands over nothing and was left out.",)


RESTARTS = ["What I found", "", "  1. We may look.", "", "(Local Government Act 1974, as amended)"]


@pytest.mark.parametrize(
    "lines",
    [
        ["(As amended) 1. We may end it."], ["", "    1. We may end it."], ["", "l.We may end it."],
        ["", "I. We may end it."], ["What happened 1. We may end it."], ["", "Final decision: 3. We may end it."],
    ],
)  # fmt: skip
def test_paragraph_that_is_joined_with_what_stands_above_is_doubted(lines):
    """A first paragraph on the line of a heading or a text, or further in than others, leaves no number published."""
    decision = capture("  1. One.", "", *RESTARTS, *lines, "", "Our view", "", "  1. End.")
    assert decision.numbering == "inferred"


@pytest.mark.parametrize("third", ["III. Third", "(iii) Third", "  c) Third", "3rd Third"])
def test_number_in_another_form_is_doubted(third):
    """The next number may have become a Roman one, a letter that goes on with no list, or an ordinal."""
    assert parse(ONE_IS_SPOILED.format(third).encode()).numbering == "inferred"


def test_lists_with_letters_and_romans_are_lists():
    """A list that runs from its first letter or Roman number on is one, whatever paragraph comes next."""
    for marks in (("(a)", "(b)", "(c)", "(d)"), ("(i)", "(ii)", "(iii)"), ("i)", "ii)", "iii)", "iv)")):
        items = [f"      {mark} Text;" for mark in marks]
        assert capture("  1. One.", "  2. Two:", *items, "", "Our view", "", "  1. End.").numbering == "published"
    assert capture("  1. One:", "    1. One only.", "", "Our view", "", "  1. End.").numbering == "published"


def test_outline_with_a_colon_is_a_heading():
    """A part of the outline may have a colon behind it, which is no part of its name."""
    decision = capture("  1. One.", "", "What I found:", "", "  1. End.")
    assert (decision.numbering, decision.paragraphs[1].section) == ("published", ("What I found",))


@pytest.mark.parametrize("shown", ["## {}", "**{}**", "# {} #"])
def test_headings_of_markdown(shown):
    """What Markdown sets around a heading is no part of it."""
    decision = capture(
        "  1. One.", "", shown.format("What I found"), "", "  1. Two.", "", shown.format("Our view"), "", "  1. End."
    )
    assert [place.section for place in decision.paragraphs[1:]] == [("What I found",), ("What I found", "Our view")]


def test_wrapped_summary_is_read():
    """A line of the summary that a program wrapped is no heading for its capital."""
    summary = "Summary: Ms A complained that the\nCouncil was wrong and that\nit did not pay."
    source = f"Kent County Council (21 000 832)\n\n{summary}\n\nThe complaint\n\n  1. One."
    assert parse(source.encode()).summary.text.split() == summary.split()[1:]


def test_line_between_summary_and_complaint_is_told():
    """A line that looks like a heading, above the first, is told to be left out unless it comes again."""
    source = (
        "Kent County Council (21 000 832)\n\nSummary: A.\n\n{}\n\nThe complaint\n\n  1. One.\n\nOur view\n\n  1. Two."
    )
    assert "“It was late”" in parse(source.format("It was late").encode()).doubts[0]
    assert parse(source.format("The complaint\n\nOur view").encode()).numbering == "published"


def test_headings_within_one_are_kept():
    """A heading right below another stands within it, also where the outline has it a second time."""
    decision = capture("  1. One.", "", "What I found", "", "Our visit", "", "The complaint", "", "  1. Two.")
    assert decision.paragraphs[1].section == ("What I found", "Our visit", "The complaint")
    assert decision.numbering == "published"


def test_list_in_a_form_is_read():
    """Sloppy pages set all that they hold in a form; one with fields to fill in is for the reader of the page."""
    shown = ARTICLE + "<ol><li>One.</ol><form><h3>More</h3><p>2. Two.</p></form><h3>End</h3><ol><li>Three.</ol>"
    assert [place.text for place in parse(shown.encode()).paragraphs] == ["One.", "Two.", "Three."]
    page = (
        ARTICLE + "<form><ol><li>One.</ol><h3>More</h3><ol><li>Two.</ol></form><form><p>Was this useful?<input></form>"
    )
    assert [place.text for place in parse(page.encode()).paragraphs] == ["One.", "Two."]


TWICE = [
    "Our view",
    "",
    "  1. The Council was told of this in May, and again in June, by Mr X.",
    "  2. It did nothing.",
]


def test_part_that_stands_twice_is_doubted():
    """Where a copy has a part twice, what is counted below it is not what was published."""
    (doubt,) = capture("  1. One.", "", *TWICE, "", *TWICE, "", "Agreed action", "", "  1. Two.").doubts
    assert doubt == "This copy tells paragraph 2 again as paragraph 4, with what stands above it."


def test_paragraphs_that_come_again_are_doubted():
    """Three paragraphs in a row that come again are a part that stands twice; two may be said twice."""
    three = [
        f"  {number}. The Council said on {day} May that it was sorry." for number, day in ((1, 3), (2, 4), (3, 5))
    ]
    assert capture("  1. One.", "", "A", "", *three, "", "B", "", "  1. C.", "", *three).numbering == "inferred"
    two = [
        line.replace("1.", "2.", 1).replace("2. The Council said on 4", "3. The Council said on 4")
        for line in three[:2]
    ]
    assert capture("  1. One.", *two, "", "B", "", "  1. C.", *two).numbering == "published"


def test_paragraph_that_begins_within_a_sentence_is_doubted():
    """A line may break before a number that happens to come next."""
    assert capture("  1. He asked for it", "  2. £500 was paid.", "  3. “She” was told.").numbering == "published"
    (doubt,) = capture(
        "  1. It acted under section", "  2. of the Act.", "", "Our view", "", "  1. It was right."
    ).doubts
    assert doubt == "Paragraph 2 begins within a sentence, so its number may be one of the text above."


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("lost", [3, 5, 101])
def test_utf_16_that_lacks_a_byte_is_refused(encoding, lost):
    """Where a byte is missing the rest of a text in UTF-16 reads as other letters, up to where another is."""
    source = SIXTH.read_text(encoding="utf-8").encode(encoding)
    assert parse(source).numbering == "published"
    with pytest.raises(NotADecision, match="UTF-16"):
        parse(source[:700] + source[701 : 700 + lost] + source[701 + lost :])


def test_ascii_within_utf_16_is_refused():
    """A text in UTF-16 to which a program that knows ASCII alone has added reads as letters of Chinese."""
    source = SIXTH.read_text(encoding="utf-8").encode("utf-16")
    with pytest.raises(NotADecision, match="UTF-16 are missing or too many"):
        parse(source + b"It was sent by the Council.\n")


def test_letters_out_of_step_are_refused_in_whatever_encoding():
    """What was read out of step and then saved as UTF-8 is refused; what is quoted in Chinese is not."""
    source = SIXTH.read_text(encoding="utf-8")
    with pytest.raises(NotADecision, match="so that it reads “䌀漀甀渀挀椀氀"):
        parse(source.replace("the Council", "the 䌀漀甀渀挀椀氀", 1).encode())
    assert parse(source.replace("the Council", "the\u3000Council", 1).encode()).numbering == "published"
    assert "一" in str(parse(source.replace("the Council", "the 一", 1).encode()))
    assert "在议会" in str(parse(source.replace("the Council", "the 在议会", 1).encode("utf-16")))
    assert "在议会" in str(parse(source.replace("the Council", "the 在议会", 1).encode()))


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
        capture(
            "  1. One.", "Investigator's decision on behalf of the Ombudsman", "B Council (21 000 833)", "  1. Two."
        )


def test_line_over_nothing_is_not_lost():
    """A line over nothing, which may be a heading or text, is text of the paragraph above it."""
    assert capture("  1. It wrote.", "", "We refuse", "", "Back to top").paragraphs[0].text == "It wrote.\nWe refuse"


def lines_of(decision: Decision) -> list[list[str]]:
    """The lines of each paragraph, items with what marks them."""
    return [
        [f"{'-' * line.depth}{line.item or ''}{' ' if line.depth else ''}{line.text}" for line in place.lines]
        for place in decision.paragraphs
    ]


def test_letters_with_full_stops():
    """Items may be lettered a., b., c.; where a line only begins so, it is text."""
    decision = capture("  1. It will:", "      a. go; and", "      b. pay.", "  2. Next:", "i. e. nothing.")
    assert lines_of(decision) == [["It will:", "-a go; and", "-b pay."], ["Next:", "i. e. nothing."]]


def test_list_that_is_set_further_out_ends_where_numbers_go_on():
    """After bullets that stand further out the next number is a paragraph, with or without a blank line."""
    decision = capture("  1. A said:", "• one;", "• two.", "  2. Next.", "", "What I found", "", "  1. After.")
    assert lines_of(decision) == [["A said:", "- one;", "- two."], ["Next."], ["After."]]


@pytest.mark.parametrize("first", ["1. A.", "1.\tA."])
def test_first_number_further_out_swallows_nothing(first):
    """A first number at the left edge takes none of those that stand further in."""
    assert lines_of(capture(first, "  2. B.", "  3. C.")) == [["A."], ["B."], ["C."]]


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (["  1. Ms X moved in March", "", "     2019. She stayed there."], "2019. She stayed there."),
        (["  1. The Council paid her in total £", "", "     500. She was content."], "500. She was content."),
        (["  1. He sent these:", "", "     12. a note", "     13. a letter"], "12. a note\n13. a letter"),
    ],
)
def test_number_that_begins_a_line_is_kept(lines, text):
    """A year, a sum or a number of something quoted is no mark of a list, and stays where it stands."""
    assert capture(*lines).paragraphs[0].text.endswith(text)


@pytest.mark.parametrize("mark", ["500.", "19.", "0."])
@pytest.mark.parametrize("depth", [1, 2, 3])
def test_number_that_begins_a_line_of_any_list_is_kept(depth, mark):
    """A sum or a day at the beginning of a line stays where it stands, however deep the list above it is."""
    above = [f"{'    ' * level}  • level {level}:" for level in range(1, depth)]
    lines = lines_of(capture("  1. It will:", *above, "", f"{'    ' * depth}  {mark} Then she left."))[0]
    assert lines[-1] == f"{'-' * depth} {mark} Then she left."


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_numbers_of_a_list_with_one_missing_are_kept(depth):
    """Where a number of a list is missing, no letter is certain, and those that a capture shows are text."""
    above = [f"{'    ' * level}  • level {level}:" for level in range(1, depth)]
    items = [f"{'    ' * depth}  {number}. item {number}." for number in (1, 2, 4)]
    lines = lines_of(capture("  1. It will:", *above, *items))[0]
    assert lines[depth:] == [f"{'-' * depth} {number}. item {number}." for number in (1, 2, 4)]


def test_numbers_of_unbroken_lists_are_marks():
    """The numbers of deeper lists that run from 1 on to their end are marks of a list, as bullets are."""
    first = ["      1. one:", "          1. a;", "          2. b:", "              1. c:", "          3. d."]
    decision = capture("  1. It will:", *first, "      2. two:", "          1. e;", "          2. f.")
    assert lines_of(decision) == [
        ["It will:", "-a one:", "-- a;", "-- b:", "--- c:", "-- d.", "-b two:", "-- e;", "-- f."]
    ]


def test_deeper_list_begins_again_below_a_line_further_out():
    """A number goes on with no deeper list that a line further out has ended."""
    items = ["      • a:", "          1. b;", "          2. c.", "      • d:", "          3. e."]
    decision = capture("  1. It will:", *items)
    assert lines_of(decision) == [["It will:", "- a:", "-- b;", "-- c.", "- d:", "-- 3. e."]]


def test_lists_of_a_paragraph_count_apart():
    """Two lists that each run from 1 to their end are marked by their numbers, but their letters are not certain."""
    items = ["      1. a;", "      2. b."]
    decision = capture("  1. It will:", *items, "", "“And it will:”", "", *items)
    assert lines_of(decision) == [["It will:", "- a;", "- b.", "“And it will:”", "- a;", "- b."]]


@pytest.mark.parametrize(
    ("marks", "kept"),
    [
        (["(a)", "(b)", "3.", "4."], ["(a) ", "(b) ", "3. ", "4. "]),
        (["1.", "2.", "(c)", "(d)"], ["", "", "(c) ", "(d) "]),
        (["1.", "(b)", "3."], ["1. ", "(b) ", "3. "]),
        (["(a)", "(b)", "3.", "(d)"], ["(a) ", "(b) ", "3. ", "(d) "]),
        (["1.", "(a)", "2."], ["1. ", "(a) ", "2. "]),
        (["(a)", "(b)", "1.", "2."], ["(a) ", "(b) ", "", ""]),
    ],
)
def test_letters_and_numbers_are_lists_of_their_own(marks, kept):
    """A letter goes on with no list of numbers, nor a number with one of letters; none is lost."""
    decision = capture("  1. It will:", *(f"      {mark} do it;" for mark in marks))
    assert lines_of(decision) == [["It will:", *(f"- {mark}do it;" for mark in kept)]]


@pytest.mark.parametrize("deeper", [[], ["      • It said:"]])
def test_single_number_is_a_mark_where_a_colon_announces_it(deeper):
    """A list of one is told by the colon above it; elsewhere a line may happen to break before the number."""
    item = f"{'    ' * len(deeper)}      1. Then she left."
    assert lines_of(capture("  1. It wrote:", *deeper, item))[0][-1].endswith(" Then she left.")
    assert "1." not in capture("  1. It wrote:", *deeper, item).paragraphs[0].text
    broken = [line.replace(":", " in section") for line in deeper]
    assert capture("  1. It wrote in section", *broken, item).paragraphs[0].text.endswith("\n1. Then she left.")


def test_deeper_item_below_a_quotation_has_no_letter_of_the_list_around_it():
    """Where a quotation interrupts a deeper list, what goes on with it is no item of the list further out."""
    outer, inner = ["      1. a;", "      2. b:"], ["          1. c;", "          2. d."]
    decision = capture("  1. It will:", *outer, *inner, "", "“So it said.”", "", "          3. e.")
    lines = ["It will:", "- 1. a;", "- 2. b:", "-- c;", "-- d.", "“So it said.”", "- 3. e."]
    assert lines_of(decision) == [lines]


@pytest.mark.parametrize("mark", ["(b)", "b)", "      b.", "      (ii)"])
def test_letter_with_nothing_below_is_kept(mark):
    """The letter of an item whose text is lost stands in the text."""
    decision = capture("  1. It will:", "      (a) go.", f"      {mark}", "", "What I found", "", "  1. Next.")
    assert lines_of(decision)[0] == ["It will:", "-a go.", mark.strip()]


rows_of_lists = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from("0. 1. 2. 3. 4. 500. (a) (b) (c) • “".split())),
    max_size=12,
)


@given(rows_of_lists)
def test_no_mark_of_a_list_is_lost(rows):
    """Each number or letter that a capture shows is the letter of an item, stands in the text, or counts from 1 on."""
    rows = [(1, "1."), *rows]
    lines = [f"{'    ' * depth}  {mark} item." if mark != "“" else "“Said.”" for depth, mark in rows]
    decision = capture("  1. It will:", *(row for line in lines for row in ("", line)))
    counted = [0] * 4  # the last number that is not shown, at each depth
    for (_, mark), line in zip(rows, decision.paragraphs[0].lines[1:], strict=True):
        counted[max(line.depth, 1) + 1 :] = [0] * len(counted[max(line.depth, 1) + 1 :])
        if mark in "•“":
            continue
        if line.item is not None:
            assert mark in (f"({line.item})", f"{ord(line.item) - ord('a') + 1}.")
        elif line.text != f"{mark} item.":
            assert line.text == "item."
            assert mark in ("1.", f"{counted[line.depth] + 1}.")
            counted[line.depth] = int(mark[:-1])
        else:
            counted[line.depth] = -9


def test_number_with_nothing_below_is_kept_and_doubted():
    """The number of a paragraph whose text is lost may count."""
    decision = capture("  1. First.", "  2.", "", "What I found", "", "  1. Second.")
    assert (decision.paragraphs[0].text, decision.numbering) == ("First.\n2.", "inferred")


def test_item_of_a_page_with_nothing_in_it_is_kept_and_doubted():
    """A reader of the page sees its number."""
    page = f"{ARTICLE}<ol><li>One.<li>&nbsp;</ol><h3>Analysis</h3><ol><li>Two.</ol>"
    decision = parse(page.encode())
    assert (decision.paragraphs[0].text, decision.numbering) == ("One.\n2.", "inferred")


@pytest.mark.parametrize("text", ["Text without an end", "Text that is", 'He called it "late"', "It fell by 3%"])
def test_text_below_its_number_is_read(text):
    """Where a number stands on a line of its own, what is set in below it is its text, however it ends."""
    decision = capture("  1. First.", "  2.", f"     {text}", "     and goes on.", "", "Analysis", "", "  1. Third.")
    assert [one.text for one in decision.paragraphs] == ["First.", f"{text} and goes on.", "Third."]
    assert decision.numbering == "published"


def test_line_that_breaks_before_a_year_goes_on():
    """A wrapped line that begins with a year, a dash or a letter belongs to the text above."""
    decision = capture(
        "  1. She came in",
        "     2018. He wrote",
        "     - in her view - under section 3",
        "     (a) of the Act.",
        "  2. B.",
    )
    text = "She came in 2018. He wrote - in her view - under section 3 (a) of the Act."
    assert lines_of(decision) == [[text], ["B."]]


@pytest.mark.parametrize(
    "lines",
    [
        [
            "- Mr X came.",
            "- He left.",
            "",
            "What I found",
            "",
            "- It was slow.",
            "",
            "Summary",
            "",
            "- There was fault.",
        ],
        ["  1. It wrote:", "“Summary: the officer was late.”", "  1. Then:", "  • Summary: fault.", "  1. End."],
        ["- Mr X came.", "", "Summary: it was late.", "", "  1. One."],
    ],
)
def test_later_summary_drops_nothing(lines):
    """What stands above a line that only looks like the summary is not taken for furniture."""
    try:
        texts = "\n".join(line for lines in lines_of(capture(*lines)) for line in lines)
    except NotADecision as error:
        texts = f"{error} {lines}"  # refused by the line that cannot be placed
    assert all(word in texts for line in lines for word in re.findall(r"[a-z]{3,}", line) if line[0] in "- •“")


def test_numbered_table_of_contents_is_furniture():
    """Numbered entries of a table of contents are no paragraphs."""
    decision = parse(
        b"<article id=article><h2>A Council (21 000 832)</h2><p>Summary: It was late.</p><ol><li>The complaint"
        b"<li>What I found</ol><h3>The complaint</h3><ol><li>One.</ol><h3>What I found</h3><ol><li>Two.</ol></article>"
    )
    assert (lines_of(decision), decision.numbering) == ([["One."], ["Two."]], "published")


def test_numbered_list_in_the_summary_is_doubted():
    """Numbers above the first heading may be a list of the summary, so none is called published."""
    lines = ["A Council (21 000 832)", "", "Summary: It will:", "  1. apologise.", "  2. pay.", "", "The complaint", ""]
    assert parse("\n".join([*lines, "  1. One."]).encode()).numbering == "inferred"


ARTICLE = "<article id=article><h2>A Council (21 000 832)</h2><h3>The complaint</h3>"


@pytest.mark.parametrize(
    "page",
    [
        "<ol><li>One.</ol><h3>My view</h3><ol><li>Two.<li>Three.</ol><h3>More</h3><ol start=3><li>Four.</ol>",
        "<ol><li>One.</ol><h3>My view</h3><ol start=2><li>Two.</ol><h3>Final decision</h3><ol><li>Pay.<li>Go.</ol>",
    ],
)
def test_starts_that_do_not_fit_are_doubted(page):
    """Where the numbers that a page shows do not run through it, none is called published."""
    assert parse((ARTICLE + page).encode()).numbering == "inferred"


@pytest.mark.parametrize(
    ("inner", "marks"),
    [
        ("<blockquote><p>Rules.</p><ol><li>Apply.<li>Pay.</ol></blockquote>", ("", "")),
        ("<p>Rules.</p><ol style='list-style-type: lower-roman'><li>Apply.<li>Pay.</ol>", ("i. ", "ii. ")),
        ("<p>Rules.</p><ol type=i><li>Apply.<li>Pay.</ol>", ("i. ", "ii. ")),
    ],
)
def test_numbers_of_a_quotation_are_none_of_the_decision(inner, marks):
    """A numbered list in a quotation, or one with other marks than numbers, holds items of the paragraph above."""
    page = f"{ARTICLE}<ol><li>Its policy says.</ol>{inner}<ol><li>Next.</ol>"
    items = [f"- {mark}{text}" for mark, text in zip(marks, ("Apply.", "Pay."), strict=True)]
    assert lines_of(parse(page.encode())) == [["Its policy says.", "Rules.", *items], ["Next."]]


def test_typed_numbers_of_a_page_count():
    """A paragraph whose number is typed out on a page is a paragraph."""
    page = f"{ARTICLE}<ol><li>One.</ol><p>2. Two.</p><p>3. Three.</p><h3>My view</h3><ol start=4><li>Four.</ol>"
    decision = parse(page.encode())
    assert (lines_of(decision), decision.numbering) == ([["One."], ["Two."], ["Three."], ["Four."]], "published")


def test_cells_keep_their_spaces():
    """What a page sets apart within a cell stays apart, and nothing is told twice."""
    page = (
        f"{ARTICLE}<ol><li>It pays:</ol><table><tr><td>Under<br>two miles<td><p>a pass</p><p>or taxi</p>"
        "<tr><td><ul><li>first;<li>second</ul><td>£<b>50</b><table><tr><td>inner</table></table>"
    )
    assert lines_of(parse(page.encode())) == [["It pays:", "Under two miles a pass or taxi", "first; second £50 inner"]]


@pytest.mark.parametrize(
    "inner", ["<p>It wrote.</p><p><b>We refuse</b></p>", "It wrote.<blockquote><p><b>We refuse</b></p></blockquote>"]
)
def test_bold_line_of_a_paragraph_is_no_heading(inner):
    """A bold line within a paragraph or a quotation is its text."""
    decision = parse(f"{ARTICLE}<ol><li>{inner}<li>Next.</ol>".encode())
    assert lines_of(decision) == [["It wrote.", "We refuse"], ["Next."]]


@pytest.mark.parametrize(
    "lines",
    [
        ["Mr X did not", "delayed"],
        ["Type", "Taxi", "Bus", "Train"],
        ["", "Type", "", "Taxi", "", "Bus", ""],
    ],
)
def test_what_is_no_heading_is_text(lines):
    """A line right below text, one in small letters, and many in a row are text where headings stand apart."""
    decision = capture("  1. It said.", *lines, "  1. Next.")
    assert lines_of(decision) == [["It said.", *filter(None, lines)], ["Next."]]


def test_heading_that_ends_in_an_acronym():
    """A heading may end in an acronym in brackets."""
    decision = capture("  1. One.", "", "Special educational needs (SEN)", "", "  1. Two.")
    assert decision.paragraphs[1].section == ("The complaint", "Special educational needs (SEN)")


def test_furniture_amid_a_decision_ends_nothing():
    """What invites to print stands also above the end of some captures."""
    assert lines_of(capture("  1. A.", "Print this page", "", "What I found", "", "  2. B.")) == [["A."], ["B."]]


def test_numbers_below_the_signature_are_doubted():
    """Where more numbered paragraphs stand below the signature, what is there is not the whole decision."""
    decision = capture("  1. A.", "", "Investigator's decision on behalf of the Ombudsman", "", "Annex", "", "  2. B.")
    assert "below the signature" in decision.doubts[0]


def test_page_in_several_articles_is_read_whole():
    """A decision that a page cuts into several articles is read to its end."""
    page = "<main><article><h2>A Council (21 000 832)</h2><h3>The complaint</h3><ol><li>One.</ol></article>"
    page += "<article><h3>What I found</h3><ol start=2><li>Two.</ol></article></main>"
    assert lines_of(parse(page.encode())) == [["One."], ["Two."]]


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("type=i", "i. ", "iv. "),
        ("type=1", "", ""),
        ("type=A", "A. ", "D. "),
        ("style='list-style: upper-roman'", "I. ", "IV. "),
        ("type=i start=39", "xxxix. ", "xlii. "),
    ],
)
def test_list_that_is_not_lettered_has_no_letters(kind, first, last):
    """The items of a list that a page shows with other marks have no letter; numerals are text, as in a capture."""
    page = f"{ARTICLE}<ol><li>It will:<ol {kind}><li>go;<li>see;<li>say;<li>pay.</ol></ol>"
    (lines,) = lines_of(parse(page.encode()))
    assert (lines[1], lines[-1]) == (f"- {first}go;", f"- {last}pay.")


@pytest.mark.parametrize(
    ("inner", "lines"),
    [
        ("<ol start=3><li>go;<li>pay.</ol>", ["- 3. go;", "- 4. pay."]),
        ("<ol><li>go;<li value=3>pay.</ol>", ["- 1. go;", "- 3. pay."]),
        ("<ol type=a start=26><li>go;<li>pay.</ol>", ["- z. go;", "- aa. pay."]),
        ("<ol><li>go:<ol start=500><li>far.</ol><li>pay.</ol>", ["-a go:", "-- 500. far.", "-b pay."]),
        ("<ol><li>go;<li>pay.</ol>Or:<ol start=3><li>stay.</ol>", ["-a go;", "-b pay.", "Or:", "-c stay."]),
        ("<ol type=a><li>go.</ol>Or:<ol type=a><li>stay.</ol>", ["- a. go.", "Or:", "- a. stay."]),
    ],
)
def test_numbers_that_a_page_sets_are_kept(inner, lines):
    """Where a page sets the numbers or letters of a list itself, those that are not certain stand in the text."""
    page = f"{ARTICLE}<ol><li>It will:{inner}<li>Two.</ol>"
    assert lines_of(parse(page.encode())) == [["It will:", *lines], ["Two."]]


@pytest.mark.parametrize("top", ["Back to Top", "↑ Back to top", "Back to the top"])
def test_link_to_the_top_is_furniture(top):
    """However the link to the top is written, it is no text."""
    assert lines_of(capture("  1. A.", "", top, "", "What I found", "", "  1. B.")) == [["A."], ["B."]]


def test_list_above_the_title_is_furniture():
    """Another decision in a list above the title is not taken for the title."""
    page = b"<main><ul><li>B Council (21 000 833)</ul><h2>A Council (21 000 832)</h2><ol><li>One.</ol></main>"
    assert str(parse(page).reference) == "21 000 832"


def test_way_to_the_page_is_not_the_body():
    """Where a title shows the way to its page, the body is what stands last."""
    assert parse(b"Home > Decisions > A Council (21 000 832)\n\n  1. One.\n").body == "A Council"


def test_hidden_text_is_not_taken():
    """What a page does not show is no text of the decision."""
    page = f"{ARTICLE}<ol><li>One <q>said</q>.<span hidden>x</span><p style='display: none'>y</p></ol>"
    assert lines_of(parse(page.encode())) == [["One “said”."]]


def test_many_headings_take_no_more_memory_than_text():
    """Thousands of headings in a row are read, and the trail of none is as long as all of them."""
    decision = parse(f"{ARTICLE}{'<h4>Ab</h4>' * 4000}<ol><li>One.</ol>".encode())
    assert len(decision.paragraphs[0].section) == 6


def test_what_stands_above_the_summary_is_furniture():
    """Between the title and the summary there is nothing of the decision but its fields."""
    lines = [
        "A Council (21 000 832)",
        "Share this page.",
        "Decision : Upheld",
        "Listen",
        "Summary: It was late.",
        "The complaint",
    ]
    decision = parse("\n".join([*lines, "  1. One."]).encode())
    assert (decision.outcome, decision.summary and decision.summary.text) == ("Upheld", "It was late.")


def test_other_decision_in_a_list_is_text():
    """A list may name other decisions, as those of joint investigations do."""
    decision = capture("  1. I also looked into:", "  • B Council (21 000 833)", "  1. Two.")
    assert decision.paragraphs[0].lines[1].text == "B Council (21 000 833)"


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
        (b"A Council (21 000 832)\n\n  1. Text \x81\n", "another encoding"),
        (b"PK\x03\x04 and so on", "archive"),
        (b"%PDF-1.7 \x01\x02", "cut off or damaged"),
        ("Kent County Council".encode("utf-16"), "first line"),
        (b"\xff\xfe", "empty"),
        ("A Council (21 000 832)\n\n  1. Text.\n".encode("utf-16")[:-1], "cut off"),
        (b"<html><body><article id='article'></article></body></html>", "empty shell"),
        (b"<html>" + b"<div>" * 100_000, "nested too deeply"),
        (b"<html>" + b"<ul><li>" * 399, "nested too deeply"),
        (b"<html>" + b"<div></x>" * 401, "nested too deeply"),
        (b"<html>" + b"<div><!--</div>-->" * 401, "nested too deeply"),
        (b"<html>" + b"<ol></x><li>" * 401, "nested too deeply"),
        (b"A Council (21 000 832)\n\n" + b"- a\n" * 50_001, "more than 50,000 lines"),
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


@pytest.mark.parametrize("control", ["\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\u200e"])
def test_names_have_no_controls(control):
    """What turns the direction of a name, or cannot be seen in it, is dropped from names and kept in no other way."""
    title = f"Kent{control} County Council (21 {control}000 832)"
    fields = [f"Category : Planning{control} > Trees", f"Decision : Up{control}held", "Decision date : 09 Oct 2022"]
    decision = parse("\n".join([title, *fields, "", "The complaint", "", "  1. One."]).encode())
    assert (decision.body, str(decision.reference)) == ("Kent County Council", "21 000 832")
    assert (decision.category, decision.outcome) == ("Planning > Trees", "Upheld")


def test_address_has_no_controls():
    """An address of a page is kept without what turns its direction."""
    link = "<link rel=canonical href='https://www.lgo.org.uk/decisions/planning/21-000-832\u202e'>"
    page = f"{link}{ARTICLE}<ol><li>One.</ol>"
    assert parse(page.encode()).provenance.url == "https://www.lgo.org.uk/decisions/planning/21-000-832"


def test_number_of_an_item_with_a_separator():
    """A control before the number of an item counts as the white space that it is."""
    decision = parse(f'{ARTICLE}<ol><li value="\x1d1">One.<li>Two.</ol>'.encode())
    assert [paragraph.text for paragraph in decision.paragraphs] == ["One.", "Two."]


def test_closings_of_others_do_not_nest():
    """Elements that are closed with what stands around them do not count as nested any more."""
    page = f"{ARTICLE}<ol><li>One.</ol>{'<div><span></div></span></b>' * 500}"
    assert lines_of(parse(page.encode())) == [["One."]]


def test_field_within_a_paragraph_is_text():
    """What looks as a field of the header does is text of the paragraph that it stands in."""
    field = "<span class=label>Category</span> <span class=value>Planning</span>"
    decision = parse(f"{ARTICLE}<ol><li>The form has {field}.<li>Two.</ol>".encode())
    assert lines_of(decision) == [["The form has Category Planning."], ["Two."]]
    assert decision.category is None


def test_number_in_a_cell_is_text():
    """A number typed out in a cell of a table is no paragraph's, and is kept as it stands."""
    page = f"{ARTICLE}<ol><li>It has steps:<table><tr><td>1. Ask<td>2. Wait</table><li>Two.</ol>"
    assert lines_of(parse(page.encode())) == [["It has steps:", "1. Ask 2. Wait"], ["Two."]]


def test_text_between_items_is_kept():
    """What stands in a list outside its items, as sloppy pages have it, is text of the paragraph above."""
    page = f"{ARTICLE}<ol><li>One.</li>And <b>so</b> on.<li>Two.</li><div>More.</div></ol>"
    assert lines_of(parse(page.encode())) == [["One.", "And so on."], ["Two.", "More."]]


def test_hidden_items_are_left_out():
    """Items that a page hides, or the wrapper of which it hides, are neither kept nor counted."""
    hidden = "</li><li hidden>a</li><div style='display: none'><li>b</li></div>"
    assert lines_of(parse(f"{ARTICLE}<ol><li>One.{hidden}<li>Two.</ol>".encode())) == [["One."], ["Two."]]


def test_marked_heading_as_long_as_a_paragraph_is_text():
    """What a page marks as a heading, but is too long for one, is text of the paragraph above it."""
    long = "The Council did not reply. " * 20
    page = f"{ARTICLE}<ol><li>One.</ol><h3>{long}</h3><ol><li>Two.</ol>"
    assert lines_of(parse(page.encode())) == [["One.", long.strip()], ["Two."]]


def test_headings_above_too_many_paragraphs_are_refused():
    """Headings that would be kept with so many paragraphs that they come to more than all of a decision refuse it."""
    page = f"{ARTICLE}<h3>{'Hotel costs ' * 30}</h3><ol>{'<li>A hotel.' * 1_000}</ol>"
    with pytest.raises(NotADecision, match="headings are so long"):
        parse(page.encode())


@pytest.mark.parametrize(
    ("title", "field", "told"),
    [
        ("Kent " * 50, "", "name of the body has 249"),
        ("Kent", "Category : Plan" + "ning" * 50, "category has 204"),
        ("Kent", "Decision : Up" + "held" * 50, "outcome has 202"),
    ],
)
def test_name_as_long_as_a_paragraph_is_refused(title, field, told):
    """A body, a category or an outcome too long for a name refuses the file, for it would stand on each page."""
    with pytest.raises(NotADecision, match=rf"Its {told} characters; that of a decision has 200 at most\."):
        parse(f"{title.strip()} (21 000 832)\n{field}\n\nThe complaint\n\n  1. One.\n".encode())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("hotel " * 9_000, r"has 54,\d+ characters"),
        ("A. " * 2_100, "has over 2,000 sentences or lines"),
        ("“A.” " * 2_100, "has over 2,000 sentences or lines"),
        ("He must:" + "\n\n      • a" * 2_100, "has over 2,000 sentences or lines"),
    ],
)
@pytest.mark.parametrize("before", ["The complaint\n\n  1. ", "Summary: "])
def test_paragraph_that_is_none_is_refused(before, text, told):
    """A paragraph or a summary longer than that of any decision refuses the file: questions would take long for it."""
    with pytest.raises(NotADecision, match=f"A paragraph of it {told}, more than that of any decision"):
        parse(f"Kent (21 000 832)\n\n{before}{text.strip()}. The.\n\nThe complaint\n\n  1. One.\n".encode())


def paragraphs(text: str, count: int) -> bytes:
    """A capture of so many paragraphs that all say this."""
    numbered = "".join(f"  {number}. {text}\n" for number in range(1, count + 1))
    return f"Kent (21 000 832)\n\nThe complaint\n\n{numbered}".encode()


@pytest.mark.parametrize(
    ("text", "count", "told"),
    [
        ("hotel " * 8_000, 21, r"Its paragraphs have 1,\d+,\d+ characters together, more than those"),
        ("A. " * 1_900, 11, "Its paragraphs have over 20,000 sentences and lines, more than those"),
        (
            "He must:" + "\n      • a" * 1_900,
            11,
            "Its paragraphs have over 20,000 sentences and lines, more than those",
        ),
        ("One.", 5_001, "It has 5,001 numbered paragraphs; a decision has 1 to 5,000"),
    ],
)
def test_paragraphs_that_are_too_much_together_are_refused(text, count, told):
    """However short each is, more than all of any decision refuses the file: it would be embedded, and shown, whole."""
    with pytest.raises(NotADecision, match=told):
        parse(paragraphs(text, count))


def test_decision_many_times_as_long_as_others_is_taken():
    """Four hundred paragraphs with long lists, ten times what the longest of the seeds has, are a decision."""
    text = "The Council must do all of this:" + "\n      • pay for the hotel, and apologise to her." * 19
    decision = parse(paragraphs(text, 400))
    assert sum(len(paragraph.lines) for paragraph in decision.paragraphs) == 8_000


@pytest.mark.parametrize("date", ["09 Oct 9999", "0001-10-09", "9 October 1973", "01/01/2100"])
def test_date_of_no_ombudsman_is_refused(date):
    """A day on which the Ombudsman decides nothing is a mistake in the file, which is told."""
    with pytest.raises(NotADecision, match=f"Its decision date “{date}” is not in the years 1974 to 2099"):
        parse(f"Kent (21 000 832)\nDecision date : {date}\n\nThe complaint\n\n  1. One.\n".encode())


LONG, SHORT = f"<h2>{'Hotel costs. ' * 5_000}</h2>", f"<h2>{'Hotel costs ' * 40}</h2>"
OUTSIZED = {
    "a long heading": f"{ARTICLE}{LONG}<ol>{'<li>A hotel.' * 1_000}</ol>",
    "a long heading below a paragraph": f"{ARTICLE}<ol><li>A hotel.</ol>{LONG}<ol>{'<li>A hotel.' * 1_000}</ol>",
    "headings in headings": f"{ARTICLE}{SHORT * 6}<ol>{'<li>A hotel.' * 1_000}</ol>",
    "as much as is allowed": f"{ARTICLE}{SHORT}<ol>{'<li>A hotel.' * 600}</ol>",
    "a long paragraph": f"{ARTICLE}{SHORT}<ol><li>{'A hotel. ' * 1_900}</ol>",
}


@pytest.mark.parametrize("name", OUTSIZED)
def test_what_is_kept_of_a_capture_grows_with_it_alone(name):
    """What is stored and embedded of a capture is a few times as much as it, and what headings may come to, at most."""
    source = OUTSIZED[name].encode()
    kept = 0
    with contextlib.suppress(NotADecision):
        decision = parse(source)
        kept += sum(len(passage.text) for passage in passages(decision))
        kept += sum(len(text) for place in decision.places() for text in (*place.section, place.text))
    assert kept < 4 * len(source) + 1_000_000


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


# Ways in which a copy may show a line between two paragraphs, whatever the line was.
SHOWN = [
    "{}", "{}.", "{}:", "  {}", "      {};", "“{}”", "“{}", "• {}", "  - {}", "(a) {}", "    a. {}", "  1. {}", "9. {}",
    "| {} | x |", "{}\tx", "## {}", "**{}**", "{} (SEN)", "Category : {}", "Decision date : {}", "Summary: {}", "[{}]",
    "{} back to top", "Print this page {}", "The complaint {}", "What happened {}", "{}?", "Agreed action\n\n{}",
    "{}\n\nAgreed action", "{}\n\nBack to top", "What I have found\n\n{}\n\nFinal decision", "3.{}", "|---|{}",
    "({}", "{}\n\nA\n\nB",
]  # fmt: skip
TAGS = [
    *"p div span li h2 h3 h6 b td blockquote pre a del sup label dt summary section footer main article x-y".split(),
    "form><ol><li", "ol type=a><li", "tr><td", "table><caption", "p><strong", "ul><ul><li", "figure><figcaption",
]  # fmt: skip


MARKS = {"txt": r"\n(?= *(?:\d+\.|-|•) )", "html": "<li>"}
COPIES = [path for path in sorted(CAPTURES.iterdir()) if path.suffix[1:] in MARKS]


@settings(max_examples=3 * settings.default.max_examples)
@given(st.sampled_from(COPIES), st.lists(st.tuples(st.integers(0), st.integers(0)), min_size=1, max_size=3))
def test_no_line_between_two_paragraphs_is_lost(path, chosen):
    """However a copy shows a line between two paragraphs, it is in a paragraph or a heading, or told as left out."""
    source, kind = path.read_text(encoding="utf-8"), path.suffix[1:]
    begins = source.rindex("The complaint")
    ends = source.find("on behalf of", begins)
    first, *_, last = [begins + found.end() for found in re.finditer(MARKS[kind], source[begins:ends])]
    spots = [found.start() for found in re.finditer("<" if kind == "html" else "\n", source)]
    spots = [spot for spot in spots if first < spot < last]
    words = []
    for spot, shape in sorted(((spots[spot % len(spots)], shape) for spot, shape in chosen), reverse=True):
        words.append(f"Zq{len(words)}x was so")
        if kind == "html":
            tag = TAGS[shape % len(TAGS)]
            shown = f"<{tag}>{words[-1]}</{tag.split('>')[0].split()[0]}>"
        else:
            shown = f"\n{SHOWN[shape % len(SHOWN)].format(words[-1])}\n"
        source = source[:spot] + shown + source[spot:]
    with contextlib.suppress(NotADecision):
        decision = parse(source.encode())
        kept = [*(place.text for place in decision.paragraphs), *(str(place.section) for place in decision.paragraphs)]
        for word in words:
            assert word in " ".join((*kept, *decision.doubts))


ONE_IS_SPOILED = """Kent County Council (21 000 832)

The complaint

  1. First.
  2. Second.
{} sentence.

What I found

  1. Fourth.
"""


@pytest.mark.parametrize(
    "third",
    [
        "\u200e  3. Third", "  \u202a3. Third", "  3\u200f. Third", "  3.\u2068 Third", "  3\ufe0f. Third",
    ],
)  # fmt: skip
def test_mark_is_read_with_what_is_not_seen(third):
    """A mark that has characters around it that are not seen is read."""
    decision = parse(ONE_IS_SPOILED.format(third).encode())
    assert [paragraph.text for paragraph in decision.paragraphs] == ["First.", "Second.", "Third sentence.", "Fourth."]
    assert decision.numbering == "published"


JOINED = ["  3.Third", "  3)Third", "  3\\. Third", "  3．Third", "  \ufeff3.\u200dThird"]


@pytest.mark.parametrize("third", JOINED)
def test_mark_is_read_without_its_space(third):
    """A mark that lacks its space is read where it comes next, and is certain where a whole one goes on from it."""
    assert parse(ONE_IS_SPOILED.format(third).encode()).numbering == "inferred"
    goes_on = ONE_IS_SPOILED.format(f"{third} sentence.\n\n  4. Whole").encode()
    decision = parse(goes_on)
    assert [paragraph.text for paragraph in decision.paragraphs] == [
        "First.",
        "Second.",
        "Third sentence.",
        "Whole sentence.",
        "Fourth.",
    ]
    assert decision.numbering == "published"


def test_joined_numbers_of_a_quotation_are_doubted():
    """Quoted subsections without a space after their numbers do not pass for paragraphs without a doubt."""
    decision = parse(ONE_IS_SPOILED.format("  3.Duty to consult.\n\n  4.Duty to reply. One").encode())
    assert decision.numbering == "inferred"


@pytest.mark.parametrize("third", ["  (3) Third", "  3 Third", "3.Third", "\u200e  [3] Third", "  • 3. Third"])
def test_mark_that_may_be_one_is_doubted(third):
    """What may be the mark of the next paragraph, but is not certain to be, leaves no number published."""
    decision = parse(ONE_IS_SPOILED.format(third).encode())
    assert decision.numbering == "inferred"
    assert "begins as paragraph 3 would" in " ".join(decision.doubts)


@pytest.mark.parametrize("third", ["  4.Third", "  3.third", "  3.5 miles: that", "  3.May was warm: one"])
def test_number_that_is_no_mark_is_text(third):
    """A number without a space that does not come next, or stands before no sentence, is text."""
    decision = parse(ONE_IS_SPOILED.format(third).encode())
    assert len(decision.paragraphs) == 3
    assert decision.numbering == "published"


def test_what_is_not_seen_in_a_text_is_kept():
    """Marks of direction within a text and before one that is not marked are kept as they stand."""
    decision = parse(
        ONE_IS_SPOILED.format("  3. \u200eThird \u202ein a\u202c\n\n\u2068“So\u2069”, it ended in a").encode()
    )
    assert decision.paragraphs[2].text == "Third \u202ein a\u202c\n\u2068“So\u2069”, it ended in a sentence."


PAGE_GOES_ON = ARTICLE + "<ol><li>One.<li>Two.</ol>{}<h3>More</h3><ol><li>Four.</ol>"


@pytest.mark.parametrize(
    ("third", "numbering"),
    [
        ("<p>3.Three.", "inferred"),
        ("<p>3)Three.", "inferred"),
        ("<p>&lrm;3. Three.", "published"),
        ("<p>&#8294;3.&#8297; Three.", "published"),
    ],
)
def test_typed_number_without_a_space_in_a_page(third, numbering):
    """A page may type the next number with marks of direction around it; without a space it is read, and doubted."""
    decision = parse(PAGE_GOES_ON.format(third).encode())
    assert [paragraph.text for paragraph in decision.paragraphs] == ["One.", "Two.", "Three.", "Four."]
    assert decision.numbering == numbering


@pytest.mark.parametrize(
    "third",
    [
        "<p>(3) Three.", "<p>3: Three.", "<dl><dt>3.<dd>Three.</dl>",
        "<blockquote><ol start=3><li>Three.</ol></blockquote>", "<table><tr><td><ol start=3><li>Three.</ol></table>",
        "<ol reversed><li>Three.<li>And so on.</ol>", "<ol start=99999999999><li>Three.</ol>",
        "<ol start=-5><li>Three.</ol>",
    ],
)  # fmt: skip
def test_number_that_a_page_shows_elsewhere_is_doubted(third):
    """Where a page shows the next number in a quotation, a table or otherwise, or another one, none is published."""
    assert parse(PAGE_GOES_ON.format(third).encode()).numbering == "inferred"


@pytest.mark.parametrize(
    "third",
    [
        "<blockquote><ol start=4><li>Three.</ol></blockquote>", "<blockquote><ol><li>a<li>b<li>c</ol></blockquote>",
        "<table><tr><td><ol><li>a<li>b</ol></table>", "<blockquote><ul><li>a</ul></blockquote>",
    ],
)  # fmt: skip
def test_lists_in_quotations_and_tables_are_text(third):
    """A list in a quotation or a table that does not go on with the paragraphs leaves their numbers published."""
    decision = parse(PAGE_GOES_ON.format(third).encode())
    assert (decision.numbering, len(decision.paragraphs)) == ("published", 3)


@pytest.mark.parametrize("start", ["3", "+3", "3.", " 3abc", "&#10;003", "3.9"])
def test_start_of_a_list_is_read_as_html_has_it(start):
    """White space, a sign and what follows the digits do not change the number that a list starts with."""
    page = ARTICLE + '<ol><li>One.<li>Two.</ol><h3>More</h3><ol start="{}"><li>Next.</ol>'
    assert parse(page.format(start).encode()).numbering == "published"
    assert parse(page.format(start.replace("3", "7")).encode()).numbering == "inferred"


def test_controls_of_a_page_are_dropped():
    """Controls that a page holds as entities are in no text, where a terminal would obey them."""
    decision = parse(f"{ARTICLE}<ol><li>O&#27;[31mne&#7;&#8;&#127;&#x81;&#9;and&#31;two.</ol>".encode())
    assert decision.paragraphs[0].text == "O[31mne and two."


def test_numerals_among_letters_are_items_within_one():
    """Items (i) and (ii) that stand as far in as (a) and (b) around them are items of a list within (a)."""
    marks = ["(a) go:", "(i) now;", "(ii) later;", "(b) pay."]
    lines = ["It will:", "-a go:", "-- (i) now;", "-- (ii) later;", "-b pay."]
    assert lines_of(capture("  1. It will:", *(f"      {mark}" for mark in marks))) == [lines]


def test_letter_i_behind_h_is_a_letter():
    """An “(i)” that comes where the letters have got to it is the letter."""
    decision = capture("  1. It will:", *(f"      ({letter}) go;" for letter in "abcdefghij"))
    assert [line.item for line in decision.paragraphs[0].lines[1:]] == list("abcdefghij")


@pytest.mark.parametrize(
    "page",
    [
        "<ol><li>It will:<p>(a) go;</p><p>(b) pay.</p></li><li>Next.</ol>",
        "<ol><li>It will:</ol><p>a. go;</p><p>b. pay.</p><ol start=2><li>Next.</ol>",
        "<ol><li>It will:</ol><p>a) go;<br>b) pay.</p><ol start=2><li>Next.</ol>",
    ],
)
def test_letters_typed_on_a_page_are_those_of_items(page):
    """Letters that a page types out, below a colon, are those of the items of the paragraph above."""
    assert lines_of(parse((ARTICLE + page).encode())) == [["It will:", "-a go;", "-b pay."], ["Next."]]


def test_items_that_all_bear_one_are_a_list():
    """Items each in a list of its own, which end as items do, are one list, and none of the numbers is published."""
    decision = capture("  1. He says:", "  1. the hearing was late;", "  1. it was cold.", "  1. He wants more.")
    assert lines_of(decision) == [["He says:", "- the hearing was late;", "- it was cold."], ["He wants more."]]
    assert "each bears number 1" in decision.doubts[0]


NOTES = ["[1] Care Act 2014, section 27.", "[2] The Code of 2015, page 8."]


@pytest.mark.parametrize(
    "where",
    ["", "Investigator's decision on behalf of the Ombudsman\n\n", "Footnotes\n\n"],
)
def test_footnote_belongs_to_the_paragraph_with_its_mark(where):
    """A footnote is text of the paragraph that has its mark, below the list in it, and is no paragraph."""
    decision = capture(
        "  1. It must reply:[1]",
        "  • in time.",
        "  1. It paid £50.[2]",
        "",
        "End",
        "",
        "  1. Fault.",
        "",
        where,
        *NOTES,
    )
    assert lines_of(decision) == [
        ["It must reply:[1]", "- in time.", NOTES[0]],
        ["It paid £50.[2]", NOTES[1]],
        ["Fault."],
    ]
    assert decision.numbering == "published"


def test_numbered_footnotes_are_no_paragraphs():
    """Numbered lines below a heading “Footnotes” are notes, with their marks as these stand in the text."""
    decision = capture("  1. It paid.¹", "  2. It went.²", "", "Footnotes", "", "  1. Half.", "  2. In May.")
    assert lines_of(decision) == [["It paid.¹", "[1] Half."], ["It went.²", "[2] In May."]]
    lost = capture("  1. It paid.", "", "Footnotes", "", "  1. Half.")
    assert (len(lost.paragraphs), lost.doubts) == (
        1,
        (
            "The heading “Footnotes” stands over nothing and was left out.",
            "A footnote has no mark in the text of this copy: “[1] Half.” was left out.",
        ),
    )


def test_footnotes_of_a_page():
    """A raised figure of a page is the mark of a footnote and no digit of a sum; notes are no paragraphs."""
    page = (
        f'{ARTICLE}<ol><li>It paid £50<sup><a href="#n1" id="m1">1</a></sup> for 20 m<sup>2</sup>.<li>It went.</ol>'
        '<p>Investigator\'s decision on behalf of the Ombudsman</p><section class="footnotes"><ol>'
        '<li id="n1">Half. <a href="#m1">↩</a></ol></section></article>'
    )
    decision = parse(page.encode())
    assert lines_of(decision) == [["It paid £50[1] for 20 m2.", "[1] Half."], ["It went."]]
    assert decision.numbering == "published"


@pytest.mark.parametrize("notes", [["[1] One.", "[1] Two."], ["[2] Two.", "[1] One."], ["[7] No mark."]])
def test_lines_in_brackets_that_are_no_certain_notes_stay(notes):
    """Lines that look like footnotes, but do not run on or have no mark, stay where they stand."""
    decision = capture("  1. It paid.[1]", "  2. It went.[2]", *(row for note in notes for row in ("", note)))
    assert decision.paragraphs[1].text.split("\n")[1:] == notes


HEADS = {
    "values below their names": "Kent County Council (14 000 832)\nCategory :\nEducation\n>\nSchool transport\n"
    "Decision :\nUpheld\nDecision date :\n20 Dec 2014\nSummary\nMr A complained.",
    "as it was sent": "Date of decision: 20th December 2014\n\nComplaint reference:\n14 000 832\n\nComplaint against:\n"
    "Kent County Council\nCategory : Education > School transport\nOutcome: Upheld\nDecision date: 20/12/2014\n\n"
    "The Ombudsman’s decision\n\nSummary: Mr A complained.",
    "other names": "Statement on a complaint about Kent County Council (reference number: 14 000 832)\n"
    "Subject: Education > School transport\nOutcome: Upheld\nDate of decision: Saturday, 20th December 2014\n\n"
    "The Local Government Ombudsman’s final decision\n\nSummary: Mr A complained.",
    "a statement": "Kent County Council (14 000 832)\nCategory : Education > School transport\nDecision : Upheld\n"
    "Decision date : 20-Dec-2014\nStatement of reasons\n\nSummary: Mr A complained.",
}


@pytest.mark.parametrize("form", HEADS)
def test_forms_of_the_header(form):
    """However the head of a decision is written, it tells body, reference, category, outcome, date and summary."""
    decision = parse(f"{HEADS[form]}\n\nThe complaint\n\n  1. One.\n".encode())
    assert (decision.body, str(decision.reference), decision.category, decision.outcome, decision.date) == (
        "Kent County Council", "14 000 832", "Education > School transport", "Upheld", datetime.date(2014, 12, 20),
    )  # fmt: skip
    assert decision.summary is not None
    assert decision.summary.text == "Mr A complained."


def test_field_with_nothing_below_it_has_no_value():
    """The name of a field alone, above the next or above the summary, takes no line that is no value."""
    head = (
        "Kent County Council (14 000 832)\nCategory :\nDecision :\nDecision date :\nThe Ombudsman's final decision:\n"
    )
    decision = parse(f"{head}Summary: A.\n\nThe complaint\n\n  1. One.\n".encode())
    assert (decision.category, decision.outcome, decision.date) == (None, None, None)


def test_draft_of_a_decision_is_refused():
    """A draft was never published, so that nothing of it can be cited."""
    with pytest.raises(NotADecision, match="draft of a decision"):
        parse(b"Kent County Council (14 000 832)\n\nThe Ombudsman's draft decision:\n\nThe complaint\n\n  1. One.\n")


def test_parts_of_the_outline_that_stand_within_others():
    """Parts of a report stand within “The Investigation” and the legal background, of which nothing is missing."""
    source = (
        "Kent County Council (14 000 832)\n\nThe Investigation\n\nThe complaint\n\n1. One.\n\nLegal and administrative "
        "background\n\nThe Ombudsman’s role and powers\n\n2. Two.\n\nRelevant law\n\n3. Three.\n\n"
        "Conclusions\n\n4. Four.\n"
    )
    decision = parse(source.encode())
    assert decision.numbering == "published"
    assert [(place.role, place.section[-2:]) for place in decision.paragraphs[:3]] == [
        ("complaint", ("The Investigation", "The complaint")),
        ("powers", ("Legal and administrative background", "The Ombudsman’s role and powers")),
        ("law", ("Legal and administrative background", "Relevant law")),
    ]
