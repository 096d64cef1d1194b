"""What Excel writes into a workbook about those who worked on it."""

from collections.abc import Mapping

from lxml import etree

from bot.features.reviews.files.reading import drop, elements, local

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"

_GONE = (
    "fileSharing customWorkbookViews customSheetViews fileRecoveryPr webPublishing absPath revisionPtr "
    "customProperties webPublishItems smartTags"
)
GONE = frozenset(_GONE.split())
"""Who reserved the workbook, whose views it has, and in which folder of which computer it lay."""

NAMING: Mapping[str, tuple[str, ...]] = {
    "pivotCacheDefinition": ("refreshedBy", "refreshedDate", "refreshedDateIso"),
    "scenario": ("user", "comment"),
    "protectedRange": ("securityDescriptor",),
    "definedName": ("comment",),
}
"""Element -> those of its attributes that say who did something and when, or remark on it."""


def clean(root: etree._Element) -> None:
    """Cleans the XML of one part in place. Parts of other programs stay as they are."""
    if not str(root.tag).startswith(_MAIN):
        return
    for element in elements(root, *(f"{{*}}{name}" for name in GONE)):
        _drop_with_choices(element)
    for element in elements(root, *(f"{{*}}{name}" for name in NAMING)):
        for name in NAMING[local(element.tag)]:
            element.attrib.pop(name, None)


def _drop_with_choices(element: etree._Element) -> None:
    """Drops an element, and the `AlternateContent` around it if no other choice has content."""
    choice = element.getparent()
    drop(element)
    if choice is not None and local(choice.tag) == "Choice" and not len(choice):
        whole = choice.getparent()
        if whole is not None and not any(len(one) for one in whole):
            drop(whole)
