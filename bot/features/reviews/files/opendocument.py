"""Texts of LibreOffice and its kin (OpenDocument)."""

import posixpath
from collections.abc import Mapping

from lxml import etree

from bot.features.reviews.files.pictures import JPEG, PNG, cleaned_picture
from bot.features.reviews.files.reading import (
    drop,
    elements,
    local,
    namespaces,
    pack,
    parse,
    unpack,
    written,
)
from bot.features.reviews.files.refusing import Budget, Seen, Uncleanable

TEXT = b"application/vnd.oasis.opendocument.text"

_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_MANIFEST = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_DRAW_NAME = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}name"

LEFT = ("Thumbnails/", "Configurations2/", "META-INF/manifest.xml", "layout-cache", "manifest.rdf", "meta.xml")
READ = ("content.xml", "styles.xml", "settings.xml")

_GONE = (
    "annotation annotation-end tracked-changes change change-start change-end creator initial-creator printed-by "
    "date creator-initials editing-cycles scripts event-listeners dde-source dde-connection-decls change-info"
)
GONE = frozenset(_GONE.split())
"""Comments, changes (what was put in stands in the text itself) and what says who did it."""

_EMPTIED = (
    "author-name author-initials sender-firstname sender-lastname sender-initials sender-title sender-position "
    "sender-email sender-phone-private sender-fax sender-company sender-phone-work sender-street sender-city "
    "sender-postal-code sender-country sender-state-or-province file-name template-name user-defined user-field-get"
)
EMPTIED = frozenset(_EMPTIED.split())
"""Fields that show who wrote it, or what its file is called."""

EMBEDDED = frozenset(["object", "object-ole", "plugin", "applet", "floating-frame"])
_FIELD = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def cleaned_text(data: bytes, seen: Seen, budget: Budget) -> bytes:
    """The document without what names people; its remaining texts go into `seen`. Raises Uncleanable."""
    parts = unpack(data, budget)
    if parts.get("mimetype", b"").strip() != TEXT or "content.xml" not in parts:
        raise Uncleanable("broken")
    if b"encryption-data" in parts.get("META-INF/manifest.xml", b""):
        raise Uncleanable("locked")
    pictures = _pictures(parts)
    made = {"mimetype": TEXT}
    for name, part in parts.items():
        if name in READ:
            made[name] = _xml(name, part, {was: new for was, (new, _) in pictures.items()}, seen)
        elif not (name == "mimetype" or name in pictures or name.startswith(LEFT)):
            _refuse(name)
    made |= dict(pictures.values())
    meta = etree.Element(f"{{{_OFFICE}}}document-meta", nsmap={"office": _OFFICE})
    meta.set(f"{{{_OFFICE}}}version", "1.2")
    etree.SubElement(meta, f"{{{_OFFICE}}}meta")
    made["meta.xml"] = written(meta)
    made["META-INF/manifest.xml"] = _manifest(made)
    return pack(made, stored=frozenset(["mimetype"]))


def _refuse(name: str) -> None:
    if name.startswith(("Basic/", "Scripts/", "Dialogs/")):
        raise Uncleanable("macros")
    if name.startswith("META-INF/") and "signatures" in name:
        raise Uncleanable("signed")
    raise Uncleanable("embedded" if name.startswith("Object") else "unknown")


def _pictures(parts: Mapping[str, bytes]) -> dict[str, tuple[str, bytes]]:
    """Name -> (neutral name, the picture)."""
    found: dict[str, tuple[str, bytes]] = {}
    for name, part in parts.items():
        if name.startswith("Pictures/"):
            if not part.startswith((JPEG, PNG)):
                raise Uncleanable("picture")
            new = f"Pictures/part{len(found)}.{name.rpartition('.')[2]}"
            found[name] = new, cleaned_picture(part)
    return found


def _xml(name: str, data: bytes, pictures: Mapping[str, str], seen: Seen) -> bytes:
    root = parse(data)
    for element in elements(root):
        kind = local(element.tag)
        if kind in EMBEDDED:
            raise Uncleanable("embedded")
        if kind in GONE and not (kind == "date" and str(element.tag).startswith(_FIELD)):
            drop(element)
        elif kind in EMPTIED:
            for inner in list(element):
                element.remove(inner)
            element.text = ""
        elif kind == "user-field-decl":
            for name in [n for n in element.attrib if local(n).endswith("value") or local(n) == "formula"]:
                element.attrib[name] = ""
        elif kind == "config-item" and not _is_harmless(element):
            drop(element)
        _attributes(element, pictures)
    if name == "settings.xml":
        return written(root)
    for element in root.iter():
        if local(element.tag) in ("p", "h"):
            seen.add_read("".join(element.itertext()))
    # Anybody may choose what attributes and namespaces say: names of fonts, marks of lists, words of forms.
    said = {str(value) for value in root.xpath("//@*[number(.) != number(.)]")}
    made = written(root)
    seen.add("\n".join(root.itertext()), *said, *namespaces(made))
    return made


def _is_harmless(item: etree._Element) -> bool:
    """Whether a setting is a switch or a figure. Others name printers and places, or join versions of a document."""
    kinds = {local(name): value for name, value in item.attrib.items()}
    return kinds.get("type") in ("boolean", "int", "short", "long", "double") and "rsid" not in kinds["name"].lower()


def _attributes(element: etree._Element, pictures: Mapping[str, str]) -> None:
    for name in [n for n in element.attrib if "rsid" in local(n)]:
        del element.attrib[name]
    target = element.get(_XLINK)
    if target is not None:
        inside = posixpath.normpath(target)
        if inside in pictures:
            element.set(_XLINK, pictures[inside])
        elif not target.lower().startswith(("http://", "https://", "mailto:", "#")):
            del element.attrib[_XLINK]
    if local(element.tag) == "frame" and element.get(_DRAW_NAME):
        # Often the name of the file that it was; what it must be is unlike all others.
        element.attrib.pop(_DRAW_NAME)


def _manifest(parts: Mapping[str, bytes]) -> bytes:
    root = etree.Element(f"{{{_MANIFEST}}}manifest", nsmap={"manifest": _MANIFEST})
    root.set(f"{{{_MANIFEST}}}version", "1.2")
    types = {"xml": "text/xml", "png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg"}
    for name in ("/", *(n for n in parts if n not in ("mimetype", "META-INF/manifest.xml"))):
        one = etree.SubElement(root, f"{{{_MANIFEST}}}file-entry")
        one.set(f"{{{_MANIFEST}}}full-path", name)
        kind = TEXT.decode() if name == "/" else types.get(name.rpartition(".")[2].lower(), "")
        one.set(f"{{{_MANIFEST}}}media-type", kind)
    return written(root)
