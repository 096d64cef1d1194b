"""Words of a session that say the opposite of 'It is optional', which stands beside them."""

import re
from collections.abc import Iterator

from bot.core.small_words import words_of

_SESSION = (
    "session|call|meeting|attendance|participation|termin|sitzung|treffen|teilnahme|anwesenheit|séance|réunion|"
    "présence|sesión|reunión|asistencia|participación|sessão|reunião|presença|participação"
)
_DUTY = (
    "mandatory|compulsory|obligatory|graded|verpflichtend|pflicht|obligatorisch|benotet|obligatoire|notée?|"
    "obligatori[oa]|calificad[oa]|obrigatóri[oa]"
)
_IS = "is|ist|wird|est|sera|es|será|é"
_SAYS = re.compile(
    "|".join(
        (
            rf"(?:{_DUTY})",
            rf"(?:.* )?(?:{_SESSION})(?: (?:{_IS}))? (?:{_DUTY}|required)(?: .*)?",
            rf"(?:.* )?(?:{_DUTY}) (?:{_SESSION})(?: .*)?",
            rf"(?:it|this|coming|es|das|dies|c'est|ce|elle)(?: (?:{_IS}))? (?:{_DUTY})",
            rf"(?:{_IS}) (?:{_DUTY})",
            r"(?:.* )?(?:you|everyone|everybody|all|learners) (?:all )?(?:must|have to|has to) "
            r"(?:all )?(?:come|attend|join|be there)(?: .*)?",
            r"(?:.* )?(?:du musst|ihr müsst|alle müssen)(?: \S+)? (?:kommen|teilnehmen|dabei sein)",
            r"(?:.* )?(?:vous devez|tu dois|tous doivent) (?:tous )?(?:venir|participer|assister)(?: .*)?",
            r"(?:.* )?(?:debes|debéis|deben|tienes que|tenéis que) (?:venir|asistir)(?: .*)?",
            r"(?:.* )?(?:deves|devem|tens de|têm de|têm que) (?:vir|comparecer)(?: .*)?",
        )
    )
)
_NOT = words_of("""
no not never nobody none nothing isn't neither nor without if nicht kein keine keiner niemand nie ohne wenn
pas non aucun aucune rien personne sans si nunca nadie nada sin não nao ninguém nem sem se
""")


def binding(text: str) -> str:
    """The first part of a text that says that people have to come, or get a grade; empty: none does."""
    return next(_binding(text), "")


def _binding(text: str) -> Iterator[str]:
    for part in re.split(r"[.,;:!?()\n–—]|\s-\s|\band\b|\bund\b|\bet\b", text):
        said = " ".join(part.casefold().replace("’", "'").split())
        if _NOT.isdisjoint(said.split()) and _SAYS.fullmatch(said):
            yield part.strip()
