"""From the form of a proposal to a course file with the session, and what the gate says of it at which field."""

from collections.abc import Iterator, Sequence

from bot.core.actions import read_number
from bot.core.errors import FormRefused
from bot.core.forms import Values
from bot.course import compound, edit, structure
from bot.course.gate.objectives import kept, says_what
from bot.course.gate.payment import fitting, identified
from bot.course.gate.values import Failed
from bot.course.grammar import MapOf
from bot.course.keys import METRIC, PAYMENT
from bot.course.model import Course
from bot.course.source import double_quoted
from bot.features.live.rules import Weighed
from bot.features.live.store import Session

NONE = "none"
"""Chosen in place of an objective, or of another way."""

TRIAL, POLICY = "trial", "policy"
HOW = (TRIAL, POLICY)
"""How a session takes effect by its manager's word alone."""

FIELD = {"optional": "kind", "trial": "", "week": ""}
"""The field that answers for a key of the session, if it has another name."""


def meant(subject: str) -> tuple[int, str]:
    """The week of a form, and how its session is to take effect: '' for one that answers every question."""
    week, _dot, how = subject.partition(".")
    return read_number(week) or 0, how if how in HOW else ""


def id_for(course: Course, week: int, title: str, sessions: Sequence[Session]) -> str:
    """The id of a proposed session: the one that it had if it was taken out of its week, so that those who said yes to
    it read that it takes place; else a new one, which may become that of what replaces it. `sessions`: those that
    learners were told of, also where the course has them no more."""
    used = {one.id for one in course.live} | {one.id for one in identified(course)}
    for one in sessions:
        if one.is_called(title, week) and one.state == "removed" and one.name not in used:
            return one.name
    known = used | {one.name for one in sessions}
    names = (f"live-{week}" if n == 1 else f"live-{week}-{n}" for n in range(1, len(known) + 2))
    return next(name for name in names if name not in known)


def drafted(course: Course, text: str, week: int, id: str, said: Values, how: str = "") -> str:
    """The file with the session of a form. Raises FormRefused."""
    problems: dict[str, str] = {}
    pays = list(_read("pays", said.get("pays", ""), PAYMENT, problems))
    if "pays" in problems:
        problems["pays"] = fitting(problems["pays"], course, week)
    metric = next(_read("metric", said.get("metric", ""), METRIC, problems), None)
    if problems:
        raise FormRefused(problems)
    other = "recording" if how == POLICY else said.get("alternative", "")
    values = {
        name: said.get(name, "") for name in ("title", "minutes", "slots", "kind", "objective", "reflection", "link")
    }
    if not says_what(values["objective"]):
        values["objective"] = ""
    values |= {"id": id, "week": str(week), "goal": said.get("goal", ""), "optional": "yes"}
    left_out = how == TRIAL and not said.get("recorded")
    values["recorded"] = "no" if said.get("kind") == "sensitive" or left_out else "yes"
    if how == TRIAL:
        values["trial"] = "yes"
    elif how == POLICY:
        values |= {"optional": "no", "mandated": said.get("mandated", "")}
    more = []
    if other in ("recording", "feedback"):
        values["alternative"] = other
    elif other and other != NONE:
        more.append(f"alternative: {{item: {double_quoted(other)}}}")
    if pays:
        listed = ", ".join(f"{{item: {double_quoted(p['item'])}, minutes: {p['minutes']}}}" for p in pays)
        more.append(f"pays: [{listed}]")
    if metric is not None:
        more.append(f"metric: {{attended: {metric['attended']}, worth: {metric['worth']}}}")
    if not kept(course) and (objective := values["objective"].strip()):
        text = edit.replaced(text, "course", {"live_only": objective})
    return structure.added(text, "live", values, more=more)


def _read(name: str, lines: str, declared: MapOf, problems: dict[str, str]) -> Iterator[Values]:
    for line in filter(None, map(str.strip, lines.splitlines())):
        try:
            yield compound.read(line, declared)
        except ValueError as wrong:
            problems[name] = str(wrong)


def fields_of(one: Weighed, fields: Sequence[str]) -> Iterator[tuple[str, Failed]]:
    """What holds a session, each with the field that answers it; '' if no field does."""
    for failed in one.holding:
        field = FIELD.get(failed.key, failed.key)
        if field == "recorded" and field not in fields:
            field = "kind"
        is_recorded = one.live.recorded and one.live.kind != "sensitive"
        if failed.key == "alternative" and one.live.alternative.text == "recording" and is_recorded:
            field = "reflection"
        yield field if field in fields else "", failed
