"""A workspace with two busy cohorts, for tests of access."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col

from adapters.sandbox.driver import Chat, Result, Speaker
from bot.app.cohorts import CohortPlan, create_cohort
from bot.core.people import Account, Actor, Cohort, Role
from storage.tables.schedule import DueRow
from tests.features.test_milestones import MILESTONES
from tests.kit import COURSE, MONDAY, World, new_world

CHECKINS = """\
checkins:
  - {id: page, title: The shared page, weekly: yes, days: [Thu 09:00]}
"""
SKETCH = """\
  - {id: sketch, week: 1, title: A sketch, due: Tue 18:00 cohort, late: refused, extension: none, minutes: 10}
reviews:
  - {id: look, milestone: sketch, week: 1, title: Look, opens: Thu 00:00, reviews: 1, rubric: ["Is it clear?"]}
  - {id: blind, milestone: sketch, week: 1, title: Blind, opens: Thu 00:00, reviews: 1, rubric: [Why],
     anonymous: yes}
"""
WORK = MILESTONES.replace("reviews:\n", SKETCH)
LIVE = """\
live:
  - id: call
    week: 1
    title: The call
    minutes: 20
    slots: [Thu 09:00, Fri 16:00]
    kind: rehearsal
    objective: Pour
    optional: yes
    alternative: recording
    reflection: ["What did you see?"]
    recorded: yes
    pays: [{item: bags, minutes: 20}]
    metric: {attended: 50, worth: 70}
  - id: unpaid
    week: 2
    title: The unpaid call
    minutes: 20
    slots: [Sat 09:00, Sat 21:00]
    kind: rehearsal
    objective: Pour
    optional: yes
    alternative: recording
    reflection: ["What did you see?"]
    recorded: yes
    metric: {attended: 50, worth: 70}
    trial: yes
  - {id: talk, week: 3, title: The talk, minutes: 20, slots: [Sat 09:00, Sat 21:00], kind: content}
"""
ROOMS = """\
rooms:
  - {id: hour, title: The quiet hour, weekly: yes, slots: [Thu 10:00]}
"""
LIVELY = COURSE.replace("weekly_minutes: 300", "weekly_minutes: 300, live_only: [Pour]")
CHECKED = LIVELY.replace("goal: Begin, ", 'goal: Begin, self_check: [{question: "Who reads it?", answer: You}], ')
COURSE_OF_ALL = f"""\
{CHECKED}\
  - id: mood
    title: Weekly mood
    weekly: true
    opens: Fri 16:00
    closes: Mon 12:00
    questions:
      - {{id: mood, kind: long, text: "How was it?", audience: cohort}}
{WORK}{CHECKINS}{ROOMS}{LIVE}live_rules: {{weeks_share: 100}}
scenarios:
  - id: tea
    week: 1
    title: The guest
    nodes:
      - {{id: door, text: It rings., choices: [{{label: Open, to: in}}, {{label: Hide, to: door}}]}}
      - {{id: in, text: They sit., ending: Tea for two}}
pods: {{size: 4}}
discussions:
  - id: bags
    week: 1
    title: Bags or leaves
    question: "Are bags tea?"
    opens: Mon 09:00
    closes: Fri 15:00 cohort
    minutes: 30
"""
"""A course that asks for something of each feature."""

LATER = {
    "absence": "accept_pause again catch_up decline_pause next_run offer_pause",
    "checkins": "read_pod",
    "completion": "end files hide list mine page show",
    "digests": "edit_letter faq late leave letter quiet recording send_letter",
    "discussions": "findings",
    "drafts": "add bring item new paste propose rehearse section start take text undo",
    "enrolment": "connect keep_zone pick_zone retry take_out use_zone",
    "faq": "gather keep remove renew restore right show versions",
    "home": "ended",
    "ledger": "longer",
    "live": "calendar wish",
    "milestones": "shift versions",
    "pods": "again letter merge merge_now",
    "questions": "as_it_is ask_again ask_anyway ask_nameless close_replied helped it_helped known known_helped "
    "known_not mark not_yet post_again send send_privately slow unmark write_back",
    "recaps": "renew",
    "revisions": "again replace",
    "survey": "answer card decide look",
    "talk": "in_all skip",
    "wrapups": "delete delete_now recording undo",
}
"""The buttons and forms of each feature that nobody sees on that Friday: they show later in a run, or after an act that
is not played here. `tests/test_borders.py` tries them with forged subjects alone, so keep this short."""


async def living_world(folder: Path, chat: type[Chat] = Chat) -> tuple[World, Cohort]:
    """Friday afternoon of the first week. Cohort A has an example of everything that people do; B is another cohort.
    A's manager has a second one."""
    world = new_world(folder, course=COURSE_OF_ALL, address="http://pages.example", chat=chat)
    for name in ("b-general", "b-questions"):
        world.chat.channel(name)
    plan = CohortPlan(
        code="other",
        course_text=COURSE.replace("id: demo", "id: other").replace("Demo course", "Other course"),
        starts_on=MONDAY,
        zone="Europe/Berlin",
        workspace="sandbox",
        channels={"main": "b-general", "questions": "b-questions"},
        people=((Role.INSTRUCTOR, "ian"), (Role.MANAGER, "moe")),
    )
    other, code = create_cohort(world.app.storage, world.app.registry, plan)
    far = replace(plan, code="far", workspace="elsewhere", people=((Role.MANAGER, "fay"),), channels={"main": "far"})
    create_cohort(world.app.storage, world.app.registry, far)
    bea = world.chat.person("bea", "Bea", "Europe/Berlin")
    await bea.command("join", code)
    mia, ben, gone = [await world.learner(n.lower(), n) for n in ("Mia", "Ben", "Gone")]
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await omar.press(await omar.command("setup", place="staff"), "Choose a channel")
    await omar.submit(purpose="staff")
    next_run = replace(plan, code="next", people=((Role.MANAGER, "omar"),), channels={})
    create_cohort(world.app.storage, world.app.registry, next_run)
    await _ask(mia, ben, gone, ines)
    for learner in (mia, ben):
        await learner.press(learner.find("Welcome to"), "I'd like a pod")
    await gone.press(await gone.command("leave"), "Leave")
    await world.until("2026-01-09T15:10:00Z")
    await _work(world, mia, ben, ines)
    return world, other


async def _ask(mia: Speaker, ben: Speaker, gone: Speaker, ines: Speaker) -> None:
    await mia.command("")
    for asker, text in ((mia, "How long may the report be?"), (gone, "Where do we meet on Monday?")):
        root = (await asker.say("questions", text)).message
        reply = (await ben.say("questions", "Ten pages, on Monday.", root)).message
        assert reply is not None
        await asker.react(reply, "✅")
    await ines.press(await ines.command("faq"), "Approve")
    await mia.command("ask", "May it be a video?")
    await ben.say("questions", "Is there a template for the report?")
    await mia.command("ask", "I cannot go on. What now? instructors_only=yes")
    await mia.command("ask", "Is it me alone who is lost? anonymous=yes")
    await mia.command("submit")
    await mia.submit(milestone="sketch", link="https://example.org/mia")
    await ben.command("submit")
    await ben.submit(milestone="sketch", text="What I know")


async def _work(world: World, mia: Speaker, ben: Speaker, ines: Speaker) -> None:
    await mia.command("submit", "https://example.org/notes")
    await ben.press(ben.find("Week 1: "), "Hand in")
    await ben.submit(text="My notes")
    for words, choice in (
        ("I finished the notes, and read the first chapter.", "My wrap-up"),
        ("My father is ill, and I may be late.", "A note for the course team"),
        ("Finished: the notes. Next: the second chapter.", ""),
        ("Nobody knows yet what this is.", ""),
    ):
        await mia.say("dm", words)
        if choice:
            await mia.press(mia.last(), next(b for b in mia.last().buttons if choice in b))
    for learner in (mia, ben):
        await learner.press(learner.find("Check yourself: "), "Try it")
        await learner.submit(values={"try": "Everybody"})
    await mia.press(mia.find("Who reads it?"), "Show the answer")
    await mia.press(mia.find("The guest"), "Play it")
    await mia.press(mia.find("It rings."), "Hide")
    await mia.press(mia.find("The shared page", "general"), "Check in")
    await mia.submit(done="The outline", stuck="The figures")
    await ben.command("away", "2/3 to 3/3")
    await ben.press(await ben.command("away"), "I'm away")
    await ben.submit(start="2026-01-20", until="2026-01-22")
    await mia.press(mia.find("Your pod in", "demo-pod-1"), "Introduce yourself")
    await mia.submit(q1="In Lisbon")
    page = await mia.press(await mia.command(""), "Show all")
    await mia.press(await mia.press(page, "My pod"), "Leave the pod")
    await ben.press(ben.find("Week 1: "), "Open a quiet room")
    await ben.submit(about="The notes")
    await _discuss(mia, ben)
    await _call(mia, ines)
    await world.chat.person("omar").command("desk")
    await _more_time(mia, ben, ines)
    await _feedback(mia, ines)
    await ines.command("week", "extend", place="general")
    await ines.press(await ines.submit(milestone="draft", days="2"), "Move it")
    await ines.press(await ines.command("course", place="general"), "Change dates")
    await ines.submit(holidays="2026-01-14")
    await ben.choose(mia.sees("questions")[0].id, "Thank")
    await _more_hours(ines, world.chat.person("omar"))
    script = await ines.press(await ines.command("desk", place="general"), "Read and edit")
    await ines.press(script, "Edit")
    await ines.submit()
    await ines.press(script, "Post as text")
    await _review(world, mia, ben, ines)
    await ben.press(await ben.command("settings"), "In my calendar")
    await world.wait(minutes=1)


async def _call(mia: Speaker, ines: Speaker) -> None:
    """It is on now, and had an earlier time."""

    async def its_page() -> Result:
        return await ines.press(await ines.command("live", place="general"), "Week 1: The call")

    await ines.press(await its_page(), "Code word and recording")
    await ines.submit(word="tea", url="https://video.example/call", transcript="captions")
    page = await mia.press(mia.find("Live, if you like", "general"), "I have the code word")
    await mia.press(page, "I have the code word")
    await mia.submit(word="coffee")
    await mia.press(page, "What I took from it")
    await mia.submit(q1="Steam")
    await ines.press(await its_page(), "1 reflection")
    await ines.press(await its_page(), "Take it out")
    audit = await ines.press(await ines.command("live", place="general"), "Propose one")
    await ines.press(await ines.press(audit, "Propose all the same"), "Week", "3")


async def _more_hours(ines: Speaker, omar: Speaker) -> None:
    """The manager is asked."""
    listed = await ines.press(await ines.command("course", place="general"), "Edit an item")
    await ines.press(listed, "Weeks", "The course as a whole")
    await ines.press(await ines.submit(weekly_minutes="360"), "Ask the manager")
    await omar.command("", place="general")


async def _more_time(mia: Speaker, ben: Speaker, ines: Speaker) -> None:
    """Mia's request waits on the desk, and Ben has more time in the whole run."""
    found = await mia.press(await mia.command("away"), "Move my dates")
    for title in (one for one in found.buttons if one not in ("Look", "Blind")):
        # Of work, and of what else is open.
        await mia.press(found, title)
        await mia.submit(days="7", reason="Visitors")
    if not found.buttons:
        await mia.submit(days="7", reason="Visitors")
    await ines.command("stuck", place="general")
    funnel = await ines.press(await ines.command("week", place="general"), "Milestones")
    await ines.press(await ines.press(funnel, "More time for one, always"), "Add a learner")
    assert ines.form is not None
    options = getattr(ines.form.fields[0], "options", ())
    await ines.submit(person=next(o.value for o in options if o.label == "Ben"), days="3")
    await ines.command("desk")


async def _discuss(mia: Speaker, ben: Speaker) -> None:
    """Both post, one first in the thread, and one replies; the round has closed, so the desk has the post that nobody
    answered."""
    words = "Claim: bags are tea. Evidence: forty tasters. Question: who can tell?"
    await mia.say("general", words, thread=mia.find("Are bags tea?", "general").id)
    for learner in (mia, ben):
        await learner.press(mia.find("Are bags tea?", "general"), "Post")
        texts = {f.name: "Of course." for f in learner.form.fields[:3]} if learner.form else {}
        await learner.submit(texts, quote="yes")
    await ben.press(await ben.press(ben.find("Thank you, Ben."), "Read the others"), "Reply")
    await ben.submit(text="Leaves. " * 60)
    await ben.press(ben.find("Thank you, Ben."), "My part")
    await ben.press(ben.find("Thank you, Ben."), "Take it back")


async def _review(world: World, mia: Speaker, ben: Speaker, ines: Speaker) -> None:
    """Mia reviews Ben's work, who finds it hurtful, and holds his other piece; her own may show her name."""
    page = await mia.press(await mia.command(""), "Hand it out")
    await mia.press(await mia.command(""), "Review: Blind")
    piece = await mia.press(await mia.command(""), "Review")
    await mia.press(piece, "Write the review")
    await mia.submit(point_d2ff91a4="Not to me.")
    await mia.press(await mia.command(""), "My reviews")
    with Session(world.app.storage.engine) as session:
        # As if the day were over, at whose end authors are told.
        session.execute(sa.update(DueRow).where(col(DueRow.kind) == "reviews.tell").values(at=world.clock.now()))
        session.commit()
    await world.wait(minutes=1)
    await ben.press(await ben.press(await ben.command(""), "Show all"), "Reviews: Look")
    await ben.press(ben.last(), "Was review 1 useful?")
    # Without an answer, so that the button stays.
    await ben.submit(useful="hurtful")
    desk = await ines.command("desk", place="general")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Take it back")))
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Live sessions that are held")))
    await ines.press(await ines.press(await ines.press(desk, "Who reviews whom"), "Look"), "Ben")
    assert page.reply is not None


async def _feedback(mia: Speaker, ines: Speaker) -> None:
    """Mia reads what was said about her work, and replies; Ben's work waits."""
    desk = await ines.command("desk", place="general")
    await ines.press(desk, next(b for b in desk.buttons if b.startswith("Give feedback")))
    await ines.submit(text="The second note is the beginning.")
    mine = await mia.press(await mia.command(""), "My work")
    await mia.press(await mia.press(mine, "Feedback: The first draft"), "Reply")
    await mia.submit(text="So I begin there.")


def actor(who: str, workspace: str = "sandbox") -> Actor:
    return Actor(Account(workspace, who), who.capitalize(), "Europe/Berlin")
