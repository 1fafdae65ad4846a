from __future__ import annotations

import datetime
import json
import re
import shlex
import shutil
import signal
import sys
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import DOCUMENTATION, MISSION, PROJECT, SEEDS, SIXTH, variant
from model_server import status
from staged import BOXED, CLAIMED, HEADINGS, NORTHANTS, REFUSED, SILENT, TYPED, Staged, handle
from synthetic.compose import make
from synthetic.site import Canned, ImitatedSite, write_site

from index.decisions import Reference
from index.folder import begin
from index.report import Item, Report
from qa import cli
from qa.retrieval.requests import Question
from qa.terminal import Progress, answer_as_text

TOLD = (
    "The Council should have told Mr and Mrs M about the written agreement’s voluntary nature, without them having to "
    "ask for it"
)


@pytest.fixture
def run(monkeypatch, capsys, request):
    """Runs `decision-qa` with arguments; returns its exit code, what it printed and what it complained of.

    A test that fails shows all of it.
    """

    def run(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["decision-qa", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        printed = capsys.readouterr()
        for stream, text in zip(("stdout", "stderr"), printed, strict=True):
            request.node.add_report_section("call", stream, f"decision-qa {shlex.join(map(str, arguments))}\n{text}")
        return stopped.value.code or 0, printed.out, printed.err

    return run


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A place of its own for decisions and index."""
    monkeypatch.setenv("DECISION_QA_DECISIONS", str(tmp_path / "decisions"))
    monkeypatch.setenv("DECISION_QA_INDEX", str(tmp_path / "index"))
    return tmp_path


@pytest.fixture
def built(home, seed_index):
    """The same, as it is after a first build."""
    begin(home / "decisions", SEEDS)
    shutil.copytree(seed_index, home / "index")
    return home


@pytest.fixture
def held(monkeypatch, seed_index):
    """The index of the seeds, built already."""
    monkeypatch.setenv("DECISION_QA_INDEX", str(seed_index))


def test_first_build_begins_with_the_seeds(run, home):
    """On a new machine, build makes the index of the seeds, reports what it took in and shows progress."""
    code, out, err = run("build")
    assert code == 0
    assert "5 decisions taken with 316 paragraphs (in 1 decision the numbers are inferred), 0 rejected." in out
    assert "Embedding: " in err
    assert "begins with the decisions of seeds/" in err


def test_progress_tells_the_remaining_time(capsys):
    """Plain lines of progress tell what remains once there is a rate, and no longer at the end."""
    with Progress("Embedding", "texts") as progress:
        for done in (0, 10, 20):
            progress(done, 20)
    first, middle, last = capsys.readouterr().err.splitlines()
    assert (first, last) == ("Embedding: 0 of 20 texts", "Embedding: 20 of 20 texts")
    assert re.fullmatch(r"Embedding: 10 of 20 texts, about \d+ seconds? left", middle)


def test_add_build_ask_remove(run, built):
    """A decision that is added and built is cited, and gone when it is removed and built."""
    code, out, _ = run("add", SIXTH)
    assert (code, "Northwick Borough Council (22 009 999), 9 paragraphs, numbers published" in out) == (0, True)
    assert "6 decisions taken" in run("build")[1]
    code, out, _ = run("ask", "How long did the carer’s lanyard take?")
    assert code == 0
    assert "Northwick Borough Council (22 009 999), paragraph 7" in out
    assert run("remove", "22 009 999")[0] == 0
    run("build")
    assert "Northwick" not in run("list")[1]


def test_second_build_says_that_nothing_changed(run, built):
    """A build without a change says so."""
    code, out, err = run("build")
    assert (code, "Nothing changed" in out, err) == (0, True, "")


def test_build_names_what_it_rejects(run, home):
    """A file that is no decision is named with its reason, the rest is built, and the exit code is 1."""
    folder = home / "decisions"
    folder.mkdir()
    (folder / "note.txt").write_text("Dear Sir", encoding="utf-8")
    run("add", SIXTH)
    code, out, err = run("build")
    assert code == 1
    assert "note.txt: rejected. Its first lines hold no body with a reference" in err
    assert "1 decision taken with 9 paragraphs, 1 rejected." in out


def test_add_names_what_it_rejects(run, home):
    """A file that cannot be added is named with its reason, and the exit code is 1."""
    code, _, err = run("add", home / "missing.txt")
    assert (code, "missing.txt: rejected. The file cannot be read" in err) == (1, True)


def test_build_as_json(run, built):
    """With --json a build prints one document: what became of every file, and nothing else on the same stream."""
    (built / "decisions" / "note.txt").write_text("Dear Sir", encoding="utf-8")
    run("add", SIXTH)
    code, out, _ = run("build", "--json")
    body = json.loads(out)
    assert (code, body["changed"], body["decisions"], body["paragraphs"]) == (1, True, 6, 325)
    assert body["counts"] == {"taken": 1, "changed": 0, "unchanged": 5, "rejected": 1, "removed": 0}
    assert (body["version"], body["embedded"] > 0, body["seconds"] > body["loading"]) == ("000002", True, True)
    files = {item["file"]: item for item in body["files"]}
    assert len(files) == 7
    assert files["22-009-999.txt"] == {
        "file": "22-009-999.txt", "status": "taken", "reference": "22 009 999",
        "council": "Northwick Borough Council", "paragraphs": 9, "numbering": "published",
        "proof": "none", "proved_to": None, "doubts": [], "contradictions": [], "unnamed_headings": [],
        "reason": None,
    }  # fmt: skip
    assert files["21-017-496.txt"]["unnamed_headings"] == [
        "Child protection",
        "Data protection and information sharing",
    ]
    inferred = files["21-000-832.txt"]
    assert (inferred["numbering"], inferred["proof"], len(inferred["doubts"])) == ("inferred", "contradicts", 2)
    assert inferred["contradictions"] == inferred["doubts"][1:]
    assert (files["20-001-737.txt"]["proof"], files["20-001-737.txt"]["proved_to"]) == ("agrees", 67)
    assert files["note.txt"]["council"] is None
    assert "first line" in files["note.txt"]["reason"]


def test_build_says_which_headings_have_no_known_form(run, built):
    """A build counts the headings that match no form, and names those that stand in most decisions."""
    run("add", SIXTH)
    _, out, _ = run("build")
    assert "6 headings of no known form, most often “Child protection” (2), " in out


def test_add_and_remove_as_json(run, home):
    """With --json an addition and a removal print the same kind of document."""
    code, out, _ = run("add", SIXTH, home / "missing.txt", "--json")
    body = json.loads(out)
    assert (code, body["version"], body["counts"]["taken"], body["counts"]["rejected"]) == (1, None, 1, 1)
    assert json.loads(run("add", SIXTH, "--json")[1])["counts"]["unchanged"] == 1
    code, out, _ = run("remove", "22 009 999", "--json")
    assert code == 0
    assert [(item["file"], item["status"]) for item in json.loads(out)["files"]] == [("22-009-999.txt", "removed")]


def test_file_that_cannot_be_deleted_is_named(run, home, monkeypatch):
    """Removing a decision whose file cannot be deleted says so, and ends with 1."""
    run("add", SIXTH)

    def unlink(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", unlink)
    code, out, err = run("remove", "22 009 999")
    assert (code, out) == (1, "")
    assert err == "22-009-999.txt: It could not be deleted: Permission denied.\n"


def test_build_tells_what_became_of_files(run, built):
    """A build names the files that were taken, changed or removed, and counts the others."""
    (built / "decisions" / "20-001-737.txt").unlink()
    path = built / "decisions" / "21-002-206.txt"
    path.write_text(path.read_text(encoding="utf-8").replace("Leicestershire", "Rutland"), encoding="utf-8")
    run("add", SIXTH)
    out = run("build")[1].splitlines()
    assert out[0] == (
        "22-009-999.txt: Northwick Borough Council (22 009 999), 9 paragraphs, numbers published, own references: none"
    )
    assert out[1].startswith("21-002-206.txt: Rutland County Council (21 002 206), 58 paragraphs, numbers published")
    assert out[1].endswith(", in place of the one that was there")
    assert out[2].startswith("20-001-737.txt: Halton Borough Council (20 001 737), removed.")
    assert out[3] == "3 files unchanged."
    assert "5 decisions taken" in out[4]
    assert (
        out[5] == "References to own paragraphs: agrees 2 (as far as they reach), contradicts 1 (21 000 832), none 2."
    )


def test_mistyped_folder_is_not_begun_anew(run, built, monkeypatch):
    """Where there is an index, a folder of decisions that is not there is an error, and the index stays."""
    monkeypatch.setenv("DECISION_QA_DECISIONS", str(built / "mistyped"))
    code, _, err = run("build")
    assert (code, "There is no folder" in err) == (2, True)
    assert "Halton" in run("list")[1]


def test_report_tells_how_far_references_agree(run, home):
    """Where a decision's own references agree with its numbers, its line says up to which paragraph."""
    (home / "decisions").mkdir()
    out = run("add", SEEDS / "20-001-737.txt")[1]
    assert out.splitlines()[0].endswith("numbers published, own references: agrees up to paragraph 67")


def test_report_gives_reasons_for_doubt(run, home):
    """A decision whose numbers are inferred has each reason below its line, once."""
    (home / "decisions").mkdir()
    out = run("add", SEEDS / "21-000-832.txt")[1].splitlines()
    assert out[0].endswith("58 paragraphs, numbers inferred, own references: contradicts")
    assert [line for line in out if "paragraph 47" in line] == [
        "  Paragraph 50 speaks of “paragraph 47”, but what it says of it stands in paragraph 45 of this copy."
    ]


def test_archive_is_added(run, home):
    """What is in an archive is added, file by file, and what leads out of one is refused."""
    with zipfile.ZipFile(home / "good.zip", "w") as good, zipfile.ZipFile(home / "bad.zip", "w") as bad:
        good.write(SIXTH, "inner/22-009-999.txt")
        bad.write(SIXTH, "../22-009-999.txt")
    code, out, err = run("add", home / "good.zip", home / "bad.zip")
    assert code == 1
    assert "good.zip/inner/22-009-999.txt: Northwick Borough Council" in out
    assert "bad.zip: rejected. The archive has a path that leads out of it" in err


def test_lettered_item_is_shown(run, held):
    """A lettered item is shown by its pinpoint."""
    code, out, _ = run("show", "21 000 259", "51(b)")
    assert code == 0
    assert out.startswith(
        "Leicestershire County Council (21 000 259), paragraph 51(b)\n  (b) make a payment to Mr X of £100"
    )


def test_many_files_are_not_all_named(run, built):
    """Of more than forty files with one status the first forty are named, and how many there are more."""
    for number in range(43):
        (built / "decisions" / f"{number:02d}.txt").write_text(variant(f"23 000 0{number:02d}"), encoding="utf-8")
    out = run("build")[1].splitlines()
    assert [line.split(":")[0] for line in out[:40]] == [f"{number:02d}.txt" for number in range(40)]
    assert out[40:42] == ["… and 3 more taken.", "5 files unchanged."]


def test_ask_prints_answer_and_paragraphs(run, held):
    """An answer is printed with its citation, then the paragraphs with theirs."""
    code, out, err = run("ask", MISSION, "-k", "10")
    assert (code, err) == (0, "")
    box, _, hits = out.partition("\n\nBest matches:\n\n")
    assert box.startswith("From the decisions, word for word:\n\n")
    assert "\n— West Northamptonshire Council (21 017 496), paragraph" in box
    assert box.endswith("\n\nSelected automatically. Read the whole paragraph before relying on it.")
    assert re.search(
        r"(?m)^\d+\. West Northamptonshire Council \(21 017 496\), paragraph 51 – Upheld, 2022-10-09$", hits
    )


def as_text(answerer, question: str) -> str:
    """What `ask` prints of a staged answer."""
    asked = Question(question=question)
    return answer_as_text(Staged(answerer).answer(asked), asked)


def test_box_is_printed_with_whose_words_it_is(answerer):
    """The box is printed word for word, “[…]” for what is left out, with whose words it is below each citation."""
    box = as_text(answerer, BOXED).partition("\n\nSelected automatically.")[0]
    assert "\n[…]\nPay Mr D £456 to reimburse the unnecessary hotel costs.\n[…]\n— Halton" in box
    told, quoted = box.splitlines()[-2:]
    assert told.startswith(
        "  (The complainant’s words, not a finding: “After his bail period ended, Mr H telephoned …”"
    )
    assert quoted == "  (From a record: “I don’t agree for him to return home …” and 2 more sentences)"


def test_allegation_is_printed_as_one(answerer):
    """A paragraph of the complaint says below it that it is an allegation; a finding does not."""
    assert as_text(answerer, CLAIMED).count("(An allegation, not the Ombudsman’s finding.)") == 2
    assert "allegation" not in as_text(answerer, "21 017 496 paragraph 50")


def test_no_box_is_printed_as_none(answerer):
    """Where nothing stands out, that is said first, and then come the closest paragraphs."""
    first, second, *_ = as_text(answerer, SILENT).split("\n\n")
    assert first == (
        "No paragraph stands out as the answer. These are the closest ones; read them before relying on any."
    )
    assert second == "Closest paragraphs:"


@pytest.mark.parametrize("reason", HEADINGS)
def test_refusal_is_printed_with_its_reason(answerer, reason):
    """A refusal is printed under the heading of its reason, with one sentence and what is held."""
    question = (REFUSED | TYPED)[reason]
    first, second, *rest = as_text(answerer, question).split("\n\n")
    assert first == f"{HEADINGS[reason]}."
    detail = Staged(answerer).answer(Question(question=question)).refusal.detail
    assert detail.replace("/coverage", "decision-qa coverage").endswith(second)
    held = "5 decisions, all about children's care services, 2021 to 2022"
    assert held in second or rest[0] == f"In this collection: {held}."


def test_typed_citation_is_printed(run, held):
    """A typed citation prints the paragraph, and then what stands before and after it."""
    code, out, _ = run("ask", "21 017 496 paragraph 50")
    cited, _, beside = out.partition("\n\nBefore and after:\n\n")
    assert (code, cited.splitlines()[0]) == (0, "The paragraph you asked for:")
    assert "West Northamptonshire Council (21 017 496), paragraph 50 – Upheld, 2022-10-09\nThe Council had no" in cited
    assert re.findall(r"(?m)^West Northamptonshire.*paragraph (\d+)", beside) == ["49", "51"]
    assert run("ask", "21 017 496 paragraph 99")[0] == 1


@pytest.mark.parametrize(("asked", "limit"), [("21 017 496", "5"), ("21 017 496", "1")])
def test_typed_decision_is_printed(run, held, asked, limit):
    """A decision alone prints its beginning, however little of it, and the command that prints all of it."""
    code, out, _ = run("ask", asked, "-k", limit)
    assert (code, out.splitlines()[0]) == (0, "The decision you asked for:")
    assert 'The whole decision: decision-qa show "21 017 496"' in out


def test_register_is_printed(run, held):
    """A question about the collection prints a sentence, how it was understood, and the decisions a line each."""
    code, out, _ = run("ask", "which decisions are about Leicestershire?")
    assert code == 0
    assert out.splitlines() == [
        "2 of the 5 decisions held are about Leicestershire County Council, both upheld.",
        "",
        "Understood as:",
        "  Council or other body: Leicestershire County Council",
        "",
        "21 000 259  2022-05-12  Upheld        Leicestershire County Council, 53 paragraphs",
        "21 002 206  2022-01-05  Upheld        Leicestershire County Council, 58 paragraphs",
    ]


def test_correction_is_printed(run, held):
    """What was read otherwise than typed is said first; --as-typed takes every word as it is."""
    out = run("ask", "Haltn decision")[1]
    assert out.splitlines()[0] == (
        "Showing results for “Halton” (you typed “Haltn”). To search for exactly what you typed: --as-typed."
    )
    assert "Showing results for" not in run("ask", "Haltn decision", "--as-typed")[1]


def test_ask_as_json(run, held):
    """With --json the answer is that of /ask."""
    code, out, _ = run("ask", MISSION, "-k", "2", "--council", "kent", "--role", "law", "--json")
    body = json.loads(out)
    assert (code, body["status"]) == (0, "answered")
    assert {(item["council"], item["role"]) for item in body["paragraphs"]} == {("Kent County Council", "law")}


def test_ask_what_is_not_answered(run, held):
    """What is not answered says so, and the exit code is 1."""
    code, out, _ = run("ask", "how many goals were scored in the football final")
    assert code == 1
    assert out.startswith("No")
    assert "From the decisions, word for word" not in out


@pytest.fixture
def writer(held, language_model, monkeypatch, answerer):
    """The same with a language model, as a user sets it, that writes one supported sentence and one that is not."""
    at = handle(answerer, Question(question=MISSION), NORTHANTS, 51)
    language_model.behaviour = f"{TOLD} {at}. That is a pity."
    monkeypatch.setenv("DECISION_QA_LLM_URL", language_model.url)
    monkeypatch.setenv("DECISION_QA_LLM_MODEL", "a-model")
    monkeypatch.setenv("DECISION_QA_LLM_API_KEY", "key-of-the-tests")
    return language_model


def test_ask_for_a_generated_text(run, writer):
    """With --generate the text of the model stands behind the extract, with its citations and what was left out."""
    code, out, err = run("ask", MISSION, "--generate")
    extract = run("ask", MISSION)[1]
    before, _, after = extract.partition("Best matches:")
    assert (code, err) == (0, "")
    assert out.startswith(before)
    assert out.endswith(after)
    assert out.removeprefix(before).startswith(
        f"Written by a-model at 127.0.0.1:{writer.port}, checked by a program:\n\n"
        f"{TOLD}. [West Northamptonshire Council (21 017 496), paragraph 51]\n\n"
        "Left out: That is a pity. (It cites no paragraph.)\n\n"
    )
    [(_, headers, _)] = writer.requests
    assert headers["Authorization"] == "Bearer key-of-the-tests"


def test_ask_for_a_generated_text_as_json(run, writer):
    """With --generate and --json the answer is that of /ask."""
    code, out, _ = run("ask", MISSION, "--generate", "--json")
    body = json.loads(out)
    assert (code, body["answer"]["kind"], body["answer"]["model"]) == (0, "generated", "a-model")
    assert [one["text"] for one in body["answer"]["sentences"]] == [f"{TOLD}."]
    assert [one["reason"] for one in body["generation"]["left_out"]] == ["uncited"]


def test_ask_for_a_generated_text_that_fails(run, writer):
    """Where the model fails, the extract is printed with the reason, and the question is answered all the same."""
    writer.behaviour = status(500)
    code, out, err = run("ask", MISSION, "--generate")
    assert (code, err) == (0, "")
    assert "No text was generated. The language model at 127.0.0.1:" in out
    assert "— West Northamptonshire Council (21 017 496), paragraph" in out


def test_ask_for_a_generated_text_without_a_model(run, held):
    """Where no model is set, --generate says so."""
    code, out, _ = run("ask", MISSION, "--generate")
    assert (code, "No language model is set (DECISION_QA_LLM_URL, DECISION_QA_LLM_MODEL)." in out) == (0, True)


@pytest.mark.parametrize("command", [["ask", MISSION, "--generate"], ["serve", "--port", "0"]])
def test_template_that_there_is_not(run, writer, monkeypatch, command):
    """A template that there is not is one sentence, before anything else is done."""
    monkeypatch.setenv("DECISION_QA_LLM_PROMPT", "brief")
    code, out, err = run(*command)
    assert (code, out, writer.requests) == (2, "", [])
    assert err.startswith("decision-qa: There is no prompt “brief” in ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["ask", ""], 2, "“question” must be"),
        (["ask", "x" * 10_000], 2, "1 to 2,000 characters"),
        (["ask", "x", "-k", "0"], 2, "“limit” must be"),
        (["ask", "x", "--from", "soon"], 2, "“from” must be a date"),
        (["ask", "x", "--reference", "x"], 2, "21 017 496"),
        (["ask", "x", "--reference", "99 999 999"], 1, "holds no decision 99 999 999"),
        (["show", "99 999 999"], 1, "holds no decision 99 999 999"),
        (["show", "nonsense"], 2, "is not a reference"),
        (["show", "21 017 496", "66"], 1, "no paragraph “66”; its paragraphs are numbered 1 to 65"),
        (["show", "21 000 259", "51(c)"], 1, "Paragraph 51 of decision 21 000 259 has no lettered item “(c)”"),
        (["ask"], 2, "Missing argument"),
        (["fly"], 2, "No such command"),
        (["serve", "--port", "70000"], 2, "--port"),
    ],
)
def test_wrong_use_is_one_sentence(run, held, arguments, code, sentence):
    """Wrong use gets a sentence and its exit code, never a traceback."""
    found, _, err = run(*arguments)
    assert (found, sentence in err, "Traceback" in err) == (code, True, False)


@pytest.mark.parametrize("arguments", [["ask", "x"], ["show", "21 017 496"], ["list"], ["verify"]])
def test_no_index_names_the_command(run, home, arguments):
    """Without an index the message names the command that makes one."""
    code, _, err = run(*arguments)
    assert (code, "Run decision-qa build first." in err) == (2, True)


def test_unknown_setting(run, monkeypatch):
    """An unknown setting is named."""
    monkeypatch.setenv("DECISION_QA_MODLE", "x")
    code, _, err = run("list")
    assert (code, "Did you mean DECISION_QA_MODEL?" in err) == (2, True)


def test_show(run, held):
    """A paragraph is shown with its citation."""
    code, out, _ = run("show", "21017496", "50")
    assert code == 0
    assert out.startswith("West Northamptonshire Council (21 017 496), paragraph 50\nThe Council had no power")


def test_show_as_json(run, held):
    """A whole decision is shown as JSON."""
    assert len(json.loads(run("show", "21-002-206", "--json")[1])["paragraphs"]) == 58


MOVES = "red \x1b[31m \x9b2J \u202e \x07 \x7f"
SHOWN = "red \\x1b[31m \\x9b2J \\u202e \\x07 \\x7f"


def printable(printed: str) -> bool:
    return all(letter.isprintable() for letter in printed.replace("\n", ""))


def test_text_of_a_capture_does_not_speak_to_the_terminal(run, held, monkeypatch):
    """Controls and marks of direction in a paragraph are printed as what they are."""
    monkeypatch.setattr(cli, "as_lines", lambda _: f"{MOVES}\nÀ’é")
    _, printed, _ = run("show", "21 000 832", "1")
    assert f"{SHOWN}\nÀ’é" in printed
    assert printable(printed)


def test_json_has_no_controls_and_the_same_text(run, held, monkeypatch):
    """As JSON they are escaped, and what is read from it is the text to the letter."""
    monkeypatch.setattr(cli, "paragraph_as_json", lambda *_: {"text": MOVES})
    _, printed, _ = run("show", "21 000 832", "1", "--json")
    assert printable(printed)
    assert json.loads(printed) == {"text": MOVES}


def test_report_does_not_speak_to_the_terminal(run, home, monkeypatch):
    """Words of a file in the reason for which it is rejected, and in doubts of its numbers, are printed so too."""
    items = [Item("a", "rejected", MOVES), Item("b", "taken", "", Reference("21 000 832"), MOVES, doubts=(MOVES,))]
    monkeypatch.setattr(cli, "add", lambda *_: Report(items))
    _, printed, complained = run("add", "a")
    assert SHOWN in complained and printed.count(SHOWN) == 2
    assert printable(printed + complained)


def test_what_was_typed_does_not_speak_to_the_terminal(run, home):
    """Nor is what was typed told back with them."""
    code, _, complained = run("show", MOVES)
    assert code == 2 and printable(complained)
    code, _, complained = run("show", "21 000 832", "1", MOVES)
    assert code == 2 and "\\x9b2J" in complained and printable(complained)


def test_list(run, held):
    """The list names every decision, and says where numbers are inferred."""
    out = run("list")[1]
    assert len(out.splitlines()) == 5
    assert "21 000 832  2021-11-25  Upheld        Kent County Council, 58 paragraphs, numbers inferred" in out


def test_verify_tells_that_an_index_is_sound(run, held):
    """Of a sound index one line says how much was checked."""
    code, out, _ = run("verify")
    assert code == 0
    assert re.fullmatch(r"Version 000001 is sound: \d+ files, \d+\.\d MiB, 5 decisions with 316 paragraphs\.\n", out)


def test_verify_tells_what_is_damaged_and_build_mends_it(run, built):
    """Each thing that is damaged has a line, and the command that is named mends it, without a model."""
    path = built / "index" / "000001" / "segment-000001" / "decisions.sqlite"
    content = path.read_bytes()
    path.write_bytes(content.replace(b"voluntary", b"compulsory"[:9]))
    code, out, _ = run("verify")
    assert (code, out.splitlines()[0]) == (1, "segment-000001/decisions.sqlite is not what was written.")
    assert "has another paragraph than was written at 21 017 496." in out
    assert out.splitlines()[-1] == "Version 000001 is damaged. Run decision-qa build to rebuild it."
    told = json.loads(run("verify", "--json")[1])
    assert (told["sound"], told["mend"], len(told["damaged"])) == (
        False,
        "decision-qa build",
        len(out.splitlines()) - 1,
    )
    code, out, err = run("show", "21 017 496", "50")
    assert (code, out, "Run decision-qa verify" in err) == (2, "", True)
    code, out, err = run("build")
    assert (code, "0 texts embedded" in out) == (0, True)
    assert (
        "The index was damaged (segment-000001/decisions.sqlite is not what was written) and is being rebuilt." in err
    )
    assert run("verify", "--json")[0] == 0


@pytest.fixture
def published(tmp_path, monkeypatch):
    """A site that has what the commands of the documentation fetch."""
    kent = replace(make(3), body="Kent County Council", date=datetime.date(2024, 5, 1), outcome="Upheld")
    kent = replace(kent, category="Children’s care services > Other")
    write_site([(kent, "html"), (replace(make(4), reference="21 017 496"), "html")], tmp_path / "site")
    with ImitatedSite(tmp_path / "site") as site:
        monkeypatch.setenv("DECISION_QA_SITE", site.url)
        yield site


def test_fetch_says_what_to_do_next(run, built, published):
    """A fetch tells what it got, shows progress, and names the command that makes it searchable."""
    code, out, err = run("fetch", f"{published.url}{published.path_of('21-017-496')}")
    assert (code, "21 017 496: fetched." in out, "Run decision-qa build" in out) == (0, True, True)
    assert "Fetching: 1 of 1 decisions" in err and "DECISION_QA_CONTACT" not in err


def test_fetch_of_a_body_that_the_site_does_not_list(run, built, published):
    """A name that the site does not have is said to be none of its."""
    code, out, _ = run("fetch", "--council", "Kemt")
    assert (code, "The site lists no decision like that; check the names and dates." in out) == (1, True)


def test_fetch_that_is_interrupted_says_how_to_go_on(run, built, published):
    """Ctrl-C ends a fetch with a sentence and exit code 130."""
    published.always[published.path_of("21-017-496")] = Canned(stall=True)
    main, told = (
        threading.get_ident(),
        threading.Thread(target=lambda: (published.wait_for(2), signal.pthread_kill(main, signal.SIGINT))),
    )
    told.start()
    code, _, err = run("fetch", f"{published.url}{published.path_of('21-017-496')}")
    told.join()
    assert (code, "Run decision-qa fetch to go on." in err) == (130, True)


def test_commands_of_the_documentation_run(run, built, published, tmp_path, monkeypatch):
    """Every command that the documentation shows can be given as it stands, here with some of the judged questions."""
    monkeypatch.chdir(PROJECT)
    judged = "tests/questions.json"
    some = tmp_path / "questions.json"
    some.write_text(json.dumps(json.loads((PROJECT / judged).read_text(encoding="utf-8"))[::50]), encoding="utf-8")
    lines = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTATION).splitlines()
    commands = dict.fromkeys(line for line in lines if line.startswith(".venv/bin/decision-qa "))
    assert len(commands) >= 8
    for command in commands:
        code, _, err = run(*shlex.split(command.replace(judged, str(some)))[1:])
        assert code == ("check-citations" in command), (command, err)  # of a letter with errors


@pytest.mark.parametrize("command", sorted(cli.cli.commands))
def test_every_command_is_documented(run, command):
    """Every command has help, and the documentation names it."""
    code, out, _ = run(command, "--help")
    assert (code, "Usage: decision-qa" in out) == (0, True)
    text = "\n".join(path.read_text(encoding="utf-8") for path in [*DOCUMENTATION, PROJECT / "scripts" / "serve"])
    assert f"decision-qa {command}" in text


def test_coverage_is_printed(run, held):
    """`coverage` prints how much is held, a table of years and subjects, and one of bodies."""
    code, out, _ = run("coverage")
    told, numbers, built, years, bodies = out.strip().split("\n\n")
    assert (code, told) == (0, "5 decisions about 4 bodies, 10 March 2021 to 9 October 2022.")
    assert numbers.startswith("The paragraph numbers of 4 are the published ones, of these 3 proved")
    assert built.startswith("The index was last brought up to date on ")
    assert years.splitlines()[1].split() == ["Children's", "care", "services", "2", "3", "5"]
    assert bodies.splitlines()[1].split()[-6:] == ["2", "2", "1", "-", "2022-01-05", "2022-05-12"]


def test_undated_decisions_are_printed(run, built):
    """`ask` with a date says how many decisions it leaves out because they have no date, also where nothing passes."""
    undated = re.sub("Decision date : .*", "", SIXTH.read_text(encoding="utf-8"))
    (built / "decisions" / "undated.txt").write_text(undated, encoding="utf-8")
    run("build")
    for since in ("2021-01-01", "2040-01-01"):
        assert (
            "\n\n1 decision without a date was left out.\n\n" in f"\n\n{run('ask', 'hotel costs', '--from', since)[1]}"
        )


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--council", ""], "A --council or --category is empty; leave it out for every one."),
        (["--category", " "], "A --council or --category is empty; leave it out for every one."),
        (["--from", "01/02/2020"], "“01/02/2020” is no date; one looks like 2022-10-09."),
        (["--to", "2024-02-30"], "“2024-02-30” is no date; one looks like 2022-10-09."),
    ],
)
def test_fetch_of_what_is_no_selection(run, built, options, said):
    """What selects nothing that can be meant is refused before the site is asked for anything."""
    code, _, complained = run("fetch", *options)
    assert code == 2 and said in complained
