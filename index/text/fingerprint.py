"""Which texts have the same, or nearly the same, wording: the Ombudsman's standard paragraphs, told once as one hit.

A text has a key, and texts with one key have the same wording: case, white space and punctuation never count, nor the
few words that the standard paragraphs change from year to year though they say the same, nor how the one person is
called whom a text speaks of. Every other word counts, for any may turn the meaning: a number, a name, "not",
"unlawfully". So nothing is ever the same wording that says something else, at the price of folding less than a measure
of likeness would; and a key in an index finds it among millions.

A change to what a key is made from makes stored ones useless.
"""

from __future__ import annotations

import hashlib
import re

_MIN_WORDS = 8  # in fewer words no difference is a small one

_DROPPED = frozenset("a an the this our s".split())  # "s" is what is left of ’s
_BODIES = {
    word: kind
    for kind in ("council", "organisation", "authority")
    for word in (kind, f"{kind}s", f"{kind.removesuffix('y')}ies")
}
_PERSON = re.compile(
    r"\b(?:mr|mrs|ms|miss|dr) ([^\W\d_])\b"
)  # Mrs D: chosen for one decision, and says nothing elsewhere


def fold_key(text: str) -> str:
    """Equal for texts with the same wording, whatever their case, white space and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def wording(text: str) -> int:
    """64 bits, signed: equal for texts with the same or nearly the same wording, and nearly never for others."""
    folded = fold_key(text)
    if folded.count(" ") >= _MIN_WORDS - 1:
        folded = _essence(folded)
    return int.from_bytes(hashlib.blake2b(folded.encode(), digest_size=8).digest(), "big", signed=True)


def _essence(folded: str) -> str:
    """The words that count, in their order."""
    if len({person[0] for person in _PERSON.finditer(folded)}) == 1:
        folded = _PERSON.sub("person", folded)  # of two, who did what to whom must not be lost
    words = folded.split()
    one_body = len({_BODIES[word] for word in words if word in _BODIES}) == 1
    kept, before = [], ""
    for word in words:
        if word not in _DROPPED or (word == "a" and before in _BODIES):  # Council A, told apart from Council B
            kept.append("council" if one_body and word in _BODIES else word)
        before = word
    return " ".join(kept)
