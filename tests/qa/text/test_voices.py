from __future__ import annotations

import pytest
from conftest import PROJECT, SEEDS
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import Line, Paragraph, Pinpoint, Reference, Role
from index.parsing.parse import parse
from index.passages import sentences
from qa.text.voices import EXAMPLES, Voice, tags, voices

LETTERS: dict[str, Voice] = {
    "O": "ombudsman",
    "C": "complainant",
    "G": "organisation",
    "L": "law",
    "R": "record",
}


def paragraph(role: Role, *lines: Line) -> Paragraph:
    return Paragraph(Pinpoint(Reference("21 000 832"), 1), "published", ("A heading",), role, lines)


def heard(role: Role, text: str) -> str:
    """The letter of each sentence's voice; lines are apart by "/", and an item begins with "-" for each level."""
    lines = [line.strip() for line in text.split("/")]
    read = paragraph(role, *(Line(line.lstrip("- "), len(line) - len(line.lstrip("-"))) for line in lines))
    letters = {voice: letter for letter, voice in LETTERS.items()}
    return "".join(letters[voice] for voice in voices(read))


@pytest.mark.parametrize("rule", EXAMPLES)
def test_rules_find_their_examples(rule):
    """Each rule is found in the tags of each of its examples."""
    for example in EXAMPLES[rule]:
        assert rule.search(tags(example)), (example, tags(example))


# One sentence in a part of a decision, and whose words it is: the letter of LETTERS.
ALONE: list[tuple[Role, str, str]] = [
    # The part of the decision
    ("complaint", "C", "The bins were not emptied for a month."),
    ("law", "L", "Parents can appeal to a tribunal."),
    ("powers", "L", "We cannot look into what a court has decided."),
    ("powers", "L", "(Local Government Act 1974, section 26(6)(c), as amended)"),
    ("facts", "O", "The roof was repaired in May."),
    ("finding", "O", "The delay was fault."),
    ("remedy", "O", "The Council will pay Ms T £300."),
    ("conclusion", "O", "The complaint is upheld."),
    ("method", "O", "Both sides saw a draft of this decision."),
    # The Ombudsman
    ("complaint", "O", "I have called the complainant Ms T."),
    ("powers", "O", "I have used the word fault to refer to this."),
    ("law", "O", "We have used our discretion to go back further."),
    ("law", "O", "Mrs V went to the tribunal in May."),
    ("finding", "O", "I acknowledge Mrs V’s comments, but the records support the Council."),
    ("finding", "O", "I agree with the Council’s view that the visit came too late."),
    ("finding", "O", "Mrs V says nobody came, but I have seen a note of the visit."),
    ("finding", "O", "While I accept what Mrs V says, the law allows no exception."),
    ("finding", "O", "My view is that the Trust should have told her."),
    ("finding", "O", "Our clinical adviser told us the dose was right."),
    ("finding", "O", "The Council failed to tell Mrs V about the hearing."),
    ("finding", "O", "The notes do not say who was there."),
    ("finding", "O", "It is clear the Council told her the wrong date."),
    # Acts are not speech
    ("facts", "O", "Mr K called the Council on 3 May and complained."),
    ("facts", "O", "Mrs V complained to the Council in June."),
    ("facts", "O", "The Council agreed to pay for the taxi."),
    ("facts", "O", "The school acknowledged the email."),
    ("facts", "O", "The officer advised Mr K to see his GP."),
    ("remedy", "O", "The Council has accepted that it should do more."),
    # A complainant
    ("facts", "C", "Mrs V says the carer came late."),
    ("facts", "C", "Mr and Mrs H believe the officer was biased."),
    ("facts", "C", "In her view the flat was too small."),
    ("facts", "C", "According to Mr K, nobody answered the telephone."),
    ("facts", "C", "Mr K’s view is that the survey was ignored."),
    ("facts", "C", "Miss B emailed the nursery and said her son was ill."),
    ("facts", "C", "In May 2021 Ms T told the landlord the boiler had failed."),
    ("facts", "C", "Her brother, she says, was left without meals."),
    ("facts", "C", "Mrs V’s solicitor wrote to the Trust arguing the plan was unlawful."),
    ("facts", "C", "The family does not accept the nurse’s account."),
    ("facts", "C", "Mr K would like the Council to cut the hedge."),
    ("facts", "C", "Y told her she was happy at school."),
    # An organisation
    ("facts", "G", "The Council says it posted the form."),
    ("facts", "G", "The police said nobody had been charged."),
    ("facts", "G", "In its response to my enquiries the Care Provider said the rota was full."),
    ("facts", "G", "The social worker replied and said she would visit on Monday."),
    ("facts", "G", "The letter explained that the place had gone to another child."),
    ("facts", "G", "The guide, says the Council, was followed."),
    ("facts", "G", "The chair of the panel recalled a long hearing."),
    ("finding", "G", "It does not, however, accept that anyone was harmed."),
    ("finding", "G", "The Trust’s position is that the ward was safe."),
    ("finding", "G", "Hartsmere attributes the delay to a lack of staff."),
    ("complaint", "G", "The Council says Mr K can apply again."),
    ("remedy", "G", "The School says the training has begun."),
    # The law
    ("finding", "L", "The Care Act 2014 says councils must assess carers."),
    ("finding", "L", "Statutory guidance says a plan should be reviewed each year."),
    ("finding", "L", "The Council’s allocations policy says applicants need a local connection."),
    ("facts", "L", "Regulation 5 requires a council to give reasons."),
    ("finding", "L", "The Code of Practice sets out who may come to the hearing."),
    ("finding", "L", "The process is set out in the School Admission Appeals Code."),
    ("finding", "L", "A council must give its reasons in writing."),
    ("finding", "L", "If a parent refuses, the refusal should be recorded."),
    # A record
    ("finding", "R", "The case notes suggest Mr K agreed to the visit."),
    ("finding", "R", "The risk assessment noted that the stairs were steep."),
    ("facts", "R", "The minutes of the meeting record that nobody objected."),
    ("facts", "R", "The child in need plan said her father should be told."),
    ("facts", "R", "An email of 4 May says: “Please can you look at this before Friday, as she is going home.”"),
    ("facts", "R", "According to the clerk’s notes, the hearing took an hour."),
    ("facts", "R", "It was noted that both parents had agreed."),
]


@pytest.mark.parametrize(("role", "letter", "sentence"), ALONE)
def test_voice_of_one_sentence(role, letter, sentence):
    """Whose words a sentence is that stands alone in a part of a decision."""
    assert voices(paragraph(role, Line(sentence))) == (LETTERS[letter],)


@pytest.mark.parametrize(
    ("role", "expected", "text"),
    [
        ("facts", "OC", "Ms T called the school. She said the bus had not come."),
        ("facts", "OG", "The social worker emailed Ms T. She said she had been ill."),
        ("facts", "OC", "Two officers visited Ms T. She said she had paid."),
        ("facts", "GC", "The Council said Ms T had moved. She disputes this."),
        ("facts", "OG", "Mr K met the manager. She explained the delay."),
        ("facts", "OG", "The Council replied in May. It said the form was lost."),
        ("facts", "CG", "Mrs V says the nurse was rude. The Trust says she was not."),
        ("facts", "RR", "The agreement names both children. It goes on to say who may visit."),
        ("finding", "LL", "The guidance says how to decide. It says reasons must be given."),
        ("finding", "GO", "The Council says the visit took place. This was not recorded."),
        ("finding", "RR", "The risk assessment noted the stairs were steep. And that there was no rail."),
        ("facts", "GG", "The manager agreed to call and said she was sorry. Visits would be short from then on."),
        ("facts", "GG", "The team told the school it would call. This is because a child of six cannot cook."),
        ("finding", "OO", "I find fault. This is because nobody called."),
        ("facts", "CC", "Ms T complained of errors. These details included the age of her son."),
        (
            "finding",
            "CC",
            "Ms T said there were several errors. These were that the report had the wrong age and date.",
        ),
        ("finding", "GO", "The Council says it gave reasons. These were not good enough."),
    ],
)
def test_pronoun_goes_with_the_sentence_before(role, expected, text):
    """Whose words a sentence is that begins with "she" or "it" is told by the sentence before."""
    assert heard(role, text) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("CCO", "Mr L complained about a kennels. He says the noise kept him awake. There was fault."),
        ("COO", "Mr L complained about a kennels. We found fault. This kept him awake."),
        ("COO", "Mr L complained about a garage. The Council read the survey. There was no fault by the Council."),
        ("CCO", "Mr L complains of bias. As a result he could not sleep. The Council was not at fault."),
        (
            "CO",
            "Mrs V says the Trust lost her letter. The Council has agreed to apologise and explain what it will do.",
        ),
        ("OO", "We will not investigate this complaint. This is because it is late."),
    ],
)
def test_summary_is_the_complaint_until_the_ombudsman_speaks(expected, text):
    """What a summary says first is what was complained of; what it says of the body is the Ombudsman's."""
    assert heard("summary", text) == expected


@pytest.mark.parametrize(
    ("role", "expected", "text"),
    [
        ("facts", "GGG", "It said: / - Mr K had moved; / - the notes show he agreed."),
        ("facts", "RRR", "The assessment noted: / - the school said he was quiet; / - he slept well."),
        ("facts", "CCC", "Ms T complained that: / - the Council said nothing; / - it was rude."),
        (
            "finding",
            "OORO",
            "The plan is poor, because: / - it is old; / - the notes say it was lost. / That was fault.",
        ),
        ("facts", "OGO", "In May the Council: / - confirmed that it had the form; and / - sent a copy."),
        ("facts", "RRRR", "The record says: / - at the visit: / -- he denied it; / -- he left."),
        ("facts", "RRO", "The record says: / - he left. / He came back in June."),
        ("finding", "OOO", "I find fault because the Council: / - told Ms T to wait; / - did not reply."),
        ("law", "LL", "A council must: / - give its reasons."),
    ],
)
def test_list_items_go_with_what_leads_into_them(role, expected, text):
    """An item has the voice of the sentence that leads into its list; one led by the Ombudsman may have its own."""
    assert heard(role, text) == expected


@pytest.mark.parametrize(
    ("expected", "text"),
    [
        ("GGO", "The officer said, “I was ill. I did not see the form.” The form came in May."),
        ("ORRO", "The officer emailed Ms T: / “You are not on the list. I am sorry.” / She appealed."),
        ("RRR", "The manager’s note says: / “He may not come home. / I told him so.”"),
        ("GGG", "A manager told the investigator: / “We did not ask him to go. Nobody did.”"),
        ("GO", "The officer said “I was ill. The form came in May."),
    ],
)
def test_quotation_keeps_its_voice(expected, text):
    """A quotation has one voice to its end, over sentences and lines; one that is never closed ends at once."""
    assert heard("facts", text) == expected


def test_first_person_within_a_quotation_is_not_the_ombudsman():
    """Who says "I" in a quotation is whoever is quoted."""
    assert heard("facts", "The officer said, “I find this hard to believe of anyone.”") == "G"


def test_sentence_that_was_cut_goes_on():
    """A sentence that is too long for one passage has one voice in all its parts."""
    long = "Mrs V says that " + ", and then ".join(["the nurse had not come"] * 60) + "."
    told = voices(paragraph("finding", Line(long)))
    assert len(told) > 1
    assert set(told) == {"complainant"}


@given(
    st.sampled_from(["complaint", "powers", "law", "facts", "finding", "remedy", "summary"]),
    st.lists(st.tuples(st.text('Mrs V.’” “said:(),XI"A1ü\t', max_size=120), st.integers(0, 2)), min_size=1, max_size=4),
)
def test_there_is_a_voice_for_each_sentence(role, lines):
    """Whatever the text is, there are as many voices as sentences."""
    read = paragraph(role, *(Line(text, depth) for text, depth in lines))
    assert len(voices(read)) == len(sentences(read))


def test_endless_sentence_is_read():
    """A sentence of a megabyte of names and owners is read like any other."""
    assert set(voices(paragraph("finding", Line("Mr X’s Council’s " * 60_000)))) == {"ombudsman"}


def spoken(slug: str, place: str) -> list[tuple[str, str]]:
    read = parse((SEEDS / f"{slug}.txt").read_bytes()).place(place)
    return [(voice, read.text[start:end]) for voice, (start, end) in zip(voices(read), sentences(read), strict=True)]


def test_paragraph_of_the_remedy_with_the_council_s_answer():
    """In paragraph 63 of 21 017 496 the Council's answer stands between the Ombudsman's words."""
    assert [voice for voice, _ in spoken("21-017-496", "63")] == [
        "ombudsman",
        "organisation",
        "organisation",
        "ombudsman",
    ]


def test_findings_that_answer_are_the_ombudsman_s():
    """Paragraphs 50 and 51 of 21 017 496, which say what should have been explained, are the Ombudsman's throughout."""
    assert {voice for place in ("50", "51") for voice, _ in spoken("21-017-496", place)} == {"ombudsman"}


def test_allegation_in_a_summary():
    """The allegation in the summary of a decision that found no fault is the complainant's, the rest is not."""
    decision = parse((PROJECT / "tests" / "captures" / "no-fault.txt").read_bytes())
    assert decision.summary is not None
    assert voices(decision.summary) == ("complainant", "ombudsman", "ombudsman")
