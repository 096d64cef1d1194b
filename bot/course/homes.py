"""Where something belongs that an author wrote into a week: 'read: A chapter' is a material, 'homework: …' a
milestone."""

import re
from dataclasses import dataclass

from bot.course.source import quoted
from bot.course.value_types.texts import plain_word, slug


@dataclass(frozen=True, slots=True)
class Home:
    """The list of the course file for things of a kind. `says`: 'a material'; `kind`: the `kind` of a material."""

    section: str
    says: str
    kind: str = ""

    def place(self, week: int) -> str:
        if self.section == "materials":
            return f"into the `materials` of week {week}"
        return f"to `{self.section}`, at the top level below all weeks"

    def example(self, title: str, week: int) -> str:
        """An item of that list, as YAML in one line; '' where the title does not say enough."""
        if not title:
            return ""
        if self.section == "materials":
            return f"{{title: {quoted(title)}, kind: {self.kind}}}"
        if self.section != "milestones":
            return ""
        id = "-".join(slug(title).split("-")[:4])
        return f"{{id: {id}, week: {week}, title: {quoted(title)}, due: Sun 23:59 aoe}}"


_WORDS = {
    Home("materials", "a material", "reading"): "read reading article book chapter lesen leer ler",
    Home("materials", "a material", "video"): "video watch film movie screencast ansehen",
    Home("materials", "a material", "audio"): "audio listen podcast",
    Home("materials", "a material", "exercise"): "exercise practice try ubung ejercicio exercicio",
    Home("milestones", "a milestone"): (
        "homework assignment deliverable task project submission submit hand_in handin milestone hausaufgabe aufgabe "
        "abgabe tarea tarefa entrega"
    ),
    Home("prompts", "a wrap-up prompt"): "prompt wrapup wrap_up reflection reflect checkout survey feedback",
    Home("discussions", "a discussion"): "discussion discuss forum debate diskussion",
    Home("checkins", "a check-in"): "checkin check_in standup stand_up",
    Home("reviews", "a peer review"): "review peer_review",
    Home("live", "a live session"): "live_session call session meeting zoom webinar office_hour office_hours",
}
_HOMES = {word: home for home, words in _WORDS.items() for word in words.split()}

_WEEK = re.compile(r"(?:week|woche|semana|semaine|settimana|module|unit)?[ _-]?(\d{1,2})")


def home_of(word: str) -> Home | None:
    """Where what stands under this key belongs."""
    return _HOMES.get(plain_word(word.strip()).replace("-", "_").replace(" ", "_"))


def week_number(word: str, value: str = "") -> int | None:
    """The number of a week that is written as a key: `week: 1`, `week 1`, `1`."""
    found = _WEEK.fullmatch(f"{word.strip().lower()} {value.strip()}".strip())
    return int(found[1]) if found else None


def is_known(word: str) -> bool:
    """Whether a week's key without a place there is one of these."""
    return home_of(word) is not None or week_number(word, "1") is not None
