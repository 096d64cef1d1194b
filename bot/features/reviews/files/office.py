"""Documents of Word, Excel and PowerPoint (Office Open XML).

The parts are walked from the document on along their relationships: what is known and tells nothing of anybody is
kept, what may name somebody is left behind with all that hangs on it, and anything else is not cleaned.
"""

import posixpath
import re
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from lxml import etree

from bot.features.reviews.files import sheets, slides, word
from bot.features.reviews.files.pictures import JPEG, PNG, cleaned_picture
from bot.features.reviews.files.reading import (
    KNOWN,
    drop,
    elements,
    local,
    lost,
    namespaces,
    pack,
    parse,
    unpack,
    written,
)
from bot.features.reviews.files.refusing import Budget, Seen, Uncleanable, Why

MAIN = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml",
}
"""Ending -> the type of the main part. Those of templates and of macros are others."""

_KEPT = (
    "officeDocument styles stylesWithEffects settings webSettings fontTable theme themeOverride numbering "
    "header footer footnotes endnotes image hyperlink chart chartUserShapes chartStyle chartColorStyle "
    "diagramData diagramLayout diagramQuickStyle diagramColors diagramDrawing drawing vmlDrawing worksheet "
    "chartsheet sharedStrings calcChain sheetMetadata table pivotTable pivotCacheDefinition pivotCacheRecords "
    "slide slideLayout slideMaster notesMaster notesSlide handoutMaster presProps viewProps tableStyles package"
)
KEPT = frozenset(_KEPT.split())
"""The kinds of relationships that are followed."""

_LEFT = (
    "core-properties extended-properties custom-properties thumbnail comments commentsExtended commentsIds "
    "commentsExtensible people person threadedComment commentAuthors authors printerSettings attachedTemplate "
    "customXml customXmlProps customProperty keyMapCustomizations glossaryDocument revisionHeaders revisionLog "
    "usernames tags changesInfo revisionInfo classificationlabels extensibility ui webextensiontaskpanes "
    "documenttasks recipientData slideUpdateInfo font"
)
LEFT = frozenset(_LEFT.split())
"""The kinds that are left behind."""

REFUSED: Mapping[str, Why] = {
    "vbaProject": "macros",
    "wordVbaData": "macros",
    "attachedToolbars": "macros",
    "xlMacrosheet": "macros",
    "xlIntlMacrosheet": "macros",
    "activeXControl": "macros",
    "activeXControlBinary": "macros",
    "control": "macros",
    "ctrlProp": "macros",
    "oleObject": "embedded",
    "aFChunk": "embedded",
    "subDocument": "embedded",
    "video": "embedded",
    "audio": "embedded",
    "media": "embedded",
    "origin": "signed",
}

DEEPEST = 1
"""Workbooks within a document, as behind its charts, and nothing in these."""

_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_STRICT = "http://purl.oclc.org/ooxml"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WEB = ("http://", "https://", "mailto:")


@dataclass
class Package:
    """The parts that are read, and those that are written with their types."""

    parts: Mapping[str, bytes]
    seen: Seen
    budget: Budget
    depth: int
    types: "Types"
    names: dict[str, str] = field(default_factory=dict)
    made: dict[str, bytes] = field(default_factory=dict)


class Types:
    """The content types of the parts, from `[Content_Types].xml`."""

    def __init__(self, data: bytes) -> None:
        self._of: dict[str, str] = {}
        for element in parse(data):
            name = element.get("Extension") or element.get("PartName", "").lstrip("/")
            key = f".{name.lower()}" if local(element.tag) == "Default" else name.lower()
            self._of[key] = element.get("ContentType", "")

    def of(self, part: str) -> str:
        """The type of a part, or else that of its ending; '' if neither is there."""
        ending = f".{part.rpartition('.')[2].lower()}"
        return self._of.get(part.lower(), self._of.get(ending, ""))

    @property
    def all(self) -> list[str]:
        return list(self._of.values())


def cleaned_office(ending: str, data: bytes, seen: Seen, budget: Budget, depth: int = 0) -> bytes:
    """The document without what names people; its remaining texts go into `seen`. Raises Uncleanable."""
    parts = unpack(data, budget)
    if "[Content_Types].xml" not in parts:
        raise Uncleanable("broken")
    types = Types(parts["[Content_Types].xml"])
    if any("macro" in name.lower() or "vba" in name.lower() for name in types.all):
        raise Uncleanable("macros")
    package = Package(parts, seen, budget, depth, types)
    made, mains = _walk(package)
    if len(mains) != 1 or types.of(mains[0]) != MAIN[ending]:
        raise Uncleanable("broken")
    return pack({"[Content_Types].xml": _types(package), **made})


@dataclass
class Relations:
    """The relationships of a part: `kept` as (id, kind, type, target, outside), `gone` by their ids."""

    kept: list[tuple[str, str, str, str, bool]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)


def _walk(package: Package) -> tuple[dict[str, bytes], list[str]]:
    """Cleans every part that can be reached; also the main parts."""
    waiting, known, found = deque([""]), {""}, dict[str, Relations]()
    while waiting:
        source = waiting.popleft()
        relations = found[source] = _relations(package, source)
        for _, kind, _, target, is_outside in relations.kept:
            if not is_outside and target not in known:
                known.add(target)
                package.seen.add(target if kind not in NEUTRAL else "")
                waiting.append(target)
                package.names[target] = _neutral(target, kind, len(package.names))
    for source, relations in found.items():
        if source:
            package.made[package.names[source]] = _part(package, source, relations)
        if relations.kept:
            package.made[_beside(package.names.get(source, ""))] = _written(package, source, relations)
    mains = [target for _, kind, _, target, _ in found[""].kept if kind == "officeDocument"]
    return package.made, mains


NEUTRAL = ("image", "package")


def _neutral(part: str, kind: str, number: int) -> str:
    """Pictures and the like often have the name of the file that they were."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, f"part{number}.{name.rpartition('.')[2]}") if kind in NEUTRAL else part


def _beside(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations(package: Package, source: str) -> Relations:
    found = Relations()
    data = package.parts.get(_beside(source))
    if data is None:
        return found
    comments = False
    for element in parse(data):
        id, type, written_target = element.get("Id", ""), element.get("Type", ""), element.get("Target", "")
        kind = type.rpartition("/")[2]
        if type.startswith(_STRICT):
            raise Uncleanable("unknown")
        comments = comments or kind == "comments"
        if why := REFUSED.get(kind):
            raise Uncleanable(why)
        package.seen.add(id, type if not type.startswith(KNOWN) else "")
        if element.get("TargetMode") == "External":
            if kind == "hyperlink" and written_target.lower().startswith(_WEB):
                package.seen.add(unquote(written_target))
                found.kept.append((id, kind, type, written_target, True))
            else:
                found.gone.add(id)
            continue
        target = _resolved(source, written_target)
        if kind in LEFT or target not in package.parts:
            found.gone.add(id)
        elif kind in KEPT:
            found.kept.append((id, kind, type, target, False))
        else:
            raise Uncleanable("unknown")
    if comments and package.types.of(source).endswith("worksheet+xml"):
        _leave_notes(package, source, found)
    return found


def _leave_notes(package: Package, sheet: str, found: Relations) -> None:
    """The boxes in which the comments of a sheet are drawn."""
    boxes = {e.get(f"{{{_R}}}id") for e in parse(package.parts[sheet]) if local(e.tag) == "legacyDrawing"}
    found.gone |= {id for id, *_ in found.kept if id in boxes}
    found.kept = [one for one in found.kept if one[0] not in boxes]


def _resolved(source: str, target: str) -> str:
    path = unquote(target.partition("#")[0])
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(source), path)).lstrip("/")


def _written(package: Package, source: str, relations: Relations) -> bytes:
    root = etree.Element(f"{{{_RELATIONSHIPS}}}Relationships", nsmap={None: _RELATIONSHIPS})
    folder = posixpath.dirname(source)
    for id, _, type, target, is_outside in relations.kept:
        place = target if is_outside else posixpath.relpath(package.names[target], folder or ".")
        one = etree.SubElement(root, f"{{{_RELATIONSHIPS}}}Relationship", Id=id, Type=type, Target=place)
        if is_outside:
            one.set("TargetMode", "External")
    return written(root)


def _types(package: Package) -> bytes:
    root = etree.Element(f"{{{_TYPES}}}Types", nsmap={None: _TYPES})
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    etree.SubElement(root, f"{{{_TYPES}}}Default", Extension="rels", ContentType=rels)
    etree.SubElement(root, f"{{{_TYPES}}}Default", Extension="xml", ContentType="application/xml")
    for was, name in package.names.items():
        etree.SubElement(root, f"{{{_TYPES}}}Override", PartName=f"/{name}", ContentType=package.types.of(was))
    return written(root)


# One part


def _part(package: Package, name: str, relations: Relations) -> bytes:
    data, type = package.parts[name], package.types.of(name)
    if type.endswith(("+xml", "/xml", "vmlDrawing")) and not type.startswith("image/"):
        return _xml(package, data, relations)
    if data.startswith((JPEG, PNG)):
        return cleaned_picture(data)
    if type.startswith("image/"):
        raise Uncleanable("picture")
    if type.endswith("spreadsheetml.sheet") and package.depth < DEEPEST:
        return cleaned_office("xlsx", data, package.seen, package.budget, package.depth + 1)
    raise Uncleanable("embedded")


_REFERRING = etree.XPath("//*[@*[namespace-uri() = $office or local-name() = 'relid']]")


_OF_A_NAMESPACE = etree.XPath("//*[@*[namespace-uri() != '']]")


def _known_only(root: etree._Element) -> None:
    """Takes away what other programs wrote beside the attributes that an office knows."""
    for element in _OF_A_NAMESPACE(root):
        for name in [str(n) for n in element.attrib if str(n).startswith("{") and not str(n)[1:].startswith(KNOWN)]:
            del element.attrib[name]


def _refers(name: object) -> bool:
    """Whether it names a relationship."""
    return str(name).startswith(f"{{{_R}}}") or local(name) == "relid"


def _xml(package: Package, data: bytes, relations: Relations) -> bytes:
    root = parse(data)
    _known_only(root)
    for element in _REFERRING(root, office=_R) if relations.gone else ():
        lost(element, *(name for name, value in element.attrib.items() if value in relations.gone and _refers(name)))
    for element in elements(root, "{*}signatureline"):
        drop(element)
    for clean in (word.clean, sheets.clean, slides.clean):
        clean(root)
    for element in elements(root, "{*}cNvPr", "{*}docPr"):
        _unnamed(element)
    return _read(root, package.seen)


_FILE_ENDINGS = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".svg", ".emf", ".wmf", ".webp", ".heic")


def _unnamed(element: etree._Element) -> None:
    """A picture has the name of the file that it was, and sometimes the whole path as its description."""
    name, said = element.get("name", ""), element.get("descr", "")
    parent = element.getparent()
    is_picture = parent is not None and local(parent.tag) in ("nvPicPr", "inline", "anchor")
    if is_picture or name.lower().endswith(_FILE_ENDINGS):
        element.set("name", f"Picture {element.get('id', '')}")
    if "\\" in said or said.lower().endswith(_FILE_ENDINGS):
        element.attrib.pop("descr")


_CELL = "self::*[local-name() = 'c' or local-name() = 'row'][@r]"
_SAID = etree.XPath(f"//*[not({_CELL})]/@*[number(.) != number(.) and local-name() != 'script']")
"""All attributes but figures, the places of cells, of which there are many, and scripts: 'Hans' is Chinese."""

_CHOSEN = frozenset(["name", "displayName", "title", "descr", "alt", "id", "uri", "tag"])

_HEX = "[0-9A-Fa-f]"
_FIXED = re.compile(
    rf"(?=.*\d)(?:{_HEX}{{6}}|{_HEX}{{8}}|\{{?{_HEX}{{8}}(?:-{_HEX}{{4}}){{3}}-{_HEX}{{12}}\}}?)"
    r"|minMax|autoZero|PivotStyle\w+"
)
"""Colours and numbers that are written with letters, and words of the format with a name in them."""


def _read(root: etree._Element, seen: Seen) -> bytes:
    """Writes a part, and notes what can be read in it: its text, again with each paragraph and cell as a text of its
    own, and all that its attributes and namespaces say: names of fonts, marks of lists, filters, words that shapes
    draw. Anybody may choose these."""
    seen.add("\n".join(root.itertext()))
    for element in elements(root, "{*}p", "{*}si", "{*}is"):
        seen.add_read("".join(element.itertext()))
    said = {str(v) for v in _SAID(root) if local(v.attrname) in _CHOSEN or not _FIXED.fullmatch(v)}
    made = written(root)
    seen.add(*said, *namespaces(made))
    return made
