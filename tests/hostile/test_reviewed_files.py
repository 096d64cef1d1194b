"""Files that somebody made to harm whoever opens them: each ends as a cleaned copy or as a refusal, within the bounds
of the process that reads it."""

import io
import struct
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.features.reviews.cleaning import Cleaned, Uncleaned, cleaned
from bot.features.reviews.files.kinds import clean
from bot.features.reviews.files.refusing import Uncleanable
from tests import canaries
from tests.canaries import NAME, unzipped, zipped

MANY = 200_000_000


def refused(ending: str, data: bytes) -> str:
    found = cleaned(f"a.{ending}", data, [NAME])
    assert isinstance(found, Uncleaned)
    return found.why


def document(body: bytes, before: bytes = b"") -> bytes:
    """A document of Word with this in its body, and this before its first element."""
    parts = unzipped(canaries.word())
    head, _, rest = parts["word/document.xml"].partition(b"<w:document")
    head, rest = head + before, rest.replace(b"<w:sectPr", body + b"<w:sectPr", 1)
    return zipped({**parts, "word/document.xml": head + b"<w:document" + rest})


def bomb(name: str) -> bytes:
    return zipped({**unzipped(canaries.word()), name: bytes(MANY)})


def picture(width: int, height: int, more: bytes = b"") -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    profile = chunk(b"iCCP", b"a\0\0" + more) if more else b""
    return b"\x89PNG\r\n\x1a\n" + head + profile + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def photograph(width: int, height: int) -> bytes:
    data = canaries.jpeg()
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def book_in_a_book_in_slides() -> bytes:
    def holding(data: bytes, source: str, inner: bytes) -> bytes:
        return canaries.planted(
            data,
            canaries.part(
                "xl/embeddings/a.xlsx" if source.startswith("xl") else "ppt/embeddings/a.xlsx",
                inner,
                "package",
                source,
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            ),
        )

    book = holding(canaries.sheets(), "xl/worksheets/_rels/sheet1.xml.rels", canaries.sheets())
    return holding(canaries.slides(), "ppt/slides/_rels/slide1.xml.rels", book)


def pages(objects: str) -> bytes:
    """A PDF of these objects, of which the first is its root."""
    body, places = b"%PDF-1.7\n", []
    for number, written in enumerate(objects.split("\n\n"), 1):
        places.append(len(body))
        body += f"{number} 0 obj\n{written}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}trailer\n<</Size {len(places) + 1}/Root 1 0 R>>\n"
    return body + end.encode() + f"startxref\n{len(body)}\n%%EOF\n".encode()


LOOP = "<</Type/Catalog/Pages 2 0 R>>\n\n<</Type/Pages/Count 1/Kids[2 0 R]>>"
NESTED = f"<</Type/Catalog/Pages 2 0 R/A {'[' * 50_000}{']' * 50_000}>>\n\n<</Type/Pages/Count 0/Kids[]>>"
LAUGHS = b"<!DOCTYPE a [<!ENTITY a 'ha'>" + b"".join(
    b"<!ENTITY %c '&%c;&%c;&%c;&%c;&%c;&%c;&%c;&%c;'>" % (n, *[n - 1] * 8) for n in range(ord("b"), ord("l"))
)
LAUGHS += b"]>"
OUTSIDE = b"<!DOCTYPE a [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize(
    ("ending", "data", "why"),
    [
        ("docx", lambda: bomb("word/document.xml"), "large"),
        ("docx", lambda: bomb("word/media/image1.jpg"), "large"),
        ("docx", lambda: bomb("junk"), "large"),
        ("docx", lambda: zipped({**unzipped(canaries.word()), **{f"a/{n}": b"" for n in range(5000)}}), "large"),
        ("docx", lambda: document(b"<w:p>" * 100_000), "broken"),
        ("docx", lambda: document(b"<w:tbl>" * 900 + b"</w:tbl>" * 900), "broken"),
        ("docx", lambda: document(b"&k;", LAUGHS), "broken"),
        ("docx", lambda: document(b'<w:p w:a="&k;"/>', LAUGHS), "broken"),
        ("docx", lambda: document(b"&a;", OUTSIDE), "broken"),
        ("docx", lambda: document(b"", b"<!DOCTYPE a SYSTEM 'http://127.0.0.1:1/a.dtd'>"), "broken"),
        ("docx", lambda: document(b"", "<!DOCTYPE a>".encode("utf-16")), "broken"),
        ("pptx", book_in_a_book_in_slides, "embedded"),
        ("png", lambda: picture(65_535, 65_535), "large"),
        ("png", lambda: picture(2**31 - 1, 1), "large"),
        ("jpg", lambda: photograph(65_500, 65_500), "large"),
        ("pdf", lambda: pages(LOOP), "broken"),
        ("jpg", lambda: b"\xff\xd8\xff\xda" + bytes(9_000_000), "broken"),
        ("jpg", lambda: b"\xff" * 9_000_000, "broken"),
        ("png", lambda: b"\x89PNG\r\n\x1a\n" + bytes(9_000_000), "broken"),
        ("docx", lambda: b"PK\x05\x06" + bytes(9_000_000), "broken"),
        ("docx", lambda: bytes(20_000_000), "large"),
    ],
)
def test_a_file_that_would_harm_its_reader_is_refused(ending: str, data: Callable[[], bytes], why: str) -> None:
    assert refused(ending, data()) == why


@pytest.mark.parametrize(
    ("ending", "data"),
    [
        ("docx", lambda: document(b"<w:p><w:ins>" * 60 + b"</w:ins></w:p>" * 60)),
        ("docx", lambda: document(b"<w:ins/>a" * 1_000_000)),
        ("docx", lambda: document(b"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r/></w:p>" * 200_000)),
        ("docx", lambda: document(b"<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * 300_000)),
        ("pdf", lambda: pages(NESTED)),
        ("png", lambda: picture(9, 9, zlib.compress(bytes(MANY)))),
    ],
)
def test_a_file_that_takes_long_ends_one_way_or_the_other(ending: str, data: Callable[[], bytes]) -> None:
    found = cleaned(f"a.{ending}", data(), [NAME])
    assert isinstance(found, Cleaned) or found.why in ("slow", "large", "broken")


@pytest.mark.parametrize("name", ["../a", "/etc/a", "word\\a", "word/../../a", "a\nb", "WORD/document.xml"])
def test_a_part_that_lies_elsewhere_is_refused(name: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for part, data in unzipped(canaries.word()).items():
            archive.writestr(part, data)
        archive.writestr(zipfile.ZipInfo(name), b"<a/>")
    with pytest.raises(Uncleanable):
        clean("docx", out.getvalue(), [])


def test_the_process_that_reads_takes_no_more_than_it_may() -> None:
    bound = "from bot.features.reviews.files.__main__ import _bound; _bound(); "
    for harm in (
        "bytearray(2 * 2**30)",
        "import tempfile; tempfile.TemporaryFile(buffering=0).write(b'a')",
        "while True: pass",
    ):
        code = f"{bound}\n{harm}"
        assert subprocess.run([sys.executable, "-c", code], stderr=subprocess.DEVNULL).returncode != 0, harm


KINDS: Mapping[str, bytes] = {
    "docx": canaries.word(),
    "xlsx": canaries.sheets(),
    "pptx": canaries.slides(),
    "odt": canaries.opendocument(),
    "pdf": canaries.pdf(),
    "jpg": canaries.jpeg(NAME),
    "png": canaries.png(NAME),
}


def ends_well(ending: str, data: bytes) -> None:
    with suppress(Uncleanable):
        clean(ending, data, [NAME])


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_a_damaged_file_is_cleaned_or_refused(ending: str, data: st.DataObject) -> None:
    whole = bytearray(KINDS[ending])
    for at in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[at] = data.draw(st.integers(0, 255))
    ends_well(ending, bytes(whole[: data.draw(st.integers(0, len(whole)))]))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["docx", "xlsx", "pptx", "odt"]), st.data())
def test_a_file_with_damaged_parts_is_cleaned_or_refused(ending: str, data: st.DataObject) -> None:
    parts = unzipped(KINDS[ending])
    for name in data.draw(st.lists(st.sampled_from(sorted(parts)), min_size=1, max_size=3)):
        part = bytearray(parts[name])
        if not part:
            continue
        at, size = data.draw(st.integers(0, len(part))), data.draw(st.integers(0, 40))
        part[at : at + size] = data.draw(st.binary(max_size=20))
        parts[name] = bytes(part)
    ends_well(ending, zipped(parts))
