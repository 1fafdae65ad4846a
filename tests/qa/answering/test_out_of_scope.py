from __future__ import annotations

import json
from typing import get_args

import pytest
from conftest import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from qa.answering.out_of_scope import MAX_CHARACTERS, OutOfScope, out_of_scope
from qa.answering.out_of_scope_rules import RULES, Kind, Rule

QUESTIONS = json.loads((PROJECT / "tests" / "beyond.json").read_text("utf-8"))
EXAMPLES = [(rule, example) for rule in RULES for example in rule.examples]
SPARES = [(rule, spare) for rule in RULES for spare in rule.spares]


def kind(question: str) -> Kind | None:
    """What a question asks for that no decision tells."""
    found = out_of_scope(question)
    return found.kind if found else None


@pytest.mark.parametrize("row", QUESTIONS, ids=lambda row: row["question"])
def test_what_was_judged(row):
    """Each question of beyond.json gets its kind, and those that a decision may answer get none."""
    assert kind(row["question"]) == row["kind"]


@pytest.mark.parametrize(("rule", "example"), EXAMPLES, ids=[example for _, example in EXAMPLES])
def test_examples(rule: Rule, example: str):
    """Each rule catches its examples."""
    assert kind(example) == rule.kind


@pytest.mark.parametrize(("rule", "spare"), SPARES, ids=[spare for _, spare in SPARES])
def test_spares(rule: Rule, spare: str):
    """What stands beside a rule as its near miss is caught by no rule."""
    assert out_of_scope(spare) is None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.pattern.pattern[:40])
def test_every_rule_is_needed(rule: Rule):
    """Each rule catches an example that no other rule does."""
    others = [other for other in RULES if other is not rule]
    clauses = [example.casefold().rstrip("?").replace("’", "'") for example in rule.examples]
    assert any(not any(other.holds(clause) for other in others) for clause in clauses)


@pytest.mark.parametrize("name", get_args(Kind))
def test_details(name: Kind):
    """Of each kind it is said in plain words why, and where to look instead."""
    details = {found.detail for _, example in EXAMPLES if (found := out_of_scope(example)) and found.kind == name}
    assert len(details) == 1
    why, signpost = details.pop().rstrip(".").split(". ", 1)
    assert "decision" in why or "guidance" in why
    assert signpost.split()[0] in ("Ask", "Search", "The", "To", "It", "They")


def test_one_half_that_can_be_answered():
    """Where one of two questions may be answered by a decision, neither is caught."""
    assert kind("Has the council paid up?") == "since"
    assert out_of_scope("What was the fault, and has the council paid up?") is None
    assert out_of_scope("Has the council paid up? And what was the fault?") is None
    assert kind("Has the council paid up, and is the social worker still there?") == "since"


@pytest.mark.parametrize(
    "story",
    [
        "I was told my chances are poor and that I should complain. They want a signature. Can they make me sign?",
        "We do not know what to do now. We paid for a hotel for six weeks. Can we get the money back?",
        "My neighbour says I should sue. Officers came at night. Do I have to let them in?",
        "they took my dad's bungalow into account is that allowed and should i complain",
        "Is that allowed? Should I complain?",
    ],
)
def test_stories_that_end_with_the_rule(story):
    """Somebody's own story that ends with a question about the rule is not advice on their case."""
    assert out_of_scope(story) is None


@pytest.mark.parametrize(
    "story",
    [
        "they lost my form twice and will not answer should i complain",
        "The council has ignored me for a year. What should I do?",
        "Mr. X had much the same. What are my chances?",
    ],
)
def test_stories_that_end_with_ones_own_case(story):
    """Only what is asked counts, not what is told before it."""
    assert kind(story) == "own_case"


def test_a_statement_is_no_question():
    """What is told before a question does not count, though it would be caught if it were asked."""
    assert kind("What are my chances?") == "own_case"
    assert out_of_scope("Nobody has said what my chances are. Was the delay fault?") is None


@pytest.mark.parametrize(
    "asked",
    [
        "HAS THE COUNCIL PAID UP",
        "has  the\tcouncil\u00a0paid up ?",
        "Hi, can you please tell me, has the council paid up?",
        "I’d like to know whether the council has paid her yet",
        "The payment was due in May – has the council paid up?",
    ],
)
def test_ways_to_type_it(asked):
    """Capitals, spaces, a curly apostrophe, a dash and politeness change nothing."""
    assert kind(asked) == "since"


def test_only_the_beginning_is_read():
    """What stands after MAX_CHARACTERS characters does not count."""
    padding = "The council wrote. " * (MAX_CHARACTERS // 19 + 1)
    assert kind("Has the council paid up? " + padding + "What was the fault?") == "since"


@pytest.mark.parametrize("nothing", ["", " ", "?", "?!.", "\n\n", "£", "''"])
def test_no_words(nothing):
    """Without words there is nothing to catch."""
    assert out_of_scope(nothing) is None


WORDS = st.sampled_from(
    sorted({word for rule in RULES for word in rule.words} | {"i", "the", "my", ",", "?", ".", "\n"})
)


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join)))
def test_any_text(text):
    """Any text is read."""
    assert out_of_scope(text) is None or isinstance(out_of_scope(text), OutOfScope)
