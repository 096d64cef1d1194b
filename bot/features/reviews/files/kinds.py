"""The kinds of files that can be cleaned, by their endings."""

from collections.abc import Collection

from bot.features.reviews.files.naming import stands_in
from bot.features.reviews.files.pictures import cleaned_jpeg, cleaned_png
from bot.features.reviews.files.refusing import MOST_BYTES, Budget, Seen, Uncleanable


def clean(ending: str, data: bytes, forget: Collection[str]) -> tuple[bytes, bool]:
    """The file without what names people, and whether one of these names stands in its text. Raises Uncleanable."""
    if len(data) > MOST_BYTES:
        raise Uncleanable("large")
    seen = Seen()
    try:
        made = _cleaned(ending, data, seen)
    except Uncleanable:
        raise
    except (MemoryError, RecursionError) as e:
        raise Uncleanable("large") from e
    except Exception as e:
        # Whatever a library says about a file that is not as it should be.
        raise Uncleanable("broken") from e
    return made, stands_in(seen.texts, forget)


def _cleaned(ending: str, data: bytes, seen: Seen) -> bytes:
    """The libraries are read only for the files that need them."""
    match ending:
        case "jpg" | "jpeg":
            return cleaned_jpeg(data)
        case "png":
            return cleaned_png(data)
        case "docx" | "xlsx" | "pptx":
            from bot.features.reviews.files.office import cleaned_office

            return cleaned_office(ending, data, seen, Budget())
        case "odt":
            from bot.features.reviews.files.opendocument import cleaned_text

            return cleaned_text(data, seen, Budget())
        case "pdf":
            from bot.features.reviews.files.pdf import cleaned_pdf

            return cleaned_pdf(data, seen)
    raise Uncleanable("kind")
