"""What the course team does with a week's wrap-up."""

from collections.abc import Sequence

from bot.core.actions import read_number
from bot.core.contributions import ON_WEEK
from bot.core.errors import NotFound, Refused
from bot.core.feature import Press, Reply
from bot.core.message import message, note, paragraph
from bot.core.people import STAFF, Role
from bot.core.translation import _
from bot.core.turn import Turn
from bot.course.loader import course_of
from bot.features.wrapups import answers as answering
from bot.features.wrapups import counting, desk_views, rounds, rules, views
from bot.features.wrapups.store import Round, WrapupStore, feature

Wrapups = Turn[WrapupStore]


def week(turn: Wrapups) -> Reply:
    """This week's round, and the one before it."""
    found = turn.store.rounds(turn.here.id)
    now, before = _current(turn, found), rules.last_asked(found)
    tallies = {r.id: counting.tally(turn, turn.here, r) for r in (now, before) if r is not None}
    lines = turn.collect(ON_WEEK, turn.here)
    return desk_views.week(turn.here, now, before, tallies, turn.store.paused_at(turn.here.id), lines)


def preview(turn: Wrapups, subject: str) -> Reply:
    """The prompt card, as a learner in the reader's zone gets it."""
    round = _meant(turn, subject) if subject else _current(turn, turn.store.rounds(turn.here.id))
    if round is None:
        raise Refused(_("No wrap-up is ahead any more, so there is nothing to preview."))
    prompt, me = course_of(turn.here.course_text).prompt(round.prompt), turn.me
    span = prompt and prompt.window(turn.here.timetable, round.week, me.zone)
    window = span and rules.window_for(round, me.id, span, turn.now, None, asked=False)
    return views.prompt(round, window.closes_at if window else round.closes_at).with_blocks(
        note(_("This is a preview, for you alone. Its form can be tried; it saves nothing."))
    )


def try_form(turn: Wrapups, subject: str) -> Reply:
    """The form, for an instructor to try from a preview."""
    round = _meant(turn, subject)
    return views.form(round, answering.consent(turn.here, round), None, round.closes_at, round.opens_at)


@feature.action("post", roles=STAFF, lane="private")
def post_now(turn: Wrapups, press: Press) -> Reply:
    """Opens a round for everybody at once. Its planned prompts then find everybody asked."""
    round = _meant(turn, press.subject)
    if round.state == "closed" or round.closes_at <= turn.now:
        raise Refused(_("The {title} is closed already, so it was not posted.", title=round.name))
    if turn.store.paused_at(turn.here.id) is not None:
        raise Refused(_("Wrap-ups are paused. Resume them first; then this is one press."))
    if round.by_hand_at is not None:
        raise Refused(_("The {title} is out already. Nobody is asked twice.", title=round.name))
    turn.store.set_by_hand(round.id, turn.now)
    rounds.open_round(turn, round)
    opened = rounds.open_early(turn, turn.here, round)
    if not round.posted:
        rounds.post_together(turn, turn.here, _meant(turn, press.subject))
    turn.log(f"posted the {round.title} by hand")
    cards = {0: _("everybody had their prompt already"), 1: _("1 prompt is on its way")}
    on_their_way = cards.get(opened, _("{opened} prompts are on their way", opened=opened))
    return message(
        paragraph(
            _("The {title} is open for everybody now; {on_their_way}.", title=round.name, on_their_way=on_their_way)
        )
    )


def pause(turn: Wrapups) -> Reply:
    if turn.store.paused_at(turn.here.id) is None:
        turn.store.pause(turn.here.id, turn.now)
        turn.log("paused the wrap-ups")
    return week(turn)


@feature.action("resume", roles=STAFF, lane="private")
def resume(turn: Wrapups, press: Press) -> Reply:
    """Prompts that were due in the pause and are still open are sent now."""
    if turn.store.paused_at(turn.here.id) is not None:
        turn.store.pause(turn.here.id, None)
        turn.log("resumed the wrap-ups")
        found = turn.store.rounds(turn.here.id)
        rounds.ask(turn, turn.here, found)
        for round in found:
            if round.state != "closed" and round.opens_at <= turn.now and not round.posted:
                rounds.post_together(turn, turn.here, round)
    return week(turn)


def missing(turn: Wrapups, subject: str) -> Reply:
    """Who has not answered; for the course team only."""
    round = _asked(turn, subject)
    learners = {p.id: p for p in turn.people.members(turn.here.id, Role.LEARNER)}
    asked = [w for w in turn.store.windows({round.id}) if w.person in learners] if round is not None else []
    if round is None or not asked:
        return message(paragraph(_("Nobody was asked yet, so nobody is missing.")))
    given, answered = counting.given(turn, round), {person for __, person in turn.store.answered({round.id})}
    windows = [rules.forgiving(w, turn.uptime) for w in asked if w.person not in given]
    away = turn.people.away(turn.here.id)
    begun = answered - given
    absent = learners.keys() - counting.expected(turn, turn.here, round, set())
    which = (("begun", begun), ("away", away), (_("not counted: was away"), absent.difference(away, begun)))
    marks = {p: [m for m, people in which if p in people] for p in learners}
    names = {p.id: p.name + (f" ({', '.join(marks[p.id])})" if marks[p.id] else "") for p in learners.values()}
    over = [names[w.person] for w in windows if w.closes_at <= turn.now]
    in_time = [names[w.person] for w in windows if w.closes_at > turn.now]
    return desk_views.missing(round, in_time, over, _earlier(turn, round))


def answers(turn: Wrapups, subject: str) -> Reply:
    """All answers, in pages; with what is for the instructors alone only for instructors."""
    pair = rules.parse_pair(subject)
    round = _asked(turn, str(pair[0]) if pair else subject)
    if round is None:
        return message(paragraph(_("Nobody was asked yet, so there are no answers.")))
    found = turn.store.answers(round.id)
    smallest = course_of(turn.here.course_text).privacy.smallest_group
    names = {p.id: p.name for p in turn.people.members(turn.here.id)}
    everything = Role.INSTRUCTOR in turn.roles
    return desk_views.answers(round, found, names, pair[1] if pair else 1, smallest, _earlier(turn, round), everything)


def _current(turn: Wrapups, found: Sequence[Round]) -> Round | None:
    """None in an ended cohort, which has no round ahead."""
    return rules.current(found, turn.now) if turn.here.ended_at is None else None


def _meant(turn: Wrapups, subject: str) -> Round:
    number = read_number(subject)
    round = turn.store.round(number) if number is not None else None
    if round is None or round.cohort != turn.here.id:
        raise NotFound
    return round


def _asked(turn: Wrapups, subject: str) -> Round | None:
    return _meant(turn, subject) if subject else rules.last_asked(turn.store.rounds(turn.here.id))


def _earlier(turn: Wrapups, round: Round) -> Round | None:
    """The previous round that anybody was asked."""
    return rules.last_asked([r for r in turn.store.rounds(turn.here.id) if r.opens_at < round.opens_at])
