"""The codes of advice about a course file, with what each says. docs/INTERFACE.md has them as a table."""

from collections.abc import Mapping
from typing import Literal

Code = Literal[
    "night",
    "starved",
    "collides",
    "outside-hours",
    "not-run",
    "alone",
    "passive",
    "attendance",
    "slow-answers",
    "loose-rules",
    "language",
    "over-budget",
    "no-minutes",
    "no-goal",
    "placeholder",
    "nothing-to-answer",
    "no-transcript",
    "overlapping-deadlines",
    "gate-1",
    "gate-2",
    "gate-3",
    "gate-4",
    "gate-5",
    "gate-6",
    "live-longest",
    "live-rare",
    "live-slots",
    "live-unasked",
    "room-slots",
]
"""Stable: programs read them."""

_HELD = "; it is held as well."

SAYS: Mapping[Code, str] = {
    "night": "A prompt, a discussion, a check-in or a quiet room, and its post in the channel, opens outside "
    "`messages.hours` by the clock of the learner or of the cohort.",
    "starved": "A prompt never reaches anybody, or nobody is reminded, because the week's three messages go to other "
    "cards.",
    "collides": "A prompt comes on a later day than planned, because another card has its day; or a round of a "
    "discussion opens before the one before it closes.",
    "outside-hours": "Something opens, is due or takes place outside `messages.hours` (a live session: outside "
    "`live_rules.waking`) for some of the learners whose zones are known.",
    "not-run": "No installed feature runs this kind of item, so it has no dates for anybody.",
    "alone": "Two weeks or more in which learners hear nothing of one another: no discussion, no peer review, no "
    "prompt with an answer that the cohort sees.",
    "passive": "A week in which learners only watch and listen.",
    "attendance": "A milestone that asks people to be there.",
    "slow-answers": "Answers are promised later than three days.",
    "loose-rules": "A key of `live_rules` lets more live sessions pass than is usual.",
    "language": "The course is not in English: nothing is suggested, grouped or read out of threads by meaning.",
    "over-budget": "A week takes more than `weekly_minutes`.",
    "no-minutes": "A material or a milestone does not say how long it takes.",
    "no-goal": "A week has no goal.",
    "placeholder": "People would read `TBD` or `…`.",
    "nothing-to-answer": "A week has no prompt, milestone or discussion.",
    "no-transcript": "A video has neither transcript nor captions, or a recording has no transcript.",
    "overlapping-deadlines": "Two milestones are due within a day of each other.",
    "gate-1": "A live session does not say what needs everybody at the same time, so it is held. An error here alone: "
    "the file loads, and nobody is told about the session. On trial, or asked for by a policy, it is a warning.",
    "gate-2": "A live session is not optional, or a policy asks for one that is on trial, a talk, without material "
    f"before it, or without a recording that counts in full{_HELD} One that a policy may ask for is a warning, "
    "and so is one whose title or goal says that people have to come, or get a grade.",
    "gate-3": f"A live session has no way for those who cannot come, or one that pays for another session{_HELD} "
    "One that takes less than half as long is a warning.",
    "gate-4": f"A live session is not recorded and shared, or a `sensitive` one is recorded{_HELD}",
    "gate-5": f"Nothing of its week that still has minutes gives them up for a live session{_HELD}",
    "gate-6": "A live session has no metric.",
    "live-longest": f"A live session is too long{_HELD}",
    "live-rare": f"A live session comes too often{_HELD}",
    "live-slots": "The slots of a live session are fewer than two or more than six, have passed, are in another week, "
    f"overlap, lie close together, are outside waking hours for most learners, or leave somebody out{_HELD}",
    "live-unasked": "What a live session fails only together with the rest of the file was not looked at, since the "
    "file has errors elsewhere.",
    "room-slots": "A quiet room has no slots, or one that is at night for most of the learners whose zones are known. "
    "The finding suggests slots that suit them.",
}
