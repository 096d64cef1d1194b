"""What Word writes into a text about those who wrote it: marks of changes and comments, fields, numbers of sessions."""

import re
from dataclasses import dataclass, field

from lxml import etree

from bot.features.reviews.files.reading import drop, elements, local, unwrap

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

_OFFICE = "{urn:schemas-microsoft-com:office:office}"

ACCEPTED = frozenset(f"{W}{name}" for name in ("ins", "moveTo"))
"""Marks of insertions: their content stays."""

_REJECTED = (
    "del moveFrom rPrChange pPrChange sectPrChange tblPrChange tblGridChange trPrChange tcPrChange tblPrExChange "
    "numberingChange moveFromRangeStart moveFromRangeEnd moveToRangeStart moveToRangeEnd customXmlInsRangeStart "
    "customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart "
    "customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd cellIns cellMerge "
    "commentRangeStart commentRangeEnd commentReference annotationRef permStart permEnd dataBinding rsids "
    "rsid docVars attachedTemplate mailMerge trackRevisions writeProtection saveThroughXslt docVar smartTagPr "
    "customXmlPr placeholder alias tag embedRegular embedBold embedItalic embedBoldItalic"
)
REJECTED = frozenset(f"{W}{name}" for name in _REJECTED.split())
"""Elements that are dropped with their content."""

_SESSIONS = "rsidR rsidRDefault rsidP rsidRPr rsidDel rsidTr rsidSect"
_ATTRIBUTES = (
    *(f"{W}{name}" for name in (*_SESSIONS.split(), "author", "date", "initials")),
    "{*}dateUtc",
    "{*}paraId",
    "{*}textId",
)
"""Who changed something, when, and in which session of work."""

TAGGED = frozenset(f"{W}{name}" for name in ("smartTag", "customXml"))
"""Marks that say what a text is, such as a person's name. Their content stays."""

_MARKS = (*ACCEPTED, *REJECTED, *TAGGED, f"{W}cellDel", f"{W}sdt", "{*}docId", "{*}imagedata")


def clean(root: etree._Element) -> None:
    """Cleans the XML of one part in place. Parts of other programs stay as they are."""
    if not str(root.tag).startswith(W):
        return
    _end_fields(root)
    etree.strip_attributes(root, *_ATTRIBUTES)
    for element in elements(root, *_MARKS):
        tag = element.tag
        if tag in (f"{W}del", f"{W}cellDel") and _with_what_it_marks(element):
            continue
        if tag == f"{W}sdt":
            _unbind(element)
        if tag in ACCEPTED or tag in TAGGED:
            unwrap(element)
        elif tag == f"{W}commentReference":
            run = element.getparent()
            drop(element)
            if run is not None and all(child.tag == f"{W}rPr" for child in run):
                drop(run)
        elif local(tag) == "imagedata":
            # The name of the file that it was.
            element.attrib.pop(f"{_OFFICE}title", None)
        elif tag in REJECTED or local(tag) == "docId":
            drop(element)


def _with_what_it_marks(mark: etree._Element) -> bool:
    """Whether a mark of deletion is about the row, cell or paragraph end around it. If so, that is removed here."""
    within = mark.getparent()
    if within is None or local(within.tag) not in ("rPr", "trPr", "tcPr"):
        return False
    whole = within.getparent()
    drop(mark)
    if whole is None:
        return True
    if whole.tag == f"{W}pPr":
        _join(whole.getparent())
    elif local(within.tag) == "trPr":
        drop(whole)
    elif local(within.tag) == "tcPr":
        row = whole.getparent()
        drop(whole)
        if row is not None and not any(child.tag == f"{W}tc" for child in row):
            drop(row)
    return True


def _join(paragraph: etree._Element | None) -> None:
    """Moves the content of a paragraph to the beginning of the next one."""
    if paragraph is None:
        return
    following = paragraph.getnext()
    if following is None or following.tag != f"{W}p" or paragraph.tag != f"{W}p":
        return
    first = len(following) and following[0].tag == f"{W}pPr"
    for place, child in enumerate([c for c in paragraph if c.tag != f"{W}pPr"], int(first)):
        following.insert(place, child)
    drop(paragraph)


# Fields

_NAMING = "AUTHOR LASTSAVEDBY USERNAME USERINITIALS USERADDRESS FILENAME TEMPLATE"
NAMING = frozenset(_NAMING.split())
"""Fields that show who wrote the document, or what its file is called."""

PROPERTIES = frozenset(["AUTHOR", "LASTAUTHOR", "LASTSAVEDBY", "MANAGER", "COMPANY", "CREATOR", "LASTMODIFIEDBY"])
"""Document properties that say the same, for fields that show a property."""

_LOCAL = re.compile(r"(?<![^\s\"'])(?:file:|[A-Za-z]:[\\/]|\\\\|/(?:home|Users)/)[^\"]*", re.IGNORECASE)
"""A path on a computer, up to the end of the argument."""

_BOUND = re.compile(r"creator|lastModifiedBy|Manager|Company", re.IGNORECASE)


def is_naming(instruction: str) -> bool:
    """Whether a field with this instruction shows who wrote the document, or what its file is called."""
    words = [word.strip('"').upper() for word in instruction.split()]
    if not words:
        return False
    of_property = words[0] in ("DOCPROPERTY", "INFO", "DOCVARIABLE") and any(w in PROPERTIES for w in words[1:3])
    return words[0] in NAMING or of_property


@dataclass
class _Field:
    """A field whose end has not come yet. `pieces`: the elements that make up its instruction."""

    pieces: list[etree._Element] = field(default_factory=list)
    is_shown: bool = False
    is_naming: bool = False


def _end_fields(root: etree._Element) -> None:
    """Empties fields that name people, and takes paths on a computer out of the others."""
    open_ones: list[_Field] = []
    for element in elements(
        root, *(f"{W}{name}" for name in ("fldSimple", "fldChar", "instrText", "delInstrText", "t"))
    ):
        if element.tag == f"{W}fldSimple":
            _empty_simple(element)
        elif element.tag == f"{W}fldChar":
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                open_ones.append(_Field())
            elif kind == "separate" and open_ones:
                _settle(open_ones[-1])
                open_ones[-1].is_shown = True
            elif kind == "end" and open_ones:
                _settle(open_ones.pop())
        elif element.tag in (f"{W}instrText", f"{W}delInstrText") and open_ones:
            open_ones[-1].pieces.append(element)
        elif element.tag == f"{W}t" and any(one.is_naming and one.is_shown for one in open_ones):
            element.text = ""


def _settle(one: _Field) -> None:
    instruction = "".join(piece.text or "" for piece in one.pieces)
    one.is_naming = is_naming(instruction)
    wanted = _shortened(instruction)
    if one.pieces and wanted != instruction:
        one.pieces[0].text = wanted
        for piece in one.pieces[1:]:
            piece.text = ""


def _shortened(instruction: str) -> str:
    """The instruction without a name for the author, and without paths on a computer."""
    if is_naming(instruction):
        words = instruction.split()
        return f" {' '.join(words[: 1 if words[0].upper() in NAMING else 2])} "
    return _LOCAL.sub("", instruction)


def _empty_simple(element: etree._Element) -> None:
    instruction = element.get(f"{W}instr", "")
    element.set(f"{W}instr", _shortened(instruction))
    if is_naming(instruction):
        _empty(element)


def _unbind(content: etree._Element) -> None:
    """Empties a content control that is bound to a property of the document that names somebody."""
    for bound in content.iterfind(f"{W}sdtPr/{W}dataBinding"):
        if _BOUND.search(bound.get(f"{W}xpath", "")):
            _empty(content)


def _empty(element: etree._Element) -> None:
    for text in element.iter(f"{W}t"):
        text.text = ""
