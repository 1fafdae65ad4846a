from __future__ import annotations

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import PROJECT, SEEDS, variant
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.engine.bm25 import Word
from index.store import Store
from index.text.stemming import stem
from qa.retrieval.spelling import Correction, Speller, corrected, council_names, english, errors

BODIES = (
    "Halton Borough Council",
    "Kent County Council",
    "Leicestershire County Council",
    "West Northamptonshire Council",
)
OTHERS = ("Birmingham City Council", "Leeds City Council", "Reading Borough Council", "Surrey County Council", "Leics")


class Texts:
    """A fake index of texts. It counts how often its vocabulary is asked for."""

    def __init__(self, *texts: str) -> None:
        self.asked = 0
        self.counts = Counter(word for text in texts for word in set(re.findall(r"[^\W\d_]+", text.casefold())))
        self._stems = {stem(word) for text in texts for word in re.findall(r"[^\W_]+", text)}

    def words(self, question: str) -> list[Word]:
        found = [(match, stem(match[0]) in self._stems) for match in re.finditer(r"[^\W_]+", question)]
        return [Word(*match.span(), 1.0, held, held, True) for match, held in found]

    def vocabulary(self) -> Counter[str]:
        self.asked += 1
        return self.counts


SEED_TEXTS = Texts(*(line for path in sorted(SEEDS.glob("*.txt")) for line in path.read_text("utf-8").splitlines()))
SPELLER = Speller(SEED_TEXTS, BODIES, OTHERS)


def speller(*texts: str) -> Speller:
    return Speller(Texts(*texts), BODIES, OTHERS)


def read(question: str, by: Speller = SPELLER) -> str:
    """The question as it is read."""
    return corrected(question, by.correct(question))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("was there an assesment", "was there an assessment"),  # a letter once instead of twice
        ("the saftey agreement", "the safety agreement"),  # letters that changed places
        ("a complaint procedure for childrn", "a complaint procedure for children"),  # a vowel left out
        ("dangerus to children", "dangerous to children"),  # one of two vowels left out
        ("what was desided", "what was decided"),  # as it sounds
        ("an investigater", "an investigator"),  # a vowel for another
        ("the complainr", "the complaint"),  # the key beside it
        ("any falt by the council", "any fault by the council"),  # of four letters
        ("oscial worker", "social worker"),  # the first two letters
        ("intimadateing calls", "intimidating calls"),  # two errors in a long word
        ("no refferal was made", "no referral was made"),  # a letter twice that should be once, and the reverse
    ],
)
def test_errors_that_people_make(written, meant):
    """What is mistyped is read as what was meant."""
    assert read(written) == meant


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("the Haltn case", "the Halton case"),
        ("Leicestersire", "Leicestershire"),
        ("liecestershire", "leicestershire"),
        ("West Northamptonshre and Kent", "West Northamptonshire and Kent"),
        ("in west northampshire", "in west northamptonshire"),  # three letters, of a long name
        ("Did Knet council say so?", "Did Kent council say so?"),
        ("what about Kennt?", "what about Kent?"),
        ("Haltan's reply", "Halton's reply"),
    ],
)
def test_names_of_bodies(written, meant):
    """A name of a body that is held is read where it is mistyped."""
    assert read(written) == meant


def test_name_of_a_body_that_is_not_held():
    """So that it can be said by its name that it is not held."""
    assert read("the Birmigham case") == "the Birmingham case"


@pytest.mark.parametrize(
    "place", "Hatton Deptford Kennington Penrith Runcorn Blandford Farnham Minton Bristow Sainsbury".split()
)
def test_places_that_resemble_councils(place):
    """A place whose name is near to that of a council is not that council, also in small letters."""
    by = Speller(SEED_TEXTS, BODIES, council_names())
    for question in (f"what about {place} then", f"the {place.lower()} case", f"{place}: what was decided?"):
        assert by.correct(question) == ()


def test_usual_words_of_names():
    """A word that stands in the names of many bodies, such as “council”, is mended as any other."""
    assert read("the Haltn Counicl") == "the Halton Council"


def test_what_is_told():
    """A correction tells where the word stands in the question as it was asked."""
    question = "Did Haltn’s assesment say so?"
    found = SPELLER.correct(question)
    assert found == (Correction(4, 9, "Haltn", "Halton"), Correction(12, 21, "assesment", "assessment"))
    assert corrected(question, found) == "Did Halton’s assessment say so?"


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Saftey first", "Safety first"), ("saftey first", "safety first"), ("SAFTEY AGREEMNT", "SAFETY AGREEMENT")],
)
def test_capitals_are_kept(written, meant):
    """What is read has a capital where what is written has one."""
    assert read(written) == meant


def test_held_is_not_read_otherwise():
    """A word that any text has is never corrected, also where it is an error in that text."""
    texts = ("the assessment of a need", "an assessment", "his assesment was late")
    assert read("was the assesment late", speller(*texts[:2])) == "was the assessment late"
    assert read("was the assesment late", speller(*texts)) == "was the assesment late"


def test_held_in_another_form():
    """A form of a word that is held is held."""
    assert speller("She wexelled it.", "a vessel", "the vessel").correct("did they wexel it") == ()


def test_likelier_word_that_is_not_held():
    """A question about what is not held is not turned into one about what is."""
    texts = ("the receipt was lost", "no receipt", "a receipt")
    assert read("the receit was lost", speller(*texts)) == "the receipt was lost"
    assert read("a good recipie", speller(*texts)) == "a good recipie"


def test_two_that_may_be_meant():
    """Where two words are about as likely nothing is corrected."""
    assert read("a litter or a letter", speller("a later date", "the latter", "letters")) == "a litter or a letter"
    assert read("the lettr came", speller("a letter came", "the letter")) == "the letter came"
    assert errors("lotter", "letter") == errors("lotter", "latter")
    assert speller(*["a letter"] * 9, *["the latter"] * 9).correct("the lotter came") == ()


@pytest.mark.parametrize(
    "question",
    [
        "bailiffs took my car for council tax",
        "a recipe for lasagne",
        "swimming lessons in a leisure centre",
        "the organisation's behaviour in my neighbour's enquiry; a licence for the programme",
        "the organization's behavior in a license inquiry",
        "homelessness, a tenancy in arrears, mould and damp, potholes and dropped kerbs",
        "an EHCP and a blue badge; Cafcass, Ofsted and the LGSCO; ehcp cafcass",
        "didnt they say she cant, wont and shouldnt? theyre gonna do owt",
        "lockdown, covid and whatsapp from tesco onwards",
        "my sons Theo and Finlay, our maddie and norah, and Ayaan and aisha",
    ],
)
def test_words_that_are_right(question):
    """Words that are right are left alone though no text has them: British or American, typed in haste, or new."""
    assert SPELLER.correct(question) == ()


@pytest.mark.parametrize("word", ["rehomed", "unevidenced", "overbanded", "nonresident", "narrowboats", "vlogs"])
def test_words_with_a_prefix_or_an_s(word):
    """A word that no list has in this form, but without its prefix or its “s”, is a word."""
    assert SPELLER.correct(f"it was {word} here") == ()


@pytest.mark.parametrize(
    "question",
    [
        "asses2ment of saftey4",
        "the SAFTY rules",  # an abbreviation
        "saf fal",  # three letters
        "Mrs Haltn and Mr. Knet, Dr Saftey",  # names of people
        "ask saftey@haltn.org or www.saftey.org or https://saftey.org/assesment or saftey_plan",
        "KeyEror and JSon",
        "",
        "?! … 4 §",
        "安全协议",
        "the saf\u0301ety",
    ],
)
def test_what_is_not_looked_at(question):
    """No abbreviation, address, number or name after “Mr” is corrected, and nothing that has no letters."""
    assert SPELLER.correct(question) == ()


def test_capital_within_a_sentence():
    """A word with a capital within a sentence is rather a name; a long word may still be mistyped."""
    assert read("Then Safty went there") == "Then Safty went there"
    assert read("Safty was promised. Safty came") == "Safety was promised. Safety came"
    assert read("Then the Assesment came") == "Then the Assessment came"


@pytest.mark.parametrize(
    "question",
    [
        "votre conseil doit payer pour les enfants de cette famille agressive",
        "el consejo debe pagar por los niños de esta familia y por la decisión",
        "der Rat muss die Entscheidung der Familie erklären und bezahlen",
        "asdkjh lllkj qqwe saftey zzpt",
        " ".join(f"qz{'abcdefghij'[number % 10] * 3}{'klmnopqrst'[number // 10] * 2}" for number in range(99)),
    ],
)
def test_other_languages_and_nonsense(question):
    """A question that is not English is left as it is."""
    assert SPELLER.correct(question) == ()


def test_words_run_together():
    """Two words that are held and were run together are read apart."""
    assert read("my socialworker came") == "my social worker came"


def test_words_written_apart():
    """A word that is held and was written apart is read as one, unless both parts are held."""
    texts = ("safeguarding concerns", "a safe place", "the safeguarding board")
    assert read("Safe guarding concerns", speller(*texts)) == "Safeguarding concerns"
    assert read("safe guarding concerns", speller(*texts, "guarding it")) == "safe guarding concerns"
    assert read("safe, guarding concerns", speller(*texts)) == "safe, guarding concerns"


def test_vocabulary_is_asked_for_when_needed():
    """What takes long is made with the first word that is not known, and once for all threads."""
    texts = Texts("the assessment", "an assessment")
    by = Speller(texts, BODIES, OTHERS)
    by.correct("was the assessment in Kent, and was there a swimming lesson?")
    assert texts.asked == 0
    with ThreadPoolExecutor(4) as threads:
        assert set(threads.map(read, ["the asessment"] * 20, [by] * 20)) == {"the assessment"}
    assert texts.asked == 1


def test_index_without_texts():
    """Names are read where nothing else is held."""
    assert read("the Haltn assesment", speller()) == "the Halton assesment"


WORDS = sorted(word for word in SEED_TEXTS.counts)
ENGLISH = sorted(english())


@given(st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from([str, str.title, str.upper])), max_size=30))
def test_words_of_the_index_are_never_corrected(words):
    """A text made of the words of the index is left as it is, in any case."""
    assert SPELLER.correct(" ".join(case(word) for word, case in words)) == ()


@given(st.lists(st.sampled_from(ENGLISH), max_size=30))
def test_english_words_are_never_corrected(words):
    """A list of English words is left as it is."""
    assert SPELLER.correct(", ".join(words)) == ()


@given(st.text(max_size=200) | st.lists(st.sampled_from([*WORDS, "Haltn", "saftey", "’", "Mr", "\n"])).map("".join))
def test_corrections_fit_the_question(question):
    """Corrections come in order, tell what stands there, and change something, whatever is asked."""
    end = 0
    for correction in SPELLER.correct(question):
        assert end <= correction.start < correction.end
        assert question[correction.start : correction.end] == correction.written != correction.read
        end = correction.end


@given(st.sampled_from([word for word in WORDS if len(word) >= 5]), st.data())
def test_what_is_read_is_held(word, data):
    """Whatever is typed, what is read instead is held or the name of a body."""
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from("aeghinorst"))
    typed = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    names = {name.casefold() for names in (*BODIES, *OTHERS) for name in names.split()}
    for correction in SPELLER.correct(typed):
        assert all(part in names or SEED_TEXTS.words(part)[0].is_held for part in correction.read.split())


def test_questions_of_the_tests():
    """Of all questions of tests/questions.json those alone are read otherwise that have errors, and rightly."""
    questions = json.loads((PROJECT / "tests" / "questions.json").read_text("utf-8"))
    by = Speller(SEED_TEXTS, BODIES, council_names())
    found = {(each.written, each.read) for asked in questions for each in by.correct(asked["question"])}
    told = (PROJECT / "tests" / "typing_errors.txt").read_text("utf-8").splitlines()
    assert sorted(f"{written} {read}" for written, read in found) == told


@pytest.mark.parametrize(
    ("written", "meant", "counted"),
    [
        ("kent", "kent", 0.0),
        ("kennt", "kent", 0.6),
        ("knet", "kent", 0.7),
        ("falt", "fault", 0.7),
        ("fault", "falt", 0.9),
        ("monthy", "month", 1.0),
        ("monthy", "monthly", 0.9),
        ("haltun", "halton", 0.8),
        ("desided", "decided", 0.8),
        ("complainr", "complaint", 0.9),
        ("hatton", "halton", 1.5),
        ("saeftly", "safely", 1.7),
    ],
)
def test_errors_as_they_count(written, meant, counted):
    """Errors that people make more often count less."""
    assert errors(written, meant) == pytest.approx(counted)


@given(st.text("abcdefgh", max_size=8), st.text("abcdefgh", max_size=8))
def test_errors_between_the_same_words(one, other):
    """There are none between a word and itself, and some between any others."""
    assert (errors(one, other) == 0.0) == (one == other)


def test_lists_have_what_english_lacks():
    """Each word of spelling.json stands there once, in small letters, and in no other list."""
    lists = json.loads((PROJECT / "qa" / "retrieval" / "spelling.json").read_text("utf-8"))
    words = [word for lines in lists.values() for line in lines for word in line.split()]
    assert len(words) == len(set(words)) > 1000
    assert all(re.fullmatch("[a-z]{4,}", word) for word in words)
    assert not english().keys() & set(words)


def test_names_of_councils():
    """The councils of England are known by their full names and by their short forms."""
    assert {"Surrey County Council", "Northants"} <= set(council_names())


def test_store_counts_its_words(tmp_path, fake):
    """The vocabulary of an index has the words of headings and lines as they stand, each text once."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for reference, word in (("22 000 001", "lanyard"), ("22 000 002", "Wheelbarrows"), ("22 000 003", "Wheelbarrows")):
        (folder / f"{reference}.txt").write_text(variant(reference, word), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    held = Store.open(tmp_path / "index")
    counts = held.vocabulary()
    assert counts["lanyard"] == counts["wheelbarrows"] > 0  # those of the third decision are the second's
    assert {"ombudsman", "information", "photograph", "embarrassment"} <= counts.keys()
    assert not {"wheelbarrow", "Wheelbarrows", "2022", "24a"} & counts.keys()


def test_store_corrects(tmp_path, decisions, fake):
    """A speller reads the words of a store."""
    build(decisions, tmp_path / "index", fake.model, lambda _: fake)
    store = Store.open(tmp_path / "index")
    assert read("an embarassing fotograph and phtograph", Speller(store, store.bodies())) == (
        "an embarrassing fotograph and photograph"
    )


def test_dead_words_do_not_count(tmp_path, fake):
    """Words of decisions that are gone are not in the vocabulary."""
    folder = tmp_path / "decisions"
    folder.mkdir()
    for reference, word in (("22 000 001", "lanyard"), ("22 000 002", "wheelbarrow")):
        (folder / f"{reference}.txt").write_text(variant(reference, word), encoding="utf-8")
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    (folder / "22 000 002.txt").unlink()
    build(folder, tmp_path / "index", fake.model, lambda _: fake)
    counts = Store.open(tmp_path / "index").vocabulary()
    assert "lanyard" in counts
    assert "wheelbarrow" not in counts
