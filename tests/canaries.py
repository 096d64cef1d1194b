"""Files with a name in every place where programs write one, made with the libraries that people's programs use, and a
second reader that finds the name wherever it is left."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache

import docx
import openpyxl
import pikepdf
import pptx
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image as SheetImage
from PIL import Image, PngImagePlugin
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

NAME = "Quillfeather"
"""Whose work it is. The name stands nowhere else."""

TEXT = "The loader reads each file once, and counts what it left out."

Parts = dict[str, bytes]
Place = Callable[[Parts], None]


# The second reader


def everything(data: bytes) -> Iterator[bytes]:
    """All bytes of a file, with what is packed in it, to any depth."""
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for info in archive.infolist():
                yield from (info.filename.encode(), info.comment, info.extra)
                yield from everything(archive.read(info))
    elif data.startswith(b"%PDF"):
        with pikepdf.open(io.BytesIO(data)) as document:
            yield str(document.trailer).encode()
            for found in document.objects:
                yield str(found).encode()
                yield repr(found).encode()
                if isinstance(found, pikepdf.Stream):
                    yield from everything(found.read_raw_bytes())
                    if "DCTDecode" not in str(found.get("/Filter")):
                        yield found.read_bytes()
    elif data.startswith(b"\x89PNG"):
        at = 8
        while at < len(data):
            (size,) = struct.unpack_from(">I", data, at)
            content = data[at + 8 : at + 8 + size]
            for begin in re.finditer(rb"x", content):
                with suppress(zlib.error):
                    yield zlib.decompressobj().decompress(content[begin.start() :])
            at += 12 + size


def names(data: bytes, name: str = NAME) -> bool:
    """Whether the name is anywhere in a file, in any writing."""
    wanted = [re.escape(name.lower().encode(code)) for code in ("utf-8", "utf-16-le", "utf-16-be")]
    found = re.compile(b"|".join(wanted))
    return any(found.search(part.lower()) for part in everything(data))


def unzipped(data: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def planted(made: bytes, *places: Place) -> bytes:
    parts = unzipped(made)
    for place in places:
        place(parts)
    return zipped(parts)


# Pictures


def jpeg(name: str = "", *, side: int = 1, profile: bytes = b"", comment: str = "") -> bytes:
    """A photograph: `name` in its EXIF, XMP and IPTC, with a preview and a second picture behind it."""
    picture = Image.linear_gradient("L").resize((120, 80)).convert("RGB")
    exif = Image.Exif()
    if side != 1:
        exif[0x0112] = side
    if name:
        exif[0x013B], exif[0x010E], exif[0x9C9D] = name, f"By {name}", f"{name}".encode("utf-16-le")
        exif.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + name.encode()
        exif.get_ifd(0x8825)[29] = name
    out = io.BytesIO()
    picture.save(out, "JPEG", exif=exif, icc_profile=profile or None, comment=comment or None, quality=80)
    data = out.getvalue()
    if not name:
        return data
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + f"<x:xmpmeta>{name}</x:xmpmeta>".encode()
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", len(name)) + name.encode()
    more = b"".join(b"\xff" + mark + struct.pack(">H", len(c) + 2) + c for mark, c in ((b"\xe1", xmp), (b"\xed", iptc)))
    first = 4 + struct.unpack_from(">H", data, 4)[0]
    return data[:first] + more + data[first:] + data[:2] + name.encode()


def png(name: str = "", *, profile: bytes = b"") -> bytes:
    said, exif = PngImagePlugin.PngInfo(), Image.Exif()
    if name:
        said.add_text("Author", name)
        said.add_text("Comment", name, zip=True)
        said.add_itxt("XML:com.adobe.xmp", f"<x>{name}</x>", zip=True)
        exif[0x013B] = name
    out = io.BytesIO()
    Image.linear_gradient("L").resize((90, 60)).save(
        out, "PNG", pnginfo=said, exif=exif if name else None, icc_profile=profile or None
    )
    return out.getvalue() + (name.encode() if name else b"")


# Word


def _xml(part: str, pattern: str, new: str) -> Place:
    """Puts something before the first place that fits, once."""

    def place(parts: Parts) -> None:
        text = parts[part].decode()
        at = re.search(pattern, text)
        assert at is not None, (part, pattern)
        parts[part] = (text[: at.start()] + new + text[at.start() :]).encode()

    return place


def part(name: str, data: str | bytes, kind: str, source: str, type: str = "application/xml") -> Place:
    """A further part with its relationship."""

    def place(parts: Parts) -> None:
        parts[name] = data.encode() if isinstance(data, str) else data
        parts.setdefault(source, _NO_RELATIONS.encode())
        target = f'<Relationship Id="rIdX{len(parts)}" Type="{_OFFICE}/{kind}" Target="/{name}"/>'
        _xml(source, "</Relationships>", target)(parts)
        _xml("[Content_Types].xml", "</Types>", f'<Override PartName="/{name}" ContentType="{type}"/>')(parts)

    return place


def _outside(source: str, id: str, kind: str, target: str) -> Place:
    """A relationship that leads out of the file."""
    written = f'<Relationship Id="{id}" Type="{_OFFICE}/{kind}" Target="{target}" TargetMode="External"/>'
    return _xml(source, "</Relationships>", written)


def _all(*places: Callable[[Parts], object]) -> Place:
    def place(parts: Parts) -> None:
        for one in places:
            one(parts)

    return place


def linked(target: str) -> Place:
    """A link of a document."""
    return _all(
        _outside(_RELS, "rIdL", "hyperlink", target),
        _xml(_DOCUMENT, _END, f'<w:p><w:hyperlink r:id="rIdL">{_run("A link.")}</w:hyperlink></w:p>'),
    )


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NO_RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    "</Relationships>"
)
_DOCUMENT, _END = "word/document.xml", "<w:sectPr"
_BY = f'w:id="7" w:author="{NAME}" w:date="2026-01-05T10:00:00Z"'
_RELS = "word/_rels/document.xml.rels"


def _run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def _field(instruction: str, shown: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    said = f'<w:r><w:instrText xml:space="preserve"> {instruction} </w:instrText></w:r>'
    return f"<w:p>{mark.format('begin')}{said}{mark.format('separate')}{_run(shown)}{mark.format('end')}</w:p>"


def field(instruction: str, shown: str) -> Place:
    """A field of a document."""
    return _xml(_DOCUMENT, _END, _field(instruction, shown))


WORD: Mapping[str, Place] = {
    "what was put in": _xml(_DOCUMENT, _END, f"<w:p><w:ins {_BY}>{_run('Put in.')}</w:ins></w:p>"),
    "what was taken out": _xml(
        _DOCUMENT, _END, f"<w:p><w:del {_BY}><w:r><w:delText>By {NAME}</w:delText></w:r></w:del></w:p>"
    ),
    "what was moved": _xml(
        _DOCUMENT,
        _END,
        f'<w:p><w:moveFromRangeStart w:name="{NAME}" {_BY}/><w:moveFrom {_BY}>{_run("Moved.")}</w:moveFrom>'
        f'<w:moveFromRangeEnd w:id="7"/></w:p><w:p><w:moveTo {_BY}>{_run("Moved.")}</w:moveTo></w:p>',
    ),
    "what was formatted": _xml(
        _DOCUMENT,
        _END,
        f"<w:p><w:pPr><w:pPrChange {_BY}><w:pPr/></w:pPrChange></w:pPr>"
        f"<w:r><w:rPr><w:b/><w:rPrChange {_BY}><w:rPr/></w:rPrChange></w:rPr><w:t>Bold.</w:t></w:r></w:p>",
    ),
    "a row that was taken out": _xml(
        _DOCUMENT,
        _END,
        f"<w:tbl><w:tblPr/><w:tr><w:tc><w:p>{_run('A row.')}</w:p></w:tc></w:tr>"
        f"<w:tr><w:trPr><w:del {_BY}/></w:trPr><w:tc><w:p>{_run(NAME)}</w:p></w:tc></w:tr></w:tbl>",
    ),
    "a paragraph that was joined": _xml(
        _DOCUMENT,
        _END,
        f"<w:p><w:pPr><w:rPr><w:del {_BY}/></w:rPr></w:pPr>{_run('One ')}</w:p><w:p>{_run('and one.')}</w:p>",
    ),
    "an author field": _xml(_DOCUMENT, _END, _field("AUTHOR \\* MERGEFORMAT", NAME)),
    "a field of who saved it": _xml(_DOCUMENT, _END, _field("lastsavedby", NAME)),
    "a file name field": _xml(_DOCUMENT, _END, _field("FILENAME \\p", f"C:\\Users\\{NAME}\\loader.docx")),
    "a property field": _xml(_DOCUMENT, _END, _field('DOCPROPERTY "Manager"', NAME)),
    "a simple field": _xml(
        _DOCUMENT, _END, f'<w:p><w:fldSimple w:instr=" AUTHOR {NAME} ">{_run(NAME)}</w:fldSimple></w:p>'
    ),
    "a picture from a computer": _xml(
        _DOCUMENT, _END, _field(f'INCLUDEPICTURE "file:///C:/Users/{NAME}/a.png"', "A picture.")
    ),
    "a link field to a computer": _xml(
        _DOCUMENT, _END, _field(f'HYPERLINK "C:\\Users\\{NAME} home\\a b.docx"', "A file.")
    ),
    "a link field without marks": _xml(_DOCUMENT, _END, _field(f"HYPERLINK \\\\server\\{NAME}\\a.docx", "A share.")),
    "a control with a title": _xml(
        _DOCUMENT,
        _END,
        f'<w:sdt><w:sdtPr><w:alias w:val="{NAME}"/><w:tag w:val="{NAME}"/></w:sdtPr>'
        f"<w:sdtContent><w:p>{_run('In a control.')}</w:p></w:sdtContent></w:sdt>",
    ),
    "a smart tag": _xml(
        _DOCUMENT,
        _END,
        f'<w:p><w:smartTag w:uri="urn:x" w:element="PersonName"><w:smartTagPr><w:attr w:name="who" w:val="{NAME}"/>'
        f"</w:smartTagPr>{_run('Tagged.')}</w:smartTag></w:p>",
    ),
    "a session of a style": _xml("word/styles.xml", "</w:styles>", f'<w:style><w:rsid w:val="{NAME}"/></w:style>'),
    "a control of the author": _xml(
        _DOCUMENT,
        _END,
        '<w:sdt><w:sdtPr><w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:creator[1]" w:storeItemID="{6C3C8BC8}"/>'
        f"</w:sdtPr><w:sdtContent><w:p>{_run(NAME)}</w:p></w:sdtContent></w:sdt>",
    ),
    "who may write": _xml(_DOCUMENT, _END, f'<w:permStart w:id="1" w:ed="{NAME}"/><w:permEnd w:id="1"/>'),
    "a remark of XML": _xml(_DOCUMENT, _END, f"<!-- {NAME} --><?who {NAME}?>"),
    "properties of the office": lambda parts: parts.update(
        {
            "docProps/app.xml": (
                '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
                f"<Company>{NAME} Ltd</Company><Manager>{NAME}</Manager></Properties>"
            ).encode()
        }
    ),
    "own properties": part(
        "docProps/custom.xml", f"<Properties><p>{NAME}</p></Properties>", "custom-properties", "_rels/.rels"
    ),
    "a preview": part("docProps/thumbnail.jpeg", jpeg(NAME), "metadata/thumbnail", "_rels/.rels", "image/jpeg"),
    "people": part("word/people.xml", f"<w15:people xmlns:w15='x'>{NAME}</w15:people>", "people", _RELS),
    "own data": part("customXml/item9.xml", f"<a>{NAME}</a>", "customXml", _RELS),
    "a part that nothing leads to": lambda parts: parts.update({f"word/{NAME}.bin": NAME.encode()}),
    "a template": _all(
        lambda parts: parts.setdefault("word/_rels/settings.xml.rels", _NO_RELATIONS.encode()),
        _outside("word/_rels/settings.xml.rels", "rIdT", "attachedTemplate", f"file:///C:/Users/{NAME}/a.dotx"),
        _xml("word/settings.xml", "</w:settings>", f'<w:attachedTemplate xmlns:r="{_OFFICE}" r:id="rIdT"/>'),
    ),
    "own variables": _xml(
        "word/settings.xml", "</w:settings>", f'<w:docVars><w:docVar w:name="who" w:val="{NAME}"/></w:docVars>'
    ),
    "a font that is packed in": _all(
        part("word/fonts/font9.odttf", NAME.encode("utf-16-be"), "font", "word/_rels/fontTable.xml.rels", "font/ttf"),
        _xml("word/fontTable.xml", "</w:fonts>", '<w:font w:name="a"><w:embedRegular r:id="rIdX9"/></w:font>'),
    ),
    "a link to a computer": linked(f"file:///home/{NAME}/a"),
}
"""Where Word and its kin write names, beyond what `word` has."""


@cache
def word() -> bytes:
    """A document with comments, a table, a heading, a foot and pictures, by the name."""
    made = docx.Document()
    properties = made.core_properties
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = NAME
    properties.title = f"Work of {NAME}"
    made.add_heading("A loader", 1)
    spoken = made.add_paragraph(TEXT)
    made.add_comment(spoken.runs, text=f"{NAME} wrote this", author=NAME, initials="QF")
    made.add_table(2, 2).cell(0, 0).text = "In a cell."
    made.add_picture(io.BytesIO(jpeg(NAME, side=6)))
    made.add_picture(io.BytesIO(png(NAME)))
    made.sections[0].footer.paragraphs[0].text = "At the foot."
    out = io.BytesIO()
    made.save(out)
    parts = unzipped(out.getvalue())
    text = parts[_DOCUMENT].decode()
    text = re.sub(r'(<pic:cNvPr[^>]*) name="[^"]*"', rf'\1 name="{NAME}.jpg" descr="C:\\\\{NAME}\\\\a.jpg"', text)
    parts[_DOCUMENT] = text.replace("<w:p>", '<w:p w:rsidR="00AB12CD" w:rsidRDefault="00AB12CD">', 1).encode()
    return zipped(parts)


WORD_ASKED: Mapping[str, Place] = {
    "a bookmark": _xml(
        _DOCUMENT, _END, f'<w:p><w:bookmarkStart w:id="3" w:name="{NAME}"/><w:bookmarkEnd w:id="3"/></w:p>'
    ),
    "a style": _xml(
        "word/styles.xml", "</w:styles>", f'<w:style w:styleId="{NAME}"><w:name w:val="{NAME}"/></w:style>'
    ),
    "a part's own name": part(f"word/theme/{NAME}.xml", "<a/>", "theme", _RELS),
    "a font": _xml(_DOCUMENT, _END, f'<w:p><w:r><w:rPr><w:rFonts w:ascii="{NAME} Hand"/></w:rPr></w:r></w:p>'),
    "a mark of a list": _xml("word/numbering.xml", "</w:numbering>", f'<w:lvlText w:val="{NAME} %1"/>'),
    "a choice": _xml(_DOCUMENT, _END, f'<w:p><w:ddList><w:listEntry w:val="{NAME}"/></w:ddList></w:p>'),
    "a drawn word": _xml(_DOCUMENT, _END, f'<w:pict><v:textpath xmlns:v="urn:v" string="{NAME}"/></w:pict>'),
    "a namespace": _xml(_DOCUMENT, _END, f'<w:p xmlns:x="http://example.org/{NAME}"/>'),
    "the number of a relationship": lambda parts: parts.update(
        {name: parts[name].replace(b'rId1"', f'{NAME}"'.encode()) for name in (_DOCUMENT, _RELS)}
    ),
}
"""Where names are that somebody chose, and by which other parts of a document find something."""


def read_word(data: bytes) -> list[str]:
    """What a reader sees, in order."""
    made = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    feet = [p.text for section in made.sections for p in section.footer.paragraphs]
    return [text for text in (*(p.text for p in made.paragraphs), *cells, *feet) if text]


# Excel


@cache
def sheets() -> bytes:
    made = openpyxl.Workbook()
    made.properties.creator = made.properties.lastModifiedBy = made.properties.description = NAME
    sheet = made.active
    sheet.append(["Loader", "Rows"])
    sheet.append(["one", 12])
    sheet["A1"].comment = Comment(f"{NAME} counted", NAME)
    sheet["B3"] = "=SUM(B2:B2)"
    sheet["A4"].hyperlink = "https://example.org/loader"
    sheet.add_image(SheetImage(io.BytesIO(png(NAME))), "D1")
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=2), titles_from_data=True)
    sheet.add_chart(chart, "D9")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_BOOK, _SHEET = "xl/workbook.xml", "xl/worksheets/sheet1.xml"
_SHEET_RELS = "xl/worksheets/_rels/sheet1.xml.rels"
_AC = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" xmlns:x15="http://x15"'
SHEETS_ASKED: Mapping[str, Place] = {
    "a name": _xml(_BOOK, "<calcPr", f'<definedNames><definedName name="{NAME}">Sheet!A1</definedName></definedNames>'),
    "the foot of a page": _xml(_SHEET, "</worksheet>", f"<headerFooter><oddFooter>{NAME}</oddFooter></headerFooter>"),
    "a font": _xml("xl/styles.xml", "</fonts>", f'<font><name val="{NAME} Hand"/></font>'),
    "a filter": _xml(_SHEET, "</worksheet>", f'<autoFilter><filter val="{NAME}"/></autoFilter>'),
    "a format": _xml("xl/styles.xml", "<fonts", f'<numFmts><numFmt formatCode="&quot;{NAME}&quot; 0"/></numFmts>'),
    "a sheet": lambda parts: parts.update({_BOOK: parts[_BOOK].replace(b'name="Sheet"', f'name="{NAME}"'.encode())}),
    "a macro": _xml(_SHEET, "</worksheet>", f'<x macro="[0]!{NAME}"/>'),
    "what a pivot found": _xml(_SHEET, "</worksheet>", f'<sharedItems><s v="{NAME}"/></sharedItems>'),
}
SHEETS: Mapping[str, Place] = {
    "who reserved it": _xml(_BOOK, "<sheets>", f'<fileSharing userName="{NAME}"/>'),
    "where it lay": _xml(
        _BOOK,
        "<sheets>",
        f'<mc:AlternateContent {_AC}><mc:Choice Requires="x15"><x15ac:absPath xmlns:x15ac="http://x15ac" '
        f'url="C:\\Users\\{NAME}\\"/></mc:Choice></mc:AlternateContent>',
    ),
    "whose view it is": _xml(
        _BOOK, "</workbook>", f"<customWorkbookViews><view>{NAME}</view></customWorkbookViews>"
    ),
    "a name's remark": _xml(
        _BOOK, "<calcPr", f'<definedNames><definedName name="a" comment="{NAME}">Sheet!A1</definedName></definedNames>'
    ),
    "a scenario": _xml(
        _SHEET, "<pageMargins", f'<scenarios><scenario name="a" user="{NAME}" comment="{NAME}"/></scenarios>'
    ),
    "a printer": part(
        "xl/printerSettings/printerSettings1.bin", NAME.encode("utf-16-le"), "printerSettings",
        _SHEET_RELS, "application/vnd.openxmlformats-officedocument.spreadsheetml.printerSettings",
    ),
    "people": part("xl/persons/person.xml", f"<people>{NAME}</people>", "person", "xl/_rels/workbook.xml.rels"),
    "a conversation": part(
        "xl/threadedComments/threadedComment1.xml", f"<a>{NAME}</a>", "threadedComment", _SHEET_RELS
    ),
}  # fmt: skip


def read_sheets(data: bytes) -> list[object]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    return [cell.value for row in sheet.iter_rows() for cell in row] + [len(sheet._charts), len(sheet._images)]


# PowerPoint


@cache
def slides() -> bytes:
    made = pptx.Presentation()
    properties = made.core_properties
    properties.author = properties.last_modified_by = properties.comments = NAME
    slide = made.slides.add_slide(made.slide_layouts[5])
    slide.shapes.title.text = "A loader"
    shown = slide.shapes.add_picture(io.BytesIO(jpeg(NAME)), 0, 0)
    shown._element.nvPicPr.cNvPr.set("descr", f"{NAME}.jpg")
    figures = CategoryChartData()
    figures.categories = ["one", "two"]
    figures.add_series("Rows", (1, 2))
    kind = XL_CHART_TYPE.COLUMN_CLUSTERED
    slide.shapes.add_chart(kind, Inches(1), Inches(1), Inches(3), Inches(2), figures)
    slide.notes_slide.notes_text_frame.text = "Say it slowly."
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


_SLIDE_RELS, _PRESENTATION = "ppt/slides/_rels/slide1.xml.rels", "ppt/presentation.xml"
SLIDES_ASKED: Mapping[str, Place] = {
    "notes": _xml("ppt/notesSlides/notesSlide1.xml", "</p:notes>", f"<a:p xmlns:a='x'>{NAME}</a:p>"),
    "the name of a shape": _xml(
        "ppt/slides/slide1.xml", "</p:spTree>", f"<p:sp><p:cNvPr id='77' name='{NAME}'/></p:sp>"
    ),
    "the name of a slide": _xml("ppt/slides/slide1.xml", "<p:spTree>", f"<p:cSld name='{NAME}'/>"),
    "a font": _xml("ppt/slides/slide1.xml", "</p:spTree>", f"<p:sp><a:latin typeface='{NAME} Hand'/></p:sp>"),
    "a mark of a list": _xml("ppt/slides/slide1.xml", "</p:spTree>", f"<p:sp><a:buChar char='{NAME}'/></p:sp>"),
    "a theme": lambda parts: parts.update(
        {"ppt/theme/theme1.xml": re.sub(rb'name="[^"]*"', f'name="{NAME}"'.encode(), parts["ppt/theme/theme1.xml"])}
    ),
}
SLIDES: Mapping[str, Place] = {
    "remarks": part("ppt/comments/comment1.xml", f"<a>{NAME}</a>", "comments", _SLIDE_RELS),
    "who remarked": part(
        "ppt/commentAuthors.xml", f"<a>{NAME}</a>", "commentAuthors", "ppt/_rels/presentation.xml.rels"
    ),
    "tags": _all(
        part("ppt/tags/tag1.xml", f"<a>{NAME}</a>", "tags", _SLIDE_RELS),
    ),
    "who may change it": _xml(_PRESENTATION, "</p:presentation>", f'<p:modifyVerifier cryptProviderType="{NAME}"/>'),
    "a workbook behind a chart": lambda parts: parts.update(
        {name: _signed(data) for name, data in parts.items() if name.endswith(".xlsx")}
    ),
}


def _signed(book: bytes) -> bytes:
    made = openpyxl.load_workbook(io.BytesIO(book))
    made.properties.creator = NAME
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def read_slides(data: bytes) -> list[str]:
    made, found = pptx.Presentation(io.BytesIO(data)), list[str]()
    for slide in made.slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_chart:
                found += [f"{s.name} {list(s.values)}" for s in shape.chart.plots[0].series]
                book = openpyxl.load_workbook(io.BytesIO(shape.chart.part.chart_workbook.xlsx_part.blob)).active
                found.append(str([cell.value for row in book.iter_rows() for cell in row]))
        found.append(slide.notes_slide.notes_text_frame.text)
    return found


# LibreOffice


@cache
def opendocument() -> bytes:
    from odf import dc, meta, office, text
    from odf.draw import Frame
    from odf.draw import Image as Drawn
    from odf.opendocument import OpenDocumentText

    made = OpenDocumentText()
    for element in (dc.Creator, meta.InitialCreator, dc.Description, meta.PrintedBy):
        one = element()
        one.addText(NAME)
        made.meta.addElement(one)
    made.meta.addElement(meta.UserDefined(name="who", text=NAME))
    made.text.addElement(text.H(outlinelevel=1, text="A loader"))
    spoken = text.P(text="Before, ")
    remark = office.Annotation()
    remark.addElement(dc.Creator(text=NAME))
    remark.addElement(text.P(text=f"{NAME} wrote this"))
    spoken.addElement(remark)
    spoken.addText("and after. ")
    spoken.addElement(text.AuthorName(text=NAME))
    spoken.addElement(text.FileName(text=f"/home/{NAME}/loader.odt"))
    spoken.addElement(text.A(href=f"file:///home/{NAME}/a", text="A link."))
    made.text.addElement(spoken)
    frame = Frame(name=f"{NAME}.png", width="3cm", height="2cm", anchortype="paragraph")
    frame.addElement(Drawn(href=made.addPictureFromString(png(NAME), "image/png")))
    pictured = text.P()
    pictured.addElement(frame)
    made.text.addElement(pictured)
    made.addThumbnail(png(NAME))
    out = io.BytesIO()
    made.write(out)
    return out.getvalue()


_CONTENT, _TEXT_ENDS = "content.xml", "</office:text>"
_DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"'
_CHANGED = f"<office:change-info><dc:creator {_DC}>{NAME}</dc:creator></office:change-info>"
_REGION = '<text:changed-region text:id="{}">{}</text:changed-region>'
_TAKEN_OUT = _REGION.format("c1", f"<text:deletion>{_CHANGED}<text:p>By {NAME}</text:p></text:deletion>")
_PUT_IN = _REGION.format("c2", f"<text:insertion>{_CHANGED}</text:insertion>")
OPENDOCUMENT: Mapping[str, Place] = {
    "changes": _all(
        _xml(
            _CONTENT,
            "<text:h",
            f"<text:tracked-changes>{_TAKEN_OUT}{_PUT_IN}</text:tracked-changes>",
        ),
        _xml(
            _CONTENT,
            _TEXT_ENDS,
            '<text:p>Kept<text:change text:change-id="c1"/>, <text:change-start text:change-id="c2"/>put in'
            '<text:change-end text:change-id="c2"/>, kept.</text:p>',
        ),
    ),
    "a remark of XML": _xml(_CONTENT, _TEXT_ENDS, f"<!-- {NAME} -->"),
    "settings": lambda parts: parts.update(
        {
            "settings.xml": (
                '<office:document-settings xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
                'xmlns:config="urn:oasis:names:tc:opendocument:xmlns:config:1.0"><office:settings>'
                '<config:config-item-set config:name="a"><config:config-item config:name="PrinterName" '
                f'config:type="string">{NAME}</config:config-item><config:config-item config:name="Wide" '
                'config:type="boolean">true</config:config-item></config:config-item-set></office:settings>'
                "</office:document-settings>"
            ).encode()
        }
    ),
    "a field of one's own": _all(
        _xml(
            _CONTENT,
            "<text:h",
            '<text:user-field-decls><text:user-field-decl text:name="who" office:value-type="string" '
            f'office:string-value="{NAME}"/></text:user-field-decls>',
        ),
        _xml(
            _CONTENT,
            _TEXT_ENDS,
            f'<text:p><text:user-field-get text:name="who">{NAME}</text:user-field-get>'
            f'<text:user-defined text:name="who">{NAME}</text:user-defined></text:p>',
        ),
    ),
    "a layout": lambda parts: parts.update({"layout-cache": NAME.encode()}),
    "a preview": lambda parts: parts.update({"Thumbnails/thumbnail.png": png(NAME)}),
}
OPENDOCUMENT_ASKED: Mapping[str, Place] = {
    "a mark of a list": _xml(
        _CONTENT, _TEXT_ENDS, f'<text:list-level-style-number xmlns:style="urn:style" style:num-prefix="{NAME}"/>'
    ),
    "a field of a form": _xml(_CONTENT, _TEXT_ENDS, f'<form:text xmlns:form="urn:form" form:current-value="{NAME}"/>'),
    "a font": _xml(_CONTENT, _TEXT_ENDS, f'<svg:font-face svg:font-family="{NAME}" xmlns:svg="urn:svg"/>'),
    "a namespace": _xml(_CONTENT, _TEXT_ENDS, f'<text:p xmlns:x="http://example.org/{NAME}"/>'),
}


def read_opendocument(data: bytes) -> list[str]:
    from odf import text
    from odf.opendocument import load
    from odf.teletype import extractText

    made = load(io.BytesIO(data))
    return [extractText(one) for kind in (text.H, text.P) for one in made.text.getElementsByType(kind)]


# PDF


@cache
def pdf() -> bytes:
    """Two pages by the name, with a photograph, a link, a remark and an attachment."""
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setAuthor(NAME)
    canvas.setCreator(NAME)
    canvas.setTitle(f"Work of {NAME}")
    canvas.drawString(72, 700, TEXT)
    canvas.linkURL("https://example.org/loader", (72, 690, 300, 710))
    canvas.drawImage(ImageReader(io.BytesIO(jpeg())), 72, 400)
    canvas.textAnnotation(f"{NAME} wrote this", (10, 10, 30, 30))
    canvas.bookmarkPage("second")
    canvas.showPage()
    canvas.drawString(72, 700, "The second page.")
    canvas.addOutlineEntry("Second", "second")
    canvas.save()
    with pikepdf.open(io.BytesIO(out.getvalue())) as made:
        made.attachments[f"{NAME}.txt"] = f"By {NAME}".encode()
        with made.open_metadata() as said:
            said["dc:creator"] = [NAME]
        page = made.pages[0]
        for picture in page.get_images().values():
            photograph = pikepdf.Stream(made, jpeg(NAME), Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image)
            picture.write(photograph.read_raw_bytes(), filter=pikepdf.Name.DCTDecode)
            picture.PieceInfo = pikepdf.Dictionary(Maker=pikepdf.Dictionary(Private=NAME))
        page.Metadata = pikepdf.Stream(made, NAME.encode())
        page.LastModified = NAME
        marked = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Highlight, Rect=[1, 1, 9, 9], T=NAME, Contents=NAME, NM=NAME,
            QuadPoints=[1, 9, 9, 9, 1, 1, 9, 1],
        )  # fmt: skip
        page.Annots.append(made.make_indirect(marked))
        attached = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[1, 1, 9, 9],
            FS=pikepdf.AttachedFileSpec(made, NAME.encode(), filename=NAME).obj,
        )  # fmt: skip
        page.Annots.append(made.make_indirect(attached))
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=NAME)
        again = io.BytesIO()
        made.save(again)
    return again.getvalue()


def pdf_with(change: Callable[[pikepdf.Pdf], object]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf())) as made:
        change(made)
        out = io.BytesIO()
        made.save(out)
    return out.getvalue()


def _drawn(made: pikepdf.Pdf, data: bytes, **more: object) -> None:
    page = made.pages[0]
    page.Contents = pikepdf.Array([page.Contents, made.make_indirect(pikepdf.Stream(made, data, **more))])


def _form(made: pikepdf.Pdf, data: bytes, **more: object) -> None:
    form = pikepdf.Stream(made, data, Subtype=pikepdf.Name.Form, BBox=[0, 0, 9, 9], **more)
    made.pages[0].Resources.XObject["/Fm9"] = made.make_indirect(form)


def _layer(made: pikepdf.Pdf) -> None:
    usage = pikepdf.Dictionary(User=pikepdf.Dictionary(Type=pikepdf.Name.Ind, Name=NAME))
    layer = made.make_indirect(pikepdf.Dictionary(Type=pikepdf.Name.OCG, Name=NAME, Usage=usage))
    made.Root.OCProperties = pikepdf.Dictionary(OCGs=[layer], D=pikepdf.Dictionary(Order=[layer]))


def _picture(made: pikepdf.Pdf, data: bytes, **more: object) -> None:
    """A picture of two points by one, in colours."""
    shape = {"Subtype": pikepdf.Name.Image, "Width": 2, "Height": 1, "BitsPerComponent": 8}
    picture = pikepdf.Stream(made, data, ColorSpace=pikepdf.Name.DeviceRGB, **shape, **more)
    made.pages[0].Resources.XObject["/Im9"] = made.make_indirect(picture)


def _font(made: pikepdf.Pdf, key: str, data: bytes, **more: object) -> None:
    """A font of somebody's own making."""
    about = pikepdf.Dictionary(Type=pikepdf.Name.FontDescriptor, FontName=pikepdf.Name.Own)
    about[key] = made.make_indirect(pikepdf.Stream(made, data, **more))
    made.pages[0].Resources.Font["/F1"]["/FontDescriptor"] = made.make_indirect(about)


def _photograph(made: pikepdf.Pdf, data: bytes, **more: object) -> None:
    shape = {"Subtype": pikepdf.Name.Image, "Width": 1, "Height": 1, "BitsPerComponent": 8}
    kind = {"ColorSpace": pikepdf.Name.DeviceRGB, "Filter": pikepdf.Name.DCTDecode}
    made.pages[0].Resources.XObject["/Im8"] = made.make_indirect(pikepdf.Stream(made, data, **shape, **kind, **more))


def _annotated(made: pikepdf.Pdf, **more: object) -> None:
    drawn = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Rect=[0, 0, 9, 9], **more)
    there = made.pages[0].obj.get("/Annots", pikepdf.Array())
    made.pages[0].obj["/Annots"] = pikepdf.Array([*there, made.make_indirect(drawn)])


def truetype(*names: tuple[int, bytes]) -> bytes:
    """A font with a table of names alone: (platform, words)."""
    rows = b"".join(
        struct.pack(">6H", platform, 0, 0, 9, len(words), sum(len(w) for _p, w in names[:n]))
        for n, (platform, words) in enumerate(names)
    )
    table = struct.pack(">HHH", 0, len(names), 6 + len(rows)) + rows + b"".join(words for _p, words in names)
    return b"\x00\x01\x00\x00" + struct.pack(">4H4s3L", 1, 16, 0, 0, b"name", 0, 28, len(table)) + table


def compact(*lists: list[bytes]) -> bytes:
    """A CFF font of these lists alone."""
    found = b"\x01\x00\x04\x01"
    for each in lists:
        ends = [1 + sum(len(one) for one in each[:n]) for n in range(len(each) + 1)]
        found += struct.pack(">H", len(each)) + (b"\x01" + bytes(ends) + b"".join(each) if each else b"")
    return found


PDF: Mapping[str, Callable[[pikepdf.Pdf], object]] = {
    "bytes behind a picture": lambda made: _picture(made, b"abcdef" + NAME.encode()),
    "packed bytes behind a picture": lambda made: _picture(
        made, zlib.compress(b"abcdef" + NAME.encode()), Filter=pikepdf.Name.FlateDecode
    ),
    "bytes behind a packed picture": lambda made: _picture(
        made, zlib.compress(b"abcdef") + NAME.encode(), Filter=pikepdf.Name.FlateDecode
    ),
    "a remark of what draws": lambda made: _drawn(made, f"q % by {NAME}\n(50% (of) \\) it) pop Q\n%{NAME}".encode()),
    "a remark in a form": lambda made: _form(made, f"q %{NAME}\rQ".encode()),
    "the file of a form": lambda made: _form(made, b"q Q", **{"PTEX.FileName": f"/home/{NAME}/a.pdf"}),
    "what is said of a form": lambda made: _form(made, b"q Q", Metadata=pikepdf.Stream(made, NAME.encode())),
    "a layer": _layer,
    "what is said of a font": lambda made: _font(
        made, "/FontFile2", truetype(), Metadata=pikepdf.Stream(made, NAME.encode())
    ),
    "what a program keeps of a font": lambda made: _font(
        made, "/FontFile2", truetype(), PieceInfo=pikepdf.Dictionary(Own=pikepdf.Dictionary(Private=NAME))
    ),
    "what is said of a page": lambda made: made.pages[0].obj.__setitem__(
        "/Metadata", made.make_indirect(pikepdf.Stream(made, NAME.encode()))
    ),
    "what a photograph says of itself": lambda made: _photograph(made, jpeg(NAME)),
    "what is said of a photograph": lambda made: _photograph(
        made, jpeg(), Metadata=pikepdf.Stream(made, NAME.encode())
    ),
    "who drew a square": lambda made: _annotated(made, Subtype=pikepdf.Name.Square, T=NAME, Contents=NAME),
    "a file on the page": lambda made: _annotated(
        made,
        Subtype=pikepdf.Name.FileAttachment,
        FS=pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=f"{NAME}.txt",
            EF=pikepdf.Dictionary(F=made.make_indirect(pikepdf.Stream(made, NAME.encode()))),
        ),
    ),
}
"""Where names are in a PDF, beyond what `pdf` has."""

PDF_ASKED: Mapping[str, Callable[[pikepdf.Pdf], object]] = {
    "the name of a font": lambda made: made.pages[0].Resources.Font.__setitem__(
        "/" + NAME.replace(" ", ""), made.pages[0].Resources.Font["/F1"]
    ),
    "a mark in what draws": lambda made: _drawn(made, b"/" + NAME.replace(" ", "").encode() + b" BMC q Q EMC"),
    "words for a picture": lambda made: _drawn(made, f"/Span <</ActualText ({NAME})>> BDC EMC".encode()),
    "coded words": lambda made: _drawn(
        made, b"/Span <</ActualText <FEFF" + NAME.encode("utf-16-be").hex().encode() + b">>> BDC EMC"
    ),
    "the designer of a font": lambda made: _font(made, "/FontFile2", truetype((3, NAME.encode("utf-16-be")))),
    "the designer of a font, as a Mac writes it": lambda made: _font(
        made, "/FontFile2", truetype((3, "Ö".encode("utf-16-be")), (1, NAME.encode()))
    ),
    "the owner of a compact font": lambda made: _font(
        made, "/FontFile3", compact([b"Own"], [b"x"], [f"Copyright {NAME}".encode()]), Subtype=pikepdf.Name.Type1C
    ),
    "the owner of an old font": lambda made: _font(
        made, "/FontFile", f"%!PS\n/Notice (Copyright {NAME}) def\neexec".encode() + bytes(range(256))
    ),
    "a remark in an encoding": lambda made: (
        made.pages[0].Resources.Font["/F1"].__setitem__("/ToUnicode", pikepdf.Stream(made, f"% by {NAME}\n".encode()))
    ),
    "a heading": lambda made: made.Root.__setitem__(
        "/Outlines",
        made.make_indirect(pikepdf.Dictionary(First=made.make_indirect(pikepdf.Dictionary(Title=NAME)), Count=1)),
    ),
    "a field of a form": lambda made: made.Root.__setitem__(
        "/AcroForm", pikepdf.Dictionary(Fields=[made.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, T=NAME))])
    ),
    "what is in a field of a form": lambda made: made.Root.__setitem__(
        "/AcroForm", pikepdf.Dictionary(Fields=[made.make_indirect(pikepdf.Dictionary(FT=pikepdf.Name.Tx, V=NAME))])
    ),
    "a place": lambda made: made.Root.Names.__setitem__(
        "/Dests", pikepdf.Dictionary(Names=[NAME, pikepdf.Array([made.pages[0].obj, pikepdf.Name.Fit])])
    ),
}
"""Where names are in a PDF that somebody chose."""


def read_pdf(data: bytes) -> list[object]:
    """What is drawn on each page, and what leads where."""
    with pikepdf.open(io.BytesIO(data)) as made, made.open_outline() as outline:
        drawn = [pikepdf.unparse_content_stream(pikepdf.parse_content_stream(page)) for page in made.pages]
        pictures = [pikepdf.PdfImage(image).as_pil_image().tobytes() for image in made.pages[0].get_images().values()]
        kinds = [str(one.Subtype) for one in made.pages[0].Annots]
        links = [str(one.A.URI) for one in made.pages[0].Annots if "/A" in one]
        return [drawn, pictures, kinds, links, [entry.title for entry in outline.root]]


PLAIN = frozenset[str]()
"""Types that have no hidden place, so no canary."""

MADE: Mapping[str, Callable[[], bytes]] = {
    "docx": word,
    "xlsx": sheets,
    "pptx": slides,
    "odt": opendocument,
    "pdf": pdf,
    "jpeg": lambda: jpeg(NAME),
    "png": lambda: png(NAME),
}
"""A file of each type."""
