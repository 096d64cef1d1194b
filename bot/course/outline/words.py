"""The words by which lines of an outline are known, in English, German, Spanish and Portuguese."""

import re
from math import ceil

from bot.core.message import unwrapped

WORDS = {
    "goal": (
        r"goals?|objectives?|learning (?:goals?|objectives?|outcomes?)|outcomes?|aims?|by the end|"
        r"you (?:can|will)|(?:learners|students|participants) (?:can|will)|ziele?|lernziele?|objetivos?|"
        r"metas?"
    ),
    "self_check": (
        r"quiz(?:zes)?|self[- ]?(?:checks?|tests?)|check yourself|questions?|selbsttests?|fragen?|"
        r"autoevaluaci[oó]n|preguntas?"
    ),
    "live": (
        r"live|calls?|zoom|meet(?:ings?|up)?|webinars?|office hours|workshops?|sessions?|q ?& ?a|"
        r"sprechstunde|treffen|videollamada|reuni[oó]n|llamada|reuni[aã]o"
    ),
    "milestones": (
        r"hand(?:ing)? in|submit|submissions?|assignments?|milestones?|deliverables?|homework|essays?|"
        r"projects?|tasks?|due|write|draft|build|abgaben?|(?:haus)?aufgaben?|schreib\w*|entregas?|entrega[rd]?|tareas?|"
        r"tarefas?|einreichen"
    ),
    "discussions": (
        r"discuss(?:ions?)?|debates?|forums?|talk about|diskussion(?:en)?|diskutier\w*|discut\w+|"
        r"discusi[oó]n|discuss[aã]o|foro"
    ),
    "prompts": (
        r"reflect(?:ions?)?|wrap[- ]?ups?|journals?|check[- ]?ins?|prompts?|reflexi[oó]n|reflektier\w*|"
        r"r[uü]ckblick|diario"
    ),
    "video": (
        r"watch(?:ing)?|videos?|films?|lectures?|screencasts?|recordings?|sieh|schau\w*|ansehen|mira|"
        r"v[ií]deos?|assista"
    ),
    "audio": r"listen(?:ing)?|podcasts?|audio|h[oö]r\w*|escucha\w*|ou[cç]a",
    "reading": (
        r"read(?:ings?)?|articles?|chapters?|books?|papers?|lies|lesen|lekt[uü]re|texte?|lee[r]?|"
        r"lecturas?|ler|leituras?|leia|materials?|resources?|material(?:ien|es)?"
    ),
    "exercise": r"exercises?|practi[cs]e|try|work through|activit(?:y|ies)|[uü]bung(?:en)?|ejercicios?|exerc[ií]cios?",
    "tool": r"tools?|install|download|werkzeuge?|herramientas?",
}
_KINDS = {
    kind: re.compile(rf"(?P<word>{words})\b(?P<label> {{0,3}}\d{{0,3}} ?[:–—] ?| - )?(?P<rest>.*)", re.IGNORECASE)
    for kind, words in WORDS.items()
}
_SECTION = {kind: re.compile(rf"(?:{words}) {{0,3}}:?", re.IGNORECASE) for kind, words in WORDS.items()}
MATERIALS = ("video", "audio", "reading", "exercise", "tool")

_COLUMNS = {
    "week": r"weeks?|wk|module|unit|lesson|session|no|nr|#|woche|modul|einheit|semana|m[oó]dulo|unidade?",
    "topic": r"topics?|themes?|titles?|subjects?|thema|themen|titel|temas?|t[ií]tulo|t[oó]picos?",
    "item": r"activit(?:y|ies)|items?|what|steps?|aktivit[aä]t(?:en)?|actividad(?:es)?|atividades?",
    "type": r"types?|kind|format|art|typ|tipo",
    "date": r"dates?|days?|datum|wann|fechas?|datas?",
    "due": r"due|deadlines?|due dates?|f[aä]llig|abgabe(?:termin|frist)|fecha de entrega|prazo",
    "time": r"time|minutes|min|duration|length|hours|effort|dauer|zeit|minuten|tiempo|duraci[oó]n|tempo",
    "link": r"links?|urls?",
}
_COLUMN = {
    kind: re.compile(rf"(?:{words})(?!\w).{{0,60}}", re.IGNORECASE) for kind, words in {**_COLUMNS, **WORDS}.items()
}

LINK = re.compile(r"\[([^\[\]]{1,300})\]\((https?://[^\s()]{1,500})\)")
ADDRESS = re.compile(r"https?://[^\s<>()\"']{1,500}")
TIME = re.compile(
    r"\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)(?:day|sday|nesday|rsday|urday)? (\d{1,2}:\d\d)\b"
    r"(?! ?(?:[AaPp][Mm]|[A-Z]{3,4})\b)"
)
SOME_TIME = re.compile(
    r"\b\d{1,2}:\d\d\b|\b\d{1,2} ?[ap]\.?m\b|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|"
    r"\b\d{1,2} uhr\b|\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b",
    re.IGNORECASE,
)
_UNIT = r"(minutes?|minuten|minutos?|mins?|hours?|hrs?|h|stunden?|std|horas?)"
MINUTES = re.compile(
    rf"\(?\b(?:\d{{1,3}} ?[-–] ?)?(\d{{1,3}}(?:[.,]\d{{1,2}})?) ?"
    rf"(?:{_UNIT}\b\.?(?: ?(?:and |und |y )?(\d{{1,2}}) ?(?:min\w{{0,6}})?)?"
    r"|['′](?!\w))\)?",
    re.IGNORECASE,
)
LENGTH = re.compile(r"[(\[](?:(\d{1,2}):)?(\d{1,3}):(\d\d)(?: ?min)?[)\]]")
"""The length of a recording, such as '(12:30)'."""
BUDGET = re.compile(
    r"\b(\d{1,3}) ?(minutes?|minuten|minutos|mins?|hours?|hrs?|h|std|stunden?|horas?)\.? ?"
    r"(?:(?:a|per|each|pro|por|je|a la) |/ ?)(?:week|wk|woche|semana)\b",
    re.IGNORECASE,
)
FILLING = re.compile(
    r"\b(?:about|around|ca|circa|approx(?:imately)?|roughly|up to|time|workload|effort|expect|etwa|rund|zeit|"
    r"(?:zeit|arbeits)aufwand|unos|cerca de|tiempo|dedicaci[oó]n)\b",
    re.IGNORECASE,
)
"""Words around the time a week that say nothing else."""
NUMBERED = re.compile(
    r"(week|module|unit|lesson|session|part|chapter|woche|modul|einheit|lektion|teil|semana|m[oó]dulo|unidade?|semaine)"
    r"[ns]?\s{0,3}#?(\d{1,3})(?:\s?[-–—]\s?(\d{1,3}))?(?![\w:]\w)\s{0,3}[:.)–—-]*\s{0,3}(.*)",
    re.IGNORECASE,
)
_WORDED = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBERS = {word: str(number) for number, word in enumerate(_WORDED, 1)}
IN_WORDS = re.compile(rf"(week|module|unit|lesson|session|part|chapter) ({'|'.join(NUMBERS)})\b", re.IGNORECASE)
TITLED = re.compile(r"(?:course|title|subject|kurs|titel|betreff|curso|t[ií]tulo|asunto)\s?: ?(.+)", re.IGNORECASE)

# Dates

_MONTH = (
    r"(?:jan|feb|fev|m[aä]r|apr|abr|ma[iy]|jun|jul|aug|ago|sep|set|oct|okt|out|nov|dec|dez|dic|ene)[a-zç]{0,8}\.?(?!\w)"
)
_DAY = (
    rf"(?:\d{{1,2}}(?:st|nd|rd|th|\.)? ?(?:of |de )?{_MONTH}|{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?!\d)|"
    r"\d{4}-\d\d-\d\d|\d{1,2}\.\d{1,2}\.(?:\d{4}|\d\d)?|\d{1,2}/\d{1,2}/\d{2,4})"
)
_WEEKDAYS = {
    "Mon": r"mon(?:day)?|montag|mo|lunes|segunda(?:-feira)?",
    "Tue": r"tue(?:s|sday)?|dienstag|di|martes|ter[cç]a(?:-feira)?",
    "Wed": r"wed(?:s|nesday)?|mittwoch|mi|mi[eé]rcoles|quarta(?:-feira)?",
    "Thu": r"thu(?:r|rs|rsday)?|donnerstag|do|jueves|quinta(?:-feira)?",
    "Fri": r"fri(?:day)?|freitag|fr|viernes|sexta(?:-feira)?",
    "Sat": r"sat(?:urday)?|samstag|sa|s[aá]bado",
    "Sun": r"sun(?:day)?|sonntag|so|domingo",
}
_WEEKDAY = "|".join(_WEEKDAYS.values())
_IS_WEEKDAY = {name: re.compile(rf"(?:{words})", re.IGNORECASE) for name, words in _WEEKDAYS.items()}
_RANGE = (
    r"(?:\d{1,2}/\d{1,2} ?[-–—] ?\d{1,2}/\d{1,2}|"
    rf"(?:(?:{_WEEKDAY})\.?,? )?(?:\d{{1,2}}\.? ?(?:-|–|—|to|bis|al|a) ?)?{_DAY}(?:,? \d{{4}})?"
    rf"(?: ?(?:-|–|—|to|bis|al|a) ?(?:{_DAY}|\d{{1,2}}(?!\d))(?:,? \d{{4}})?)?)"
)
_DATES = re.compile(
    rf"[(\[] ?{_RANGE} ?[)\]]|(?<=[,–—:-] ){_RANGE}(?= ?(?:[:,–—-]|$))|^{_RANGE}(?= ?[:,–—-])", re.IGNORECASE
)
_ONLY_DATES = re.compile(_RANGE, re.IGNORECASE)
_DUE = re.compile(
    rf"[(\[]?(?:\b(?:due|deadline|f[aä]llig|abgabe|entrega|para|hasta|by|bis|before|until|no later than)\b:? ?)+"
    rf"(?:(?:on|by|am|bis|zum|el|the|end of|latest)\b:? ?){{0,3}}"
    rf"(?:(?P<day>{_WEEKDAY})\b\.?,? ?(?:(?:at|um|by|a las) )?"
    r"(?P<time>\d{1,2}:\d\d ?(?:[ap]\.?m\b\.?)?|\d{1,2} ?(?:[ap]\.?m\b\.?|uhr)|night|noon|midnight|evening|morning|"
    r"midday|eod|abend|mittag|mitternacht|noche)?"
    rf"|(?P<date>{_RANGE}|\d{{1,2}}/\d{{1,2}}))(?P<clock> (?:[A-Z]{{3,4}}|uhr)\b)?[)\]]?",
    re.IGNORECASE,
)
_NAMED = {"noon": "12:00", "midday": "12:00", "mittag": "12:00", "morning": "09:00"}


def kind_of(text: str) -> tuple[str, str]:
    """What a line is by its first words, and the line without a label such as 'Reading:'."""
    bare = text.replace("*", "").replace("_", " ").strip()
    for kind, pattern in _KINDS.items():
        if found := pattern.match(bare):
            labelled = found["label"] and found["rest"].strip()
            return kind, found["rest"].strip() if labelled else bare
    return "", text


def is_section(kind: str, text: str) -> bool:
    """Whether a line is only the word for what stands below it."""
    return bool(kind) and _SECTION[kind].fullmatch(text.strip()) is not None


def column_of(heading: str) -> str:
    """What a column of a table holds: a kind, or a key of `_COLUMNS`; '' where its heading does not say it."""
    bare = heading.replace("*", "").strip(" :")
    return next((kind for kind, pattern in _COLUMN.items() if pattern.fullmatch(bare)), "")


def minutes_in(found: re.Match[str]) -> int:
    number = float(found[1].replace(",", "."))
    is_hours = (found[2] or "")[:1].lower() in ("h", "s")
    more = int(found[3]) if is_hours and len(found.groups()) > 2 and found[3] else 0
    return max(1, round(number * (60 if is_hours else 1)) + more)


def length_in(found: re.Match[str]) -> int:
    """The minutes of a length such as '12:30' or '1:02:30'."""
    return max(1, 60 * int(found[1] or 0) + int(found[2]) + ceil(int(found[3]) / 60))


def undated(heading: str) -> tuple[str, str]:
    """The heading of a week without its dates, and these."""
    if _ONLY_DATES.fullmatch(heading.strip()):
        return "", heading.strip()
    found = [one[0] for one in _DATES.finditer(heading)]
    return _DATES.sub("", heading) if found else heading, ", ".join(one.strip(" ()[]") for one in found)


def due_in(text: str) -> tuple[str, str, str]:
    """A text without the time at which it is due, that as it is written, and as a moment ('' if it is none)."""
    found = _DUE.search(text)
    if found is None:
        return text, "", ""
    rest = f"{text[: found.start()].rstrip(' ,;:–—-(')} {text[found.end() :].lstrip(' ,;')}".replace(" :", ":")
    day = next((name for name, pattern in _IS_WEEKDAY.items() if pattern.fullmatch(found["day"] or "")), "")
    time = _clock((found["time"] or "").lower().replace(".", "").strip())
    is_known = day and time and not (found["clock"] or "").strip().isupper()
    moment = f"{day} {time}{' cohort' if found['time'] else ''}" if is_known else ""
    return rest.strip(), found[0].strip(" ()[]"), moment


def _clock(said: str) -> str:
    """A time of a day as 'HH:MM'; without one it is the day's end."""
    found = re.fullmatch(r"(\d{1,2})(?::(\d\d))? ?(am|pm|uhr)?", said)
    if found is None:
        return _NAMED.get(said, "23:59")
    hour = int(found[1]) % 12 + 12 * (found[3] == "pm") if found[3] in ("am", "pm") else int(found[1])
    return f"{hour:02}:{found[2] or '00'}" if hour < 24 and int(found[2] or 0) < 60 else ""


def titled(text: str) -> str:
    bare = plain(text)
    return bare[:1].upper() + bare[1:]


def plain(text: str) -> str:
    """A text without the signs of Markdown, and without what is left around something taken out of it."""
    bare = unwrapped(re.sub(r"[*`]|(?<!\w)_|_(?!\w)", "", text))
    return re.sub(r"(?: ?,)+(?= ?,)|[(\[]\s?[)\]]", "", bare).strip(" ,;:–—-").strip()
