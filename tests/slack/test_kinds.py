"""What people send in Slack besides plain messages, and what is read of it."""

import pytest

from adapters.slack.events import Reader
from adapters.slack.state import Identity
from adapters.slack.text import written
from bot.core.events import MessageEdited, MessagePosted
from tests.platforms.people import eventually
from tests.platforms.slack_stage import SlackStage
from tests.slack.local_slack import BOT, MIA, TEAM
from tests.slack.proxy import Json

RICH: Json = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "How long may it be?"}]}],
}
SECTION: Json = {"type": "section", "text": {"type": "mrkdwn", "text": "How long may *it* be?"}}
FORM: Json = {
    "type": "section",
    "fields": [{"type": "mrkdwn", "text": "*Question*"}, {"type": "plain_text", "text": "How long may it be?"}],
}
FILE: Json = {"type": "image", "alt_text": "What is this?.png", "title": {"type": "plain_text", "text": "Why?.png"}}
SHARED: Json = {"is_share": True, "from_url": "https://demo.slack.com/archives/C1/p1", "fallback": "[9:00] ben: Ten."}


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"text": "", "blocks": [RICH]}, "How long may it be?"),
        ({"text": "", "blocks": [SECTION]}, "How long may *it* be?"),
        ({"text": "", "blocks": [{"type": "markdown", "text": "How long?"}, {"type": "divider"}]}, "How long?"),
        ({"text": "A summary", "blocks": [FORM], "bot_id": "B1"}, "*Question*\nHow long may it be?"),
        ({"text": "Typed", "blocks": [RICH, SECTION]}, "Typed"),
        ({"text": "", "attachments": [{"text": "How long?", "fallback": "none"}]}, "How long?"),
        ({"text": "", "attachments": [{"fields": [{"title": "Due", "value": "Friday"}]}]}, "Due\nFriday"),
        ({"text": "", "attachments": [{**SHARED, "text": "Ten pages.\nNo more."}]}, "Ten pages.\nNo more."),
        ({"text": "True?", "attachments": [{**SHARED, "text": "Ten\npages."}]}, "True?\n> Ten\n> pages."),
        ({"text": "", "attachments": [{**SHARED, "message_blocks": [{"message": {"blocks": [RICH]}}]}]}, RICH),
        # Nobody's words: previews of links, names of files.
        (
            {"text": "See https://x.org", "attachments": [{"from_url": "https://x.org", "text": "Why?"}]},
            "See https://x.org",
        ),
        ({"text": "", "attachments": [{"from_url": "https://x.org", "title": "Why?"}]}, ""),
        ({"text": "", "attachments": [{**SHARED, "files": [{"name": "Why?.pdf"}]}]}, ""),
        ({"text": "", "files": [{"name": "Why?.pdf"}], "attachments": [{"title": "Why?.pdf"}], "blocks": [FILE]}, ""),
        ({"text": "", "blocks": [FILE]}, ""),
        # Odd shapes.
        ({"text": None, "blocks": None, "attachments": [None, {"fields": None, "message_blocks": [{}]}]}, ""),
        ({"blocks": [{"type": "section", "text": None, "fields": "x"}, {"type": "context"}, {}]}, ""),
    ],
)
def test_the_words_of_a_message(message: Json, text: str | Json) -> None:
    assert written(message, lambda id: id) == ("How long may it be?" if text is RICH else text)


WORKFLOW: Json = {
    "subtype": "bot_message",
    "user": None,
    "bot_id": "B0FLOW",
    "workflow_id": "Wf0ASK",
    "username": "Ask",
}
ASKS = f"<@{MIA}> asks: How long may it be?"


@pytest.mark.parametrize(
    ("beside", "text"),
    [
        ({"bot_id": "B0APP", "app_id": "A0APP", "text": "How long may it be?"}, "How long may it be?"),
        ({**WORKFLOW, "text": ASKS}, "@Mia asks: How long may it be?"),
    ],
)
async def test_what_a_person_posts_through_an_app_or_a_workflow_is_theirs(
    stage: SlackStage, beside: Json, text: str
) -> None:
    await stage.people.say("mia", "questions", "Hello")
    await eventually(lambda: stage.bot.last(MessagePosted))
    stage.proxy.beside = {"blocks": [], **beside}
    await stage.people.say("mia", "questions", "instead of this")

    async def second() -> MessagePosted | None:
        return next((e for e in stage.bot.all(MessagePosted) if e.text != "Hello"), None)

    posted = await eventually(second)
    assert (posted.text, posted.actor.account) == (text, stage.account("mia"))


@pytest.mark.parametrize(
    "beside",
    [
        {**WORKFLOW, "text": "How is your week?"},
        {**WORKFLOW, "text": f"<@{MIA}> and <@U0BEN>: who takes notes?"},
        {**WORKFLOW, "text": f"Welcome, <@{MIA}>! Have you read the guide?"},
        {**WORKFLOW, "workflow_id": None, "text": ASKS},
        {"user": BOT, "bot_id": "B0BOT", "text": "Is it mine?"},
        {"user": "U0OTHERAPP", "bot_id": "B0OTHER", "text": "Is the build red?"},
        {"user": "USLACKBOT", "text": "Did you know?"},
    ],
)
async def test_what_programs_post_is_not_read(stage: SlackStage, beside: Json) -> None:
    stage.proxy.beside = {"blocks": [], **beside}
    await stage.people.say("mia", "questions", "instead of this")
    await stage.people.say("mia", "questions", "How long may it be?")
    await eventually(lambda: stage.bot.last(MessagePosted))
    assert [e.text for e in stage.bot.all(MessagePosted)] == ["How long may it be?"]


async def test_an_edit_of_blocks_alone_is_an_edit(stage: SlackStage) -> None:
    reader = stage.adapter._all[0]._opened.interactions.people  # type: ignore[union-attr]
    event: Json = {
        "type": "message",
        "subtype": "message_changed",
        "channel": "C0QUESTIONS",
        "message": {"user": MIA, "ts": "2.0", "text": "", "blocks": [SECTION], "edited": {"ts": "3.0"}},
        "previous_message": {"user": MIA, "ts": "2.0", "text": "", "blocks": [RICH]},
    }
    [edited] = await Reader(Identity(TEAM, "", BOT, "B0BOT"), reader).read(event)
    assert isinstance(edited, MessageEdited)
    assert edited.text == "How long may *it* be?"
    same = event | {"message": {**event["message"], "blocks": [RICH], "attachments": [{"from_url": "x", "text": "y"}]}}
    assert await Reader(Identity(TEAM, "", BOT, "B0BOT"), reader).read(same) == []
