"""Milestones on a page: how far the cohort is, and how far each learner is; managers read names alone of those for whom
they can do something."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.core.contributions import HEARD, Heard
from bot.core.message import Block, Cell, Inline, Instant, Message, bullets, message, note, paragraph, table
from bot.core.people import STAFF, Cohort, Role
from bot.core.time import say
from bot.core.translation import N_, _
from bot.course.moment import Moment
from bot.features.milestones import rules
from bot.features.milestones.contributing import Dated, Milestones, dated
from bot.features.milestones.counting import counted
from bot.features.milestones.store import Counts, Submission, Window, feature, work_name

Row = tuple[Cell | Inline | None, ...]


@feature.page(
    "milestones/{cohort}",
    title=N_("Milestones"),
    roles=STAFF,
    tab=N_("Milestones"),
)
def show_milestones(turn: Milestones, asked: Mapping[str, str]) -> Message:
    found = dated(turn, turn.here)
    if not found:
        return message(paragraph(_("This course has no milestone.")))
    heard = {one.work: one for one in turn.collect(HEARD, turn.here)}
    work = turn.store.submissions(turn.here.id)
    got = {m.id: [h for s in work if s.milestone == m.id and (h := heard.get(work_name(s)))] for m, *_dates in found}
    columns = (
        ("milestone", _("Milestone")),
        ("opens", _("Opens")),
        ("due", _("Due")),
        ("asked", _("Asked")),
        ("came", _("Handed in")),
        ("late", _("Late")),
        ("overdue", _("Overdue")),
        ("feedback", _("With feedback")),
        ("waits", _("Waits for feedback")),
    )
    rows = [
        (
            milestone.title,
            _when(turn.here, milestone.opens, opens),
            _when(turn.here, milestone.due, due),
            *_figures(figures, got[milestone.id]),
        )
        for milestone, opens, due, figures in counted(turn, turn.here, found)
    ]
    return message(
        table("milestones", _("How far the cohort is"), columns, rows),
        *_learners(turn, found, work, heard, whole=Role.INSTRUCTOR in turn.roles),
    )


def _when(cohort: Cohort, rule: Moment, at: datetime) -> Inline:
    """What goes by each learner's own clock is no instant, and no reader's zone turns it into one."""
    return _("{at}, own clock", at=say(at, cohort.zone)) if rule.zone == "learner" else Instant(at)


def _figures(figures: Counts, got: Sequence[Heard]) -> Row:
    said, waits = sum(one.feedback for one in got), sum(one.waits for one in got)
    return (figures.asked, figures.came, figures.late, figures.overdue, said, waits)


def _learners(
    turn: Milestones, found: Sequence[Dated], work: Sequence[Submission], heard: Mapping[str, Heard], whole: bool
) -> list[Block | None]:
    """`whole`: everybody; otherwise those alone whose work waits or is overdue, with that alone."""
    learners = sorted(turn.people.members(turn.here.id, Role.LEARNER), key=lambda p: p.name.casefold())
    done = {(one.milestone, one.person): one for one in work}
    windows = {(w.milestone, w.person): w for w in turn.store.windows(turn.here.id)}
    columns = (
        ("learner", _("Learner")),
        *((("handed_in", _("Handed in")),) if whole else ()),
        *((milestone.id, milestone.title) for milestone, *_dates in found),
    )
    rows: list[Row] = []
    for person in learners:
        cells: list[str] = []
        for milestone, *_dates in found:
            key = (milestone.id, person.id)
            overdue = key in windows and rules.is_overdue(milestone, windows[key], turn.uptime)
            acts = _waits(done[key], heard) if key in done else overdue
            cells.append(_state(done.get(key), windows.get(key), heard, overdue) if whole or acts else "")
        if whole:
            rows.append((person.name, sum((m.id, person.id) in done for m, *_dates in found), *cells))
        elif any(cells):
            rows.append((person.name, *cells))
    if not whole:
        said = _("You see those alone whose work waits or is overdue. How far each learner is, instructors see.")
        return [note(said), table("work", _("Where work waits or is overdue"), columns, rows)]
    legend = bullets(
        _("'waits': handed in, and nobody of the course team has dealt with it as it is now."),
        _("'feedback' or 'seen': what it got. 'late': it came, or was last changed, late."),
        _("'overdue': asked for and not there. '–': not handed in, and not asked for yet, or not any more."),
    )
    return [legend if rows else None, table("work", _("How far each learner is"), columns, rows)]


def _waits(work: Submission, heard: Mapping[str, Heard]) -> bool:
    got = heard.get(work_name(work))
    return got is None or got.waits


def _state(work: Submission | None, window: Window | None, heard: Mapping[str, Heard], overdue: bool) -> str:
    if work is None:
        if window is not None and window.optional:
            return _("need not")
        return _("overdue") if overdue else "–"
    got = heard.get(work_name(work))
    said = _("waits") if _waits(work, heard) else _("feedback") if got and got.feedback else _("seen")
    return _("{said}, late", said=said) if work.late else said
