"""Small PDFs, written by hand: lines of text, some of them bold, as a report is set."""

from __future__ import annotations

from collections.abc import Sequence

_LEFT, _INDENT, _TOP, _LEADING = 72, 24, 770, 15  # points
_SIZES = {"#": 18, "##": 14, "": 11, "~": 8}


def write_pdf(pages: Sequence[str]) -> bytes:
    """A PDF of some pages, each a text: "# " and "## " begin bold lines, "~ " small ones, an empty line is a gap.

    Two spaces at the beginning set a line further in.
    """
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects += [
        b"<< /Type /Font /Subtype /Type1 /BaseFont /%b /Encoding /WinAnsiEncoding >>" % face
        for face in (b"Helvetica", b"Helvetica-Bold")
    ]
    kids = []
    for page in pages:
        content = _content(page)
        objects.append(b"<< /Length %d >>\nstream\n%b\nendstream" % (len(content), content))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count %d >>" % (b" ".join(kids), len(kids))
    return with_table(objects)


def with_table(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    written = b"%PDF-1.4\n"
    starts = []
    for number, content in enumerate(objects, 1):
        starts.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % start for start in starts)
    size = len(objects) + 1
    return written + (
        b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, table, size, trailer, len(written))
    )


def _content(page: str) -> bytes:
    shown = []
    y = _TOP
    for line in page.splitlines():
        mark, _, rest = line.partition(" ")
        text = rest if mark in _SIZES and mark else line
        size = _SIZES.get(mark, _SIZES[""])
        x = _LEFT + _INDENT * (text.startswith("  ") + text.startswith("    "))
        words = text.strip().encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        font = b"F2" if mark.startswith("#") else b"F1"
        if words:
            shown.append(b"BT /%b %d Tf 1 0 0 1 %d %d Tm (%b) Tj ET" % (font, size, x, y, words))
        y -= _LEADING * (2 if mark.startswith("#") else 1)
    return b"\n".join(shown)
