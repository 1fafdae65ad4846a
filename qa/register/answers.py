"""Questions about the collection, answered from the register of decisions and not from paragraphs.

    a question → read_query (qa.register.read_query) → RegisterQuery → answer_query → RegisterAnswer

The register tells of each decision its reference, body, category, outcome and date, and nothing else is told here. A
decision without a date is said to be left out where dates filter, and one without an outcome where outcomes are told.
"""

from __future__ import annotations

import calendar
import datetime
import itertools
import re
from collections.abc import Callable, Iterator, Sequence

from index.catalogue import Filter
from index.decisions import DecisionEntry
from index.store import Store
from index.text.lists import joined
from index.text.number_words import NUMBER_WORDS
from qa.register.query import MAX_DECISIONS, Anchor, By, RegisterQuery
from qa.register.selection import Register, RegisterAnswer, Selection, newest_first
from qa.register.wording import (
    MAX_DESCRIBED,
    MAX_NAMED,
    OUTCOME_WORDS,
    all_of,
    capital,
    counted,
    each_named,
    ended_as,
    group_name,
    how_ended,
    in_category,
    is_or_are,
    listed,
    named,
    namely,
    negated,
    not_counted,
    part_of_all,
    predicate,
    small,
    some_named,
    when_made,
    within_group,
)
from qa.text.periods import Period, day_told, period_told


def answer_query(query: RegisterQuery, store: Store) -> RegisterAnswer:
    """The answer of a version to a query. The count of "cannot", and where filters exclude each other, is 0."""
    register = Register(query, store).settled()
    query = register.query
    if query.detail:
        return RegisterAnswer(0, (), register.filters(), query.detail)
    if not register.total:
        return RegisterAnswer(0, (), register.filters(), "We have no decisions.")
    if query.either:
        return _either(register)
    if query.anchor is not None and query.anchor.between and (unclear := _unclear_between(register, query.anchor)):
        return RegisterAnswer(0, (), register.filters(), unclear)
    selection = register.selection()
    answer = _ANSWERS.get(query.asks, _counted) if selection.count() or query.asks == "nearest" else _counted
    return answer(register, selection)


def _clauses(register: Register) -> list[tuple[str, str]]:
    """What the query says of a decision, each with the verb that it takes: (is, about Kent County Council)."""
    query = register.query
    aside = register.beside(query.anchor) if query.anchor else None
    found: tuple[tuple[str, str, Sequence[str]], ...] = (
        ("is", "", [str(reference) for reference in query.references]),
        ("is", "about ", [query.body_kind] if query.body_kind else [*query.bodies, *query.unknown]),
        ("is", "about another body than ", query.without),
        ("is", "", [in_category(query.categories)] if query.categories else []),
        ("is", "not ", [in_category(query.without_categories)] if query.without_categories else []),
        ("was", "made ", [period_told(period) for period in query.periods]),
        ("was", "made ", [period_told(aside)] if aside else []),
        ("was", "", [OUTCOME_WORDS[outcome] for outcome in query.outcomes]),
    )
    return [(verb, how + joined(values, "or")) for verb, how, values in found if values]


def _that(register: Register, number: int) -> str:
    """The same after “decisions”: “ about Kent County Council that were upheld”; “ held” where nothing is said."""
    clauses = _clauses(register.put(references=()))
    of = [text for verb, text in clauses if verb == "is"]
    so = [(verb, text) for verb, text in clauses if verb == "was"]
    told = (f" {' and '.join(of)}" if of else "") + (f" that {predicate(so, number)}" if so else "")
    return f" of these{told}" if register.query.references else told or " held"


def _decisions(register: Register, number: int) -> str:
    """“2 decisions about Kent County Council”."""
    return f"{counted(number, 'decision')}{_that(register, number)}"


def _outcomes_told(register: Register, selection: Selection) -> str:
    """“, both upheld” or “: 2 upheld, 1 not upheld”; "" where there are none."""
    number, counts = selection.count(), _counts(register, selection, "outcome")
    if not counts:
        return ""
    if counts[0][1] == number:
        return f", {all_of(number)}{small(counts[0][0])}"
    told = [f"{count} {small(name)}" for name, count, _ in counts]
    if rest := number - sum(count for _, count, _ in counts):
        told.append(f"{rest} without an outcome")
    return f": {', '.join(told)}"


def _instead(register: Register) -> str:
    """What is held instead, where nothing passes."""
    query, facets = register.query, register.store.facets()
    if query.outcomes:
        rest = register.put(outcomes=())
        selection = rest.selection()
        number, counts = selection.count(), _counts(register, selection, "outcome")
        if counts and counts[0][1] == number == register.total:
            return f"; {all_of(number) or 'it '}{'was' if number == 1 else 'were'} {small(counts[0][0])}"
        if number:
            return f"; there {is_or_are(number)} {_decisions(rest, number)}{_outcomes_told(rest, selection)}"
    if query.periods and facets.first and facets.last:
        return f"; they were made from {day_told(facets.first)} to {day_told(facets.last)}"
    if query.categories and facets.categories:
        return f"; the categories held are {listed([name for name, _ in facets.categories])}"
    return ""


# Answers: each is handed the decisions that the query lets through, but "nearest" and _counted maybe none -------------

_Answer = Callable[[Register, Selection], RegisterAnswer]


def _counted(register: Register, selection: Selection) -> RegisterAnswer:
    """How many, or which: “2 of the 5 decisions held are about Leicestershire County Council, both upheld.”"""
    number, clauses = selection.count(), _clauses(register)
    if not number and not clauses:
        return register.answer(selection, "We have no such decisions.")
    if not clauses:
        return register.answer(selection, f"{_whole(register, selection)}{_outcomes_told(register, selection)}.")
    rest = "" if register.query.outcomes else _outcomes_told(register, selection)
    if not number:
        rest = _instead(register)
        if register.total == 1:
            return register.answer(selection, f"The only decision held {negated(predicate(clauses, 1))}{rest}.")
    only = [text for _, text in clauses] == ["not upheld"]
    counts = _counts(register, register.put(outcomes=()).selection(), "outcome") if only and not number else []
    if counts and counts[0][1] == register.total:  # “None … was not upheld” is hard to read
        return register.answer(
            selection, f"{part_of_all(register.total, register.total)} were {small(counts[0][0])}; none was not upheld."
        )
    return register.answer(selection, f"{part_of_all(number, register.total)} {predicate(clauses, number)}{rest}.")


def _either(register: Register) -> RegisterAnswer:
    """What passes one of just two filters: “4 of the 6 decisions held are in the category Housing or were made in …”"""
    query = register.query
    set_filters = {"bodies": query.bodies, "categories": query.categories, "periods": query.periods}
    free = register.put(bodies=(), categories=(), periods=(), either=False)
    parts = [free.put(**{name: values}) for name, values in set_filters.items() if values]  # dates last
    whole = register.put(either=False)
    number = sum(part.selection().count() for part in parts) - whole.selection().count()
    found = {entry.reference: entry for part in parts for entry in part.selection().entries()}
    said = " or ".join(predicate(_clauses(part), number) for part in parts)
    undated = 0
    if query.periods:
        every, other = free.selection(), parts[0].selection()
        undated = every.count() - every.dated().count() - (other.count() - other.dated().count())
    told = f"{part_of_all(number, register.total)} {said}.{not_counted(undated, 'a date')}"
    return RegisterAnswer(number, newest_first(found.values())[:MAX_DECISIONS], register.filters(), told)


def _unclear_between(register: Register, anchor: Anchor) -> str:
    """Why nothing can be told to lie between some decisions; "" where it can."""
    named = Filter(body=anchor.bodies), Filter(reference=anchor.references)
    found = newest_first(
        entry for within in named if within != Filter() for entry in register.store.entries(within, MAX_NAMED)
    )
    told = each_named(found)
    if len(found) > len(anchor.bodies) + len(anchor.references):
        return f"There is more than one decision about one of these bodies, so it is unclear what lies between: {told}."
    if not all(entry.date for entry in found):
        return f"One of these has no date, so we cannot tell what lies between: {told}."
    days = {entry.date for entry in found if entry.date}
    if anchor.forwards is not None:
        first = Filter(body=anchor.bodies[:1], reference=anchor.references[:1])
        earliest = min(day for day in days)
        is_earlier = any(entry.date == earliest for entry in register.store.entries(first, MAX_NAMED))
        if is_earlier != anchor.forwards:
            return f"They were not made in that order: {told}."
    return "" if len(days) > 1 and max(days) - min(days) > _DAY else f"No day lies between: {told}."


_DAY = datetime.timedelta(days=1)


def _whole(register: Register, selection: Selection) -> str:
    """“5 decisions are held, about 4 bodies, made from 10 March 2021 to 9 October 2022”."""
    number, bodies, span = selection.count(), register.store.facets().bodies, selection.span()
    about = counted(len(bodies), "body") if len(bodies) > 1 else bodies[0][0]
    made = f", made {period_told(Period(*span))}" if span else ""
    return f"{counted(number, 'decision')} {is_or_are(number)} held, about {about}{made}"


_ORDINALS = ("", "", "second ", "third ", "fourth ")


def _ordered(register: Register, selection: Selection) -> RegisterAnswer:
    query = register.query
    newest, skipped = query.asks == "latest", query.nth - 1
    which = "latest" if newest else "earliest"
    if query.by == "body":
        parts = [part for _, part in itertools.islice(_parts(register, selection, "body"), MAX_DECISIONS)]
        each = [part.dated().entries(1) if newest else part.oldest(1) for part in parts]
        found = newest_first(itertools.chain.from_iterable(each))
        told = f"The {which} decision of each body: {some_named(found, MAX_NAMED)}."
        return register.answer(selection, told, found)
    limit = (query.limit or MAX_DECISIONS) + skipped
    found = (selection.dated().entries(limit) if newest else selection.oldest(limit))[skipped:]
    if not found:
        return _counted(register, selection.nothing())
    which = _ORDINALS[query.nth] + which
    if len(found) == 1:
        entry = found[0]
        told = f"The {which} decision{_that(register, 1)} is {named(entry)}, {when_made(entry)}{how_ended(entry)}."
    else:
        told = f"The {len(found)} {which} decisions{_that(register, 2)}: {some_named(found, MAX_DESCRIBED)}."
    return register.answer(selection, told, found)


_SPELT = {number: word for word, number in NUMBER_WORDS.items() if number <= 5}


def _bodies(register: Register, selection: Selection) -> RegisterAnswer:
    query, counts = register.query, _counts(register, selection, "body")
    held = len(register.store.facets().bodies)
    if query.times:
        least, most = query.times
        counts = [each for each in counts if least <= each[1] <= (most or each[1])]
        selection = selection.narrowed(body=tuple(name for name, _, _ in counts)) if counts else selection.nothing()
    told = listed([f"{name} ({count})" for name, count, _ in counts])
    if query.times:
        number = least - (most is None)  # two or more are “more than one”
        often = f"{_SPELT.get(number, number)} decision{'' if number == 1 else 's'}"
        often = f"more than {often}" if most is None else f"{often} only"
        with_some = _that(register, number) if _clauses(register) else ""
        has = "have" if len(counts) > 1 else "has"
        of = f"{len(counts) or 'None'} of the {held} bodies held {has} {often}{with_some}"
        return register.answer(selection, f"{of}: {told}." if counts else f"{of}.")
    number = selection.count()
    return register.answer(
        selection, f"{_decisions(register, number)} {is_or_are(number)} about {counted(len(counts), 'body')}: {told}."
    )


def _categories(register: Register, selection: Selection) -> RegisterAnswer:
    counts, number = _counts(register, selection, "category"), selection.count()
    if not counts:
        return register.answer(selection, f"{_decisions(register, number)}; no category is known.")
    told = listed([f"{name} ({count})" for name, count, _ in counts])
    of = f"{_decisions(register, number)} {is_or_are(number)} in {counted(len(counts), 'category')}"
    return register.answer(selection, f"{of}: {told}.")


def _outcomes(register: Register, selection: Selection) -> RegisterAnswer:
    told = f"{_decisions(register, selection.count())}{_outcomes_told(register, selection)}."
    return register.answer(selection, told)


def _outcome(register: Register, selection: Selection) -> RegisterAnswer:
    told, number, ended = register.query.told, selection.count(), _each_said(selection, ended_as)
    if told is None:
        return register.answer(selection, ended)
    so = register.with_outcome(selection, told)
    yes = "Yes" if so.count() == number else f"{so.count()} of {number}" if so.count() else "No"
    return register.answer(so, f"{yes}: {ended}")


def _date_of(entry: DecisionEntry) -> str:
    return f"was {when_made(entry)}" if entry.date else "has no date"


def _category_of(entry: DecisionEntry) -> str:
    return f"is {in_category([entry.category])}" if entry.category else "has no category"


def _all_of(entry: DecisionEntry) -> str:
    category = in_category([entry.category]) if entry.category else "without a category"
    return f"{ended_as(entry)}, {when_made(entry)}, {category}"


def _of_each(say: Callable[[DecisionEntry], str]) -> _Answer:
    """The answer that says the same thing of each decision."""
    return lambda register, selection: register.answer(selection, _each_said(selection, say))


def _references(register: Register, selection: Selection) -> RegisterAnswer:
    found, number = selection.entries(), selection.count()
    told = [f"{entry.reference} ({entry.body}{f', {day_told(entry.date)}' if entry.date else ''})" for entry in found]
    one = "The reference is" if number == 1 else f"The {number} references are"
    return register.answer(selection, f"{one} {listed(told, number)}.")


def _body(register: Register, selection: Selection) -> RegisterAnswer:
    told = [f"{entry.reference} is about {entry.body}" for entry in selection.entries(MAX_NAMED)]
    return register.answer(selection, f"{joined(told)}.")


def _share(register: Register, selection: Selection) -> RegisterAnswer:
    """What share ended so: “All 5 decisions held were upheld (100%).”"""
    told, number = register.query.told or "upheld", selection.count()
    so = register.with_outcome(selection, told)
    count, that = so.count(), _that(register, number)
    if number == 1:
        return register.answer(so, f"The only decision{that} was {'' if count else 'not '}{OUTCOME_WORDS[told]}.")
    of = all_of(number).capitalize() if count == number else f"{count or 'None'} of the {number} "
    verb = "was" if count < 2 else "were"
    return register.answer(so, f"{of}decisions{that} {verb} {OUTCOME_WORDS[told]} ({count / number:.0%}).")


def _compared(register: Register, selection: Selection) -> RegisterAnswer:
    query = register.query
    if len(query.bodies) + len(query.unknown) > 1:
        parts = [(f"about {name}", register.put(bodies=(name,), unknown=())) for name in query.bodies]
        parts += [(f"about {name}", register.put(bodies=(), unknown=(name,))) for name in query.unknown]
    elif len(query.periods) > 1:
        parts = [(f"made {period_told(each)}", register.put(periods=(each,))) for each in query.periods]
    elif len(query.outcomes) > 1:
        parts = [(OUTCOME_WORDS[each], register.put(outcomes=(each,))) for each in query.outcomes]
    elif len(query.categories) > 1:
        parts = [(in_category((each,)), register.put(categories=(each,))) for each in query.categories]
    else:
        return _counted(register, selection)
    told = [(label, part.selection().count()) for label, part in parts]
    one, several = ("was", "were") if len(query.periods) > 1 or len(query.outcomes) > 1 else ("is", "are")
    said = [f"{count or 'none'} {one if count < 2 else several} {label}" for label, count in told]
    return register.answer(selection, f"Of the {counted(register.total, 'decision')} held, {joined(said)}.")


def _most(register: Register, selection: Selection) -> RegisterAnswer:
    query = register.query
    by = query.by or "body"
    counts = _counts(register, selection, by)
    if not counts:
        return _counted(register, selection)
    best = (min if query.least else max)(count for _, count, _ in counts)
    first = [each for each in counts if each[1] == best]
    names = listed([group_name(by, name) for name, _, _ in first])
    which = "the fewest" if query.least else "the most"
    each = " each" if len(first) > 1 else ""
    has = "has" if len(first) == 1 else "have"
    total = selection.count()
    told = f"{capital(names)} {has} {which}: {best}{each} of the {_decisions(register, total)}."
    chosen = Selection(register.store, tuple(within for _, _, part in first for within in part.filters))
    return register.answer(chosen, told)


def _each(register: Register, selection: Selection) -> RegisterAnswer:
    by = register.query.by or "body"
    told = [f"{count} {within_group(by, name)}" for name, count, _ in _counts(register, selection, by)]
    of = _decisions(register, selection.count())
    return register.answer(selection, f"{of}: {listed(told)}." if told else f"{of}.")


def _spans(register: Register, selection: Selection) -> RegisterAnswer:
    number, span = selection.count(), selection.span()
    made = f"made {period_told(Period(*span))}" if span else "with no date"
    ends = (*selection.oldest(1), *selection.dated().entries(1)) if span and number > 1 else None
    told = f"; the first is {named(ends[0])} and the latest {named(ends[1])}" if ends else ""
    return register.answer(selection, f"{_decisions(register, number)}, {made}{told}.", ends)


# Of all the decisions of a selection together ------------------------------------------------------------------------


def _in_order(selection: Selection) -> list[DecisionEntry]:
    """All of them that have a date, oldest first."""
    return sorted(selection.dated().every(), key=lambda entry: (entry.date or datetime.date.max, entry.reference))


def _middle(register: Register, selection: Selection) -> RegisterAnswer:
    ordered = _in_order(selection)
    if not ordered:
        return _counted(register, selection.nothing())
    middle = ordered[(len(ordered) - 1) // 2 : len(ordered) // 2 + 1]
    if len(ordered) == 1:
        told = f"The only decision{_that(register, 1)} that has a date is {each_named(middle)}."
        return register.answer(selection, told, middle)
    of = _decisions(register, len(ordered))
    return register.answer(selection, f"In the middle of the {of}, by date: {each_named(middle)}.", middle)


def _nearest(register: Register, selection: Selection) -> RegisterAnswer:
    wanted, whole = register.query.periods[0], register.put(periods=()).selection()
    day = wanted.first or datetime.date.min
    beside = [*whole.within(Period(None, day)).entries(1), *whole.within(Period(day)).oldest(1)]
    days = {entry.date for entry in beside if entry.date}
    if not days:
        return _counted(register, whole.nothing())
    best = min(abs(each - day) for each in days)
    nearest = [
        entry
        for each in sorted(each for each in days if abs(each - day) == best)
        for entry in whole.within(Period(each, each)).every()
    ]
    apart = counted(best.days, "day")
    told = f"Nearest to {day_told(day)}: {each_named(nearest)}"
    return register.answer(whole, f"{told}, {apart} apart." if best.days else f"{told}.", nearest)


def _gap(register: Register, selection: Selection) -> RegisterAnswer:
    """The two that follow each other with the longest time between, or the shortest."""
    pairs = [(b.date - a.date, a, b) for a, b in itertools.pairwise(_in_order(selection)) if a.date and b.date]
    if not pairs:
        return register.answer(selection, f"{_decisions(register, selection.count())}: no two with a date.", ())
    least = register.query.least
    days, before, after = (min if least else max)(pairs, key=lambda each: each[0])
    which = "shortest" if least else "longest"
    told = f"The {which} time between two decisions that follow each other is {counted(days.days, 'day')}"
    return register.answer(selection, f"{told}: {each_named([before, after])}.", (before, after))


def _values(entry: DecisionEntry, shared: Sequence[By]) -> tuple[str, ...] | None:
    """What an entry has of these, None where it lacks one."""
    date = entry.date
    of: dict[By, str | None] = {
        "body": entry.body,
        "category": entry.category,
        "outcome": entry.outcome,
        "date": day_told(date) if date else None,
        "month": f"{date:%B %Y}" if date else None,
        "year": str(date.year) if date else None,
    }
    values = [of[by] for by in shared]
    return None if None in values else tuple(value for value in values if value is not None)


def _same(register: Register, selection: Selection) -> RegisterAnswer:
    """Those that share something with another; or, where bodies are asked for, are of more than one category."""
    query = register.query
    groups = dict[tuple[str, ...], list[DecisionEntry]]()
    for entry in selection.every():
        if (values := _values(entry, query.shared)) is not None:
            groups.setdefault(values, []).append(entry)
    names = _names_of(query.shared)
    if query.least:
        categories = {key: {entry.category for entry in every} - {None} for key, every in groups.items()}
        shared = {key: every for key, every in groups.items() if len(categories[key]) > 1}
        told = "of more than one category are about" if shared else "about one body are of more than one category"
    else:
        shared = {key: every for key, every in groups.items() if len(every) > 1}
        told = f"share the {names} with another:" if shared else f"have the same {names}"
    found = [entry for every in shared.values() for entry in every]
    if not found:
        return register.answer(selection, f"No two of the {_decisions(register, selection.count())} {told}.", ())
    each = [f"{', '.join(key)} ({len(every)})" for key, every in sorted(shared.items(), key=lambda one: -len(one[1]))]
    return register.answer(selection, f"{counted(len(found), 'decision')} {told} {listed(each)}.", found)


def _names_of(shared: Sequence[By]) -> str:
    return joined(["council" if by == "body" else by for by in shared])


def _like(register: Register, selection: Selection) -> RegisterAnswer:
    """The others that share something with those that are named."""
    anchors = newest_first(selection.every())
    shared = register.query.shared
    free = register.put(bodies=(), references=(), anchor=None, unknown=()).selection()
    wanted = {values for entry in anchors if (values := _values(entry, shared)) is not None}
    names = {entry.reference for entry in anchors}
    what = _names_of(shared)
    more = len(anchors) - MAX_DESCRIBED
    of = joined([*map(named, anchors[:MAX_DESCRIBED]), *([f"{more} more"] if more > 0 else [])], "or")
    if not wanted:
        return register.answer(selection, f"No {what} is known of {of}.", ())
    found = [entry for entry in free.every() if entry.reference not in names and _values(entry, shared) in wanted]
    number = counted(len(found), "other decision") if found else "No other decision"
    told = f"{number} {'has' if len(found) < 2 else 'have'}"
    have = joined([", ".join(each) for each in sorted(wanted)], "or")
    return register.answer(free, f"{told} the same {what} as {of} ({have}){namely(newest_first(found))}.", found)


def _rest(register: Register, selection: Selection) -> RegisterAnswer:
    ordered = _in_order(selection)
    if not register.query.least:
        ordered.reverse()
    others = ordered[register.query.limit or 1 :]
    left = ordered[: register.query.limit or 1]
    which = "earliest" if register.query.least else "latest"
    number = f"{counted(len(others), 'decision')} {is_or_are(len(others))}" if others else "No decision is"
    told = f"{number} left without the {which}, {each_named(left)}"
    return register.answer(selection, f"{told}{namely(others)}.", others)


def _digits(register: Register, selection: Selection) -> RegisterAnswer:
    """Those whose references begin or end so, or that has the highest or the lowest."""
    query, every = register.query, selection.every()
    if query.asks in {"highest", "lowest"}:
        one = (max if query.asks == "highest" else min)(every, key=lambda entry: str(entry.reference))
        told = f"The {query.asks} reference is {named(one)}, {when_made(one)}{how_ended(one)}."
        return register.answer(selection, told, (one,))
    digits, verb = query.digits.strip("^$"), "end" if query.digits.endswith("$") else "begin"
    pattern = re.compile(query.digits)
    found = [entry for entry in every if pattern.search(re.sub("[^0-9]", "", str(entry.reference)))]
    has = f"has a reference that {verb}s" if len(found) < 2 else f"have references that {verb}"
    of = _part_of(register, len(found), len(every))
    return register.answer(selection, f"{of} {has} with {digits}{namely(newest_first(found))}.", found)


def _part_of(register: Register, count: int, number: int) -> str:
    """“2 of the 3 decisions that were upheld”, “Both decisions held”, “No decision held”."""
    that = _that(register, number)
    if number == 1:
        return f"The only decision{that}" if count else f"No decision{that}"
    if count == number:
        return f"{all_of(number).strip().capitalize()} decisions{that}"
    return f"{count or 'None'} of the {number} decisions{that}"


def _weekday(register: Register, selection: Selection) -> RegisterAnswer:
    days = register.query.weekdays
    found = [entry for entry in _in_order(selection) if entry.date and entry.date.weekday() in days]
    was = "was" if len(found) < 2 else "were"
    of = _part_of(register, len(found), selection.count())
    told = f"{of} {was} made on a {joined([calendar.day_name[day] for day in days], 'or')}{namely(found)}."
    return register.answer(selection, told, found)


_ANSWERS: dict[str, _Answer] = {
    "latest": _ordered,
    "first": _ordered,
    "bodies": _bodies,
    "categories": _categories,
    "outcomes": _outcomes,
    "outcome": _outcome,
    "date": _of_each(_date_of),
    "category": _of_each(_category_of),
    "reference": _references,
    "body": _body,
    "share": _share,
    "compare": _compared,
    "most": _most,
    "each": _each,
    "span": _spans,
    "middle": _middle,
    "nearest": _nearest,
    "gap": _gap,
    "differ": _of_each(_all_of),
    "same": _same,
    "like": _like,
    "rest": _rest,
    "digits": _digits,
    "highest": _digits,
    "lowest": _digits,
    "weekday": _weekday,
}


def _counts(register: Register, selection: Selection, by: By) -> list[tuple[str, int, Selection]]:
    """What the decisions fall into, with how many, most first and then by name; what has none is left out."""
    facets, unfiltered = register.store.facets(), selection.filters == (Filter(),)
    held = {"body": facets.bodies, "category": facets.categories, "outcome": facets.outcomes}.get(by, ())
    known = dict(held) if unfiltered else {}
    counted = ((name, known.get(name) or part.count(), part) for name, part in _parts(register, selection, by))
    return sorted((each for each in counted if each[1]), key=lambda each: -each[1])


def _parts(register: Register, selection: Selection, by: By) -> Iterator[tuple[str, Selection]]:
    facets = register.store.facets()
    if by == "body":
        wanted = set(register.query.bodies) or {name for name, _ in facets.bodies} - set(register.query.without)
        yield from ((name, selection.narrowed(body=(name,))) for name, _ in facets.bodies if name in wanted)
    elif by == "category":
        wanted = set(register.query.categories) or {name for name, _ in facets.categories}
        wanted -= set(register.query.without_categories)
        yield from ((name, selection.narrowed(category=(name,))) for name, _ in facets.categories if name in wanted)
    elif by == "outcome":
        yield from ((name, selection.narrowed(outcome=(name,))) for name, _ in facets.outcomes)
    elif facets.first and facets.last:
        for year in range(facets.first.year, facets.last.year + 1):
            for first, last in [(month, month) for month in range(1, 13)] if by == "month" else [(1, 12)]:
                days = calendar.monthrange(year, last)[1]
                period = Period(datetime.date(year, first, 1), datetime.date(year, last, days))
                yield period_told(period).removeprefix("in "), selection.within(period)


def _each_said(selection: Selection, say: Callable[[DecisionEntry], str]) -> str:
    """What is said of each decision, and how many there are where those are too many."""
    number = selection.count()
    few = "; ".join(f"{named(entry)} {say(entry)}" for entry in selection.entries(MAX_DESCRIBED))
    return f"{few}; {number} decisions in all." if number > MAX_DESCRIBED else f"{few}."
