"""What is said of a question that gets no answer: one sentence, one signpost, and what is held instead."""

from __future__ import annotations

import datetime
import re

import pytest
from conftest import variant

from index.build import build
from index.decisions import DecisionEntry, Provenance, Reference
from index.store import Store
from qa.answering.refusals import (
    NO_WORDS,
    NOT_TOLD,
    NOTHING_PASSES,
    OUT_OF_SCOPE,
    UNCLEAR,
    Holdings,
    body_not_held,
    names_something,
    premise,
    reference_not_held,
    subject_not_held,
)
from qa.text.bodies import Kin

YEAR_2021, YEAR_2022 = datetime.date(2021, 3, 10), datetime.date(2022, 10, 9)
CHILDREN = ("Children's care services > Child protection", "Children's care services > Other")
ENTRY = DecisionEntry(
    Reference("21 000 832"), "Kent County Council", None, None, None, "published", Provenance(), 9, "none"
)
EVERY = [
    NO_WORDS,
    NOT_TOLD,
    OUT_OF_SCOPE,
    UNCLEAR,
    NOTHING_PASSES,
    subject_not_held(Holdings(5, CHILDREN, YEAR_2021, YEAR_2022)),
    body_not_held(["Surrey"], (), ["Kent County Council"]),
    body_not_held(["Poole"], (Kin("Poole", "Bournemouth, Christchurch and Poole Council", "successor"),), []),
    reference_not_held(["21 017 497"]),
    premise(["window"], ENTRY),
    premise(["window", "resign"], ENTRY, is_named=False),
    premise([], ENTRY),
    premise([], None),
]


@pytest.mark.parametrize("refusal", EVERY, ids=lambda refusal: refusal.reason)
def test_refusal_is_a_sentence_and_a_signpost(refusal):
    """Each says why, and what to do: two sentences or two halves of one, that begin and end as sentences do."""
    assert re.fullmatch(r"[A-Z“].*\.", refusal.detail)
    assert re.search(r"\. |; ", refusal.detail)
    assert not re.search(r"\s\s|\s[.,;]|,,|\.\.", refusal.detail)


@pytest.mark.parametrize(
    ("holdings", "told"),
    [
        (
            Holdings(5, CHILDREN, YEAR_2021, YEAR_2022),
            "5 decisions, all about children's care services, 2021 to 2022",
        ),
        (Holdings(1, CHILDREN[:1], YEAR_2021, YEAR_2021), "1 decision, about children's care services, 2021"),
        (
            Holdings(2, ("Housing > Repairs", "Planning"), YEAR_2021, YEAR_2021),
            "2 decisions, about housing and planning, 2021",
        ),
        (
            Holdings(57500, ("A", "B", "C", "D > E", "F"), YEAR_2021, YEAR_2022),
            "57,500 decisions, about a, b, c and 2 others, 2021 to 2022",
        ),
        (Holdings(3, (), None, None), "3 decisions"),
        (Holdings(0, (), None, None), "0 decisions"),
    ],
)
def test_what_is_held_in_short(holdings, told):
    """How many decisions, about what, from when to when; what is not known is left out."""
    assert holdings.told == told


def test_holdings_of_an_index(tmp_path, fake):
    """What is held is read from the open version: its decisions, their categories, and the first and last day."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for place, day in enumerate(("15 Nov 2022", "3 Jan 2021")):
        text = re.sub(r"Decision date : .*", f"Decision date : {day}", variant(f"23 000 00{place}"))
        (folder / f"{place}.txt").write_text(text, encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    held = Holdings.of(Store.open(tmp_path / "index"))
    assert (held.decisions, held.first, held.last) == (2, datetime.date(2021, 1, 3), datetime.date(2022, 11, 15))
    assert len(held.categories) == 1


def test_kin_of_a_body_is_told():
    """Of a body that is not held, the one that came after it or before it is named, if that is held."""
    kin = Kin("Poole", "Bournemouth, Christchurch and Poole Council", "successor")
    other = Kin("Northamptonshire", "West Northamptonshire Council", "predecessor")
    told = body_not_held(["Poole"], (other, kin), ["Kent County Council"]).detail
    assert told == (
        "We have no decisions about Poole. We have decisions about Bournemouth, Christchurch and Poole Council, its "
        "successor. All bodies are at /coverage."
    )
    assert "West Northamptonshire" not in told


def test_all_successors_are_told():
    """Of a council of which several came after, all that are held are named."""
    kin = [Kin("Cumbria", name, "successor") for name in ("Cumberland Council", "Westmorland and Furness Council")]
    told = body_not_held(["Cumbria"], kin, []).detail
    assert "decisions about Cumberland Council and Westmorland and Furness Council, its successors. " in told


def test_bodies_that_are_held_are_told():
    """Where no kin is held, some bodies are named about which there are decisions, and the others counted."""
    bodies = [f"{letter} Council" for letter in "ABCDEFG"]
    assert body_not_held(["Surrey"], (), bodies).detail == (
        "We have no decisions about Surrey. We have decisions about A Council, B Council, C Council, D Council, "
        "E Council and 2 others. All bodies are at /coverage."
    )


def test_several_that_are_not_held():
    """Several names are told, the first three one by one."""
    assert (
        "about Surrey, Essex, Devon or 1 other."
        in body_not_held(["Surrey", "Essex", "Devon", "Kent"], (), ["A"]).detail
    )
    assert "21 017 497 or 21 017 498" in reference_not_held(["21 017 497", "21 017 498"]).detail


@pytest.mark.parametrize(("word", "does"), [("headteacher", True), ("Window", True), ("along", False), ("Mum", False)])
def test_words_that_name_something(word, does):
    """That “along” is missing says nothing, nor does “mum” where the decision writes of the mother."""
    assert names_something(word) is does


def test_premise_names_the_decision():
    """What is missing is named with the decision in which it was looked for; which was named, or is nearest."""
    named, nearest = premise(["window"], ENTRY), premise(["window", "resign"], ENTRY, is_named=False)
    assert named.detail.startswith("The decision about Kent County Council (21 000 832) says nothing about “window”")
    assert nearest.detail.startswith(
        "The decision about Kent County Council (21 000 832), which is nearest to this, says nothing about “window” or "
        "“resign”"
    )
