"""A form that one private message fills by the labels of its parts, as conversations."""

import json
from pathlib import Path

import pytest

from adapters.sandbox.driver import Seen, Speaker
from storage.tables.wrapups import AnswerRow
from tests.features.test_checkins import CHECKINS, TUESDAY
from tests.features.test_discussions import TALK
from tests.features.test_talk import said
from tests.features.test_wrapups import FRIDAY_BERLIN
from tests.kit import World, new_world

FORM = "Look it over: Week 1 wrap-up"


def values(speaker: Speaker) -> dict[str, str]:
    assert speaker.form is not None
    return {field.name: field.value for field in speaker.form.fields if field.value}


async def form_of(speaker: Speaker, text: str, label: str = FORM) -> tuple[Seen, dict[str, str]]:
    """What is in the form into which a message goes."""
    card = await said(speaker, text)
    assert card.buttons[0] == label, card.text
    await speaker.press(card, label)
    return card, values(speaker)


def stored(world: World) -> list[dict[str, str]]:
    return [json.loads(row.body) for row in world.rows(AnswerRow)]


async def test_a_wrap_up_in_one_message_fills_its_form_and_is_sent_by_one_press(world: World) -> None:
    mia, ben = await world.learner("mia", "Mia"), await world.learner("ben", "Ben")
    await world.until(FRIDAY_BERLIN)
    card, there = await form_of(mia, "Finished: the page. Stuck: the survey Next: interviews")
    assert there == {"done": "the page.", "stuck": "the survey", "next": "interviews"}
    assert world.rows(AnswerRow) == [], "nothing is sent by itself"
    hints = {field.name: field.hint for field in mia.form.fields} if mia.form else {}
    assert "instructors" in hints["stuck"].lower()
    await mia.submit(there)
    assert stored(world) == [{"done": "the page.", "next": "interviews", "stuck": "the survey"}]
    assert "You have sent “Week 1 wrap-up”, with what you wrote here." in "\n".join(mia.inbox())
    assert card.id in {seen.id for seen in mia.sees()}
    await world.until("2026-01-12T12:00:00Z")
    assert "the survey" not in "\n".join(m.text for place in ("general", "questions") for m in ben.sees(place))


@pytest.mark.parametrize(
    "text",
    [
        "Next - interviews\nStuck - the survey\nFinished - the page",
        "**Done**\nthe page\n\n**Next**\ninterviews\n\n**Stuck**\nthe survey",
        "- Finished: the page\n- Next steps: interviews\n- Blockers: the survey",
        "Hi Inês, my wrap-up:\nfinished: the page\nnext: interviews\nstuck: the survey",
        "What did you finish? the page\nWhat is next? interviews\nWhere are you stuck? the survey",
        "Erledigt: the page\nAls Nächstes: interviews\nIch hänge: the survey",
        "Feito: the page\nPróximos passos: interviews\nDificuldades: the survey",
    ],
)
async def test_labels_are_understood_as_people_write_them(world: World, text: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    _card, there = await form_of(mia, text)
    assert there == {"done": "the page", "next": "interviews", "stuck": "the survey"}


async def test_nothing_typed_is_lost_and_what_has_no_label_goes_to_the_fewest(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    _card, there = await form_of(mia, "It was a hard week because my son had an operation. Finished: half. Next: rest.")
    assert there == {
        "done": "half.",
        "next": "rest.",
        "stuck": "It was a hard week because my son had an operation.",
    }
    await mia.submit(there)
    _card, there = await form_of(mia, "Done: the other half, too\nNext: sleep")
    assert there["done"] == "half.\nthe other half, too", "the earlier answer stays"


async def test_what_was_sent_by_form_stays_and_its_author_is_told_so(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    text = "Finished: the page. Stuck: the survey Next: interviews"
    _card, there = await form_of(mia, text)
    await mia.submit(there)
    [own] = [m for m in mia.sees() if m.text == text]
    await mia.edit(own.id, "Finished: nothing. Stuck: all Next: sleep")
    assert "What you sent by form stays as it is until you change it on its own card." in "\n".join(mia.inbox())
    await mia.delete(own.id)
    assert "What you sent by form stays as it is" in "\n".join(mia.inbox())
    assert stored(world) == [{"done": "the page.", "next": "interviews", "stuck": "the survey"}]


@pytest.mark.parametrize(
    "text",
    ["I was stuck: the data did not load", "Next: interviews", "I finished the page and next I do interviews"],
)
async def test_one_label_or_none_is_no_whole_form(world: World, text: str) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until(FRIDAY_BERLIN)
    assert not [b for b in (await said(mia, text)).buttons if b.startswith("Look it over")]


async def test_before_a_wrap_up_opens_there_is_no_form(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    card = await said(mia, "Finished: the page\nNext: interviews")
    assert not [b for b in card.buttons if b.startswith("Look it over")]


async def test_a_check_in_takes_done_next_and_stuck(tmp_path: Path) -> None:
    world = new_world(tmp_path, now="2026-01-04T08:00:00Z", course=CHECKINS)
    mia = await world.learner("mia", "Mia")
    await world.until(TUESDAY)
    label = "Look it over: The shared page (Tue 6 Jan)"
    _card, there = await form_of(mia, "Done: the outline. Next: the page. Stuck: the legend", label)
    assert there == {"done": "the outline.", "next": "the page.", "stuck": "the legend"}
    await mia.submit(there)
    assert "You have sent “The shared page (Tue 6 Jan)”" in "\n".join(mia.inbox())
    world.app.storage.close()


async def test_a_discussion_takes_the_parts_of_its_post(tmp_path: Path) -> None:
    world = new_world(tmp_path, course=TALK)
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-05T12:00:00Z")
    card = await said(mia, "Claim: tea is better\nEvidence: I drink both\nQuestion: why?")
    assert card.buttons[0].startswith("Look it over: "), card.text
    await mia.press(card, card.buttons[0])
    assert list(values(mia).values()) == ["tea is better", "I drink both", "why?"]
    world.app.storage.close()
