from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decisions import Reference
from index.text.body_names import OF_PEOPLE, ORDINARY_IN_SMALL, body_of
from index.text.councils import Council
from index.text.councils import councils as table_rows
from qa.text import bodies, places
from qa.text.bodies import table
from qa.text.question_entities import BodyMatcher

BODIES = (
    "Barts Health NHS Trust",
    "Bath and North East Somerset Council",
    "Bournemouth, Christchurch and Poole Council",
    "Brighton & Hove City Council",
    "Bury Metropolitan Borough Council",
    "Cheshire East Council",
    "Cheshire West and Chester Council",
    "City of York Council",
    "HC-One Limited",
    "Halton Borough Council",
    "Isle of Wight Council",
    "Kent County Council",
    "King's Lynn and West Norfolk Borough Council",
    "Leicestershire County Council",
    "London Borough of Bexley",
    "Medway NHS Foundation Trust",
    "Nottingham City Council",
    "Nottinghamshire County Council",
    "Oak Lodge Surgery",
    "Reading Borough Council",
    "Rosewood Care Home",
    "Royal Borough of Kensington & Chelsea",
    "Somerset Council",
    "St Helens Metropolitan Borough Council",
    "St Mary's Primary School",
    "Stoke-on-Trent City Council",
    "West Northamptonshire Council",
)
HELD = frozenset(map(Reference, ("21 017 496", "21 000 832", "21 000 259", "17 002 402b")))
NAMES = BodyMatcher(BODIES)
NOBODY = BodyMatcher([])
ONLY_KENT = BodyMatcher(["Kent County Council"])
PRINCIPAL = [council for council in table_rows() if council.kind in bodies.PRINCIPAL]


def read(question, names=NAMES):
    return names.read(question, HELD.__contains__)


def councils(question, names=NAMES):
    return list(read(question, names).council)


def unknown(question, names=NAMES):
    return list(read(question, names).not_held)


def references(question):
    return [str(reference) for reference in read(question).reference]


@pytest.mark.parametrize(
    "written", ["21 017 496", "21-017-496", "21017496", "21 017496", "21‑017‑496", "21–017–496", "21\u00a0017\u00a0496"]
)
def test_reference_in_any_form(written):
    """A reference is found however it is written, wherever it stands."""
    for question in ("{} who paid the rent?", "Who paid the rent in {}?", "Who paid ({})?", "Case {}: who paid?"):
        assert references(question.format(written)) == ["21 017 496"]
    assert unknown(f"{written} who paid the rent?") == []


@pytest.mark.parametrize("written", ["17 002 402b", "17002402B", "17-002-402-b", "17 002 402 b"])
def test_reference_with_a_letter(written):
    """The letter of a reference is read with it."""
    assert references(f"what about {written}?") == ["17 002 402b"]


@pytest.mark.parametrize("question", ["21 017 496 a father said what?", "21 017 496 I want to know more"])
def test_word_of_one_letter_is_no_letter_of_a_reference(question):
    """A letter that stands apart belongs to a reference only where that is held."""
    assert references(question) == ["21 017 496"]
    assert unknown(question) == []


def test_several_references():
    """All references are found, each once, in their order."""
    question = "Do 21 017 496, 21-000-832 and 21017496 differ from 21 000 259?"
    assert references(question) == ["21 017 496", "21 000 832", "21 000 259"]
    assert references("21 017 496 21 000 832 who paid?") == ["21 017 496", "21 000 832"]


@pytest.mark.parametrize("written", ["22 999 999", "22-999-999", "22999999", "17 002 402", "21 017 496b", "21012005"])
def test_reference_that_is_not_held(written):
    """A reference that is not held is unknown, as it was written."""
    assert unknown(f"Who paid the rent in {written}?") == [written]
    assert references(f"Who paid the rent in {written}?") == []


@pytest.mark.parametrize(
    "digits",
    [
        "£21 017 496",
        "€21017496",
        "21,017,496",
        "21 017 496.50",
        "22 999 999 pounds",
        "22 999 999%",
        "020 7946 0958",
        "0300 061 0614",
        "01622 417 496",
        "03000 414141",
        "+44 20 794 609",
        "my account number 12345678",
        "09/10/2022",
        "2022-10-09",
        "09 10 2022",
        "20221009",
        "09102022",
        "ME14 1XQ",
        "4929 1234 5678 9012",
        "21 017 4961",
        "121 017 496",
        "21 017 49",
        "21 017 496bb",
        "x21017496",
        "٢١ ٠١٧ ٤٩٦",
    ],
)
def test_other_digits_are_no_reference(digits):
    """Sums, telephone numbers, dates, postcodes and longer numbers are no references."""
    question = f"Was {digits} written down?"
    named = read(question)
    assert (named.text, named.reference, named.not_held) == (question, (), ())


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("question", ["Was {} at fault?", "what did {} do", "{}", "{}: was it late?", "({}) why?"])
def test_full_name_in_any_case(body, question):
    """A body is found by its full name in any case."""
    for written in (body, body.lower(), body.upper(), body.replace("'", "’"), body.replace("&", "and")):
        assert read(question.format(written)).council == (body,)
        assert read(question.format(written)).not_held == ()


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("In the Kent case, what was missing from the notes?", "Kent County Council"),
        ("Halton - which complaints process should have been used?", "Halton Borough Council"),
        ("Halton which complaints process should have been used?", "Halton Borough Council"),
        ("why did Leicestershire turn the complaint away", "Leicestershire County Council"),
        ("Was KENT late?", "Kent County Council"),
        ("Was West Northamptonshire late?", "West Northamptonshire Council"),
        ("Was Isle of Wight late?", "Isle of Wight Council"),
        ("Did Stoke on Trent pay?", "Stoke-on-Trent City Council"),
        ("Did Kings Lynn & West Norfolk pay?", "King's Lynn and West Norfolk Borough Council"),
        ("Did St. Helens pay?", "St Helens Metropolitan Borough Council"),
        ("Did York pay?", "City of York Council"),
        ("Did the City of York pay?", "City of York Council"),
        ("Did Barts Health pay?", "Barts Health NHS Trust"),
        ("Did Oak Lodge write to her?", "Oak Lodge Surgery"),
        ("Did HC-One write to her?", "HC-One Limited"),
        ("What did St Mary's do?", "St Mary's Primary School"),
        ("Did the LGSCO tell Kent to pay?", "Kent County Council"),
        ("Did Kent Children's Services pay?", "Kent County Council"),
        ("Did the Kent LADO answer?", "Kent County Council"),
    ],
)
def test_stem_with_capitals(question, body):
    """What is left of a name without its kind is enough where its words have capitals."""
    assert councils(question) == [body]
    assert unknown(question) == []


@pytest.mark.parametrize(
    "following",
    ["council", "county council", "county", "case", "decision", "complaint", "complaints", "council's notes"],
)
def test_stem_in_small_letters(following):
    """In small letters the stem counts where a word such as “council” follows."""
    assert councils(f"what was said in the kent {following}") == ["Kent County Council"]


@pytest.mark.parametrize("question", ["what did kent do", "halton", "is it nice on the isle of wight"])
def test_stem_in_small_letters_by_itself(question):
    """In small letters the stem alone names no body."""
    assert councils(question) == []


@pytest.mark.parametrize(
    "question", ["What Did Kent Do About The Notes?", "WHAT DID KENT DO", "WAS THE SOCIAL WORKER OF THE COUNCIL RUDE"]
)
def test_capitals_throughout_tell_nothing(question):
    """Where every word has a capital, a stem needs the word that follows, and nothing is unknown."""
    assert (councils(question), unknown(question)) == ([], [])
    assert councils("WHAT DID KENT COUNCIL DO") == ["Kent County Council"]


@pytest.mark.parametrize(
    "written", ["Kent's", "Kent’s", "Kent County Council's", "kent county council’s", "kent council’s"]
)
def test_possessive(written):
    """A possessive names the body too."""
    assert councils(f"Were {written} notes lost?") == ["Kent County Council"]
    assert councils("Were St Helens’ notes lost?") == ["St Helens Metropolitan Borough Council"]


@pytest.mark.parametrize(
    "question",
    [
        "Did Kent or Halton explain?",
        "In the Kent and Halton cases, who paid?",
        "Was Kent County Council slower than Halton Borough Council?",
        "Kent, Halton: who paid?",
    ],
)
def test_several_bodies(question):
    """Each body that is named is found, in the order of the question."""
    assert councils(question) == ["Kent County Council", "Halton Borough Council"]


def test_body_is_given_once():
    """A body that is named twice is given once."""
    assert councils("Did Kent County Council say that Kent paid?") == ["Kent County Council"]


def test_longest_name_counts():
    """A name that lies within a longer one is not read there."""
    names = BodyMatcher(["Northamptonshire County Council", "West Northamptonshire Council", "Chester Council"])
    assert councils("Was West Northamptonshire late?", names) == ["West Northamptonshire Council"]
    assert councils("Was Northamptonshire late?", names) == ["Northamptonshire County Council"]


@pytest.mark.parametrize(
    ("body", "written"),
    [
        ("Northamptonshire County Council", "North Northamptonshire Council"),
        ("Northamptonshire County Council", "north northamptonshire council"),
        ("Northamptonshire County Council", "West Northamptonshire"),
        ("West Northamptonshire Council", "North Northamptonshire"),
        ("West Northamptonshire Council", "Northamptonshire County Council"),
        ("Leicestershire County Council", "Leicester City Council"),
        ("Leicestershire County Council", "North West Leicestershire District Council"),
        ("Somerset Council", "North Somerset Council"),
        ("Somerset Council", "Bath and North East Somerset Council"),
        ("Cheshire East Council", "Cheshire West and Chester Council"),
        ("Durham County Council", "Durham City Council"),
        ("Nottingham City Council", "Nottinghamshire County Council"),
        ("Nottinghamshire County Council", "Nottinghamshire City Council"),
        ("Wells City Council", "Tunbridge Wells Borough Council"),
        ("Newcastle Borough Council", "Newcastle upon Tyne City Council"),
        ("Medway Council", "Medway NHS Foundation Trust"),
        ("Medway NHS Foundation Trust", "Medway Council"),
        ("Kent County Council", "Kent Town Council"),
    ],
)
def test_other_body_of_a_like_name(body, written):
    """A body that is not held is never taken for one with a like name that is."""
    named = read(f"Was {written} at fault?", BodyMatcher([body]))
    assert (named.council, named.not_held) == ((), (written,))


@pytest.mark.parametrize(
    "question",
    [
        "What did Mrs Kent say?",
        "What did Mr. Kent say?",
        "What did Kent Police say?",
        "What did the University of Kent say?",
        "Is Clark Kent named?",
        "Was a Kent-based nurse asked?",
        "Does she live in north Kent?",
        "Does she live in South Leicestershire?",
        "What did Halton Lodge say?",
        "Is it Kentish or kent?",
        "what will the weather be in Leicester tomorrow",
    ],
)
def test_part_of_another_name(question):
    """A stem within the name of something or somebody else names no body."""
    named = read(question)
    assert (named.text, named.council, named.not_held) == (question, (), ())


@pytest.mark.parametrize(
    "question",
    [
        "Reading the file, what did the council learn?",
        "What is lost when Reading between the lines?",
        "reading the notes, was it fair?",
        "after reading council notes, was it fair?",
        "After reading complaint letters, was it fair?",
        "Bury the report?",
        "Did the Rosewood grow?",
    ],
)
def test_ordinary_word_by_itself(question):
    """A stem that is an ordinary word names no body by itself."""
    named = read(question)
    assert (named.text, named.council, named.not_held) == (question, (), ())


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("Did Reading Borough Council pay?", "Reading Borough Council"),
        ("Did Reading Council pay?", "Reading Borough Council"),
        ("Reading council: did it pay?", "Reading Borough Council"),
        ("did reading borough council pay", "Reading Borough Council"),
        ("In the Reading case, who paid?", "Reading Borough Council"),
        ("did bury council pay", "Bury Metropolitan Borough Council"),
        ("In the Rosewood case, who paid?", "Rosewood Care Home"),
        ("Did the Rosewood home pay?", "Rosewood Care Home"),
    ],
)
def test_ordinary_word_with_what_follows(question, body):
    """A stem that is an ordinary word counts with the word that follows."""
    assert councils(question) == [body]


@pytest.mark.parametrize(
    ("written", "body"),
    [
        ("Bexley Council", "London Borough of Bexley"),
        ("Bexley borough", "London Borough of Bexley"),
        ("the Borough of Bexley", "London Borough of Bexley"),
        ("Kensington and Chelsea Council", "Royal Borough of Kensington & Chelsea"),
        ("Bury Council", "Bury Metropolitan Borough Council"),
        ("Bury Borough Council", "Bury Metropolitan Borough Council"),
        ("York City Council", "City of York Council"),
        ("Medway NHS Trust", "Medway NHS Foundation Trust"),
        ("Brighton Council", "Brighton & Hove City Council"),
        ("Cheshire West Council", "Cheshire West and Chester Council"),
        ("Somerset County Council", "Somerset Council"),
    ],
)
def test_kind_told_otherwise(written, body):
    """A body is found where its kind is told in another way that is no other body's."""
    named = read(f"Did {written} pay?")
    assert (named.council, named.not_held) == ((body,), ())


def test_stem_of_several_bodies():
    """A stem that several bodies have means all of them, unless the kind is told."""
    names = BodyMatcher(
        ["Medway Council", "Medway NHS Foundation Trust", "Durham County Council", "Durham City Council"]
    )
    assert councils("Was Medway late?", names) == ["Medway Council", "Medway NHS Foundation Trust"]
    assert councils("Was Medway Council late?", names) == ["Medway Council"]
    assert councils("Was Durham Council late?", names) == ["Durham County Council", "Durham City Council"]
    assert councils("Was Durham City Council late?", names) == ["Durham City Council"]


def test_whole_words_only():
    """A stem is not found within a longer word."""
    assert councils("Was Nottingham late?") == ["Nottingham City Council"]
    assert councils("Was Nottinghamshire late?") == ["Nottinghamshire County Council"]


@pytest.mark.parametrize("opening", ["Was", "Did", "Can", "What did", "Should the", "Regarding", "Why is it that"])
@pytest.mark.parametrize(
    "written",
    [
        "Medway Council",
        "Medway Borough",
        "Medway council",
        "Surrey County Council",
        "Birmingham City Council",
        "Birmingham city council",
        "Mid Devon District Council",
        "Newcastle-under-Lyme Borough Council",
        "Telford & Wrekin Council",
        "London Borough of Barking and Dagenham",
        "Sussex Partnership NHS Foundation Trust",
        "Devon NHS Trust",
        "Sandwell Children's Trust",
        "Sandwell Children’s Trust",
    ],
)
def test_body_that_is_not_held(opening, written):
    """A body that capitals show to be named, and that is not held, is unknown; words of the question are no part."""
    named = read(f"{opening} {written} wrong?")
    assert (named.council, named.not_held) == ((), (written,))


@pytest.mark.parametrize(
    "question",
    [
        "The Council was late",
        "What did the Council say?",
        "Your Council was late",
        "Council was late",
        "A County Council must review",
        "Does the Borough Council or the City Council pay?",
        "Which Borough pays?",
        "Is the NHS Trust at fault?",
        "The Foundation Trust",
        "Did the Local Council pay?",
        "Did the Other Council pay?",
        "Horrible council staff were rude to us",
        "Is Council Tax due?",
        "Did Mrs D Council Tax fall?",
        "What did Mr X's Council say?",
        "On Monday Council staff came",
        "Should I ask the Health and Care Professions Council?",
        "Do London boroughs pay?",
        "Is the National Trust at fault?",
    ],
)
def test_no_name(question):
    """“Council” and the like with no name before them name nobody."""
    named = read(question)
    assert (named.text, named.council, named.not_held) == (question, (), ())


def test_held_and_not_held_together():
    """Of several bodies, those held and those not are told apart."""
    named = read("Did Birmingham City Council, Surrey County Council and Kent pay?")
    assert named.council == ("Kent County Council",)
    assert named.not_held == ("Birmingham City Council", "Surrey County Council")


def test_possessive_of_what_is_not_held():
    """What is not held is given without its possessive ending."""
    assert unknown("Were Surrey County Council’s notes lost?") == ["Surrey County Council"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Was Kent entitled to get in touch with the mum", "Was the council entitled to get in touch with the mum"),
        ("Kent County Council's procedures", "the council's procedures"),
        ("Were Kent’s notes lost?", "Were the council’s notes lost?"),
        ("Is a Kent social worker at fault?", "Is a council social worker at fault?"),
        ("Is an Essex County Council social worker at fault?", "Is a council social worker at fault?"),
        ("Was the London Borough of Bexley late?", "Was the council late?"),
        ("What did St Mary's do?", "What did the school do?"),
        ("Did Barts Health pay?", "Did the trust pay?"),
        ("Did Kent, Halton and Leicestershire explain?", "Did the council explain?"),
        ("What about Birmingham City Council?", "What about the council?"),
        ("What did the Ombudsman decide about Medway Council?", "What did the Ombudsman decide about the council?"),
    ],
)
def test_noun_becomes_the_council(question, text):
    """A name that is a noun in the sentence becomes the council, whichever it is."""
    assert read(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("In the Kent case, what was missing?", "what was missing?"),
        ("in the kent case what was missing", "what was missing"),
        ("In the Kent and Halton cases, what was missing?", "what was missing?"),
        ("In Kent, what was missing?", "what was missing?"),
        ("What was missing in the Kent case?", "What was missing?"),
        ("What was missing in Kent?", "What was missing?"),
        ("What was missing from the notes (Kent)?", "What was missing from the notes?"),
        ("What was missing from the notes, Kent?", "What was missing from the notes?"),
        ("Halton - which process was right?", "which process was right?"),
        ("Halton: which process was right?", "which process was right?"),
        ("Halton which process was right?", "which process was right?"),
        ("What does the Kent decision say?", "What does the decision say?"),
        ("Was Kent’s case upheld?", "Was the case upheld?"),
        ("cheap hotels in Kent with a swimming pool", "cheap hotels with a swimming pool"),
    ],
)
def test_label_goes_without_trace(question, text):
    """A name before “case”, after “in” or apart from the sentence leaves nothing behind."""
    assert read(question).text == text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("21 017 496 who covered the rent?", "who covered the rent?"),
        ("21 017 496: who covered the rent?", "who covered the rent?"),
        ("In 21 017 496, who covered the rent?", "who covered the rent?"),
        ("In case 21 017 496, who covered the rent?", "who covered the rent?"),
        ("Who covered the rent? 21 017 496", "Who covered the rent?"),
        ("Who covered the rent (ref. 21 017 496)?", "Who covered the rent?"),
        ("What does 21 017 496 say about rent?", "What does the decision say about rent?"),
        ("Tell me about 21 017 496.", "Tell me about the decision."),
        ("Was case 21017496 upheld?", "Was the case upheld?"),
        ("21 000 259 why did Leicestershire refuse?", "why did the council refuse?"),
        ("Was Kent County Council (21 000 832) late?", "Was the council late?"),
        ("In the Kent case (21 000 832), who paid?", "who paid?"),
    ],
)
def test_reference_goes(question, text):
    """A reference goes, or becomes the decision where the sentence needs one."""
    assert read(question).text == text


@pytest.mark.parametrize(
    "question", ["Kent", "Halton?", "In the Kent case", "21 017 496", "Kent County Council’s", "In 21 017 496?"]
)
def test_nothing_but_a_name(question):
    """A question that is a name and no more stays as it is."""
    assert read(question).text == question
    assert read(question).council or read(question).reference


def test_white_space_is_tidied():
    """There are no doubled spaces and no breaks in the text."""
    assert read("  What\nis  fault? ").text == "What is fault?"


def test_nothing_is_held():
    """With no bodies at all, what is named is not held."""
    named = read("Did Kent County Council pay?", BodyMatcher([]))
    assert (named.council, named.not_held) == ((), ("Kent County Council",))


def called(council: Council) -> list[str]:
    """What a council is called besides its full name."""
    small = {"and", "in", "of", "on", "the", "under", "upon", "with"}
    place = " ".join(word if word in small else word.capitalize() for word in body_of(council.name).stem)
    return [*council.short, *([place] if place != "London" else [])]


def kin(question: str, *held: str) -> list[tuple[str, str, str]]:
    """Each as told, held, relation."""
    return [(each.told, each.held, each.relation) for each in read(question, BodyMatcher(held)).kin]


def test_councils_of_today():
    """The table has the 317 principal councils of England, by kind."""
    today = Counter(council.kind for council in PRINCIPAL if council.until is None)
    assert today == {
        "county council": 21,
        "unitary authority": 62,
        "metropolitan borough": 36,
        "london borough": 32,
        "district council": 164,
        "sui generis": 2,
    }
    assert today.total() == 317


def test_councils_that_ceased():
    """The table has those that were replaced in each reorganisation since 2009, or got another name."""
    assert Counter(council.until for council in PRINCIPAL if council.until) == {
        2009: 2 + 3 + 36,  # counties abolished, counties that became unitary, districts
        2018: 1,  # Shepway
        2019: 6 + 3 + 4 + 2,  # Dorset, Bournemouth with Christchurch and Poole, Suffolk, Taunton with West Somerset
        2020: 5,  # Buckinghamshire
        2021: 8,  # Northamptonshire
        2023: 7 + 8 + 5,  # Cumbria, North Yorkshire, Somerset
    }


def test_table_is_sound():
    """Names are given once; a council ceased exactly where others came after it, and those are in the table."""
    names = [council.name for council in table_rows()]
    assert len(names) == len(set(names))
    for council in table_rows():
        assert {*council.successors, *council.serves} <= set(names)
        assert set(council.certain) <= set(council.short)
        assert council.kind not in bodies.PRINCIPAL or (council.until is not None) == bool(council.successors)


def test_doubtful_names_are_in_the_table():
    """What is said to be a word or a person's name as well is called so in the table."""
    assert {(name,) for name in ORDINARY_IN_SMALL | OF_PEOPLE} <= set(table().called)


@pytest.mark.parametrize("council", table_rows(), ids=lambda council: council.name)
def test_body_of_the_table_in_full(council):
    """A body of the table is unknown by its full name where it is not held, and found where it is."""
    for written in {council.name, council.name.lower() if council.kind in bodies.PRINCIPAL else council.name}:
        assert unknown(f"Was {written} late?", NOBODY) == [written]
        assert councils(f"Was {written} late?", BodyMatcher([council.name])) == [council.name]


@pytest.mark.parametrize("council", PRINCIPAL, ids=lambda council: council.name)
def test_council_by_its_place(council):
    """A council is unknown by its place and its short forms where it is not held, and found where it is."""
    for written in called(council):
        for question in ("In the {} case, who paid?", "what about {}?", "upheld against {}", "the {} one"):
            assert unknown(question.format(written), NOBODY) == [written]
            assert councils(question.format(written), BodyMatcher([council.name])) == [council.name]


@pytest.mark.parametrize("cue", [cue for cue in places.CUES if cue.examples], ids=lambda cue: cue.name)
@pytest.mark.parametrize("place", ["Surrey", "Leeds", "Tower Hamlets", "Kingston upon Thames", "Isle of Wight"])
def test_cues(cue, place):
    """A place is a council's where a cue says so, and not where it is another thing's."""
    for example in cue.examples:
        assert place in unknown(example.format(place), ONLY_KENT)[0]
    for other in cue.others:
        assert unknown(other.format(*[place] * 2), ONLY_KENT) == []


@pytest.mark.parametrize("cue", [cue for cue in places.CUES if cue.people], ids=lambda cue: cue.name)
@pytest.mark.parametrize("place", ["Lincoln", "Hull", "Hart"])
def test_cues_of_doubtful_names(cue, place):
    """A place that is a name or a word besides is a council's with the cues that are for those, and its capital."""
    for example in cue.examples:
        if not example.startswith("{}"):
            assert place in unknown(example.format(place), ONLY_KENT)[0]


@pytest.mark.parametrize(
    "cue", [cue for cue in places.CUES if cue.examples and not cue.people], ids=lambda cue: cue.name
)
def test_cues_that_people_share(cue):
    """With other cues it may be a person."""
    for example in cue.examples:
        assert unknown(example.format("Lincoln"), ONLY_KENT) == []


@pytest.mark.parametrize(
    ("question", "written"),
    [
        ("and sunderland, did they say sorry?", "sunderland"),
        ("did bradford get told off over the safety plan", "bradford"),
        ("has bcp been criticised for the delay", "bcp"),
        ("the bolton case, how much was the hotel bill?", "bolton"),
        ("lbth homelessness decisions", "lbth"),
        ("Latest Leeds decisions", "Leeds"),
        ("Does Notts CC pay?", "Notts CC"),
        ("TfL penalty charge", "TfL"),
        ("Peak District National Park Authority planning", "Peak District National Park Authority"),
        ("DID SURREY COUNCIL PAY", "SURREY COUNCIL"),
        ("st albans city and district council", "st albans city and district council"),
        ("Bournemouth, Christchurch & Poole: any payment for delay?", "Bournemouth, Christchurch & Poole"),
    ],
)
def test_place_in_other_forms(question, written):
    """A place is found in small letters, in capitals, by its short forms, and with its kind."""
    assert unknown(question, NOBODY) == [written]


@pytest.mark.parametrize(
    "question",
    [
        # words
        "Reading the letter, was it fair?",
        "reading between the lines did the council lie",
        "Bath the child",
        "can a child bath alone under a safety plan",
        "Bury the report?",
        "was the dog barking a nuisance the council should act on",
        "Is it a slough of complaints?",
        # people
        "What did Mrs Surrey say?",
        "Did Preston sign the agreement?",
        "Was Chester told about the conference?",
        "Is the child called Eden?",
        "did hart sign it",
        # longer names
        "Was the University of Leeds at fault?",
        "Oxford University decision",
        "Leeds United",
        "West Ham",
        "Surrey Police decision",
        "the Bristol Crown Court decision",
        "Was the order made at Leeds Family Court?",
        "What time do Leicester City kick off on Saturday?",
        "Is there a New York decision?",
        "Does she live in north Surrey?",
        # places
        "a Surrey accent",
        "train to London",
        "How far is it from Kent to Leeds?",
        "what is the weather in Leicester tomorrow",
        "did leicester win last night",
        "Who won on Saturday, Leicester or Northampton?",
        "what are the best pubs in Notts",
        "camping in Northants at half term",
        "cheap hotel near Leicester station",
        "what is the population of Devon",
        "walks in the Peak District National Park",
        "what is the best transport for london",
        # where somebody was, in somebody's case
        "The father was staying with his mother in Bristol while the assessment was done, who paid?",
        "Was the hotel in Coventry paid for?",
        "Was the grandmother in Essex assessed as a carer?",
        "he went to his sister's in Luton, did the council pay?",
        "Can a council in London use an agreement?",
    ],
)
def test_place_that_is_no_council(question):
    """A place names no council where a word, a person, something else of that name, or just the place is meant."""
    named = read(question, NOBODY)
    assert (named.text, named.council, named.not_held, named.kin) == (question, (), (), ())


@pytest.mark.parametrize(
    "question",
    [
        "We live in Bradford. The council told my husband he could not come home. Is that fault?",
        "I live in Leeds and my social worker says I must sign a safety plan. Can I refuse?",
        "we moved from Croydon to Kent last year and now nobody does the assessment",
        "My mum is in a care home in Surrey and the council won't pay",
        "our son was at school in Devon, the council stopped the transport, is that allowed",
        "im in manchester and social services told my partner to leave, can they do that",
    ],
)
def test_place_in_a_story_of_ones_own(question):
    """Where somebody tells of themselves, the place where they live is no body that they ask about."""
    assert unknown(question, NOBODY) == []


@pytest.mark.parametrize(
    ("question", "body"),
    [
        ("Leics decisions", "Leicestershire County Council"),
        ("what did leics say", "Leicestershire County Council"),
        ("what did west northants come back with", "West Northamptonshire Council"),
        ("WNC: was it late?", "West Northamptonshire Council"),
        ("the RBKC case", "Royal Borough of Kensington & Chelsea"),
        ("In the Kensington case, who paid?", "Royal Borough of Kensington & Chelsea"),
        ("what about BCP?", "Bournemouth, Christchurch and Poole Council"),
        ("B&NES decisions", "Bath and North East Somerset Council"),
        ("In the Bath case, who paid?", "Bath and North East Somerset Council"),
        ("In the Brighton case, who paid?", "Brighton & Hove City Council"),
        ("what did leicestershire say when the dad complained", "Leicestershire County Council"),
        ("and what about halton, did they pay", "Halton Borough Council"),
        ("Two Leicestershire decisions. Cash in both?", "Leicestershire County Council"),
    ],
)
def test_held_body_by_short_form(question, body):
    """Short forms and places name held bodies as they name others."""
    named = read(question)
    assert (named.council, named.not_held) == ((body,), ())


@pytest.mark.parametrize(
    ("held", "written"),
    [
        ("Leicestershire County Council", "Leicester"),
        ("Nottinghamshire County Council", "Nottingham"),
        ("Derbyshire County Council", "Derby City Council"),
        ("West Northamptonshire Council", "Northampton"),
        ("West Northamptonshire Council", "North Northants"),
        ("Suffolk County Council", "West Suffolk"),
        ("Newcastle upon Tyne City Council", "Newcastle-under-Lyme"),
        ("Lincolnshire County Council", "North East Lincs"),
        ("Surrey County Council", "Surrey Heath"),
    ],
)
def test_place_of_another_council(held, written):
    """A place of another council is never taken for a held one with a like name."""
    named = read(f"In the {written} case, who paid?", BodyMatcher([held]))
    assert (named.council, named.not_held) == ((), (written,))


def test_place_of_several_councils():
    """A place that several held councils are called by means all of them; else it means the one that is held."""
    both = ["Newcastle upon Tyne City Council", "Newcastle-under-Lyme Borough Council"]
    assert councils("In the Newcastle case, who paid?", BodyMatcher(both)) == both
    assert councils("In the Newcastle case, who paid?", BodyMatcher(both[1:])) == both[1:]


@pytest.mark.parametrize(
    ("told", "held", "relation"),
    [
        ("Northamptonshire County Council", "West Northamptonshire Council", "successor"),
        ("northamptonshire county council", "West Northamptonshire Council", "successor"),
        ("Northampton", "West Northamptonshire Council", "successor"),
        ("Cumbria", "Westmorland and Furness Council", "successor"),
        ("Taunton Deane", "Somerset Council", "successor"),
        ("West Northamptonshire Council", "Northamptonshire County Council", "predecessor"),
        ("Cumberland", "Cumbria County Council", "predecessor"),
        ("Northamptonshire Children's Trust", "West Northamptonshire Council", "council"),
        ("Birmingham City Council", "Birmingham Children's Trust", "trust"),
    ],
)
def test_kin(told, held, relation):
    """What is not held is told with the held body that came after it or before it, or that works for it."""
    question = f"In the {told} case, who paid?"
    named = read(question, BodyMatcher([held]))
    assert (named.council, named.not_held, named.is_unheld) == ((), (told,), True)
    assert kin(question, held) == [(told, held, relation)]


@pytest.mark.parametrize("told", ["Northants", "northants", "Northamptonshire", "northants council"])
def test_kin_with_the_same_name(told):
    """What the name of a council that ceased lives on in is meant by it, and is told as its kin."""
    question = f"What about the {told} decisions?"
    held = "West Northamptonshire Council"
    named = read(question, BodyMatcher([held]))
    assert (named.council, named.not_held, named.is_unheld) == ((held,), (), False)
    assert kin(question, held) == [(told, held, "successor")]
    both = [held, "North Northamptonshire Council"]
    assert sorted(councils(question, BodyMatcher(both))) == sorted(both)


def test_kin_of_none():
    """A held body has no kin, nor has one whose kin are not held."""
    held = ("West Northamptonshire Council", "Northamptonshire County Council")
    assert kin("Was Northamptonshire County Council late?", *held) == []
    assert kin("Was West Northamptonshire late?", *held) == []
    assert kin("Was Surrey County Council late?", *held) == []
    assert kin("In the North Northamptonshire case, who paid?", held[0]) == []


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("In the Surrey case, what was missing?", "what was missing?"),
        ("What about Leeds?", "What about the council?"),
        ("Why did Devon refuse the assessment?", "Why did the council refuse the assessment?"),
        ("LB Lambeth section 21 complaint", "the council section 21 complaint"),
        ("Latest Leeds decisions on respite", "Latest decisions on respite"),
        ("Was Surrey's safety plan voluntary?", "Was the council's safety plan voluntary?"),
    ],
)
def test_text_without_a_place(question, text):
    """A place that is a council's leaves the text as the name of a held body does."""
    assert read(question, NOBODY).text == text


pieces = (
    "Leeds|surrey|northants|what about|did|than|LB|my|"
    "Kent|kent|Halton’s|Reading|North|West|Council|council|Borough|NHS|Trust|of|City|case|In|the|and|&|,|(|)|-|–|’s|'|"
    "21 017 496|22999999|b|£|?"
)
words = st.sampled_from([*BODIES, *pieces.split("|")])
texts = st.one_of(st.text(), st.lists(words | st.text(max_size=5)).map(" ".join), st.lists(words).map("".join))


@given(texts)
def test_any_text_is_read(question):
    """No text makes reading fail; it keeps words if it has any, without doubled spaces."""
    named = read(question)
    assert not any(letter.isalnum() for letter in question) or any(letter.isalnum() for letter in named.text)
    assert "  " not in named.text
    assert named.text == named.text.strip()
    assert set(named.council) <= set(BODIES)
    assert set(named.reference) <= HELD


@given(st.lists(st.text()))
def test_any_names_are_taken(bodies):
    """No names of bodies make reading fail."""
    read("Did Kent County Council, the London Borough of Bexley or A pay 21 017 496?", BodyMatcher(bodies))


@given(
    st.sampled_from(BODIES),
    st.text(st.characters(codec="ascii", categories=["Ll", "Zs"])),
    st.sampled_from(["", "?", ", who paid?", " refused", "'s notes", "’s notes", " (21 017 496)"]),
)
def test_every_body_is_found_in_full(body, before, after):
    """Every held body is found where it is written in full, whatever small words stand before it."""
    assert body in read(f"{before} {body}{after}").council


def test_other_of_two_councils_is_told():
    """A council told in full of which only the one before or after it is held is read as that, and told as its kin."""
    for held, told, relation in (
        ("Somerset Council", "Somerset County Council", "successor"),
        ("Somerset County Council", "Somerset Council", "predecessor"),
    ):
        named = read(f"What did {told} do?", BodyMatcher([held]))
        assert (named.council, named.not_held) == ((held,), ())
        assert [(kin.told, kin.held, kin.relation) for kin in named.kin] == [(told, held, relation)]
    assert read("What did Somerset do?", BodyMatcher(["Somerset Council"])).kin == ()


def test_london_borough_before_council():
    """“London Borough” may stand behind a place too."""
    question = "Was Barnet London Borough Council late?"
    assert read(question, BodyMatcher(["London Borough Of Barnet"])).council == ("London Borough Of Barnet",)
