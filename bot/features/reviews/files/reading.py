"""Reads archives and XML of unknown origin within bounds."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO

from lxml import etree

from bot.features.reviews.files.refusing import Budget, Uncleanable

_ENCRYPTED = 0x1
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NAME = re.compile(r"[^\x00-\x1f\\:*?\"<>|]{1,240}")


def unpack(data: bytes, budget: Budget) -> dict[str, bytes]:
    """The parts of an archive. Raises Uncleanable."""
    if data.startswith(_OLD_OFFICE):
        # What an office encrypts, or an older format under a newer ending.
        raise Uncleanable("locked")
    parts: dict[str, bytes] = {}
    seen: set[str] = set()
    with zipfile.ZipFile(BytesIO(data)) as archive:
        for info in archive.infolist():
            name = info.filename
            if info.flag_bits & _ENCRYPTED:
                raise Uncleanable("locked")
            if not _NAME.fullmatch(name) or ".." in name.split("/") or name.startswith("/") or name.lower() in seen:
                raise Uncleanable("broken")
            budget.parts -= 1
            if budget.parts < 0:
                raise Uncleanable("large")
            seen.add(name.lower())
            if info.is_dir():
                continue
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise Uncleanable("unknown")
            is_xml = name.endswith((".xml", ".rels", ".vml"))
            left = min(budget.all, budget.xml) if is_xml else budget.all
            with archive.open(info) as part:
                parts[name] = part.read(left + 1)
            budget.spend(parts[name], is_xml)
    return parts


def pack(parts: Mapping[str, bytes], stored: frozenset[str] = frozenset()) -> bytes:
    """An archive without dates and remarks. `stored`: the parts that are not compressed."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


# XML


def parse(data: bytes) -> etree._Element:
    """The root of a document, without comments and processing instructions. Nothing outside it is ever read, no entity
    is resolved, and libxml2's bounds for depth and length hold. Raises Uncleanable."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(data, parser)
    if root.getroottree().docinfo.doctype or root.getroottree().docinfo.internalDTD is not None:
        raise Uncleanable("broken")
    return root


def written(root: etree._Element) -> bytes:
    """The document as UTF-8, with its declaration."""
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return made


KNOWN = (
    "http://schemas.openxmlformats.org/",
    "http://schemas.microsoft.com/",
    "http://purl.oclc.org/ooxml/",
    "http://purl.org/dc/",
    "http://www.w3.org/",
    "urn:schemas-microsoft-com:",
    "urn:oasis:names:tc:opendocument:",
)
"""Beginnings of the namespaces that office programs use."""

_NAMESPACE = re.compile(r'xmlns(?::[^="]{1,100})?="([^"]*)"')


def namespaces(document: bytes) -> set[str]:
    """The other namespaces of a document: whoever writes one may choose them."""
    found = set(_NAMESPACE.findall(document.decode(errors="replace")))
    return {uri for uri in found if not uri.startswith(KNOWN)}


def elements(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """The elements with these tags, else all, in order, of the tree as it was: it may be changed on the way. '{*}a' is
    'a' in any namespace. libxml2 looks for them, so a few in a large tree cost little."""
    return iter(list(root.iter(*(tags or ("{*}*",)))))


def local(name: object) -> str:
    """A tag or an attribute without its namespace."""
    return str(name).rpartition("}")[2]


def drop(element: etree._Element) -> None:
    """Takes an element out, and leaves the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + element.tail
        else:
            before.tail = (before.tail or "") + element.tail
    parent.remove(element)


def unwrap(element: etree._Element) -> None:
    """Puts the children of an element in its place."""
    if element.getparent() is not None:
        for child in list(element):
            element.addprevious(child)
        drop(element)


def lost(element: etree._Element, *names: str) -> None:
    """Takes attributes away; an element of which nothing remains goes as well."""
    for name in names:
        element.attrib.pop(name, None)
    if not element.attrib and not len(element) and not (element.text or "").strip():
        drop(element)
