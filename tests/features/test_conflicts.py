"""A form opened before something newer was stored does not replace it unseen, as conversations."""

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.app.features import make_registry
from bot.core.events import FormSubmitted
from bot.core.forms import Form
from bot.core.people import Account, Actor, Place, Role
from bot.core.ports import Answer
from bot.core.turn import Turn
from bot.runtime.turns import take_turn
from storage.stores.enrolment import SqlEnrolment
from storage.tables.absence import AbsenceRow
from storage.tables.faq import EntryRow
from storage.tables.milestones import MilestoneWindowRow, SubmissionRow
from storage.tables.people import ChannelRow, MembershipRow, PersonRow
from storage.tables.questions import QuestionRow
from storage.tables.recaps import RecapRow
from storage.tables.wrapups import AnswerRow
from tests.features.test_faq import solve
from tests.features.test_milestones import WITH_WORK
from tests.kit import World, new_world

LEAVE = "To store yours all the same, send it again. To leave it, close this form."


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, course=WITH_WORK)


class Tabs:
    """Somebody who has one form open in several tabs, and sends each by itself."""

    def __init__(self, world: World, who: Speaker) -> None:
        self._world, self.who, self._sent = world, who, 0

    @property
    def form(self) -> Form:
        """What stands open now: another tab will have a form of its own."""
        assert self.who.form is not None
        return self.who.form

    async def send(self, form: Form, place: str = "", delivery: str = "", **typed: str) -> Answer:
        self._sent += 1
        where = Place("sandbox", place) if place else Place("sandbox", f"dm-{self.who.id}", direct=True)
        return await self._world.app.runtime.receive(
            FormSubmitted(
                actor=Actor(Account("sandbox", self.who.id), self.who.id.capitalize()),
                place=where,
                id=delivery or f"{self.who.id}/{self._sent}",
                at=self._world.clock.now(),
                action=form.action,
                values={f.name: f.value for f in form.fields} | typed,
                draft=form.draft,
            )
        )


async def open_work(world: World, who: Speaker) -> Tabs:
    """The hand-in form of what is due first stands open."""
    await who.press(await who.command(""), "Hand in")
    return Tabs(world, who)


def work(world: World) -> list[str]:
    return [row.text for row in world.rows(SubmissionRow)]


def values(form: Form | None) -> dict[str, str]:
    assert form is not None
    return {f.name: f.value for f in form.fields}


async def test_what_was_handed_in_from_another_tab_is_shown_before_it_is_replaced(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a = tabs.form
    b = (await open_work(world, mia)).form
    assert a.draft != b.draft
    await tabs.send(b, text="From tab B")
    refused = await tabs.send(a, text="From tab A")
    assert work(world) == ["From tab B"]
    assert refused.problems == {
        "": f"Newer: handed in Mon 5 Jan, 09:00. {LEAVE}",
        "text": "Now: From tab B",
    }
    assert values(refused.form)["text"] == "From tab A"
    sent = await tabs.send(refused.form or a, text="From tab A")
    assert not sent.problems
    assert work(world) == ["From tab A"]


async def test_what_came_after_the_two_were_shown_is_shown_as_well(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a, b, c = tabs.form, (await open_work(world, mia)).form, (await open_work(world, mia)).form
    await tabs.send(b, text="B")
    assert (await tabs.send(a, text="A")).problems["text"] == "Now: B"
    assert (await tabs.send(c, text="C")).problems["text"] == "Now: B"
    assert not (await tabs.send(c, text="C")).problems
    assert (await tabs.send(a, text="A")).problems["text"] == "Now: C"
    assert work(world) == ["C"]


async def test_the_same_delivery_twice_is_no_conflict(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a = tabs.form
    first = await tabs.send(a, delivery="one", text="Mine")
    again = await tabs.send(a, delivery="one", text="Mine")
    assert not again.problems
    assert again == first
    assert work(world) == ["Mine"]


async def test_the_same_text_from_two_tabs_is_no_conflict(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a, b = tabs.form, (await open_work(world, mia)).form
    await tabs.send(b, text="Mine")
    assert not (await tabs.send(a, text=" Mine ")).problems


async def test_a_form_from_before_versions_were_kept_is_taken(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a, b = tabs.form, (await open_work(world, mia)).form
    world.app.storage.run_now(lambda unit: unit.inbox.change_draft(a.draft or "", replace(a, seen=None)))
    await tabs.send(b, text="From tab B")
    assert not (await tabs.send(a, text="From tab A")).problems
    assert work(world) == ["From tab A"]


async def test_a_date_that_moved_while_the_form_stood_open_is_said(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    tabs = await open_work(world, mia)
    a = tabs.form
    await ines.command("week", "extend", place="general")
    await ines.press(await ines.submit(milestone="notes", days="2"), "Move it")
    refused = await tabs.send(a, text="Mine")
    assert refused.problems == {"": f"Newer: it is due Fri 9 Jan, 18:00 now. {LEAVE}"}
    assert values(refused.form)["text"] == "Mine"
    assert not (await tabs.send(a, text="Mine")).problems
    assert work(world) == ["Mine"]


async def test_two_instructors_and_one_date(world: World) -> None:
    await world.learner("mia", "Mia")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for who in (ines, omar):
        await who.command("week", "extend", place="general")
    await omar.press(await omar.submit(milestone="draft", days="2"), "Move it")
    refused = await ines.submit(milestone="draft", days="3")
    assert "Newer: “The first draft” is due Wed 14 Jan, 12:59 now" in refused.errors[""]
    assert "Due now" in (await ines.submit()).text
    # Another milestone's date moved by nobody.
    await ines.command("week", "extend", place="general")
    assert not (await ines.submit(milestone="page", days="1")).errors


async def test_a_date_that_the_course_team_moved_is_not_moved_on_unseen(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await mia.press(await mia.press(await mia.command("away"), "Move my dates"), "The first draft")
    await ines.command("week", "extend", place="general")
    await ines.press(await ines.submit(milestone="draft", days="1"), "Move it")
    refused = await mia.submit(days="1")
    assert "it is due Tue 13 Jan, 12:59 now" in refused.errors[""]
    (window,) = world.rows(MilestoneWindowRow, milestone="draft")
    assert window.due_at == world.at("2026-01-13T11:59:00Z")


async def test_an_answer_that_grew_by_direct_message_is_not_replaced_unseen(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T15:30:00Z")
    await mia.command("wrapup")
    tabs = Tabs(world, mia)
    a = tabs.form
    await mia.command("wrapup")
    b = tabs.form
    await tabs.send(b, done="Said in tab B")
    refused = await tabs.send(a, done="Typed in tab A")
    assert refused.problems == {"": f"Newer: answered Fri 9 Jan, 16:30. {LEAVE}", "done": "Now: Said in tab B"}
    assert not (await tabs.send(a, done="Typed in tab A")).problems
    (answer,) = world.rows(AnswerRow)
    assert "Typed in tab A" in str(answer)


async def test_two_instructors_and_one_faq_entry(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await solve(world, mia, ben, "How long may the report be?", "Ten pages.")
    await ines.press(await ines.command("faq"), "Edit")
    await omar.press(await omar.command("faq"), "Edit")
    await omar.submit(answer="Twelve pages.")
    refused = await ines.submit(answer="Eleven pages.")
    (entry,) = world.rows(EntryRow)
    assert entry.answer == "Twelve pages."
    assert refused.errors[""] == f"Newer: edited and approved by Omar, Mon 5 Jan, 09:00. {LEAVE}"
    assert refused.errors["answer"] == "Now: Twelve pages."
    assert values(ines.form)["answer"] == "Eleven pages."
    await ines.submit()
    (entry,) = world.rows(EntryRow)
    assert entry.answer == "Eleven pages."


async def test_an_entry_that_was_left_out_meanwhile_is_not_approved_unseen(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    await solve(world, mia, ben, "How long may the report be?", "Ten pages.")
    await ines.press(await ines.command("faq"), "Edit")
    await omar.press(await omar.command("faq"), "Skip")
    assert "it was skipped" in (await ines.submit(answer="Eleven pages.")).errors[""]
    (entry,) = world.rows(EntryRow)
    assert entry.state == "skipped"


async def test_a_question_edited_from_two_tabs(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    asked = await mia.command("ask", "How long may the report be?")
    tabs = Tabs(world, mia)
    await mia.press(asked, "Edit")
    a = tabs.form
    await mia.press(asked, "Edit")
    await tabs.send(tabs.form, text="How long may the report be, at most?")
    assert (await tabs.send(a, text="How short may it be?")).problems["text"].startswith("Now: How long may")
    (question,) = world.rows(QuestionRow)
    assert question.text == "How long may the report be, at most?"


async def test_days_away_given_from_two_tabs(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = Tabs(world, mia)
    away = await mia.command("away")
    await mia.press(away, "I'm away")
    a = tabs.form
    await mia.press(away, "I'm away")
    await tabs.send(tabs.form, start="2026-01-12", until="2026-01-18")
    refused = await tabs.send(a, start="2026-01-12", until="2026-01-14")
    assert refused.problems["until"] == "Now: 2026-01-18"
    assert [row.last_day.isoformat() for row in world.rows(AbsenceRow)] == ["2026-01-18"]
    assert not (await tabs.send(a, start="2026-01-12", until="2026-01-14")).problems
    assert [row.last_day.isoformat() for row in world.rows(AbsenceRow)] == ["2026-01-14"]


async def test_a_zone_picked_in_two_tabs(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs, settings = Tabs(world, mia), await mia.command("settings")
    await mia.press(settings, "Change my zone")
    a = tabs.form
    await mia.press(settings, "Change my zone")
    await tabs.send(tabs.form, zone="Asia/Tokyo")
    assert "your zone is Asia/Tokyo now" in (await tabs.send(a, zone="Europe/Lisbon")).problems[""]
    assert world.rows(PersonRow, name="Mia")[0].zone == "Asia/Tokyo"


def manage(world: World, name: str) -> None:
    """Ines manages the cohort, too."""

    def work(turn: Turn[SqlEnrolment]) -> None:
        (person,) = [p for p in turn.people.members(world.cohort.id) if p.name.lower() == name]
        turn.store.add_member(world.cohort.id, person.id, Role.MANAGER)

    app = world.app
    app.storage.run_now(lambda unit: take_turn(app.registry, unit, "enrolment", world.clock.now(), work))


async def open_both(world: World, button: str, place: str) -> tuple[Speaker, Speaker]:
    """Two managers have the same form open."""
    manage(world, "ines")
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for who in (ines, omar):
        await who.press(await who.command("setup", place=place), button)
    return ines, omar


async def test_two_managers_and_one_channel(world: World) -> None:
    world.chat.channel("elsewhere")
    ines, omar = await open_both(world, "Choose a channel", "elsewhere")
    await omar.submit(purpose="staff")
    refused = await ines.submit(purpose="main")
    assert "this channel is used for: the course team" in refused.errors[""]
    assert refused.errors["purpose"].startswith("Now: The course team")
    assert [r.purpose for r in world.rows(ChannelRow, channel="elsewhere")] == ["staff"]
    await ines.submit()
    assert [r.purpose for r in world.rows(ChannelRow, channel="elsewhere")] == ["main"]


async def test_two_managers_and_one_role(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    (known,) = world.rows(PersonRow, name="Mia")
    ines, omar = await open_both(world, "Name somebody", "general")
    await omar.submit(person=str(known.id), role="instructor")
    refused = await ines.submit(person=str(known.id), role="manager")
    assert "Mia is instructor now" in refused.errors[""]
    assert mia.id == "mia"
    assert {r.role for r in world.rows(MembershipRow, person=known.id)} == {"learner", "instructor"}


async def test_two_instructors_and_one_item_of_the_course(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for who in (ines, omar):
        listed = await who.press(await who.command("course", place="general"), "Edit an item")
        await who.press(listed, "Milestones", "milestones.page")
    await omar.press(await omar.submit(title="The whole page"), "Use it")
    refused = await ines.submit(minutes="80")
    assert "Newer: version 2 by Omar" in refused.errors[""]
    assert refused.errors["title"] == "Now: The whole page"
    assert "minutes" not in refused.errors or refused.errors["minutes"].startswith("Now: 90")


async def test_two_instructors_and_the_dates_of_a_cohort(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    for who in (ines, omar):
        await who.press(await who.command("course", place="general"), "Change dates")
    await omar.press(await omar.submit(holidays="2026-01-14"), "Use it")
    refused = await ines.submit(zone="Europe/Lisbon")
    assert "Newer: version 2 by Omar" in refused.errors[""]
    assert refused.errors["holidays"] == "Now: 2026-01-14"


async def test_two_instructors_and_the_recording_of_a_week(world: World) -> None:
    ines, omar = world.chat.person("ines"), world.chat.person("omar")
    manage(world, "ines")
    await world.until("2026-01-09T15:30:00Z")
    shown: Result = await ines.command("desk", place="general")
    await ines.press(shown, "Add recording link")
    await omar.press(await omar.command("desk", place="general"), "Add recording link")
    await omar.submit(url="https://example.org/one")
    refused = await ines.submit(url="https://example.org/two")
    assert refused.errors["url"] == "Now: https://example.org/one"
    assert {r.url for r in world.rows(RecapRow)} == {"https://example.org/one"}


def test_every_form_says_what_it_replaces() -> None:
    """A form that only adds says so; whichever holds what is stored already declares it."""
    only_adds = {
        ("digests", "edit_letter"),
        ("discussions", "reply"),
        ("drafts", "add"),
        ("enrolment", "connect"),
        ("faq", "write"),
        ("feedback", "reply"),
        ("live", "form"),
        ("live", "word"),
        ("mine", "for_whom"),
        ("pods", "letter"),
        ("questions", "write"),
        ("questions", "write_back"),
        ("revisions", "add"),
        ("selfchecks", "try"),
        ("survey", "answer"),
    }
    forms = {
        (feature.name, name): handler.replaces
        for feature in make_registry().features
        for (name, is_form), handler in feature.handlers.items()
        if is_form
    }
    assert {form for form, replaces in forms.items() if replaces is None} == only_adds


async def test_a_kept_form_is_compared_with_what_it_was_filled_from_days_ago(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    tabs = await open_work(world, mia)
    a = tabs.form
    await world.wait(days=2)
    b = (await open_work(world, mia)).form
    await tabs.send(b, text="Today's")
    assert (await tabs.send(a, text="Of two days ago")).problems["text"] == "Now: Today's"
