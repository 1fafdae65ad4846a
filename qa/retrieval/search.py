"""A question → ranked hits.

The meaning of the question (the nearest vectors) and its words (BM25) are both searched. The candidates are compared
with it token by token, and what is known of each goes into one score: a convex combination of the three, and then what
speaks for its decision and for its part in it. A cross-encoder may have the last word. Paragraphs with the same or
nearly the same wording become one hit, which names the others. A body or decision that the question names is searched
alone.
"""

from __future__ import annotations

import functools
import itertools
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
from cachetools import FIFOCache

from index.arrays import Ids, Vectors
from index.catalogue import Filter
from index.decisions import DecisionEntry, Paragraph, Role
from index.plain_passages import BODY
from index.store import LateInteractionScores, Store
from qa.retrieval.answerability import Features
from qa.retrieval.models import Models, Reranker
from qa.retrieval.parsed_question import ParsedQuestion, says_what_is_asked
from qa.retrieval.selection import CONSIDERED, Examined, Known, Selection, numbers, sums
from qa.text.question_entities import BodyMatcher, QuestionEntities
from qa.text.voices import Voice

# The weights of the mix. A score is the mean, by these weights, of the cosine of the meanings, of BM25 as a share of
# what the words can score at most, and of the late interaction; to that comes what speaks for a paragraph's decision
# and for its part in it. Nothing is measured by the best or worst that was found, so a filter changes little.
# learned.json was fitted with these weights: where one changes, scripts/fit has to learn again.
COSINE_WEIGHT = 1
BM25_WEIGHT = 1
LATE_INTERACTION_WEIGHT = 4
COVERAGE_WEIGHT = 0.2
"""Of how well the whole decision has the question's words."""
ROLE_WEIGHT = 0.04
ROLES_WORTH: dict[Role, float] = {
    "finding": 1.0,
    "remedy": 1.0,
    "law": 0.5,
    "conclusion": 0.5,
    "summary": 0.5,
    "powers": 0.5,
}
"""What each role is worth for any question; those that are not here, nothing."""
LIKELY_ROLE_WEIGHT = 0.02
"""Of how likely a role answers this question, as it was learned."""
_HIGHEST_SCORE = 1.3  # nearly what all of these can come to

CANDIDATES = 160
"""Paragraphs that are compared with a question token by token."""
MOST_ALSO = 100
"""Paragraphs of the same wording that a hit names."""
_CANDIDATES_EACH_WAY = 160  # paragraphs that each way of searching finds
_MAX_CANDIDATES_EACH_WAY = 8**2 * _CANDIDATES_EACH_WAY  # where most of them have nearly the same wording
_RERANKED = 30  # paragraphs that a cross-encoder reads
# So many questions are searched for at once in a process, when the model has read them. More would wait for the
# interpreter all the same, but in the middle of their work: alone on two cores, two thirds more are answered so.
_MAX_SEARCHES = 2
_SEARCHES = threading.Semaphore(_MAX_SEARCHES)
_VECTOR_THREADS = ThreadPoolExecutor(_MAX_SEARCHES, "nearest")  # where many vectors are searched beside the words
_WARM_UP_WORDS = range(6, 63, 8)  # the model takes up to twice as long for the first question of a length
_Scored = Sequence[tuple[int, float]]
_BEST_HITS = 3  # hits that may have what is meant by a word that stands in no paragraph
_MAX_WITH_NUMBER = 40  # paragraphs that are looked through for a number
_MAX_KNOWN = 4096  # paragraphs of which is cached what is known of them, some 20 MB
_MIN_LACKED = 2.0  # how far a word must be missed to be told as missing
_SAME_THING, _SAME_WORD, _NEAR = 0.6, 0.75, 0.45  # cosines of tokens


@dataclass(frozen=True, slots=True)
class Hit:
    """A paragraph found. `score` runs from 0 to 1; `also` are the others with the same or nearly the same wording.

    `sentences` are those of its text in their order: where each starts and ends, and the probability that it answers
    the question; `voices` says whose words they are.
    """

    paragraph: Paragraph
    entry: DecisionEntry
    rank: int
    score: float
    sentences: tuple[tuple[int, int, float], ...]
    voices: tuple[Voice, ...] = ()
    also: tuple[tuple[Paragraph, DecisionEntry], ...] = ()


@dataclass(frozen=True, slots=True)
class Ranking:
    """The hits, best first, what the question names, where was searched, and how far the paragraphs found answer it.

    `total` is how many paragraphs were ranked: as far as one can page. There are no features without hits, nor
    where no word of the question says what it is about. `confidence` is the probability that the first one answers, and
    `probabilities` say of the first ones which it is, best first, together 1.
    """

    hits: tuple[Hit, ...]
    named: QuestionEntities
    within: Filter
    features: Features | None
    total: int
    confidence: float = 0.0
    probabilities: tuple[float, ...] = ()
    vector: Vectors = field(default_factory=lambda: np.empty(0, dtype=np.float32))
    """That of the question."""
    about: DecisionEntry | None = None
    """The decision of what was found first, by which the features were measured."""


class Searcher:
    """Searches one store with the model that the store was built with."""

    def __init__(self, store: Store, models: Models) -> None:
        """Raises IndexMismatch where the store was built with another model."""
        store.check_model(models.embedder.model)
        self.store = store
        self._models = models
        self.names = BodyMatcher(store.bodies())
        self._categories = store.categories()
        # What was learned of paragraphs of decisions says nothing of plain passages.
        self._orders = "selection" not in models.ablated and store.bodies() != [BODY]
        self._known: FIFOCache[int, Known] = FIFOCache(_MAX_KNOWN)
        self._knowing = threading.Lock()

    def search(self, question: str, limit: int, within: Filter, everywhere: bool = False, offset: int = 0) -> Ranking:
        """The best paragraphs for a question, `limit` at most. Raises NotHeld for a filter that nothing can pass.

        What the question names is searched alone, unless `everywhere` or `within` says where to search. The hits begin
        after the first `offset`; all else is as it is without.
        """
        self.store.require(within)
        named = self._named(question)
        if not (everywhere or within.council or within.reference):
            # A reference says more than the body beside it, which may even be that of another decision.
            within = replace(within, reference=named.reference, body=() if named.reference else named.council)
        asked = ParsedQuestion.read(named.text, self.store, self._models.embedder)
        with _SEARCHES:
            try:
                return self._search(asked, named, within, limit, offset)
            except (LookupError, ValueError):
                self.store.check_mapped()  # where texts end may be damaged, of which other numbers come than were asked
                raise

    def _search(
        self, asked: ParsedQuestion, named: QuestionEntities, within: Filter, limit: int, offset: int
    ) -> Ranking:
        found = self._find(asked, within)
        if found is None:
            return Ranking((), named, within, None, 0)
        features = self._features(asked, named, found) if asked.tells else None
        seen = self._examine(asked, named, found, features, offset + limit)
        if self._orders:
            chosen = self._models.selector.select(seen, offset + limit)
        else:
            chosen = self._models.selector.select(seen).as_found()
        hits = self._hits(found, seen, chosen, offset, limit)
        return Ranking(
            hits,
            named,
            within,
            features,
            len(found.order),
            chosen.confidence,
            chosen.probabilities,
            seen.vector,
            seen.known[0].entry,
        )

    def _find(self, asked: ParsedQuestion, within: Filter) -> _Found | None:
        """The paragraphs near to a question, and their order; None where there are none."""
        candidates = self._candidates(asked, within)
        if not len(candidates.ids):
            return None
        matches = self.store.score_late_interaction(asked.embedding, asked.weights, candidates.ids.tolist())
        score, coverage, worth = self._score(asked, candidates, matches)
        if self._models.reranker is not None:
            score = self._rerank(self._models.reranker, asked, candidates.ids, score)
        order = np.lexsort((candidates.ids, -score))
        return _Found(candidates, matches, score, coverage, worth, order)

    def has_sum(self, number: str, within: Filter) -> bool:
        """Whether a paragraph has a sum, however it is written; or may, where too many have its digits."""
        written = f"{int(number):,}" if number.isdigit() else number
        found = {
            identity
            for text in (number, written)
            for identity, _ in self.store.search_bm25(text, _MAX_WITH_NUMBER, within)
        }
        return len(found) >= _MAX_WITH_NUMBER or any(
            number in sums(one.text) for one, _ in self.store.paragraphs(sorted(found))
        )

    def lacking(self, words: Sequence[str], about: DecisionEntry | None) -> list[str]:
        """Those of some words that stand nowhere in a decision, in any form."""
        within = Filter(reference=(about.reference,)) if about else Filter()
        return [word for word in words if not self.store.search_bm25(word, 1, within)]

    def examine(self, question: str) -> tuple[Examined, Features | None, QuestionEntities] | None:
        """What the models that look at the best paragraphs see of a question, for learning them; None of nothing."""
        named = self._named(question)
        asked = ParsedQuestion.read(named.text, self.store, self._models.embedder)
        within = Filter(reference=named.reference, body=() if named.reference else named.council)
        found = self._find(asked, within)
        if found is None:
            return None
        features = self._features(asked, named, found) if asked.tells else None
        return self._examine(asked, named, found, features, CONSIDERED), features, named

    def _examine(
        self, asked: ParsedQuestion, named: QuestionEntities, found: _Found, features: Features | None, shown: int
    ) -> Examined:
        """What is known of the best paragraphs; at least of those that are to be shown."""
        chosen = found.order[: max(CONSIDERED, shown)]
        ids, matches = found.candidates.ids[chosen], found.matches
        known = self._read(ids.tolist())
        places = chosen.tolist()
        told = matches.sentence_scores.parts(places)
        best = [int(one.argmax()) if len(one) else 0 for one in told]
        two, mean, of_focus = _means(told, matches.focus.parts(places), best)
        tokens, weights = matches.tokens[chosen], asked.weights
        words = tokens @ asked.share
        next_to = found.neighbours(ids)
        asked_numbers = numbers(asked.text)
        meets = np.array(
            [
                found.score[chosen],
                found.score[chosen] - found.score[chosen[0]],
                1 / np.arange(1, len(chosen) + 1),
                matches.cosines[chosen],
                found.candidates.words[chosen],
                matches.passages[chosen],
                matches.sentences[chosen],
                found.coverage[chosen],
                found.worth[chosen],
                tokens.min(axis=1),
                (tokens > _SAME_THING) @ weights,
                (tokens > _SAME_WORD) @ weights,
                (tokens > _NEAR) @ weights,
                tokens @ asked.asking,
                words.min(axis=1),
                two,
                mean,
                np.log1p([len(one) for one in told]),
                np.log1p([one.words for one in known]),
                next_to.max(axis=0),
                tokens.mean(axis=1),
                *of_focus,
                matches.headings[chosen],
                next_to[0],
                next_to[1],
                [len(asked_numbers & one.numbers) / len(asked_numbers) if asked_numbers else 1.0 for one in known],
                (next_to > 0).sum(axis=0),
            ],
            dtype=np.float32,
        ).T
        shares = (features.contrast, features.unmet, features.weakest) if features else (0.0, 1.0, 0.0)
        about = [*shares, float(bool(named.council or named.reference)), len(asked.words), len(asked.text.split())]
        like = np.stack([one.likeness[place] for one, place in zip(known, best, strict=True)])
        return Examined(
            asked.embedding.vector, known, meets, like, matches.vectors[chosen], told, np.array(about, dtype=np.float32)
        )

    def _read(self, ids: Sequence[int]) -> list[Known]:
        """What is known of these paragraphs; it is cached, for the same ones are found again and again."""
        with self._knowing:
            known = {identity: self._known[identity] for identity in ids if identity in self._known}
        missing = [identity for identity in ids if identity not in known]
        read = {identity: Known.of(*one) for identity, one in zip(missing, self.store.paragraphs(missing), strict=True)}
        with self._knowing:
            self._known.update(read)
        known |= read
        return [known[identity] for identity in ids]

    def prepare(self) -> None:
        """Do now what the first questions would have to wait for. Raises ModelError."""
        for words in _WARM_UP_WORDS:
            vector = self._models.embedder.embed_question(" ".join(["ready"] * words)).vector
        self._models.topics.standings(vector, self._categories)

    def _named(self, question: str) -> QuestionEntities:
        if "named" in self._models.ablated:
            return QuestionEntities(question, (), (), ())
        return self.names.read(question, self.store.holds)

    def _candidates(self, asked: ParsedQuestion, within: Filter) -> _Candidates:
        """The paragraphs that are best by meaning and words together, one of each wording.

        A standard paragraph stands in every decision, and must not take all places.
        """
        if not asked.words:
            return _Candidates(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
        depth = _CANDIDATES_EACH_WAY
        while True:
            seek = functools.partial(
                self.store.search_vectors, asked.embedding.vector, depth, within, one_per_text=True
            )
            aside = _VECTOR_THREADS.submit(seek) if self.store.is_large else None
            words = []
            if "words" not in self._models.ablated:
                words = self.store.search_bm25(asked.text, depth, within, one_per_text=True)
            near = aside.result() if aside else seek()
            ids, first, share = _joined(near, [(identity, score / asked.most) for identity, score in words])
            folds = "folding" not in self._models.ablated
            _, group = np.unique(self.store.wordings(ids) if folds else ids, return_inverse=True)
            # Which copy of a standard paragraph was found by its words must not count.
            most = np.zeros(len(ids), dtype=np.float32)
            np.maximum.at(most, group, share)
            first = first - BM25_WEIGHT * share + BM25_WEIGHT * most[group]
            share = most[group]
            order = np.lexsort((ids, -first))
            _, begins = np.unique(group[order], return_index=True)
            order = order[np.sort(begins)]
            if len(order) >= CANDIDATES or depth >= _MAX_CANDIDATES_EACH_WAY or max(len(near), len(words)) < depth:
                break
            depth *= 8
        order = order[:CANDIDATES]
        return _Candidates(ids[order], np.minimum(share[order], 1))

    def _score(
        self, asked: ParsedQuestion, candidates: _Candidates, matches: LateInteractionScores
    ) -> tuple[Vectors, Vectors, Vectors]:
        """One score for each candidate, 0 to 1; how its decision covers the question; how its role answers such."""
        late = np.zeros_like(matches.cosines)
        if "late" not in self._models.ablated:
            late = np.asarray((matches.passages + matches.sentences) / 2, dtype=np.float32)
        mixed = COSINE_WEIGHT * matches.cosines + BM25_WEIGHT * candidates.words + LATE_INTERACTION_WEIGHT * late
        weights = COSINE_WEIGHT + BM25_WEIGHT + LATE_INTERACTION_WEIGHT
        score = np.asarray(mixed / weights, dtype=np.float32)
        # The answer may stand in another paragraph than what the question tells of the case.
        _, place = np.unique(matches.decisions, return_inverse=True)
        covered = np.zeros((place.max() + 1, matches.tokens.shape[1]), dtype=np.float32)
        np.maximum.at(covered, place, matches.tokens)
        coverage = np.asarray((covered @ asked.weights)[place])
        if "coverage" not in self._models.ablated:
            score += COVERAGE_WEIGHT * coverage
        likely = self._models.answerability.roles(asked.embedding.vector)
        worth = np.array([likely[role] for role in matches.roles], dtype=np.float32)
        if "roles" not in self._models.ablated:
            part = np.array([ROLES_WORTH.get(role, 0.0) for role in matches.roles], dtype=np.float32)
            score += ROLE_WEIGHT * part + LIKELY_ROLE_WEIGHT * worth
        return np.asarray(np.clip(score / _HIGHEST_SCORE, 0, 1)), coverage, worth

    def _rerank(self, reranker: Reranker, asked: ParsedQuestion, ids: Ids, scores: Vectors) -> Vectors:
        """The scores with those of a cross-encoder for the best, which stay the best."""
        order = np.lexsort((ids, -scores))
        best, rest = order[:_RERANKED], order[_RERANKED:]
        texts = [
            "\n".join((*paragraph.section[-1:], paragraph.text))
            for paragraph, _ in self.store.paragraphs(ids[best].tolist())
        ]
        mixed = scores.copy()
        mixed[best] = (scores[best] + reranker.scores(asked.text, texts)) / 2
        mixed[rest] *= min(1.0, mixed[best].min() / max(scores[rest].max(initial=0.0), 1e-9))
        return mixed

    def _features(self, asked: ParsedQuestion, named: QuestionEntities, found: _Found) -> Features:
        matches, best = found.matches, int(found.order[0])
        vector = asked.embedding.vector
        cosine = float(matches.cosines.max())
        outside, not_held, held = self._models.topics.standings(vector, self._categories)
        met = matches.tokens[found.order[:_BEST_HITS]] @ asked.share
        idf = np.array([word.idf for word in asked.words])
        every = max(float(idf.sum()), 1e-9)
        unheld = np.array([not word.is_held for word in asked.words])
        written = [asked.text[word.start : word.end] for word in asked.words]
        telling = np.array([says_what_is_asked(word) for word in written])
        # The words of the question in the decision of the best hit, which it is probably about.
        tokens = matches.tokens[matches.decisions == matches.decisions[best]].max(axis=0)
        words = tokens @ asked.share
        missed = idf * telling * (1 - words)
        worst = np.argsort(-missed)
        first, second = (*missed[worst[:2]].tolist(), 0.0, 0.0)[:2]
        return Features(
            contrast=cosine - max(outside, not_held),
            unmet=float((idf * unheld * (1 - met.max(axis=0))).sum() / every),
            weakest=float(met[0].min()),
            cosine=cosine,
            outside=outside,
            not_held=not_held,
            held=held,
            missed=first,
            missed_next=second,
            missing=float(missed.sum() / every),
            least=float(words[telling].min()) if telling.any() else 0.0,
            covered=float(tokens @ asked.weights),
            unknown=float((idf * unheld).sum() / every),
            late=float(matches.sentences[best]),
            names=float(bool(named.council or named.reference)),
            words=float(len(written)),
            tells=float(asked.tells),
            lacks=tuple(written[place] for place in worst[:2] if missed[place] > _MIN_LACKED),
        )

    def _hits(self, found: _Found, seen: Examined, chosen: Selection, offset: int, limit: int) -> tuple[Hit, ...]:
        """The hits, in the order in which they answer; the scores fall from one to the next all the same."""
        ids, scores = found.candidates.ids[found.order], found.score[found.order]
        places = [*chosen.order, *range(len(chosen.order), len(seen.known))][offset : offset + limit]
        same: list[list[int]] = [[] for _ in places]
        if "folding" not in self._models.ablated:
            same = [self.store.same_wording(identity, MOST_ALSO) for identity in ids[places].tolist()]
        read = iter(self.store.paragraphs([identity for group in same for identity in group]))
        hits = []
        for rank, (place, group) in enumerate(zip(places, same, strict=True), start=offset + 1):
            known = seen.known[place]
            told = tuple((*span, answers) for span, answers in zip(known.spans, chosen.sentences[place], strict=True))
            also = tuple(itertools.islice(read, len(group)))
            score = float(scores[rank - 1])
            hits.append(Hit(known.paragraph, known.entry, rank, score, told, known.voices, also))
        return tuple(hits)


def _means(
    told: Sequence[Vectors], focus: Sequence[Vectors], best: Sequence[int]
) -> tuple[Vectors, Vectors, tuple[Vectors, Vectors]]:
    """Of each paragraph the means of the best two of its sentences, and of all; the focus of the best one, and of all.

    `best` are where the greatest stand. All is 0 where there are no sentences.
    """
    lengths = np.array([len(one) for one in told])
    two, mean, at_best, of_all = np.zeros((4, len(told)), dtype=np.float32)
    held = lengths > 0
    if held.any():
        values, counts = np.array([np.concatenate(told), np.concatenate(focus)]), lengths[held]
        starts = np.cumsum(counts) - counts
        greatest = starts + np.array(best)[held]
        mean[held], of_all[held] = np.add.reduceat(values, starts, axis=1) / counts
        first, at_best[held] = values[:, greatest]
        values[0, greatest] = -np.inf
        two[held] = np.where(counts > 1, (first + np.maximum.reduceat(values[0], starts)) / 2, first)
    return two, mean, (at_best, of_all)


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Paragraphs, shape (n,), and what the words of each score beside the most that they could, 0 to 1, shape (n,)."""

    ids: Ids
    words: Vectors


@dataclass(frozen=True, slots=True)
class _Found:
    """Candidates, and how each meets the question; `order` are their places, best first. All of shape (n,).

    `coverage` is how the decision of each covers the question, `worth` how its part in the decision answers such.
    """

    candidates: _Candidates
    matches: LateInteractionScores
    score: Vectors
    coverage: Vectors
    worth: Vectors
    order: Ids

    def neighbours(self, ids: Ids) -> Vectors:
        """The scores of the paragraphs before and after each, 0 where they were not found: shape (2, len(ids))."""
        score_of = dict(zip(self.candidates.ids.tolist(), self.score.tolist(), strict=True))
        beside = [[score_of.get(identity + step, 0.0) for identity in ids.tolist()] for step in (-1, 1)]
        return np.array(beside, dtype=np.float32)


def _joined(near: _Scored, words: _Scored) -> tuple[Ids, npt.NDArray[np.float64], Vectors]:
    """What was found in both ways: ids, ascending, the sum of their scores, and the part of the words in it.

    What was found by its words alone is taken to be as near as the farthest.
    """
    found = np.array([identity for identity, _ in near] + [identity for identity, _ in words], dtype=np.int64)
    scores = np.array([score for _, score in near] + [score for _, score in words])
    ids, place = np.unique(found, return_inverse=True)
    cosines = np.full(len(ids), scores[: len(near)].min(initial=np.inf) if near else 0.0)
    share = np.zeros(len(ids))
    cosines[place[: len(near)]], share[place[len(near) :]] = scores[: len(near)], scores[len(near) :]
    return ids, COSINE_WEIGHT * cosines + BM25_WEIGHT * share, share.astype(np.float32)
