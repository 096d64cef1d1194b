"""Handing in: by form or with the command, changed until the end, each time with a receipt."""

from bot.core.actions import read_number
from bot.core.contributions import Item
from bot.core.errors import FormRefused, NotFound, Refused, Spent
from bot.core.facts import ItemDone, ItemTakenBack, WordsWithdrawn, WorkHandedIn
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Kept, Stored
from bot.core.items import over
from bot.core.people import MEMBERS, Cohort
from bot.core.plain import plain_text
from bot.core.time import say
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.typed import trim, typed_link
from bot.course.loader import course_of
from bot.course.model import Milestone
from bot.course.readers import are_more, readers
from bot.features.milestones import contributing, podding, rules, time_views, views
from bot.features.milestones.store import MilestoneStore, Window, card, feature, item_name, work_name
from bot.features.milestones.store import Submission as Work

Milestones = Turn[MilestoneStore]


def known(turn: Milestones, id: str) -> Milestone:
    """The milestone of this cohort's course. Raises NotFound if there is none."""
    milestone = course_of(turn.here.course_text).milestone(id)
    if milestone is None:
        raise NotFound(_("This milestone is not in the course any more. `/cohort` shows what is."))
    return milestone


def own_windows(turn: Milestones, id: str | None = None) -> list[Window]:
    """The acting person's windows, of all milestones or of one."""
    return [rules.in_cohort(w, turn.here, turn.uptime) for w in turn.store.windows(turn.here.id, {turn.me.id}, id)]


def mine(turn: Milestones, id: str) -> tuple[Milestone, Window]:
    """A milestone as the acting person has it. Raises NotFound if they never had it."""
    milestone = known(turn, id)
    windows = own_windows(turn, id)
    if not windows:
        raise NotFound
    return rules.forgiving(milestone, windows[0], turn.uptime), windows[0]


def waiting(turn: Milestones, cohort: Cohort, person: int) -> list[tuple[Milestone, Window]]:
    """What a learner has not handed in and still can."""
    course = course_of(cohort.course_text)
    windows = [rules.in_cohort(w, cohort, turn.uptime) for w in turn.store.windows(cohort.id, {person})]
    done = turn.store.submissions(cohort.id, {person})
    found = ((course.milestone(w.milestone), w) for w in rules.open_now(windows, done, turn.now))
    return [(rules.forgiving(m, window, turn.uptime), window) for m, window in found if m is not None]


def movable(turn: Milestones, cohort: Cohort, person: int) -> list[tuple[Milestone, Window, list[int]]]:
    """The dates that a learner may move by themselves, and by how many days."""
    course, moves = course_of(cohort.course_text), turn.store.moves(cohort.id)
    done = turn.store.handed_in(cohort.id, {person})
    found = []
    for window in turn.store.windows(cohort.id, {person}):
        milestone = course.milestone(window.milestone)
        if milestone is None or (milestone.id, person) in done:
            continue
        if days := rules.choices(milestone, rules.moved_for(moves, milestone.id, person), window, turn.now):
            found.append((milestone, window, days))
    return found


def submit(turn: Milestones, typed: str, file: Kept | None = None) -> Reply:
    """`/cohort submit`: with work in the command and one thing to hand in, it is stored; otherwise a form opens."""
    windows = own_windows(turn)
    done = turn.store.submissions(turn.here.id, {turn.me.id})
    ready = rules.open_now(windows, done, turn.acted_at) or rules.open_now(windows, done, turn.now)
    waiting = [(rules.forgiving(known(turn, w.milestone), w, turn.uptime), w) for w in ready]
    link, text = rules.split(typed)
    sent = {"link": link, "text": text, "file": str(file or "")}
    given = {name: value for name, value in sent.items() if value}
    if not waiting:
        there = {w.milestone: w for w in windows}
        open_still = [known(turn, s.milestone) for s in done if rules.takes_work(there[s.milestone], turn.now)]
        if given and len(open_still) > 1:
            again = {s.milestone: s for s in done}
            meant = [(milestone, there[milestone.id]) for milestone in reversed(open_still)]
            return views.form(turn.here, meant, None, turn.now, (), file, again, _pods(turn)).filled(given)
        if given and open_still:
            # Work that is sent again replaces the newest: the learner sees both before anything is overwritten.
            newest = open_still[-1]
            before = podding.current(turn, newest)
            meant, again = [(newest, there[newest.id])], {newest.id: before} if before and before.pod else {}
            return views.form(turn.here, meant, before, turn.now, (), file, again, _pods(turn)).filled(given)
        ahead = [w for w in windows if w.opens_at > turn.now and turn.here.ended_at is None]
        coming = min(ahead, key=lambda w: w.opens_at, default=None)
        if file is not None:
            turn.discard(file.file)
        return views.nothing_to_hand_in(
            (known(turn, coming.milestone), coming) if coming else None,
            open_still,
            turn.here.id,
            typed,
            file.name if file else "",
            [over(item) for item in _lost(turn)],
        )
    lost = [plain_text(over(item)) for item in _lost(turn)]
    # They may mean what is accepted no more, or correct what is in: the form asks before anything is handed in.
    there = {w.milestone: w for w in windows}
    sent_before = {s.milestone: s for s in done if given and _may_be_meant(turn, there[s.milestone], ready[0], file)}
    if given and len(waiting) == 1 and not (lost or sent_before) and len(text) <= views.LONGEST:
        return take(turn, waiting[0][0].id, link, text, file)
    meant = [*waiting, *((known(turn, id), there[id]) for id in reversed(sent_before))]
    return views.form(turn.here, meant, None, turn.now, lost, file, sent_before, _pods(turn)).filled(given)


def _may_be_meant(turn: Milestones, done: Window, waiting: Window, file: Kept | None) -> bool:
    """Whether new work may be for what is in already, not for what waits. A link or a text that follows earlier work in
    its order is the next one."""
    follows = file is None and not waiting.optional and waiting.due_at > done.due_at
    return rules.takes_work(done, turn.now) and not follows


def _lost(turn: Milestones) -> list[Item]:
    """What matters for the acting learner's course and is accepted no more. After the end nobody gives more time."""
    if turn.here.ended_at is not None:
        return []
    return [item for _, item in contributing.items(turn, turn.here, [turn.me]) if item.is_lost(turn.now)]


def open_form(turn: Milestones, id: str) -> Reply:
    if not id:
        return submit(turn, "")
    milestone, window = mine(turn, id)
    _still_open(turn, milestone, window)
    before = podding.current(turn, milestone)
    return views.form(turn.here, [(milestone, window)], before, turn.now, pods=_pods(turn))


def _pods(turn: Milestones) -> dict[str, str]:
    """For whom the acting learner hands in besides themselves, in words, by milestone."""
    milestones, me = course_of(turn.here.course_text).milestones, turn.me.id
    found = {m.id: pod for m in milestones if (pod := podding.pod_of(turn, m, me)) is not None}
    return {id: views.for_pod(*podding.others_of(turn, pod, me)) for id, pod in found.items()}


def stored(turn: Milestones, filled: Submission) -> list[Stored]:
    """What a form for handing in would replace: the work, and the date that the learner saw."""
    meant = filled.subject or filled.values.get("milestone", "")
    course = course_of(turn.here.course_text)
    found = []
    for window in own_windows(turn, meant or None):
        milestone = course.milestone(window.milestone)
        work = podding.current(turn, milestone) if milestone is not None else None
        said = _("handed in {say}", say=say(work.changed_at, turn.me.zone)) if work else _("taken back")
        if work is not None and work.by not in (None, turn.me.id):
            name = turn.people.person(work.by).name
            said = _("handed in by {name} {say}", name=name, say=say(work.changed_at, turn.me.zone))
        values = {"link": work.link, "text": work.text, "file": str(work.file or "")} if work else {}
        found += [Stored(values, said, f"{window.milestone}/work"), stored_date(turn, window)]
        if milestone is not None:
            found.append(_stored_readers(turn, milestone))
    return found


def _stored_readers(turn: Milestones, milestone: Milestone) -> Stored:
    """Who reads it, as the form said; nothing where the instructors alone do."""
    course, pod = course_of(turn.here.course_text), podding.pod_of(turn, milestone, turn.me.id) is not None
    who = readers(course, milestone.id, pod)
    values = {"readers": who} if are_more(course, milestone.id, pod) else {}
    return Stored(values, who.rstrip("."), f"{milestone.id}/readers")


def stored_date(turn: Milestones, window: Window) -> Stored:
    """A date as the acting learner saw it."""
    at = say(window.due_at, turn.me.zone)
    said = _("it closes {say} now", say=at) if rules.closes(window.milestone) else _("it is due {say} now", say=at)
    return Stored({"due": window.due_at.isoformat()}, said, f"{window.milestone}/due")


@feature.form("hand_in", roles=MEMBERS, after_end=True, replaces=stored)
def take_form(turn: Milestones, filled: Submission) -> Reply:
    link, text = typed_link(filled.values.get("link", "")), trim(filled.values.get("text", ""))
    # Without a draft the value is only what somebody sent.
    file = Kept.read(filled.values.get("file", "")) if filled.draft else None
    if found := rules.problems(link, text, file is not None):
        raise FormRefused(found)
    return take(turn, filled.subject or filled.values.get("milestone", ""), link, text, file)


def take(turn: Milestones, id: str, link: str, text: str, file: Kept | None = None) -> Reply:
    """Stores the work, and shows its receipt."""
    milestone, window = mine(turn, id)
    _still_open(turn, milestone, window)
    late = rules.is_late(milestone, window, turn.acted_at)
    before = turn.store.submission(turn.here.id, id, turn.me.id)
    pod = podding.pod_of(turn, milestone, turn.me.id)
    key, by = (pod.key, turn.me.id) if pod is not None else ("", None)
    work, changed = turn.store.save(turn.here.id, id, turn.me.id, link, text, turn.now, late, file, key, by)
    if changed:
        _show_receipt(turn, milestone, window, work)
        turn.happened(WorkHandedIn(turn.here.id, id, turn.me.id, work.late, before is None, work_name(work)))
        turn.happened(ItemDone(turn.here.id, item_name(id), turn.me.id))
    if pod is not None:
        podding.give(turn, pod, work, pod.people - {turn.me.id})
    return views.thanks(milestone, work, changed, turn.place is not None and turn.place.direct)


def _still_open(turn: Milestones, milestone: Milestone, window: Window) -> None:
    if not any(rules.takes_work(window, at) for at in (turn.acted_at, turn.now)):
        if turn.here.ended_at is not None:
            raise Refused(reply=views.over(turn.here.title, milestone))
        moved = rules.moved_for(turn.store.moves(turn.here.id), milestone.id, turn.me.id)
        may_shift = bool(rules.choices(milestone, moved, window, turn.now))
        required = rules.is_required(course_of(turn.here.course_text), milestone)
        raise Refused(
            reply=views.not_open(milestone, window, turn.here.id, turn.now, may_shift=may_shift, required=required)
        )


def _show_receipt(turn: Milestones, milestone: Milestone, window: Window, work: Work) -> None:
    for told in podding.receipts(turn, milestone, [(window, work)]):
        turn.show_to(told.person, told.anchor, told.message)


def _own(turn: Milestones, subject: str) -> Work:
    """The work that an action names, if it is the acting person's."""
    number = read_number(subject)
    found = [w for w in turn.store.submissions(turn.here.id, {turn.me.id}) if w.id == number]
    if not found:
        raise Spent(_("This was taken back already."))
    return found[0]


@feature.action("versions", roles=MEMBERS, lane="private", after_end=True)
def show_version(turn: Milestones, press: Press) -> Reply:
    """An earlier version of work, for its author and the course team."""
    milestone, number, number_of_page = (*press.subject.split("."), "", "")[:3]
    person, page = read_number(number) or 0, read_number(number_of_page) or 1
    mine = person == turn.me.id
    work = turn.store.submission(turn.here.id, milestone, person) if mine or turn.is_staff else None
    before = turn.store.earlier(work) if work is not None else []
    if work is None or not 0 < page <= len(before):
        raise Spent(_("This version is not there any more."))
    name = "" if mine else turn.people.person(person).name
    return views.version(turn.here.id, _title(turn, work), name, before[page - 1], page, len(before))


@feature.action("delete", roles=MEMBERS, lane="private", after_end=True, after_leaving=True)
def ask_delete(turn: Milestones, press: Press) -> Reply:
    work = _own(turn, press.subject)
    return views.sure_to_delete(turn.here.id, _title(turn, work), work)


def _title(turn: Milestones, work: Work) -> str:
    milestone = course_of(turn.here.course_text).milestone(work.milestone)
    return time_views.title_of(milestone, work.milestone)


def delete(turn: Milestones, subject: str) -> Reply:
    """Blanks the work in every version, also of a milestone that the course has no more; the card can take new work."""
    work = _own(turn, subject)
    milestone = course_of(turn.here.course_text).milestone(work.milestone)
    windows = own_windows(turn, work.milestone) if milestone is not None else []
    again = bool(turn.roles) and any(not rules.is_over(window, turn.now) for window in windows)
    turn.forget(*turn.store.wordings(work.id))
    for file in turn.store.files(work.id):
        if not turn.store.shared(file):
            turn.discard(file)
    turn.store.delete(work.id, turn.now)
    said = views.taken_back(turn.here.id, work.milestone, _title(turn, work), turn.now, again=again)
    turn.show_to(turn.me.id, card(turn.here.id, work.milestone, turn.me.id), said)
    turn.happened(ItemTakenBack(turn.here.id, item_name(work.milestone), turn.me.id))
    turn.happened(WordsWithdrawn(turn.here.id))
    return views.gone(again=again)
