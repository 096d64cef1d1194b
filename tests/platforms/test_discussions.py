"""Discussions and check-ins on every platform: by form from the card, the channel and the thread."""

from datetime import timedelta
from pathlib import Path

from bot.core.people import Account, Actor, Role
from bot.core.time import SystemClock, WoundClock
from bot.features.discussions.store import DiscussionStore, Post
from storage.unit import SqlUnit
from tests.kit import COURSE
from tests.platforms.people import OpenForm, Seen, Stage
from tests.platforms.test_private_talk import whole_bot
from tests.waiting import eventually

TALK = f"""\
{COURSE}
discussions:
  - {{id: bags, week: 1, title: Bags or leaves, question: "Are bags *tea*, <!here>?", opens: Mon 09:00 cohort,
     closes: Sat 18:00 cohort, minutes: 20}}
checkins:
  - {{id: page, week: 1, title: The shared page, days: [Mon 09:00 cohort], link: "https://docs.example.org/page"}}
"""
FIELDS = ("Claim", "Evidence", "Question")
HOSTILE = "*bold* `code` <!channel> @everyone <@U0MIA> [link](https://example.org) ||spoiler||\n> quoted\n"
LONG = (HOSTILE * 20)[:1500]
"""As long as a field of a post may be."""


def monday() -> WoundClock:
    """A clock that runs, from the coming Monday at noon on."""
    clock = WoundClock(base=SystemClock())
    now = clock.now()
    clock.wind(now.replace(hour=12, minute=0) + timedelta(days=7 - now.weekday()))
    return clock


async def shown(stage: Stage, who: str, where: str, words: str, below: str | None = None) -> Seen:
    async def look() -> Seen | None:
        found = [s for s in await stage.people.sees(who, where, below) if s.by_bot and words in s.text]
        return found[-1] if found else None

    return await eventually(look)


async def press(stage: Stage, who: str, where: str, label: str, below: str | None = None) -> None:
    """Presses a button once it is there."""

    async def look() -> bool:
        return any(label in s.buttons for s in await stage.people.sees(who, where, below))

    await eventually(look)
    await stage.people.press(who, where, label, below=below)


async def fill_in(stage: Stage, who: str, **values: str) -> OpenForm:
    """Submits the open form: 'f0' is its first field."""
    form = await eventually(lambda: stage.people.form(who))
    names = {f"f{n}": name for n, name in enumerate(form.values)}
    await stage.people.submit(who, {names.get(name, name): text for name, text in values.items()})
    return form


async def test_two_people_discuss(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, TALK, clock, Role.LEARNER) as app:
        root = await shown(stage, "mia", "general", "Are bags")
        assert "<!here>" in root.text
        assert root.calls == ()
        await press(stage, "mia", "general", "Read the others")
        assert (await shown(stage, "mia", "general", "Post first, so that nobody is led")).private
        # From the channel, and from the card.
        await press(stage, "mia", "general", "Post")
        await fill_in(stage, "mia", f0="MIA says <!here>", f1=LONG, f2="Who knows?", quote="yes")
        assert (await shown(stage, "mia", "general", "has your post")).private
        await shown(stage, "mia", "dm", "Thank you, Mia.")
        await people.command("ben", "dm", "")
        await press(stage, "ben", "dm", "Post")
        await fill_in(stage, "ben", f0="BEN says", f1="40 tasters", f2="Is dust tea?")
        await shown(stage, "ben", "dm", "Thank you, Ben.")
        assert not [s for s in await people.sees("ben", "general", root.id) if "MIA says" in s.text]
        # Reading, replying and changing.
        await press(stage, "ben", "general", "Read the others")
        read = await shown(stage, "ben", "general", "MIA says <!here>")
        assert read.private
        assert read.calls == ()
        await press(stage, "ben", "general", "Reply")
        await fill_in(stage, "ben", text="How do you KNOW that?")
        assert (await shown(stage, "ben", "general", "Mia hears of it")).private
        await press(stage, "mia", "dm", "Edit")
        form = await fill_in(stage, "mia", f0="MIA says otherwise")
        assert next(iter(form.values.values())) == "MIA says <!here>"
        await shown(stage, "mia", "dm", "MIA says otherwise")
        # Talk in the thread counts; the close brings what everybody wrote.
        await people.say("ben", "general", "I can taste it.", below=root.id)
        await app.runtime.advance(clock.now() + timedelta(days=5, hours=7))
        summary = await shown(stage, "ben", "general", "Bags or leaves, in short", root.id)
        assert "Closed: 2 of 2 posted. They wrote 1 reply." in summary.text
        assert "1 message in the thread." in summary.text
        assert "MIA says otherwise" in summary.text
        await shown(stage, "ben", "general", "How do you KNOW that?", root.id)
        thread = [s.text for s in await people.sees("ben", "general", root.id)]
        assert any(text.startswith("Mia") and "MIA says otherwise" in text for text in thread), thread
        # From the thread, after the close.
        await press(stage, "mia", "general", "Reply", root.id)
        await fill_in(stage, "mia", text="LATE but true.")
        await shown(stage, "ben", "general", "LATE but true.", root.id)
        assert not [call for s in await people.sees("mia", "general", root.id) if s.by_bot for call in s.calls]


async def test_fifteen_people_who_write_all_they_can(stage: Stage, tmp_path: Path) -> None:
    people, clock = stage.people, monday()
    async with whole_bot(stage, tmp_path, TALK, clock, Role.LEARNER) as app:
        root = await shown(stage, "mia", "general", "Are bags")

        def write(unit: SqlUnit) -> None:
            store: DiscussionStore = unit.store("discussions")
            for n in range(14):
                account = Account(stage.place("general").workspace, f"U0{n:05}")
                author = unit.people.meet(Actor(account, f"Author {n} " + "of a long name " * 4))
                values = {field: f"NO-{n} {LONG}"[:1480] + f" END-{n}-{field}" for field in FIELDS}
                store.add(Post(0, 1, "bags", 0, author.id, values, True, False, clock.now(), clock.now()))

        app.storage.run_now(write)
        await press(stage, "mia", "general", "Post")
        await fill_in(stage, "mia", **{f"f{n}": LONG for n in range(3)}, quote="yes")
        await shown(stage, "mia", "dm", "Thank you, Mia.")
        await press(stage, "mia", "general", "Read the others")
        read = ""
        for last, more in ((3, "10 more posts"), (7, "6 more posts"), (11, "2 more posts"), (13, "")):
            await shown(stage, "mia", "general", f"END-{last}-Question")
            read += "\n".join(s.text for s in await people.sees("mia", "general") if s.private)
            if more:
                await press(stage, "mia", "general", more)
        ends = [f"END-{n}-{field}" for n in range(14) for field in FIELDS]
        assert [end for end in ends if end not in read] == [], "every word can be read"
        await app.runtime.advance(clock.now() + timedelta(days=5, hours=7))
        await shown(stage, "mia", "general", "Bags or leaves, in short", root.id)
        thread = [s for s in await people.sees("mia", "general", root.id) if s.by_bot]
        for n in range(14):
            assert any(f"NO-{n} " in s.text for s in thread)
        assert not [call for s in thread for call in s.calls]


async def test_a_check_in_is_folded_into_one_post(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    async with whole_bot(stage, tmp_path, TALK, monday(), Role.LEARNER):
        await people.command("mia", "dm", "")

        async def post(words: str) -> Seen:
            async def look() -> Seen | None:
                for root in await people.sees("ben", "general"):
                    for one in [root, *await people.sees("ben", "general", root.id)]:
                        if one.by_bot and not one.private and "What is done, what comes next" in one.text:
                            return one if words in one.text else None
                return None

            return await eventually(look)

        await press(stage, "mia", "dm", "Check in")
        await fill_in(stage, "mia", done=LONG, next="CHAPTER two, <!here>", stuck="SECRET", shown="")
        await shown(stage, "mia", "dm", "thank you, that is saved")
        assert "SECRET" not in (await post("CHAPTER two, <!here>")).text
        await press(stage, "mia", "dm", "Change my check-in")
        form = await fill_in(stage, "mia", next="CHAPTER three", shown="yes")
        assert form.values["stuck"] == "SECRET"
        one = await post("CHAPTER three")
        assert "SECRET" in one.text
        assert one.calls == ()
        assert "1 has checked in." in one.text


WORDY = "A title with *stars*, <!here> and so many words that no platform has room for all of them in one line " * 2
FIELD = "- {title: 'Field %d, whose title is longer than any label of a form may be', about: 'And what it is for. %s'}"


async def test_a_discussion_with_more_words_and_fields_than_a_form_holds(stage: Stage, tmp_path: Path) -> None:
    people = stage.people
    fields = "\n      ".join(FIELD % (n, "It goes on. " * 15) for n in range(6))
    course = f"""\
{COURSE}
discussions:
  - id: bags
    week: 1
    title: "{WORDY.strip()}"
    question: "{"Are bags tea? " * 130}"
    opens: Mon 09:00 cohort
    closes: Sat 18:00 cohort
    minutes: 20
    protocol:
      {fields}
"""
    async with whole_bot(stage, tmp_path, course, monday(), Role.LEARNER):
        root = await shown(stage, "mia", "general", "A title with *stars*, <!here>")
        assert root.calls == ()
        await press(stage, "mia", "general", "Post")
        form = await eventually(lambda: people.form("mia"))
        await people.submit("mia", {name: LONG for name in form.values if name != "quote"})
        if len(form.values.keys() - {"quote"}) < 6:  # Discord has room for five fields.
            await press(stage, "mia", "general", "Go on")
            form = await eventually(lambda: people.form("mia"))
            await people.submit("mia", {name: LONG for name in form.values if name != "quote"})
        await shown(stage, "mia", "dm", "Thank you, Mia.")
        await press(stage, "mia", "dm", "Edit")
        again = await eventually(lambda: people.form("mia"))
        assert next(iter(again.values.values())).split() == LONG.split()
        await people.command("mia", "dm", "")
        await shown(stage, "mia", "dm", "A title with")
