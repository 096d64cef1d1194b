"""What PowerPoint writes into slides about those who made them."""

from lxml import etree

from bot.features.reviews.files.reading import drop, elements, local

_MAIN = "{http://schemas.openxmlformats.org/presentationml/2006/main}"


def clean(root: etree._Element) -> None:
    """Cleans the XML of one part in place. Parts of other programs stay as they are."""
    if not str(root.tag).startswith(_MAIN):
        return
    for element in elements(root, "{*}modifyVerifier", "{*}embeddedFontLst", "{*}custDataLst"):
        if local(element.tag) != "custDataLst" or not len(element):
            drop(element)
