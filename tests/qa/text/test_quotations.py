from __future__ import annotations

import re

import pytest
from conftest import SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import fold
from index.parsing.parse import parse
from qa.answering.citations import as_lines, citation_of
from qa.text.comparison import compare, find, nearest
from qa.text.quotations import quotations, without_quotations

DECISIONS = [parse(path.read_bytes()) for path in sorted(SEEDS.glob("*.txt"))]
PUBLISHED = (
    "The Council paid £1,500 to Mrs X – who is well-known – for “distress” and\n"
    "the council’s\u00a0delay. It was faulty for 1.5 years, and that is fault."
)


def quoted(text):
    return [found.text for found in quotations(text)]


def told(words, text=PUBLISHED):
    """What differs, as (kind, text); None where they are not compared."""
    comparison = compare(words, text)
    return comparison and [(part.kind, part.text) for part in comparison.differences]


# Quotation marks.


@pytest.mark.parametrize(
    "text",
    ["“fault”", '"fault"', "‘fault’", "'fault'", "«fault»", "„fault“", "''fault''", '“fault"', "“fault’’", "« fault »"],
)
def test_marks(text):
    """Every kind of quotation mark is known, also one kind that closes another."""
    assert quoted(f"It was {text}, he said.") == ["fault"]


@pytest.mark.parametrize(
    "text",
    [
        "The council’s view and the parents' view, and the boys’ too.",
        "'Twas the '90s, ’em and rock 'n' roll.",
        "It is 5' 10\" tall.",
        "",
        "“”"[1:],
        "'",
    ],
)
def test_apostrophes(text):
    """An apostrophe is no quotation mark, nor are feet and inches."""
    assert quoted(text) == []


WRONG = "The Council had every power to enforce a written agreement of this nature"
CITED = "(21 017 496, paragraph 50)"
OTHER_MARKS = [
    *('" | "', "' | '", "“ | ”", "‘ | ’", "″|″", "′|′", "′′|′′", "’|’", "”|”", "’’|’’", "`|'", "`|`", "``|''", "´|´"),
    *("‚|‘", "‚|’", "‛|’", "‹|›", "« | »", "«\u202f|\u202f»", "«\xa0|\xa0»", "»|«", "›|‹", "<<|>>", ",,|''", "「|」"),
    *("『|』", "❝|❞", "❛|❜", "〝|〞", "＂|＂", "＇|＇", '\\"|\\"', "\\'|\\'", "&quot;|&quot;", "&ldquo;|&rdquo;"),
    *("&lsquo;|&rsquo;", "&#8220;|&#8221;", "&#x201c;|&#x201D;", "&#39;|&#39;", "&laquo;|&raquo;", "<q>|</q>"),
    *("‹ | ›", "《|》", "‶|″", "״|״", "ʻ|ʼ", "„|‟", "\\u201c|\\u201d", "&amp;quot;|&amp;quot;", "‘|”", "'|\"", '‘|"'),
    *("<blockquote cite='x'>|</blockquote>", "<em>|</em>", "<I>|</I>", "*|*", "**|**", "***|***", "_|_"),
    *("‴|‴", "〝|〟", "｢|｣", "﹁|﹂", "⟪|⟫", "🙶|🙷", "\x93|\x94", "\x91|\x92", "«|”", "â€œ|â€", "â€œ|â€\x9d", "```|```"),
    *("&lt;q&gt;|&lt;/q&gt;", "<u>|</u>", "<cite>|</cite>", '<span class="quote">|</span>', "<p>|</p>", "~|~", "~~|~~"),
    *('<div class="quote">|</div>', "<li>|</li>", "<pre>|</pre>", "==|==", "[quote]|[/quote]", "[i]|[/i]", "__|__"),
]


@pytest.mark.parametrize("before", ["He found: ", "He found:", "(see) ", "", "As he said, "])
@pytest.mark.parametrize("marks", OTHER_MARKS)
def test_other_marks(marks, before):
    """Whatever a keyboard, a program or a page makes of quotation marks, a quotation beside a citation is known."""
    opening, closing = marks.split("|")
    text = f"{before}{opening}{WRONG}{closing} {CITED}."
    [found] = quotations(text)
    assert (found.text, found.is_closed) == (WRONG, True)
    assert text[found.start : found.end] == f"{opening}{WRONG}{closing}".strip()


@pytest.mark.parametrize("text", ["*“{}”*", "<q>“{}”</q>", "<em>‘{}’</em>", "<blockquote><p>“{}”</p></blockquote>"])
def test_marks_within_marks_of_a_page(text):
    """Where a page or an emphasis has quotation marks within, the quotation is what stands in these."""
    assert quoted(f"{text.format(WRONG)} {CITED}.") == [WRONG]


def test_block_of_a_page():
    """A block of a page is a quotation with all its paragraphs."""
    [found] = quotations(f"<blockquote>\n<p>{WRONG}.</p>\n\n<p>It did.</p>\n</blockquote>\n{CITED}")
    assert found.text == f"<p>{WRONG}.</p>\n\n<p>It did.</p>"


@pytest.mark.parametrize(
    "text",
    [
        f"*{WRONG}*, he said.",
        f"*had every power* {CITED}",
        f"**He called it “void” and that is why I complain to you** {CITED}",
        f"<em>{WRONG}</em>, he said.",
    ],
)
def test_emphasis_alone(text):
    """What is emphasised is no quotation where it is short, has one within, or stands beside no citation."""
    assert WRONG not in quoted(text) and "had every power" not in quoted(text)


def test_emphasis_before_a_body():
    """What is emphasised is a quotation where the citation behind it begins with the body."""
    assert quoted(f"*{WRONG}* (West Northamptonshire Council (21 017 496), paragraph 50)") == [WRONG]


def test_emphasis_behind_a_citation():
    """What is emphasised is a quotation where a citation introduces it."""
    assert quoted(f"At paragraph 50 of 21 017 496 he says:\n\n*{WRONG}.*") == [f"{WRONG}."]


HONEST = """
The council’s view and the parents’ view, and the boys’ too (21 017 496, paragraph 50).
The council's view and the parents' view, and the boys' too (21 017 496, paragraph 50).
It was the parents' (and the children's) case that the officers' record was wrong.
It was the parents’ (and the children’s) case that the officers’ record was wrong.
In the '90s and the '80s the parents' case was the same (21 017 496, paragraph 50).
In the ’90s and the ’80s the parents’ case was the same (21 017 496, paragraph 50).
The class of '98 and that of '99 shared the boys' hall (21 017 496, paragraph 50).
He moved in '98, and the parents' house was sold in '99 – the Council knew.
'Twas so, and 'tis so, said the workers' union (21 017 496, paragraph 50).
’Twas so, and ’tis so, said the workers’ union (21 017 496, paragraph 50).
They told 'em so, 'cause the rules' wording says it (21 017 496, paragraph 50).
They told ’em so, ’cause the rules’ wording says it (21 017 496, paragraph 50).
Rock 'n' roll and fish ‘n’ chips and rock ’n’ roll (21 017 496, paragraph 50).
He is 5' 10" tall and his brother 6' 1" (21 017 496, paragraph 50).
He is 5′ 10″ tall and his brother 6′ 1″ (21 017 496, paragraph 50).
He is 5’ 10” tall and his brother 6’ 1” (21 017 496, paragraph 50).
A 12" pipe beside a 10" one – and a 4" gap (21 017 496, paragraph 50).
A 12 " pipe beside a 10 " one – and a 4 " gap (21 017 496, paragraph 50).
The fence of 6' stands 20' from the neighbours' wall (21 017 496, paragraph 50).
The wall is 20' x 30' and the garden 40' by 50' (21 017 496, paragraph 50).
I can't, won't and shouldn't; they'd've said it's the officers' fault.
I can’t, won’t and shouldn’t; they’d’ve said it’s the officers’ fault.
Mr Jones’ son, Mrs Hodges’ son and St James’ school (21 017 496, paragraph 50).
Mr Jones' son, Mrs Hodges' son and St James' school (21 017 496, paragraph 50).
For goodness’ sake answer within two weeks’ time (21 017 496, paragraph 50).
For goodness' sake answer within two weeks' time (21 017 496, paragraph 50).
O’Brien, O'Brien, O‘Brien and D´Arcy wrote to it (21 017 496, paragraph 50).
The dos and don'ts, the 1990's and the MP's and QC's letters (21 017 496, paragraph 50).
He crossed the t's, dotted the i's and got four A's (21 017 496, paragraph 50).
The council 's letter and the parents ' letter came late (21 017 496, paragraph 50).
He went by 'bus, had the 'flu and used the 'phone (21 017 496, paragraph 50).
Of goin' and comin' he said nothin' to the officers (21 017 496, paragraph 50).
* first, the parents' letter; * then, the reply (21 017 496, paragraph 50).
Pay 2 * 3 * 4 pounds to a_b_c and to snake_case_name (21 017 496, paragraph 50).
*Please* answer **soon**, and do _not_ wait (21 017 496, paragraph 50).
See a < b and c > d, <b>soon</b> & R&D; 5 << 6 (21 017 496, paragraph 50).
Home » Complaints » Decisions › Schools (21 017 496, paragraph 50).
C:\\letters\\parents and council&rsquo;s, parents&rsquo; views (21 017 496, paragraph 50).
Latitude 51° 30′ 26″ N, longitude 0° 7′ 39″ W (21 017 496, paragraph 50).
The three weeks’ delay – the Council’s – was the officers’, not ours.
The temperature, , was 20 degrees,, and the parents' room cold (21 017 496, paragraph 50).
He has a dog`s name and a cat´s, the girls´ own (21 017 496, paragraph 50).
""".strip().split("\n")


@pytest.mark.parametrize("text", HONEST)
def test_honest_sentences(text):
    """Apostrophes, possessives, years, feet, inches, emphasis and arithmetic open no quotation."""
    assert quoted(text) == []


@pytest.mark.parametrize("neighbour", HONEST[:12])
@pytest.mark.parametrize("quotation", ["‘no power to enforce’", "'no such faults'", '"no power"', "“no faults”"])
def test_honest_sentences_beside_a_quotation(neighbour, quotation):
    """Whatever apostrophes stand before a quotation or behind it, that is found, and nothing else."""
    words = quotation[1:-1]
    assert quoted(f"{neighbour} He found {quotation} {CITED}.") == [words]
    assert quoted(f"He found {quotation} {CITED}. {neighbour}") == [words]


@pytest.mark.parametrize("marks", ["‘’", "''"])
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<The parents> complaint is upheld. There was no fault by the social workers> ({})", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers> – {}", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers>\n{}", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers> [1]", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers>, {}", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers> at {}", None),
        ("<The parents> complaint is upheld. There was no fault by the social workers> is how it ends", None),
        ("<The Council said <no> to the parents and paid them £9,500> ({})", None),
        ("<The parents> <agreement> was void. It had no force in law.>", None),
        ("<He said <no faults> and left.> ({})", None),
        ("<The Council’s 6> fence was put up by the parents> ({})", None),
        ("<I said goin> home was right. It had every power> ({})", None),
        ("<good works> of the Council. I think the parents> views matter ({})", ["good works"]),
        ("<no faults> in it ({}). The boys> (and girls>) teachers", ["no faults"]),
        ("<good works> and <bad faith>, and <old ways>.", ["good works", "bad faith", "old ways"]),
        ("<no> to the parents> (late) letter", ["no"]),
        ("a delay of <15 weeks> ({})", ["15 weeks"]),
    ],
)
def test_single_marks(text, expected, marks):
    """A quotation in single marks ends where its citation begins, over sentences, possessives and others within it."""
    text = text.replace("<", marks[0]).replace(">", marks[1]).format("21 017 496, paragraph 50")
    found = quotations(text)
    if expected is None:
        assert [text[one.start : one.end] for one in found] == [text[: text.rindex(marks[1]) + 1]]
    else:
        assert [one.text for one in found] == expected


@pytest.mark.parametrize("marks", ["‘’", "''"])
@pytest.mark.parametrize(
    "words", ["Bus passes were refused", "'90s rules", "Til then it had power", "Cause for complaint", "Phone calls"]
)
def test_single_marks_before_words_that_are_elided(words, marks):
    """A quotation that begins with a word that is often elided is one where its citation ends it."""
    words = words.lstrip("'")
    assert quoted(f"He found: {marks[0]}{words} by the Council{marks[1]} {CITED}.") == [f"{words} by the Council"]


@pytest.mark.parametrize("mark", ["‘", "'"])
def test_single_marks_of_several_paragraphs(mark):
    """The opening mark is repeated at the start of each paragraph, and is no part of the quotation."""
    closing = "’" if mark == "‘" else "'"
    assert quoted(f"{mark}One.\n\n{mark}Two.\n\n{mark}Three.{closing} End.") == ["One.\n\nTwo.\n\nThree."]


@pytest.mark.parametrize("mark", ["‘", "'", "“", '"'])
def test_unclosed_before_a_citation(mark):
    """Behind a colon, a mark that nobody closed opens a quotation too."""
    [found] = quotations(f"He found: {mark}{WRONG} {CITED}.")
    assert (found.text, found.is_closed) == (f"{WRONG} {CITED}.", False)


def test_two_single_marks_close_two():
    """Two single marks at the end of a quotation within one close both."""
    assert quoted(f"‘He said ‘no’’ {CITED}") == ["He said ‘no’"]


def test_inches_within():
    """A sign of inches does not end a quotation in straight marks."""
    assert quoted(f'"the 10" pipe and a 12" one" {CITED}, and "£500" and "£600"') == [
        'the 10" pipe and a 12" one',
        "£500",
        "£600",
    ]


def test_outermost_only():
    """A quotation within a quotation is part of it."""
    assert quoted("He said “she said “no” and “yes”” and 'she said \"no\"'.") == [
        "she said “no” and “yes”",
        'she said "no"',
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He noted 'the parents' views' and left.", "the parents' views"),
        ("He noted ‘the parents’ strong views.’ Then", "the parents’ strong views."),
        ("He found 'no faults' in it.", "no faults"),
    ],
)
def test_possessive(text, expected):
    """A plural possessive does not end a quotation in single marks."""
    assert quoted(text) == [expected]


def test_where_it_stands():
    """A quotation stands from its opening mark to after its closing one."""
    text = "See “the plan”, he said."
    [found] = quotations(text)
    assert (text[found.start : found.end], found.is_closed) == ("“the plan”", True)


def test_without_quotations():
    """A closed quotation gives way to as many characters, one that nobody closed stays."""
    assert without_quotations("He “said so” and “left", "|") == "He ||||||||| and “left"


def test_unclosed():
    """A quotation that nobody closed ends with its paragraph."""
    text = "He said “the plan ends\nhere.\n\nNext paragraph."
    [found] = quotations(text)
    assert (found.text, text[found.end :], found.is_closed) == ("the plan ends\nhere.", "\n\nNext paragraph.", False)


@pytest.mark.parametrize("mark", ["“", '"'])
def test_several_paragraphs(mark):
    """The opening mark is repeated at the start of each paragraph, and is no part of the quotation."""
    closing = "”" if mark == "“" else '"'
    assert quoted(f"{mark}One.\n\n{mark}Two.\n\n{mark}Three.{closing} End.") == ["One.\n\nTwo.\n\nThree."]


def test_blank_lines_within():
    """A list pasted with blank lines between its items is one quotation."""
    assert quoted("“The Council will:\n\n• apologise\n\n• pay.” It did.") == [
        "The Council will:\n\n• apologise\n\n• pay."
    ]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda decision: decision.reference.slug)
def test_what_is_copied_from_a_page(decision):
    """Every place, copied as a quotation, is read as one, and stands in the paragraph from its start to its end."""
    for place in decision.places():
        [found] = quotations(f"“{as_lines(place)}”\n{citation_of(place, decision)}\n")
        assert (found.text, found.is_closed) == (as_lines(place).strip(), True)
        assert find(found.text, place.text) == (0, len(place.text))


MARKS = st.lists(
    st.sampled_from(
        [
            *"“”\"'‘’«»„ \n.as1(-–>`´‚‛‹›「」❝❞＂*_\\",
            "&quot;",
            "&rsquo;",
            "<q>",
            "</q>",
            "<i>",
            "</i>",
            " (para 1)",
            "<<",
        ]
    ),
    max_size=60,
).map("".join)


@given(MARKS)
def test_any_marks(text):
    """Quotations come in order, do not overlap, and are stretches of the text."""
    at = 0
    for found in quotations(text):
        assert at <= found.start < found.end <= len(text)
        assert set(found.text) <= set(text)
        at = found.end


@pytest.mark.parametrize(
    "text",
    [
        *("“a'' ", "'as' ", '"', "“", "“\n\n", "'\n\n“", '"a” ', '‘a"', "‘a’s ", "‘as’ ", "‘‘a’’ ", "‘ ", "`a ", "*a "),
        *("<q>“a</q>", "<q>a\n\n", "<em>a ", "<<a ", "‹a ", ",,a ", "&quot;a ", '"a 1" b ', "‘as’ (para 1 ", "'a\n\n"),
        *("'em (para 1)", "'em s' ", "\\u201ca ", '‘a" (para 1) ', "&amp;quot;a "),
    ],
)
def test_many_marks(text):
    """A text of nothing but marks takes no longer than its length asks for."""
    quotations(text * 10_000)


# Word for word.


@pytest.mark.parametrize(
    "words",
    [
        "paid £1,500 to Mrs X",
        "paid  £1,500\nto Mrs X",
        "to Mrs X - who is well-known - for",
        "to Mrs X — who is well‑known — for",
        'for "distress" and the council\'s delay',
        "for 'distress' and the coun\u00adcil's\u200b delay.",
        "that is fault",
        "that is fault,",
        "It was faulty;",
        "• for “distress” and\n  (a) the council’s delay",
        "12. It was faulty for 1.5 years",
        "[t]he Council paid",
        "[I]t was faulty [sic] for 1.5 years",
        "[W]ho is well-known",
        "the coun-\n  cil’s delay",
        "who is well-\nknown",
        "for &ldquo;distress&rdquo; and<br />the council&rsquo;s&nbsp;delay",
        'for \\"distress\\" and the council\'s delay',
        "for ❝distress❞ and the council′s delay",
    ],
)
def test_stands_there(words):
    """White space, invisible characters, marks of quotations and lists, and a last full stop do not count."""
    start, end = find(words, PUBLISHED)
    assert fold(PUBLISHED[start:end]).rstrip(".").endswith(re.findall(r"\w+", words)[-1][-4:])


@pytest.mark.parametrize(
    "words",
    [
        "£1,50",
        "5 years",
        "fault for",
        "well",
        "the council",
        "Delay",
        "the councils delay",
        "[t]he council",
        "[m]rs X [not]",
        "the coun- cil’s delay",
        "well–known",
        "Mrs X who is",
        "delay! It",
        "",
        "“”",
        "…",
        " \n",
    ],
)
def test_does_not_stand_there(words):
    """Parts of words and numbers, another case, other words or punctuation are not word for word."""
    assert find(words, PUBLISHED) is None


def test_where_it_was_found():
    """The place is told in characters of the text."""
    start, end = find("distress", PUBLISHED)
    assert PUBLISHED[start:end] == "distress"


WORDS = st.lists(
    st.sampled_from(
        "the The council council’s council's fault, fault. £1,500 1.5 “no” – - well-known … (a) of".split()
    ),
    max_size=14,
)


@given(WORDS, st.data())
def test_every_stretch_is_found(words, data):
    """Every stretch of whole words with a word in it stands in the text."""
    first = data.draw(st.integers(0, len(words)))
    last = data.draw(st.integers(first, len(words)))
    stretch = " ".join(words[first:last])
    assert find(stretch, " ".join(words)) is not None or not re.search(r"\w", stretch)


# Comparing.


def test_other_words():
    """Words left out and put in are told in their place."""
    assert told("The Council gave £1,500 to Mrs X") == [
        ("same", "The Council"),
        ("left_out", " paid"),
        ("put_in", " gave"),
        ("same", " £1,500 to Mrs X"),
    ]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("must have clearly stated this", ["should", "must"]),
        ("enforce an agreement of this sort.", ["nature", "sort"]),
        ("Mrs H £9500", ["950", "9500"]),
        ("You and he should have clearly", ["It", "You and he"]),
    ],
)
def test_other_words_at_the_ends(words, expected):
    """Where the first word or the last was changed, the published one is told with it."""
    text = "To enforce an agreement of this nature. It should have clearly stated this. Pay Mrs H £950 each."
    assert [part.strip() for kind, part in told(words, text) if kind != "same"] == expected


def test_a_left_out_not():
    """One word that turns the meaning is a difference."""
    assert ("left_out", " not") in told("I do find fault here.", "I do not find fault here.")


def test_a_number():
    """A number that was changed is one difference."""
    assert ("put_in", "1,000") in told("The Council paid £1,000 to Mrs X")


def test_where_the_nearest_stands():
    """The nearest stretch begins and ends with words that agree."""
    comparison = compare("It was so faulty for years, and that is fault", PUBLISHED)
    assert PUBLISHED[comparison.start : comparison.end] == "It was faulty for 1.5 years, and that is fault"
    assert 0.8 < comparison.similarity < 1


@pytest.mark.parametrize("ellipsis", ["…", "...", "[…]", "[...]", "(...)", ". . ."])
def test_abridged(ellipsis):
    """What an ellipsis leaves out is told, and nothing else differs."""
    comparison = compare(f"The Council paid £1,500 {ellipsis} for “distress”", PUBLISHED)
    assert comparison.is_abridged and comparison.similarity == 1
    assert [part.text for part in comparison.differences if part.kind != "same"] == [" to Mrs X – who is well-known –"]


def test_ellipses_at_the_ends():
    """An ellipsis before the first word and after the last leaves nothing out."""
    assert told("…It was faulty for 1.5 years…") == [("same", "It was faulty for 1.5 years")]


def test_not_abridged():
    """Where words are changed beside an ellipsis, it is not only abridged."""
    assert not compare("The Council gave £1,500 … for “distress”", PUBLISHED).is_abridged


def test_published_ellipsis():
    """An ellipsis that the text has itself leaves nothing out."""
    assert told("he said … no more at all then", "And he said … no more at all.") == [
        ("same", "he said … no more at all"),
        ("put_in", " then"),
    ]


@pytest.mark.parametrize("words", ["another sentence with nothing of it", "faulty years", "", "…", "“"])
def test_too_little_in_common(words):
    """Words that have too little in common are not compared, nor very few that differ."""
    assert told(words) is None


def test_case_of_few_words():
    """Two words that differ only by case are compared."""
    assert told("THAT IS") == [("left_out", "that is"), ("put_in", "THAT IS")]


TEXTS = st.lists(
    st.sampled_from(["the", "Council", "council’s", "fault", ",", "!", "“no”", "(two)", "–", "5", "x"]), max_size=25
)


@given(TEXTS, TEXTS)
def test_differences_rebuild_both(mine, theirs):
    """Differences joined are the published stretch, and the quotation."""
    words, text = " ".join(["x", *mine]), " ".join(theirs)
    comparison = compare(words, text)
    if comparison is not None:
        parts = comparison.differences
        published = "".join(part.text for part in parts if part.kind != "put_in")
        written = "".join(part.text for part in parts if part.kind != "left_out")
        assert published == text[comparison.start : comparison.end]
        assert written.rstrip(" .,") == words.rstrip(" .,")
        assert 0.5 <= comparison.similarity <= 1


def test_nearest_of_many():
    """Of many texts the nearest comes first, and those with nothing in common do not come."""
    texts = [*["The Council paid it to the others and that is that"] * 20, PUBLISHED, "Elephants."]
    found = nearest("The Council paid £1,000 to Mrs X", texts)
    assert found[0][0] == 20 and len(texts) - 1 not in [number for number, _ in found]


def test_long_ones():
    """A long quotation is compared with a long paragraph."""
    words = [f"word{number * 7919 % 101}" for number in range(3000)]
    changed = [word if number % 50 else "other" for number, word in enumerate(words[500:2500])]
    comparison = compare(" ".join(changed), " ".join(words))
    assert comparison.similarity > 0.95


def test_longer_than_any():
    """What is longer than any paragraph and its quotation is not compared."""
    assert compare("word " * 9000, "word " * 9000) is None
