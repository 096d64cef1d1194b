"""A recap goes out: into 'the week together', its thread and the next week's card; it is corrected or taken back."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from bot.core.contributions import TOGETHER_AT, Quote
from bot.core.due import Due, Plan
from bot.core.effects import week_thread
from bot.core.errors import FormRefused
from bot.core.facts import DeskChanged, ItemsChanged, TogetherChanged
from bot.core.feature import Reply, Submission
from bot.core.fingerprints import fingerprint
from bot.core.forms import Form, Stored
from bot.core.people import STAFF, Cohort, Person
from bot.core.timetable import DAY
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import typed_link, unfit_link
from bot.core.voice import Awaited
from bot.course.loader import course_of
from bot.course.model import Week
from bot.features.recaps import making, naming, rules, views
from bot.features.recaps.store import Recap, RecapStore

SHOW = "recaps.show"
WITHIN = timedelta(days=14)

Recaps = Turn[RecapStore]


def record_form(turn: Recaps, subject: str) -> Form:
    week, recap = making.meant(turn, subject)
    return views.record_form(turn.here, week, recap.url, making.script_of(turn, week, recap))


def stored(turn: Recaps, filled: Submission) -> list[Stored]:
    _week, recap = making.meant(turn, filled.subject)
    held = {name: value for name, value in (("url", recap.url), ("script", recap.script)) if value}
    return [Stored(held, _("another link was added") if recap.url else _("the script was edited"))]


def record(turn: Recaps, filled: Submission) -> Reply:
    """Posts the recap with its recording, or corrects one that is out."""
    url = typed_link(filled.values.get("url", ""))
    week, recap = making.meant(turn, filled.subject)
    if unfit := unfit_link(url):
        raise FormRefused({"url": unfit})
    if wrong := views.record_form(turn.here, week, recap.url, "").problems(filled.values):
        raise FormRefused(wrong)
    making.check_names(turn, filled.values["script"], making.draft(turn, turn.here, week), filled)
    week, recap = making.take(turn, filled)
    return _post(turn, week, replace(recap, url=url))


def post(turn: Recaps, subject: str) -> Reply:
    """Posts the script as a text, by one press. If it names somebody who has not agreed, a form asks whether they have;
    if a word only may be a name, a second press ('WEEK.words') says that it is none."""
    week, recap = making.meant(turn, subject)
    if recap.is_out:
        return making.page(turn, subject)
    now, quotes = making.drafted(turn, turn.here, week)
    script = recap.script or now
    names = making.unagreed(turn, turn.here, script, now)
    if names.named:
        return views.text_form(turn.here, week, script, names)
    if names.maybe and not subject.endswith(".words"):
        return views.page(turn.here, week, recap, script, (), names, held=True)
    draft = recap.base if recap.script else script
    out = replace(recap, script=script, base=draft, url="", by=turn.me.id)
    return _post(turn, week, out, quotes, names.words)


def post_agreed(turn: Recaps, filled: Submission) -> Reply:
    """Posts the script of the form as a text."""
    week, recap = making.meant(turn, filled.subject)
    if recap.is_out:
        return making.page(turn, filled.subject)
    if wrong := views.text_form(turn.here, week, "").problems(filled.values):
        raise FormRefused(wrong)
    making.check_names(turn, filled.values["script"], making.draft(turn, turn.here, week), filled)
    week, recap = making.take(turn, filled)
    return _post(turn, week, replace(recap, url=""))


def _post(
    turn: Recaps, week: Week, recap: Recap, quotes: Collection[Quote] = (), not_meant: Collection[int] = ()
) -> Reply:
    out = replace(recap, state="posted", posted_at=recap.posted_at or turn.now, taken_out_at=None, taken_out="")
    naming.keep(turn, turn.here, out, quotes, not_meant)
    _settle(turn, recap)
    plan(turn, out)
    turn.log(f"posted the recap of week {week.number}")
    there = bool(turn.collect(TOGETHER_AT, turn.here, week.number))
    return views.posted_receipt(turn.here, week, out, there, following(turn.here, week) is not None)


def following(cohort: Cohort, week: Week) -> Week | None:
    return course_of(cohort.course_text).week(week.number + 1)


def correct(turn: Recaps, filled: Submission) -> Reply:
    """Saves an edited script, and shows it wherever it is posted."""
    week, recap = making.take(turn, filled)
    if not recap.is_out:
        return making.page(turn, filled.subject)
    plan(turn, recap)
    turn.log(f"corrected the recap of week {week.number}")
    return views.corrected(turn.here, week)


def take_back(turn: Recaps, subject: str) -> Reply:
    """Takes the recap back. The script and the link stay with the course team."""
    week, recap = making.meant(turn, subject)
    if recap.is_out:
        back = replace(recap, state="draft", posted_at=None, by=turn.me.id, taken_out_at=None, taken_out="")
        naming.keep(turn, turn.here, back)
        _settle(turn, recap)
        turn.withdraw_post("main", recap.anchor)
        _tell(turn, week.number)
        turn.log(f"took back the recap of week {week.number}")
    return views.taken_back(turn.here, week)


def leave_out(turn: Recaps, subject: str) -> Reply:
    """No recap of this week, or one after all."""
    week, recap = making.meant(turn, subject)
    if recap.is_out:
        return making.page(turn, subject)
    now = replace(recap, state="draft" if recap.state == "left_out" else "left_out", by=turn.me.id)
    naming.keep(turn, turn.here, now)
    return views.left_out(turn.here, week) if now.state == "left_out" else making.page(turn, subject)


def read(turn: Recaps, subject: str) -> Reply:
    """A posted recap, for any member; the course team has its page."""
    if turn.roles & STAFF:
        return making.page(turn, subject)
    week, recap = making.meant(turn, subject)
    return views.post(week, recap) if recap.is_out else views.not_out(week)


# What the cohort sees


def plan(turn: Recaps, recap: Recap) -> None:
    """Shows the recap in the next step of the loop, by day."""
    words = fingerprint(f"{recap.script}{recap.url}")
    here = turn.here.id
    turn.plan(Plan(SHOW, f"{here}.{recap.week}", f"{turn.now.isoformat()}/{words}", turn.now, here))


def show_due(turn: Recaps, batch: Sequence[Due]) -> None:
    for due in batch:
        recap = naming.of_week(turn, turn.here, int(due.subject.partition(".")[2]))
        if recap.is_out:
            show(turn, recap)
            _tell(turn, recap.week)


def show(turn: Recaps, recap: Recap) -> None:
    """The post in the thread of 'the week together'. If that comes later, so does this; if there is none, it goes into
    the thread of the week."""
    cohort = turn.here
    week = course_of(cohort.course_text).week(recap.week)
    together = turn.collect(TOGETHER_AT, cohort, recap.week)
    roots = together or [week_thread(cohort.id, recap.week)]
    shown = turn.links.shown([*roots, recap.anchor])
    below = next((anchor for anchor in roots if anchor in shown), "")
    if week is not None and (below or recap.anchor in shown):
        turn.post("main", recap.anchor, views.post(week, recap), below=below or roots[0])


def _tell(turn: Recaps, week: int) -> None:
    """What other features show of it follows: 'the week together', and cards of the next week."""
    turn.happened(TogetherChanged(turn.here.id, week))
    # A zone may be a day ahead.
    if turn.now >= rules.span(turn.here, week)[1] - DAY:
        turn.happened(ItemsChanged(turn.here.id))


def unname(turn: Recaps, person: Person) -> None:
    """Takes a person out of all recaps of the cohort. Posted ones are edited."""
    changed = naming.unname(turn, person)
    _show_changed(turn, changed)
    _tell_of_recordings(turn, person.id, changed)


def unquote(turn: Recaps, person: int, texts: Collection[str]) -> None:
    """Takes quotes of these texts of a person out of all recaps of the cohort. Posted ones are edited."""
    changed = naming.unquote(turn, person, texts)
    _show_changed(turn, changed)
    _tell_of_recordings(turn, person, changed)


def requote(turn: Recaps, person: int, before: str, after: str) -> None:
    """Quotes what a person says now in all recaps of the cohort. Posted ones are edited."""
    _show_changed(turn, naming.requote(turn, person, before, after))


def _settle(turn: Recaps, recap: Recap) -> None:
    """The line about a recording that said what was taken back goes."""
    if recap.taken_out_at is not None:
        turn.happened(DeskChanged(turn.here.id, recap.on_desk, done=True))


def _tell_of_recordings(turn: Recaps, person: int, changed: Sequence[tuple[Recap, Recap]]) -> None:
    """Whoever is in a recording hears that only the course team can change it; the course team has a line for it."""
    for before, after in changed:
        if after.taken_out_at == before.taken_out_at:
            continue
        turn.happened(DeskChanged(turn.here.id, after.on_desk, again=True))
        if any(m.cohort == turn.here.id for m in turn.people.memberships(person)):
            said, key = views.still_recorded(after.week), f"{after.anchor}/{person}"
            turn.say(Awaited(person, turn.here.id, key, (said,), turn.now + WITHIN))


def _show_changed(turn: Recaps, changed: Sequence[tuple[Recap, Recap]]) -> None:
    for before, after in changed:
        if after.is_out and after.script != before.script:
            show(turn, after)
            turn.forget(before.script)
