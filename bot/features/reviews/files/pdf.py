"""PDF: the pages are kept, with links and forms. Who made the document, what others remarked in it and what is attached
to it goes."""

import re
from collections.abc import Iterator
from io import BytesIO
from time import monotonic

from pypdf import PdfReader, PdfWriter
from pypdf.errors import DependencyError, FileNotDecryptedError
from pypdf.filters import decode_stream_data
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    IndirectObject,
    NameObject,
    PdfObject,
    StreamObject,
    TextStringObject,
)

from bot.features.reviews.files.colours import cleaned_profile
from bot.features.reviews.files.pictures import cleaned_jpeg
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

_SHOWN = (
    "Link Widget FreeText Line Square Circle Polygon PolyLine Highlight Underline Squiggly StrikeOut Stamp Ink "
    "Caret Watermark PrinterMark TrapNet"
)
SHOWN = frozenset(f"/{name}" for name in _SHOWN.split())
"""The annotations that are drawn on the page. The others are remarks, recordings and attachments."""

_REMARKS = ("/T", "/M", "/CreationDate", "/NM", "/Subj", "/Popup", "/IRT", "/RT", "/RC", "/State", "/StateModel")
_WEB = ("http://", "https://", "mailto:")
_HEADER = re.compile(r"%PDF-[12]\.\d")
READS_FOR = 2.0
"""Seconds for finding names in the text. What is not read by then is not looked at."""


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
    for found in _dictionaries(root):
        _strip(found, seen)
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


def _dictionaries(root: PdfObject) -> Iterator[DictionaryObject]:
    """Everything that hangs on an object, each once; what is taken out of one on the way is not followed."""
    waiting: list[object] = [root]
    known: set[tuple[int, int]] = set()
    while waiting:
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (one.idnum, one.generation) in known:
                continue
            known.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, ArrayObject):
            _profile(one)
            waiting.extend(one)
        elif isinstance(one, DictionaryObject):
            yield one
            waiting.extend(one.values())


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
    if isinstance(found, StreamObject):
        _picture(found)
    for value in found.values():
        if isinstance(value, TextStringObject):
            seen.add(str(value))


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


# Pictures and colours


def _listed(value: object) -> list[object]:
    value = _value(value)
    return [] if value is None else [_value(one) for one in value] if isinstance(value, ArrayObject) else [value]


def _picture(stream: StreamObject) -> None:
    filters = _listed(stream.get("/Filter"))
    if "/JPXDecode" in filters:
        raise Uncleanable("picture")
    if not filters or filters[-1] != "/DCTDecode":
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
            return
        try:
            seen.add(page.extract_text())
        except Exception:
            # What cannot be read as text is still drawn; it is only not searched.
            continue
