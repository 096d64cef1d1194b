"""The kinds of files that can be cleaned, by their endings."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.contacts import has_contact
from bot.core.names_in_text import stands_in, whole_among, whole_in
from bot.features.reviews.files.pictures import cleaned_jpeg, cleaned_png
from bot.features.reviews.files.refusing import Budget, Seen, Uncleanable


@dataclass(frozen=True, slots=True)
class Kind:
    """`clean` makes the copy, and adds to `Seen` what can be read in it. `needs`: the library without which such a file
    goes by consent."""

    clean: Callable[[bytes, Seen], bytes]
    needs: str = ""


# Libraries are imported only for the files that need them.


def _office(ending: str) -> Kind:
    def clean(data: bytes, seen: Seen) -> bytes:
        from bot.features.reviews.files.office import cleaned_office

        return cleaned_office(ending, data, seen, Budget())

    return Kind(clean, "lxml")


def _opendocument(data: bytes, seen: Seen) -> bytes:
    from bot.features.reviews.files.opendocument import cleaned_text

    return cleaned_text(data, seen, Budget())


def _pdf(data: bytes, seen: Seen) -> bytes:
    from bot.features.reviews.files.pdf import cleaned_pdf

    return cleaned_pdf(data, seen)


_JPEG = Kind(lambda data, _seen: cleaned_jpeg(data))

KINDS: Mapping[str, Kind] = {
    **{ending: _office(ending) for ending in ("docx", "xlsx", "pptx")},
    "odt": Kind(_opendocument, "lxml"),
    "pdf": Kind(_pdf, "pypdf"),
    "jpg": _JPEG,
    "jpeg": _JPEG,
    "png": Kind(lambda data, _seen: cleaned_png(data)),
}


class Clean(NamedTuple):
    """A file without what names people. `visible`: one of the names to forget, or a part of one, stands in its text;
    `named` are those that stand there whole, and others that were looked for; `contact`: so does an e-mail address, an
    account or a phone number."""

    content: bytes
    visible: bool
    named: list[str]
    contact: bool


def clean(ending: str, data: bytes, forget: Collection[str], others: Collection[str] = ()) -> Clean:
    """Cleans a file whose `ending` is in `KINDS`. `forget`: names to look for, whole and in part; `others`: names to
    look for whole. Raises Uncleanable."""
    seen = Seen()
    try:
        made = KINDS[ending].clean(data, seen)
    except Uncleanable:
        raise
    except (MemoryError, RecursionError) as e:
        raise Uncleanable("large") from e
    except Exception as e:
        # Whatever a library says about a file that is not as it should be.
        raise Uncleanable("broken") from e
    visible = stands_in(seen.texts, forget)
    named = whole_in(seen.texts, forget) if visible else []
    contact = any(map(has_contact, seen.read))
    return Clean(made, visible, [*named, *whole_among(seen.texts, others)], contact)
