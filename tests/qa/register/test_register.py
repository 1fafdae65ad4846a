from __future__ import annotations

import datetime
import json

import pytest
from conftest import FAKE_MODEL, PROJECT, SEEDS, SIXTH, WordEmbedder
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.catalogue import Facets, Filter
from index.decisions import DecisionEntry, Provenance, Reference
from index.store import Store
from qa.register.answers import answer_query
from qa.register.catalogue import Catalogue
from qa.register.query import Anchor, RegisterQuery, outcome_of
from qa.register.read_query import read_loosely, read_query
from qa.register.words import ASIDES, PHRASES, read_words
from qa.retrieval.requests import Question
from qa.text.periods import Period
from qa.text.question_entities import BodyMatcher

TODAY = datetime.date(2026, 1, 15)
HALTON, KENT, FIRST, SECOND, WEST = "20 001 737", "21 000 832", "21 002 206", "21 000 259", "21 017 496"
"""The five decisions, oldest first; those between Kent and West Northamptonshire are about Leicestershire."""
ALL = [WEST, SECOND, FIRST, KENT, HALTON]
LEICESTERSHIRE = [SECOND, FIRST]
QUESTIONS = json.loads((PROJECT / "tests" / "register.json").read_text(encoding="utf-8"))
"""Written by others who did not know the rules; what is asked of the five decisions, and what is not."""


class Register:
    """A version, and what it is asked."""

    def __init__(self, folder, decisions):
        build(decisions, folder, FAKE_MODEL, lambda _: WordEmbedder())
        self.store = Store.open(folder)
        self.catalogue = Catalogue.of(self.store, BodyMatcher(self.store.bodies()))

    def read(self, question):
        return read_query(question, self.catalogue, TODAY)

    def ask(self, question):
        query = self.read(question)
        assert query is not None, question
        return answer_query(query, self.store)

    def told(self, question):
        return self.ask(question).sentence

    def references(self, question):
        return [str(entry.reference) for entry in self.ask(question).decisions]


@pytest.fixture(scope="session")
def seeds(tmp_path_factory):
    """The register of the five decisions, all of them upheld."""
    return Register(tmp_path_factory.mktemp("register"), SEEDS)


class Nothing:
    """A register of one body at most, in which no decision passes any filter but the empty one."""

    def __init__(self, bodies):
        self.bodies = bodies

    def facets(self):
        return Facets(
            (("Kent County Council", 1),) * self.bodies, (("Housing > Other", 1),), (("Upheld", 1),), (), None, None
        )

    def holds(self, reference):
        return True

    def count(self, within):
        return self.bodies if within == Filter() else 0

    def entries(self, within, limit=None, offset=0):
        return []


OTHERS = (
    ("23 000 001", "Reading Borough Council", "Adult care services > Charging", "Not upheld", "01 Feb 2023"),
    (
        "23 000 002",
        "Reading Borough Council",
        "Housing > Homelessness",
        "Closed after initial enquiries",
        "02 Mar 2023",
    ),
    ("23 000 003", "Reading Borough Council", "Housing > Homelessness", "Upheld", "03 Apr 2024"),
    ("23 000 004", "London Borough of Bexley", "Housing > Homelessness", "Upheld", None),
    ("23 000 005", "Barts Health NHS Trust", "Adult care services > Charging", None, "05 May 2024"),
    ("23 000 006", "London Borough of Bexley", None, "Not upheld", "06 Jun 2024"),
)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """A register with every outcome, and with a decision that has no date, no outcome, and no category each."""
    decisions = tmp_path_factory.mktemp("mixed")
    for reference, body, category, outcome, date in OTHERS:
        text = SIXTH.read_text(encoding="utf-8").replace("Northwick Borough Council", body)
        text = text.replace("22 009 999", reference)
        header, summary, rest = text.partition("The Ombudsman's final decision")
        for name, old, new in (
            ("Category", "Children's care services > Child protection", category),
            ("Decision", "Upheld", outcome),
            ("Decision date", "14 Feb 2023", date),
        ):
            header = header.replace(f"{name} : {old}\n", f"{name} : {new}\n" if new else "")
        (decisions / f"{reference.replace(' ', '-')}.txt").write_text(header + summary + rest, encoding="utf-8")
    return Register(tmp_path_factory.mktemp("mixed-index"), decisions)


ASKED = [
    # how many
    ("How many decisions are held?", ALL),
    ("how many are there", ALL),
    ("total number of rulings please", ALL),
    ("how big is your database", ALL),
    ("how many about Leicestershire", LEICESTERSHIRE),
    ("How many decisions are about Leicestershire County Council?", LEICESTERSHIRE),
    ("how many cases against kent", [KENT]),
    ("number of judgments against Halton Borough Council", [HALTON]),
    ("how many complaints did the Ombudsman uphold against Leicestershire?", LEICESTERSHIRE),
    ("how many times was Leicestershire told off", LEICESTERSHIRE),
    ("how many were not upheld", []),
    ("how many complaints got rejected", []),
    ("how many in 2022", [WEST, SECOND, FIRST]),
    ("how many decisions since March 2022", [WEST, SECOND]),
    ("how many between January 2021 and June 2022?", [SECOND, FIRST, KENT, HALTON]),
    ("how many before 2022", [KENT, HALTON]),
    ("how many after 5 January 2022", [WEST, SECOND]),
    ("how many in the category child protection", [FIRST, KENT]),
    ("how many about child protection against kent", [KENT]),
    ("how many are not in the child protection category", [WEST, SECOND, HALTON]),
    ("how many concern county councils", [SECOND, FIRST, KENT]),
    ("upheld: how many?", ALL),
    ("How many descisions about kent", [KENT]),
    # which
    ("list the decisions", ALL),
    ("what decisions do you hold", ALL),
    ("what do you cover", ALL),
    ("what's in the database", ALL),
    ("name the cases against Leicestershire", LEICESTERSHIRE),
    ("any from Kent?", [KENT]),
    ("do you have anything on Halton?", [HALTON]),
    ("is there a decision about West Northamptonshire?", [WEST]),
    ("which ones were not upheld", []),
    ("list upheld decisions about Kent since 2020", [KENT]),
    ("decisions about Halton or Kent", [KENT, HALTON]),
    ("cases not about Leicestershire", [WEST, KENT, HALTON]),
    ("anything newer than the Kent decision?", [WEST, SECOND, FIRST]),
    ("which councils are in here", ALL),
    ("name every council in your data", ALL),
    ("which councils were found at fault in 2022", [WEST, SECOND, FIRST]),
    ("which councils appear more than once", LEICESTERSHIRE),
    ("councils with just one decision", [WEST, KENT, HALTON]),
    ("has any council won", []),
    ("what categories are there", ALL),
    # in order of time
    ("what is the latest decision about Leicestershire?", [SECOND]),
    ("the most recent upheld one", [WEST]),
    ("the newest three", [WEST, SECOND, FIRST]),
    ("oldest decision", [HALTON]),
    ("second most recent decision", [SECOND]),
    ("when was Leicestershire last found at fault", [SECOND]),
    ("what came next after the Kent decision", [FIRST]),
    ("which came later, 21 000 259 or 21 002 206?", [SECOND]),
    # of one decision
    ("was 21 000 259 upheld?", [SECOND]),
    ("outcome of the Kent case", [KENT]),
    ("did Kent win?", []),
    ("were both Leicestershire complaints upheld?", LEICESTERSHIRE),
    ("when was the Halton decision made", [HALTON]),
    ("date of 21 017 496", [WEST]),
    ("what category is the Kent decision", [KENT]),
    ("what's the reference of the Kent decision", [KENT]),
    ("Which council is 21 000 259 about?", [SECOND]),
    # as shares, and compared
    ("what proportion was upheld", ALL),
    ("are they all upheld", ALL),
    ("which year has most", [WEST, SECOND, FIRST]),
    ("which council has the most complaints", LEICESTERSHIRE),
    ("how many in each category", ALL),
    ("how many against Kent compared with Halton", [KENT, HALTON]),
    ("does Leicestershire have more than Kent", [SECOND, FIRST, KENT]),
    ("how far back do the decisions go", [WEST, HALTON]),
    # in order, and beside each other
    ("the one from 12 May 2022", [SECOND]),
    ("references beginning with 21", [WEST, SECOND, FIRST, KENT]),
    ("which reference ends in 737", [HALTON]),
    ("whose is the highest reference number", [WEST]),
    ("the middle one by date", [FIRST]),
    ("which council was second to receive a decision", [KENT]),
    ("which decision is nearest to 1 March 2022", [FIRST]),
    ("what is the longest gap between decisions", [KENT, HALTON]),
    ("which two decisions came closest together", [FIRST, KENT]),
    ("do any two decisions share a date", []),
    ("any duplicate councils", LEICESTERSHIRE),
    ("any dupes? same council and same category", []),
    ("which authority has cases in both categories", LEICESTERSHIRE),
    ("what else is in the same category as the Kent decision", [FIRST]),
    ("other decisions in the same category as Halton", [WEST, SECOND]),
    ("all but the oldest", [WEST, SECOND, FIRST, KENT]),
    ("was any decision made on a weekend", [WEST]),
    ("how do 21 002 206 and 21 000 259 differ", LEICESTERSHIRE),
    ("decisions not from 2022", [KENT, HALTON]),
    ("any decisions between Kent's and West Northamptonshire's", LEICESTERSHIRE),
    ("either child protection or decided in October 2022", [WEST, FIRST, KENT]),
    ("Leicestershire + child protection", [FIRST]),
    ("I want a council with a clean sheet. Any?", []),
    # as typed into a search box
    ("leicestershire decisions", LEICESTERSHIRE),
    ("kent case date", [KENT]),
    ("upheld decisions 2022", [WEST, SECOND, FIRST]),
    ("ombudsman cases on kent", [KENT]),
    ("kent: upheld or not", [KENT]),
    # with words that do not count
    ("Hi, could you tell me how many decisions you have on Kent, please? Thanks!", [KENT]),
    ("I'm writing a report on social work and need to know which councils you cover.", ALL),
    ("I live in Leicestershire. Is there a decision about them in your records?", LEICESTERSHIRE),
]


@pytest.mark.parametrize(("question", "decisions"), ASKED)
def test_a_question_about_the_collection_is_answered_with_its_decisions(seeds, question, decisions):
    answer = seeds.ask(question)
    assert [str(entry.reference) for entry in answer.decisions] == decisions
    assert answer.count == len(decisions)


@pytest.mark.parametrize(
    "question",
    [
        "how many days does a council have to respond at stage one?",
        "how many children did Mrs D have?",
        "how many complaints did Mr H make",
        "how many weeks late was the reply",
        "how many stages does the complaints procedure have",
        "when was the assessment completed?",
        "when must a decision be made?",
        "when was the complaint about Kent made",
        "when was the first meeting",
        "when was the decision made?",
        "which councils must keep records",
        "which decision was wrong",
        "which decisions mention hotels",
        "what did the Kent decision say about consent?",
        "what does the Kent decision say",
        "what was upheld in the West Northamptonshire case",
        "what is the Kent decision about",
        "why was the complaint against Kent upheld",
        "list the actions the Council agreed",
        "list everything Halton agreed to do",
        "latest date to pay",
        "did the council uphold her complaint at stage two?",
        "did Kent uphold the complaint",
        "was the complaint upheld?",
        "was it criticised for that?",
        "is it fault if a reply is late",
        "is a complaint upheld where nothing was lost",
        "who decides whether a complaint is upheld",
        "what was the outcome of the section 47 enquiry",
        "can the ombudsman look at a case that was decided in 2021",
        "compare the Kent and Halton decisions",
        "when did the Ombudsman receive the complaint in 21 000 832",
        "Can siblings attend the same school?",
        "Should complaints be heard by the same officer?",
        "Did the same social worker visit the family each time?",
        "How many visits did the social worker make in total?",
        "how many weeks did the assessment take altogether?",
        "How often must a council discuss progress with parents?",
        "How many times did the council refer to the safety agreement?",
        "Which Ombudsman powers apply to academies?",
        "What was the main failing in Kent's decision?",
        "what was the main reason for the complaint in 21 000 832?",
        "what was the main fault",
        "why did the council ignore her most serious complaint?",
        "What is the most important report for a child protection conference?",
        "what was the clearest report",
        "How many pages of notes did the council keep?",
        "What was the total of the payments to Mrs X?",
        "child protection",
        "Kent",
        "council",
        "what about it?",
        "",
    ],
)
def test_a_question_that_paragraphs_answer_is_none(seeds, question):
    assert seeds.read(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "how many paragraphs mention hotels",
        "how many decisions mention hotels",
        "how many cases found a delay",
        "how many decisions awarded more than £500",
        "in how many decisions was a social worker rude?",
        "of the councils here, how many apologised?",
        "what share of all councils were upheld",
        "what percentage of cases involved an apology",
        "how many complaints does the Ombudsman get a year",
        "what is the uphold rate across the country",
        "what is the average payment",
        "total compensation in all decisions",
        "who has the most paragraphs on consent",
        "which is the worst council",
        "which decision is the harshest on the council",
        "most common fault in these decisions",
        "which council paid the most",
        "who complained the most",
        "how many decisions contain the word sorry",
        "which decisions did the same investigator write",
        "what percentage of all complaints does the Ombudsman uphold",
        "How many pages does the Leicestershire child protection decision run to?",
    ],
)
def test_a_count_that_a_register_cannot_give_says_so(seeds, question):
    """It is neither counted nor handed to the paragraphs: one sentence says why, and what can be asked."""
    query = seeds.read(question)
    assert query is not None
    assert query.asks == "cannot"
    answer = answer_query(query, seeds.store)
    assert answer.count == 0 and not answer.decisions
    assert "Ask " in answer.sentence


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "how many are there",
            "5 decisions are held, about 4 bodies, made from 10 March 2021 to 9 October 2022, all 5 upheld.",
        ),
        (
            "how many about leicestershire",
            "2 of the 5 decisions held are about Leicestershire County Council, both upheld.",
        ),
        ("how many against kent", "1 of the 5 decisions held is about Kent County Council, upheld."),
        ("how many were upheld", "All 5 decisions held were upheld."),
        ("how many were not upheld", "All 5 decisions held were upheld; none was not upheld."),
        (
            "any against kent that were not upheld?",
            "None of the 5 decisions held is about Kent County Council and was not upheld; "
            "there is 1 decision about Kent County Council, upheld.",
        ),
        ("how many in 2022", "3 of the 5 decisions held were made in 2022, all 3 upheld."),
        (
            "anything in 2023?",
            "None of the 5 decisions held was made in 2023; they were made from 10 March 2021 to 9 October 2022.",
        ),
        (
            "the latest about leicestershire",
            "The latest decision about Leicestershire County Council is 21 000 259 (Leicestershire County Council), "
            "made on 12 May 2022, upheld.",
        ),
        (
            "which came later, 21 000 259 or 21 002 206?",
            "The latest decision of these is 21 000 259 (Leicestershire County Council), made on 12 May 2022, upheld.",
        ),
        ("was 21 000 259 upheld?", "Yes: 21 000 259 (Leicestershire County Council) was upheld."),
        ("did kent win?", "No: 21 000 832 (Kent County Council) was upheld."),
        (
            "were both leicestershire cases upheld?",
            "Both decisions about Leicestershire County Council were upheld (100%).",
        ),
        ("when was the halton case decided", "20 001 737 (Halton Borough Council) was made on 10 March 2021."),
        ("reference for kent", "The reference is 21 000 832 (Kent County Council, 25 November 2021)."),
        (
            "how many against kent compared with leicestershire",
            "Of the 5 decisions held, 1 is about Kent County Council and 2 are about Leicestershire County Council.",
        ),
        ("decisions per year", "5 decisions held: 3 in 2022 and 2 in 2021."),
        ("which year has most", "2022 has the most: 3 of the 5 decisions held."),
        (
            "which councils appear more than once",
            "1 of the 4 bodies held has more than one decision: Leicestershire County Council (2).",
        ),
        (
            "which councils were told off in 2021",
            "2 decisions that were made in 2021 and upheld are about 2 bodies: Halton Borough Council (1) and "
            "Kent County Council (1).",
        ),
        ("any london boroughs?", "None of the 5 decisions held is about London boroughs."),
        (
            "any planning decisions?",
            "None of the 5 decisions held is in the category Planning; the categories held are "
            "Children's care services > Child protection and Children's care services > Other.",
        ),
    ],
)
def test_one_plain_sentence_tells_the_answer(seeds, question, sentence):
    assert seeds.told(question) == sentence


def test_the_filters_are_told_as_they_were_understood(seeds):
    """By the keys of a search, so that a page can link to the list with them set."""
    answer = seeds.ask("list upheld child protection decisions about kent in 2021, newest first")
    assert answer.filters == {
        "council": ["Kent County Council"],
        "category": ["Children's care services > Child protection"],
        "outcome": ["Upheld"],
        "from": "2021-01-01",
        "to": "2021-12-31",
    }
    assert seeds.ask("the oldest one").filters == {"order": "oldest first"}


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "upheld decisions that were not upheld",
            "The filters exclude each other: no decision is upheld and not upheld at once.",
        ),
        (
            "decisions after 2022 and before 2021",
            "The dates exclude each other: no day is both from 1 January 2023 on and up to 31 December 2020.",
        ),
    ],
)
def test_filters_that_exclude_each_other_are_told_so(seeds, question, sentence):
    answer = seeds.ask(question)
    assert (answer.count, answer.decisions, answer.sentence) == (0, (), sentence)


def test_two_outcomes_side_by_side_do_not_exclude_each_other(mixed):
    assert mixed.told("how many upheld and how many not upheld") == (
        "Of the 6 decisions held, 2 were upheld and 2 were not upheld."
    )


@pytest.mark.parametrize(
    "question", ["how many decisions about Surrey?", "is there a case against Surrey County Council"]
)
def test_a_body_that_is_not_held_is_exposed(seeds, question):
    """Whoever calls decides what is said of it; the count of what is held is 0."""
    query = seeds.read(question)
    assert query is not None
    assert query.unknown in {("Surrey",), ("Surrey County Council",)}
    assert answer_query(query, seeds.store).count == 0


def test_a_reference_that_is_not_held_is_exposed(seeds):
    query = seeds.read("was 22 004 518 upheld?")
    assert query is not None
    assert query.unknown == ("22 004 518",)


@pytest.mark.parametrize(
    ("question", "references"),
    [
        ("which were not upheld", ["23 000 006", "23 000 001"]),
        ("which councils were cleared", ["23 000 006", "23 000 001"]),
        ("how many were closed after initial enquiries", ["23 000 002"]),
        ("how many cases did reading lose", ["23 000 003"]),
        ("housing decisions", ["23 000 003", "23 000 002", "23 000 004"]),
        ("any homelessness cases against bexley", ["23 000 004"]),
        ("any nhs trusts?", ["23 000 005"]),
        ("which london boroughs do you have", ["23 000 006", "23 000 004"]),
        ("what proportion were upheld", ["23 000 003", "23 000 004"]),
        ("the oldest decision", ["23 000 001"]),
        ("how many about reading", ["23 000 003", "23 000 002", "23 000 001"]),
        ("which year has fewest", ["23 000 002", "23 000 001"]),
    ],
)
def test_each_kind_of_outcome_category_and_body_is_told_apart(mixed, question, references):
    assert mixed.references(question) == references


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (
            "how many since 2024",
            "3 of the 6 decisions held were made from 1 January 2024 on: 1 not upheld, 1 upheld, 1 without an outcome. "
            "1 decision without a date is not counted.",
        ),
        (
            "how many about reading",
            "3 of the 6 decisions held are about Reading Borough Council: "
            "1 closed after initial enquiries, 1 not upheld, 1 upheld.",
        ),
        ("what share was upheld", "2 of the 6 decisions held were upheld (33%)."),
        (
            "when were the bexley decisions made",
            "23 000 006 (London Borough of Bexley) was made on 6 June 2024; "
            "23 000 004 (London Borough of Bexley) has no date.",
        ),
        ("was 23 000 005 upheld?", "No: 23 000 005 (Barts Health NHS Trust) has no outcome on record."),
        ("category of 23 000 006", "23 000 006 (London Borough of Bexley) has no category."),
    ],
)
def test_what_the_register_lacks_is_said(mixed, question, sentence):
    assert mixed.told(question) == sentence


@pytest.mark.parametrize(
    "question",
    [
        # one of two, and more
        "upheld decisions about Bexley or housing",
        "Bexley in 2024 or housing",
        "decisions about Croydon or from 2023",
        "decisions not upheld or about Reading",
        # numbers of decisions
        "which councils have fewer than two decisions",
        "which councils have less than 3 decisions",
        "which councils have no more than two decisions",
        "which councils have three or more decisions",
        "which councils have decisions in more than one category",
        # what is not so
        "decisions not made on a weekend",
        "all decisions except those made on a weekend",
        "references not beginning with 23",
        "all except the upheld ones",
        "everything except upheld",
        "all but the closed ones",
        "everything but 23 000 001",
        "every decision but 23 000 001",
        "decisions other than 23 000 001",
        "how many were upheld except 23 000 003",
        "neither upheld nor about Reading",
        "which decisions are neither about Reading nor Bexley",
        # by their own dates and references, of some only
        "decision nearest to 2024",
        "decision nearest to May 2024",
        "upheld decision nearest to 1 May 2024",
        "all upheld decisions but the latest",
        "all but the latest about Reading",
        "the highest reference in 2023",
        "the longest gap between upheld decisions",
        "the two longest gaps",
        "the second highest reference number",
        "upheld or closed decisions",
        "do any two upheld decisions share a category",
        "which decisions share a category but not a council",
        "any duplicate references",
        "latest decision made on a Friday",
    ],
)
def test_what_filters_may_not_say_rightly_is_none(mixed, question):
    assert mixed.read(question) is None
    loosely = read_loosely(question, mixed.catalogue, TODAY)
    assert loosely is None or loosely.asks == "cannot"


@pytest.mark.parametrize(
    ("question", "references", "sentence"),
    [
        (
            "decisions about Bexley or housing",
            ["23 000 006", "23 000 003", "23 000 002", "23 000 004"],
            "4 of the 6 decisions held are about London Borough of Bexley or are in the category "
            "Housing > Homelessness.",
        ),
        (
            "either housing or decided in 2024",
            ["23 000 006", "23 000 005", "23 000 003", "23 000 002", "23 000 004"],
            "5 of the 6 decisions held are in the category Housing > Homelessness or were made in 2024.",
        ),
        (
            "either Reading or decided in 2024",
            ["23 000 006", "23 000 005", "23 000 003", "23 000 002", "23 000 001"],
            "5 of the 6 decisions held are about Reading Borough Council or were made in 2024. "
            "1 decision without a date is not counted.",
        ),
        (
            "references beginning with 23 000 9",
            [],
            "None of the 6 decisions held has a reference that begins with 230009.",
        ),
        (
            "which authority has cases in both categories",
            ["23 000 003", "23 000 002", "23 000 001"],
            "3 decisions of more than one category are about Reading Borough Council (3).",
        ),
        (
            "what else is in the same category as 23 000 006",
            [],
            "No category is known of 23 000 006 (London Borough of Bexley).",
        ),
        (
            "any decisions between 23 000 004 and 23 000 006",
            [],
            "One of these has no date, so we cannot tell what lies between: 23 000 006 (London Borough of Bexley), "
            "made on 6 June 2024 and 23 000 004 (London Borough of Bexley), without a date.",
        ),
        (
            "everything except housing",
            ["23 000 005", "23 000 001"],
            "2 of the 6 decisions held are not in the category Housing > Homelessness: 1 not upheld, "
            "1 without an outcome. 1 decision without a category is not counted.",
        ),
        (
            "which councils have more than one decision that was upheld",
            [],
            "None of the 3 bodies held has more than one decision that was upheld.",
        ),
        (
            "what is the middle upheld decision in 2024",
            ["23 000 003"],
            "The only decision that was made in 2024 and upheld that has a date is 23 000 003 (Reading Borough "
            "Council), made on 3 April 2024. 1 decision without a date is not counted.",
        ),
        (
            "which upheld decisions were made on a Wednesday in 2024",
            ["23 000 003"],
            "The only decision that was made in 2024 and upheld was made on a Wednesday: 23 000 003 (Reading Borough "
            "Council), made on 3 April 2024. 1 decision without a date is not counted.",
        ),
        (
            "all but the newest 5",
            [],
            "No decision is left without the latest, 23 000 006 (London Borough of Bexley), made on 6 June 2024, "
            "23 000 005 (Barts Health NHS Trust), made on 5 May 2024, 23 000 003 (Reading Borough Council), made on "
            "3 April 2024, 23 000 002 (Reading Borough Council), made on 2 March 2023 and 23 000 001 (Reading Borough "
            "Council), made on 1 February 2023. 1 decision without a date is not counted.",
        ),
    ],
)
def test_what_has_no_date_or_category_is_no_part_of_what_is_said(mixed, question, references, sentence):
    assert (mixed.references(question), mixed.told(question)) == (references, sentence)


def test_what_is_not_of_a_body_is_not_listed_with_its_decisions(seeds):
    assert seeds.references("Give me every decision from 2022 that isn't Leicestershire") == [WEST]


class OneDay:
    """A register of 60 decisions about one body, in one category and made on one day."""

    held = tuple(
        DecisionEntry(
            Reference(f"23 000 {number:03}"),
            "Kent County Council",
            "Housing > Other",
            "Upheld",
            TODAY,
            "published",
            Provenance(),
            9,
            "none",
        )
        for number in range(60)
    )

    def facets(self):
        one = (("Kent County Council", 60),), (("Housing > Other", 60),), (("Upheld", 60),)
        return Facets(*one, (), TODAY, TODAY)

    def entries(self, within, limit=None, offset=0):
        last = within.date_to or TODAY
        found = [
            entry
            for entry in self.held
            if (within.date_from or TODAY) <= TODAY <= last
            and (not within.reference or entry.reference in within.reference)
        ]
        return found[offset:][:limit]

    def count(self, within):
        return len(self.entries(within))


def test_all_that_are_named_are_set_aside_from_those_like_them():
    query = RegisterQuery("like", bodies=("Kent County Council",), shared=("category",))
    assert answer_query(query, OneDay()).count == 0


def test_all_that_were_made_on_the_nearest_day_are_told():
    query = RegisterQuery("nearest", periods=(Period(TODAY, TODAY),))
    answer = answer_query(query, OneDay())
    assert answer.count == 60
    assert answer.sentence.endswith(" and 50 more.")


def test_nothing_lies_between_two_of_one_day():
    first, last = OneDay.held[0].reference, OneDay.held[1].reference
    query = RegisterQuery("list", anchor=Anchor((), (first, last), before=False, between=True))
    answer = answer_query(query, OneDay())
    assert answer.count == 0
    assert answer.sentence.startswith("No day lies between: ")


def test_an_empty_register_says_that_nothing_is_held():
    store = Nothing(bodies=0)
    query = read_query("how many decisions are held?", Catalogue.of(store, BodyMatcher([])), TODAY)
    assert query is not None
    assert answer_query(query, store).sentence == "We have no decisions."


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Upheld", "upheld"),
        ("Upheld: fault and injustice", "upheld"),
        ("Not upheld", "not upheld"),
        ("Not Upheld: no fault", "not upheld"),
        ("Closed after initial enquiries", "closed"),
        ("Partly upheld", "partly upheld"),
        ("Report", None),
    ],
)
def test_the_kind_of_an_outcome_is_told_by_how_its_name_begins(name, kind):
    assert outcome_of(name) == kind


@pytest.mark.parametrize(
    ("phrase", "example"),
    [(phrase, example) for phrase in (*ASIDES, *PHRASES) for example in phrase.examples],
    ids=lambda value: value if isinstance(value, str) else value.token,
)
def test_every_phrase_is_read_in_its_examples(phrase, example):
    """The token stands in the place of the example's first words; what says nothing is gone."""
    token, read = phrase.token.split(), phrase.pattern.sub(phrase.token, example)
    assert read != example
    assert read.split()[: len(token)] == token


def test_every_phrase_has_an_example():
    assert all(phrase.examples for phrase in (*ASIDES, *PHRASES))


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("not upheld", "N"),
        ("found no fault", "N"),
        ("in favour of the council", "N"),
        ("in favour of the complainant", "U"),
        ("lost by the complainant", "N"),
        ("ruled against", "U"),
        ("won against", "U"),
        ("upheld or not", "EITHER"),
    ],
)
def test_who_won_and_who_lost_is_told_from_all_of_the_words(text, tokens):
    assert read_words(text) == tokens


def test_capitals_tell_nothing_where_every_word_has_them(seeds):
    """“HOW MANY MENTION HOTELS” names no body called Hotels."""
    for question in ("HOW MANY DECISIONS ARE ABOUT HOTELS", "How Many Decisions Are About Hotels"):
        query = seeds.read(question)
        assert query is not None
        assert (query.asks, query.unknown) == ("cannot", ())


@given(st.text(max_size=350))
def test_any_text_is_read_without_error(question):
    names = BodyMatcher(["Kent County Council"])
    catalogue = Catalogue(("Kent County Council",), ("Housing > Other",), names, lambda _: False)
    query = read_query(question, catalogue, TODAY)
    assert query is None or query.asks


@given(
    st.lists(
        st.sampled_from(
            "how many which what list the any decisions cases councils council upheld not kent and or in 2021 2022 "
            "since "
            "before latest first most each category outcome date reference when who was were did have 21 000 832 two "
            "last year other than child protection ? , . - more one all".split()
        ),
        max_size=14,
    ).map(" ".join)
)
def test_whatever_is_read_can_be_answered(question):
    """Every query that words of the register make has an answer: a sentence, and as many decisions as it counts."""
    names = BodyMatcher(["Kent County Council"])
    store = Nothing(bodies=1)
    query = read_query(question, Catalogue.of(store, names), TODAY)
    if query is not None:
        answer = answer_query(query, store)
        assert answer.sentence.endswith(".")
        assert answer.decisions == ()


@pytest.mark.parametrize(
    ("question", "decisions"),
    [
        ("a quick rundown of all your cases", ALL),
        ("For our annual return: decisions made in 2021.", [KENT, HALTON]),
        ("My tutor says to use only decisions from 2021. Which ones would those be?", [KENT, HALTON]),
        ("might I trouble you for the oldest decision", [HALTON]),
        ("Deadline looming: list who was upheld against.", ALL),
    ],
)
def test_words_that_do_no_harm_count_for_nothing_beside_the_decisions_held(seeds, question, decisions):
    assert seeds.references(question) == decisions


@pytest.mark.parametrize(
    "question",
    ["a quick look at the consent", "a precise record of the meeting", "the supervisor's notes of the report"],
)
def test_words_that_do_no_harm_make_no_question_about_the_collection(seeds, question):
    assert seeds.read(question) is None


@pytest.mark.parametrize(
    ("question", "decisions"),
    [
        ("My council is Kent. Are we in here?", [KENT]),
        ("I've read the Kent decision already. What else do you have?", [WEST, SECOND, FIRST, HALTON]),
        ("My cut-off is 31 March 2022; what falls before that?", [FIRST, KENT, HALTON]),
        ("I only want county councils – which decisions?", [SECOND, FIRST, KENT]),
        ("A friend told me there are five of these. True?", ALL),
    ],
)
def test_what_was_said_before_is_read_where_the_question_points_back_to_it(seeds, question, decisions):
    assert seeds.references(question) == decisions


@pytest.mark.parametrize(
    ("question", "decisions"),
    [
        ("anything decided in January", [FIRST]),
        ("which decisions were made in a June", []),
        ("latest per council", [WEST, SECOND, KENT, HALTON]),
        ("the last but one", [SECOND]),
        ("not the latest but the one before that", [SECOND]),
        ("which of the two Leicestershire decisions predates the other", [FIRST]),
        ("was Halton decided before or after Kent", [KENT, HALTON]),
        ("how many decisions postdate the Kent one", [WEST, SECOND, FIRST]),
        ("is Kent the only council with a child protection decision", [FIRST, KENT]),
        ("category: child protection, body: Kent", [KENT]),
        ("min and max decision date", [WEST, HALTON]),
    ],
)
def test_an_order_or_a_month_alone_tells_the_decisions(seeds, question, decisions):
    assert seeds.references(question) == decisions


@pytest.mark.parametrize(
    "question",
    [
        "do you hold decisions of the Scottish Public Services Ombudsman",
        "who picked these five decisions",
        "when was your collection last updated",
        "is Leicestershire getting better or worse over time",
        "which decision is the longest",
        "how many decisions has the Ombudsman ever issued",
        "in how many did the council have to pay",
    ],
)
def test_what_lies_beyond_the_register_says_so(seeds, question):
    query = seeds.read(question)
    assert query is not None
    assert query.asks == "cannot"


@pytest.mark.parametrize(
    "question",
    [
        "List all decisions excluding those about Leicestershire County Council.",
        "all decisions except the ones on Leicestershire",
        "every decision but not about Leicestershire",
    ],
)
def test_what_is_excluded_is_not_listed(seeds, question):
    """However it is said that a body is left out, its decisions are not told."""
    assert seeds.references(question) == [WEST, KENT, HALTON]


def test_many_is_mistyped(seeds):
    """“How meny” asks how many."""
    assert seeds.references("how meny upheld decisions in 2022") == [WEST, SECOND, FIRST]


STORY = "Mum's carers were shocking all winter, three agencies and not one of them could find the key safe."


@pytest.mark.parametrize(
    ("question", "decisions"),
    [
        (f"{STORY} Have you a decision on Halton?", [HALTON]),
        (f"{STORY} Which decisions were made in 2021?", [KENT, HALTON]),
        (
            "My brother Alan lives up Runcorn way and never believes me. Have you a decision on Halton, and when?",
            [HALTON],
        ),
        (
            "I'm seventy-nine and can't be doing with spreadsheets, so tell me which decisions are from 2021",
            [KENT, HALTON],
        ),
        ("Earliest decision in the category Other - law student, need it for a footnote", [HALTON]),
        ("I've a scrap of paper with 21 002 206 on it in his hand, bless him. Was that one upheld or not?", [FIRST]),
        (
            "As a nan bringing up two boys in Leicestershire I should like the list of decisions on our council",
            LEICESTERSHIRE,
        ),
        (
            "Members have asked for decisions dated 1 January 2022 or later. Kindly supply references.",
            [WEST, SECOND, FIRST],
        ),
        ("First decision made in 2022, that's the one I'm after. Which council and what reference?", [FIRST]),
        ("Leave out Leicestershire and Kent. What remains?", [WEST, HALTON]),
        ("Kent's was decided on 25 November 2021. What has been decided since then?", [WEST, SECOND, FIRST]),
    ],
)
def test_what_is_asked_is_found_in_the_story_that_is_told_round_it(seeds, question, decisions):
    assert seeds.references(question) == decisions


@pytest.mark.parametrize(
    "question",
    [
        f"{STORY} Any decisions?",
        f"{STORY} Have you any decisions like that?",
        "two leicestershire decisions - did both end with money or just one of them",
        "45 days is it, for an assessment? Which of the decisions says so, I look after my niece",
        "We act for a mother and are collating upheld decisions, category Child protection. What do you have?",
    ],
)
def test_a_question_that_needs_its_story_is_none(seeds, question):
    assert seeds.read(question) is None


@pytest.mark.parametrize(
    ("question", "decisions"),
    [
        ("Upheld + Other + 2021. How many?", [HALTON]),
        ("For my sample: the decisions in child protection. How many, and which references?", [FIRST, KENT]),
        ("decisions after 5 January 2022 (not counting that day itself)", [WEST, SECOND]),
        ("Upheld decisions for the financial year 2021/22 (1 April 2021 to 31 March 2022)", [FIRST, KENT]),
        ("Was there any decision after the Leicestershire one of May 2022?", [WEST]),
        ("which rulings came after the Kent one but before the West Northamptonshire one", LEICESTERSHIRE),
        ("child protection, upheld, since 1 November 2021, any council but Kent", [FIRST]),
        ("upheld=true&date_from=2021-11-01&date_to=2022-05-31", [SECOND, FIRST, KENT]),
    ],
)
def test_every_filter_that_is_set_counts_once(seeds, question, decisions):
    answer = seeds.ask(question)
    assert [str(entry.reference) for entry in answer.decisions] == decisions
    assert answer.count == len(decisions)


LIMITED = [
    ("Kent's decision was made in November 2021. How many have been made before then?", 1),
    ("The Halton decision came on 10 March 2021. Were any decisions made before then?", 0),
    ("21 000 832 was made on 25 November 2021. What had been decided before then?", 1),
    ("how many upheld decisions, for the Kent council", 1),
    ("how many decisions do you hold, for the kent report", 1),
    ("how many were upheld, for the child protection", 2),
    ("how many, for the Surrey case", 0),
    ("which was the latest, for the Leicestershire one", 1),
    ("how many decisions, for a borough", 1),
    ("our committee covers Kent, so which upheld decisions do you have", 1),
    ("I want decisions about hotels, so list the upheld ones", None),
    ("I'd like decisions on bullying, any upheld ones", None),
    ("I need everything on foster placements breaking down, so which decisions do you hold", None),
    ("because I work in 2022 cases, how many decisions were upheld", 3),
    (f"{STORY} Which decisions are from 2021? Not the Kent one please.", 1),
    (f"{STORY} Have you a decision on Halton? Or Kent?", 2),
    (f"{STORY} Have you a decision on Halton? And on Surrey?", 1),
    (f"{STORY} How many decisions were upheld? I only care about Kent.", 1),
    (f"{STORY} How many decisions were upheld? Leave Kent out of it though.", 4),
    (f"{STORY} How many decisions were upheld? Just those from 2021 on.", 5),
    ("list the decisions I have already read about Kent", 1),
    ("how many decisions about the councils I already know about: Kent and Halton?", 2),
    ("I already got the Halton decision, what category is it?", 1),
    ("We already have child protection, how many decisions?", 3),
    ("We already know about 2021, how many decisions do you hold?", 3),
    ("how many decisions in May 2022, including those before then", 4),
    ("the latest decision of 2022 and the one just before that", None),
    ("which decisions were made in 2022 and which before that", 5),
    ("how many in 2021, or before then, were about Halton", 1),
    ("were there more in 2022 than before that?", None),
    ("How many decisions were made in 2021, and how many since then?", None),
    ("Which decisions came after West Northamptonshire but before Kent?", 0),
    ("how many decisions were made after the West Northamptonshire decision but before the Halton decision?", 0),
    ("which decisions were made after the Halton decision in 2021?", 1),
    ("how many were decided before the West Northamptonshire decision in 2022?", 2),
    ("how many child protection decisions after the Halton decision in 2021?", 1),
    ("decisions before the Leicestershire decision of 2021", 0),
    ("decisions after the Surrey decision of May 2022", 0),
    ("how many decisions before the Surrey decision of November 2021?", 0),
    ("how many in 2021 and how many in November 2021?", 2),
    ("how many decisions in Q1 2022 and in 2022", 3),
    ("List decisions for the committee of 2021", 2),
    ("how many decisions for the panel of May 2022?", 1),
    ("how many decisions for the meeting of 12 May 2022", 1),
    ("which decisions are there for the update of 2022?", 3),
    ("I'm writing about Surrey and wondered how many decisions you have", 0),
    ("I am writing about child protection and wondered how many decisions you hold", 2),
    ("our child protection panel wants to read decisions", 2),
    ("our 2022 inquiry needs to see how many decisions were upheld", 3),
    ("I'm interested in child protection and want to know how many upheld", 2),
    ("I only want 2021. How many were upheld?", 2),
    ("How many upheld? I mean in 2021.", 2),
    ("We are collating cases from 2021. How many were upheld?", 2),
    ("Disregard anything before 2022. How many upheld?", 3),
    ("Which is the latest decision? Not Kent.", 1),
    ("How many decisions? Please leave out Kent.", 4),
    ("Ignore Leicestershire. How many decisions were upheld?", 3),
    ("I'm not interested in Kent. How many were upheld?", 4),
    ("Take Kent out. How many remain?", 4),
    ("I know Leicestershire's May 2022 one. What else is there?", None),
    ("how many decisions not under child protection in 2022", 2),
    ("which councils have an equal number of decisions", None),
    ("are any councils tied", None),
    ("is any council tied with Leicestershire", None),
    ("decisions in summer 2022, that is may to july", 1),
    ("how many decisions in the last quarter of 2021 (January to March)", None),
    ("how many decisions between 1 November and 31 January 2022?", 2),
    ("from November until the end of May 2022", None),
    ("21 000 832 is on my desk and I spilled tea on it. List the decisions before this one.", 1),
    ("The Halton decision, which my aunt printed out badly. List decisions since that one.", None),
    ("Was Halton 21 000 832 upheld?", 0),
    ("Kent's 21 000 259: when was it decided?", 0),
    ("outcome: 1 decision", None),
    ("How many days did the Kent case take?", None),
    ("how many months did the Leicestershire complaint take to be decided?", None),
    ("how many years did Kent take over the case", None),
    ("How many days before the Kent complaint was upheld?", None),
    ("how many years after the complaint was the Kent decision made?", None),
    ("How much has Kent lost over the decisions?", None),
    ("what remains for Kent to do", None),
    ("who remains in Kent?", None),
    ("Were complaints ever made to the council about the foster carer in these decisions?", None),
    ("How many cases per person did the social worker carry in the decisions?", None),
    ("Rank the faults in the Kent decision by how much harm they did", None),
    ("Which of the five steps was the longest?", None),
]
"""Questions with something that is easily lost, and the right number; None where a register can give none."""


@pytest.mark.parametrize(("question", "count"), LIMITED)
def test_a_number_heeds_all_that_a_question_says_or_is_not_told(answerer, question, count):
    register = answerer.answer(Question(question=question)).register
    assert register is None or register.count == count, register.sentence


@pytest.mark.parametrize(
    ("question", "decision"),
    [
        ("Which of the two came out later, Kent or Halton?", KENT),
        ("Leicestershire or West Northamptonshire: who has the more recent decision?", WEST),
        ("Of Kent and West Northamptonshire, which has the more recent decision?", WEST),
    ],
)
def test_of_two_bodies_the_one_that_is_asked_for_is_told(seeds, question, decision):
    assert seeds.references(question) == [decision]


# Questions by others -------------------------------------------------------------------------------------------------

RIGHT, CAUGHT = 3260, 1
"""By the rules alone so many questions are answered right, and so many for paragraphs are taken for the register's."""


def is_right(register, item):
    query = register.read(item["question"])
    if item["asks"] == "content" or query is None:
        return query is None and item["asks"] == "content"
    answer = answer_query(query, register.store)
    if item["asks"] == "refuse":  # a right no: nothing is counted, or nothing of the kind is held
        return answer.count == 0
    references = sorted(str(entry.reference) for entry in answer.decisions)
    return query.asks != "cannot" and answer.count == item["count"] and references == sorted(item["decisions"])


def test_so_many_questions_by_others_are_answered_right(seeds):
    right = [item["id"] for item in QUESTIONS if is_right(seeds, item)]
    assert len(right) >= RIGHT, sorted({item["id"] for item in QUESTIONS} - set(right))


def is_answered_right(answer, item):
    """Whether all of the program, not its rules alone, gives the right number, the right no, or no number at all."""
    register = answer.register
    reason = answer.refusal.reason if answer.refusal else None
    if item["asks"] == "content":
        return register is None and reason != "not_in_decisions"
    if item["asks"] == "refuse":
        return reason is not None or (register is not None and register.count == 0)
    held = {str(entry.reference) for entry in register.decisions} if register else set()
    if register and held == {HALTON, WEST} and "; the first is " in register.sentence:
        return HALTON in item["decisions"]  # the span of all; others name the first of them, or every one
    if answer.kind == "citation":  # a body alone, or a reference
        held = {str(hit.entry.reference) for hit in answer.hits}
    if not item["count"] and reason in ("body_not_held", "reference_not_held", "subject_not_held"):
        return True
    return reason is None and answer.kind != "extract" and held == set(item["decisions"])


def test_so_many_questions_by_others_get_the_right_number_or_the_right_no(answerer, some):
    asked = some(QUESTIONS)
    wrong = [
        one["id"]
        for one in asked
        if not is_answered_right(answerer.answer(Question(question=one["question"], limit=50)), one)
    ]
    assert len(wrong) <= 0.05 * len(asked), wrong


def test_hardly_a_question_for_paragraphs_is_taken_for_the_register(seeds):
    content = [item["question"] for item in QUESTIONS if item["asks"] == "content"]
    caught = [question for question in content if seeds.read(question) is not None]
    assert len(content) > 500
    assert len(caught) <= CAUGHT, caught


def test_no_question_that_a_decision_answers_is_taken_for_the_register(seeds):
    """Of the judged questions, those that have an answer in a paragraph."""
    judged = json.loads((PROJECT / "tests" / "questions.json").read_text(encoding="utf-8"))
    answered = [item["question"] for item in judged if item["relevant"]]
    assert len(answered) > 200
    assert [question for question in answered if seeds.read(question) is not None] == []
