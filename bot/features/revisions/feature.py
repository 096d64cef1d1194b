"""Revisions: the course of a running cohort, and its dates, are changed from the chat.

Every change is a proposal first. It is shown with what it would do, and only 'Use it' makes a version of it.
"""

from dataclasses import dataclass, replace

from bot.core.actions import read_number
from bot.core.contributions import PROPOSED
from bot.core.errors import FormRefused, NotFound, Refused
from bot.core.facts import CohortPlanned
from bot.core.feature import Press, Reply, Submission
from bot.core.forms import Stored, Values
from bot.core.message import Message, message, paragraph
from bot.core.people import STAFF, Role
from bot.core.time import say
from bot.core.translation import _
from bot.core.turn import Turn
from bot.core.voice import Line
from bot.course import edit, item_forms, structure
from bot.course.gate.replacing import replaced
from bot.course.item_forms import Changed
from bot.features.revisions import changing, reporting, rules, views
from bot.features.revisions.reporting import name_of
from bot.features.revisions.store import Proposal, RevisionStore, Setup, Version, feature

__all__ = ["feature", "reporting"]

Revisions = Turn[RevisionStore]


@feature.on(CohortPlanned)
def keep_first(turn: Revisions, fact: CohortPlanned) -> None:
    """The setup with which a cohort was created is its first version."""
    if not turn.store.number(fact.cohort):
        by = turn.person.id if turn.person else None
        turn.store.add_version(fact.cohort, turn.store.present(turn.here), by, turn.now)


@dataclass(frozen=True)
class Course:
    """The course: its file, its items, its dates and its versions."""


@feature.command("course", example="/cohort course", roles=STAFF)
def course(turn: Revisions, typed: Course) -> Reply:
    newest = next(iter(turn.store.versions(turn.here.id)), None)
    return views.page(
        turn.here, turn.store.present(turn.here), newest, name_of(turn, newest), turn.now, bool(turn.links.address)
    )


def _stored(turn: Revisions, values: Values) -> list[Stored]:
    """What a form about the course would replace, with the version it belongs to."""
    newest = next(iter(turn.store.versions(turn.here.id)), None)
    at = f", {say(newest.at, turn.me.zone)}" if newest and newest.at else ""
    return [
        Stored(
            values,
            _(
                "version {number} by {name}{at}",
                number=newest.number if newest else 1,
                name=name_of(turn, newest),
                at=at,
            ),
        )
    ]


# The file


def stored_file(turn: Revisions, filled: Submission) -> list[Stored]:
    return _stored(turn, {"version": str(turn.store.number(turn.here.id))})


@feature.action("download", roles=STAFF, lane="private")
def download(turn: Revisions, press: Press) -> Reply:
    number = read_number(press.subject)
    if number is None:
        return views.download(turn.here, turn.store.present(turn.here), max(1, turn.store.number(turn.here.id)))
    version = _version(turn, press.subject)
    return views.download(turn.here, version.setup, version.number)


@feature.action("upload", roles=STAFF, lane="form")
def ask_upload(turn: Revisions, press: Press) -> Reply:
    return views.upload_form(turn.here)


@feature.form("upload", roles=STAFF, replaces=stored_file)
def take_upload(turn: Revisions, filled: Submission) -> Reply:
    present, text = turn.store.present(turn.here), filled.values.get("file", "")
    problems = rules.file_problems(text, present.text)
    if not problems:
        setup = rules.with_text(present, text)
        problems = [why for _, why in changing.refusals(turn, setup)]
    if problems:
        raise FormRefused({"file": views.file_problem(problems)}, views.upload_form(turn.here))
    return _propose(turn, setup, in_file=True)


# One item


@feature.action("items", roles=STAFF, lane="private")
def pick_item(turn: Revisions, press: Press) -> Reply:
    return views.pick_item(turn.here, edit.items(turn.here.course_text))


@feature.action("materials", roles=STAFF, lane="private")
def pick_material(turn: Revisions, press: Press) -> Reply:
    week = turn.store.present(turn.here).course.week(read_number(press.value) or 0)
    if week is None:
        raise NotFound
    listed = structure.materials_of(week.number)
    items = [i for i in edit.items(turn.here.course_text) if (structure.place_of(i.path) or ("",))[0] == listed]
    return views.materials(turn.here, week, items, turn.store.present(turn.here).course)


@feature.action("item", roles=STAFF, lane="form")
def ask_item(turn: Revisions, press: Press) -> Reply:
    text = turn.here.course_text
    item = edit.item(text, press.value or press.subject)
    return item_forms.item_form(
        views.do(turn.here, "item", item.name), item, text, _("You see first what goes with it.")
    )


def stored_item(turn: Revisions, filled: Submission) -> list[Stored]:
    text = turn.here.course_text
    found = item_forms.in_form(edit.fields(text, edit.item(text, filled.subject).path))
    return _stored(turn, {e.name: e.value for e in found})


@feature.form("item", roles=STAFF, replaces=stored_item)
def take_item(turn: Revisions, filled: Submission) -> Reply:
    text = turn.store.present(turn.here).text
    return _propose_changed(turn, item_forms.edited(text, filled.subject, filled.values))


@feature.action("add", roles=STAFF, lane="form")
def ask_new_item(turn: Revisions, press: Press) -> Reply:
    name = press.subject
    return item_forms.add_form(views.do(turn.here, "add", name), name, turn.here.course_text)


@feature.form("add", roles=STAFF, replaces=None)
def take_new_item(turn: Revisions, filled: Submission) -> Reply:
    text = turn.store.present(turn.here).text
    return _propose_changed(turn, item_forms.extended(text, filled.subject, filled.values))


def _propose_changed(turn: Revisions, changed: Changed, why: str = "") -> Message:
    """Proposes a file that a form made."""
    wrong = item_forms.errors(changed)
    setup = turn.store.present(turn.here)
    if not wrong:
        setup = rules.with_text(setup, changed.text)
        for key, said in changing.refusals(turn, setup):
            wrong.setdefault(key if key in changed.keys else "", []).append(said)
    if wrong:
        raise FormRefused({key: " ".join(said) for key, said in wrong.items()})
    return _propose(turn, setup, why)


@feature.contributes(PROPOSED)
def propose_for(turn: Revisions, text: str, why: str) -> list[Message]:
    return [_propose_changed(turn, Changed(text, "", ()), why)]


@feature.action("replace", roles=STAFF, lane="private")
def replace_session(turn: Revisions, press: Press) -> Reply:
    """Proposes what replaces a live session ('live.ID') of its kind."""
    text = replaced(turn.store.present(turn.here).text, press.subject.partition(".")[2])
    try:
        return _propose_changed(turn, Changed(text, "", ()))
    except FormRefused as refused:
        raise Refused(" ".join(refused.problems.values())) from None


# Dates


@feature.action("dates", roles=STAFF, lane="form")
def ask_dates(turn: Revisions, press: Press) -> Reply:
    return views.dates_form(turn.here, turn.store.present(turn.here))


def stored_dates(turn: Revisions, filled: Submission) -> list[Stored]:
    return _stored(turn, rules.date_values(turn.store.present(turn.here)))


@feature.form("dates", roles=STAFF, replaces=stored_dates)
def take_dates(turn: Revisions, filled: Submission) -> Reply:
    return _propose(turn, rules.dates_of(filled.values, turn.store.present(turn.here)))


# Versions


@feature.action("versions", roles=STAFF, lane="private")
def versions(turn: Revisions, press: Press) -> Reply:
    found = turn.store.versions(turn.here.id)
    names = {v.by: turn.people.person(v.by).name for v in found if v.by}
    return views.versions(turn.here, found, names)


@feature.action("again", roles=STAFF, lane="private")
def use_again(turn: Revisions, press: Press) -> Reply:
    return _propose(turn, _version(turn, press.subject).setup)


def _version(turn: Revisions, subject: str) -> Version:
    found = next((v for v in turn.store.versions(turn.here.id) if str(v.number) == subject), None)
    if found is None:
        raise NotFound
    return found


# The proposal


def _propose(turn: Revisions, setup: Setup, why: str = "", in_file: bool = False) -> Message:
    proposal, difference = changing.propose(turn, setup)
    asks = changing.waits_for_the_manager(turn, setup)
    return views.preview(turn.here, difference, proposal, turn.now, why, for_manager=asks, in_file=in_file)


@feature.action("use", roles=STAFF, lane="private")
def use(turn: Revisions, press: Press) -> Reply:
    proposal = _proposal(turn, press.subject)
    if proposal.state == "waiting" and changing.waits_for_the_manager(turn, proposal.setup):
        return _look(turn, proposal, _("Only the cohort's manager can use this one."))
    try:
        version, found = changing.use(turn, proposal)
    except changing.Overtaken as overtaken:
        return _look(turn, proposal, _("Nothing was changed. {overtaken}", overtaken=overtaken))
    return views.used(turn.here, version, found)


def _look(turn: Revisions, proposal: Proposal, why: str = "") -> Message:
    """What the proposal would change now. It keeps what somebody else has changed meanwhile, unless both change the
    same."""
    rebased = changing.rebased(turn, proposal)
    if rebased is None:
        why = f"{why} {_('Both change the same, so using yours would undo theirs.')}".strip()
    proposal = replace(proposal, setup=rebased or proposal.setup)
    turn.store.rebase(proposal.id, turn.store.number(turn.here.id), proposal.setup)
    now, asks = changing.difference(turn, proposal.setup), changing.waits_for_the_manager(turn, proposal.setup)
    return views.preview(turn.here, now, proposal, turn.now, why, for_manager=asks)


@feature.action("look", roles=STAFF, lane="private")
def look(turn: Revisions, press: Press) -> Reply:
    proposal = _proposal(turn, press.subject)
    changing.check_open(proposal)
    return _look(turn, proposal)


@feature.action("ask", roles=STAFF, lane="private")
def ask_manager(turn: Revisions, press: Press) -> Reply:
    """Puts a change before the managers, who alone can use it."""
    proposal = _proposal(turn, press.subject)
    changing.check_open(proposal)
    if proposal.state == "waiting":
        turn.store.settle(proposal.id, "asked")
        for one in changing.waits_for_the_manager(turn, proposal.setup):
            turn.log(f"asked the manager to loosen {one.key} from {one.old} to {one.new}")
    return views.asked([p.name for p in turn.people.members(turn.here.id, Role.MANAGER)])


@feature.action("discard", roles=STAFF, lane="private")
def discard(turn: Revisions, press: Press) -> Reply:
    proposal = _proposal(turn, press.subject)
    changing.check_open(proposal)
    turn.store.settle(proposal.id, "discarded")
    if proposal.state == "asked" and proposal.by not in (None, turn.me.id):
        now, until = turn.store.present(turn.here).course, turn.now + changing.USEFUL
        text = views.not_used(turn.here, turn.me.name, proposal, now)
        key, role = f"revisions/asked/{proposal.id}", Role.INSTRUCTOR
        turn.say(Line(proposal.by, turn.here.id, key, text, until, role))
    return message(paragraph(_("Discarded. Nothing was changed.")))


def _proposal(turn: Revisions, subject: str) -> Proposal:
    number = read_number(subject)
    found = turn.store.proposal(turn.here.id, number) if number is not None else None
    if found is None:
        raise Refused(_("This change is not here any more. `/cohort course` shows how the course stands."))
    return found
