"""The author says what a message is."""

from collections.abc import Sequence
from datetime import timedelta

from bot.core.actions import read_number
from bot.core.due import Due
from bot.core.effects import Direct
from bot.core.errors import NotFound, Refused, Spent
from bot.core.facts import ItemDone, ItemsChanged, SaidReturned
from bot.core.feature import Press, Reply
from bot.core.labelled import holds
from bot.core.people import ANYONE, MEMBERS, Cohort
from bot.core.private import Receipt, Said, answer_to
from bot.core.translation import _
from bot.features.talk import asking, mentioning, rules, views
from bot.features.talk.asking import Talk
from bot.features.talk.store import PrivateMessage, feature


def _mine(turn: Talk, subject: str) -> PrivateMessage:
    """The open message that a button is about. Raises NotFound or Spent."""
    number = read_number(subject)
    kept = turn.store.get(number) if number is not None else None
    if kept is None or kept.said.person != turn.me.id:
        raise NotFound(_("This message is not kept any more. Please send it once more."))
    if kept.state == "dropped":
        raise Spent(_("Nothing of this message is kept. Please send it once more."))
    if kept.state != "open":
        raise Spent(_("You have decided about this message already."))
    return kept


@feature.chooses(roles=MEMBERS)
def choose(turn: Talk, kind: str, press: Press) -> Reply:
    id, _, subject = press.subject.partition(".")
    kept = _mine(turn, id)
    receipt = turn.features.take(turn, kind, kept.said, subject)
    _taken(turn, kept, receipt)
    asking.wait(turn, kind, turn.here.id, receipt.asks, kept.said.anchor)
    return None


def _taken(turn: Talk, kept: PrivateMessage, receipt: Receipt) -> None:
    if receipt.words_left:
        asking.ask_about_words(turn, kept)
        turn.show(f"{kept.said.anchor}/done", Direct(turn.me.id, kept.said.ref.workspace), receipt.message)
    else:
        mentioning.settle(turn, kept, "taken", receipt.message)
        asking.answer(turn, turn.me.id, kept.said.ref, receipt.message)


@feature.action("in_all", roles=ANYONE)
def choose_all(turn: Talk, press: Press) -> Reply:
    """The same in all cohorts where it is possible. The subject: the message, and the kind."""
    id, _, kind = press.subject.partition(".")
    kept = _mine(turn, id)
    same = [m for m in asking.meanings(turn, kept) if m.kind == kind]
    if not rules.may_be_in_all(same):
        asking.ask(turn, kept)
        return None
    mine = {cohort.id: (cohort, roles) for cohort, roles in asking.reached(turn, turn.me.id)}
    done: list[tuple[Cohort, Receipt]] = []
    for meaning in same:
        cohort, roles = mine[meaning.cohort]
        inside = asking.inside(turn, cohort, roles)
        done.append((cohort, turn.features.take(inside, kind, kept.said, meaning.subject)))
    said = views.done_in_all([(cohort, receipt.message) for cohort, receipt in done])
    _taken(turn, kept, Receipt(said, words_left=any(receipt.words_left for _cohort, receipt in done)))
    return None


@feature.action("fill", roles=ANYONE, lane="form")
def fill(turn: Talk, press: Press) -> Reply:
    """Opens a form with the parts of a message in its fields. The subject: the message, and `views.form_key`."""
    id, _dot, key = press.subject.partition(".")
    kept = _mine(turn, id)
    found = asking.forms(turn, kept.said)
    form = next((form for __, ___, form in found if views.form_key(form) == key), None)
    if form is None:
        asking.ask(turn, kept, _("This form is not open for you any more."))
        return None
    return form


def follow_form(turn: Talk, fact: ItemDone | ItemsChanged) -> None:
    """A form that a message was written for was sent with words of it: the choices below the message are over."""
    if turn.person is None or turn.place is None or not turn.place.direct:
        return
    name = fact.name if isinstance(fact, ItemDone) else ""
    if fact.person != turn.me.id:
        return
    for kept in turn.store.open_in(turn.place.workspace, turn.place.channel):
        if kept.said.person != turn.me.id:
            continue
        for __, one, ___ in asking.forms(turn, kept.said):
            if (not name or one.item == name) and holds(one.form, kept.said.text):
                mentioning.settle(turn, kept, "sent", views.sent(one.form))
                asking.answer(turn, turn.me.id, kept.said.ref, views.sent(one.form))
                break


feature.on(ItemDone)(follow_form)
feature.on(ItemsChanged)(follow_form)


@feature.action("which", roles=ANYONE)
def which(turn: Talk, press: Press) -> Reply:
    """The same kind is possible more than once."""
    id, _, kind = press.subject.partition(".")
    kept = _mine(turn, id)
    same = [m for m in asking.meanings(turn, kept) if m.kind == kind]
    if not same:
        asking.ask(turn, kept)
        return None
    titles = {c.id: c.title for c, _ in asking.reached(turn, turn.me.id)}
    asking.answer(turn, turn.me.id, kept.said.ref, views.which(kept, same, titles))
    return None


@feature.action("field", roles=ANYONE)
def field(turn: Talk, press: Press) -> Reply:
    """The author chooses the question of a form that it answers."""
    kept = _mine(turn, press.subject)
    fields = [m for m in asking.all_meanings(turn, kept.said) if m.field and not m.asked_only]
    if not fields:
        raise Refused(views.no_field())
    asking.answer(turn, turn.me.id, kept.said.ref, views.which_field(kept, fields))
    return None


@feature.action("back", roles=ANYONE)
def back(turn: Talk, press: Press) -> Reply:
    asking.ask(turn, _mine(turn, press.subject))
    return None


@feature.action("drop", roles=ANYONE)
def drop(turn: Talk, press: Press) -> Reply:
    kept = _mine(turn, press.subject)
    _forget(turn, kept)
    asking.answer(turn, turn.me.id, kept.said.ref, views.dropped())
    return None


@feature.action("skip", roles=MEMBERS, after_end=True)
def skip(turn: Talk, press: Press) -> Reply:
    """Goes on to the question after the one that was asked; the answer before it stays in view."""
    kind, _, subject = press.subject.partition(".")
    receipt = turn.features.take(turn, kind, None, subject)
    anchor = f"{turn.about or f'talk/{turn.me.id}'}/{subject}"
    turn.show(anchor, Direct(turn.me.id, turn.place.workspace if turn.place else None), receipt.message)
    asking.wait(turn, kind, turn.here.id, receipt.asks, anchor)
    return None


@feature.on(SaidReturned)
def take_back(turn: Talk, fact: SaidReturned) -> None:
    """The author takes the choice back: they choose again, or nothing of the message is kept."""
    awaited = turn.store.awaited(fact.person)
    if awaited is not None and awaited.anchor == answer_to(fact.ref):
        turn.store.stop_waiting(fact.person)  # asked only because of what is taken back
    kept = turn.store.find(fact.ref)
    if kept is None or kept.state == "deleted":
        return
    if fact.text:
        said = Said(fact.person, fact.ref, fact.text, turn.now)
        asking.ask(turn, turn.store.keep(said, kept.medium))
    else:
        mentioning.settle(turn, kept, "dropped")


@feature.due("forget", within=timedelta(days=365))
def forget(turn: Talk, batch: Sequence[Due]) -> None:
    """Messages without a decision are deleted after a while."""
    for due in batch:
        kept = turn.store.get(int(due.subject))
        if kept is not None and kept.state == "open":
            _forget(turn, kept)


def _forget(turn: Talk, kept: PrivateMessage) -> None:
    turn.forget(kept.said.text)
    mentioning.settle(turn, kept, "dropped")
