from __future__ import annotations

import io
import threading
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.arrays import load_array
from index.engine.columns import PLACES, Columns, text_key

PLACE = st.tuples(
    st.tuples(st.integers(0, 5), st.integers(0, 9)),  # decision, and which of its places
    st.lists(st.integers(0, 4), min_size=1, max_size=3),  # rows of its passages
    st.integers(0, 3),
    st.integers(0, 1),
)
CORPUS = st.lists(PLACE, unique_by=lambda place: place[0], max_size=30)


def columns_of(corpus) -> Columns:
    return Columns.of(
        [decision * PLACES + place for (decision, place), _, _, _ in corpus],
        [role for _, _, role, _ in corpus],
        [text_key(rows, headed) for _, rows, _, headed in corpus],
        [10 * sum(rows) + headed for _, rows, _, headed in corpus],
        [headed for _, _, _, headed in corpus],
        [len(rows) for _, rows, _, _ in corpus],
        [row for _, rows, _, _ in corpus for row in rows],
    )


@given(CORPUS)
def test_each_place_has_its_passages(corpus):
    """A place is found by its id, with its role, and with the passages, the wording and the heading of its text."""
    columns = columns_of(corpus)
    for (decision, number), rows, role, headed in corpus:
        [place] = columns.find(np.array([decision * PLACES + number]))
        text = columns.texts[place : place + 1]
        [start], [length] = columns.passages(text)
        assert columns.rows[start : start + length].tolist() == rows
        assert (columns.roles[place], columns.wordings[text[0]], columns.heading_sentences[text[0]]) == (
            role, 10 * sum(rows) + headed, headed,
        )  # fmt: skip


@given(CORPUS)
def test_places_with_the_same_passages_are_copies(corpus):
    """Texts are as many as there are different passages with headings, the copies of each in the order of their ids."""
    columns = columns_of(corpus)
    groups: dict[tuple[int, ...], list[int]] = {}
    for (decision, number), rows, _, headed in sorted(corpus):
        groups.setdefault((*rows, headed), []).append(decision * PLACES + number)
    copies = np.split(columns.ids[columns.copies], columns.copy_ends)[:-1]
    assert sorted(ids.tolist() for ids in copies) == sorted(groups.values())
    assert len(set(columns.keys.tolist())) == len(groups)


@given(CORPUS, st.lists(st.integers(0, 40), max_size=4))
def test_texts_are_found_by_their_keys(corpus, choice):
    """A text is found by its key, and tells all places that have it; a key of no text is found nowhere."""
    columns = columns_of(corpus)
    groups: dict[int, list[int]] = {}
    for (decision, number), rows, _, headed in sorted(corpus):
        groups.setdefault(text_key(rows, headed), []).append(decision * PLACES + number)
    wanted = [key for number, key in enumerate(groups) if number not in choice]
    texts = columns.with_keys(np.array([*wanted, text_key([77], 0)], dtype=np.uint64))
    assert texts[-1] == -1
    numbers, places = columns.places(texts[:-1])
    found: dict[int, list[int]] = {key: [] for key in wanted}
    for number, identity in zip(numbers.tolist(), columns.ids[places].tolist(), strict=True):
        found[wanted[number]].append(identity)
    assert found == {key: groups[key] for key in wanted}


@given(CORPUS, st.sets(st.integers(0, 5)))
def test_places_of_decisions(corpus, wanted):
    """A mask of decisions is told as one of their places."""
    columns = columns_of(corpus)
    mask = columns.of_decisions(np.isin(columns.decisions, sorted(wanted)))
    assert columns.ids[mask].tolist() == [identity for identity in columns.ids.tolist() if identity // PLACES in wanted]


@given(CORPUS)
def test_what_is_not_there_is_not_found(corpus):
    """An id that no place has is found nowhere."""
    columns = columns_of(corpus)
    absent = [identity for identity in range(12) if identity not in columns.ids]
    assert columns.find(np.array([*absent, 7 * PLACES])).tolist() == [-1] * (len(absent) + 1)


def test_columns_are_mapped_as_written(tmp_path):
    """What was written is given back, and stays on the disk until it is read."""
    columns = columns_of([((1, 2), [3, 4], 0, 1), ((0, 5), [3], 1, 0)])
    columns.write(tmp_path)
    mapped = Columns.map(tmp_path)
    assert mapped.ids.tolist() == [5, PLACES + 2]
    assert str(tmp_path / "ids.npy") in Path("/proc/self/maps").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", [field.name for field in fields(Columns) if field.name != "decisions"])
def test_column_of_another_length_is_refused(tmp_path, name):
    """Columns that do not belong together are damage."""
    columns_of([((1, 2), [3, 4], 0, 1), ((0, 5), [3], 1, 0)]).write(tmp_path)
    np.save(tmp_path / f"{name}.npy", np.arange(7))
    with pytest.raises(ValueError):
        Columns.map(tmp_path)


def test_arrays_are_loaded_one_at_a_time(monkeypatch):
    """What numpy reads in several threads at once may fail in the interpreter (python/cpython#106905)."""
    at_once: list[int] = []
    within: set[int] = set()

    def reads(file, mmap_mode):
        within.add(threading.get_ident())
        threading.Event().wait(0.01)
        at_once.append(len(within))
        within.discard(threading.get_ident())
        return np.zeros(1)

    monkeypatch.setattr(np, "load", reads)
    threads = [threading.Thread(target=load_array, args=(io.BytesIO(),)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert at_once == [1] * 5
