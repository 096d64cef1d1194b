"""What people send in Slack besides plain messages, and what is read of it."""

import pytest

from adapters.slack.events import Reader
from adapters.slack.state import Identity
from adapters.slack.text import written
from bot.core.events import MessageEdited, MessagePosted
from tests.platforms.slack_stage import SlackStage
from tests.slack.local_slack import BOT, MIA, TEAM
from tests.slack.proxy import Json
from tests.waiting import eventually

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


PERSON: Json = {"user": MIA, "blocks": []}
PROGRAM: Json = {"user": None, "blocks": [], "bot_id": "B0OTHER", "subtype": "bot_message", "username": "Build"}
WORKFLOW: Json = {**PROGRAM, "bot_id": "B0FLOW", "workflow_id": "Wf0ASK", "username": "Ask"}
ASKS = f"<@{MIA}> asks: How long may it be?"
PNG: Json = {"id": "F1", "name": "Why?.png", "title": "Why?", "mimetype": "image/png"}
CLIP: Json = {"id": "F2", "name": "audio_message.m4a", "subtype": "slack_audio", "mimetype": "audio/mp4"}
VIDEO: Json = {"id": "F3", "name": "video.mp4", "subtype": "slack_video", "mimetype": "video/mp4"}
CANVAS: Json = {"id": "F4", "name": "Why?", "filetype": "quip", "mimetype": "application/vnd.slack-docs"}
SNIPPET: Json = {"id": "F5", "name": "Why?.py", "mode": "snippet", "mimetype": "text/plain", "preview": "print(1)"}
PREVIEW: Json = {"from_url": "https://x.org", "title": "Why?", "text": "How?", "is_msg_unfurl": True}
TABLE: Json = {"type": "table", "rows": [[{"type": "raw_text", "text": "Due"}, RICH]]}

Read = tuple[str, str] | None
"""Text and medium of what is read; None for what is nobody's words."""

KINDS: dict[str, tuple[Json, Read]] = {
    # What people write.
    "plain": ({**PERSON, "text": "How long?"}, ("How long?", "text")),
    "file_share, words": ({**PERSON, "subtype": "file_share", "text": "This", "files": [PNG]}, ("This", "image")),
    "file_share": ({**PERSON, "subtype": "file_share", "text": "", "files": [PNG]}, ("", "image")),
    "file_share, two": ({**PERSON, "subtype": "file_share", "text": "", "files": [PNG, SNIPPET]}, ("", "file")),
    "voice": ({**PERSON, "subtype": "file_share", "text": "", "files": [CLIP]}, ("", "voice")),
    "video": ({**PERSON, "subtype": "file_share", "text": "", "files": [VIDEO]}, ("", "file")),
    "canvas": ({**PERSON, "subtype": "file_share", "text": "", "files": [CANVAS]}, ("", "file")),
    "snippet": ({**PERSON, "subtype": "file_share", "text": "", "files": [SNIPPET]}, ("", "file")),
    "file that is gone": ({**PERSON, "text": "", "files": [{"id": "F6", "mode": "tombstone"}]}, ("", "file")),
    "thread_broadcast": (
        {**PERSON, "subtype": "thread_broadcast", "text": "Ten.", "thread_ts": "1700000000.000100", "root": {}},
        ("Ten.", "text"),
    ),
    "me_message": ({**PERSON, "subtype": "me_message", "text": "waits"}, ("waits", "text")),
    "forward": (
        {**PERSON, "text": "", "attachments": [{**SHARED, "text": "Ten pages."}]},
        ("Ten pages.", "forward"),
    ),
    "forward of a file": ({**PERSON, "text": "", "attachments": [{**SHARED, "files": [PNG]}]}, ("", "forward")),
    "unfurled": ({**PERSON, "text": "https://x.org", "attachments": [PREVIEW]}, ("https://x.org", "text")),
    "table": ({**PERSON, "text": "", "attachments": [{"blocks": [TABLE]}]}, ("Due | How long may it be?", "text")),
    "through an app": ({**PERSON, "bot_id": "B0APP", "app_id": "A0APP", "text": "How long?"}, ("How long?", "text")),
    "through a workflow": ({**WORKFLOW, "text": ASKS}, ("@Mia asks: How long may it be?", "text")),
    # What programs write.
    "workflow, to everybody": ({**WORKFLOW, "text": "How is your week?"}, None),
    "workflow, about two": ({**WORKFLOW, "text": f"<@{MIA}> and <@U0BEN>: who takes notes?"}, None),
    "workflow, to one": ({**WORKFLOW, "text": f"Welcome, <@{MIA}>! Have you read the guide?"}, None),
    "bot_message": ({**PROGRAM, "text": ASKS}, None),
    "bot_message, attachments": ({**PROGRAM, "text": "", "attachments": [{"text": "Is the build red?"}]}, None),
    "the bot itself": ({"user": BOT, "blocks": [], "bot_id": "B0BOT", "text": "Is it mine?"}, None),
    "another app": ({"user": "U0OTHERAPP", "blocks": [], "bot_id": "B0OTHER", "text": "Is the build red?"}, None),
    "slackbot_response": ({"user": "USLACKBOT", "blocks": [], "subtype": "slackbot_response", "text": "Hm?"}, None),
    "Slackbot": ({"user": "USLACKBOT", "blocks": [], "text": "Did you know?"}, None),
    # Slack's own notices, in somebody's name.
    **{
        subtype: ({**PERSON, "subtype": subtype, "text": f"<@{MIA}> did something. Why?"}, None)
        for subtype in (
            "assistant_app_thread",
            "bot_add",
            "bot_disable",
            "bot_enable",
            "bot_remove",
            "channel_archive",
            "channel_canvas_updated",
            "channel_convert_to_private",
            "channel_convert_to_public",
            "channel_join",
            "channel_leave",
            "channel_name",
            "channel_posting_permissions",
            "channel_purpose",
            "channel_topic",
            "channel_unarchive",
            "document_mention",
            "ekm_access_denied",
            "file_comment",
            "file_mention",
            "group_archive",
            "group_join",
            "group_leave",
            "group_name",
            "group_purpose",
            "group_topic",
            "group_unarchive",
            "huddle_thread",
            "joiner_notification",
            "pinned_item",
            "reminder_add",
            "reply_broadcast",
            "sh_room_created",
            "share_shortcut",
            "tabbed_canvas_updated",
            "tombstone",
            "unpinned_item",
            "something_new",
        )
    },
    "message_replied": (
        {"user": None, "blocks": [], "subtype": "message_replied", "message": {"user": MIA, "text": "Why?"}},
        None,
    ),
    "odd": ({"user": MIA, "blocks": [{"type": "call"}, {"type": "table", "rows": [None]}], "text": ""}, ("", "text")),
}
"""Every kind of message, and what is read of it: https://docs.slack.dev/reference/events/message#subtypes"""


async def test_every_kind_of_message_is_read_as_what_it_is(stage: SlackStage) -> None:
    """No file's name is a text, no notice a message, and nothing that people wrote is lost."""
    ids = {}
    for name, (beside, _) in KINDS.items():
        stage.proxy.beside = beside
        ids[await stage.people.say("mia", "questions", "instead of this")] = name
    last = await stage.people.say("mia", "questions", "The end.")

    async def all_of_it() -> bool:
        return any(e.id == last for e in stage.bot.all(MessagePosted))

    await eventually(all_of_it)
    posted = [e for e in stage.bot.all(MessagePosted) if e.id != last]
    assert {e.actor.account for e in posted} == {stage.account("mia")}
    assert {ids[e.id]: (e.text, e.medium) for e in posted} == {name: read for name, (_, read) in KINDS.items() if read}


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
