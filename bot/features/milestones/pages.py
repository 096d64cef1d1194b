"""Milestones on a page: how far the cohort is, and for instructors how far each learner is."""

from collections.abc import Mapping, Sequence

from bot.core.contributions import HEARD, Heard
from bot.core.message import Block, Cell, Inline, Instant, Message, bullets, message, note, paragraph, table
from bot.core.people import STAFF, Role
from bot.core.translation import N_, _
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
            Instant(opens),
            Instant(due),
            *_figures(figures, got[milestone.id]),
        )
        for milestone, opens, due, figures in counted(turn, turn.here, found)
    ]
    return message(
        table("milestones", _("How far the cohort is"), columns, rows),
        *(_learners(turn, found, work, heard) if Role.INSTRUCTOR in turn.roles else _for_instructors()),
    )


def _figures(figures: Counts, got: Sequence[Heard]) -> Row:
    said, waits = sum(one.feedback for one in got), sum(one.waits for one in got)
    return (figures.asked, figures.came, figures.late, figures.overdue, said, waits)


def _for_instructors() -> list[Block]:
    return [note(_("Who handed in what is for instructors alone."))]


def _learners(
    turn: Milestones, found: Sequence[Dated], work: Sequence[Submission], heard: Mapping[str, Heard]
) -> list[Block | None]:
    learners = sorted(turn.people.members(turn.here.id, Role.LEARNER), key=lambda p: p.name.casefold())
    done = {(one.milestone, one.person): one for one in work}
    windows = {(w.milestone, w.person): w for w in turn.store.windows(turn.here.id)}
    columns = (
        ("learner", _("Learner")),
        ("handed_in", _("Handed in")),
        *((milestone.id, milestone.title) for milestone, *_dates in found),
    )
    rows: list[Row] = []
    for person in learners:
        cells: list[str] = []
        for milestone, *_dates in found:
            key = (milestone.id, person.id)
            overdue = key in windows and rules.is_overdue(milestone, windows[key], turn.uptime)
            cells.append(_state(turn, done.get(key), windows.get(key), heard, overdue))
        rows.append((person.name, sum((m.id, person.id) in done for m, *_dates in found), *cells))
    legend = bullets(
        _("'waits': handed in, and nobody of the course team has dealt with it as it is now."),
        _("'feedback' or 'seen': what it got. 'late': it came, or was last changed, late."),
        _("'overdue': asked for and not there. '–': not handed in, and not asked for yet, or not any more."),
    )
    return [legend if rows else None, table("work", _("How far each learner is"), columns, rows)]


def _state(
    turn: Milestones, work: Submission | None, window: Window | None, heard: Mapping[str, Heard], overdue: bool
) -> str:
    if work is None:
        if window is not None and window.optional:
            return _("need not")
        return _("overdue") if overdue else "–"
    got = heard.get(work_name(work))
    said = _("waits") if got is None or got.waits else _("feedback") if got.feedback else _("seen")
    return _("{said}, late", said=said) if work.late else said
