"""The whole bot on Discord: a cohort with a forum for its questions, from joining to an answer."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import discord
import pytest
import pytest_asyncio
from sqlmodel import Session, select

from adapters.discord.adapter import Discord
from adapters.discord.config import DiscordBot
from bot.app.cohorts import create_cohort
from bot.app.compose import Application, compose
from bot.core.people import Account, Role
from bot.core.time import WoundClock, parse_instant
from storage.tables.questions import QuestionRow
from tests.discord import humans
from tests.discord.fake import FakeDiscord, Fault
from tests.kit import PLAN, _empty_database
from tests.waiting import eventually

Json = dict[str, Any]


class Academy:
    """A server with a course in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.fake = FakeDiscord()
        self.general = self.fake.add_channel("general")["id"]
        self.forum = self.fake.add_channel("help", 15)["id"]
        self.users = {n: self.fake.add_person(n, n.capitalize())["id"] for n in ("mia", "ben", "ines", "omar")}
        self.clock = WoundClock(start=parse_instant("2026-01-05T08:00:00Z"))
        self.code = ""
        self.app: Application | None = None

    async def open(self) -> None:
        adapter = Discord(DiscordBot("token", self.fake.api, self.fake.gateway), self.folder / "discord")
        self.app = compose(f"sqlite:///{self.folder / 'pacekeeper.db'}", self.clock, [adapter])
        if not self.code:
            people = tuple((role, self.users[name]) for role, name in PLAN.people)
            channels = {"main": self.general, "questions": self.forum}
            plan = replace(PLAN, workspace=self.fake.guild["id"], channels=channels, people=people)
            _, self.code = create_cohort(self.app.storage, self.app.registry, plan)
        await self.app.runtime.start()

    async def close(self) -> None:
        assert self.app is not None
        await self.app.runtime.stop()
        self.app.storage.close()

    def command(self, who: str, name: str, channel: str | None = None, **values: Any) -> None:
        humans.command(self.fake, self.users[who], channel or self.general, name, **values)

    def press(self, who: str, shown: Json, label: str, value: str | None = None) -> None:
        humans.press(self.fake, self.users[who], shown, label, value)

    async def private(self, who: str, words: str, channel: str | None = None) -> Json:
        """What one person is told, in answer to something."""

        async def look() -> Json | None:
            shown = [m for ms in self.fake.whispered.values() for m in ms if m["to"] == self.users[who]]
            return next((m for m in reversed(shown) if words in humans.read(m["content"])), None)

        return await eventually(look)

    async def direct(self, who: str, words: str) -> Json:
        return await self.shown(self.fake.conversation(self.users[who])["id"], words)

    async def offered(self, who: str, label: str) -> Json:
        """The private message that has such a button."""
        channel = self.fake.conversation(self.users[who])["id"]

        async def look() -> Json | None:
            return next((m for m in self.fake.messages[channel].values() if label in humans.labels(m)), None)

        return await eventually(look)

    async def shown(self, channel: str, words: str) -> Json:
        async def look() -> Json | None:
            return next((m for m in self.fake.messages[channel].values() if words in humans.read(m["content"])), None)

        return await eventually(look)

    async def modal(self, who: str) -> Json:
        async def look() -> Json | None:
            found = self.fake.modals.get(self.users[who])
            return found[1] if found else None

        return await eventually(look)

    def submit(self, who: str, **values: Any) -> None:
        humans.submit(self.fake, self.users[who], values)

    def posts(self, who: str, title: str, text: str) -> str:
        """Somebody opens a post of their own in the forum; returns its id."""
        return self.fake.open_post(self.users[who], self.forum, title, text)

    async def tagged(self, post: str, *labels: str) -> None:
        """Waits until a post has these tags."""

        async def look() -> bool:
            names = {t["id"]: t["name"] for t in self.fake.channels[self.forum]["available_tags"]}
            return [names[t] for t in self.fake.channels[post]["applied_tags"]] == list(labels)

        await eventually(look)

    async def post(self, title: str) -> Json:
        async def look() -> Json | None:
            return next((c for c in self.fake.channels.values() if title in str(c.get("name"))), None)

        return await eventually(look)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Academy]:
    shutil.copyfile(_empty_database(), folder / "pacekeeper.db")
    academy = Academy(folder)
    await academy.fake.start()
    await academy.open()
    try:
        yield academy
        assert academy.fake.wrong == []
    finally:
        await academy.close()
        await academy.fake.stop()


@pytest_asyncio.fixture
async def academy(tmp_path: Path) -> AsyncIterator[Academy]:
    async with opened(tmp_path) as found:
        yield found


async def test_a_tag_waits_for_its_permission_and_the_manager_hears_of_it_once(academy: Academy) -> None:
    fake, app = academy.fake, academy.app
    assert app is not None
    posts = [academy.posts("mia", title, "It exits.") for title in ("Docker does not start", "Git does not push")]
    for post in posts:
        await academy.tagged(post, "Open")
    fake.forbid(academy.forum, discord.Permissions.manage_threads.flag)
    for post in posts:
        said = fake.say(academy.users["ben"], post, "Give it more memory.")
        fake.react(academy.users["mia"], post, said["id"], "✅")

    async def told() -> list[str]:
        await app.runtime.advance(academy.clock.now() + timedelta(days=1))
        mine = fake.messages[fake.conversation(academy.users["omar"])["id"]].values()
        return [t for m in mine if "give me Manage Threads" in (t := humans.read(m["content"]))]

    await eventually(told)
    assert len(await told()) == 1
    await academy.close()
    await academy.open()
    fake.forbid(academy.forum, 0)
    for post in posts:
        await academy.tagged(post, "Answered")


async def test_a_learner_joins_picks_a_zone_and_asks(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome to Demo course")
    card = await academy.direct("mia", "Demo course")
    # Discord knows no zone: the card asks, and a city will do.
    label = next(x for x in humans.labels(card) if "zone" in x.lower())
    academy.press("mia", card, label)
    await academy.modal("mia")
    academy.submit("mia", zone="Kolkata")
    await academy.private("mia", "Asia/Kolkata")
    # A question by form, refused and corrected.
    academy.command("mia", "ask")
    modal = await academy.modal("mia")
    assert modal["title"] == "Ask a question"
    academy.submit("mia", text="How long may the report be, @everyone?")
    post = await academy.post("How long may the report be")
    root = await academy.shown(post["id"], "Mia asks")
    assert root["called"] == []
    tags = {t["id"]: t["name"] for t in academy.fake.channels[academy.forum]["available_tags"]}
    assert [tags[t] for t in post["applied_tags"]] == ["Open"]
    await academy.private("mia", "Thank you.")
    # Ben answers in the post, Mia marks it, and the tag follows.
    said = academy.fake.say(academy.users["ben"], post["id"], "Ten pages at most.")
    academy.fake.react(academy.users["mia"], post["id"], said["id"], "✅")

    async def answered() -> bool:
        return [tags[t] for t in post["applied_tags"]] == ["Answered"]

    await eventually(answered)
    assert "see the answer" in humans.read((await academy.shown(post["id"], "Mia asks"))["content"])


async def test_a_plain_question_in_the_forum_is_followed_after_a_restart(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    await academy.close()
    await academy.open()
    post = academy.posts("mia", "Docker exits with 137", "Why?")

    async def noticed() -> bool:
        return bool(academy.fake.messages[post][post]["reacted"])

    await eventually(noticed)


ORDINARY = (
    ("Week 2", "My notebook shows nothing."),
    ("Docker", "It exits with 137"),
    ("Peer review", "I got two drafts to read"),
    ("Thanks for the tip! One more thing", "The link of the case is dead."),
    ("Hello everybody", "I am not sure about the second milestone"),
)
"""Titles and first messages that do not look like questions."""


async def test_every_post_in_the_forum_is_a_question(academy: Academy) -> None:
    for who in ("mia", "ben"):
        academy.command(who, "join", code=academy.code)
        await academy.private(who, "Welcome")
    asked = [academy.posts("mia", title, text) for title, text in ORDINARY]
    for post in asked:
        await academy.tagged(post, "Open")
        assert academy.fake.messages[post][post]["reacted"] == {"❓"}
    # The post is marked as answered, opened again, and taken out: its tag follows.
    mia, first = academy.users["mia"], asked[0]
    said = academy.fake.say(academy.users["ben"], first, "Restart its kernel.")
    academy.fake.react(mia, first, said["id"], "✅")
    await academy.tagged(first, "Answered")
    academy.fake.react(mia, first, said["id"], "✅", on=False)
    await academy.tagged(first, "Open")
    academy.fake.react(mia, first, first, "❌")
    await academy.tagged(first)
    # The title is a part of the question that the course team reads.
    academy.command("ines", "desk")
    assert "Peer review" in humans.read((await academy.private("ines", "I got two drafts"))["content"])


async def test_a_post_that_gets_another_title_is_another_question(academy: Academy) -> None:
    """Whoever renames it; what somebody else tagged stays, and a tag that a person took away comes with the next
    state."""
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake, mia = academy.fake, academy.users["mia"]
    post = academy.posts("mia", "Help", "It exits with 137.")
    await academy.tagged(post, "Open")
    fake.rename(post, "Docker dies of hunger")
    await desk_says(academy, "Docker dies of hunger")
    # An edit after that keeps the new title, and counts.
    fake.edit(post, post, "It exits with 139.")
    await desk_says(academy, "Docker dies of hunger It exits with 139.")
    fake.change_thread(post, applied_tags=[])
    said = fake.say(academy.users["ben"], post, "Give it more memory.")
    fake.react(mia, post, said["id"], "✅")
    await academy.tagged(post, "Answered")
    # Renamed once more, as asleep posts are, too.
    fake.change_thread(post, archived=True)
    fake.rename(post, "Docker dies of thirst")
    await desk_says(academy, "Docker dies of thirst", "faq")


async def desk_says(academy: Academy, words: str, command: str = "desk") -> None:
    async def look() -> bool:
        academy.command("ines", command)
        shown = [m for ms in academy.fake.whispered.values() for m in ms if m["to"] == academy.users["ines"]]
        return any(words in " ".join(humans.read(m["content"]).split()) for m in shown)

    await eventually(look)


async def test_what_becomes_of_a_post_leaves_nothing_behind(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake = academy.fake
    # Its first message is deleted: the rest of the post stays, and waits no more.
    first = academy.posts("mia", "First", "A canary sings.")
    await academy.tagged(first, "Open")
    fake.delete(first, first)
    await academy.tagged(first)
    # The whole post is deleted.
    second = academy.posts("mia", "Second", "A canary sings.")
    await academy.tagged(second, "Open")
    fake.drop_thread(second)
    # It is locked: its tag follows, since whoever manages threads may change it.
    third = academy.posts("mia", "Third", "A lark sings.")
    await academy.tagged(third, "Open")
    fake.change_thread(third, locked=True, archived=True)
    fake.change_thread(third, locked=False, archived=False)
    await academy.tagged(third, "Open")
    academy.command("ines", "desk")
    shown = humans.read((await academy.private("ines", "A lark sings."))["content"])
    assert "canary" not in shown


async def test_what_is_edited_or_deleted_during_a_downtime_leaves_the_desk(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake = academy.fake
    titles = ("Deleted", "Beheaded", "Found", "Reworded", "Untouched")
    posts = {title: academy.posts("mia", title, f"A {title.lower()} canary sings?") for title in titles}
    for post in posts.values():
        await academy.tagged(post, "Open")
    academy.command("mia", "ask", text="How long may the report be?")
    asked = await academy.post("How long may the report be")
    await academy.close()
    fake.drop_thread(posts["Deleted"])
    fake.delete(posts["Beheaded"], posts["Beheaded"])
    fake.edit(posts["Found"], posts["Found"], "Thanks, found it!")
    fake.edit(posts["Reworded"], posts["Reworded"], "A lark sings?")
    fake.drop_thread(asked["id"])
    # Discord is slow, and answers all the same.
    fake.faults.append(Fault("GET", r"/channels/\d+/messages/\d+", 429, {"retry_after": 0.1}, {"Retry-After": "0.1"}))
    await academy.open()
    await academy.tagged(posts["Found"])
    await desk_says(academy, "Reworded A lark sings?")
    assert academy.app is not None
    await academy.app.runtime.settle()
    academy.fake.whispered.clear()
    academy.command("ines", "desk")
    shown = humans.read((await academy.private("ines", "A lark sings?"))["content"])
    assert "An untouched canary" in shown or "A untouched canary" in shown
    gone = ("deleted canary", "beheaded canary", "found canary", "reworded canary", "How long may the report be")
    assert not [words for words in gone if words in shown]
    # A post that may not be looked at is nothing that was deleted.
    await academy.close()
    fake.faults.append(Fault("GET", r"/channels/\d+/messages/\d+", 403, {"code": 50001}, times=9))
    await academy.open()
    await desk_says(academy, "A untouched canary")


@pytest.mark.parametrize("stopped", [False, True])
async def test_what_is_written_where_the_bot_may_not_see_is_read_once_it_may_again(
    academy: Academy, stopped: bool
) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake, forum = academy.fake, academy.forum
    posts = {bird: academy.posts("mia", f"About the {bird}", f"Where is the {bird}?") for bird in ("canary", "robin")}
    for post in posts.values():
        await academy.tagged(post, "Open")
    if stopped:
        await academy.close()
    fake.forbid(forum, discord.Permissions.view_channel.flag)
    if stopped:
        await academy.open()
    told = await academy.direct("omar", "I may not write there: give me View Channel.")
    await desk_says(academy, "I cannot write in")
    academy.posts("ben", "About the swift", "Where is the swift?")
    fake.edit(posts["canary"], posts["canary"], "Thanks, found it!")
    fake.delete(posts["robin"], posts["robin"])
    fake.forbid(forum, 0)
    # Whoever writes first, now that it is seen, hides nothing that was written before.
    academy.posts("mia", "About the wren", "Where is the wren?")
    await desk_says(academy, "Where is the swift?")
    await desk_says(academy, "Where is the wren?")
    await academy.tagged(posts["canary"])

    async def quiet() -> bool:
        academy.command("ines", "desk")
        shown = [m for ms in fake.whispered.values() for m in ms if m["to"] == academy.users["ines"]][-1]
        return not any(words in humans.read(shown["content"]) for words in ("canary", "robin", "I cannot write"))

    await eventually(quiet)
    omar = fake.messages[fake.conversation(academy.users["omar"])["id"]]
    assert "I can write in its channel for questions again" in humans.read(omar[told["id"]]["content"])
    assert not [m for m in omar.values() if "I cannot write" in humans.read(m["content"])]


async def test_a_question_stays_where_its_forum_is_deleted(academy: Academy) -> None:
    """The manager hears of it, and what is asked from then on waits for another forum."""
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake = academy.fake
    post = academy.posts("mia", "Docker", "It exits with 137.")
    await academy.tagged(post, "Open")
    fake.drop_channel(academy.forum)
    await desk_says(academy, "It exits with 137.")
    academy.command("mia", "ask", text="How long may the report be?")
    await academy.private("mia", "Thank you.")
    anew = fake.add_channel("help-again", 15)["id"]
    await choose_for_questions(academy, anew)
    found = await academy.post("How long may the report be")
    assert found["parent_id"] == anew


async def test_a_channel_in_which_no_question_can_be_noticed_is_not_chosen(academy: Academy) -> None:
    fake = academy.fake
    quiet = fake.add_channel("quiet")["id"]
    fake.forbid(quiet, discord.Permissions.add_reactions.flag)
    await choose_for_questions(academy, quiet)
    await academy.private("omar", "Give me Add Reactions there, or choose another channel.")


async def test_a_forum_that_wants_a_tag_which_the_bot_may_not_set_is_not_chosen(academy: Academy) -> None:
    fake = academy.fake
    tag = {"id": "7", "name": "staff", "moderated": True, "emoji_id": None, "emoji_name": None}
    tagged = fake.add_channel("tagged", 15, flags=1 << 4, available_tags=[tag])["id"]
    fake.forbid(tagged, discord.Permissions(manage_threads=True, manage_channels=True).value)
    await choose_for_questions(academy, tagged)
    await academy.private("omar", "It wants a tag for each post: add one that everybody may use")


async def test_a_forum_is_chosen_for_questions_alone_and_says_what_it_lacks(academy: Academy) -> None:
    forum = academy.fake.add_channel("asks", 15)["id"]
    academy.fake.forbid(forum, discord.Permissions.manage_threads.flag)
    await academy.close()
    await academy.open()
    await choose(academy, forum, "main")
    await academy.private("omar", "In a forum all talk would become questions. Choose a text channel here")
    await choose(academy, forum, "questions")
    chosen = await academy.private("omar", "give me Manage Threads")
    assert "works, but people's posts there do not show" in humans.read(chosen["content"])


async def test_the_manager_hears_what_the_forum_lacks_before_a_question_is_solved(academy: Academy) -> None:
    academy.fake.forbid(academy.forum, discord.Permissions.manage_threads.flag)

    async def told() -> list[str]:
        assert academy.app is not None
        await academy.app.runtime.advance(academy.clock.now() + timedelta(days=1))
        mine = academy.fake.messages[academy.fake.conversation(academy.users["omar"])["id"]].values()
        return [t for m in mine if "give me Manage Threads" in (t := humans.read(m["content"]))]

    await eventually(told)


async def test_a_forum_of_the_name_does_not_become_the_cohorts_own_channel(academy: Academy) -> None:
    app = academy.app
    assert app is not None
    plan = replace(PLAN, code="demo-2", workspace=academy.fake.guild["id"], people=(), channels={})
    _, code = create_cohort(app.storage, app.registry, plan)
    academy.fake.members[academy.users["omar"]]["roles"].append(academy.fake.add_role("admin", 1 << 5))
    academy.fake.add_channel("demo-2", 15)
    academy.command("omar", "setup", code=code)
    academy.press("omar", await academy.private("omar", "Code to join"), "Make the missing channels")
    await academy.direct("omar", "There is a forum #demo-2 already, and this has to be a text channel")


async def test_people_of_a_list_have_their_names_once_the_bot_is_connected(academy: Academy) -> None:
    """The cohort was made with account ids while nothing was connected."""
    app = academy.app
    assert app is not None
    cohort = app.storage.run_now(lambda unit: unit.people.cohorts()[0].id)

    async def named() -> bool:
        people = app.storage.run_now(lambda unit: unit.people.members(cohort))
        return {p.name for p in people} == {"Ines", "Omar"}

    await eventually(named)


async def test_who_left_the_server_is_noted_and_is_back_once_they_act(academy: Academy) -> None:
    fake, mia = academy.fake, academy.users["mia"]
    academy.command("mia", "join", code=academy.code)
    await academy.direct("mia", "Demo course")
    direct = fake.conversation(mia)["id"]
    left = fake.members.pop(mia)
    app = academy.app
    assert app is not None

    def is_there() -> bool:
        account = Account(fake.guild["id"], mia)
        return app.storage.run_now(
            lambda unit: (who := unit.people.owner(account)) is not None and unit.people.is_active(who.id)
        )

    async def gone() -> bool:
        fake.faults.append(Fault("POST", f"/channels/{direct}/messages", 403, {"code": 50278}))
        await app.runtime.advance(academy.clock.now() + timedelta(days=1))
        return not is_there()

    await eventually(gone)
    fake.faults.clear()
    academy.command("ines", "desk")
    await academy.private("ines", "Mia is not there any more")
    fake.members[mia] = left
    academy.command("mia", "away")

    async def back() -> bool:
        return is_there()

    await eventually(back)
    assert app.storage.run_now(lambda unit: unit.outbox.counts().get("dead", 0)) == 0


async def test_who_blocks_the_bot_is_on_the_desk_in_these_words_and_nothing_counts_as_given_up(
    academy: Academy,
) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.direct("mia", "Demo course")
    app, direct = academy.app, academy.fake.conversation(academy.users["mia"])["id"]
    assert app is not None
    blocked = Fault("POST", rf"/channels/{direct}/messages", 403, {"code": 90001}, times=10**6)
    academy.fake.faults.append(blocked)

    async def refused() -> bool:
        await app.runtime.advance(academy.clock.now() + timedelta(days=1))
        return blocked.times < 10**6

    await eventually(refused)
    academy.command("ines", "desk")
    await academy.private("ines", "Mia has blocked me.")
    assert app.storage.run_now(lambda unit: unit.outbox.counts().get("dead", 0)) == 0


async def choose_for_questions(academy: Academy, channel: str) -> None:
    await academy.close()
    await academy.open()
    await choose(academy, channel, "questions")


async def choose(academy: Academy, channel: str, purpose: str) -> None:
    academy.fake.whispered.clear()
    academy.command("omar", "setup", channel)
    academy.press("omar", await academy.private("omar", "Code to join"), "Choose a channel")
    await academy.modal("omar")
    academy.submit("omar", purpose=purpose)


async def test_the_author_of_a_post_gets_what_the_faq_knows_by_a_reaction(academy: Academy) -> None:
    for who in ("mia", "ben"):
        academy.command(who, "join", code=academy.code)
        await academy.private(who, "Welcome")
    known = "How many pages may the final survey report have at most?"
    asked = academy.posts("mia", "Report", known)
    said = academy.fake.say(academy.users["ben"], asked, "Ten pages, without the appendix.")
    academy.fake.react(academy.users["mia"], asked, said["id"], "✅")

    async def on(post: str, emoji: str) -> None:
        async def look() -> bool:
            return emoji in academy.fake.messages[post][post]["reacted"]

        await eventually(look)

    await on(asked, "✅")
    academy.command("ines", "faq")
    academy.press("ines", await academy.private("ines", "final survey report"), "Approve")
    await academy.private("ines", "FAQ 1 approved")
    again = academy.posts("ben", "Report", known)
    await on(again, "💡")
    assert list(academy.fake.messages[again]) == [again]
    academy.fake.react(academy.users["mia"], again, again, "💡")
    academy.fake.react(academy.users["ben"], again, again, "💡")
    shown = await academy.direct("ben", "Asked before?")
    assert "Ten pages, without the appendix." in humans.read(shown["content"])
    academy.press("ben", shown, "That helped")
    await on(again, "✅")
    mine = academy.fake.messages[academy.fake.conversation(academy.users["mia"])["id"]].values()
    assert not any("Asked before?" in m["content"] for m in mine)


async def test_an_administrator_sets_a_cohort_up_from_the_chat(academy: Academy) -> None:
    fake, app = academy.fake, academy.app
    assert app is not None
    plan = replace(PLAN, code="second", workspace="", channels={}, people=())
    _, code = create_cohort(app.storage, app.registry, plan)
    academy.command("ben", "setup", code=code)
    await academy.private("ben", "whoever administers this workspace")
    admins, teachers = fake.add_role("admins", 1 << 5), fake.add_role("teachers")
    fake.members[academy.users["omar"]]["roles"] = [admins]
    lounge = fake.add_channel("lounge")["id"]
    await academy.close()
    await academy.open()
    academy.command("omar", "setup", lounge, code=code)
    page = await academy.private("omar", "Demo course")
    academy.press("omar", page, "Choose a channel")
    await academy.modal("omar")
    academy.submit("omar", purpose="main")

    async def bound() -> bool:
        return any("lounge" in humans.read(m["content"]) or lounge in m["content"] for m in fake.whispered[lounge])

    await eventually(bound)
    academy.command("omar", "setup", lounge)
    page = await academy.private("omar", "Demo course")
    academy.press("omar", page, "Make the missing channels")

    async def made() -> bool:
        return any(c["name"] == "second-questions" and c["type"] == 15 for c in fake.guild["channels"])

    await eventually(made)
    # A role of the server gives a role in the course, from the next thing that somebody with it does.
    academy.press("omar", page, "Role of a group")
    await academy.modal("omar")
    academy.submit("omar", group=teachers, role="instructor")
    await academy.private("omar", "teachers")
    fake.members[academy.users["ines"]]["roles"] = [teachers]
    academy.command("ines", "desk", lounge)
    await academy.private("ines", "desk")


async def test_channels_that_could_not_be_made_are_one_message_and_forgotten_once_they_are_there(
    academy: Academy,
) -> None:
    fake, app = academy.fake, academy.app
    assert app is not None
    ben, lounge = academy.users["ben"], fake.add_channel("lounge")["id"]
    people = ((Role.MANAGER, ben),)
    plan = replace(PLAN, code="second", workspace=fake.guild["id"], channels={}, people=people)
    create_cohort(app.storage, app.registry, plan)
    await academy.close()
    await academy.open()
    app = academy.app
    refused = {"code": 50013, "message": "Missing Permissions"}
    fake.faults = [Fault("POST", r"/guilds/\d+/channels", 403, refused, times=3)]
    academy.command("ben", "setup", lounge)
    academy.press("ben", await academy.private("ben", "no channel yet"), "Make the missing channels")
    told = await academy.direct("ben", "could not be made")
    await eventually(lambda: _no_fault_left(fake))
    await app.runtime.settle()

    def about(words: str) -> list[str]:
        texts = [humans.read(m["content"]) for m in fake.messages[fake.conversation(ben)["id"]].values()]
        return [text for text in texts if words in text]

    (said,) = about("could not be made")
    assert all(f"#second{ending}" in said for ending in ("", "-questions", "-team"))
    assert said.count("Manage Channels") == 1
    academy.press("ben", told, "Make the missing channels")
    await academy.direct("ben", "#second-team is there")
    await app.runtime.settle()
    assert about("could not be made") == []
    (made,) = about("is there")
    assert made.count("is there") == 3
    assert app.storage.run_now(lambda unit: unit.outbox.counts()).get("dead", 0) == 0, "doctor has nothing to say"


async def _no_fault_left(fake: FakeDiscord) -> bool:
    return not any(fault.times for fault in fake.faults)


async def test_in_a_large_cohort_somebody_is_picked_from_discords_own_list(academy: Academy) -> None:
    fake, app = academy.fake, academy.app
    assert app is not None
    many = [fake.add_person(f"p{n}", f"Person {n}")["id"] for n in range(30)]
    lounge = fake.add_channel("lounge")["id"]
    people = ((Role.MANAGER, academy.users["omar"]), *((Role.LEARNER, user) for user in many))
    plan = replace(PLAN, code="second", workspace=fake.guild["id"], channels={"main": lounge}, people=people)
    create_cohort(app.storage, app.registry, plan)
    await academy.close()
    await academy.open()
    academy.command("omar", "setup", lounge)
    page = await academy.private("omar", "Code to join")
    academy.press("omar", page, "Name somebody")
    assert [c["type"] for c in humans.fields(await academy.modal("omar")).values()] == [5, 21, 23]
    academy.submit("omar", person=academy.users["ben"], role="instructor")
    refused = await academy.private("omar", "Ben is not in the cohort.")
    academy.press("omar", refused, "Open the form again")
    await academy.modal("omar")
    academy.submit("omar", person=many[28], role="instructor")
    await academy.private("omar", "is now an instructor")


async def test_a_wrap_up_is_answered_from_the_card(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    assert academy.app is not None
    await academy.app.runtime.advance(parse_instant("2026-01-09T15:00:00Z"))
    card = await academy.offered("mia", "Answer")
    academy.press("mia", card, "Answer")
    modal = await academy.modal("mia")
    assert set(humans.fields(modal)) >= {"done", "next", "stuck"}
    academy.submit("mia", done="Read the case.", stuck="Sampling.")
    channel = academy.fake.conversation(academy.users["mia"])["id"]

    async def receipt() -> bool:
        return any("Wrap-up received" in m["content"] for m in academy.fake.messages[channel].values())

    await eventually(receipt)


async def test_the_asker_hears_that_a_moderator_has_deleted_the_post(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.command("mia", "ask", text="May I name my employer?")
    post = await academy.post("May I name my employer")
    academy.fake.delete(post["id"], post["id"])

    assert academy.app is not None
    engine = academy.app.storage.engine

    async def gone() -> bool:
        with Session(engine) as session:
            states = [row.state for row in session.exec(select(QuestionRow)).all()]
            return "withdrawn" in states and "open" not in states

    await eventually(gone)
    academy.clock.wind(academy.clock.now() + timedelta(days=1))
    told = await academy.direct("mia", "somebody who looks after the channel has deleted it there")
    assert {"Ask again", "Ask the team privately"} <= set(humans.labels(told))


def told(academy: Academy, who: str) -> str:
    """All that somebody can read in their direct conversation."""
    said = academy.fake.messages[academy.fake.conversation(academy.users[who])["id"]].values()
    return " ".join(humans.read(m["content"]) for m in said)


async def asked(academy: Academy, question: str) -> None:
    academy.command("mia", "ask", text=question)
    await academy.private("mia", "Thank you")


async def after(academy: Academy, span: timedelta, who: str, words: str) -> None:
    """Lets time pass until somebody can read the words."""
    assert academy.app is not None
    app = academy.app
    await app.runtime.advance(academy.clock.now() + span)

    async def look() -> bool:
        await app.runtime.advance(academy.clock.now() + timedelta(minutes=1))
        return words in told(academy, who)

    await eventually(look)


async def test_what_is_for_somebody_who_left_is_dropped_and_doctor_stays_well(academy: Academy) -> None:
    for who in ("mia", "ben"):
        academy.command(who, "join", code=academy.code)
        await academy.private(who, "Welcome")
    app = academy.app
    assert app is not None
    await app.runtime.settle()
    mia = academy.fake.conversation(academy.users["mia"])["id"]
    left = Fault("POST", rf"/channels/{mia}/messages", 403, {"code": 50278, "message": "No"}, times=10**6)
    academy.fake.faults.append(left)
    before = told(academy, "mia")
    await after(academy, timedelta(days=6), "ben", "wrap-up")
    counts = app.storage.run_now(lambda unit: unit.outbox.counts())
    assert left.times < 10**6
    assert told(academy, "mia") == before
    assert counts.get("dead", 0) == 0, "doctor has nothing to say"
    # She comes back, which Discord does not tell. The bot asks, also as it starts, and she has the next week's card.
    academy.fake.faults.remove(left)
    await academy.close()
    await academy.open()
    app = academy.app
    assert app is not None
    await after(academy, timedelta(days=3), "mia", "Week 2")


async def test_what_is_paused_is_told_and_ends(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.fake.faults.append(Fault("POST", r"/channels/\d+/threads", 403, {"code": 40333}, times=10**6))
    await asked(academy, "How long may the report be?")
    await after(academy, timedelta(minutes=3), "mia", "waits")
    assert "I cannot write" not in told(academy, "omar")
    await after(academy, timedelta(hours=2), "omar", "let post nothing there for more than an hour")
    await after(academy, timedelta(days=15), "mia", "stopped trying")


async def test_what_was_paused_is_posted_and_the_manager_hears_that_it_is_well(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fault = Fault("POST", r"/channels/\d+/threads", 403, {"code": 40333}, times=10**6)
    academy.fake.faults.append(fault)
    await asked(academy, "How long may the report be?")
    await after(academy, timedelta(hours=2), "omar", "let post nothing there for more than an hour")
    academy.fake.faults.remove(fault)
    await after(academy, timedelta(hours=1), "omar", "I can write in its channel for questions again")
    await academy.post("How long may the report be")
    assert "I cannot write" not in told(academy, "omar")


async def test_a_loss_ends_where_another_channel_is_chosen(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    fake = academy.fake
    other = fake.add_channel("help-2", 15)["id"]
    fake._emit("CHANNEL_CREATE", fake._shown(fake.channels[other]))
    fake.drop_channel(academy.forum)
    await academy.direct("omar", "I cannot write in its channel for questions")
    await asked(academy, "How long may the report be?")
    academy.command("omar", "setup")
    academy.press("omar", await academy.private("omar", "Set up"), "Choose a channel")
    await academy.modal("omar")
    academy.submit("omar", channel=other, purpose="questions")
    await academy.post("How long may the report be")
    await academy.direct("omar", "I can write in its channel for questions again")
    assert "I cannot write" not in told(academy, "omar")


async def a_reply_that_waits(academy: Academy) -> tuple[str, Fault]:
    """Ines answers Mia where the bot may not write: the post of the question, and what refuses."""
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    await asked(academy, "How long may the report be?")
    post = (await academy.post("How long may the report be"))["id"]
    refused = Fault("POST", rf"/channels/{post}/messages", 403, {"code": 50013, "message": "No"}, times=10**6)
    academy.fake.faults.append(refused)
    academy.command("ines", "desk")
    academy.press("ines", await academy.private("ines", "How long may the report be"), "Reply")
    await academy.modal("ines")
    academy.submit("ines", text="Ten pages.")
    return post, refused


async def test_a_loss_ends_with_the_last_reply_that_waited(academy: Academy) -> None:
    post, refused = await a_reply_that_waits(academy)
    await academy.direct("omar", "I cannot write in its channel for questions")
    academy.fake.drop_thread(post)
    academy.fake.faults.remove(refused)
    await after(academy, timedelta(hours=3), "omar", "I can write in its channel for questions again")
    assert "I cannot write" not in told(academy, "omar")


@pytest.mark.parametrize(("status", "code"), [(404, 10062), (400, 40060), (502, 0), (503, 0)])
async def test_the_receipt_of_a_form_comes_directly_where_discord_refuses_the_answer(
    academy: Academy, status: int, code: int
) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.command("mia", "ask")
    await academy.modal("mia")
    academy.fake.faults.append(Fault("POST", "/interactions/.*", status, {"code": code}, times=2))
    academy.submit("mia", text="How long may the report be?")
    await academy.post("How long may the report be")
    await academy.direct("mia", "Thank you")


async def test_an_answer_that_arrived_before_the_line_failed_stands_once(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.fake.faults.append(Fault("POST", "/interactions/.*", 502, after=True))
    await asked(academy, "How long may the report be?")
    await academy.post("How long may the report be")
    assert "Thank you" not in told(academy, "mia")


async def test_a_command_whose_answer_fails_is_answered_directly(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.fake.faults.append(Fault("POST", "/interactions/.*", 502, times=2))
    academy.command("mia", "home")
    await academy.direct("mia", "Week 1")


async def test_a_form_that_discord_does_not_open_in_time_is_opened_from_a_direct_message(academy: Academy) -> None:
    academy.command("mia", "join", code=academy.code)
    await academy.private("mia", "Welcome")
    academy.fake.faults.append(Fault("POST", "/interactions/.*", 404, {"code": 10062}))
    academy.command("mia", "ask")
    said = await academy.offered("mia", "Open the form")
    academy.press("mia", said, "Open the form")
    await academy.modal("mia")
    academy.submit("mia", text="How long may the report be?")
    await academy.post("How long may the report be")


async def test_a_reply_whose_post_is_deleted_while_it_waits_comes_back_whole_and_can_be_sent(academy: Academy) -> None:
    post, refused = await a_reply_that_waits(academy)
    await academy.direct("ines", "waits")
    academy.fake.drop_thread(post)
    academy.fake.faults.remove(refused)
    back = await academy.direct("ines", "the question was deleted in the channel before")
    words = humans.read(back["content"])
    assert "How long may the report be?" in words
    assert "Ten pages." in words
    await after(academy, timedelta(days=2), "omar", "I can write in its channel for questions again")
    assert "could not be made" not in told(academy, "ines")
    academy.press("ines", await academy.direct("ines", "the question was deleted"), "Send it to Mia privately")
    await after(academy, timedelta(days=1), "mia", "replies to your question that was deleted in the channel")
    assert "Ten pages." in told(academy, "mia")
