"""The role of each numbered paragraph, from the headings above it. Pure.

What headings of a role are called, and words within longer ones, stand in index.parsing.heading_forms.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence

from index.decisions import Role
from index.parsing.heading_forms import AROUND_ALL, CONCLUSION, HEADINGS, SAYS_NOTHING_BY_ITSELF, WITHIN

_MAX_HEADING_CHARACTERS = (
    200  # characters of a heading, none that has a name is longer; a gap in the patterns is never longer either
)
_SUMMARY = re.compile(r"(?:report )?summary\s*:?", re.IGNORECASE)  # of a report
_FOUND = ("law", "facts", "finding")  # what stands under "What I found", in this order


def roles(sections: Sequence[tuple[str, ...]]) -> list[Role]:
    """The role of each numbered paragraph, from the headings above it; `sections` in the order of the decision.

    The innermost heading that is wholly called as a part of decisions is decides, whatever it stands below: a capture
    shows no levels. Else the outermost that says outright what it is on. One that may be a topic is not believed among
    the findings, which come last: there "Mr X’s complaint about bias" begins no facts; and "Delay in the assessment"
    begins them only where no heading does. Headings that say nothing go on with what the one before began.
    """
    named = _named(sections)
    last = {role: position for position, role in enumerate(named)}
    given: list[Role] = []
    begun: Role | None = None
    for position, section in enumerate(sections):
        role = named[position]
        if role is None:
            begun = _told(section, begun, last.get("finding", -1) > position) or begun or _opening(sections[position:])
        elif role in _FOUND:
            begun = role
        given.append(role or begun or "finding")
    return given


def _named(sections: Sequence[tuple[str, ...]]) -> list[Role | None]:
    """What the headings are wholly called; None for a part of what was found that has no such name."""
    names = {section: _name(section) for section in set(sections)}
    named = [names[section] for section in sections]
    found = max((position for position, role in enumerate(named) if role in _FOUND), default=-1)
    ended = max((position for position, role in enumerate(named) if role == "conclusion"), default=-1)
    for position, section in enumerate(sections):
        if named[position] == "conclusion" and len(section) > 1 and position < found:
            named[position] = None  # what the body decided, among what happened
        elif named[position] is None and any(
            CONCLUSION.fullmatch(heading[:_MAX_HEADING_CHARACTERS]) for heading in section
        ):
            named[position] = "finding" if len(section) > 1 or position < ended else "conclusion"
    return named


def _name(section: tuple[str, ...]) -> Role | None:
    """The innermost heading has the first say, but for names that count for the outermost only."""
    outermost = next((depth for depth, heading in enumerate(section) if not AROUND_ALL.fullmatch(heading)), 0)
    for depth, heading in reversed(list(enumerate(section))):
        for kind in HEADINGS:
            if (depth <= outermost or not kind.outermost) and kind.pattern.fullmatch(heading[:_MAX_HEADING_CHARACTERS]):
                return kind.role
    return None


@functools.lru_cache(maxsize=1_000)
def _told_by(heading: str) -> tuple[Role, bool] | None:
    """What the words of a heading say, and whether they do so outright."""
    return next(((role, sure) for words, role, sure in WITHIN if words.search(heading)), None)


def _told(section: tuple[str, ...], begun: Role | None, findings_follow: bool) -> Role | None:
    """What the words of its headings say; None where they say nothing, or what is not believed here."""
    told = [_told_by(heading[:_MAX_HEADING_CHARACTERS]) for heading in section]
    known = [one for one in told if one is not None]
    for role, sure in known:
        if sure:
            return role
    for role, _ in known[:1]:
        if begun != "finding" and (role != "finding" or (begun is not None and not findings_follow)):
            return role
    return None


def _opening(sections: Sequence[tuple[str, ...]]) -> Role:
    """What stands first under "What I found" without a telling heading: the law, if the facts are still to come."""
    later = {_name(section) or _told(section, None, True) for section in set(sections)}
    return "law" if "facts" in later else "finding"


def _needs_no_form(heading: str) -> bool:
    """Whether a heading is one above others, or that of a report's summary, which has a role by itself."""
    return SAYS_NOTHING_BY_ITSELF.fullmatch(heading) is not None or _SUMMARY.fullmatch(heading) is not None


def unnamed_headings(sections: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The headings that match no form, above paragraphs whose role no other heading tells, in their order, each once.

    What stands below them goes on with the role of what stands above, or is guessed.
    """
    found: dict[str, None] = {}
    for section in dict.fromkeys(sections):
        if _name(section) is None and not any(map(_says_something, section)):
            found.update((heading, None) for heading in section if not _needs_no_form(heading))
    return tuple(found)


def _says_something(heading: str) -> bool:
    beginning = heading[:_MAX_HEADING_CHARACTERS]
    return CONCLUSION.fullmatch(beginning) is not None or _told_by(beginning) is not None
