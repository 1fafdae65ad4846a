"""Answers and paragraphs as text that a language model reads beside the JSON.

It decides nothing; what pages and the command say in the same words is in qa.presentation.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.decisions import Decision, Paragraph
from index.passages import sentences
from qa import presentation as say
from qa.answering.answer import Answer
from qa.answering.citations import as_lines, citation_of
from qa.retrieval.requests import Question
from qa.retrieval.search import Hit
from qa.text.voices import voices


def answer_as_text(answer: Answer, question: Question) -> str:
    """An answer or a refusal, with the paragraphs."""
    parts = []
    if answer.corrected:
        parts.append(f"{say.corrections(answer)} (Exactly as typed: `as_typed`.)")
    if searched := [str(reference) for reference in answer.reference] or answer.council:
        parts.append(f"Searched: {' and '.join(searched)}, which the question names (all: `everywhere`).")
    parts += answer.remarks
    if answer.refusal is not None:
        parts += _refusal_as_text(answer, question)
    else:
        parts += [*answer.notes, *say.not_held(answer)]
        parts += _found_as_text(answer)
    return "\n\n".join(parts)


def _refusal_as_text(answer: Answer, question: Question) -> list[str]:
    assert answer.refusal is not None
    refusal = answer.refusal
    above = say.heading(answer, question.within)
    parts = [
        f"{above} (status `not_found`, reason `{refusal.reason}`). {say.detail(answer, above)}",
        "These decisions do not seem to answer the question. Say so, and why.",
    ]
    if answer.holdings.told not in refusal.detail:
        parts.append(f"In this collection: {answer.holdings.told}.")
    if answer.nearest:
        parts.append(f"{say.NOT_ANSWERING}:")
    return [*parts, *map(_hit, answer.nearest)]


def _found_as_text(answer: Answer) -> list[str]:
    if answer.register is not None:
        register = answer.register
        filters = "; ".join(f"{name}: {value}" for name, value in say.understood(answer))
        decisions = [f"{entry.body} ({entry.reference}), {say.about_decision(entry)}" for entry in register.decisions]
        return [
            f"From the list of decisions (kind `register`): {register.sentence}",
            *([f"Understood as: {filters}."] if filters else []),
            *(["\n".join(decisions)] if decisions else []),
        ]
    if answer.kind == "citation":
        groups, beside = say.opened(answer)
        parts = [f"{say.opened_heading(groups)} (kind `citation`):"] if groups else []
        parts += [_hit(hit) for group in groups for hit in group.hits]
        return parts + ([f"{say.BESIDE}:", *map(_hit, beside)] if beside else [])
    if not answer.box:
        return [f"No answer box. {say.SILENT}", f"{say.CLOSEST}:", *map(_hit, answer.hits)]
    told = [_cited(say.excerpt_lines(one), one.citation, say.excerpt_notes(one)) for one in answer.box]
    above = f"{say.BOX} (kind `extract`; the probability that it answers is {answer.confidence:.2f}):"
    return [above, *told, "Best matches:", *map(_hit, answer.hits)]


def _hit(hit: Hit) -> str:
    notes = [*say.notes_of(hit), *say.same_wording(hit)]
    return _cited(as_lines(hit.paragraph), citation_of(hit.paragraph, hit.entry), notes)


def paragraph_as_text(paragraph: Paragraph, decision: Decision) -> str:
    """A whole paragraph with its citation and whose words it is."""
    texts = [paragraph.text[start:end] for start, end in sentences(paragraph)]
    notes = say.voice_notes(paragraph.role, zip(texts, voices(paragraph), strict=True))
    return _cited(as_lines(paragraph), citation_of(paragraph, decision), notes)


def _cited(text: str, citation: str, notes: Sequence[str]) -> str:
    return "\n".join([text, f"— {citation}", *notes])
