from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.text.periods import Period, merged, period_told, read_periods

TODAY = datetime.date(2022, 11, 5)
DAY = datetime.date.fromisoformat


def period(text):
    """The one period of a text, as its first and last day."""
    _, [found] = read_periods(text, TODAY)
    return tuple(str(day) if day else None for day in (found.first, found.last))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("in 2022", "2022-01-01", "2022-12-31"),
        ("decisions from 2021", "2021-01-01", "2021-12-31"),
        ("in march 2021", "2021-03-01", "2021-03-31"),
        ("in feb 2024", "2024-02-01", "2024-02-29"),
        ("on 10 march 2021", "2021-03-10", "2021-03-10"),
        ("the 10th of march 2021", "2021-03-10", "2021-03-10"),
        ("march 10, 2021", "2021-03-10", "2021-03-10"),
        ("dated 10/03/2021", "2021-03-10", "2021-03-10"),
        ("on 2021-03-10", "2021-03-10", "2021-03-10"),
        ("in '22", "2022-01-01", "2022-12-31"),
        ("in 2021/22", "2021-04-01", "2022-03-31"),
        ("in h2 2021", "2021-07-01", "2021-12-31"),
        ("in q1 2022 (jan-mar)", "2022-01-01", "2022-03-31"),
        ("1 july - 31 december 2022", "2022-07-01", "2022-12-31"),
        ("from 1 july to the 31st of december 2022", "2022-07-01", "2022-12-31"),
        ("in the 2021/22 academic year", "2021-09-01", "2022-08-31"),
        ("from jan to end of june 2022", "2022-01-01", "2022-06-30"),
        ("since xmas 2021", "2021-12-25", None),
        ("jan-jun 2022", "2022-01-01", "2022-06-30"),
        ("in the last three months of 2022", "2022-10-01", "2022-12-31"),
        ("late november 2021", "2021-11-01", "2021-11-30"),
        (">= 2022-05-12", "2022-05-12", None),
        ("up to and including 5 january 2022", None, "2022-01-05"),
        ("the 2021-22 financial year", "2021-04-01", "2022-03-31"),
        ("in the first half of 2022", "2022-01-01", "2022-06-30"),
        ("in q3 2022", "2022-07-01", "2022-09-30"),
        ("in summer 2021", "2021-06-01", "2021-08-31"),
        ("since christmas 2021", "2021-12-25", None),
        ("since 2021", "2021-01-01", None),
        ("from 2021 onwards", "2021-01-01", None),
        ("2021 or later", "2021-01-01", None),
        ("on or after 25 november 2021", "2021-11-25", None),
        ("after 2021", "2022-01-01", None),
        ("after 5 january 2022", "2022-01-06", None),
        ("more recent than march 2022", "2022-04-01", None),
        ("before march 2022", None, "2022-02-28"),
        ("pre-2022", None, "2021-12-31"),
        ("until 2021", None, "2021-12-31"),
        ("up to the end of 2021", None, "2021-12-31"),
        ("before the end of 2021", None, "2021-12-31"),
        ("by march 2022", None, "2022-03-31"),
        ("between 1 january 2021 and 30 june 2022", "2021-01-01", "2022-06-30"),
        ("between january 2021 and june 2022", "2021-01-01", "2022-06-30"),
        ("from 2020 to 2021", "2020-01-01", "2021-12-31"),
        ("2020-2021", "2020-01-01", "2021-12-31"),
        ("10 march 2021 to 5 jan 2022", "2021-03-10", "2022-01-05"),
        ("last year", "2021-01-01", "2021-12-31"),
        ("this year", "2022-01-01", "2022-12-31"),
        ("last month", "2022-10-01", "2022-10-31"),
        ("this week", "2022-10-31", "2022-11-06"),
        ("in the last year", "2021-11-05", "2022-11-05"),
        ("in the last two years", "2020-11-05", "2022-11-05"),
        ("over the past 6 months", "2022-05-05", "2022-11-05"),
        ("in the last 10 days", "2022-10-26", "2022-11-05"),
    ],
)
def test_a_date_in_words_is_its_days(text, first, last):
    assert period(text) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["in march", "31 february 2021", "£2021", "2021.5", "12021", "2021/24", "it may have been", "the first half", ""],
)
def test_what_tells_no_days_is_left_as_it_is(text):
    assert read_periods(text, TODAY) == (text, [])


def test_periods_come_in_their_order_and_leave_a_mark():
    """“after 2021 and before 2023” is two periods, so whoever asked can tell that they hold together."""
    text, periods = read_periods("decisions after 2021 and before 2023", TODAY)
    assert text == "decisions T and T"
    assert periods == [Period(DAY("2022-01-01")), Period(None, DAY("2022-12-31"))]


def test_periods_that_share_days_are_one():
    year, spring, later = (
        Period(DAY(first), DAY(last))
        for first, last in (
            ("2021-01-01", "2021-12-31"),
            ("2021-12-01", "2022-03-31"),
            ("2022-06-01", "2022-06-30"),
        )
    )
    assert merged((year, later, spring)) == (Period(year.first, spring.last), later)


def test_periods_that_exclude_each_other_leave_no_day():
    assert Period(DAY("2023-01-01")).within(Period(None, DAY("2020-12-31"))).is_empty


def test_a_leap_day_has_no_equal_in_other_years():
    """On 29 February “the last year” begins with the last day of February."""
    _, [found] = read_periods("in the last year", DAY("2024-02-29"))
    assert found == Period(DAY("2023-02-28"), DAY("2024-02-29"))


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2022-01-01", "2022-12-31", "in 2022"),
        ("2021-12-01", "2021-12-31", "in December 2021"),
        ("2021-03-10", "2021-03-10", "on 10 March 2021"),
        ("2021-04-01", "2022-03-31", "from 1 April 2021 to 31 March 2022"),
        ("2021-04-01", None, "from 1 April 2021 on"),
        (None, "2020-12-31", "up to 31 December 2020"),
    ],
)
def test_a_period_is_told_in_as_few_words_as_it_can(first, last, told):
    assert period_told(Period(first and DAY(first), last and DAY(last))) == told


@given(st.text("0123456789 -–/.'£abdefhjlmnprtuyq", max_size=60))
def test_no_text_is_too_strange(text):
    """Whatever looks like a date is read or left, and as many periods are found as there are marks."""
    marked, periods = read_periods(text, TODAY)
    assert marked.count("T") == len(periods)
