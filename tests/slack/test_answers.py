"""Commands, buttons, forms and menus: what the person gets, in time, and what is kept."""

import asyncio
from dataclasses import replace

import pytest

from bot.core.events import ButtonPressed, CommandIssued, FormSubmitted, Interaction, ShortcutUsed
from bot.core.forms import (
    ChoiceField,
    DateField,
    FileField,
    Form,
    GroupField,
    PersonField,
    TextField,
    UploadField,
    yes_no,
)
from bot.core.message import (
    Button,
    Document,
    Message,
    Option,
    Select,
    bullets,
    buttons,
    heading,
    message,
    paragraph,
    quote,
)
from bot.core.ports import Answer, Delivery
from tests.platforms.people import Seen
from tests.platforms.slack_stage import SlackStage
from tests.slack.proxy import Json
from tests.waiting import eventually

ASK = Form("q.ask/1/1:", "Ask a question", (TextField("text", "Your question", long=True),), draft="d1")
THANKS = Answer(message=message(paragraph("Thank you.")))
CARD = message(paragraph("The week."), buttons(Button("Ask", "q.ask/1/1:")))


def says(words: str) -> Answer:
    return Answer(message=message(paragraph(words)))


def form_then(answer: Answer, form: Form = ASK) -> object:
    def decide(event: Interaction) -> Answer:
        return answer if isinstance(event, FormSubmitted) else Answer(form=form)

    return decide


async def private(stage: SlackStage, words: str, where: str = "general", below: str | None = None) -> Seen:
    async def look() -> Seen | None:
        seen = await stage.people.sees("mia", where, below)
        return next((s for s in seen if s.private and words in s.text), None)

    return await eventually(look)


async def opened(stage: SlackStage, form: Form, answer: Answer = THANKS) -> None:
    stage.bot.answer = form_then(answer, form)  # type: ignore[assignment]
    await stage.people.command("mia", "general", "ask")
    await eventually(lambda: stage.people.form("mia"))


async def submitted(stage: SlackStage) -> FormSubmitted:
    return await eventually(lambda: stage.bot.last(FormSubmitted))


# In time, and not before it is saved


async def test_a_command_that_takes_long_is_answered_at_once_and_again_later(stage: SlackStage) -> None:
    stage.bot.slow, stage.bot.answer = 2.5, lambda event: says("Here it is.")
    await stage.people.command("mia", "general", "desk")
    await private(stage, "The answer follows here")
    await private(stage, "Here it is.")


async def test_a_busy_bot_acknowledges_at_once(stage: SlackStage) -> None:
    stage.bot.slow = 2.5
    await stage.adapter.post(Delivery("k", "a", CARD, place=stage.place("questions")))
    await stage.people.command("mia", "general", "desk")
    await stage.people.press("mia", "questions", "Ask")

    async def acknowledged() -> bool:
        return len(stage.proxy.unacknowledged) >= 2 and not stage.proxy.unacknowledged.total()

    await eventually(acknowledged)
    assert not stage.bot.all(CommandIssued), "nothing is saved yet"
    assert not stage.bot.all(ButtonPressed)


async def test_a_form_that_takes_long_stays_open_and_is_taken_once(stage: SlackStage) -> None:
    await opened(stage, ASK)
    stage.bot.slow = 2.6
    await stage.people.submit("mia", {"text": "How long is the report?"})

    async def asked_again() -> bool:
        return "Not saved yet" in await stage.people.problems("mia")

    await eventually(asked_again)
    assert (await stage.people.reopen("mia")).values == {"text": "How long is the report?"}
    await stage.people.submit("mia", {})

    async def closed() -> bool:
        return await stage.people.form("mia") is None

    await eventually(closed)
    assert len(stage.bot.all(FormSubmitted)) == 1
    await private(stage, "Thank you.")


async def test_words_that_were_changed_before_pressing_again_are_not_answered_with_what_was_sent_first(
    stage: SlackStage,
) -> None:
    await opened(stage, ASK)
    stage.bot.slow = 2.6
    await stage.people.submit("mia", {"text": "How long?"})

    async def asked_again() -> bool:
        return "Not saved yet" in await stage.people.problems("mia")

    await eventually(asked_again)
    await stage.people.submit("mia", {"text": "How long is the report?"})

    async def both() -> bool:
        return len(stage.bot.all(FormSubmitted)) == 2

    await eventually(both)
    assert stage.bot.all(FormSubmitted)[-1].values == {"text": "How long is the report?"}


async def test_what_cannot_be_saved_is_said_to_be_unsaved(stage: SlackStage) -> None:
    stage.bot.answer = form_then(THANKS)  # type: ignore[assignment]
    await stage.adapter.post(Delivery("k", "a", CARD, place=stage.place("questions")))
    await opened(stage, ASK)
    stage.bot.deaf = True
    await stage.people.submit("mia", {"text": "How long is the report?"})

    async def unsaved() -> bool:
        return bool(stage.people.errors)

    await eventually(unsaved)
    assert await stage.people.form("mia") is not None
    await stage.people.command("mia", "general", "desk")
    await private(stage, "could not be saved")
    await stage.people.press("mia", "questions", "Ask")
    await private(stage, "could not be saved", "questions")
    stage.bot.deaf = False
    await stage.people.submit("mia", {})
    assert (await submitted(stage)).values == {"text": "How long is the report?"}


async def test_a_form_that_came_too_late_waits_behind_a_button(stage: SlackStage) -> None:
    stage.bot.answer = form_then(THANKS)  # type: ignore[assignment]
    late = iter([(200, {"ok": False, "error": "expired_trigger_id"}, {})])
    stage.proxy.refuse = lambda method, _: next(late, None) if method == "views.open" else None
    await stage.people.command("mia", "general", "ask")
    await private(stage, "could not be opened in time")
    assert await stage.people.form("mia") is None
    stage.bot.drafts["d1"] = ASK.filled({"text": "What I typed"})
    await stage.people.press("mia", "general", "Open the form")
    form = await eventually(lambda: stage.people.form("mia"))
    assert form.values == {"text": "What I typed"}
    await stage.people.submit("mia", {})
    assert (await submitted(stage)).draft == "d1"


# Where the answer goes


async def test_a_press_in_a_thread_is_answered_in_the_thread(stage: SlackStage) -> None:
    stage.bot.answer = lambda event: says("For you alone.")
    root = await stage.people.say("ben", "questions", "How long?")
    place = replace(stage.place("questions"), thread=root)
    sent = await stage.adapter.post(Delivery("k", "a", CARD, place=place))
    await stage.people.press("mia", "questions", "Ask", below=root)
    pressed = await eventually(lambda: stage.bot.last(ButtonPressed))
    assert (pressed.place, pressed.message) == (place, sent.refs[0])
    await private(stage, "For you alone.", "questions", below=root)


async def test_where_we_are_not_in_the_channel_the_answer_still_comes(stage: SlackStage) -> None:
    stage.bot.answer = form_then(THANKS)  # type: ignore[assignment]
    stage.proxy.refuse = lambda method, _: (
        (200, {"ok": False, "error": "not_in_channel"}, {}) if method == "chat.postEphemeral" else None
    )
    await opened(stage, ASK)
    await stage.people.submit("mia", {"text": "How long?"})

    async def direct() -> bool:
        return "Thank you." in [s.text for s in await stage.people.sees("mia", "dm")]

    await eventually(direct)


async def test_a_long_private_answer_is_whole_and_its_file_comes_directly(stage: SlackStage) -> None:
    long = message(heading("All"), bullets(*[f"{n}. {'word ' * 30}" for n in range(150)]), Document("all.csv", "a,b"))
    stage.bot.answer = lambda event: Answer(message=long)
    await stage.people.command("mia", "general", "overview")
    await private(stage, "149. word")
    await private(stage, "0. word")

    async def file() -> bool:
        return any(m.get("files") for m in await stage.people.messages("mia", "dm"))

    await eventually(file)


async def test_a_choice_in_a_message(stage: SlackStage) -> None:
    options = tuple(Option(f"z{n}", f"Zone {n}") for n in range(250))
    said = message(paragraph("Where are you?"), Select("e.zone/1/1:", "Your zone", options, chosen="z7"))
    await stage.adapter.post(Delivery("k", "a", said, place=stage.place("general")))
    await stage.people.press("mia", "general", "Your zone", "Zone 249")
    pressed = await eventually(lambda: stage.bot.last(ButtonPressed))
    assert (pressed.action, pressed.value) == ("e.zone/1/1:", "z249")


async def test_a_message_has_a_menu(stage: SlackStage) -> None:
    stage.bot.answer = lambda event: says("Marked.")
    root = await stage.people.say("mia", "questions", "How long?")
    answer = await stage.people.say("ben", "questions", "Ten <pages> & no more.", below=root)
    await stage.people.shortcut("mia", "questions", answer, "questions.answer")
    used = await eventually(lambda: stage.bot.last(ShortcutUsed))
    assert (used.name, used.message.id, used.place.thread) == ("questions.answer", answer, root)
    assert used.text == "Ten <pages> & no more."
    assert used.author is not None
    assert (used.author.name, used.actor.name) == ("Ben", "Mia")
    await private(stage, "Marked.", "questions", below=root)


# What was used is replaced


def steps(event: Interaction) -> Answer:
    """A private card with a button, and what a press on it says."""
    return says("Done.") if isinstance(event, ButtonPressed | FormSubmitted) else Answer(message=CARD)


async def alone(stage: SlackStage, words: str, where: str = "general", below: str | None = None) -> None:
    """Waits until this is the one private message that Mia sees there, and has no button any more."""

    async def look() -> bool:
        seen = [s for s in await stage.people.sees("mia", where, below) if s.private]
        return [(s.text, s.buttons) for s in seen] == [(words, ())]

    assert await eventually(look)


async def test_a_private_answer_takes_the_place_of_the_one_that_was_pressed(stage: SlackStage) -> None:
    stage.bot.answer = steps
    await stage.people.command("mia", "general", "week")
    await private(stage, "The week.")
    await stage.people.press("mia", "general", "Ask")
    await alone(stage, "Done.")


async def test_a_form_from_a_private_card_replaces_the_card_when_it_is_submitted(stage: SlackStage) -> None:
    def decide(event: Interaction) -> Answer:
        return Answer(form=ASK) if isinstance(event, ButtonPressed) else steps(event)

    stage.bot.answer = decide
    await stage.people.command("mia", "general", "week")
    await private(stage, "The week.")
    await stage.people.press("mia", "general", "Ask")
    await eventually(lambda: stage.people.form("mia"))
    await private(stage, "The week.")  # she may still cancel
    await stage.people.submit("mia", {"text": "How long?"})
    await alone(stage, "Done.")


async def test_a_whisper_in_a_thread_is_replaced_where_it_stands(stage: SlackStage) -> None:
    stage.bot.answer = steps
    root = await stage.people.say("mia", "questions", "How long?")
    place = replace(stage.place("questions"), thread=root)
    await stage.adapter.whisper(Delivery("k", "", CARD, place=place, account=stage.account("mia")))
    await private(stage, "The week.", "questions", below=root)
    await stage.people.press("mia", "questions", "Ask", below=root)
    await alone(stage, "Done.", "questions", below=root)


async def test_a_card_that_could_not_be_saved_keeps_its_buttons(stage: SlackStage) -> None:
    stage.bot.answer = steps
    await stage.people.command("mia", "general", "week")
    await private(stage, "The week.")
    stage.bot.deaf = True
    await stage.people.press("mia", "general", "Ask")
    await private(stage, "could not be saved")
    await private(stage, "The week.")
    stage.bot.deaf = False
    await stage.people.press("mia", "general", "Ask")
    await private(stage, "Done.")
    assert "The week." not in [s.text for s in await stage.people.sees("mia", "general")]


async def test_a_whisper_in_direct_messages_is_replaced(stage: SlackStage) -> None:
    stage.bot.answer = steps
    me, home = stage.account("mia"), await stage.people._channel("mia", "dm")
    await stage.adapter.whisper(Delivery("w", "", CARD, replace(stage.place("general"), channel=home, direct=True), me))
    await stage.people.press("mia", "dm", "Ask")
    await eventually(lambda: seen_directly(stage, "Done."))
    assert not await seen_directly(stage, "The week.")


async def test_a_card_under_an_anchor_stays_since_the_bot_itself_edits_it(stage: SlackStage) -> None:
    stage.bot.answer = steps
    await stage.meet("mia")
    await stage.adapter.post(Delivery("c", "card/1", CARD, account=stage.account("mia")))
    await stage.people.press("mia", "dm", "Ask")
    await alone(stage, "Done.", "dm")
    assert await seen_directly(stage, "The week.")


async def seen_directly(stage: SlackStage, words: str) -> bool:
    return any(words in s.text for s in await stage.people.sees("mia", "dm"))


# One's own page


def refusing(method: str, code: str) -> object:
    return lambda called, _: (200, {"ok": False, "error": code}, {}) if called == method else None


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("expired_trigger_id", "could not be opened in time"),
        ("view_too_large", "Slack did not open the form"),
        ("internal_error", "Slack did not open the form"),
        ("something_new", "Slack did not open the form"),
    ],
)
async def test_whoever_gets_no_form_reads_why(stage: SlackStage, code: str, text: str) -> None:
    stage.bot.answer = form_then(THANKS)  # type: ignore[assignment]
    stage.proxy.refuse = refusing("views.open", code)  # type: ignore[assignment]
    await stage.people.command("mia", "general", "ask")

    async def told() -> bool:
        return any(text in seen.text for seen in await stage.people.sees("mia", "general") if seen.private)

    await eventually(told)


async def test_the_answer_to_a_press_in_a_modal_that_was_closed_meanwhile_is_not_lost(stage: SlackStage) -> None:
    stage.bot.mine = message(buttons(Button("Settings", "e.set/1/1:"), Button("More", "e.more/1/1:")))
    stage.bot.answer = lambda event: Answer(
        message=message(paragraph("All is set."), buttons(Button("Back", "e.b/1/1:")))
    )
    await stage.people.open_home("mia")

    async def home() -> Json | None:
        return stage.people.homes.get("U0MIA")

    await eventually(home)
    await stage.people.press_in_view("mia", "Settings")

    async def opened() -> bool:
        return bool(stage.people.modals)

    await eventually(opened)
    stage.proxy.refuse = refusing("views.update", "not_found")  # type: ignore[assignment]
    await stage.people.press_in_view("mia", "Back")

    async def told() -> bool:
        return any("All is set." in seen.text for seen in await stage.people.sees("mia", "dm"))

    await eventually(told)


ENTRIES = [f"{n}. Was heißt das? 🧵 {'Wörter ' * 40}" for n in range(1000)]


@pytest.mark.parametrize(
    "page",
    [
        message(bullets(*ENTRIES), buttons(Button("Next", "faq.list/1/1:2"))),
        message(*map(paragraph, ENTRIES), buttons(Button("Next", "faq.list/1/1:2"))),
        message(
            *(block for text in ENTRIES for block in (quote(text * 12), buttons(Button("Open", "faq.open/1/1:2")))),
            buttons(Button("Next", "faq.list/1/1:2")),
        ),
        message(Select("faq.open/1/1:", "Entry", tuple(Option(str(n), e) for n, e in enumerate(ENTRIES * 9)))),
    ],
    ids=["bullets", "paragraphs", "quotes", "select"],
)
async def test_a_home_page_of_a_thousand_entries_is_shown_as_far_as_slack_takes_it(
    stage: SlackStage, page: Message
) -> None:
    """The proxy finds fault with a view of more than 250 kB, or 100 blocks."""
    stage.bot.mine = page
    await stage.people.open_home("mia")

    async def home() -> Json | None:
        return stage.people.homes.get("U0MIA")

    blocks = (await eventually(home))["blocks"]
    labels = [element["text"]["text"] for b in blocks if b["type"] == "actions" for element in b["elements"]]
    assert labels[-1:] == ["Next"] or any(isinstance(block, Select) for block in page.blocks)


async def test_the_home_page_its_buttons_and_its_forms(stage: SlackStage) -> None:
    stage.bot.mine = message(
        heading("Mia's week"), buttons(Button("Settings", "e.set/1/1:"), Button("Ask", "q.ask/1/1:"))
    )
    stage.bot.answer = lambda event: (
        Answer(form=ASK) if isinstance(event, ButtonPressed) and event.action == "q.ask/1/1:" else says("All is set.")
    )
    await stage.people.open_home("mia")

    async def home() -> Json | None:
        return stage.people.homes.get("U0MIA")

    await eventually(home)
    await stage.people.press_in_view("mia", "Settings")

    async def told() -> bool:
        return "All is set." in await stage.people.problems("mia")

    await eventually(told)
    pressed = await eventually(lambda: stage.bot.last(ButtonPressed))
    assert (pressed.message, pressed.place.direct) == (None, True)
    stage.people.modals = []
    await stage.people.press_in_view("mia", "Ask")
    await eventually(lambda: stage.people.form("mia"))
    await stage.people.submit("mia", {"text": "How long?"})
    assert (await submitted(stage)).place.direct
    published = len(stage.proxy.called("views.publish"))
    assert published >= 2  # the page shows what changed


# Forms


async def test_every_kind_of_field(stage: SlackStage) -> None:
    stage.bot.people = tuple(Option(str(n), f"Person {n}") for n in range(3))
    stage.proxy.groups = [{"id": "S1", "handle": "tutors", "users": []}]
    form = Form(
        "e.all/1/1:",
        "A title that is longer than Slack lets it be",
        (
            TextField("text", "Text", hint="Anything.", max_length=5000),
            ChoiceField("choice", "Choice", (Option("a", "First"), Option("b", "x" * 100)), value="b"),
            yes_no("tick", "Without my name", value=True),
            DateField("day", "Day", value="2026-01-12"),
            PersonField("person", "Who"),
            GroupField("group", "Group"),
            FileField("course", "Course file", endings=(".yaml",)),
            UploadField("work", "Your work", required=False),
        ),
        draft="d9",
    )
    await opened(stage, form)
    shown = await stage.people.form("mia")
    assert shown is not None
    assert (shown.values["choice"], shown.values["tick"], shown.values["day"]) == ("b", "yes", "2026-01-12")
    text = await stage.people.upload("mia", "course.yaml", "course: é".encode())
    work = await stage.people.upload("mia", "work.pdf", b"%PDF\x00\xff")
    values = {"text": "Hi", "person": "2", "group": "S1:tutors", "course": text, "work": work}
    await stage.people.submit("mia", values)  # type: ignore[arg-type]
    sent = await submitted(stage)
    assert sent.values == {
        "text": "Hi",
        "choice": "b",
        "tick": "yes",
        "day": "2026-01-12",
        "person": "2",
        "group": "S1:tutors",
        "course": "course: é",
        "work": "work.pdf",
    }
    assert {name: (f.name, f.data) for name, f in sent.files.items()} == {"work": ("work.pdf", b"%PDF\x00\xff")}


async def test_a_file_that_is_no_text_is_refused_at_its_field(stage: SlackStage) -> None:
    await opened(stage, Form("c.up/1/1:", "Upload", (FileField("file", "Course file"),)))
    await stage.people.submit("mia", {"file": await stage.people.upload("mia", "course.yaml", b"\xff\xfe\x00")})  # type: ignore[dict-item]

    async def refused() -> bool:
        return "no text file" in stage.people.errors.get("file", "")

    await eventually(refused)


async def test_among_many_people_one_types_a_name(stage: SlackStage) -> None:
    stage.bot.people = tuple(Option(str(n), f"Person {n}") for n in range(40))
    await opened(stage, Form("e.role/1/1:", "Role", (PersonField("person", "Who"),)))
    offered = await stage.people.suggest("mia", "person", "person 3")
    assert [o["text"]["text"] for o in offered["options"]][:2] == ["Person 3", "Person 30"]


async def test_among_many_people_a_form_keeps_whom_it_is_about(stage: SlackStage) -> None:
    stage.bot.people = tuple(Option(str(n), f"Person {n}") for n in range(40))
    await opened(stage, Form("e.role/1/1:", "Role", (PersonField("person", "Who", value="37"),)))
    shown = await stage.people.form("mia")
    assert shown is not None
    assert shown.values["person"] == "37"


async def test_a_form_leads_to_the_next_and_a_warning_stands_above_it(stage: SlackStage) -> None:
    second = replace(ASK, action="q.sure/1/1:", title="Still post?", draft="d1")

    def decide(event: Interaction) -> Answer:
        if isinstance(event, CommandIssued):
            return Answer(form=ASK)
        assert isinstance(event, FormSubmitted)
        if event.action == ASK.action:
            return Answer(form=second.filled(event.values))
        if event.values["text"] == "Why?":
            return Answer(form=second.filled(event.values), problems={"": "Say more.", "elsewhere": "Really."})
        return THANKS

    stage.bot.answer = decide
    await stage.people.command("mia", "general", "ask")
    await eventually(lambda: stage.people.form("mia"))
    await stage.people.submit("mia", {"text": "Why?"})

    async def next_one() -> bool:
        form = await stage.people.form("mia")
        return form is not None and form.title == "Still post?" and form.values == {"text": "Why?"}

    await eventually(next_one)
    await stage.people.submit("mia", {})

    async def warned() -> bool:
        return stage.people.errors == {"text": "Say more. Really."}

    await eventually(warned)
    await stage.people.submit("mia", {"text": "Why is it due on Friday?"})
    await private(stage, "Thank you.")
    assert [f.action for f in stage.bot.all(FormSubmitted)] == [ASK.action, second.action]


async def test_a_refused_question_of_yes_or_no_says_why(stage: SlackStage) -> None:
    bare = Form("e.leave/1/1:", "Leave?", (), submit="Leave", intro="All messages stop.", draft="d2")
    refused = Answer(form=bare, problems={"": "You are the only instructor."})
    await opened(stage, bare, refused)
    await stage.people.submit("mia", {})

    async def why() -> bool:
        return "only instructor" in await stage.people.problems("mia")

    await eventually(why)


async def test_a_form_that_is_delivered_twice_is_taken_once(stage: SlackStage) -> None:
    await opened(stage, ASK)
    stage.proxy.times = 2
    await stage.people.submit("mia", {"text": "How long?"})

    async def both_acknowledged() -> bool:
        return bool(stage.bot.all(FormSubmitted)) and not stage.proxy.unacknowledged.total()

    await eventually(both_acknowledged)
    assert len(stage.bot.all(FormSubmitted)) == 1


async def test_what_is_delivered_again_is_answered_once_and_what_is_done_again_each_time(stage: SlackStage) -> None:
    await opened(stage, ASK)
    await stage.people.submit("mia", {"text": "How long?"})
    await private(stage, "Thank you.")
    stage.bot.answer = lambda event: THANKS
    await stage.adapter.post(Delivery("k", "a", CARD, place=stage.place("questions")))
    stage.proxy.times, stage.proxy.new_ids = 11, True
    await stage.people.command("mia", "general", "thanks")
    await stage.people.press("mia", "questions", "Ask")

    async def answers() -> list[str]:
        places = ("general", "questions")
        return [s.text for where in places for s in await stage.people.sees("mia", where) if "Thank you." in s.text]

    async def all_delivered() -> bool:
        return len(await answers()) > 2 and not stage.proxy.unacknowledged.total()

    await eventually(all_delivered)
    assert len(await answers()) == 3
    # The same act again has its own answer.
    stage.proxy.times = 1
    await stage.people.press("mia", "questions", "Ask")

    async def one_more() -> bool:
        return len(await answers()) == 4

    await eventually(one_more)


async def test_nothing_is_said_where_nothing_is_answered(stage: SlackStage) -> None:
    await stage.people.command("mia", "general", "nothing")
    await eventually(lambda: stage.bot.last(CommandIssued))
    await asyncio.sleep(0.2)
    assert await stage.people.sees("mia", "general") == []
