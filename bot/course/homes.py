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
    Home("rooms", "a quiet room"): "room quiet_room study_room coworking co_working",
    Home("live", "a live session"): "live_session call session meeting zoom webinar office_hour office_hours",
}
_HOMES = {word: home for home, words in _WORDS.items() for word in words.split()}

_OF_COHORT = {
    "start starts start_date starts_on start_on begin begins begins_on date startdatum beginn inicio": (
        "a course can run many times, and each cohort has a start of its own.",
        "leave it out; `pacekeeper cohort create FILE --start {day}` gives it",
    ),
    "end ends end_date ends_on enddatum fin fim": (
        "the cohort's start and the number of weeks give it.",
        "leave it out",
    ),
    "zone timezone time_zone tz zeitzone": (
        "each cohort has a zone of its own, and each learner.",
        "leave it out; `pacekeeper cohort create FILE --zone {zone}` gives it",
    ),
    "holiday holidays breaks vacation vacations days_off feiertage ferien": (
        "holidays are those of a cohort.",
        "leave it out; `pacekeeper cohort create FILE --holiday 2026-12-25` gives one, as often as needed",
    ),
    "instructor instructors teacher teachers trainer trainers tutor tutors facilitator facilitators manager learners "
    "students participants people staff dozent dozentin lehrer lehrerin profesor profesora professor professora": (
        "each cohort has people of its own.",
        "leave it out; `pacekeeper cohort name` gives somebody a role, and `pacekeeper cohort roster` brings many in",
    ),
}
_OF_COHORTS = {word: said for words, said in _OF_COHORT.items() for word in words.split()}
"""What a cohort has and no course file: why, and what to do."""


def of_cohort(word: str, value: str) -> tuple[str, str] | None:
    """Why a key is none of a course file, and where the cohort gets it; None for another key."""
    said = _OF_COHORTS.get(plain_word(word.strip()).replace("-", "_").replace(" ", "_"))
    if said is None:
        return None
    day = value if re.fullmatch(r"\d{4}-\d\d-\d\d", value) else "2026-03-02"
    zone = value if re.fullmatch(r"[A-Z]\w+(?:/\w+){1,2}", value) else "Europe/Berlin"
    return said[0], said[1].format(day=day, zone=zone)


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
