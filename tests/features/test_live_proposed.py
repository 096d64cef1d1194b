"""Proposing a live session, as conversations: first what it is to mend, then the form, then the proposal."""

from pathlib import Path

import pytest

from adapters.sandbox.driver import Result, Speaker
from bot.app.cohorts import turn_in
from bot.core.forms import ChoiceField
from bot.features.live.pages import show_sessions
from storage.tables.people import AuditRow
from tests.features.test_live import HEAD, MONDAY, PAYS, SUNDAY, course, listing, tasting
from tests.features.test_revisions import cohort_row
from tests.kit import World, new_world

MILESTONE = "milestones:\n  - {id: cup, week: 3, title: Cup, minutes: 40}\n"
SOUND = {
    "title": "Tasting",
    "goal": "Taste what words do not tell.",
    "kind": "rehearsal",
    "objective": "Taste and argue",
    "minutes": "30",
    "pays": "Read it: 20\nWatch it: 10",
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return new_world(tmp_path, now=SUNDAY, course=HEAD + MILESTONE)


async def opened(ines: Speaker, week: str = "Week 1: One") -> Result:
    """The form for a week."""
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    return await ines.press(await ines.press(page, "Propose all the same"), "Week", week)


async def test_proposing_begins_with_what_mends_it_without_a_call(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await mia.say("questions", "How hot must the water be?")
    await world.wait(hours=60)
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "1 question waits too long. Answer these first; everybody reads the answer." in page.text
    assert "Instructors who wrote in its threads in the last seven days: 0 of 1." in page.text
    assert "Weeks ahead with nothing to do: 2 of 3 (1, 2)." in page.text
    assert "Milestones without a date of their own: 1 of 1." in page.text
    assert {"See questions", "Add a milestone", "Set the date", "Propose all the same"} <= set(page.buttons)
    assert "How hot must the water be?" in (await ines.press(page, "See questions")).text
    await ines.press(page, "Set the date")
    assert ines.form is not None
    assert "due" in {field.name for field in ines.form.fields}


async def test_a_week_with_nothing_to_do_gets_guided_notes_or_a_structured_discussion(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    await ines.press(page, "Add guided notes")
    assert ines.form is not None
    assert "guide" in {field.name for field in ines.form.fields}
    drafted = await ines.press(page, "Draft a discussion")
    assert "Everybody makes a claim with evidence" in drafted.text
    await ines.press(drafted, "Use it")
    assert "One · 30 min" in mia.find("Week 1: ").text
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "Weeks ahead with nothing to do: 1 of 3 (2)." in page.text


async def test_presence_is_writing_in_threads_of_this_cohort(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    root = (await mia.say("questions", "How hot must the water be?")).message
    await ines.command("desk", place="general")
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "Instructors who wrote" not in page.text, "the course has hardly begun"
    await world.until("2026-01-07T12:00:00Z")
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "Instructors who wrote in its threads in the last seven days: 0 of 1." in page.text
    await ines.say("questions", "As hot as it gets.", root)
    await world.wait(minutes=1)
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "Instructors who wrote in its threads in the last seven days: 1 of 1." in page.text


async def test_a_good_one_is_announced_after_use_it(world: World) -> None:
    """Times, what pays and the questions are filled in already."""
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    form = (await opened(ines)).form
    assert form is not None
    empty = [field.name for field in form.fields if field.required and not getattr(field, "value", "")]
    assert empty == ["title", "goal", "kind", "objective"], "four fields, after four presses"
    preview = await ines.submit(SOUND)
    assert "Everybody has a time in waking hours." in preview.text
    assert "Week 1: “Read it” leaves the card, 20 min" in preview.text
    assert "Week 1: “Watch it” takes 10 min less" in preview.text
    assert "Tasting" not in mia.find("Week 1: ").text
    await ines.press(preview, "Use it")
    assert "Live, if you like: “Tasting”, 30 min. Taste what words do not tell." in mia.find("Week 1: ").text


@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"pays": "Read it: 10"}, "pays", "10 of its 30 min are paid"),
        ({"pays": "Nothing at all"}, "pays", "Such as: Read it: 20"),
        ({"minutes": "180", "pays": "Watch it: 40"}, "minutes", "60 are the most"),
        ({"minutes": "3 h", "pays": "Watch it: 40"}, "minutes", "60 are the most"),
        ({"minutes": "a while"}, "minutes", "is not a whole number of minutes"),
        ({"slots": "Wed 03:00\nWed 20:00"}, "slots", "outside 08:00-22:00 for everybody"),
        ({"slots": "Wed 08:00"}, "slots", "It is offered once, and two times are the least."),
        ({"slots": "Mon 08:00\nWed 20:00"}, "slots", "has passed"),
        ({"reflection": ""}, "reflection", "Nobody says what they took from the recording."),
        (
            {"kind": "sensitive"},
            "alternative",
            "What is sensitive is not recorded. Let feedback in private count in full.",
        ),
        ({"objective": "none"}, "objective", "Choose “Taste and argue”."),
        ({"metric": "half of them"}, "metric", "Write it in numbers. Such as: 50, 70"),
        ({"pays": "Reed it: 20\nWatch it: 10"}, "pays", "Did you mean “Read it”? Write: Read it: 20"),
        ({"pays": "Watch: 30"}, "pays", "Did you mean “Watch it”? Write: Watch it: 30"),
    ],
)
async def test_the_gate_answers_at_the_field(world: World, answers: dict[str, str], field: str, said: str) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, **answers})
    assert said in refused.errors.get(field, "")
    preview = await ines.submit({**SOUND, "slots": "Wed 08:00\nWed 20:00", "reflection": "What was new?", "metric": ""})
    assert "Use it" in preview.buttons, "what is mended passes"


async def test_a_measure_is_taken_as_people_say_it(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    preview = await ines.submit({**SOUND, "metric": "60 % come, 80 % of them say that it was worth it"})
    assert preview.errors == {}
    await ines.press(preview, "Use it")
    assert "metric: {attended: 60, worth: 80}" in cohort_row(world).course_text


@pytest.mark.parametrize("minutes", ["30 min", "0.5 h", "30 minutes"])
async def test_minutes_are_typed_as_people_say_them(world: World, minutes: str) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    preview = await ines.submit({**SOUND, "minutes": minutes})
    assert preview.errors == {}
    await ines.press(preview, "Use it")
    assert "“Tasting”, announced" in (await ines.command("live", place="general")).text


async def test_what_pays_follows_the_minutes_if_it_was_left_as_suggested(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD + MILESTONE + "live_rules: {weeks_share: 100}\n")
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    said = {name: SOUND[name] for name in ("title", "goal", "kind", "objective")}
    preview = await ines.submit({**said, "minutes": "20"})
    assert preview.errors == {}
    await ines.press(preview, "Use it")
    assert "Live, if you like: “Tasting”, 20 min." in mia.find("Week 1: ").text
    await opened(ines, "Week 2: Two")
    refused = await ines.submit({**said, "title": "Again", "minutes": "40"})
    assert "of its 40 min are paid" in refused.errors["pays"], "more than the week can give is said"


async def test_times_that_lie_near_are_refused_in_the_words_of_the_chat(world: World) -> None:
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, "slots": "Wed 09:00\nWed 19:00"})
    assert "12 h apart" in refused.errors["slots"]
    assert "“slots" not in refused.errors["slots"], "no key of the course file"


async def test_the_suggestion_leaves_the_week_something_to_study(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    form = (await opened(ines)).form
    assert form is not None
    [pays] = [getattr(field, "value", "") for field in form.fields if field.name == "pays"]
    given = dict(line.rsplit(": ", 1) for line in pays.splitlines())
    whole = {"Read it": 20, "Watch it": 40}
    assert any(int(given.get(title, 0)) < minutes for title, minutes in whole.items())


async def test_a_refusal_is_in_the_words_of_the_chat(world: World) -> None:
    """The figure and what to do, and no key of the course file."""
    ines = world.chat.person("ines")
    await world.learner("mia", "Mia")
    await world.until(MONDAY)
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    weeks = await ines.press(page, "Propose all the same")
    await ines.press(weeks, "Week", "Week 1: One")
    await ines.press(await ines.submit(SOUND), "Use it")
    await ines.press(weeks, "Week", "Week 1: One")
    again = await ines.submit({**SOUND, "title": "Tasting again", "pays": "Watch it: 30"})
    said = " ".join(again.errors.values())
    assert (
        "Week 1 has “Tasting” already, and 1 a week is the most. Choose a week that has room for one, or take" in said
    )
    await ines.press(weeks, "Week", "Week 1: One")
    unnamed = await ines.submit({**SOUND, "title": "Third", "pays": "Nothing: 30", "kind": "office_hours"})
    said += " ".join(unnamed.errors.values())
    assert "No item of week 1 is named “Nothing”. These can give up minutes: Watch it (" in said
    assert "`" not in said
    assert "_" not in said


async def test_a_talk_becomes_a_video_at_once(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    preview = await ines.submit({**SOUND, "kind": "content"})
    assert "goes as well in everybody's own time, so here is a recorded video" in preview.text
    assert "captions yes" not in preview.text, "nobody has made any yet"
    assert "has neither transcript nor captions" in preview.text
    await ines.press(preview, "Use it")
    assert "Tasting · 30 min" in mia.find("Week 1: ").text
    assert "Live, if you like" not in mia.find("Week 1: ").text


async def test_the_objective_is_named_and_chosen_by_somebody(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    assert ines.form is not None
    field = next(field for field in ines.form.fields if field.name == "objective")
    assert isinstance(field, ChoiceField)
    assert field.options[0].label == "Taste and argue"
    assert field.value == ""
    preview = await ines.submit({**SOUND, "kind": "office_hours", "objective": "none"})
    assert "Use it" in preview.buttons, "office hours need none"


async def test_times_are_suggested_so_that_each_zone_has_one(world: World) -> None:
    for n, zone in enumerate(("Europe/Berlin", "America/Los_Angeles", "Asia/Tokyo")):
        await world.learner(f"p{n}", f"P{n}", zone)
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines, "Week 2: Two")
    preview = await ines.submit({**SOUND, "pays": "Read more: 30"})
    assert "Everybody has a time in waking hours." in preview.text
    await ines.press(preview, "Use it")


async def test_learners_cannot_propose(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    page = await mia.command("live")
    assert "There is nothing to do about a live session now. Your week card has what there is to do." in page.text
    assert page.buttons == []


async def test_what_would_lift_a_week_over_its_budget_is_said_with_the_figure(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=HEAD.replace("weekly_minutes: 300", "weekly_minutes: 60"))
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, "pays": "Read it: 10"})
    assert "10 of its 30 min are paid; week 1 would be 1 h 20 of a 1 h budget." in refused.errors["pays"]
    assert "Watch it (40 min)" in refused.errors["pays"]


async def test_without_what_pays_one_reads_what_could(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, "pays": ""})
    assert "0 of its 30 min are paid" in refused.errors["pays"]
    assert "Watch it (40 min)" in refused.errors["pays"]
    assert "Use it" in (await ines.submit(SOUND)).buttons


async def test_to_change_it_names_the_most_minutes(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    ines = world.chat.person("ines")
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    await ines.press(page, "Change it")
    assert ines.form is not None
    assert "60 at the most" in next(field.hint for field in ines.form.fields if field.name == "minutes")
    world.app.storage.close()


@pytest.mark.parametrize("pays", [PAYS, "[{item: Read it, minutes: 10}]"], ids=["paid", "unpaid"])
async def test_a_session_that_is_over_when_the_cohort_is_made_is_not_called_held(tmp_path: Path, pays: str) -> None:
    """Whatever else it lacks: nobody can mend that any more, so nobody reads it."""
    late = new_world(tmp_path, now="2026-01-11T12:00:00Z", course=course(tasting(pays=pays)))
    ines = late.chat.person("ines")
    page = await ines.command("live", place="general")
    assert "“Tasting”, over before it could be announced" in page.text
    opened = await ines.press(page, "Week 1: Tasting")
    assert "Its times passed before it could be announced." in opened.text
    assert "min are paid" not in opened.text
    assert "has passed" not in opened.text
    assert opened.buttons == ["Change it", "Take it out"]
    table = str(turn_in(late.app.storage, late.app.registry, "demo", "live", lambda turn: show_sessions(turn, {})))
    assert "over before it could be announced" in table
    assert "min are paid" not in table
    (found,) = listing(late)
    assert (found["state"], found["failed"], found["base"]) == ("over", [], None)
    assert "Tasting" not in (await ines.command("desk", place="general")).text
    late.app.storage.close()


async def test_only_weeks_with_room_are_offered_and_none_is_said_at_once(tmp_path: Path) -> None:
    made = new_world(tmp_path, now=SUNDAY, course=course(tasting()))
    ines = made.chat.person("ines")
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    assert "Propose all the same" not in page.buttons
    assert "No week has room for another live session." in page.text
    assert "Week 1 has “Tasting” already, and 1 a week is the most." in page.text
    await ines.press(page, "Week 1: Tasting")
    assert ines.form is not None
    made.app.storage.close()


# What takes effect by the manager's word alone


async def by_agreement(ines: Speaker, how: str) -> Result:
    """The form of a session that needs the manager's word."""
    page = await ines.press(await ines.command("live", place="general"), "Propose one")
    weeks = await ines.press(await ines.press(page, "Propose all the same"), how)
    return await ines.press(weeks, "Week", "Week 1: One")


@pytest.mark.parametrize(
    ("how", "answers", "asked"),
    [
        ("As a trial", {"alternative": "none"}, "Question 3, "),
        ("As a trial", {"kind": "content"}, "Question 1, "),
        ("As a trial", {"pays": "Read it: 20"}, "20 of its 30 min are paid"),
        ("A policy asks for it", {"mandated": "Rule 4"}, "A policy asks for it, “Rule 4”"),
    ],
)
async def test_what_the_manager_has_to_agree_to_is_proposed_by_form(
    world: World, how: str, answers: dict[str, str], asked: str
) -> None:
    mia, ines, omar = await world.learner("mia", "Mia"), world.chat.person("ines"), world.chat.person("omar")
    await world.until(MONDAY)
    await by_agreement(ines, how)
    preview = await ines.submit({**SOUND, **answers})
    assert asked in preview.text
    assert "Learners hear of it once the manager has agreed." in preview.text
    await ines.press(preview, "Use it")
    await world.settle()
    assert "Tasting" not in mia.find("Week 1: ").text
    page = await omar.press(await omar.command(""), "Look at it")
    assert asked in page.text
    await omar.press(page, "Agree")
    assert "Tasting" in mia.find("Week 1: ").text
    assert any(row.act.startswith("agreed to live session live-1") for row in world.rows(AuditRow))


async def test_a_trial_that_leaves_nothing_open_is_none(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await by_agreement(ines, "As a trial")
    preview = await ines.submit(SOUND)
    assert "once the manager has agreed" not in preview.text
    await ines.press(preview, "Use it")
    assert "Live, if you like" in mia.find("Week 1: ").text


@pytest.mark.parametrize(
    ("how", "answers", "said"),
    [
        (
            "As a trial",
            {"recorded": "", "alternative": "none"},
            "One of its questions may stay open",
        ),
        ("As a trial", {"recorded": ""}, "There will be no recording."),
        ("As a trial", {"recorded": "", "metric": ""}, "Please fill this in."),
        ("As a trial", {"minutes": "180", "pays": "Watch it: 40"}, "60 are the most"),
        ("As a trial", {"slots": "Wed 03:00\nWed 20:00"}, "outside 08:00-22:00 for everybody"),
        ("A policy asks for it", {"mandated": "Rule 4", "kind": "content"}, "in which learners are active"),
        ("A policy asks for it", {"mandated": "Rule 4", "pays": "Read it: 20"}, "20 of its 30 min are paid"),
        ("A policy asks for it", {"mandated": "Rule 4", "reflection": ""}, "Nobody says what they took"),
        ("A policy asks for it", {"mandated": ""}, "Please fill this in."),
    ],
)
async def test_neither_trial_nor_policy_takes_the_rest(
    world: World, how: str, answers: dict[str, str], said: str
) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await by_agreement(ines, how)
    refused = await ines.submit({**SOUND, **answers})
    assert said in " ".join(refused.errors.values())


async def test_a_refusal_names_the_trial_where_one_would_take_it(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    one_open = await ines.submit({**SOUND, "pays": "Read it: 20"})
    assert "Or propose it as a trial" in one_open.errors["pays"]
    two_open = await ines.submit({**SOUND, "pays": "Read it: 20", "reflection": ""})
    assert "trial" not in " ".join(two_open.errors.values())


async def test_times_are_taken_on_one_line_too(world: World) -> None:
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, "slots": "Wed at nine"})
    assert "“Wed at nine” is not a weekday and a time. Write one a line, such as Wed 17:00." in refused.errors["slots"]
    preview = await ines.submit({**SOUND, "slots": "Wed 08:00, Wed 20:00"})
    assert preview.errors == {}
    assert "20:00 is outside waking hours for" in preview.text


async def test_who_proposes_reads_no_lines_of_the_file_and_where_learners_read_of_it(world: World) -> None:
    for n, zone in enumerate(("Europe/Berlin", "America/New_York", "Asia/Tokyo")):
        await world.learner(f"p{n}", f"P{n}", zone)
    ines = world.chat.person("ines")
    await world.until("2026-01-08T12:00:00Z")
    await opened(ines, "Week 2: Two")
    preview = await ines.submit({**SOUND, "pays": "Read more: 30"})
    assert "Everybody has a time in waking hours." in preview.text
    assert "Line " not in preview.text
    assert "`" not in preview.text
    assert "passed" not in preview.text, "what is over has nothing to do with it"
    used = await ines.press(preview, "Use it")
    assert "Learners read of “Tasting” on the card of week 2, from Mon 12 Jan." in used.text
    assert "Nobody has to be told" not in used.text


async def test_a_title_and_a_goal_are_on_one_line_whatever_a_client_sends(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    preview = await ines.submit({**SOUND, "title": "Tasting\noptional: no", "goal": "Taste\r\nit."})
    await ines.press(preview, "Use it")
    assert "“Tasting optional: no”, 30 min. Taste it." in mia.find("Week 1: ").text
    page = await mia.press(mia.find("Week 1: "), "Choose a time")
    assert "Tasting optional: no\nYou need not answer" in page.text
    assert "\nTaste it.\n" in page.text


@pytest.mark.parametrize("nothing", ["-", "none", "None", "No", "None of these", "N/A", "…", "Keins davon", "x"])
async def test_a_word_for_nothing_is_no_objective(tmp_path: Path, nothing: str) -> None:
    """The course has no objective of its own yet, so the form takes the first."""
    course = (HEAD + MILESTONE).replace(", live_only: [Taste and argue]", "")
    assert "live_only" not in course
    world = new_world(tmp_path, now=SUNDAY, course=course)
    await world.learner("mia", "Mia")
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    await opened(ines)
    refused = await ines.submit({**SOUND, "objective": nothing})
    assert "Say in a sentence what learners can only learn together" in refused.errors["objective"]
    assert "choose another kind, or what replaces the session" in refused.errors["objective"]
    office = await ines.submit({**SOUND, "kind": "office_hours", "objective": nothing})
    assert "live only" not in office.text, "it becomes no objective of the course"
    world.app.storage.close()


@pytest.mark.parametrize("nothing", ["'-'", "None of these"])
async def test_a_word_for_nothing_in_the_file_is_no_objective(tmp_path: Path, nothing: str) -> None:
    text = course(tasting()).replace("live_only: [Taste and argue]", f"live_only: [{nothing}]")
    world = new_world(tmp_path, now=SUNDAY, course=text.replace("Taste and argue", nothing))
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await world.until(MONDAY)
    assert "Live, if you like" not in mia.find("Week 1: ").text
    assert "The course keeps no objective for live sessions." in (await ines.command("desk", place="general")).text
    world.app.storage.close()


async def test_a_host_in_another_zone_reads_each_time_by_both_clocks(world: World) -> None:
    mia, ines = await world.learner("mia", "Mia"), world.chat.person("ines")
    await ines.press(await ines.command("settings"), "Change my zone")
    await ines.submit(zone="America/New_York")
    await world.until(MONDAY)
    form = (await opened(ines)).form
    assert form is not None
    hint = next(field.hint for field in form.fields if field.name == "slots")
    assert "By the clock of Europe/Berlin." in hint
    assert "For you: " in hint
    preview = await ines.submit({**SOUND, "slots": "Wed 08:00\nWed 20:00"})
    assert "Wed 7 Jan, 14:00 (Wed 7 Jan, 20:00 in Europe/Berlin) is outside waking hours for 0 %" in preview.text
    await ines.press(preview, "Use it")
    assert "Wed 7 Jan, 08:00 or Wed 7 Jan, 20:00 your time." in mia.find("Week 1: ").text
    page = await ines.press(await ines.command("live", place="general"), "Week 1: Tasting")
    assert "By the clock of Europe/Berlin: Wed 7 Jan, 08:00; Wed 7 Jan, 20:00." in page.text


@pytest.mark.parametrize(
    ("week", "offered"),
    [("Week 1: One", ["recording", "feedback", "small"]), ("Week 2: Two", ["recording", "feedback"])],
)
async def test_only_what_counts_in_time_is_offered_in_its_place(tmp_path: Path, week: str, offered: list[str]) -> None:
    small = "  - {id: small, week: 1, title: Small cup, minutes: 5}\n"
    world = new_world(tmp_path, now=SUNDAY, course=HEAD + MILESTONE + small)
    ines = world.chat.person("ines")
    await world.until(MONDAY)
    form = (await opened(ines, week)).form
    assert form is not None
    field = next(field for field in form.fields if field.name == "alternative")
    assert isinstance(field, ChoiceField)
    assert [option.value for option in field.options] == offered
    if "small" in offered:
        preview = await ines.submit({**SOUND, "alternative": "small"})
        assert "“Small cup” takes 5 min, the session 30. Say why it is worth the same" in preview.text
        assert "Use it" in preview.buttons
    world.app.storage.close()
