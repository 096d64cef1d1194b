"""What people write in private: each message gets an answer, and nothing is done with it unasked.

The one message that is taken as it comes answers what the bot has just asked, naming who will see the answer. What
comes much later, or after something else has happened, or is clearly something else, is asked about.
"""

from dataclasses import replace

from bot.core.errors import Refused
from bot.core.events import (
    ButtonPressed,
    CommandIssued,
    FormSubmitted,
    Medium,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ShortcutUsed,
)
from bot.core.people import MessageRef
from bot.core.private import Said, answer_to
from bot.core.typed import trim
from bot.features.talk import asking, mentioning, rules, views
from bot.features.talk.asking import Talk
from bot.features.talk.store import Awaited, feature


@feature.on(MessagePosted)
def hear(turn: Talk, event: MessagePosted) -> None:
    if not event.place.direct:
        return
    said = Said(turn.me.id, _ref(event), trim(event.text), event.at)
    if turn.store.find(said.ref) is not None:
        return  # an edit of it came first
    awaited = _awaited(turn, event)
    if awaited is None or not _go_on(turn, said, event.medium, awaited):
        asking.pass_by(turn, turn.me.id)
        _respond(turn, said, event.medium)


def _ref(event: MessagePosted | MessageEdited | MessageDeleted) -> MessageRef:
    return MessageRef(event.place.workspace, event.place.channel, event.id)


def turn_elsewhere(turn: Talk, event: object) -> None:
    """A person who presses a button or issues a command is no longer answering."""
    if turn.person is not None:
        asking.pass_by(turn, turn.person.id)


for kind in (CommandIssued, ShortcutUsed, ButtonPressed, FormSubmitted):
    feature.on(kind)(turn_elsewhere)


# What was asked


def _awaited(turn: Talk, event: MessagePosted) -> Awaited | None:
    """What a message may answer, or None if it comes too late or something came in between. 'Skip' and 'stop' may come
    later than an answer: they can be about nothing else."""
    awaited = turn.store.awaited(turn.me.id)
    if awaited is None or awaited.state == "stopped":
        return None
    if event.place.thread is not None and turn.below != awaited.anchor:
        return None
    if rules.read(event.text, ()) in ("skip", "stop"):
        return awaited if rules.is_fresh(awaited.at, event.at, rules.LATE) else None
    if awaited.state != "open" or not rules.is_fresh(awaited.at, event.at):
        return None
    return None if turn.store.spoken_since(turn.me.id, awaited.at) else awaited


def _go_on(turn: Talk, said: Said, medium: Medium, awaited: Awaited) -> bool:
    """Takes a message as part of the dialogue. Returns False if it is something else."""
    cohort = next(((c, roles) for c, roles in asking.reached(turn, said.person) if c.id == awaited.cohort), None)
    if cohort is None or medium != "text":
        return False
    here = asking.inside(turn, *cohort)
    reading = rules.read(said.text, {c.name for c in turn.features.commands})
    match reading:
        case "skip":
            return _skip(here, said, awaited)
        case "stop":
            asking.pass_by(turn, said.person, "stopped")
            asking.answer(here, said.person, said.ref, views.stopped(awaited.asked))
        case "greeting" | "thanks":
            asking.answer(here, said.person, said.ref, views.still_asking(reading == "thanks", awaited.asked))
        case "words" if _is_answer(turn, said, awaited):
            _take(here, said, awaited)
        case _:
            return False
    return True


def _is_answer(turn: Talk, said: Said, awaited: Awaited) -> bool:
    """Whether words can be taken as the answer without asking: nobody beyond its readers gets to read them."""
    if asking.forms(turn, said):
        return False
    found = asking.all_meanings(turn, said)
    asked = asking.answers_asked(found, awaited)
    if asked is not None and asked.audience == "team":
        return True
    if rules.has_wish(found):
        return False
    return not rules.sounds_private(said.text) and not rules.answers_several(said.text, found)


def _skip(turn: Talk, said: Said, awaited: Awaited) -> bool:
    """Goes on to the next question. Returns False if the question is no longer open."""
    try:
        receipt = turn.features.take(turn, awaited.kind, None, awaited.asked.subject)
    except Refused:
        return False
    asking.pass_by(turn, said.person)
    asking.answer(turn, said.person, said.ref, receipt.message)
    asking.wait(turn, awaited.kind, awaited.cohort, receipt.asks, said.anchor)
    return True


def _take(turn: Talk, said: Said, awaited: Awaited) -> None:
    kept = turn.store.keep(said, "text")
    try:
        receipt = turn.features.take(turn, awaited.kind, said, awaited.asked.subject)
    except Refused as e:
        asking.ask(turn, kept, str(e))
        return
    mentioning.settle(turn, kept, "taken", receipt.message)
    asking.pass_by(turn, said.person)
    asking.answer(turn, said.person, said.ref, receipt.message)
    asking.wait(turn, awaited.kind, awaited.cohort, receipt.asks, said.anchor)


# Anything else


def _respond(turn: Talk, said: Said, medium: Medium) -> None:
    mine = asking.cohorts(turn, said.person)
    names = {c.name for c in turn.features.commands}
    reading = rules.read(said.text, names)
    if medium == "text" and mine and _take_exact(turn, said):
        return
    if medium != "text" and said.text:
        reading = "words"  # a caption, whatever it says
    if reading in ("words", "question") and (mine or asking.reached(turn, said.person)):
        kept = turn.store.keep(said, medium)
        asking.ask(turn, kept)
        mentioning.show_again(turn, kept)
        return
    known = turn.store.find(said.ref)
    if known is not None:
        mentioning.settle(turn, known, "dropped")  # it was edited into something that needs no decision
    match reading:
        case "command":
            message = views.command(rules.command_in(said.text, names) or "")
        case "nothing" if mine or asking.reached(turn, said.person):
            message = views.wordless(medium, asking.is_learner(mine))
        case _ if not mine:
            message = asking.outside(turn, said.person, reading)
        case "help":
            message = views.help_card(asking.first(turn, mine), asking.is_staff(mine))
        case "skip":
            message = views.nothing_to_skip()
        case "stop":
            message = views.nothing_to_stop(asking.is_learner(mine))
        case "greeting":
            message = views.greeting(turn.me.greeted, asking.first(turn, mine))
        case _:
            message = views.welcome(turn.me.greeted, asking.first(turn, mine))
    asking.answer(turn, said.person, said.ref, message)


def _take_exact(turn: Talk, said: Said) -> bool:
    """Takes a message that is something exactly, and nothing else. Returns whether it was."""
    exact = [m for m in asking.all_meanings(turn, said) if m.exact]
    if len(exact) != 1:
        return False
    kept = turn.store.keep(said, "text")
    cohort, roles = next((c, r) for c, r in asking.reached(turn, said.person) if c.id == exact[0].cohort)
    here = asking.inside(turn, cohort, roles)
    try:
        receipt = turn.features.take(here, exact[0].kind, said, exact[0].subject)
    except Refused as e:
        asking.ask(turn, kept, str(e))
        return True
    turn.store.settle(kept.id, "taken")
    asking.answer(here, said.person, said.ref, receipt.message)
    return True


# Edits and deletions


@feature.on(MessageEdited)
def follow_edit(turn: Talk, event: MessageEdited) -> None:
    """An edited message is asked about again. A message that a feature has taken is followed by that feature."""
    if not event.place.direct:
        return
    said = Said(turn.me.id, _ref(event), trim(event.text), event.at)
    kept = turn.store.find(said.ref)
    if kept is not None and kept.said.person != turn.me.id:
        return  # not the author's doing
    if kept is not None and kept.state == "sent":
        asking.answer(turn, turn.me.id, said.ref, views.stays())
    elif kept is None or kept.state == "dropped" or (kept.state == "open" and kept.said.text != said.text):
        _respond(turn, said, event.medium)
    elif (awaited := turn.store.awaited(turn.me.id)) and awaited.anchor == said.anchor and awaited.state == "open":
        turn.happened(asking.card_changed(turn.me.id, awaited, asks=True))


@feature.on(MessageDeleted)
def follow_deletion(turn: Talk, event: MessageDeleted) -> None:
    """Deleted text is removed wherever it is quoted. What its author sent by form is theirs to take back there."""
    if not event.place.direct:
        return
    kept = turn.store.find(_ref(event))
    if kept is not None:
        turn.forget(kept.said.text)
        mentioning.settle(turn, kept, "deleted")
        awaited = turn.store.awaited(kept.said.person)
        if awaited is not None and awaited.anchor == kept.said.anchor:
            turn.store.stop_waiting(kept.said.person)  # the question goes with the answer that asked it
        if turn.cohort is None:
            # Names the workspace of an answer that is still on its way.
            turn.cohort = next((c for c, _ in asking.cohorts(turn, kept.said.person)), None)
    anchor = answer_to(_ref(event))
    awaited = turn.store.awaited(turn.me.id) if turn.person is not None else None
    if awaited is not None and awaited.anchor == anchor:
        turn.store.wait(turn.me.id, replace(awaited, state="passed"))
    if kept is not None and kept.state == "sent":
        asking.answer(turn, kept.said.person, kept.said.ref, views.stays())
    else:
        turn.withdraw(anchor)
