"""Texts: what people read, ids, languages and links."""

import re
import unicodedata
from dataclasses import dataclass, field

from bot.core.translation import N_
from bot.core.typed import is_address
from bot.course.value_types.scalar import Scalar, Schema, Wrong


@dataclass(frozen=True)
class Text(Scalar):
    says: str = N_("text")
    example: str = "…"

    def parse(self, text: str) -> str:
        return text.strip()

    def doubt(self, text: str) -> Wrong | None:
        plain = text.strip()
        if _PLACEHOLDER.fullmatch(plain):
            return Wrong("placeholder", f"people would read `{plain}`.")
        return None

    def schema(self) -> Schema:
        # An unquoted number or yes/no is read as text.
        return {"type": ["string", "number", "boolean"], "minLength": 1}


@dataclass(frozen=True)
class ShortText(Text):
    """Text of at most `most` characters, because a button or a message holds no more."""

    most: int = 70
    says: str = field(init=False, default="")

    def __init__(self, most: int) -> None:
        object.__setattr__(self, "most", most)
        object.__setattr__(self, "says", f"text of at most {most:,} characters")

    def parse(self, text: str) -> str:
        found = super().parse(text)
        if len(found) > self.most:
            raise Wrong("too-long", f"it has {len(found):,} characters, and {self.most:,} fit.")
        return found

    def schema(self) -> Schema:
        return {**super().schema(), "maxLength": self.most}


_PLACEHOLDER = re.compile(r"(?:tb[acd]|to ?do|xxx+|fixme|\?+|…|\.\.\.)[.!:]?", re.IGNORECASE)


_CURLY = re.compile(r"[“”„«‹‘]([^“”„«»‹›‘]*)[”“»›’]")
"""A value between two typographic quotes, which are no quotes to YAML."""


def shown(text: str) -> str:
    """A value without what YAML and people do not take for a part of it: characters that are not shown, and typographic
    quotes around it."""
    plain = "".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc")).replace("\u00a0", " ").strip()
    pair = _CURLY.fullmatch(plain)
    return pair[1].strip() if pair else plain


_BEHIND = re.compile(r"(?<=[^\s,;])\s?[,;]\Z")


def plain(text: str) -> str:
    """A value other than a text as an English keyboard writes it: `shown`, with its digits, colons, apostrophes and
    spaces, and without a comma behind it."""
    return _BEHIND.sub("", "".join(_keyed(c) for c in shown(text)))


def _keyed(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if unicodedata.category(character) == "Zs":
        return " "
    if character in "’‘ʼ′":
        return "'"
    # The ASCII signs as a Chinese or Japanese keyboard writes them.
    return chr(ord(character) - 0xFEE0) if "\uff01" <= character <= "\uff5e" else character


ID = re.compile(r"[a-z0-9](?:[a-z0-9_-]{0,38}[a-z0-9])?")


@dataclass(frozen=True)
class Id(Scalar):
    says: str = N_("an id: small letters, digits, `-` and `_`, at most 40")
    example: str = "my-id"

    def parse(self, text: str) -> str:
        if not ID.fullmatch(text):
            foreign = "".join(c for c in plain_word(text) if c.isalnum() and not c.isascii())
            if foreign:
                # Left out, such a letter would make another id of it.
                name = unicodedata.name(foreign[0], "").lower()
                message = (
                    f"`{text}` cannot be an id: it has `{foreign[0]}` ({name}). An id has letters from a to z only."
                )
                raise Wrong("id", message)
            raise Wrong("id", f"`{text}` cannot be an id: an id has small letters, digits, - and _.", slug(text))
        return text

    def schema(self) -> Schema:
        return {"type": ["string", "integer"], "pattern": f"^{ID.pattern}$"}


def slug(text: str) -> str:
    """An id made from any text."""
    plain = re.sub(r"[^a-z0-9_]+", "-", plain_word(text)).strip("-_")
    return plain[:40].strip("-_") or "my-id"


def plain_word(text: str) -> str:
    """Small letters without accents."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LIGATURES))
    return "".join(c for c in letters if not unicodedata.combining(c))


_LIGATURES = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d"})


LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}")


_LANGUAGES = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        english=en german=de deutsch=de spanish=es espanol=es castellano=es french=fr francais=fr arabic=ar
        portuguese=pt portugues=pt italian=it italiano=it dutch=nl
        turkish=tr polish=pl ukrainian=uk russian=ru hindi=hi chinese=zh japanese=ja korean=ko
        """,
    )
)
"""Names that people write for a code, without accents. 'und' says that the language is not known."""


_REGIONS = dict(
    re.findall(
        r"(\w+)=(\w+)",
        """
        us=US usa=US american=US uk=GB gb=GB british=GB england=GB ireland=IE irish=IE canada=CA canadian=CA
        australia=AU australian=AU india=IN indian=IN brazil=BR brasil=BR brazilian=BR portugal=PT
        mexico=MX mexican=MX argentina=AR spain=ES espana=ES austria=AT osterreich=AT austrian=AT
        switzerland=CH schweiz=CH suisse=CH swiss=CH germany=DE deutschland=DE france=FR belgium=BE
        """,
    )
)
"""Names of regions that people write behind a language, without accents."""


_CODES = frozenset(
    [
        "aa",
        "ab",
        "ae",
        "af",
        "ak",
        "am",
        "an",
        "ar",
        "as",
        "av",
        "ay",
        "az",
        "ba",
        "be",
        "bg",
        "bh",
        "bi",
        "bm",
        "bn",
        "bo",
        "br",
        "bs",
        "ca",
        "ce",
        "ch",
        "co",
        "cr",
        "cs",
        "cu",
        "cv",
        "cy",
        "da",
        "de",
        "dv",
        "dz",
        "ee",
        "el",
        "en",
        "eo",
        "es",
        "et",
        "eu",
        "fa",
        "ff",
        "fi",
        "fj",
        "fo",
        "fr",
        "fy",
        "ga",
        "gd",
        "gl",
        "gn",
        "gu",
        "gv",
        "ha",
        "he",
        "hi",
        "ho",
        "hr",
        "ht",
        "hu",
        "hy",
        "hz",
        "ia",
        "id",
        "ie",
        "ig",
        "ii",
        "ik",
        "io",
        "is",
        "it",
        "iu",
        "ja",
        "jv",
        "ka",
        "kg",
        "ki",
        "kj",
        "kk",
        "kl",
        "km",
        "kn",
        "ko",
        "kr",
        "ks",
        "ku",
        "kv",
        "kw",
        "ky",
        "la",
        "lb",
        "lg",
        "li",
        "ln",
        "lo",
        "lt",
        "lu",
        "lv",
        "mg",
        "mh",
        "mi",
        "mk",
        "ml",
        "mn",
        "mr",
        "ms",
        "mt",
        "my",
        "na",
        "nb",
        "nd",
        "ne",
        "ng",
        "nl",
        "nn",
        "no",
        "nr",
        "nv",
        "ny",
        "oc",
        "oj",
        "om",
        "or",
        "os",
        "pa",
        "pi",
        "pl",
        "ps",
        "pt",
        "qu",
        "rm",
        "rn",
        "ro",
        "ru",
        "rw",
        "sa",
        "sc",
        "sd",
        "se",
        "sg",
        "sh",
        "si",
        "sk",
        "sl",
        "sm",
        "sn",
        "so",
        "sq",
        "sr",
        "ss",
        "st",
        "su",
        "sv",
        "sw",
        "ta",
        "te",
        "tg",
        "th",
        "ti",
        "tk",
        "tl",
        "tn",
        "to",
        "tr",
        "ts",
        "tt",
        "tw",
        "ty",
        "ug",
        "uk",
        "ur",
        "uz",
        "ve",
        "vi",
        "vo",
        "wa",
        "wo",
        "xh",
        "yi",
        "yo",
        "za",
        "zh",
        "zu",
    ]
)
"""The languages that have a code of two letters."""


@dataclass(frozen=True)
class Language(Scalar):
    says: str = N_("the code of a language, such as `en`, `de` or `pt-BR`")
    example: str = "en"

    def parse(self, text: str) -> str:
        if not LANGUAGE.fullmatch(text):
            if LANGUAGE.fullmatch(code := text.replace("_", "-")):
                raise Wrong("language", f"`{text}` is not {self.says}.", code)
            words = re.findall(r"\w+", plain_word(text))
            named = [code for name, code in _LANGUAGES.items() if name in words]
            regions = {_REGIONS[word] for word in words if word in _REGIONS}
            same = "-".join([*named, *(regions if len(regions) == 1 else ())]) if len(named) == 1 else ""
            raise Wrong("language", f"`{text}` is not {self.says}.", same, () if same else (*named, "und"))
        return text

    def doubt(self, text: str) -> Wrong | None:
        code = text.partition("-")[0].lower()
        if len(code) != 2 or code in _CODES:
            return None
        return Wrong("language", f"`{code}` is the code of no language.", like=self.example)

    def schema(self) -> Schema:
        return {"type": "string", "pattern": f"^{LANGUAGE.pattern}$"}


_ADDRESS = re.compile(r"(?:[a-zA-Z]{3,6}:?/+)?((?:[\w-]+\.)+[a-zA-Z]{2,}(?::\d+)?(?:[/?#].*)?)")


_FILE = re.compile(r"[^/]*\.(?:pdf|docx?|pptx?|xlsx?|odt|md|txt|html?|mp[34]|zip|png|jpe?g)", re.IGNORECASE)


@dataclass(frozen=True)
class Link(Scalar):
    says: str = N_("a link: https://…")
    example: str = "https://example.org/page"

    def parse(self, text: str) -> str:
        if is_address(text):
            return text
        found = _ADDRESS.fullmatch(text.strip())
        address = re.sub(r"\s+", "%20", found[1]) if found and not _FILE.fullmatch(found[1]) else ""
        raise Wrong("link", f"`{text}` is not a link that opens.", address and f"https://{address}")

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^https?://\\S+$"}


@dataclass(frozen=True)
class SecureLink(Link):
    """A link that nobody reads on its way."""

    def parse(self, text: str) -> str:
        address = super().parse(text)
        if not address.startswith("https://"):
            raise Wrong("link", f"`{text}` does not begin with `https://`.", f"https://{address.partition('://')[2]}")
        return address

    def schema(self) -> Schema:
        return {"type": "string", "pattern": "^https://\\S+$"}
