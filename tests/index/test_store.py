from __future__ import annotations

import datetime
import random
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import ONE_WORD, SEEDS, WordEmbedder, variant

from index.build import build
from index.catalogue import Facets, Filter
from index.decisions import CrossReference, Decision, Line, Paragraph, Pinpoint, Provenance, Reference
from index.embedding.types import Embedding
from index.engine.database import MOST_SEGMENTS
from index.engine.manifest import Manifest
from index.engine.segment_writer import Made
from index.engine.segments import decision_id, keys_of
from index.engine.versions import writing
from index.errors import NotHeld
from index.parsing.parse import parse
from index.passages import sentences
from index.report import Item
from index.store import LateInteractionScores, Store
from index.version_writer import VersionWriter

pytestmark = pytest.mark.usefixtures("reads_here")

QUESTIONS = [
    "how long did the lanyard take",
    "safety agreement voluntary",
    "hotel costs",
    "we may investigate complaints",
]
FILTERS = [
    Filter(),
    Filter(council=("kent",)),
    Filter(role=("law", "remedy")),
    Filter(reference=(Reference("22 009 999"), Reference("21 000 832"))),
    Filter(outcome=("upheld",), date_from=datetime.date(2021, 12, 1), role=("finding",)),
]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "decisions").mkdir()
    return tmp_path / "decisions"


def answers(index, fake: WordEmbedder) -> list[object]:
    """All that can be asked of a version, without the ids in it."""
    store = Store.open(index)
    told: list[object] = [store.manifest.decisions, store.manifest.paragraphs, store.manifest.passages, store.bodies()]
    for within in FILTERS:
        told += [store.entries(within), store.count(within)]
        for question in QUESTIONS:
            asked = fake.embed_question(question)
            weights = np.arange(1, len(asked.tokens) + 1, dtype=np.float32)
            weights /= weights.sum()
            for hits in (
                store.search_vectors(asked.vector, 7, within),
                store.search_vectors(asked.vector, 1000, within),
                store.search_bm25(question, 7, within),
                store.search_bm25(question, 1000, within, all_words=True),
            ):
                found = store.paragraphs([identity for identity, _ in hits])
                told.append([(place, entry, score) for (place, entry), (_, score) in zip(found, hits, strict=True)])
                if hits:
                    told += as_lists(store.score_late_interaction(asked, weights, [identity for identity, _ in hits]))
                for identity, _ in hits[:7]:
                    told.append([place.pinpoint for place, _ in store.paragraphs(store.same_wording(identity, 100))])
    told += [store.decision(entry.reference) for entry in store.entries(Filter())]
    return told


def as_lists(matches: LateInteractionScores) -> list[object]:
    """All that matches tell but the ids of their decisions, whose order alone tells the same in any index."""
    _, decisions = np.unique(matches.decisions, return_inverse=True)
    arrays = [decisions, matches.cosines, matches.passages, matches.sentences, matches.tokens, matches.headings]
    arrays += [*matches.sentence_scores, *matches.focus]
    # The last digits of a product of matrices depend on how many threads made it.
    return [matches.roles, *(np.round(array, 3).tolist() for array in arrays)]


def asked_for(fake: WordEmbedder, question: str) -> tuple[Embedding, np.ndarray]:
    """A question, and the same weight for each of its tokens."""
    embedding = fake.embed_question(question)
    return embedding, np.full(len(embedding.tokens), 1 / len(embedding.tokens), dtype=np.float32)


@pytest.mark.parametrize("seed", range(3))
def test_answers_do_not_depend_on_the_order_of_builds(tmp_path, folder, fake, seed):
    """An index that was added to, changed and taken from answers exactly as one that was built at once."""
    chance = random.Random(seed)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in SEEDS.glob("2*.txt")}
    texts |= {
        f"23-000-00{number}": variant(f"23 000 00{number}", word)
        for number, word in enumerate(["lanyard", "lanyard", "hotel", "ferry", "lanyard"])
    }
    names = sorted(texts)
    chance.shuffle(names)
    (folder / "22-009-999.txt").write_text(variant("22 009 999"), encoding="utf-8")
    for name in names:
        (folder / f"{name}.txt").write_text(texts[name], encoding="utf-8")
        if chance.random() < 0.4:
            held = chance.choice(sorted(folder.iterdir()))
            if len(list(folder.iterdir())) > 2 and chance.random() < 0.5:
                held.unlink()
            else:
                held.write_text(held.read_text(encoding="utf-8").replace("council", "authority", 3), encoding="utf-8")
        build(folder, tmp_path / "many", fake.model, lambda _: fake)
    build(folder, tmp_path / "once", fake.model, lambda _: fake)
    assert answers(tmp_path / "many", fake) == answers(tmp_path / "once", fake)


@pytest.mark.parametrize("within", FILTERS[1:])
@pytest.mark.parametrize("question", QUESTIONS)
def test_words_are_found_as_without_the_filter(tmp_path, folder, fake, within, question):
    """A filter leaves out what does not pass, and changes neither score nor order of the rest, however many."""
    for name, word in (("22 009 999", "lanyard"), ("23 000 001", "hotel"), ("23 000 002", "lanyard")):
        (folder / f"{name}.txt").write_text(variant(name, word), encoding="utf-8")
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
    (folder / "23 000 001.txt").unlink()
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    store = Store.open(tmp_path / "index")
    passing = {identity for identity, _ in store.search_vectors(fake.embed_question(question).vector, 1000, within)}
    every = [hit for hit in store.search_bm25(question, 1000, Filter()) if hit[0] in passing]
    for limit in (1, 3, 1000):  # looked for in all, in some more than are wanted, among those that pass
        assert store.search_bm25(question, limit, within) == every[:limit]


def test_keys_are_those_of_living_texts(tmp_path, folder, fake):
    """What a decision said before it was changed is none of its texts any more, though it is in the index still."""
    for number in range(1, 6):
        (folder / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"word{number}"), encoding="utf-8")
    for word in ("lanyard", "hotel", "ferry"):
        (folder / "0.txt").write_text(variant("23 000 000", word), encoding="utf-8")
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
    version = tmp_path / "index" / Store.open(tmp_path / "index").version
    manifest = Manifest.read(version)
    parts = [(version / segment.name, segment) for segment in manifest.segments]
    assert any(segment.deleted for _, segment in parts)
    wanted = [decision_id(Reference("23 000 000"))]
    assert len(keys_of(parts, wanted)) == len(list(Store(version).decision(Reference("23 000 000")).places()))


def test_few_segments(tmp_path, folder, fake):
    """However many additions there were, a version has eight segments at most, and all that was added."""
    for number in range(30):
        reference = f"23 000 {number:03d}"
        (folder / f"{number}.txt").write_text(variant(reference, f"word{number}"), encoding="utf-8")
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
        assert len(Manifest.read(tmp_path / "index" / f"{number + 1:06d}").segments) <= MOST_SEGMENTS
    store = Store.open(tmp_path / "index")
    assert (store.manifest.decisions, len(store.entries(Filter()))) == (30, 30)
    for number in range(30):
        [(identity, _)] = store.search_bm25(f"word{number}", 1, Filter())
        assert store.paragraphs([identity])[0][1].reference == Reference(f"23 000 {number:03d}")


def test_worn_segment_is_written_anew(tmp_path, folder, fake):
    """A segment of which more than a quarter is deleted is written anew without it, and nothing is embedded for it."""
    for number in range(8):
        (folder / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"word{number}"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    deleted, rows = [], []
    for number in range(3):
        (folder / f"{number}.txt").unlink()
        fake.embedded.clear()
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
        assert fake.embedded == []
        [segment] = Store.open(tmp_path / "index").manifest.segments
        deleted.append(len(segment.deleted))
        rows.append(segment.rows)
    assert deleted == [1, 2, 0]
    assert rows[0] == rows[1] > rows[2]


def test_unchanged_segments_are_linked(tmp_path, folder, fake):
    """The files of a segment that did not change, and the embeddings, are on the disk once for all versions."""
    (folder / "a.txt").write_text(variant("23 000 001"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    held = Store.open(tmp_path / "index")
    (folder / "b.txt").write_text(variant("23 000 002", "ferry"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    one, two = tmp_path / "index" / "000001", tmp_path / "index" / "000002"
    parts = [f"segment-000001/{name}" for name in ("decisions.sqlite", "vectors.faiss", "ids.npy")]
    parts += [f"embeddings/{name}" for name in ("vectors", "tokens", "sentences", "ends", "projection.npy")]
    for name in parts:
        assert (one / name).samefile(two / name)
    assert held.search_bm25("ferry", 5, Filter()) == []


def test_version_before_keeps_its_terms(tmp_path, folder, fake):
    """Building on a version changes no byte of its terms, and it is searched as before."""
    for number in range(3):
        (folder / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"word{number}"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    held = Store.open(tmp_path / "index")
    terms = tmp_path / "index" / "000001" / "terms"
    before = {path.name: path.read_bytes() for path in terms.iterdir()}
    (folder / "0.txt").unlink()
    (folder / "3.txt").write_text(variant("23 000 003", "ferry"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    assert {path.name: path.read_bytes() for path in terms.iterdir()} == before
    assert len(Store(tmp_path / "index" / "000001").search_bm25("word0", 50, Filter())) > 0
    assert held.search_bm25("ferry", 50, Filter()) == []
    assert Store.open(tmp_path / "index").search_bm25("word0", 50, Filter()) == []


@pytest.mark.parametrize("path", sorted(SEEDS.glob("2*.txt")), ids=lambda path: path.stem)
def test_decision_is_given_back_as_it_was_parsed(seed_index, path):
    """The store gives back each seed as the parser made it."""
    parsed = parse(path.read_bytes())
    assert Store.open(seed_index).decision(parsed.reference) == parsed


SOURCE = Provenance(
    "https://www.lgo.org.uk/decisions/a/b/17-002-402b",
    True,
    datetime.datetime(2026, 5, 3, 9, 30, 12, tzinfo=datetime.UTC),
    "a" * 64,
)


def test_decision_is_given_back_whole(tmp_path, fake):
    """Items, doubts, cross-references and where it is from are stored too."""
    reference = Reference("17 002 402b")
    lines = (Line("The Council should:"), Line("apologise;", 1, "a"), Line("pay £75.", 2))
    decision = Decision(
        reference, "Surgery “A”", None, None, None, None,
        (Paragraph(Pinpoint(reference, 1), "inferred", ("What I found", "Law"), "law", lines),),
        "inferred", SOURCE, ("Its numbers were lost.",),
        (CrossReference(1, "paragraphs one and two", (1, 2), "contradicts", "There is no paragraph 2."),),
    )  # fmt: skip
    store = publish(tmp_path, fake, decision)
    given = store.decision(reference)
    assert (given, given.provenance) == (decision, decision.provenance)
    assert [entry.proof for entry in store.entries(Filter())] == ["contradicts"]
    item = Item.of("a.txt", "taken", given)
    assert (item.doubts, item.contradictions) == (("Its numbers were lost.",), ("There is no paragraph 2.",))


def publish(tmp_path, fake: WordEmbedder, decision: Decision) -> Store:
    """The index of one decision."""
    with writing(tmp_path):
        writer = VersionWriter(tmp_path, fake.model, None)
        writer.add(Made.of(decision))
        writer.embed(fake, None)
        writer.publish({str(decision.reference): ("0" * 64, "a.txt")})
        writer.close()
    return Store.open(tmp_path)


def publish_paragraphs(
    tmp_path, fake: WordEmbedder, *paragraphs: tuple[tuple[str, ...], str]
) -> tuple[Store, list[int]]:
    """The index of one decision with these headings and texts, and the ids of its paragraphs."""
    reference = Reference("23 000 001")
    places = tuple(
        Paragraph(Pinpoint(reference, number), "published", section, "law", (Line(text),))
        for number, (section, text) in enumerate(paragraphs, start=1)
    )
    decision = Decision(reference, "A Council", None, None, None, None, places, "published")
    store = publish(tmp_path, fake, decision)
    vector = fake.embed_question("council").vector
    return store, sorted(identity for identity, _ in store.search_vectors(vector, 10_000, Filter()))


def test_matches_come_in_the_order_asked_for(tmp_path, fake):
    """What is told of a paragraph stands where its id stood, however often, and whatever else was asked for."""
    store, [one, two] = publish_paragraphs(tmp_path, fake, ((), "The lanyard was blue. It was lost."), ((), "A hotel."))
    question = asked_for(fake, "blue lanyard")
    matches = store.score_late_interaction(*question, [two, one, two])
    for place, identity in enumerate([two, one, two]):
        assert as_lists(store.score_late_interaction(*question, [identity]))[1:] == as_lists(
            LateInteractionScores(
                matches.decisions[[place]], [matches.roles[place]], matches.cosines[[place]], matches.passages[[place]],
                matches.sentences[[place]], matches.tokens[[place]], [matches.sentence_scores[place]],
                [matches.focus[place]],
                matches.headings[[place]], matches.vectors[[place]],
            )
        )[1:]  # fmt: skip


def test_paragraphs_beyond_one_statement_are_met(tmp_path, fake):
    """More paragraphs than one statement can name are met all the same."""
    store, ids = publish_paragraphs(tmp_path, fake, *(((), f"Paragraph word{number}.") for number in range(1100)))
    matches = store.score_late_interaction(*asked_for(fake, "word700"), ids)
    assert (len(matches.sentence_scores), int(matches.tokens[:, 0].argmax())) == (1100, int(matches.cosines.argmax()))


def test_weights_tell_what_counts(tmp_path, fake):
    """A token of the question counts as its weight says, for passages and sentences alike."""
    store, [identity] = publish_paragraphs(tmp_path, fake, ((), "The lanyard was blue. A hotel cost much."))
    asked = fake.embed_question("blue hotel")
    matches = store.score_late_interaction(asked, np.array([0.25, 0.75], dtype=np.float32), [identity])
    assert matches.tokens[0].tolist() == pytest.approx([ONE_WORD, ONE_WORD], abs=0.01)
    assert matches.sentence_scores[0].tolist() == pytest.approx([0.25 * ONE_WORD, 0.75 * ONE_WORD], abs=0.01)
    assert matches.sentences[0] == pytest.approx(0.75 * ONE_WORD, abs=0.01)
    assert matches.passages[0] == pytest.approx(ONE_WORD, abs=0.01)


def test_heading_is_no_sentence_of_its_paragraph(tmp_path, fake):
    """A heading counts for its passage and not for the sentences, even if it is two sentences itself, or long."""
    headings = ("Hotel", "1. Was there a hotel? The hotel.", "Hotel " * 200)
    text = "The lanyard was blue. It was lost."
    store, ids = publish_paragraphs(tmp_path, fake, *((("What I found", heading), text) for heading in headings))
    matches = store.score_late_interaction(*asked_for(fake, "hotel"), ids)
    for place, (paragraph, _) in enumerate(store.paragraphs(ids)):
        assert matches.sentence_scores[place].tolist() == [0.0] * len(sentences(paragraph)) == [0.0, 0.0]
        assert matches.passages[place] == pytest.approx(ONE_WORD, abs=0.01)


def test_heading_is_met_by_itself(tmp_path, fake):
    """How the heading above a paragraph meets a question is told apart from its text; 0 where there is none."""
    store, ids = publish_paragraphs(
        tmp_path, fake, (("The lanyard",), "A hotel."), (("Costs",), "The lanyard."), ((), "The lanyard.")
    )
    matches = store.score_late_interaction(*asked_for(fake, "lanyard"), ids)
    by_text = {
        (paragraph.section, paragraph.text): (heading > 0, told.max() > 0)
        for (paragraph, _), heading, told in zip(
            store.paragraphs(ids), matches.headings, matches.sentence_scores, strict=True
        )
    }
    assert by_text == {
        (("The lanyard",), "A hotel."): (True, False),
        (("Costs",), "The lanyard."): (False, True),
        ((), "The lanyard."): (False, True),
    }


def test_focus_is_of_each_sentence(tmp_path, fake):
    """A sentence that says little else than what is asked has more focus than one that says much."""
    store, ids = publish_paragraphs(
        tmp_path, fake, (("Blue",), "Lanyard. The lanyard was seen by many people on one long train.")
    )
    matches = store.score_late_interaction(*asked_for(fake, "lanyard"), ids)
    [focus] = matches.focus
    assert len(focus) == len(matches.sentence_scores[0]) == 2
    assert focus[0] > 2 * focus[1] > 0


def test_sentences_of_all_passages_are_told(tmp_path, fake):
    """Of a paragraph with several passages, each sentence is told once, in its place."""
    text = " ".join(f"This is sentence word{number} of a long paragraph." for number in range(60))
    store, [identity] = publish_paragraphs(tmp_path, fake, (("What I found", "Hotels. And more."), text))
    [(paragraph, _)] = store.paragraphs([identity])
    for number in (0, 31, 59):
        matches = store.score_late_interaction(*asked_for(fake, f"sentence word{number} long paragraph"), [identity])
        best = sentences(paragraph)[int(matches.sentence_scores[0].argmax())]
        own = fake.embed([paragraph.text[slice(*best)]])[0].tokens
        assert len(matches.sentence_scores[0]) == len(sentences(paragraph)) == 60
        assert (asked_for(fake, f"word{number}")[0].tokens @ own.T).max() == 1


def test_each_sentence_of_the_seeds_has_a_score(seed_index, model):
    """With the real model, there are as many scores as sentences for every paragraph of the five decisions."""
    store = Store.open(seed_index)
    ids = [identity for identity, _ in store.search_vectors(model.embed_question("council").vector, 10_000, Filter())]
    embedding = model.embed_question("when must a safety agreement be explained as voluntary?")
    weights = np.full(len(embedding.tokens), 1 / len(embedding.tokens), dtype=np.float32)
    matches = store.score_late_interaction(embedding, weights, ids)
    assert len(ids) == store.manifest.places
    for scores, (paragraph, _) in zip(matches.sentence_scores, store.paragraphs(ids), strict=True):
        assert len(scores) == len(sentences(paragraph)) > 0
        assert (np.array(scores) != 0).all()  # nothing was cut off by the model


def test_lookups_use_indexes(tmp_path, folder, fake):
    """No lookup reads a whole segment, whether or not it has deleted decisions."""
    for number in range(8):
        (folder / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"word{number}"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    (folder / "0.txt").unlink()
    (folder / "9.txt").write_text(variant("23 000 009"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    store = Store.open(tmp_path / "index")
    assert [len(segment.deleted) for segment in store.manifest.segments] == [1, 0]
    plans: list[str] = []
    store._database._connection.set_trace_callback(plans.append)
    identity = store.search_bm25("word1", 1, Filter())[0][0]
    store.paragraphs([identity])
    store.same_wording(identity, 100)
    store.score_late_interaction(*asked_for(fake, "x"), [identity])
    store.decision(Reference("23 000 003"))
    store.holds(Reference("23 000 003"))
    store._database._connection.set_trace_callback(None)
    assert len(plans) >= 5
    for sql in plans:
        steps = [row[3] for row in store._database._connection.execute(f"EXPLAIN QUERY PLAN {sql}")]
        assert not [step for step in steps if "SCAN segment" in step], (sql, steps)


def test_as_near_as_the_last_is_found_too(tmp_path, folder, fake):
    """Of paragraphs that are equally near, those with the lowest references come first, however few are wanted."""
    for number in (3, 1, 2):
        (folder / f"{3 - number}.txt").write_text(variant(f"23 000 00{number}"), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    store = Store.open(tmp_path / "index")
    vector = fake.embed_question("how long did the lanyard take").vector
    [(found, _)] = store.search_vectors(vector, 1, Filter())
    assert store.paragraphs([found])[0][1].reference == Reference("23 000 001")
    [(found, _)] = store.search_bm25("lanyard", 1, Filter())
    assert store.paragraphs([found])[0][1].reference == Reference("23 000 001")


def places_of(store, hits):
    return [str(place.pinpoint) for place, _ in store.paragraphs([identity for identity, _ in hits])]


@pytest.fixture
def twins(tmp_path, folder, fake):
    """An index of three decisions that differ in their last paragraph alone; the second came in a later segment."""
    for number in (1, 3, 2):
        (folder / f"{number}.txt").write_text(variant(f"23 000 00{number}", f"word{number}"), encoding="utf-8")
        if number != 1:
            build(folder, tmp_path / "index", fake.model, lambda _: fake)
    store = Store.open(tmp_path / "index")
    assert len(store.manifest.segments) == 2
    return store


@pytest.mark.parametrize("way", ["search_vectors", "search_bm25"])
def test_one_per_text_tells_each_text_once(twins, fake, way):
    """Of paragraphs with one text, in whatever segments they are, folding tells the first, with the same score."""
    question = fake.embed_question("council lanyard hotel").vector if way == "search_vectors" else "the council"
    every = getattr(twins, way)(question, 1000, Filter())
    first = getattr(twins, way)(question, 1000, Filter(), one_per_text=True)
    texts: dict[str, tuple[int, float]] = {}
    for (place, _), hit in zip(twins.paragraphs([identity for identity, _ in every]), every, strict=True):
        key = "\n".join((*place.section[-1:], place.text))
        texts[key] = min(texts.get(key, hit), hit)
    assert sorted(first) == sorted(texts.values())
    assert len(first) < len(every)


@pytest.mark.parametrize("way", ["search_vectors", "search_bm25"])
def test_one_per_text_tells_the_first_that_passes(twins, fake, way):
    """Where the first of the paragraphs with one text is filtered out, the first of the others stands for it."""
    question = fake.embed_question("council lanyard hotel").vector if way == "search_vectors" else "the council"
    within = Filter(reference=(Reference("23 000 002"), Reference("23 000 003")))
    first = getattr(twins, way)(question, 1000, within, one_per_text=True)
    assert {pinpoint[:10] for pinpoint in places_of(twins, first)} == {"23 000 002", "23 000 003"}
    alone = getattr(twins, way)(question, 1000, Filter(reference=(Reference("23 000 003"),)), one_per_text=True)
    assert {pinpoint[:10] for pinpoint in places_of(twins, alone)} == {"23 000 003"}


def listed(reference: str, *header: tuple[str, str | None], body: str = "Kent County Council") -> str:
    """A decision about a body, with other values in its header, or without those that are None."""
    text = variant(reference).replace("Northwick Borough Council", body)
    for name, value in header:
        [line] = [line for line in text.splitlines() if line.startswith(f"{name} : ")]
        text = text.replace(line, "" if value is None else f"{name} : {value}")
    return text


@pytest.fixture
def held(tmp_path, folder, fake):
    """Gives the store of an index with some decisions, that of the files replaced or added since if called again."""

    def held(**texts: str | None) -> Store:
        for name, text in texts.items():
            if text is None:
                (folder / f"{name}.txt").unlink()
            else:
                (folder / f"{name}.txt").write_text(text, encoding="utf-8")
        build(folder, tmp_path / "index", fake.model, lambda _: fake)
        return Store.open(tmp_path / "index")

    return held


def test_facets_are_what_a_filter_can_be_set_to(held):
    """The facets are the names with their decisions, the roles with their paragraphs, and the first and last day."""
    store = held(
        a=listed("23 000 001", ("Decision", "Not upheld"), ("Decision date", "1 Mar 2021"), body="NHS Trust"),
        b=listed("23 000 002", ("Category", "Adult care services > Charging"), body="apple Care Home"),
        c=listed("23 000 003", ("Decision", None), ("Decision date", None), body="apple Care Home"),
    )
    assert store.facets() == Facets(
        (("apple Care Home", 2), ("NHS Trust", 1)),
        (("Adult care services > Charging", 1), ("Children's care services > Child protection", 2)),
        (("Not upheld", 1), ("Upheld", 1)),
        (
            ("complaint", 6), ("powers", 3), ("facts", 9), ("finding", 3), ("remedy", 3), ("conclusion", 3),
            ("summary", 3),
        ),
        datetime.date(2021, 3, 1),
        datetime.date(2023, 2, 14),
    )  # fmt: skip
    assert store.bodies() == [name for name, _ in store.facets().bodies]
    assert store.categories() == [name for name, _ in store.facets().categories]


def test_facets_of_decisions_without_a_header(tmp_path, fake):
    """What no decision has is not among the facets."""
    store, _ = publish_paragraphs(tmp_path, fake, ((), "A hotel."), ((), "A ferry."))
    assert store.facets() == Facets((("A Council", 1),), (), (), (("law", 2),), None, None)


def test_facets_of_an_index_without_decisions(held):
    """An index from which all decisions were removed has no facets."""
    held(a=listed("23 000 001"))
    assert held(a=None).facets() == Facets((), (), (), (), None, None)


def test_facets_are_of_what_is_alive(held):
    """Decisions that were removed or replaced since, in segments that were not written anew, do not count."""
    texts = {f"a{number}": listed(f"23 000 00{number}") for number in range(8)}
    roles = held(**texts).facets().roles
    store = held(
        a0=None,
        a1=texts["a1"].replace("\nAgreed action\n", "\n").replace(": Upheld", ": Not upheld"),
        a8=listed("23 000 008", ("Decision", "Report issued")),
    )
    assert [len(segment.deleted) for segment in store.manifest.segments] == [2, 0]
    assert store.facets().outcomes == (("Not upheld", 1), ("Report issued", 1), ("Upheld", 6))
    assert dict(store.facets().roles) == dict(roles) | {"finding": 9, "remedy": 7}
    assert store.count(Filter(role=("remedy",))) == 7
    assert Reference("23 000 001") not in {entry.reference for entry in store.entries(Filter(role=("remedy",)))}


def test_facets_are_counted_once(held):
    """Whoever asks for the facets, and from whichever thread, gets the same."""
    store = held(a=listed("23 000 001"))
    with ThreadPoolExecutor(8) as threads:
        asked = list(threads.map(lambda _: store.facets(), range(64)))
    assert all(facets is asked[0] for facets in asked)


@pytest.mark.parametrize(
    ("wanted", "passing"),
    [
        (("Upheld",), {"Upheld", "UPHELD"}),
        (("  not \n upheld",), {"Not upheld"}),
        (("fault",), {"Upheld: fault and injustice"}),
        (("upheld: fault",), {"Upheld: fault and injustice"}),
        (("initial enquiries", "NOT UPHELD"), {"Closed after initial enquiries", "Not upheld"}),
        (("uphel",), set()),
        ((" ",), set()),
    ],
)
def test_full_name_means_that_alone(held, wanted, passing):
    """An outcome that a filter names in full lets no longer one through, else whole words of it are enough."""
    outcomes = ["Upheld", "UPHELD", "Not upheld", "Upheld: fault and injustice", "Closed after initial enquiries", None]
    store = held(
        **{f"a{number}": listed(f"23 000 00{number}", ("Decision", value)) for number, value in enumerate(outcomes)}
    )
    assert {entry.outcome for entry in store.entries(Filter(outcome=wanted))} == passing
    assert store.count(Filter(outcome=wanted)) == len(passing)


@pytest.mark.parametrize(
    ("wanted", "passing"),
    [
        (("kent",), ["Kent County Council", "Kent Park Surgery"]),
        (("kent county council",), ["Kent County Council"]),
        (("Kent Park Surgery", "halton"), ["Halton Borough Council", "Kent Park Surgery"]),
        (("ŠIAULIŲ",), ["Šiaulių School"]),
        (("ken",), []),
    ],
)
def test_bodies_are_found_by_words(held, wanted, passing):
    """A body is found by whole words of its name, whatever their case, or alone by its name."""
    bodies = ["Kent County Council", "Kent Park Surgery", "Halton Borough Council", "Šiaulių School"]
    store = held(**{f"a{number}": listed(f"23 000 00{number}", body=body) for number, body in enumerate(bodies)})
    assert sorted(entry.body for entry in store.entries(Filter(council=wanted))) == passing


@pytest.mark.parametrize("field", ["council", "category", "outcome"])
def test_name_that_no_decision_has_is_told(held, field):
    """A filter set to what no decision has is refused, also beside a name that one has."""
    store = held(a=listed("23 000 001", ("Category", "Kent"), ("Decision", "Kent"), body="Kent"))
    store.require(Filter(**{field: ("KENT",)}))
    with pytest.raises(NotHeld, match=f"No decision in the index has the {field} “Surrey”"):
        store.require(Filter(**{field: ("Kent", "Surrey")}))


def test_entries_come_newest_first(held):
    """Decisions come newest first, those of one day by their references, and those without a date last."""
    dates = ["1 Mar 2021", None, "2 Mar 2021", "1 Mar 2021", None]
    store = held(
        **{f"a{number}": listed(f"23 000 00{9 - number}", ("Decision date", day)) for number, day in enumerate(dates)}
    )
    assert [str(entry.reference)[-1] for entry in store.entries(Filter())] == ["7", "6", "9", "5", "8"]


def test_pages_of_entries_follow_each_other(held):
    """The pages of a list are the list, cut at every so many."""
    store = held(**{f"a{number}": listed(f"23 000 00{number}") for number in range(7)})
    within = Filter(council=("kent",), role=("remedy",))
    pages = [store.entries(within, 3, offset) for offset in (0, 3, 6, 9)]
    assert [len(page) for page in pages] == [3, 3, 1, 0]
    assert [entry for page in pages for entry in page] == store.entries(within)


def test_date_filter_lets_no_decision_without_a_date_through(held):
    """Between two days, both included, is no decision of which the date is not known."""
    store = held(
        a=listed("23 000 001", ("Decision date", "1 Mar 2021")),
        b=listed("23 000 002", ("Decision date", "2 Mar 2021")),
        c=listed("23 000 003", ("Decision date", None)),
    )
    first, second = datetime.date(2021, 3, 1), datetime.date(2021, 3, 2)
    counts = [Filter(date_from=first), Filter(date_to=second), Filter(date_from=second), Filter(date_to=first)]
    assert [store.count(within) for within in counts] == [2, 2, 1, 1]


def test_role_filter_counts_beside_the_others(held):
    """Of the decisions that a filter lets through, only paragraphs with its roles are searched."""
    store = held(a=listed("23 000 001"), b=listed("23 000 002", body="Halton Borough Council"))
    found = store.search_bm25("the lanyard", 50, Filter(council=("halton",), role=("facts", "complaint")))
    places = store.paragraphs([identity for identity, _ in found])
    assert {(entry.body, place.role) for place, entry in places} == {
        ("Halton Borough Council", "facts"), ("Halton Borough Council", "complaint"),
    }  # fmt: skip


def test_names_of_one_body_are_one(held):
    """A body stands once among the facets, by the name that most decisions have, with all of its decisions."""
    names = ["London Borough of Barnet", "Barnet London Borough Council", "London Borough of Barnet", "Kent"]
    store = held(**{f"a{number}": listed(f"23 000 00{number}", body=body) for number, body in enumerate(names)})
    assert store.facets().bodies == (("Kent", 1), ("London Borough of Barnet", 3))
    assert store.count(Filter(body=("Barnet London Borough Council",))) == 3
    assert store.count(Filter(council=("LONDON BOROUGH OF BARNET",))) == store.count(Filter(council=("barnet",))) == 3


def test_name_of_a_body_is_the_newest_of_equals(held):
    """Of two ways of writing that equally many decisions have, the newer one is shown."""
    store = held(
        a=listed("23 000 001", ("Decision date", "1 Mar 2021"), body="Brighton and Hove City Council"),
        b=listed("23 000 002", ("Decision date", "2 Mar 2021"), body="Brighton & Hove City Council"),
    )
    assert store.bodies() == ["Brighton & Hove City Council"]


def test_filter_keeps_a_council_and_its_successor_apart(held):
    """A filter by one of them lets the other through in no spelling; whose it lacks is told the other."""
    store = held(a=listed("23 000 001", body="Somerset County Council"), b=listed("23 000 002", body="Dorset Council"))
    assert store.count(Filter(council=("Somerset CC",))) == 1
    for wanted in ("Somerset Council", "The Somerset Council"):
        assert store.count(Filter(council=(wanted,))) == 0
        with pytest.raises(NotHeld, match="We have decisions about Somerset County Council, which came before it"):
            store.require(Filter(council=(wanted,)))
    with pytest.raises(NotHeld, match="We have decisions about Dorset Council, which took over from it"):
        store.require(Filter(council=("West Dorset District Council",)))


def test_decisions_that_a_date_leaves_out_are_counted(held):
    """How many decisions have no date is counted where a filter sets dates, of those that pass without them."""
    store = held(
        a=listed("23 000 001", ("Decision date", None)),
        b=listed("23 000 002", ("Decision date", None), body="Halton Borough Council"),
        c=listed("23 000 003"),
    )
    day = datetime.date(2021, 3, 1)
    assert store.count_undated(Filter(date_from=day)) == store.count_undated(Filter(date_to=day)) == 2
    assert store.count_undated(Filter(date_from=day, council=("halton",))) == 1
    assert store.count_undated(Filter()) == 0


def test_orders_of_the_list(held):
    """A list comes newest first, by the names of the bodies, or longest first; what is equal comes newest first."""
    short = listed("23 000 001", ("Decision date", "1 Mar 2021"), body="Kent").partition("\nAgreed action\n")[0]
    store = held(
        a=short,
        b=listed("23 000 002", ("Decision date", "2 Mar 2021"), body="Ash"),
        c=listed("23 000 003", ("Decision date", "3 Mar 2021"), body="Kent"),
        d=listed("23 000 004", ("Decision date", None), body="Ash"),
    )

    def order(name, **page):
        return "".join(str(entry.reference)[-1] for entry in store.entries(Filter(), order=name, **page))

    assert (order("date"), order("body"), order("length")) == ("3214", "2431", "3241")
    assert order("length", limit=2, offset=1) == "24"


def test_summaries_of_some_decisions(held):
    """The summaries are those of the decisions asked for, of those that have one."""
    bare = re.sub("Summary: .*", "", listed("23 000 002"))
    store = held(a=listed("23 000 001"), b=bare, c=listed("23 000 003"))
    found = store.summaries([Reference(f"23 000 00{number}") for number in (1, 2, 9)])
    assert {str(reference): text[:4] for reference, text in found.items()} == {"23 000 001": "Ms P"}
    assert store.summaries([]) == {}


def test_coverage_counts_what_is_held(held):
    """Coverage counts decisions by subject, category, body and year, and whose numbers are known."""
    store = held(
        a=listed("23 000 001", ("Decision date", "1 Mar 2021"), ("Category", "Housing > Repairs"), body="Ash"),
        b=listed("23 000 002", ("Decision date", "2 Mar 2022"), ("Category", "Housing > Allocations"), body="Kent"),
        c=listed("23 000 003", ("Decision date", None), ("Category", None), body="Kent"),
    )
    found = store.coverage(Filter())
    total = found.total
    assert (total.decisions, total.undated, total.years) == (3, 1, {2021: 1, 2022: 1})
    assert (total.first, total.last) == (datetime.date(2021, 3, 1), datetime.date(2022, 3, 2))
    assert total.published + total.inferred == 3
    assert {row.name: row.counts.decisions for row in found.subjects} == {"Housing": 2, None: 1}
    assert {row.name: row.counts.decisions for row in found.categories} == {
        "Housing > Repairs": 1, "Housing > Allocations": 1, None: 1,
    }  # fmt: skip
    assert [(row.name, row.counts.decisions, row.counts.years, row.categories) for row in found.bodies] == [
        ("Kent", 2, {2022: 1}, {"Housing": 1, None: 1}),
        ("Ash", 1, {2021: 1}, {"Housing": 1}),
    ]
    assert found.fetched is None


def test_coverage_of_what_a_filter_lets_through(held):
    """Coverage can be that of a filter; of nothing it counts nothing."""
    store = held(a=listed("23 000 001", body="Ash"), b=listed("23 000 002", body="Kent"))
    assert [row.name for row in store.coverage(Filter(body=("Ash",))).bodies] == ["Ash"]
    nothing = store.coverage(Filter(date_to=datetime.date(1990, 1, 1)))
    assert (nothing.total.decisions, nothing.bodies, nothing.total.first) == (0, (), None)


def test_coverage_agrees_with_the_seeds(seed_index):
    """Of the decisions beside the program, four have the published numbers, three of them proved, and one has not."""
    total = Store.open(seed_index).coverage(Filter()).total
    assert (total.decisions, total.published, total.proved, total.inferred) == (5, 4, 3, 1)
