"""What stands in the slots of a decision: names are fixed for it, all else is drawn each time it is asked for."""

from __future__ import annotations

import datetime
from collections.abc import Callable

_STREETS = tuple(
    f"{name} {kind}"
    for name in "Tanner Bellows Cooper Linnet Orchard Quarry Saddler Thimble Weaver Larch Mallow Pinfold".split()
    for kind in ("Street", "Road", "Lane", "Close", "Terrace")
)
_CHARITIES = ("a law centre", "an advice charity", "the Harbour Project", "a parents’ forum", "the Lantern Trust")
NUMBER_WORDS = (
    "nought one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
).split()
LETTERS = "ABCDEFGHJKLMNPQRSTVWXYZ"
TITLES = (
    ("Ms", "she", "her", "her"),
    ("Mr", "he", "his", "him"),
    ("Mrs", "she", "her", "her"),
    ("Miss", "she", "her", "her"),
    ("Dr", "he", "his", "him"),
)
DAY_ONE = datetime.date(2010, 1, 1).toordinal()
DAYS = tuple(datetime.date.fromordinal(DAY_ONE + day) for day in range(7300))
_MONTHS = "January February March April May June July August September October November December".split()
_DATE_TEXTS = tuple(f"{day.day} {_MONTHS[day.month - 1]} {day.year}" for day in DAYS)
MONTH_TEXTS = tuple(f"{_MONTHS[day.month - 1]} {day.year}" for day in DAYS)
MEN = ("father", "husband", "uncle", "brother")


class Case(dict[str, str]):
    """The slots of one decision. Names are fixed for it and stored; all else is drawn each time it is asked for."""

    def __init__(self, draw: Callable[[], float], pools: dict[str, tuple[str, ...]], start: int, pace: float) -> None:
        super().__init__()
        self.draw = draw
        self.pools = pools
        self.start = self.today = self.then = start
        self.pace = pace
        self.telling = True  # whether events are told in their order, or looked back upon
        self.decks: dict[str, int] = {}

    def __missing__(self, key: str) -> str:
        drawer = _DRAWERS.get(key)
        if drawer is not None:
            return drawer(self)
        pool = self.pools[key]
        entry = pool[int(self.draw() * len(pool))]
        return entry.format_map(self) if "{" in entry else entry

    def below(self, bound: int) -> int:
        """A whole number from 0 that is less than this."""
        return int(self.draw() * bound)

    def deal(self, key: str) -> str:
        """The next entry of a pool, filled: it begins anywhere and comes round only after all others."""
        pool = self.pools[key]
        place = self.decks.get(key)
        place = int(self.draw() * len(pool)) if place is None else (place + 1) % len(pool)
        self.decks[key] = place
        return pool[place].format_map(self)

    def day(self) -> int:
        """A later day, counted from DAY_ONE; where nothing is told in its order, one that was before today."""
        if self.telling:
            self.today += 1 + int(self.draw() * self.pace)
            return self.today
        self.then += 1 + int(self.draw() * 40)
        if self.then >= self.today:
            self.then = self.start + int(self.draw() * (self.today - self.start))
        return self.then

    def span(self, least: int, most: int, unit: str) -> str:
        """So many of a unit: `seven weeks`, `12 weeks`."""
        count = least + int(self.draw() * (most - least + 1))
        return f"{NUMBER_WORDS[count] if count < 10 else count} {unit}"


_DRAWERS: dict[str, Callable[[Case], str]] = {
    "date": lambda case: _DATE_TEXTS[case.day()],
    "month": lambda case: MONTH_TEXTS[case.day()],
    "small": lambda case: f"£{50 + 5 * case.below(150)}",
    "big": lambda case: f"£{800 + case.below(14000):,}.{case.below(100):02}",
    "weeks": lambda case: case.span(3, 30, "weeks"),
    "months": lambda case: case.span(2, 14, "months"),
    "days": lambda case: str(4 + case.below(60)),
    "minutes": lambda case: str(5 + case.below(90)),
    "pages": lambda case: str(30 + case.below(900)),
    "n": lambda case: NUMBER_WORDS[6 + case.below(4)] if case.draw() < 0.3 else str(10 + case.below(20)),
    "few": lambda case: NUMBER_WORDS[2 + case.below(4)],
    "off": lambda case: f"Officer {LETTERS[case.below(9)]}",
    "street": lambda case: _STREETS[case.below(len(_STREETS))],
    "charity": lambda case: _CHARITIES[case.below(len(_CHARITIES))],
}
