"""Why a question gets no answer: one reason, one sentence that says it, with one signpost. Pure: no model, no index.

Which reason holds is decided elsewhere (qa.answering.answer); here is what is said of it, and what is held instead.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from index.decisions import DecisionEntry
from index.store import Store
from index.text.lists import joined
from qa.addresses import COVERAGE
from qa.text.bodies import Kin

Reason = Literal[
    "out_of_scope",
    "subject_not_held",
    "body_not_held",
    "reference_not_held",
    "paragraph_not_held",
    "not_in_decisions",
    "premise",
    "no_words",
    "unclear",
]
"""Why the decisions held do not answer."""

MEANINGS: dict[Reason, str] = {
    "out_of_scope": "The question is not about the Ombudsman’s work. No paragraphs are shown.",
    "subject_not_held": "The Ombudsman deals with such complaints, but no decision in the index answers, or none "
    "matches the filters.",
    "body_not_held": "The index has no decision about the council or other body that the question names.",
    "reference_not_held": "The index has no decision with the reference that the question names.",
    "paragraph_not_held": "The decision has no such paragraph or item.",
    "not_in_decisions": "Decisions do not say such things: what happened since, averages and tariffs, the Ombudsman’s "
    "own guidance, advice on your own case, what the list of decisions does not count.",
    "premise": "The question takes something for granted that is not in the decision.",
    "no_words": "The question has no letters or digits.",
    "unclear": "It is unclear what is asked, or about which decision.",
}
"""What each reason means, for whoever reads the documentation."""

HEADINGS: dict[Reason, str] = {
    "out_of_scope": "Not a question about the Ombudsman’s work",
    "subject_not_held": "No answer found in {searched}",
    "body_not_held": "We have no decisions about {bodies}",
    "reference_not_held": "No such decision",
    "paragraph_not_held": "No such paragraph",
    "not_in_decisions": "No answer found in {searched}",
    "premise": "No answer found in {searched}",
    "no_words": "No words to search for",
    "unclear": "Unclear question",
}
"""What stands above a refusal, with the bodies that are named or the decisions that were searched."""

_ALL_BODIES = f"All bodies are at {COVERAGE}."
_MAX_NAMES_TOLD = 3  # names told one by one


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a version of the index holds, in short: how many decisions, of which categories, from when to when."""

    decisions: int
    categories: tuple[str, ...]
    first: datetime.date | None
    last: datetime.date | None

    @classmethod
    def of(cls, store: Store) -> Holdings:
        """Those of an open version."""
        facets = store.facets()
        return cls(store.manifest.decisions, tuple(name for name, _ in facets.categories), facets.first, facets.last)

    @property
    def told(self) -> str:
        """As a sentence tells it: “5 decisions, all about children’s care services, 2021 to 2022”."""
        parts = [f"{self.decisions:,} decision{'' if self.decisions == 1 else 's'}"]
        subjects = list(dict.fromkeys(category.partition(" > ")[0] for category in self.categories))
        if len(subjects) == 1:
            parts.append(f"{'all ' if self.decisions > 1 else ''}about {_small(subjects[0])}")
        elif subjects:
            parts.append(f"about {_joined([_small(subject) for subject in subjects], _MAX_NAMES_TOLD)}")
        if self.first and self.last:
            parts.append(" to ".join(dict.fromkeys([str(self.first.year), str(self.last.year)])))
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class IndexVersion:
    """Which version of the index something was looked up in, and how much it holds."""

    version: str
    decisions: int
    paragraphs: int
    model: str

    @classmethod
    def of(cls, store: Store) -> IndexVersion:
        """That of an open version."""
        manifest = store.manifest
        return cls(store.version, manifest.decisions, manifest.paragraphs, manifest.model)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why there is no answer; `detail` is one sentence and a signpost."""

    reason: Reason
    detail: str


NO_WORDS = Refusal("no_words", "The question has no words. Type what you want to know.")
UNCLEAR = Refusal("unclear", "It is not clear what you are asking. Name a subject, a council or what happened.")
OUT_OF_SCOPE = Refusal(
    "out_of_scope",
    "This does not look like a question about the Ombudsman’s work. Ask about complaints against councils, schools’ "
    "admissions, social care and the like.",
)
NOTHING_PASSES = Refusal(
    "subject_not_held", "No decisions match your filters. Remove a filter, or browse all decisions."
)
NOT_TOLD = Refusal(
    "not_in_decisions",
    "Decisions do not say this. They say what happened, what was found and what was agreed. Ask about one of these.",
)


def subject_not_held(holdings: Holdings) -> Refusal:
    """The Ombudsman deals with such complaints, but no decision held is about one."""
    return Refusal(
        "subject_not_held",
        f"No decision in this collection answers this. It has {holdings.told}; {COVERAGE} has all that it covers. "
        "All published decisions are at www.lgo.org.uk/decisions.",
    )


def about_none(unknown: Sequence[str]) -> str:
    """The sentence that no decision is about the bodies named."""
    return f"We have no decisions about {_joined(unknown, _MAX_NAMES_TOLD, 'or')}."


def body_not_held(unknown: Sequence[str], kin: Sequence[Kin], bodies: Sequence[str]) -> Refusal:
    """A body is named about which there is no decision."""
    told = about_none(unknown)
    if known := [one for one in kin if one.told in unknown]:
        first = known[0]
        same = [one.held for one in known if (one.told, one.relation) == (first.told, first.relation)]
        plural = "s" if len(same) > 1 else ""
        related = {"successor": f", its successor{plural}.", "predecessor": ", which came before it."}
        held = _joined(same, _MAX_NAMES_TOLD)
        told = f"{told} We have decisions about {held}{related.get(first.relation, '.')}"
        return Refusal("body_not_held", f"{told} {_ALL_BODIES}")
    return Refusal("body_not_held", f"{told} We have decisions about {_joined(bodies, 5)}. {_ALL_BODIES}")


def reference_not_held(unknown: Sequence[str], gone: Mapping[str, str] = MappingProxyType({})) -> Refusal:
    """A decision is named that is not held; `gone` says what became of those that were."""
    if gone:
        told = joined([f"{reference} was {what}" for reference, what in gone.items()])
        return Refusal("reference_not_held", f"Decision {told}.")
    return Refusal(
        "reference_not_held",
        f"We have no decision with the reference {_joined(unknown, _MAX_NAMES_TOLD, 'or')}. Check the number, "
        "or browse all decisions.",
    )


def names_something(word: str) -> bool:
    """Whether it tells something that a word is missing: not of “along”, “got” or “mum”, which others stand for."""
    return word.casefold() not in _NAMES_NOTHING


def premise(missing: Sequence[str], about: DecisionEntry | None, is_named: bool = True) -> Refusal:
    """What the question takes for granted does not stand in the decision that it is about, named or not."""
    where = "none of our decisions"
    if about:
        where = f"the decision about {about.body} ({about.reference})"
        where = where if is_named else f"{where}, which is nearest to this,"
    told = _joined([f"“{word}”" for word in missing], _MAX_NAMES_TOLD, "or")
    what = f"{where[:1].upper()}{where[1:]} says {'nothing' if about else 'anything'} about {told or 'it'}"
    return Refusal("premise", f"{what}, as far as we can tell. Open the decision to read what it says.")


# How and where, verbs that mean many things, people in everyday words.
_NAMES_NOTHING = frozenset(
    "after afterwards ago ahead almost along already also always anymore anyway apart around ask asked away back "
    "badly before behind below besides big boy boys bring brought call called came come coming dad daddy did do done "
    "down during early else even ever exactly far father fella finally five four further get gets getting girl girls "
    "give given go goes going gone got had half halfway happen happened hardly have hear heard help helped here "
    "indoors just keep kept kid kids kind knew know known lad lads lady lass last late later least less let like "
    "little long look looked lost lot made make man many maybe meant men miss missed more most mother much mum mummy "
    "near nearly need never next nor now off often old once only onto out outside over own parent passing people "
    "person put quite ran rang rather really row run said same sat say see seen similar since sit small sometimes "
    "soon spend stay still such take taken tell then there thing things think though three through thrown together "
    "told too took top towards tried try turn turned twice two under until up used very waiting walk want wanted well "
    "went whole within without woman wrote yes yet".split()
)


def _joined(names: Sequence[str], most: int, joint: str = "and") -> str:
    """“Kent, Halton and 3 others”."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(f"{len(names) - most} other{'s' if len(names) > most + 1 else ''}")
    return joined(shown, joint)


def _small(subject: str) -> str:
    """A subject as it stands within a sentence."""
    return subject[:1].lower() + subject[1:]
