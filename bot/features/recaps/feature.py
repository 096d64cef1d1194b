"""Recaps: an instructor tells the cohort about its week, in ninety seconds.

The script is made anew from what features contribute each time somebody looks, until an instructor edits it. A posted
recap, with a recording or as a text, stands in 'the week together', in its thread and on the next week's card.
"""

from collections.abc import Sequence
from dataclasses import replace

from bot.core.due import Due
from bot.core.facts import NameChanged, NamingChanged, PersonErased, QuotesWithdrawn, TogetherPosted, WordsEdited
from bot.core.feature import Press, Reply, Submission
from bot.core.people import MEMBERS, STAFF
from bot.core.turn import Turn
from bot.features.recaps import contributing, making, naming, posting, reporting
from bot.features.recaps.store import RecapStore, feature

__all__ = ["contributing", "feature", "reporting"]

Recaps = Turn[RecapStore]


@feature.due("show", within=posting.WITHIN, fold=True, after_end=True, by_day=True)
def show(turn: Recaps, batch: Sequence[Due]) -> None:
    posting.show_due(turn, batch)


@feature.on(TogetherPosted)
def follow_post(turn: Recaps, fact: TogetherPosted) -> None:
    recap = naming.of_week(turn, turn.here, fact.week)
    if recap.is_out:
        posting.plan(turn, recap)


# Names


@feature.on(NamingChanged)
def follow_naming(turn: Recaps, fact: NamingChanged) -> None:
    if not fact.agreed:
        posting.unname(turn, turn.people.person(fact.person))


@feature.on(NameChanged)
def follow_name(turn: Recaps, fact: NameChanged) -> None:
    """Recaps that name them show their present name. Somebody who left may be named, too."""
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        own = replace(turn, cohort=cohort)
        for recap in naming.naming(own, fact.person):
            posting.plan(own, recap)


@feature.on(QuotesWithdrawn)
def follow_quotes(turn: Recaps, fact: QuotesWithdrawn) -> None:
    posting.unquote(turn, fact.person, fact.texts)


@feature.on(WordsEdited)
def follow_edit(turn: Recaps, fact: WordsEdited) -> None:
    posting.requote(turn, fact.person, fact.before, fact.after)


@feature.on(PersonErased)
def erase(turn: Recaps, fact: PersonErased) -> None:
    """In all cohorts, because they may have left one that named them."""
    person = turn.people.person(fact.person)
    for cohort in (*turn.people.cohorts(), *turn.people.cohorts(ended=True)):
        posting.unname(replace(turn, cohort=cohort), person)


# For the course team


@feature.action("script", roles=STAFF, lane="private", after_end=True)
def show_script(turn: Recaps, press: Press) -> Reply:
    return making.page(turn, press.subject)


@feature.action("edit", roles=STAFF, lane="form", after_end=True)
def edit(turn: Recaps, press: Press) -> Reply:
    return making.edit_form(turn, press.subject)


@feature.action("renew", roles=STAFF, lane="form", after_end=True)
def renew(turn: Recaps, press: Press) -> Reply:
    return making.renewed_form(turn, press.subject)


@feature.form("edit", roles=STAFF, replaces=making.stored, after_end=True)
def take_edit(turn: Recaps, filled: Submission) -> Reply:
    return posting.correct(turn, filled)


@feature.action("record", roles=STAFF, lane="form", after_end=True)
def open_record(turn: Recaps, press: Press) -> Reply:
    return posting.record_form(turn, press.subject)


@feature.form("record", roles=STAFF, replaces=posting.stored, after_end=True)
def take_record(turn: Recaps, filled: Submission) -> Reply:
    return posting.record(turn, filled)


@feature.action("post", roles=STAFF, lane="form", after_end=True)
def post(turn: Recaps, press: Press) -> Reply:
    return posting.post(turn, press.subject)


@feature.form("post", roles=STAFF, replaces=making.stored, after_end=True)
def take_post(turn: Recaps, filled: Submission) -> Reply:
    return posting.post_agreed(turn, filled)


@feature.action("take_back", roles=STAFF, lane="private", after_end=True)
def take_back(turn: Recaps, press: Press) -> Reply:
    return posting.take_back(turn, press.subject)


@feature.action("leave_out", roles=STAFF, lane="private")
def leave_out(turn: Recaps, press: Press) -> Reply:
    return posting.leave_out(turn, press.subject)


# For the cohort


@feature.action("read", roles=MEMBERS, lane="private", after_end=True)
def read(turn: Recaps, press: Press) -> Reply:
    return posting.read(turn, press.subject)
