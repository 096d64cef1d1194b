"""What learners write in private about a piece that they have to review. The first Monday is 5 January 2026."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.features.test_reviews import MONDAY, REVIEWED, cohort, review, write
from tests.features.test_talk import said
from tests.kit import World, new_world


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, course=REVIEWED)
    yield made
    made.app.storage.close()


@pytest.mark.parametrize(
    "words",
    [
        "give it back",
        "I'd like to give the review back",
        "Please take it back",
        "I cannot do this review",
        "can someone else review it?",
        "Ich möchte es zurückgeben",
    ],
)
async def test_a_piece_is_given_back_in_ones_own_words(world: World, words: str) -> None:
    mia, _ben, cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    assert "The words of Ben" in (await review(mia)).text
    card = await said(mia, words)
    assert card.buttons[0] == "Give it back", "nobody else reads it"
    assert "the piece that you have for “Look at two drafts”; somebody else can review it then" in card.text
    await mia.press(card, "Give it back")
    receipt = mia.find("Given back: somebody else can review it now.")
    assert "Review another one" in receipt.buttons
    assert "The words of Cem" in (await mia.press(receipt, "Review another one")).text
    await write(cem, await review(cem))
    assert "The words of Ben" in (await review(cem)).text, "it is free"


async def test_whoever_has_no_piece_is_offered_nothing_to_give_back(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert "Give it back" not in (await said(mia, "I want to give it back")).buttons
    card = await said(mia, "give it back") if await review(mia) else None
    assert card is not None
    await write(mia, await review(mia))
    await mia.press(card, "Give it back")
    assert mia.find("You have this piece no more.")


async def test_other_words_give_nothing_back(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    for words in ("What does give back mean?", "I gave my feedback back in May", "I can't finish the review in time"):
        assert "Give it back" not in (await said(mia, words)).buttons, words


@pytest.mark.parametrize(
    "words",
    [
        "I need more time for the review",
        "can I have two more days for my review?",
        "I can't finish the review in time",
        "Ich brauche mehr Zeit für das Review",
        "more time for Ben's review please",
        "I'd like more time to review Ben's draft",
        "Ich brauche mehr Zeit für Bens Review",
        "preciso de mais tempo para a revisão do Ben",
        "necesito más tiempo para la revisión de Ben",
        "je voudrais plus de temps pour la relecture de Ben",
        "can i do the review later?",
        "kann ich die review später machen?",
        "posso fazer a revisão mais tarde?",
        "¿puedo hacer la revisión más tarde?",
        "puis-je faire la relecture plus tard ?",
    ],
)
async def test_more_time_for_a_review_leads_to_its_form(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    card = await said(mia, words)
    assert card.buttons[0] == "Ask for more time"
    await mia.press(card, "Ask for more time")
    asked = mia.find("Look at two drafts, closes Thu 15 Jan, 20:00. Nothing is moved yet.")
    await mia.press(asked, "Choose the day")
    assert mia.form is not None
    (days,) = [field.value for field in mia.form.fields if field.name == "days"]
    assert (days == "2") == ("two more days" in words)


@pytest.mark.parametrize(
    "words",
    [
        "Can I review until Friday?",
        "could I still review it on Friday?",
        "Can I do the review until Friday?",
        "I'd like more time to review Ben's draft, until Friday",
        "can I review Ben's work until Friday?",
        "May I please review the piece on Friday?",
        "Kann ich bis Freitag begutachten?",
        "Posso revisar até sexta?",
        "¿Puedo revisar hasta el viernes?",
    ],
)
async def test_a_day_for_a_review_is_in_its_form(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until("2026-01-14T08:00:00Z")
    await review(mia)
    card = await said(mia, words)
    assert card.buttons[0] == "Ask for more time"
    await mia.press(card, "Ask for more time")
    await mia.press(mia.find("Look at two drafts, closes Thu 15 Jan, 20:00. Nothing is moved yet."), "Choose the day")
    assert mia.form is not None
    assert [field.value for field in mia.form.fields if field.name == "days"] == ["1"]


async def test_whoever_asks_for_a_day_before_their_date_reads_that_they_have_it(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    for words in ("Can I review until Wednesday?", "can i have till thursday for the review?"):
        await mia.press(await said(mia, words), "Ask for more time")
        assert not any("Nothing is moved yet" in text for text in mia.inbox()), words
    await mia.press(mia.find("closes Thu 15 Jan, 20:00: you have until then anyway."), "I need longer")
    assert mia.form is not None
    assert [field.value for field in mia.form.fields if field.name == "days"] == [""]


async def test_a_review_that_is_about_to_be_written_is_no_wish_for_time(world: World) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    for words in ("Can I review today?", "Can I review two pieces?", "What can I review until Friday?"):
        assert "Ask for more time" not in (await said(mia, words)).buttons, words


GIVES_BACK = """\
sorry cant do this one
sorry, i can't do this one
can't do this one, sorry
I don't have time for this review
I don't want to review this one, I know who wrote it
I can't review Ben's draft
Ich weiß, wer das geschrieben hat
ich möchte das nicht begutachten
eu sei quem escreveu isto
sé quién lo escribió
je sais qui l'a écrit
ich schaffe das review nicht
kann diese arbeit nicht begutachten
no puedo hacer esta revisión
não consigo fazer esta revisão
je ne peux pas faire cette relecture"""

WANTS_ANOTHER = """\
can i swap this for another piece?
please give me another one
can i get a different one?
Kann ich eine andere Arbeit haben?
quero outro texto
quiero otro texto
je voudrais un autre texte"""

SEES = """\
who reviewed me?
who wrote this?
when do i get my reviews?
can i see my reviews
how many reviews do i have to do?
my reviews
wer hat mein Review geschrieben?
Wann bekomme ich meine Reviews?
quem me revisou?
¿quién me revisó?
qui a écrit ça ?"""


async def test_each_act_of_reviews_is_offered_first_for_words_that_mean_it(world: World) -> None:
    mia, ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await review(mia)
    acts = {"Give it back": GIVES_BACK, "Another piece": WANTS_ANOTHER, "My reviews": f"{SEES}\nI finished my review"}
    wrong = []
    for label, words in acts.items():
        for text in words.splitlines():
            card = await said(mia, text)
            wrong += [] if card.buttons[0] == label else [(text, card.buttons)]
    assert not wrong
    for text in (*GIVES_BACK.splitlines(), *WANTS_ANOTHER.splitlines()):
        assert not {"Give it back", "Another piece"} & set((await said(ben, text)).buttons), text


async def test_another_piece_gives_back_and_leads_on(world: World) -> None:
    mia, _ben, _cem = await cohort(world, "Mia", "Ben", "Cem")
    await world.until(MONDAY)
    await review(mia)
    await mia.press(await said(mia, "can i swap this for another piece?"), "Another piece")
    receipt = mia.find("Given back: somebody else can review it now.")
    assert "The words of Cem" in (await mia.press(receipt, "Review another one")).text


async def test_whose_work_was_reviewed_says_how_useful_it_was(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert not any(b.startswith("Was ") for b in (await said(mia, "this review hurt me")).buttons)
    await write(ben, await review(ben))
    await world.until("2026-01-17T09:00:00Z")
    for text in (
        "this review hurt me",
        "i want to complain about review 1",
        "thanks for the review!",
        "danke für das Review",
        "thank my reviewer",
        "how do i thank my reviewer?",
        "can i thank whoever reviewed my draft?",
        "wie kann ich mich für das Review bedanken?",
        "quero agradecer a quem me revisou",
        "quiero dar las gracias por la revisión",
        "merci pour la relecture",
    ):
        card = await said(mia, text)
        assert card.buttons[0] == "Was review 1 useful?", text
    await mia.press(card, "Was review 1 useful?")
    await mia.press(mia.find("once you say so here"), "Was review 1 useful?")
    assert mia.form is not None
    assert mia.form.title
    await mia.press(await said(mia, "can i see my reviews"), "My reviews")
    await mia.press(mia.find("All reviews of your work come in one message."), "Reviews: Look at two drafts")


async def test_whoever_would_like_to_thank_for_reviews_without_names_says_how_useful_they_were(world: World) -> None:
    mia, ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await write(ben, await review(ben))
    await world.until("2026-01-17T09:00:00Z")
    (bundle,) = [m for m in mia.sees() if "1 review of your work" in m.text]
    answer = await mia.choose(bundle.id, "Thank")
    assert "I know nobody to thank" in answer.text
    await mia.press(answer, "Was review 1 useful?")
    assert mia.form is not None
    (post, *_others) = [m for m in mia.sees("general") if m.by == "bot"]
    assert "Was review 1 useful?" not in (await mia.choose(post.id, "Thank")).buttons
    (bens, *_others) = [m for m in ben.sees() if m.text.startswith("Week ")]
    assert (await ben.choose(bens.id, "Thank")).buttons == []


@pytest.mark.parametrize("words", ["can I swap?", "can we swap pieces?", "kann ich tauschen?"])
async def test_a_swap_in_few_words_is_offered_to_whoever_has_a_piece(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    await review(mia)
    assert (await said(mia, words)).buttons[0] == "Another piece"


@pytest.mark.parametrize(
    "words",
    [
        "where is my feedback?",
        "wann bekomme ich mein feedback?",
        "I got nothing back",
        "nobody reviewed my work",
        "what do I have to review?",
        "can I still review?",
        "did I already review?",
    ],
)
async def test_words_about_ones_reviews_lead_to_them_and_to_no_channel_first(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert (await said(mia, words)).buttons[0] == "My reviews"


@pytest.mark.parametrize("words", ["I am done", "done!", "ich bin fertig"])
async def test_whoever_has_a_piece_and_is_done_is_led_to_it_and_not_to_the_cohort(world: World, words: str) -> None:
    mia, _ben = await cohort(world, "Mia", "Ben")
    await world.until(MONDAY)
    assert "My reviews" not in (await said(mia, words)).buttons
    await review(mia)
    card = await said(mia, words)
    assert card.buttons[0] == "My reviews"
    await mia.press(card, "My reviews")
    assert "Go on" in mia.last().text + " ".join(mia.last().buttons)
