"""The live sessions of a cohort on a page: figures, and nobody's name."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.core.message import Cell, Inline, Instant, Message, message, note, paragraph, table
from bot.core.people import STAFF
from bot.core.time import parse_instant
from bot.core.translation import N_, _
from bot.features.live import desk_views
from bot.features.live.listing import listed
from bot.features.live.store import Lives, feature

WORDS: dict[str | None, str] = {
    "held": N_("held, learners do not see it"),
    "announced": N_("announced"),
    "trial": N_("a trial"),
    "over": N_("over"),
    "keep": N_("keep"),
    "replace": N_("replace"),
    "drop": N_("drop"),
    "few": N_("too few people"),
    "modify": N_("change"),
    "remove": N_("take out"),
}
"""States, verdicts, and what the survey says."""


@feature.page(
    "live/{cohort}",
    title=N_("Live sessions"),
    roles=STAFF,
    tab=N_("Live sessions"),
)
def show_sessions(turn: Lives, asked: Mapping[str, str]) -> Message:
    found = listed(turn, turn.here)
    if not found:
        return message(paragraph(_("This course has no live session.")))
    columns = (
        ("title", _("Session")),
        ("week", _("Week")),
        ("state", _("State")),
        ("slots", _("Times, and for whom they are outside waking hours")),
        ("expected", _("Expected")),
        ("came", _("Came")),
        ("reflected", _("By recording or instead")),
        ("neither", _("Neither")),
        ("verdict", _("Verdict")),
        ("survey", _("The survey says")),
        ("lacks", _("What it lacks")),
    )
    return message(
        table("live", _("All sessions of the course"), columns, (_row(one) for one in found)),
        note(_("For the course team alone. Who said yes or came stands in no table.")),
    )


def _row(one: Mapping[str, Any]) -> Sequence[Cell | Inline | None]:
    return (
        one["title"],
        one["week"],
        desk_views.missed() if one["state"] == "over" and one["base"] is None else _word(one["state"]),
        _slots(one["slots"]),
        one["base"],
        one["attended"],
        one["reflected"],
        one["neither"],
        _word(one["verdict"]),
        _word(one["survey"]),
        "; ".join(failed["why"] for failed in one["failed"]),
    )


def _word(name: str | None) -> str | None:
    return _(WORDS[name]) if name in WORDS else name


def _slots(slots: Sequence[Mapping[str, Any]]) -> tuple[Inline, ...]:
    said: list[Inline] = []
    for n, slot in enumerate(slots):
        share = _("{share} % outside", share=slot["outside"])
        said += [*([", "] if n else []), Instant(parse_instant(slot["at"])), f" ({share})"]
    return tuple(said)
