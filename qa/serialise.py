"""Answers, decisions, paragraphs and checks of letters → the JSON of the API, whose types are in qa.schemas.

HTTP, MCP and the command line give the same. Only these (qa.web, qa.mcp, qa.cli) import it; it decides, searches and
reads nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.coverage import Counts
from index.decisions import Decision, DecisionEntry, Paragraph
from index.ledger import Change
from index.store import Store
from qa import schemas
from qa.addresses import url_of
from qa.answering.answer import Answer
from qa.answering.citations import citation_full, citation_of
from qa.answering.collection import Covered
from qa.answering.extract import Span
from qa.answering.refusals import Holdings, IndexVersion
from qa.generation.generator import Generation
from qa.generation.sentences import Statement
from qa.letters.letter import Check
from qa.letters.verdicts import Finding
from qa.retrieval.search import Hit


def answer_as_json(answer: Answer) -> schemas.Answer:
    """The body of `/ask`."""
    shown = [_hit_as_json(hit, spans) for hit, spans in zip(answer.shown, answer.highlights, strict=True)]
    named: schemas.Named = {
        "council": list(answer.council),
        "reference": [str(reference) for reference in answer.reference],
        "unknown": list(answer.unknown),
    }
    body: schemas.Answer = {
        "question": answer.question,
        "status": answer.status,
        "answer": _text_as_json(answer),
        "paragraphs": shown if answer.hits else [],
        "nearest": shown if answer.nearest else [],
        "index": _version_as_json(IndexVersion.of(answer.store)),
        "took_ms": round(answer.took_ms, 1),
    }
    if answer.refusal is not None:
        body["reason"] = answer.refusal.reason
        body["detail"] = answer.refusal.detail
        body["held"] = _held_as_json(answer.holdings)
    elif answer.notes:
        body["detail"] = " ".join(answer.notes)
    if answer.remarks:
        body["notes"] = list(answer.remarks)
    if answer.corrected:
        body["corrected"] = [{"from": typed, "to": read} for typed, read in answer.corrected]
    if any(named.values()):
        body["named"] = named
    if answer.generation is not None:
        body["generation"] = _generation_as_json(answer.generation)
    return body


def _text_as_json(answer: Answer) -> schemas.AnswerText | None:
    if answer.generation is not None and answer.generation.statements:
        told = answer.generation.statements
        return {
            "kind": "generated",
            "text": " ".join(map(str, told)),
            "model": answer.generation.model,
            "sentences": [statement_as_json(statement) for statement in told],
            "confidence": None,
        }
    if not (answer.box or answer.register):
        return None
    body: schemas.AnswerText = {
        "kind": answer.kind,
        "text": answer.text,
        "model": None,
        "sentences": [
            {"text": part.text, "citations": [one.citation], "voice": part.voice}
            for one in answer.box
            for part in one.parts
        ],
        "confidence": round(answer.confidence, 4),
    }
    if answer.register is not None:
        body["register"] = {
            "count": answer.register.count,
            "decisions": [str(entry.reference) for entry in answer.register.decisions],
            "filters": answer.register.filters,
            "sentence": answer.register.sentence,
        }
    return body


def _held_as_json(holdings: Holdings) -> schemas.Held:
    return {
        "decisions": holdings.decisions,
        "categories": list(holdings.categories),
        "from": holdings.first.isoformat() if holdings.first else None,
        "to": holdings.last.isoformat() if holdings.last else None,
    }


def statement_as_json(statement: Statement) -> schemas.Sentence:
    """A sentence of a generated text."""
    return {"text": statement.text, "citations": statement.citations}


def _generation_as_json(generation: Generation) -> schemas.Generation:
    prompt = generation.prompt
    return {
        "reason": generation.reason,
        "detail": generation.detail or None,
        "model": generation.model,
        "host": generation.host,
        "template": {"name": prompt.name, "version": prompt.version, "sha256": prompt.sha256} if prompt else None,
        "left_out": [
            {**statement_as_json(one), "reason": one.flaw, "detail": one.detail}
            for one in generation.left_out
            if one.flaw
        ],
    }


def _hit_as_json(hit: Hit, highlights: Sequence[Span]) -> schemas.Hit:
    return {
        "rank": hit.rank,
        "score": round(hit.score, 4),
        **_heading_as_json(hit.entry),
        **_cited_as_json(hit.paragraph, hit.entry),
        "citation_full": citation_full(hit.paragraph, hit.entry),
        "highlights": list(highlights),
        "voices": [(start, end, voice) for (start, end, _), voice in zip(hit.sentences, hit.voices, strict=True)],
        "also": [{"citation": citation_of(*other), "url": url_of(other[0].pinpoint)} for other in hit.also],
    }


def _cited_as_json(paragraph: Paragraph, decision: Decision | DecisionEntry) -> schemas.Cited:
    return {
        "paragraph": paragraph.pinpoint.number,
        "section": list(paragraph.section),
        "role": paragraph.role,
        "numbering": paragraph.numbering,
        "text": paragraph.text,
        "citation": citation_of(paragraph, decision),
        "url": url_of(paragraph.pinpoint),
    }


def paragraph_as_json(paragraph: Paragraph, decision: Decision | DecisionEntry) -> schemas.Paragraph:
    """A paragraph as it stands in a decision, or a lettered item of one; `lines` show the structure of its text."""
    lines: list[schemas.Line] = []
    item = paragraph.pinpoint.item
    for line in paragraph.lines:
        item = line.item if line.depth < 2 else item  # what stands within an item belongs to it
        place = replace(paragraph, pinpoint=replace(paragraph.pinpoint, item=item))
        cited = citation_of(place, decision)
        lines.append({"text": line.text, "depth": line.depth, "item": line.item, "citation": cited})
    return {**_cited_as_json(paragraph, decision), "item": paragraph.pinpoint.item, "lines": lines}


def decision_as_json(decision: Decision) -> schemas.Decision:
    """The body of `/api/decisions/REFERENCE`."""
    return {
        **_source_as_json(decision),
        "summary": decision.summary.text if decision.summary else None,
        "numbering": decision.numbering,
        "doubts": list(decision.doubts),
        "proof": decision.proof,
        "proved_to": decision.proved_to,
        "cross_references": [
            {
                "paragraph": found.at,
                "words": found.words,
                "targets": list(found.targets),
                "verdict": found.verdict,
                "reason": found.reason or None,
            }
            for found in decision.cross_references
        ],
        "paragraphs": [paragraph_as_json(paragraph, decision) for paragraph in decision.paragraphs],
    }


def _version_as_json(version: IndexVersion) -> schemas.IndexVersion:
    return {
        "version": version.version,
        "decisions": version.decisions,
        "paragraphs": version.paragraphs,
        "model": version.model,
    }


def entry_as_json(entry: DecisionEntry) -> schemas.DecisionEntry:
    """A decision as it stands in the list `/api/decisions`."""
    return {
        **_source_as_json(entry),
        "numbering": entry.numbering,
        "paragraphs": entry.paragraphs,
        "url": f"/decisions/{entry.reference.slug}",
    }


def _source_as_json(decision: Decision | DecisionEntry) -> schemas.Source:
    source = decision.provenance
    return {
        **_heading_as_json(decision),
        "fetched": source.fetched.isoformat() if source.fetched else None,
        "page_sha256": source.sha256,
    }


def coverage_as_json(store: Store, found: Covered) -> schemas.Coverage:
    """The body of `/api/coverage`, of a page of the bodies."""
    body: schemas.Coverage = {
        "total": _counted_as_json(found.coverage.total),
        "subjects": [{**_counted_as_json(row.counts), "subject": row.name} for row in found.coverage.subjects],
        "categories": [{**_counted_as_json(row.counts), "category": row.name} for row in found.coverage.categories],
        "bodies": [
            {
                **_counted_as_json(row.counts),
                "council": row.name or "",
                "subjects": {name: count for name, count in row.categories.items() if name is not None},
            }
            for row in found.bodies
        ],
        "page": found.page,
        "pages": found.pages,
        "bodies_total": len(found.coverage.bodies),
        "built": store.manifest.built,
        "fetched": found.coverage.fetched.isoformat() if found.coverage.fetched else None,
        "index": _version_as_json(IndexVersion.of(store)),
    }
    if found.notes:
        body["notes"] = list(found.notes)
    return body


def _counted_as_json(counts: Counts) -> schemas.Counted:
    return {
        "decisions": counts.decisions,
        "published": counts.published,
        "proved": counts.proved,
        "inferred": counts.inferred,
        "unnumbered": counts.unnumbered,
        "undated": counts.undated,
        "from": counts.first.isoformat() if counts.first else None,
        "to": counts.last.isoformat() if counts.last else None,
        "years": {str(year): count for year, count in counts.years.items()},
    }


def _heading_as_json(decision: Decision | DecisionEntry) -> schemas.Heading:
    return {
        "council": decision.body,
        "reference": str(decision.reference),
        "category": decision.category,
        "outcome": decision.outcome,
        "date": decision.date.isoformat() if decision.date else None,
        "source_url": decision.provenance.url,
        "source_derived": decision.provenance.is_derived,
    }


def change_as_json(change: Change) -> schemas.Change:
    """A change as it stands in the list `/api/changes`."""
    return {
        "reference": str(change.reference),
        "council": change.body,
        "what": change.what,
        "date": change.at.date().isoformat(),
        "at": change.at.isoformat(),
        "sha256": change.sha256,
        "places": list(change.places),
        "fields": ["council" if name == "body" else name for name in change.fields],
        "source_url": change.url,
        "previous_url": change.before,
        "removed_by": change.removed_by,
        "removed_on": change.removed_on.isoformat() if change.removed_on else None,
        "url": None if change.what == "removed" else f"/decisions/{change.reference.slug}",
    }


def check_as_json(check: Check) -> schemas.Check:
    """The body of `/api/check`."""
    counts = check.counts
    return {
        "findings": [_finding_as_json(finding) for finding in check.findings],
        "counts": {
            "exact": counts["exact"],
            "found": counts["found"],
            "altered": counts["altered"],
            "wrong_paragraph": counts["wrong_paragraph"],
            "number_inferred": counts["number_inferred"],
            "not_held": counts["not_held"],
        },
        "index": _version_as_json(check.index),
    }


def _finding_as_json(finding: Finding) -> schemas.Finding:
    return {
        "start": finding.start,
        "end": finding.end,
        "text": finding.text,
        "verdict": finding.verdict,
        "detail": finding.detail,
        "to_look_at": finding.is_to_look_at,
        "reference": str(finding.reference) if finding.reference else None,
        "place": finding.place,
        "quotation": finding.quotation,
        "differences": [{"kind": one.kind, "text": one.text} for one in finding.differences],
        "right": [
            {"citation": citation, "url": url_of(place.pinpoint), "text": place.text}
            for place, citation in finding.right
        ],
    }
