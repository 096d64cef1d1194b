"""Files of work that is reviewed without names. Each name is planted where programs write one, with the libraries that
people's programs use, and looked for in every byte by other libraries."""

import io
import re
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from bot.features.reviews import cleaning
from bot.features.reviews.cleaning import Cleaned, Uncleaned, cleaned, missing
from bot.features.reviews.cleaning_views import WHY
from bot.features.reviews.files.kinds import KINDS, clean
from bot.features.reviews.files.refusing import WHYS, Uncleanable
from tests import canaries
from tests.canaries import NAME, TEXT, names, planted, unzipped, zipped


def made(ending: str, data: bytes) -> bytes:
    return clean(ending, data, [NAME])[0]


def pixels(data: bytes) -> bytes:
    return Image.open(io.BytesIO(data)).tobytes()


# A person hands in a file, and somebody else gets a copy of it


def test_a_document_by_somebody_is_handed_out_as_nobodys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    copy = cleaned(f"{NAME} loader final.docx", canaries.word(), [NAME])
    assert isinstance(copy, Cleaned)
    assert (copy.name, copy.visible) == ("work.docx", False)
    assert not names(copy.content)
    assert TEXT in canaries.read_word(copy.content)


@pytest.mark.parametrize("said", ["ac1987@uni.example", "+49 151 2345678", "@teafan on Telegram"])
def test_an_address_an_account_or_a_phone_number_in_the_text_is_said(said: str) -> None:
    for ending, data in (
        ("docx", planted(canaries.word(), written("word/document.xml", TEXT, f"Questions? {said} {TEXT}"))),
        ("xlsx", planted(canaries.sheets(), written("xl/worksheets/sheet1.xml", "Loader", f"Loader by {said}"))),
        ("pptx", planted(canaries.slides(), written("ppt/slides/slide1.xml", "A loader", f"A loader, {said}"))),
        ("odt", planted(canaries.opendocument(), written("content.xml", "and after", f"and {said} after"))),
    ):
        copy = cleaned(f"a.{ending}", data, [NAME])
        assert isinstance(copy, Cleaned), ending
        assert (copy.visible, copy.contact) == (False, True), ending


def test_each_type_of_file_has_a_canary_and_a_line() -> None:
    lines = Path("docs/privacy.md").read_text().splitlines()
    told = {
        ending for line in lines if line.startswith("| `") for ending in re.findall("`([a-z]+)`", line.split("|")[1])
    }
    assert {*KINDS} == {*canaries.MADE, *canaries.PLAIN, "jpg"}
    assert {*canaries.MADE, *canaries.PLAIN} <= told


@pytest.mark.parametrize(("ending", "made_by"), canaries.MADE.items(), ids=canaries.MADE)
def test_so_is_a_file_of_each_kind(ending: str, made_by: Callable[[], bytes]) -> None:
    assert names(made_by())
    copy = cleaned(f"{NAME}.{ending.upper()}", made_by(), [NAME])
    assert isinstance(copy, Cleaned)
    assert copy.name == f"work.{ending}"
    assert not names(copy.content)
    assert not copy.visible


def test_a_name_that_stands_in_the_text_is_left_there_and_said() -> None:
    for ending, data in (
        ("docx", planted(canaries.word(), written("word/document.xml", TEXT, f"I, Quill­feather, say: {TEXT}"))),
        (
            "xlsx",
            planted(canaries.sheets(), written("xl/worksheets/sheet1.xml", "Loader", f"Loader by {NAME.upper()}")),
        ),
        ("pptx", planted(canaries.slides(), written("ppt/slides/slide1.xml", "A loader", f"{NAME}: a loader"))),
        ("odt", planted(canaries.opendocument(), written("content.xml", "and after", f"and, says {NAME}, after"))),
    ):
        copy = cleaned(f"a.{ending}", data, ["Mia", NAME])
        assert isinstance(copy, Cleaned), ending
        assert copy.visible, ending
        assert not copy.contact, ending
        for other in (["Mia"], [], ["Qui"], ["Q"]):
            assert not clean(ending, data, other)[1], (ending, other)


def test_an_attribute_that_no_office_knows_is_left_behind() -> None:
    foreign = f'xmlns:z="urn:z" z:who="{NAME}"'
    copy = made("docx", planted(canaries.word(), written("word/document.xml", "<w:p>", f"<w:p {foreign}>")))
    assert not names(copy)
    assert TEXT in canaries.read_word(copy)


def test_a_name_on_a_page_of_a_pdf_or_behind_a_link_is_said() -> None:
    assert clean("pdf", canaries.pdf(), ["loader reads"])[1]
    assert clean("pdf", canaries.pdf(), ["example.org"])[1]
    assert clean("docx", planted(canaries.word(), canaries.linked(f"https://example.org/{NAME}")), [NAME])[1]


def written(part: str, old: str, new: str) -> canaries.Place:
    def place(parts: canaries.Parts) -> None:
        assert old.encode() in parts[part]
        parts[part] = parts[part].replace(old.encode(), new.encode(), 1)

    return place


# No name is left, wherever it was


def one_by_one(places: Mapping[str, canaries.Place]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("place", places.values(), ids=places)


@one_by_one(canaries.WORD)
def test_no_name_is_left_in_a_document(place: canaries.Place) -> None:
    copy = made("docx", planted(canaries.word(), place))
    assert not names(copy)
    assert TEXT in canaries.read_word(copy)


@one_by_one(canaries.SHEETS)
def test_no_name_is_left_in_a_workbook(place: canaries.Place) -> None:
    copy = made("xlsx", planted(canaries.sheets(), place))
    assert not names(copy)
    assert canaries.read_sheets(copy) == canaries.read_sheets(canaries.sheets())


@one_by_one(canaries.SLIDES)
def test_no_name_is_left_in_slides(place: canaries.Place) -> None:
    copy = made("pptx", planted(canaries.slides(), place))
    assert not names(copy)
    assert canaries.read_slides(copy) == canaries.read_slides(canaries.slides())


@one_by_one(canaries.OPENDOCUMENT)
def test_no_name_is_left_in_an_opendocument(place: canaries.Place) -> None:
    copy = made("odt", planted(canaries.opendocument(), place))
    assert not names(copy)
    assert "Before, and after. A link." in canaries.read_opendocument(copy)


@pytest.mark.parametrize("change", canaries.PDF.values(), ids=canaries.PDF)
def test_no_name_is_left_in_a_pdf(change: Callable[[pikepdf.Pdf], object]) -> None:
    data = canaries.pdf_with(change)
    assert names(data)
    copy = made("pdf", data)
    assert not names(copy)
    assert b"(50% (of) \\) it)" in b"".join(canaries.everything(copy)) or b"50%" not in b"".join(
        canaries.everything(data)
    )


CHOSEN = [
    *(("docx", canaries.word, place) for place in canaries.WORD_ASKED.items()),
    *(("xlsx", canaries.sheets, place) for place in canaries.SHEETS_ASKED.items()),
    *(("pptx", canaries.slides, place) for place in canaries.SLIDES_ASKED.items()),
    *(("odt", canaries.opendocument, place) for place in canaries.OPENDOCUMENT_ASKED.items()),
]


@pytest.mark.parametrize(("ending", "whole", "place"), CHOSEN, ids=[place[0] for *_, place in CHOSEN])
def test_a_name_that_somebody_chose_for_a_part_is_said(
    ending: str, whole: Callable[[], bytes], place: tuple[str, canaries.Place]
) -> None:
    assert clean(ending, planted(whole(), place[1]), [NAME])[1]
    assert not clean(ending, whole(), [NAME])[1]


@pytest.mark.parametrize("change", canaries.PDF_ASKED.values(), ids=canaries.PDF_ASKED)
def test_a_name_in_other_words_of_a_pdf_is_said(change: Callable[[pikepdf.Pdf], object]) -> None:
    assert clean("pdf", canaries.pdf_with(change), [NAME])[1]


def test_a_stream_that_nobody_knows_goes_by_consent() -> None:
    data = canaries.pdf_with(lambda made: made.Root.__setitem__("/Own", pikepdf.Stream(made, NAME.encode())))
    assert refused("pdf", data) == "unknown"


def test_a_link_of_a_field_to_the_web_stays() -> None:
    link = 'HYPERLINK "https://example.org/home/loader"'
    copy = made("docx", planted(canaries.word(), canaries.field(link, "A link.")))
    assert link.encode() in unzipped(copy)["word/document.xml"]


@settings(max_examples=30, deadline=None)
@given(st.sets(st.sampled_from(sorted(canaries.WORD)), max_size=12))
def test_no_name_is_left_from_several_places_at_once(places: set[str]) -> None:
    data = planted(canaries.word(), *(canaries.WORD[place] for place in sorted(places)))
    copy = made("docx", data)
    assert not names(copy)
    assert canaries.read_word(copy) == canaries.read_word(made("docx", copy)), "cleaned twice it is the same"


@settings(max_examples=15, deadline=None)
@given(st.sets(st.sampled_from(sorted({*canaries.SHEETS} - {"where it lay"}))))
def test_no_name_is_left_from_several_places_of_a_workbook(places: set[str]) -> None:
    copy = made("xlsx", planted(canaries.sheets(), *(canaries.SHEETS[place] for place in sorted(places))))
    assert not names(copy)
    assert canaries.read_sheets(copy) == canaries.read_sheets(canaries.sheets())


# What a reader sees is what it was


def test_what_was_put_in_stays_and_what_was_taken_out_is_gone() -> None:
    changes = ("what was put in", "what was taken out", "what was moved", "what was formatted")
    more = ("a row that was taken out", "a paragraph that was joined")
    data = planted(canaries.word(), *(canaries.WORD[place] for place in (*changes, *more)))
    seen = canaries.read_word(made("docx", data))
    assert [text for text in seen if text not in canaries.read_word(canaries.word())] == [
        "Put in.",
        "Moved.",
        "Bold.",
        "One and one.",
        "A row.",
    ]


def test_a_text_with_changes_reads_as_if_they_were_accepted() -> None:
    copy = made("odt", planted(canaries.opendocument(), canaries.OPENDOCUMENT["changes"]))
    assert "Kept, put in, kept." in canaries.read_opendocument(copy)


def test_a_switch_of_an_opendocument_stays_and_its_printer_goes() -> None:
    parts = unzipped(made("odt", planted(canaries.opendocument(), canaries.OPENDOCUMENT["settings"])))
    assert b"Wide" in parts["settings.xml"]
    assert b"PrinterName" not in parts["settings.xml"]
    assert next(iter(parts)) == "mimetype"


def test_a_pdf_draws_what_it_drew() -> None:
    before, after = canaries.read_pdf(canaries.pdf()), canaries.read_pdf(made("pdf", canaries.pdf()))
    drawn, pictures, kinds, links, outline = range(5)
    for same in (drawn, pictures, links, outline):
        assert before[same] == after[same]
    assert after[kinds] == ["/Link", "/Highlight"], "remarks and attachments are gone"


@pytest.mark.parametrize("side", range(1, 9))
def test_a_photograph_shows_the_same_with_the_same_side_up(side: int) -> None:
    data = canaries.jpeg(NAME, side=side, comment=NAME)
    copy = made("jpg", data)
    assert pixels(copy) == pixels(data)
    exif = Image.open(io.BytesIO(copy)).getexif()
    assert dict(exif) == ({} if side == 1 else {0x0112: side})
    assert not names(copy)


def test_a_picture_shows_the_same() -> None:
    assert pixels(made("png", canaries.png(NAME))) == pixels(canaries.png(NAME))
    assert dict(Image.open(io.BytesIO(made("png", canaries.png(NAME)))).info) == {}


@pytest.mark.parametrize("interlaced", [False, True])
def test_nothing_is_left_behind_what_a_picture_draws(interlaced: bool) -> None:
    """In its packed data, behind them, and in its end."""
    name = b"Aurelia Canary"

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    plain = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(plain, "png")
    data = plain.getvalue()
    at = data.index(b"IDAT") - 4
    size = struct.unpack_from(">I", data, at)[0]
    head, rows = data[:at], zlib.decompress(data[at + 8 : at + 8 + size])
    if interlaced:
        passes = [(2, 2), (1, 2), (3, 1), (2, 3), (5, 2), (4, 5), (9, 4)]
        rows = bytes(sum((1 + 3 * columns) * count for columns, count in passes))
        head = head[:8] + chunk(b"IHDR", head[16:28] + b"\1")
    made = head + chunk(b"IDAT", zlib.compress(rows + name) + name) + chunk(b"IEND", name) + name
    result = cleaned("map.png", made, [])
    assert isinstance(result, Cleaned)
    assert b"Canary" not in result.content
    at = result.content.index(b"IDAT")
    assert zlib.decompressobj().decompress(result.content[at + 4 :]) == rows
    with Image.open(io.BytesIO(result.content)) as shown:
        shown.load()


def test_nothing_is_left_behind_what_a_moving_picture_draws() -> None:
    """In the packed data of a frame, behind them, and behind what is said of a frame and of the picture."""
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "blue", "green")]
    plain = io.BytesIO()
    frames[0].save(plain, "png", save_all=True, append_images=frames[1:], duration=70)
    data, made, at = plain.getvalue(), b"\x89PNG\r\n\x1a\n", 8
    while at < len(data):
        size, kind = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + size]
        if kind == b"fdAT":
            content = content[:4] + zlib.compress(zlib.decompress(content[4:]) + NAME.encode()) + NAME.encode()
        elif kind in (b"fcTL", b"acTL"):
            content += NAME.encode()
        made += struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        at += 12 + size
    assert names(made)
    copy = clean("png", made, [NAME])[0]
    assert not names(copy)
    with Image.open(io.BytesIO(copy)) as shown:
        assert shown.n_frames == 3
        for number, frame in enumerate(frames):
            shown.seek(number)
            assert shown.convert("RGB").tobytes() == frame.tobytes()


def test_colours_are_kept_without_whose_screen_they_are_of() -> None:
    own = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    at = own.find("sRGB".encode("utf-16-be"))
    own[at : at + 8] = "Quil".encode("utf-16-be")
    for ending, data in (("jpg", canaries.jpeg(profile=bytes(own))), ("png", canaries.png(profile=bytes(own)))):
        assert names(data, "Quil")
        copy = Image.open(io.BytesIO(made(ending, data)))
        assert not names(made(ending, data), "Quil")
        profile = ImageCms.ImageCmsProfile(io.BytesIO(copy.info["icc_profile"]))
        assert ImageCms.getProfileDescription(profile).strip() == "Colours"
        # It still turns colours into the same colours.
        shown = Image.linear_gradient("L").convert("RGB")
        plain = ImageCms.createProfile("LAB")
        turned = [
            ImageCms.applyTransform(shown, ImageCms.buildTransform(one, plain, "RGB", "LAB")).tobytes()
            for one in (profile, ImageCms.ImageCmsProfile(io.BytesIO(bytes(own))))
        ]
        assert turned[0] == turned[1]


# What nobody can vouch for goes by consent


def refused(ending: str, data: bytes) -> str:
    found = cleaned(f"a.{ending}", data, [NAME])
    assert isinstance(found, Uncleaned), "it was cleaned"
    return found.why


def locked() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(canaries.pdf())) as document:
        document.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


def with_part(name: str, kind: str, type: str, data: bytes = b"MZ") -> bytes:
    return planted(canaries.word(), canaries.part(name, data, kind, "word/_rels/document.xml.rels", type))


@pytest.mark.parametrize(
    ("ending", "data", "why"),
    [
        ("txt", lambda: b"By Quillfeather", "kind"),
        ("docm", canaries.word, "kind"),
        ("doc", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "kind"),
        ("docx", lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked"),
        ("pdf", locked, "locked"),
        ("docx", lambda: with_part("word/a.bin", "vbaProject", "application/vnd.ms-office.vbaProject"), "macros"),
        ("docx", lambda: with_part("word/embeddings/a.bin", "oleObject", "application/x-ole"), "embedded"),
        ("docx", lambda: with_part("word/media/a.emf", "image", "image/x-emf"), "picture"),
        ("docx", lambda: with_part("word/afchunk.htm", "aFChunk", "text/html"), "embedded"),
        ("docx", lambda: with_part("word/new.xml", "somethingNew", "application/xml", b"<a/>"), "unknown"),
        ("docx", lambda: with_part("word/a.docx", "package", "application/zip", canaries.word()), "embedded"),
        ("docx", canaries.sheets, "broken"),
        ("odt", canaries.word, "broken"),
        ("pdf", canaries.word, "broken"),
        ("odt", lambda: zipped({**unzipped(canaries.opendocument()), "Basic/a.xml": b"<a/>"}), "macros"),
        ("odt", lambda: zipped({**unzipped(canaries.opendocument()), "Object 1/content.xml": b"<a/>"}), "embedded"),
        ("jpg", canaries.png, "broken"),
        ("png", canaries.jpeg, "broken"),
        ("docx", lambda: b"", "broken"),
        ("pdf", lambda: b"%PDF-1.7\n", "broken"),
        ("jpg", lambda: canaries.jpeg()[:-2], "broken"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_whole_is_not_handed_out(ending: str, data: Callable[[], bytes], why: str) -> None:
    assert refused(ending, data()) == why


def test_without_the_libraries_pictures_alone_are_cleaned(monkeypatch: pytest.MonkeyPatch) -> None:
    assert missing() == []
    monkeypatch.setattr(cleaning, "find_spec", lambda module: None)
    assert missing() == ["docx", "xlsx", "pptx", "odt", "pdf"]
    assert refused("docx", canaries.word()) == "missing"
    assert isinstance(cleaned("a.png", canaries.png(NAME), [NAME]), Cleaned)


def test_each_reason_has_words() -> None:
    assert {*WHY} == {*WHYS}


def test_a_document_that_is_not_read_to_its_end_goes_by_consent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.features.reviews.files.pdf.READS_FOR", -1)
    with pytest.raises(Uncleanable) as refused:
        clean("pdf", canaries.MADE["pdf"](), [])
    assert refused.value.why == "slow"
