"""How several things are told in one sentence. Pure."""

from __future__ import annotations

from collections.abc import Sequence


def joined(names: Sequence[str], word: str = "and") -> str:
    """“Kent, Halton and Leicestershire”, or with another word before the last; empty where there are none."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)
