"""Pages for managers: what was done in a cohort, and whether its messages arrive."""

from collections.abc import Mapping, Sequence

from bot.core.actions import Action
from bot.core.causes import why_not_there
from bot.core.contributions import TROUBLE
from bot.core.feature import Press, Reply
from bot.core.message import (
    Button,
    Cell,
    Inline,
    Instant,
    Message,
    bullets,
    buttons,
    message,
    note,
    paragraph,
    table,
    with_code,
)
from bot.core.people import MANAGERS, Cohort
from bot.core.translation import N_, _, _n
from bot.core.turn import Outgoing, Turn
from bot.features.enrolment.setup_views import PURPOSE_WORDS
from bot.features.enrolment.store import EnrolmentStore, feature

LOGGED = 5000
"""Entries of the log on its page, the newest."""

STATES = {
    "waiting": N_("waits for its turn"),
    "held": N_("waits for the post that it belongs below"),
    "sending": N_("on its way"),
    "dead": N_("given up"),
}

Enrolment = Turn[EnrolmentStore]


@feature.page("log/{cohort}", title=N_("What was done"), roles=MANAGERS, tab=N_("Log"))
def show_log(turn: Enrolment, asked: Mapping[str, str]) -> Message:
    columns = (("who", _("Who")), ("at", _("When")), ("act", _("What they did")))
    acts = turn.store.acts(turn.here.id, None, LOGGED)
    rows = [(one.by or _("Pacekeeper, or its operator"), Instant(one.at), one.act) for one in acts]
    return message(
        paragraph(_("What was done with the role of an instructor or a manager, the newest first.")),
        table("log", _("The log"), columns, rows) or paragraph(_("Nothing yet.")),
    )


@feature.page("delivery/{cohort}", title=N_("Do messages arrive?"), roles=MANAGERS, tab=N_("Delivery"))
def show_delivery(turn: Enrolment, asked: Mapping[str, str]) -> Message:
    cohort, found = turn.here, turn.links.outgoing(turn.here.id)
    dead = sum(len(one.ids) for one in _dead(found))
    columns = (
        ("where", _("Where")),
        ("state", _("State")),
        ("messages", _("Messages")),
        ("since", _("Since")),
        ("again", _("Next try")),
        ("why", _("Why")),
    )
    operator = _(
        "Whoever runs me sees what failed in all cohorts, and events that were set aside, by `pacekeeper doctor`."
    )
    return message(
        bullets(*turn.collect(TROUBLE, cohort)),
        paragraph(_("Everything has arrived.") if not found else _n("{n} given up.", "{n} given up.", dead)),
        table("delivery", _("What has not arrived"), columns, (_row(cohort, one) for one in found)),
        buttons(Button(_("Try again what was given up"), _retry(cohort), "primary") if dead else None),
        note(_("Private messages are counted, and their readers are not named.")),
        note(*with_code(operator)),
    )


def _row(cohort: Cohort, one: Outgoing) -> Sequence[Cell | Inline | None]:
    purposes = {channel.place.channel: PURPOSE_WORDS.get(channel.purpose, "") for channel in cohort.channels}
    where = _("Private messages") if one.channel is None else _(purposes.get(one.channel) or N_("Another channel"))
    again = None if one.state in ("dead", "held") else Instant(one.again)
    return (where, _(STATES[one.state]), len(one.ids), Instant(one.since), again, why_not_there(one.why) or one.why)


def _dead(found: Sequence[Outgoing]) -> list[Outgoing]:
    return [one for one in found if one.state == "dead"]


def _retry(cohort: Cohort) -> str:
    return Action("enrolment", "retry", cohort.id).encode()


@feature.action("retry", roles=MANAGERS, lane="private")
def try_again(turn: Enrolment, press: Press) -> Reply:
    dead = [id for one in _dead(turn.links.outgoing(turn.here.id)) for id in one.ids]
    if not dead:
        return message(paragraph(_("Nothing is given up any more.")))
    turn.retry(dead)
    turn.log(f"had {len(dead)} messages tried again that were given up")
    return message(
        paragraph(_n("{n} message is tried again now.", "{n} messages are tried again now.", len(dead))),
        note(_("What still cannot arrive is given up again, and stands here with its reason.")),
    )
