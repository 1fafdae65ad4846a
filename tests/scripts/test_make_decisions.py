"""The maker of decisions for tests of scale: what it promises to those who measure with it."""

from __future__ import annotations

import json
import re

import pytest
from conftest import load_script
from synthetic.compose import reference
from synthetic.site import PAGES

from index.decisions import Reference

maker = load_script("make_decisions")


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def paragraphs(draft):
    return [part for part in draft.parts if isinstance(part, maker.Paragraph)]


def test_same_seed_same_bytes(tmp_path):
    """The same seed writes the same files, another one writes others."""
    for name, seed in (("one", "7"), ("two", "7"), ("three", "8")):
        assert maker.main(["12", str(tmp_path / name), "--seed", seed]) == 0
    assert written(tmp_path / "one") == written(tmp_path / "two") != written(tmp_path / "three")


def test_decisions_do_not_depend_on_their_number(tmp_path):
    """A decision is the same among three and among nine."""
    maker.main(["3", str(tmp_path / "three")])
    maker.main(["9", str(tmp_path / "nine")])
    assert written(tmp_path / "three").items() <= written(tmp_path / "nine").items()


def test_references_are_unique():
    """As many decisions as the Ombudsman has published have as many references, all well formed."""
    references = [reference(number) for number in range(1, 57_501)]
    assert len(set(references)) == len(references)
    assert all(str(Reference(text)) == text for text in references[::97] + references[1::97] + references[2::501])


@pytest.mark.parametrize("dialect", maker.DIALECTS)
def test_every_dialect_tells_every_paragraph(dialect, tmp_path):
    """In every dialect a file and its truth are written, a paragraph for each of the draft."""
    assert maker.main(["2", str(tmp_path / "all"), "--dialect", dialect, "--expected", str(tmp_path / "truth")]) == 0
    told = [json.loads(line) for line in (tmp_path / "truth").read_text(encoding="utf-8").splitlines()]
    assert sorted(written(tmp_path / "all")) == sorted(decision["file"] for decision in told)
    assert [len(decision["paragraphs"]) for decision in told] == [len(paragraphs(maker.make(n))) for n in (1, 2)]


def test_mixed_dialects():
    """Where no dialect is asked for, all of them occur, and about one capture in twenty has lost its numbers."""
    spoken = [maker.dialect_of(number) for number in range(1, 2001)]
    assert set(spoken) == set(maker.DIALECTS)
    assert 60 < spoken.count("dashes") < 140


def test_lengths():
    """Decisions have 14 to 112 paragraphs, about 45 on average."""
    lengths = [len(paragraphs(maker.make(number))) for number in range(1, 301)]
    assert 14 <= min(lengths) < 20 and 90 < max(lengths) <= 112
    assert 40 < sum(lengths) / len(lengths) < 50


def test_cross_references_are_right():
    """What is said of a paragraph stands in that paragraph."""
    found = 0
    for number in range(1, 101):
        draft = maker.make(number)
        texts = [paragraph.blocks[0].text for paragraph in paragraphs(draft)]
        for text in texts:
            if match := re.match(r"As I explained in paragraph (\d+), (.*?)\. (?=[A-Z])", text):
                found += 1
                assert match[2] in texts[int(match[1]) - 1]
    assert found > 50


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["0", "new"], "“0” is no number of decisions"),
        (["many", "new"], "“many” is no number of decisions"),
        (["1000000", "new"], "from 1 to 899,919"),
        (["1", "full"], "is no empty folder"),
        (["1", "new", "--dialect", "welsh"], "welsh"),
        (["1", "new", "--expected", "new/truth"], "outside their folder"),
    ],
)
def test_wrong_use(arguments, reason, tmp_path, monkeypatch, capsys):
    """Wrong use is refused in one line, exit 2, and nothing is written."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "kept.txt").write_text("kept")
    with pytest.raises(SystemExit) as refused:
        maker.main(arguments)
    said = capsys.readouterr().err
    assert refused.value.code == 2
    assert reason in said and said.count("\n") == 1
    assert not (tmp_path / "new").exists() and len(written(tmp_path / "full")) == 1


def test_interrupted(tmp_path, monkeypatch, capsys):
    """Ctrl-C leaves whole files only, and no truth about some of them."""
    made = maker.make

    def stop_at_third(number, seed):
        if number == 3:
            raise KeyboardInterrupt
        return made(number, seed)

    monkeypatch.setattr(maker, "make", stop_at_third)
    assert maker.main(["5", str(tmp_path / "all"), "--expected", str(tmp_path / "truth")]) == 130
    assert len(written(tmp_path / "all")) == 2
    assert [path.name for path in tmp_path.iterdir()] == ["all"]


def test_site_lists_its_pages_and_what_they_mean(tmp_path):
    """With --site each decision has a page, a line in the list of the site, and a truth."""
    assert maker.main(["30", str(tmp_path / "site"), "--site"]) == 0
    listed, told = (
        [json.loads(line) for line in (tmp_path / "site" / name).read_text(encoding="utf-8").splitlines()]
        for name in ("list.jsonl", "truth.jsonl")
    )
    pages = sorted(path.stem for path in (tmp_path / "site" / "pages").iterdir())
    assert pages == sorted(entry["slug"] for entry in listed)
    assert [entry["reference"] for entry in listed] == [decision["reference"] for decision in told]
    assert {decision["dialect"] for decision in told} == set(PAGES)
