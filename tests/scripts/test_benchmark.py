"""What scripts/benchmark tells, without what it measures."""

from __future__ import annotations

import json
import mmap
import os

import numpy as np
import pytest
from conftest import FAKE_MODEL, load_script
from measuring.asking import post, read_answer, varied
from measuring.corpus import GeneratingEmbedder, made_decision
from measuring.memory import read_places
from measuring.report import (
    Line,
    as_table,
    draw_growth,
    growth_generated,
    growth_on_disk,
    growth_sentence,
    growth_table,
    percentile,
    write_growth,
)
from synthetic.compose import make

from index.embedding.types import Embedding
from index.parsing.parse import parse

benchmark = load_script("benchmark")


def row(size: int, seconds: float) -> dict[str, object]:
    """What was measured of a body of some decisions, all of it in proportion to `seconds`."""
    names = "build embedding rest add open p50 p95 forward memory private disk_mb".split()
    counts = {"size": size, "passages": 61 * size, "texts": 600, "tokens": 48, "machine": 2.5}
    return counts | {"generated": size > 100} | dict.fromkeys(names, seconds)


ROWS = [row(5, 1.0), row(100, 2.0), row(1000, 6.0)]


def test_a_ratio_beyond_what_is_promised_does_not_hold():
    line = Line("question", "p50", 8.0, "ms", against=4.0, yardstick="the pass", most=1.6)
    assert (line.ratio, line.holds) == (2.0, False)
    assert str(line).split("   ")[-1] == "(≤ 1.6: does not hold)"


PAGE = mmap.PAGESIZE


@pytest.fixture
def places(tmp_path, monkeypatch):
    """Where, and how much of a file of 100 pages is read for 70 places of a little more than two."""
    path = tmp_path / "tokens"
    path.write_bytes(bytes(100 * PAGE))
    read, preadv = [], os.preadv

    def spy(file, targets, offset):
        got = preadv(file, targets, offset)
        read.append((offset, got))
        return got

    monkeypatch.setattr(os, "preadv", spy)
    if read_places(path, 70, 2 * PAGE + 1) is None:
        pytest.skip("this file system always keeps files in memory")
    return read


def test_the_disk_is_asked_for_each_place(places):
    assert len(places) == 70


def test_of_each_place_all_pages_are_read(places):
    assert {length for _, length in places} == {3 * PAGE}


def test_places_lie_in_all_of_the_file(places):
    assert len({offset for offset, _ in places}) > 20


def test_the_disk_is_asked_past_the_memory(tmp_path, monkeypatch):
    (tmp_path / "tokens").write_bytes(bytes(3 * PAGE))
    flags, opened = [], os.open
    monkeypatch.setattr(os, "open", lambda path, flag: flags.append(flag) or opened(path, flag))
    read_places(tmp_path / "tokens", 1, 2 * PAGE + 1)
    assert flags == [os.O_RDONLY | os.O_DIRECT]


def test_the_disk_is_not_asked_for_what_a_file_does_not_have(tmp_path):
    (tmp_path / "tokens").write_bytes(bytes(3 * PAGE - 1))
    assert read_places(tmp_path / "tokens", 20, 2 * PAGE + 1) is None


def test_without_a_yardstick_the_figure_itself_is_held_against_the_target():
    assert Line("whole", "recall", 0.98, least=0.97, unit="").holds is True


def test_what_is_not_promised_neither_holds_nor_does_not():
    assert Line("list", "facets", 3.0, "ms").holds is None


def test_nothing_holds_beside_a_yardstick_of_nought():
    line = Line("bulk", "texts embedded after a kill", 0.0, "texts", against=0.0, yardstick="all", most=1.0)
    assert (line.ratio, line.holds) == (None, False)
    assert "all 0.00 texts, ratio none   (≤ 1: does not hold)" in str(line)


def test_a_figure_on_its_bound_holds():
    assert Line("load", "errors", 0.0, "", most=0).holds is True


def test_a_percentile_lies_between_values():
    assert percentile([1, 2, 3, 4, 5], 95) == pytest.approx(4.8)


def test_the_table_has_a_row_for_each_line_and_names_the_machine():
    """What --json wrote can be made a table of."""
    lines = [{"part": "forward", "what": "p50", "figure": 3.0, "unit": "ms", "against": 8.0, "yardstick": "encode"}]
    table = as_table({"machine": {"machine": "two cores"}, "lines": lines})
    assert table.startswith("machine: two cores\n")
    assert table.splitlines()[-1] == "| forward: p50 | 3.00 ms | encode 8.00 ms | 0.38 |  |  |"


def test_the_table_of_growth_says_what_was_reckoned():
    told = growth_table(ROWS).splitlines()
    assert len(told) == 5
    assert "(reckoned)" in told[-1] and "(reckoned)" not in told[-2]


def test_it_is_said_from_where_on_vectors_were_generated():
    told = growth_generated([*ROWS, row(10_000, 60.0)])
    assert told.startswith("From 1,000 decisions on the time of the embedding")
    assert "(100 a second)" in told and "with 48 token vectors" in told


def test_nothing_is_said_of_generated_vectors_where_there_are_none():
    assert growth_generated(ROWS[:2]) == ""


def test_it_is_said_which_index_memory_cannot_hold():
    assert growth_on_disk([*ROWS, row(10_000, 60.0)]).startswith("The index of 1,000 decisions is larger than the mem")


def test_nothing_is_said_of_the_disk_where_memory_holds_all():
    assert growth_on_disk(ROWS[:2]) == ""


def test_growth_is_written_with_all_that_is_said_of_it(tmp_path):
    write_growth(tmp_path, {"machine": "two cores"}, ROWS)
    parts = (tmp_path / "growth.md").read_text().strip().split("\n\n")
    assert parts == [
        "# How it grows",
        "machine: two cores  ",
        growth_table(ROWS),
        growth_generated(ROWS),
        growth_sentence(ROWS),
        growth_on_disk(ROWS),
        "![The same as curves](growth.svg)",
    ]


def test_the_sentence_on_growth_compares_the_two_greatest():
    assert growth_sentence(ROWS).startswith(
        "From 100 to 1,000 decisions, 10.0 times as many, grow: the build 3.0 times"
    )


def test_the_curves_are_the_same_for_the_same_figures(tmp_path):
    for name in ("one.svg", "other.svg"):
        draw_growth(tmp_path / name, ROWS)
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["speed"], "there is no part “speed”"),
        (["--passages", "some.jsonl"], "go together"),
        (["--decisions", "0"], "must be at least 1"),
    ],
)
def test_wrong_arguments_are_refused_with_a_reason(arguments, said, capsys):
    with pytest.raises(SystemExit) as ended:
        benchmark.read_arguments(arguments)
    assert ended.value.code == 2
    assert said in capsys.readouterr().err


def test_varied_questions_all_differ():
    questions = varied(["Was there fault?", "What was paid?"], 300)
    assert len(set(questions)) == 300
    assert questions[:2] == ["Was there fault?", "What was paid?"]


def test_varied_questions_suffice_for_the_long_form():
    """455 questions are judged, and more than 10,000 asked."""
    assert len(varied([str(number) for number in range(455)], 11_000)) == 11_000


def test_an_answer_is_read_only_when_it_is_whole():
    whole = b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 2\r\n\r\n{}"
    assert read_answer(whole[:-1]) is None
    assert read_answer(whole) == (503, {b"retry-after": b"1", b"content-length": b"2"}, b"{}")


def test_a_question_is_sent_with_the_length_of_its_body():
    head, _, body = post("Who paid £50?").partition(b"\r\n\r\n")
    assert f"Content-Length: {len(body)}".encode() in head
    assert json.loads(body) == {"question": "Who paid £50?"}


def test_a_made_decision_has_sixteen_paragraphs_more_than_its_draft():
    """The published ones have 61, the drafts 45."""
    _, content = made_decision(1)
    draft = sum(hasattr(part, "blocks") for part in make(1).parts)
    assert len(parse(content).paragraphs) == draft + 16


@pytest.fixture
def generating(tmp_path):
    """An embedder that draws from forty random vectors, with three tokens for each text."""
    vectors = np.random.default_rng(0).standard_normal((40, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    spans = np.array([[0, 1]] * 5)
    embeddings = [Embedding(vector, np.stack([vector] * 5), spans) for vector in vectors]
    GeneratingEmbedder.write(tmp_path / "base.npz", embeddings, 3, 100.0)
    return GeneratingEmbedder(FAKE_MODEL, tmp_path / "base.npz")


def test_a_generated_vector_is_the_same_for_a_text_in_any_company(generating):
    alone, together = generating.embed(["one text"]), generating.embed(["another", "one text"])
    assert np.array_equal(alone[0].vector, together[1].vector)


def test_generated_vectors_have_length_one_and_differ(generating):
    vectors = np.stack([item.vector for item in generating.embed([str(number) for number in range(50)])])
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert len(np.unique(vectors.round(4), axis=0)) == 50


def test_generated_tokens_cover_their_text(generating):
    [item] = generating.embed(["a text of some length"])
    assert item.tokens.shape == (3, 8)
    assert (item.spans[0, 0], item.spans[-1, 1]) == (0, 21)
