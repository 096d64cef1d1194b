"""The features of the bot, without their stores: `bot/app/compose.py` gives each its own."""

from typing import Any

from bot.core.feature import Feature
from bot.features.absence.feature import feature as absence
from bot.features.checkins.feature import feature as checkins
from bot.features.completion.feature import feature as completion
from bot.features.digests.feature import feature as digests
from bot.features.discussions.feature import feature as discussions
from bot.features.drafts.feature import feature as drafts
from bot.features.enrolment.feature import feature as enrolment
from bot.features.faq.feature import feature as faq
from bot.features.feedback.feature import feature as feedback
from bot.features.home.feature import feature as home
from bot.features.ledger.feature import feature as ledger
from bot.features.live.feature import feature as live
from bot.features.milestones.feature import feature as milestones
from bot.features.mine.feature import feature as mine
from bot.features.pods.feature import feature as pods
from bot.features.questions.feature import feature as questions
from bot.features.recaps.feature import feature as recaps
from bot.features.reminders.feature import feature as reminders
from bot.features.reviews.feature import feature as reviews
from bot.features.revisions.feature import feature as revisions
from bot.features.rooms.feature import feature as rooms
from bot.features.runs.feature import feature as runs
from bot.features.scenarios.feature import feature as scenarios
from bot.features.selfchecks.feature import feature as selfchecks
from bot.features.stuck.feature import feature as stuck
from bot.features.survey.feature import feature as survey
from bot.features.talk.feature import feature as talk
from bot.features.teamtime.feature import feature as teamtime
from bot.features.thanks.feature import feature as thanks
from bot.features.weekcard.feature import feature as weekcard
from bot.features.wrapups.feature import feature as wrapups
from bot.runtime.registry import Registry
from bot.runtime.voice import voice

FEATURES: tuple[Feature[Any], ...] = (
    home,
    enrolment,
    milestones,
    feedback,
    weekcard,
    discussions,
    reviews,
    selfchecks,
    scenarios,
    checkins,
    pods,
    live,
    rooms,
    ledger,
    teamtime,
    stuck,
    runs,
    survey,
    wrapups,
    recaps,
    talk,
    reminders,
    questions,
    faq,
    thanks,
    absence,
    completion,
    digests,
    revisions,
    drafts,
    mine,
    voice,
)


def make_registry() -> Registry:
    """The declarations of all features."""
    return Registry(FEATURES)
