"""What replaces a live session, by its kind: the one table of it. `replacing` drafts it."""

from collections.abc import Mapping

from bot.core.translation import N_
from bot.course.model import LiveKind

SUBSTITUTABLE: tuple[LiveKind, ...] = ("content", "discussion", "problem")
"""The kinds that go as well or better in one's own time."""

_DISCUSSION = N_("a structured discussion")
_FEEDBACK = N_("work that is handed in, with feedback in private")

INSTEAD: Mapping[LiveKind | None, str] = {
    "content": N_("a recorded video with guided notes or pause prompts"),
    "discussion": _DISCUSSION,
    "problem": N_("a shared document with check-ins, and a milestone"),
    "office_hours": N_("a question thread that is answered every day, and a weekly FAQ video"),
    "decision": _DISCUSSION,
    "community": _DISCUSSION,
    "rehearsal": _FEEDBACK,
    "simulation": _FEEDBACK,
    "sensitive": _FEEDBACK,
    None: _FEEDBACK,
}
