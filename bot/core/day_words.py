"""The words of days in German, Portuguese, Spanish and French, and what they are in English."""

import re
import unicodedata

_MEANS = {
    "jan": "januar janeiro enero ene janvier",
    "feb": "februar fevereiro fev febrero février",
    "mar": "märz maerz mrz março marzo mars",
    "apr": "abril abr avril",
    "may": "mai maio mayo",
    "jun": "juni junho junio juin",
    "jul": "juli julho julio juillet",
    "aug": "agosto ago août",
    "sep": "setembro septiembre setiembre septembre",
    "oct": "oktober okt outubro octubre octobre",
    "nov": "novembro noviembre novembre",
    "dec": "dezember dezembro dez diciembre dic décembre",
    "mon": "montag montags segunda seg lunes lundi",
    "tue": "dienstag dienstags terça ter martes mardi",
    "wed": "mittwoch mittwochs quarta qua miércoles mié mercredi",
    "thu": "donnerstag donnerstags quinta qui jueves jue jeudi",
    "fri": "freitag freitags sexta sex viernes vie vendredi",
    "sat": "samstag samstags sonnabend sábado sáb samedi",
    "sun": "sonntag sonntags domingo dom dimanche",
    "today": "heute hoje hoy aujourd'hui",
    "tomorrow": "tmrw tmr morgen amanhã mañana demain",
    "overmorrow": "übermorgen",
    "day": "tag dia día jour",
    "days": "tage tagen dias días jours",
    "week": "wk woche semana semaine",
    "weeks": "wks wochen semanas semaines",
    "weekend": "wochenende",
    "next": "nxt nächste nächsten nächster nächstes kommende kommenden próxima próximo prochaine prochain",
    "this": "diese diesen dieser dieses esta este cette ce",
    "until": "bis até hasta jusqu'au jusqu'à",
    "from": "vom von ab desde du del",
    "between": "zwischen entre",
    "to": "zum zur au ao al",
    "of": "de do da",
    "and": "und y et e",
    "for": "für para por durante pour pendant",
    "a": "ein eine einen einer um uma un una une",
    "2": "two zwei dois duas dos deux",
    "3": "three drei três tres trois",
    "4": "four vier quatro cuatro quatre",
    "5": "five fünf cinco cinq",
    "6": "six sechs seis",
    "7": "seven sieben sete siete",
    "8": "eight acht oito ocho huit",
    "9": "nine neun nove nueve neuf",
    "14": "fourteen vierzehn catorze quatorze",
    "10": "ten zehn diez dix",
    "": "der die das den dem am im el la los las le les o os na no nas nos em en lang",
}
_PHRASES = (
    (re.compile(r"(?<=[^\W\d_])[- ]feiras?\b"), ""),
    (re.compile(r"\b(?:fi[mn] de semana|week-end)\b"), "weekend"),
    (re.compile(r"\b(?:depois de amanha|pasado manana|apres-demain)\b"), "overmorrow"),
    (re.compile(r"\b(?:den )?(?:rest der woche|rest[oe] (?:da|de la) sema(?:na|ine))\b"), "rest of the week"),
    (re.compile(r"\ba partir d[eo]\b|\bdo dia\b"), "from"),
    (re.compile(r"\bdias? (?=\d)"), ""),
    (re.compile(r"\b(semana|segunda|terca|quarta|quinta|sexta|sabado|domingo) que vem\b"), r"next \1"),
    (re.compile(r"\b(semana|lunes|martes|miercoles|jueves|viernes|sabado|domingo) que viene\b"), r"next \1"),
    (re.compile(r"\b(semaine|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche) prochaine?\b"), r"next \1"),
    (re.compile(r"(?<=\d)(?:er|[oa])\b"), ""),
)  # fmt: skip
"""What is more than one word, without accents."""

_SHORT = {"mo": "mon", "di": "tue", "mi": "wed", "do": "thu", "fr": "fri", "sa": "sat", "so": "sun"}
_DAY = rf"(?:{'|'.join(_SHORT)})\.?"
_SHORT_DAYS = re.compile(rf"(?:(?:von|ab|bis|am) )?{_DAY}(?: ?(?:-|–|bis|und|,) ?{_DAY}){{0,6}}")
"""German abbreviations are other words elsewhere ('so', 'do'), so nothing else may stand beside them."""


def _plain(text: str) -> str:
    """Without accents."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


_ENGLISH = {_plain(word): english for english, words in reversed(_MEANS.items()) for word in words.split()}
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_TO = re.compile(r"(?<=\S) a (?!(?:day|week|weekend|few|couple)\b)")

WORDS = sorted({"à", *(form for words in _MEANS.values() for w in words.split() for form in (w, _plain(w)))})
"""Every word of a day, with and without its accents."""


def in_english(text: str) -> str:
    """Lower-case words about days in English. English stays as it is."""
    said = _plain(text)
    if _SHORT_DAYS.fullmatch(said):
        said = _WORD.sub(lambda found: _SHORT.get(found[0], found[0]), said)
    for pattern, english in _PHRASES:
        said = pattern.sub(english, said)
    said = _WORD.sub(lambda found: _ENGLISH.get(found[0], found[0]), said)
    said = " ".join(_TO.sub(" to ", said).split())
    return said.replace("until to ", "until ").replace("from of ", "from ")
