"""Numbers as they are written: in words, in digits, and as sums of money. Pure; the table that every reader uses.

Numbers have words from 1 to 99, ordinals from 1st to 10th. What a number counts, and whether it is a figure at all, is
told elsewhere.
"""

from __future__ import annotations

import re

_ONES = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen
    nineteen
""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
NUMBER_WORDS = {word: value for value, word in enumerate(_ONES, 1)}
NUMBER_WORDS |= {ten: 10 * value for value, ten in enumerate(_TENS, 2)}
NUMBER_WORDS |= {f"{ten}-{one}": NUMBER_WORDS[ten] + NUMBER_WORDS[one] for ten in _TENS for one in _ONES[:9]}
"""The numbers 1 to 99 as they are written in words: “twenty-one”."""
DIGIT_WORDS = tuple(_ONES[:9])
"""“one” to “nine”."""
ORDINALS = {
    word: value
    for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}

NUMBER_WORD = (
    rf"(?>(?:{'|'.join(_TENS)})[-\s](?:{'|'.join(DIGIT_WORDS)})\b|(?:{'|'.join([*_TENS, *reversed(_ONES)])})\b)"
)
"""A pattern for NUMBER_WORDS; between the two words of one may be white space. “Twenty-one” is never read as 20 to 1.

This and the next ones count in small letters or not: `re.IGNORECASE` is for the pattern that they stand in.
"""
NUMBER_WORD_EXAMPLES = {"one": 1, "Nineteen": 19, "twenty": 20, "twenty-one": 21, "Ninety nine": 99}
NUMBER_WORD_COUNTER_EXAMPLES = ("none", "oneself", "twentyone", "hundred", "first")

DIGITS = r"(?:\d+(?:,\d{3}(?!\d))+(?:\.\d+)?|\d+(?:\.\d+)?)"
"""A pattern for a number in digits, with its thousands apart by commas or not, and its decimals."""
DIGITS_EXAMPLES = ("1", "1000", "1,000", "1,234,567.89", "0.5")
DIGITS_COUNTER_EXAMPLES = ("1,00", ",5", "1.", "1,2345", "one")

SCALES = {"million": 10**6, "m": 10**6, "billion": 10**9, "bn": 10**9, "thousand": 10**3, "k": 10**3, "hundred": 100}
"""What stands behind the digits of a sum, and how often it takes them."""
SUM = rf"£\s?(?P<pounds>{DIGITS})(?:\s?(?P<scale>million|billion|thousand|bn|m|k)\b)?"
"""A pattern for a sum with its sign."""
SUM_EXAMPLES = ("£300", "£ 300", "£1,250.50", "£2m", "£2 million", "£1.5k")
SUM_COUNTER_EXAMPLES = ("300", "£", "£two", "300 pounds")
SUM_IN_POUNDS = rf"\b(?P<in_pounds>{DIGITS})\s(?:(?P<in_scale>million|billion|thousand|hundred)\s)?pounds?\b"
"""The same without a sign."""
SUM_IN_POUNDS_EXAMPLES = ("300 pounds", "1 pound", "2 million pounds", "1,250 pounds")
SUM_IN_POUNDS_COUNTER_EXAMPLES = ("£300", "300", "300 poundstretchers")


def number_of(words: str) -> int:
    """The number that words are, in small letters or not, apart by whatever: “Twenty one”. Raises KeyError."""
    return NUMBER_WORDS[re.sub(r"\s", "-", words.lower())]
