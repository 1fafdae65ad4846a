"""The texts that scripts/adversarial makes, and the bounds within which they are sorted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import load_script

adversarial = load_script("adversarial")

FEW = ["--count", "16"]  # texts, where any will do


def supports_everything(pieces, shown):
    """A checker that lets all through."""
    return [replace(statement, flaw=None) for statement in adversarial.through_checker(pieces, shown)]


def supports_nothing(pieces, shown):
    """A checker that lets nothing through."""
    return [replace(statement, flaw="uncited") for statement in adversarial.through_checker(pieces, shown)]


def drops_a_sentence(pieces, shown):
    """A checker that keeps its last sentence to itself."""
    return adversarial.through_checker(pieces, shown)[:-1]


def told(capsys, arguments, check=adversarial.through_checker):
    code = adversarial.main(arguments, check)
    return code, capsys.readouterr().out


def table(out):
    """The numbers of texts, of supported and of unsupported ones, by kind."""
    rows = re.findall(r"^([a-z ]+?) +(\d+) +(\d+) +(\d+)  ", out, re.MULTILINE)
    return {kind: tuple(map(int, numbers)) for kind, *numbers in rows}


def test_seed_1(capsys):
    """Of 200 texts no wrong one is supported, and nearly all right ones are."""
    code, out = told(capsys, [])
    assert code == 0
    assert "false supported: 0 of 175 texts; 0 of 175 sentences" in out
    assert {kind: numbers[0] for kind, numbers in table(out).items()} == dict.fromkeys(adversarial.KINDS, 25)


def test_supporting_everything_is_noticed(capsys):
    """A checker that supports all sentences supports wrong ones."""
    code, out = told(capsys, FEW, supports_everything)
    assert code == 1
    assert "false supported: 14 of 14 texts; 14 of 14 sentences" in out and "0 of 18 sentences (0.0" in out


def test_supporting_nothing_is_noticed(capsys):
    """A checker that supports no sentence refuses right ones."""
    code, out = told(capsys, FEW, supports_nothing)
    assert code == 1
    assert "false supported: 0 of 14 texts" in out and "18 of 18 sentences (100.0" in out


def test_a_dropped_sentence_is_noticed():
    """A checker that drops a sentence is found out."""
    with pytest.raises(SystemExit, match="came out as"):
        adversarial.main(FEW, drops_a_sentence)


def test_same_seed_same_texts(capsys):
    """The same seed prints the same, another seed makes other texts."""
    runs = [told(capsys, [*FEW, "--seed", seed], supports_everything)[1] for seed in ("1", "1", "2")]
    assert runs[0] == runs[1]
    assert runs[0].splitlines()[1:] != runs[2].splitlines()[1:]


def test_misjudged_texts_are_shown(capsys):
    """Each misjudged text is printed with what was wrong."""
    out = told(capsys, FEW, supports_everything)[1]
    assert out.count("wrong, but supported by") == 14


def test_held_out(capsys):
    """Of sentences that the checker was not made with, at most 10 right ones of 100 are refused, and of four kinds of
    wrong ones none is supported."""
    code, out = told(capsys, ["--held-out"])
    rows = table(out)
    assert code == 0
    assert rows["right"][0] == 100 and rows["right"][2] <= 10
    assert [rows[kind][1] for kind in ("misquoted", "altered sum", "alleged", "wrong paragraph")] == [0, 0, 0, 0]


def test_held_out_is_not_judged(capsys):
    """The held-out sentences are counted, whatever the checker makes of them."""
    assert told(capsys, ["--held-out"], supports_everything)[0] == 0


def test_too_few(capsys):
    """Fewer texts than kinds are refused."""
    with pytest.raises(SystemExit) as refused:
        adversarial.main(["--count", "7"])
    assert refused.value.code == 2
    assert "at least 8" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a.json", "b.json", "held-out.json"])
def test_sentences_are_of_paragraphs_that_there_are(name):
    """Every sentence of the authors cites paragraphs of one decision of seeds/."""
    library = adversarial.read_library()
    for written in adversarial.read_authors(name):
        held = {place.pinpoint for place in library[str(written.cited[0].reference)].places()}
        assert held.issuperset((*written.cited, *written.also))
