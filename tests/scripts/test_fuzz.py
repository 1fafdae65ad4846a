"""What scripts/fuzz notices, and what it writes."""

from __future__ import annotations

import itertools
import os
import random
import re
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import pytest
from conftest import PROJECT, SIXTH, load_script

from index.build import build
from index.parsing.parse import parse
from index.store import Store
from qa.letters.check import check_letter

fuzz = load_script("fuzz")

QUOTED = "It says “the Council had no power to enforce a written agreement of this nature” (21 017 496, paragraph 50)."


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """The seeds, without a model."""
    folder = tmp_path_factory.mktemp("index")
    build(fuzz.SEEDS, folder, fuzz.Words.model, lambda _: fuzz.Words())
    return Store.open(folder)


@pytest.fixture
def exact(store):
    """A finding that words are exact, and they are."""
    (found,) = check_letter(QUOTED.replace("the Council had", "The Council had"), store)
    assert found.verdict == "exact"
    return found


def target(check):
    """The parser's target with something else in place of the parser."""
    return replace(fuzz.parser([]), run=check, judge=lambda source, came_out: came_out)


def test_same_seed_same_inputs():
    """What an input is changed to is told by the seed alone."""
    one = fuzz.parser([])
    made = [
        [fuzz.change(chance, source, one, one.corpus) for source in one.corpus * 5]
        for chance in (random.Random(1), random.Random(1), random.Random(2))
    ]
    assert made[0] == made[1] != made[2]


def test_clean_run_ends_with_0(tmp_path, capsys, monkeypatch):
    """A run in which nothing fails tells how many inputs there were, and writes nothing."""
    seconds = itertools.count()  # one for each input, however busy the machine is
    monkeypatch.setattr(fuzz, "time", SimpleNamespace(monotonic=lambda: next(seconds), process_time=lambda: 0))
    patient = replace(fuzz.parser([]), most=lambda source: 100)
    assert fuzz.main(["parser", "--seconds", "20", "--failures", str(tmp_path)], lambda *_: patient) == 0
    assert "parser: 19 inputs, " in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_failing_input_is_cut_down():
    """Of an input that fails what remains is what makes it fail."""

    def check(source):
        if b"\x1d" in source and b"One" in source:
            raise fuzz.Wrong("both")
        return ""

    failing = fuzz.Failure(SIXTH.read_bytes() + b"One, and \x1d and so on", "both")
    assert sorted(fuzz.shrink(target(check), failing).source) == sorted(b"One\x1d")


def test_failure_is_written_and_named(tmp_path, capsys):
    """The first input that fails ends the run, and the last line says how it fails and where it is."""

    def check(source):
        raise KeyError(source)

    failing = replace(target(check), corpus=[b"abc"])
    assert fuzz.main(["parser", "--failures", str(tmp_path)], lambda *_: failing) == 1
    (written,) = tmp_path.iterdir()
    last = capsys.readouterr().out.splitlines()[-1]
    assert last.startswith("parser: KeyError at ") and last.endswith(f"with {written.stat().st_size} bytes: {written}")


ENDLESS = """
from conftest import load_script
fuzz = load_script("fuzz")
def run(source):
    while True:
        pass
endless = fuzz.Target("endless", run, str, (), (), str, lambda _: 0.1)
print(fuzz.run_once(endless, b"")[1].how)
"""


def test_what_takes_too_long_fails():
    """An input that takes more of a processor than its size allows fails; in a process without the threads of others,
    which the signal might reach.
    """
    paths = os.pathsep.join(str(PROJECT / name) for name in ("", "tests", "scripts"))
    environment = {**os.environ, "PYTHONPATH": paths}
    run = subprocess.run([sys.executable, "-c", ENDLESS], capture_output=True, text=True, env=environment)
    assert run.stdout == "it takes too long\n", run.stderr


def test_lost_or_moved_lines_are_noticed():
    """A line that does not stand in the capture, or stands above what comes before it, is noticed."""
    decision = parse(SIXTH.read_bytes())
    text = fuzz.squeezed(SIXTH.read_text(encoding="utf-8"))
    assert fuzz.missing_line(decision, text) == ""
    assert "does not stand" in fuzz.missing_line(decision, text.replace("lanyard", "scarf"))
    turned = replace(decision, paragraphs=decision.paragraphs[::-1])
    assert "stands above" in fuzz.missing_line(turned, text)


def test_words_that_are_nowhere_kept_are_noticed():
    """A line between two paragraphs that is in none of them, and in no heading above them, is noticed."""
    decision = parse(SIXTH.read_bytes())
    text = SIXTH.read_text(encoding="utf-8")
    assert fuzz.unkept(decision, fuzz.squeezed(text)) == ""
    for above in ("\n\nBack to top", "\n\nWhat I found", "\n  • lost the photograph"):
        assert "Itwasso" in fuzz.unkept(decision, fuzz.squeezed(text.replace(above, f"\n\nIt was so{above}", 1)))


def test_words_that_are_told_are_none_lost():
    """A heading of which a doubt says that it was left out is not lost without a word."""
    source = SIXTH.read_text(encoding="utf-8").replace("\nAgreed action", "\nMy assessment\n\nAgreed action")
    decision = parse(source.encode())
    assert fuzz.unkept(decision, fuzz.squeezed(source)) == ""
    assert "Myassessment" in fuzz.unkept(replace(decision, doubts=()), fuzz.squeezed(source))


def test_clean_run_tells_what_inputs_came_to(capsys, tmp_path):
    """The last line of progress says how many inputs were refused, and how many decisions had which numbers."""
    fuzz.main(["parser", "--seconds", "0.5", "--failures", str(tmp_path)])
    assert re.search(r" s, .*\d+ published", capsys.readouterr().out.splitlines()[-1])


def test_exact_words_stand(exact, store):
    """Words that are rightly called exact pass."""
    fuzz.stands(exact, store)


@pytest.mark.parametrize(
    ("changed", "how"),
    [
        ({"quotation": "The Council had power to enforce a written agreement"}, "not in the paragraph"),
        ({"place": "paragraph 51"}, "another paragraph"),
        ({"right": ()}, "no place is named"),
    ],
)
def test_wrongly_exact_words_are_noticed(exact, store, changed, how):
    """Words that do not stand where they are cited, and are called exact, fail."""
    with pytest.raises(fuzz.Wrong, match=how):
        fuzz.stands(replace(exact, **changed), store)
