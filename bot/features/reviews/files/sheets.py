"""What Excel writes into a workbook about those who worked on it."""

from lxml import etree

from bot.features.reviews.files.reading import drop, elements, local

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_GONE = (
    "fileSharing customWorkbookViews customSheetViews fileRecoveryPr webPublishing absPath revisionPtr "
    "customProperties webPublishItems smartTags"
)
GONE = frozenset(_GONE.split())
"""Who reserved the workbook, whose views it has, and in which folder of which computer it lay."""

_ATTRIBUTES = frozenset(["refreshedBy", "refreshedDate", "refreshedDateIso", "user", "userName", "securityDescriptor"])


def clean(root: etree._Element) -> None:
    if not str(root.tag).startswith(_MAIN):
        return
    for element in elements(root):
        if local(element.tag) in GONE:
            _drop_with_choices(element)
        for name in [name for name in element.attrib if name in _ATTRIBUTES]:
            del element.attrib[name]
        if local(element.tag) in ("definedName", "scenario"):
            element.attrib.pop("comment", None)


def _drop_with_choices(element: etree._Element) -> None:
    """Some stand as the only choice of several ways to say it."""
    choice = element.getparent()
    drop(element)
    if choice is not None and local(choice.tag) == "Choice" and not len(choice):
        whole = choice.getparent()
        if whole is not None and not any(len(one) for one in whole):
            drop(whole)
