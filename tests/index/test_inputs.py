from __future__ import annotations

import io
import os
import stat
import zipfile
from pathlib import Path

import pytest
from conftest import SIXTH

from index.errors import NotADecision
from index.inputs import read_file, sources
from index.parsing.decode import MAX_BYTES, MAX_PDF_BYTES

KINDS = ".txt, .html, .htm, .mhtml, .mht, .pdf or .warc.gz"


def taken(*paths) -> dict[str, bytes | str]:
    """What each source reads, or why it cannot."""
    found: dict[str, bytes | str] = {}
    for source in sources(paths):
        try:
            found[source.name] = source.read()
        except NotADecision as error:
            found[source.name] = str(error)
    return found


def archive(path, **files):
    """A .zip at `path`; a double underscore in a name stands for a full stop."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for name, content in files.items():
            written.writestr(name.replace("__", "."), content)
    return path


def test_files_are_read_in_their_order(tmp_path):
    """Files that are named are read whatever they are called."""
    (tmp_path / "b.decision").write_bytes(b"b")
    (tmp_path / "a.txt").write_bytes(b"a")
    found = taken(tmp_path / "b.decision", tmp_path / "a.txt")
    assert list(found.values()) == [b"b", b"a"]


def test_folder_is_read_with_what_is_in_its_folders(tmp_path):
    """A folder gives its texts and pages, those in its folders too."""
    (tmp_path / "inner").mkdir()
    for name in ("z.txt", "inner/a.HTM", "inner/b.html"):
        (tmp_path / name).write_bytes(name.encode())
    assert sorted(taken(tmp_path).values()) == [b"inner/a.HTM", b"inner/b.html", b"z.txt"]


def test_folder_saved_with_a_page_is_left_alone(tmp_path):
    """What a browser saves beside a page, and hidden files, are no decisions."""
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "frame.html").write_bytes(b"frame")
    (tmp_path / ".hidden.txt").write_bytes(b"hidden")
    (tmp_path / "page.html").write_bytes(b"page")
    assert list(taken(tmp_path).values()) == [b"page"]


def test_folder_that_only_looks_saved_is_read(tmp_path):
    """A folder whose name ends as those that browsers make, but beside no page, is read."""
    (tmp_path / "council_files").mkdir()
    (tmp_path / "council_files" / "a.txt").write_bytes(b"a")
    assert list(taken(tmp_path).values()) == [b"a"]


def test_folder_saved_with_a_page_of_an_archive_is_left_alone(tmp_path):
    """What a browser saved beside a page is left alone in an archive, too, and only that."""
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as written:
        for name in ("in/page.html", "in/page_files/frame.html", "in/other_files/a.txt"):
            written.writestr(name, name)
    assert sorted(taken(path).values()) == [b"in/other_files/a.txt", b"in/page.html"]


def test_name_from_an_archive_is_printable(tmp_path):
    """A name that would move the cursor of a terminal is shown as what it is."""
    path = archive(tmp_path / "some.zip", **{"a\x1b[2J\n__txt": b"a"})
    assert list(taken(path)) == [f"{path}/a\\x1b[2J\\n.txt"]


def test_name_from_a_folder_is_printable(tmp_path):
    """A name that would move the cursor of a terminal is shown as what it is, wherever it comes from."""
    (tmp_path / "a\x1b[2J\n.txt").write_bytes(b"a")
    assert taken(tmp_path) == {f"{tmp_path}/a\\x1b[2J\\n.txt": b"a"}
    assert taken(tmp_path / "a\x1b[2J\n.txt") == taken(tmp_path)


def test_odd_entry_of_a_folder_leaves_the_others(tmp_path):
    """A link to itself and folders too deep to be followed are told, and the files beside them are read."""
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "a.txt").write_bytes(b"a")
    (tmp_path / "deep" / "/".join("b" * 150)).mkdir(parents=True)
    assert list(taken(tmp_path).values()) == [
        b"a",
        "It stands in 100 folders within each other; what it holds was not read.",
        "The file cannot be read: Too many levels of symbolic links.",
    ]


def test_other_file_in_a_folder_is_named(tmp_path):
    """A file of another kind in a folder is not passed over in silence."""
    (tmp_path / "letter.docx").write_bytes(b"PK")
    assert taken(tmp_path) == {str(tmp_path / "letter.docx"): f"It is no {KINDS} file."}


def test_empty_folder_says_so(tmp_path):
    """A folder without decisions says so."""
    assert taken(tmp_path) == {str(tmp_path): f"The folder holds no {KINDS} file."}


def test_archive_gives_its_files(tmp_path):
    """An archive gives its texts and pages, byte for byte, and names the rest."""
    path = archive(tmp_path / "some.zip", a__txt=SIXTH.read_bytes(), b__html="<p>", c__docx="PK")
    assert taken(path) == {
        f"{path}/a.txt": SIXTH.read_bytes(),
        f"{path}/b.html": b"<p>",
        f"{path}/c.docx": f"It is no {KINDS} file.",
    }


def test_archive_in_a_folder_is_read(tmp_path):
    """An archive in a folder is opened, too."""
    archive(tmp_path / "some.ZIP", a__txt="a")
    assert list(taken(tmp_path).values()) == [b"a"]


def test_hidden_files_of_an_archive_are_left_alone(tmp_path):
    """What a Mac puts into an archive is no decision."""
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("__MACOSX/._a.txt", "x")
        written.writestr("inner/.DS_Store", "x")
        written.writestr("inner/a.txt", "a")
    assert taken(path) == {f"{path}/inner/a.txt": b"a"}


@pytest.mark.parametrize("name", ["../a.txt", "b/../../a.txt", "/a.txt", "C:\\a.txt", "..\\a.txt", "b\\..\\..\\a.txt"])
def test_path_that_climbs_out_is_refused(tmp_path, name):
    """An archive with a path that leads out of it is refused, all of it."""
    path = tmp_path / "some.zip"
    with zipfile.ZipFile(path, "w") as written:
        written.writestr("good.txt", SIXTH.read_bytes())
        written.writestr(name, "a")
    (only,) = taken(path).values()
    assert isinstance(only, str)
    assert "leads out of it" in only and "Nothing was taken" in only


def test_bomb_is_refused_unread(tmp_path):
    """An archive that says it holds a thousand times its size is refused before anything in it is read."""
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as written:
        for number in range(20):
            written.writestr(f"{number}.txt", b"0" * 1_000_000)
    (only,) = taken(path).values()
    assert "20,000,000" in only and "Nothing was taken" in only


def test_file_larger_than_its_archive_says_is_refused(tmp_path):
    """A file whose size in the archive is a lie is not read to its end."""
    path = archive(tmp_path / "lie.zip", a__txt="a" * 50_000)
    content = path.read_bytes()
    path.write_bytes(content.replace((50_000).to_bytes(4, "little"), (100).to_bytes(4, "little")))
    (only,) = taken(path).values()
    assert isinstance(only, str)
    assert "damaged" in only


def test_too_large_file_in_an_archive_is_refused(tmp_path):
    """A file in an archive may be no larger than one outside."""
    path = archive(tmp_path / "large.zip", a__txt=os.urandom(MAX_BYTES + 1), b__txt="b")
    assert list(taken(path).values()) == ["The file has more than 5,000,000 bytes, more than any decision.", b"b"]


def test_link_in_an_archive_is_refused(tmp_path):
    """An archive with a link in place of a file is refused, all of it."""
    path = tmp_path / "link.zip"
    with zipfile.ZipFile(path, "w") as written:
        entry = zipfile.ZipInfo("a.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        written.writestr(entry, "/etc/passwd")
    (only,) = taken(path).values()
    assert "link" in only


def test_archive_that_is_none_is_refused(tmp_path):
    """What is called .zip and is none, or is cut off, is refused with a sentence."""
    (tmp_path / "no.zip").write_bytes(b"no")
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as written:
        written.writestr("a.txt", "a" * 1000)
    (tmp_path / "cut.zip").write_bytes(whole.getvalue()[:-30])
    expected = "The archive cannot be read: it is damaged, or no .zip."
    assert set(taken(tmp_path / "no.zip", tmp_path / "cut.zip").values()) == {expected}


def test_damaged_entry_leaves_the_others(tmp_path):
    """A file that cannot be taken out of its archive is named, and the others are read."""
    path = archive(tmp_path / "bad.zip", a__txt=os.urandom(5000), b__txt="b")
    content = bytearray(path.read_bytes())
    content[2000] ^= 255
    path.write_bytes(content)
    first, second = taken(path).values()
    assert isinstance(first, str)
    assert "damaged" in first and second == b"b"


def test_what_the_system_makes_up_is_not_read(tmp_path):
    """A link to a file below /proc, which has no size and may have no end, is as empty as it says it is."""
    (tmp_path / "a.txt").symlink_to("/proc/self/status")
    assert Path("/proc/self/status").read_bytes()
    assert list(taken(tmp_path).values()) == [b""]


def test_file_that_grew_is_read_no_further_than_it_may(tmp_path, monkeypatch):
    """A file that is longer than its status said is refused, and of it no more is read than of the longest decision."""
    path = tmp_path / "a.txt"
    path.write_bytes(b"a" * (MAX_BYTES + 10))
    status = os.stat_result([stat.S_IFREG, *[0] * 5, 10, *[0] * 3])
    monkeypatch.setattr(Path, "stat", lambda *_, **__: status)
    with pytest.raises(NotADecision, match="more than any decision"):
        read_file(path)


def test_a_pdf_may_be_larger_than_a_page(tmp_path):
    """A PDF may have pictures: it is read where a page of this size is refused, and refused from 20 MB on."""
    for name, size in (("a.pdf", MAX_BYTES + 1), ("b.pdf", MAX_PDF_BYTES + 1), ("c.html", MAX_BYTES + 1)):
        with (tmp_path / name).open("wb") as file:
            file.write(b"%PDF-1.7\n" if name.endswith("pdf") else b"<p>")
            file.truncate(size)
    first, second, third = taken(tmp_path).values()
    assert isinstance(first, bytes)
    assert (second, third) == (
        "The file has more than 20,000,000 bytes, more than any report.",
        "The file has more than 5,000,000 bytes, more than any decision.",
    )


def test_a_page_counts_without_the_folder_that_a_browser_saved_beside_it(tmp_path):
    """Of a page that was saved whole, its pictures, styles and frames are passed over."""
    (tmp_path / "index.html").write_bytes(SIXTH.read_bytes())
    (tmp_path / "index_files").mkdir()
    (tmp_path / "index_files" / "frame.html").write_bytes(b"<p>")
    assert list(taken(tmp_path).values()) == [SIXTH.read_bytes()]


def test_missing_file_is_named(tmp_path):
    """A file that is not there is a source that cannot be read."""
    assert taken(tmp_path / "no.txt") == {
        str(tmp_path / "no.txt"): "The file cannot be read: No such file or directory."
    }


@pytest.mark.parametrize("within", [False, True], ids=["named", "in a folder"])
def test_fault_at_an_archive_leaves_the_others(tmp_path, monkeypatch, within):
    """If an archive cannot be opened for a reason that nobody foresaw, it alone is refused, by type and place."""
    path = archive(tmp_path / "a.zip", a__txt="1")
    (tmp_path / "b.txt").write_bytes(b"2")

    def fail(_):
        raise KeyError("a word of the archive")

    monkeypatch.setattr(zipfile, "ZipFile", fail)
    found = taken(tmp_path) if within else taken(path, tmp_path / "b.txt")
    assert "KeyError at" in found[str(path)]
    assert "a word" not in found[str(path)]
    assert found[str(tmp_path / "b.txt")] == b"2"
