"""PDF: the pages are kept, with links and forms. Who made the document, what others remarked in it and what is attached
to it goes."""

import re
import zlib
from collections.abc import Iterator
from io import BytesIO
from time import monotonic

from pypdf import PdfReader, PdfWriter, constants
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.filters import decode_stream_data
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from bot.features.reviews.files.colours import cleaned_profile
from bot.features.reviews.files.fonts import words_of
from bot.features.reviews.files.pictures import cleaned_jpeg, repacked
from bot.features.reviews.files.refusing import Seen, Uncleanable

GONE = (
    "/Metadata",
    "/PieceInfo",
    "/AF",
    "/EF",
    "/LastModified",
    "/Thumb",
    "/CreatorInfo",
    "/AA",
    "/OpenAction",
    "/OutputIntents",
    "/Legal",
    "/SpiderInfo",
    "/Threads",
    "/Extensions",
)
"""What no page needs, wherever it stands."""

_SAID_BY = "/PTEX."
"""Where pdfTeX says from which file of which folder a picture is."""

_SHOWN = (
    "Link Widget FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Ink "
    "Caret Watermark PrinterMark TrapNet"
)
SHOWN = frozenset(f"/{name}" for name in _SHOWN.split())
"""The annotations that are drawn on the page. The others are remarks, recordings and attachments."""

_STANDARD = frozenset(
    value
    for group in vars(constants).values()
    if isinstance(group, type)
    for value in vars(group).values()
    if isinstance(value, str) and value.startswith("/")
)
"""Names of the format itself. Whoever makes a document chooses others as they like, such as those of its fonts."""

_REMARKS = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/Popup", "/IRT", "/RT", "/RC", "/State", "/StateModel")
_WEB = ("http://", "https://", "mailto:")
_HEADER = re.compile(r"%PDF-[12]\.\d")
READS_FOR = 2.0
"""Seconds for reading the text, in which names are looked for."""


def cleaned_pdf(data: bytes, seen: Seen) -> bytes:
    """The document without what names people; its texts go into `seen`. Raises Uncleanable."""
    try:
        reader = PdfReader(BytesIO(data), strict=False)
    except (DependencyError, FileNotDecryptedError) as e:
        raise Uncleanable("locked") from e
    if reader.is_encrypted:
        raise Uncleanable("locked")
    root = reader.root_object
    _refuse(root)
    _attached(root)
    for key, found in _dictionaries(root):
        _strip(found, seen)
        if isinstance(found, StreamObject):
            _stream(key, found, seen)
    for name in ("/Info", "/ID"):
        reader.trailer.pop(name, None)
    # Only what can still be reached is copied.
    writer = PdfWriter(clone_from=reader)
    if _HEADER.fullmatch(reader.pdf_header):
        writer.pdf_header = reader.pdf_header
    writer.metadata = None
    out = BytesIO()
    writer.write(out)
    _read(reader, seen)
    return out.getvalue()


def _refuse(root: DictionaryObject) -> None:
    if "/Collection" in root:
        raise Uncleanable("embedded")
    if "/Perms" in root or "/DSS" in root:
        raise Uncleanable("signed")
    form = root.get("/AcroForm")
    if isinstance(form := _value(form), DictionaryObject) and "/XFA" in form:
        raise Uncleanable("unknown")


def _attached(root: DictionaryObject) -> None:
    names = _value(root.get("/Names"))
    if isinstance(names, DictionaryObject):
        for name in [name for name in names if name != "/Dests"]:
            del names[name]


def _value(found: object) -> object:
    return found.get_object() if isinstance(found, PdfObject) else found


def _dictionaries(root: PdfObject) -> Iterator[tuple[str, DictionaryObject]]:
    """Everything that hangs on an object, each once, with the key under which it stands; what is taken out of one on
    the way is not followed."""
    waiting: list[tuple[str, object]] = [("", root)]
    known: set[tuple[int, int]] = set()
    while waiting:
        key, one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in known:
                continue
            known.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, ArrayObject):
            _profile(one)
            first = _value(one[0]) if one else None
            space = first if isinstance(first, NameObject) and first in _WITH_FIGURES else key
            waiting.extend((space, value) for value in one)
        elif isinstance(one, DictionaryObject):
            yield key, one
            # The streams of a glyph are named by its font, and stand below it.
            within = key == "/CharProcs"
            waiting.extend((key if within else str(name), value) for name, value in one.items())


def _strip(found: DictionaryObject, seen: Seen) -> None:
    if found.get("/Type") == "/Sig" or "/ByteRange" in found:
        raise Uncleanable("signed")
    for name in GONE:
        found.pop(name, None)
    for name in [n for n, value in found.items() if _is_file(_value(value))]:
        del found[name]
    _act(found, seen)
    if isinstance(annotations := _value(found.get("/Annots")), ArrayObject):
        annotations[:] = [one for one in annotations if _is_shown(_value(one))]
    for name in [n for n in found if n.startswith(_SAID_BY)]:
        del found[name]
    if found.get("/Type") == "/OCG":
        found[NameObject("/Name")] = TextStringObject("Layer")
        if isinstance(usage := _value(found.get("/Usage")), DictionaryObject):
            usage.pop("/User", None)
    seen.add(*(str(name)[1:] for name in found if name not in _STANDARD))
    for value in found.values():
        seen.add(*(_words(one) for one in (value if isinstance(value, ArrayObject) else [value])))


def _words(value: object) -> str:
    if isinstance(value, ByteStringObject):
        return bytes(value).decode("latin-1")
    if isinstance(value, NameObject):
        return "" if value in _STANDARD else str(value)[1:]
    return str(value) if isinstance(value, TextStringObject) else ""


def _is_file(value: object) -> bool:
    """Whether it leads to a file, in the document or on somebody's computer."""
    return isinstance(value, DictionaryObject) and (
        value.get("/Type") in ("/Filespec", "/F", "/EmbeddedFile") or "/EF" in value
    )


def _act(found: DictionaryObject, seen: Seen) -> None:
    """Leaves links to the web and within the document."""
    action = _value(found.get("/A"))
    if not isinstance(action, DictionaryObject) or "/S" not in action:
        return
    action.pop("/Next", None)
    kind, address = str(action["/S"]), str(_value(action.get("/URI", "")))
    if kind == "/URI" and address.lower().startswith(_WEB):
        seen.add(address)
    elif kind not in ("/GoTo", "/Named"):
        del found["/A"]


def _is_shown(annotation: object) -> bool:
    if not isinstance(annotation, DictionaryObject) or annotation.get("/Subtype") not in SHOWN:
        return False
    kind = str(annotation["/Subtype"])
    names = ("/M", "/NM") if kind == "/Widget" else _REMARKS
    for name in (*names, *(() if kind in ("/Widget", "/FreeText") else ("/Contents",))):
        annotation.pop(name, None)
    return True


# Streams

_FONTS = frozenset(
    ["/FontFile", "/FontFile2", "/FontFile3", "/ToUnicode", "/CIDToGIDMap", "/Encoding", "/CIDSet", "/UseCMap"]
)
"""What a font is made of."""

_WITH_FIGURES = frozenset(["/ICCBased", "/Indexed", "/JBIG2Globals"])
_OF_FIGURES = frozenset(["/FunctionType", "/ShadingType", "/HalftoneType"])
_MARK = re.compile(r"[()\\%]|(?<![^\s])ID(?=\s)", re.ASCII)
_END_OF_PICTURE = re.compile(r"\sEI(?=\s|$)", re.ASCII)
_NAME = re.compile(r"/[^\s/%()<>\[\]{}]{2,127}")
_SPELT = re.compile("#([0-9A-Fa-f]{2})")
_END_OF_LINE = re.compile(r"[\r\n]|$")
_IN_FIGURES = re.compile(r"<(?:FEFF|feff)([0-9A-Fa-f\s]{4,4000})>", re.ASCII)


def _stream(key: str, stream: StreamObject, seen: Seen) -> None:
    """A picture and what is drawn is cleaned, a font is looked into, figures are kept, and nothing else is known."""
    if stream.get("/Subtype") == "/Image" or key == "/Alternates":
        _picture(stream)
    elif key in ("/Contents", "/CharProcs") or stream.get("/Subtype") == "/Form" or stream.get("/PatternType") == 1:
        _drawing(stream, seen)
    elif key in _FONTS:
        seen.add(*words_of(stream.get_data()))
    elif key not in _WITH_FIGURES and not _OF_FIGURES & set(stream):
        raise Uncleanable("unknown")


def _drawing(stream: StreamObject, seen: Seen) -> None:
    """Without the remarks of whoever made the program that draws."""
    data = stream.get_data().decode("latin-1")
    if "/ActualText" in data or "/Alt" in data or "/E " in data:
        seen.add(data, *(_hex(found) for found in _IN_FIGURES.findall(data)))
    seen.add(*(_SPELT.sub(_letter, name)[1:] for name in set(_NAME.findall(data)) - _STANDARD))
    made = _without_remarks(data)
    if made != data:
        stream._data = zlib.compress(made.encode("latin-1"))
        stream[NameObject("/Filter")] = NameObject("/FlateDecode")
        stream.pop("/DecodeParms", None)


def _letter(spelt: re.Match[str]) -> str:
    return chr(int(spelt[1], 16))


def _hex(digits: str) -> str:
    plain = "".join(digits.split())
    return bytes.fromhex(plain[: len(plain) // 4 * 4]).decode("utf-16-be", "replace")


def _without_remarks(data: str) -> str:
    """What stands from '%' to the end of a line, outside of strings and of pictures."""
    if "%" not in data:
        return data
    out, begin, at, depth = list[str](), 0, 0, 0
    while (found := _MARK.search(data, at)) is not None:
        at, mark = found.end(), found.group()
        if mark == "\\":
            at += 1 if depth else 0
        elif mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif depth:
            continue
        elif mark == "ID":
            end = _END_OF_PICTURE.search(data, at)
            at = end.end() if end else len(data)
        else:
            end = _END_OF_LINE.search(data, at)
            out.append(data[begin : found.start()])
            begin = at = end.start() if end else len(data)
    return "".join([*out, data[begin:]])


# Pictures and colours


def _listed(value: object) -> list[object]:
    value = _value(value)
    return [] if value is None else [_value(one) for one in value] if isinstance(value, ArrayObject) else [value]


def _picture(stream: StreamObject) -> None:
    filters = _listed(stream.get("/Filter"))
    if "/JPXDecode" in filters:
        raise Uncleanable("picture")
    if not filters or filters[-1] != "/DCTDecode":
        _cut(stream, filters)
        return
    settings, data = _listed(stream.get("/DecodeParms")), stream._data
    if len(filters) > 1:
        packed = EncodedStreamObject()
        packed._data = data
        packed[NameObject("/Filter")] = ArrayObject(NameObject(str(name)) for name in filters[:-1])
        if len(settings) == len(filters):
            packed[NameObject("/DecodeParms")] = ArrayObject(one for one in settings[:-1] if isinstance(one, PdfObject))
        data = decode_stream_data(packed)
    if not isinstance(data, bytes):
        raise Uncleanable("broken")
    stream._data = cleaned_jpeg(data)
    stream[NameObject("/Filter")] = NameObject("/DCTDecode")
    stream.pop("/DecodeParms", None)
    if len(settings) == len(filters) and isinstance(settings[-1], DictionaryObject):
        stream[NameObject("/DecodeParms")] = settings[-1]


_OF_SCANS = frozenset(["/CCITTFaxDecode", "/CCF", "/JBIG2Decode"])
_COLOURS = {"/DeviceGray": 1, "/CalGray": 1, "/Indexed": 1, "/Separation": 1, "/DeviceRGB": 3, "/CalRGB": 3, "/Lab": 3}
_COLOURS |= {"/DeviceCMYK": 4}


def _cut(stream: StreamObject, filters: list[object]) -> None:
    """What stands behind a picture is drawn by nobody."""
    if filters and filters[-1] in _OF_SCANS:
        return
    width, height, depth = (_value(stream.get(name, 8)) for name in ("/Width", "/Height", "/BitsPerComponent"))
    masks = _value(stream.get("/ImageMask")) == True  # noqa: E712
    colours = 1 if masks else _colours(stream.get("/ColorSpace"))
    if not (isinstance(width, int) and isinstance(height, int) and isinstance(depth, int) and colours):
        raise Uncleanable("picture")
    row = -(-width * colours * (1 if masks else depth) // 8)
    if filters in (["/FlateDecode"], ["/Fl"]):
        settings = [s for s in _listed(stream.get("/DecodeParms")) if isinstance(s, DictionaryObject)]
        predictor = _value(settings[0].get("/Predictor")) if settings else 1
        stream._data = repacked(stream._data, height * (row + (isinstance(predictor, int) and predictor >= 10)))
        return
    stream._data = zlib.compress(stream.get_data()[: height * row])
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    stream.pop("/DecodeParms", None)


def _colours(space: object) -> int:
    """How many figures each point has; 0 if that is not known."""
    found = _listed(space)
    kind = str(found[0]) if found else ""
    if kind == "/ICCBased" and isinstance(profile := found[1], DictionaryObject):
        number = _value(profile.get("/N"))
        return number if isinstance(number, int) else 0
    if kind == "/DeviceN":
        return len(_listed(found[1]))
    return _COLOURS.get(kind, 0)


_PLAIN = {1: "/DeviceGray", 3: "/DeviceRGB", 4: "/DeviceCMYK"}


def _profile(space: ArrayObject) -> None:
    """A colour profile often has the name of somebody's screen."""
    if len(space) != 2 or _value(space[0]) != "/ICCBased":
        return
    profile = _value(space[1])
    if not isinstance(profile, StreamObject):
        return
    number = _value(profile.get("/N"))
    made = cleaned_profile(profile.get_data())
    if made is None and isinstance(number, int) and number in _PLAIN:
        space[:] = [NameObject(_PLAIN[number])]
    elif made is None:
        raise Uncleanable("unknown")
    else:
        profile._data = made
        for name in ("/Filter", "/DecodeParms"):
            profile.pop(name, None)


def _read(reader: PdfReader, seen: Seen) -> None:
    until = monotonic() + READS_FOR
    for page in reader.pages:
        if monotonic() > until:
            raise Uncleanable("slow")
        try:
            seen.add_read(page.extract_text())
        except Exception as e:
            # It is still drawn, and nobody knows whose name it shows.
            raise Uncleanable("unknown") from e
