"""Finds addresses and contact data in words that are to name nobody.

What is missed shows whose the words are, and what is found wrongly costs their author a question.
"""

import re
import unicodedata

_SCHEME = re.compile(r"(?<![a-z0-9])(?:[a-z][a-z0-9+]{1,15}://|mailto:|tel:)", re.IGNORECASE)
_WWW = re.compile(r"(?<!\w)www\.\w", re.IGNORECASE)
_WITH_PATH = re.compile(r"[\w-]\.[a-z]{2,15}(?::\d{1,5})?/(?=[\w~@?#])", re.IGNORECASE)
_ENDINGS = (
    "com org net edu gov io ly dev app ai info biz eu uk de fr es nl pl ru ua br ch ca au jp cn kr ac blog page site "
    "online xyz tv gg fm co"
)
_BARE = re.compile(rf"\w\.(?:{'|'.join(_ENDINGS.split())})(?![\w-]|\.\w)")
_AT = re.compile(r"@[\w.-]{1,200}")
_HANDLE = re.compile(r"@[\w.-]{0,3}\w|\w#\d{4}(?!\d)")
_DATE = re.compile(r"(?<![\d./-])\d{1,4}[./-]\d{1,2}[./-](?:19|20)?\d{2}(?![\d./-])")
_PHONE = re.compile(r"(?<![\w.,])(?:\+|\(?0(?=\d))[\d ()/.-]{7,22}|(?<![\w.,-])\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4}(?!\d)")
_FEWEST_DIGITS, _MOST_DIGITS = 8, 15


def has_link(text: str) -> bool:
    """Whether there is an address in it, also one that a platform makes a link of by itself."""
    text = _AT.sub(" ", _visible(text))
    return any(look.search(text) for look in (_SCHEME, _WWW, _WITH_PATH, _BARE))


def has_contact(text: str) -> bool:
    """Whether an e-mail address, an account or a phone number is in it."""
    text = _visible(text)
    if _HANDLE.search(text):
        return True
    numbers = (sum(c.isdigit() for c in found[0]) for found in _PHONE.finditer(_DATE.sub(" ", text)))
    return any(_FEWEST_DIGITS <= digits <= _MOST_DIGITS for digits in numbers)


def _visible(text: str) -> str:
    """The text without what takes no place, in plain letters."""
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
