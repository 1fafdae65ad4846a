"""Figures: what is told in another way is told, and what is another figure is not."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from qa.text.figures import figures

MONTHS = "January February March April May June July August September October November December".split()
ONES = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen".split()

dates = st.dates(datetime.date(1950, 1, 1), datetime.date(2049, 12, 31))
pounds = st.integers(1, 9_999_999)
ways_of_a_date = st.sampled_from(
    [
        lambda day: f"{day.day} {MONTHS[day.month - 1]} {day.year}",
        lambda day: f"{day.day} {MONTHS[day.month - 1][:3]} {day.year}",
        lambda day: f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
        lambda day: f"the {day.day}th of {MONTHS[day.month - 1]} {day.year}",
        lambda day: day.isoformat(),
        lambda day: f"{day:%d/%m/%Y}",
    ]
)
ways_of_a_sum = st.sampled_from(
    [
        lambda value: f"£{value}",
        lambda value: f"£{value:,}",
        lambda value: f"£{value:,}.00",
        lambda value: f"£ {value}",
        lambda value: f"{value:,} pounds",
    ]
)


def tells(text, claim):
    """Whether a text tells every figure of a claim, which has some."""
    found = figures(claim)
    assert found
    return all(figure.is_told_in(figures(text)) for figure in found)


def only(text):
    (figure,) = figures(text)
    return figure


@given(dates, ways_of_a_date, ways_of_a_date)
def test_a_date_in_two_ways(day, one, other):
    """A date is told however it is written."""
    assert tells(f"It was sent on {one(day)}.", f"On {other(day)} it was sent.")


@given(dates, dates, ways_of_a_date, ways_of_a_date)
def test_two_dates(day, another, one, other):
    """Another date is not told."""
    assume(day != another)
    assert not tells(f"It was sent on {one(day)}.", f"It was sent on {other(another)}.")


@given(pounds, ways_of_a_sum, ways_of_a_sum)
def test_a_sum_in_two_ways(value, one, other):
    """A sum is told however it is written."""
    assert tells(f"It paid {one(value)}.", f"It agreed to pay {other(value)} to her.")


@given(pounds, pounds, ways_of_a_sum, ways_of_a_sum)
def test_two_sums(value, another, one, other):
    """Another sum is not told."""
    assume(value != another)
    assert not tells(f"It paid {one(value)}.", f"It paid {other(another)}.")


@given(st.integers(2, len(ONES)), st.sampled_from(["day", "week", "month", "year"]))
def test_durations_in_words(number, unit):
    """A duration in words is the one in digits, and “3-month” is “three months”."""
    word = ONES[number - 1]
    assert tells(f"It took {word} {unit}s.", f"It took {number} {unit}s.")
    assert tells(f"a {number}-{unit} delay", f"a delay of {word} {unit}s")


@given(st.text())
def test_any_text(text):
    """Any text can be read, and tells its own figures."""
    assert all(figure.is_told_in(figures(text)) for figure in figures(text))


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("on 3rd May", "on 3 May"),
        ("on 12 May 2021", "in May 2021"),
        ("on 12 May 2021", "in 2021"),
        ("on 12 May 2021", "on 12 May"),
        ("on 12 May 2021", "in May"),
        ("on 12 May, and in May 2021 again", "on 12 May 2021"),
        ("on 6, 19 and 21 February 2020", "on 19 February 2020"),
        ("on Sept 3, 2020", "on 3 September 2020"),
        ("on 3/9/20", "on 3 September 2020"),
    ],
)
def test_dates_that_are_told(text, claim):
    """A date is told by one that says as much or more."""
    assert tells(text, claim)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("on 12 May 2021", "on 13 May 2021"),
        ("on 12 May 2021", "on 12 June 2021"),
        ("on 12 May 2021", "on 12 May 2020"),
        ("in May 2021", "on 12 May 2021"),
        ("on 12 May", "on 12 May 2021"),
        ("in 2021", "in May 2021"),
        ("on 12 May, and in June 2021", "on 12 May 2021"),
        ("on 6 and 19 February 2020", "on 6 March 2020"),
    ],
)
def test_dates_that_are_not_told(text, claim):
    """A date is not told by another, nor by one that says less."""
    assert not tells(text, claim)


def test_may_and_march_are_other_words_too():
    """“It may” and “a march” are no dates."""
    assert figures("It may be. They march on. May I?") == []


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("£1,000.00", "1000"),
        ("£12000", "12000"),
        ("£12k", "12000"),
        ("£1.5 million", "1500000"),
        ("£950 each", "950"),
        ("300 pounds", "300"),
        ("5 hundred pounds", "500"),
        ("£9.50", "9.5"),
    ],
)
def test_sums(written, value):
    """A sum has its value in pounds."""
    figure = only(f"It paid {written}.")
    assert (figure.kind, figure.value) == ("sum", Decimal(value))


@pytest.mark.parametrize("claim", ["£1,200", "£120,000", "£12,000.50", "12,000", "£12", "12000 weeks"])
def test_sums_that_are_not_told(claim):
    """£12,000 is not £1,200, has no pence, and is no number without its pound sign."""
    assert not tells("It paid £12,000.", f"It paid {claim}.")


@pytest.mark.parametrize(
    ("text", "claim"),
    [("50%", "50 per cent"), ("50 percent", "50%"), ("2.5 %", "2.5 per cent")],
)
def test_shares(text, claim):
    """A share is told however it is written."""
    assert tells(text, claim)


@pytest.mark.parametrize("claim", ["50", "£50", "51%", "5%"])
def test_shares_that_are_not_told(claim):
    """A share is no number and no sum."""
    assert not tells("It met 50% of the cost.", f"It met {claim} of the cost.")


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("within 20 working days", "within twenty working days"),
        ("within 20 working days", "within 20 days"),
        ("a month later", "one month later"),
        ("a 28-day period", "28 days"),
        ("two to three weeks", "two weeks"),
        ("twenty-one days", "21 days"),
        ("the third visit", "3 visits"),
        ("28 days", "28"),
    ],
)
def test_durations_that_are_told(text, claim):
    """A number with a unit of time is told however it is written, and without the unit as well."""
    assert tells(text, claim)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("within 20 working days", "within 20 weeks"),
        ("within 20 working days", "within 21 days"),
        ("paragraph 20", "20 days"),
        ("a month later", "two months later"),
        ("1,500 days", "500 days"),
        ("2.5 years", "5 years"),
    ],
)
def test_durations_that_are_not_told(text, claim):
    """Another number, another unit, or a part of the number is not told."""
    assert not tells(text, claim)


def test_one_is_a_word():
    """“One” without a unit of time is no figure, with one it is."""
    assert figures("One of them was the first.") == []
    assert only("one week").value == 1


def test_in_order():
    """Figures come as they stand, and as they are written."""
    found = [figure.written for figure in figures("On 3 May it paid £20 for two weeks, 5% more.")]
    assert found == ["3 May", "£20", "two", "5%"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("five hundred pounds", 500),
        ("a thousand pounds", 1000),
        ("two hundred and fifty pounds each", 250),
        ("one thousand two hundred and fifty-five pounds", 1255),
        ("two thousand, three hundred pounds", 2300),
        ("nine pounds", 9),
    ],
)
def test_pounds_in_words(written, value):
    """A sum in words is told by the same in digits."""
    assert only(written).is_told_in(figures(f"£{value}"))


@pytest.mark.parametrize("written", ["a few hundred pounds", "hundreds of pounds", "pounds"])
def test_no_sum(written):
    """Pounds without a number are no sum."""
    assert figures(written) == []


def test_letters_that_are_like_others():
    """Letters that are another one but for their case are read as that one."""
    assert figures("\u017feven \u017f\u0131x weeks") == figures("seven six weeks")
