"""The script of a recap: made from what features contribute, and edited by instructors."""

from dataclasses import replace

from bot.core.actions import read_number
from bot.core.calendar import usual_items
from bot.core.contributions import NAMED, OUTLINE, RECAP, Quote
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.feature import Reply, Submission
from bot.core.forms import Form, Stored
from bot.core.people import Cohort, Person, Role
from bot.core.time import local_day
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim, visible
from bot.course.loader import course_of
from bot.course.model import Week
from bot.features.recaps import naming, rules, views
from bot.features.recaps.rules import Unagreed
from bot.features.recaps.store import Recap, RecapStore

Recaps = Turn[RecapStore]


def meant(turn: Recaps, subject: str) -> tuple[Week, Recap]:
    """A week that has begun for the acting person, and its recap. Raises NotFound or Refused."""
    week = course_of(turn.here.course_text).week(read_number(subject.partition(".")[0]) or 0)
    if week is None:
        raise NotFound(_("This week is not in the course any more."))
    if local_day(turn.now, turn.me.zone) < turn.here.timetable.monday(week.number):
        raise Refused(_("Week {number} has not begun, so there is nothing to tell yet.", number=week.number))
    return week, naming.of_week(turn, turn.here, week.number)


def draft(turn: Recaps, cohort: Cohort, week: Week) -> str:
    """What could be said about a week, from what is known now."""
    return drafted(turn, cohort, week)[0]


def drafted(turn: Recaps, cohort: Cohort, week: Week) -> tuple[str, list[Quote]]:
    """The same, with whose words are in it."""
    since, until = rules.span(cohort, week.number)
    passages = turn.collect(RECAP, cohort, week.number, since, min(until, turn.now))
    opening, closing = views.opening(week), _closing(turn, cohort, week)
    begins = [opening] if passages else [opening, views.untold(bool(turn.active(cohort, since, until)))]
    room = rules.WORDS - sum(rules.words(part) for part in (*begins, closing))
    said = rules.chosen(passages, room)
    return "\n\n".join([*begins, *(p.text for p in said), closing]), [q for p in said for q in p.quotes]


def _closing(turn: Recaps, cohort: Cohort, week: Week) -> str:
    following = course_of(cohort.course_text).week(week.number + 1)
    if following is None:
        return views.last_words()
    asked = [i for i in usual_items(turn, cohort, cohort.zone) if i.week == following.number]
    zones = {p.zone for p in turn.people.members(cohort.id, Role.LEARNER)}
    return views.comes_next(cohort, following, rules.to_name(asked), zones)


def script_of(turn: Recaps, week: Week, recap: Recap) -> str:
    """The script as it is now: the instructor's, or the draft."""
    return recap.script or draft(turn, turn.here, week)


def unagreed(turn: Recaps, cohort: Cohort, text: str, draft: str) -> Unagreed:
    """Those whom a text seems to name without their agreement. The course team needs no consent of its own; of those
    with one name, one who agreed is meant."""
    agreed, asked = set(turn.collect(NAMED, cohort)), turn.people.joined(cohort.id)
    found = rules.named_in(text, turn.people.members(cohort.id))
    fine = {word for p, word in found if p.id not in asked or p.id in agreed}
    named: list[str] = []
    maybe: list[Person] = []
    for person, word in found:
        # The words of the draft are no names of theirs: 'will', in the title of a week.
        usual = rules.times(word, draft)
        if word in fine or rules.times(word, text) <= usual:
            continue
        if usual or not rules.surely_named(text, person):
            maybe.append(person)
        else:
            named.append(person.name)
    return Unagreed(named, [p.name for p in maybe], [p.id for p in maybe])


def check_names(turn: Recaps, text: str, draft: str, filled: Submission) -> None:
    """Raises FormRefused if the text names learners who have not agreed, unless the form says that they have."""
    names = unagreed(turn, turn.here, text, draft)
    if names and filled.values.get("agreed") != "yes":
        raise FormRefused({"script": " ".join(views.not_agreed(names))})


def page(turn: Recaps, subject: str) -> Reply:
    """The script, how long it takes to say, and what is new since it was edited."""
    week, recap = meant(turn, subject)
    now = draft(turn, turn.here, week)
    text = recap.script or now
    news = rules.fresh(recap.base, now) if recap.script and not recap.is_out else []
    names = unagreed(turn, turn.here, text, now)
    figures = turn.collect(OUTLINE, turn.here, rules.span(turn.here, week.number)[0])
    return views.page(turn.here, week, recap, text, news, names, figures)


def edit_form(turn: Recaps, subject: str) -> Form:
    week, recap = meant(turn, subject)
    return views.edit_form(turn.here, week, script_of(turn, week, recap), recap.is_out)


def renewed_form(turn: Recaps, subject: str) -> Form:
    """The form with the edited script and what is new, or with the new draft alone ('WEEK.again'). What is stored stays
    until somebody saves it."""
    week, recap = meant(turn, subject)
    now = draft(turn, turn.here, week)
    text = now
    if recap.script and not subject.endswith(".again"):
        text = rules.renewed(recap.script, recap.base, now)
    return views.edit_form(turn.here, week, text, recap.is_out)


def stored(turn: Recaps, filled: Submission) -> list[Stored]:
    _week, recap = meant(turn, filled.subject)
    return [Stored({"script": recap.script} if recap.script else {}, _("the script was edited"))]


def take(turn: Recaps, filled: Submission) -> tuple[Week, Recap]:
    """Stores the script of a form. Raises FormRefused."""
    week, recap = meant(turn, filled.subject)
    if wrong := views.edit_form(turn.here, week, "", recap.is_out).problems(filled.values):
        raise FormRefused(wrong)
    text = trim(visible(filled.values["script"]))
    base, quotes = drafted(turn, turn.here, week)
    if recap.is_out:
        check_names(turn, text, base, filled)
    after = replace(recap, script=text, base=base, by=turn.me.id)
    if after.state == "left_out":
        after = replace(after, state="draft")
    naming.keep(turn, turn.here, after, quotes)
    return week, after
