"""What learners write in private about pods, in their own words. Pods are formed on Wednesday at noon in Berlin."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from tests.features.test_after_the_end import end
from tests.features.test_pods import POD, PODS, SUNDAY, WEDNESDAY, asks, channels, formed, learners
from tests.features.test_talk import said
from tests.kit import COURSE, World, new_world

WANTS_NONE = """\
I don't want to be in a pod
no pod for me
No pod for me, please.
I'd rather not be in a pod
I do not want a pod
please don't put me in a pod
can I stay without a pod?
I want to leave my pod
how do i leave my pod
please take me out of the pod
get me out of this pod
Ich möchte keinen Pod
Ich will nicht in einen Pod
kein Pod für mich bitte
Ich möchte meinen Pod verlassen
Wie verlasse ich den Pod?
não quero um pod
não quero estar em um grupo
quero sair do pod
no quiero estar en un pod
quiero salir del pod
sin pod, por favor
je ne veux pas de pod
je ne veux pas être dans un groupe
je voudrais quitter le pod"""

WANTS_ONE = """\
I'd like a pod
I'd like another pod
I would like to be in a pod after all
can i join a pod?
Can I still get into a pod?
please put me in a pod
I want a pod
is there a pod for me?
a pod please
i want to work with others
ich hätte gern einen pod
Ich möchte in einen Pod
Kann ich noch in einen Pod kommen?
eu quero um pod
gostaria de entrar em um grupo
quiero un pod
¿puedo entrar en un grupo?
je voudrais un pod
j'aimerais rejoindre un groupe"""

ABOUT_MINE = """\
who is in my pod?
Who's in our pod
my pod
where is my pod?
where do I find the channel of my pod
show me my pod
am I in a pod?
can i switch pods?
I'd like to change my pod
when do I hear who is in my pod?
wer ist in meinem Pod?
Wo ist mein Pod?
kann ich den Pod wechseln?
quem está no meu pod?
quem está no meu grupo?
¿quién está en mi pod?
posso trocar de pod?
¿puedo cambiar de pod?
qui est dans mon pod ?
je voudrais changer de groupe"""

NO_WISH = """\
our pod is dead
nobody answers in my pod
my pod does not write anything
the people in my pod are rude
I am the only one who works in our pod
In meinem Pod schreibt niemand
ninguém responde no meu pod
nadie responde en mi pod
personne ne répond dans mon pod"""

MATTER = """\
What is a pod in Kubernetes?
how do I restart a pod
the pod leaves the node, why?
should the pods be in one namespace?
who is in the group of customers in the case study?"""

TEAM = {"A note for the course team", "A private question to the course team"}
ACTS = {"No pod for me", "Leave the pod", "I'd like a pod", "My pod"}


@pytest_asyncio.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    made = new_world(tmp_path, now=SUNDAY, course=PODS)
    yield made
    made.app.storage.close()


async def test_each_act_of_pods_is_offered_first_for_words_that_mean_it(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    wrong = []
    for words, inside, outside in (
        (WANTS_NONE, "Leave the pod", "No pod for me"),
        (WANTS_ONE, "My pod", "I'd like a pod"),
        (ABOUT_MINE, "My pod", "I'd like a pod"),
    ):
        for text in words.splitlines():
            for who, label in ((mia, inside), (dan, outside)):
                card = await said(who, text)
                wrong += [(text, label, card.buttons[:2])] if card.buttons[0] != label else []
                if "Ask it in the question channel" in card.buttons:
                    assert card.buttons.index("Ask it in the question channel") > max(
                        card.buttons.index(label) for label in TEAM
                    ), text
    assert not wrong


async def test_other_words_about_a_pod_are_for_the_course_team_first(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    (dan,) = await learners(world, "Dan")
    for text in NO_WISH.splitlines():
        for who in (mia, dan):
            card = await said(who, text)
            assert card.buttons[0] in TEAM, text
            assert not ACTS & set(card.buttons), text
    for text in MATTER.splitlines():
        for who in (mia, dan):
            assert not ACTS & set((await said(who, text)).buttons), text


async def test_a_no_in_ones_own_words_is_a_no(world: World) -> None:
    mia, *others = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    for person in (mia, *others):
        await asks(person)
    card = await said(mia, "I don't want to be in a pod")
    assert "No pod for me: you are put in none, and can change your mind; nobody reads your words" in card.text
    await mia.press(card, "No pod for me")
    noted = mia.find("Noted: no pod for you.")
    await world.until(WEDNESDAY)
    assert channels(mia) == set()
    assert channels(others[0]) == {POD}
    await mia.press(noted, "I'd like a pod")
    assert channels(mia) == {POD}


async def test_whoever_is_in_a_pod_is_asked_once_more_and_may_come_back_by_words(world: World) -> None:
    mia, ben, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    await mia.press(await said(mia, "how do i leave my pod"), "Leave the pod")
    assert channels(mia) == {POD}
    await mia.press(mia.find("Leave your pod?"), "Leave the pod")
    assert channels(mia) == set()
    assert "I'd like a pod" in mia.find("You have left the pod.").buttons
    await mia.press(await said(mia, "I'd like another pod"), "I'd like a pod")
    assert channels(mia) == {POD}
    await mia.press(await said(mia, "who is in my pod?"), "My pod")
    mine = mia.find(f"Your pod: With Ben, Ada, Cleo and Dan, in #{POD}.")
    assert mine.buttons == ["My pod", "Leave the pod"]
    await ben.press(await said(ben, "I want to switch pods"), "My pod")
    assert ben.find("Your pod: With Mia, Ada, Cleo and Dan")


async def test_the_offer_is_on_ones_page_however_much_else_waits(tmp_path: Path) -> None:
    text = (Path(__file__).parents[2] / "courses/digital-marketing.yaml").read_text()
    world = new_world(tmp_path, now=SUNDAY, course=text)
    mia, *_ = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    await world.until("2026-01-21T09:00:00Z")
    page = await mia.command("")
    assert "Show all" in page.buttons
    assert "I'd like a pod" in page.buttons
    world.app.storage.close()


async def test_a_card_about_what_has_changed_does_what_is_true_now(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    leave, mine = await said(mia, "leave the pod"), await said(mia, "my pod")
    await mia.press(leave, "Leave the pod")
    await mia.press(mia.find("Leave your pod?"), "Leave the pod")
    assert "You are in no pod at the moment" in (await mia.press(mine, "My pod")).text


async def test_where_all_are_put_in_pods_the_card_of_the_week_has_the_no(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY, course=f"{COURSE}pods: {{size: 4, join: all}}\n")
    mia, *_ = await learners(world, "Mia", "Ben", "Ada", "Cleo", "Dan")
    assert (await said(mia, "I don't want to be in a pod")).buttons[0] == "No pod for me"
    await world.until("2026-01-05T08:30:00Z")
    card = mia.find("Week 1: ")
    assert "Your pod: Everybody gets a few people" in card.text
    await mia.press(card, "No pod for me")
    await world.until(WEDNESDAY)
    assert channels(mia) == set()
    world.app.storage.close()


async def test_without_pods_in_the_course_no_act_of_theirs_is_offered(tmp_path: Path) -> None:
    world = new_world(tmp_path, now=SUNDAY)
    (mia,) = await learners(world, "Mia")
    for text in (*WANTS_NONE.splitlines(), *WANTS_ONE.splitlines(), *ABOUT_MINE.splitlines()):
        assert not ACTS & set((await said(mia, text)).buttons), text
    world.app.storage.close()


async def test_after_the_end_the_course_team_comes_first(world: World) -> None:
    mia, *_ = await formed(world, "Mia", "Ben", "Ada", "Cleo")
    await end(world)
    for text in ("who is in my pod?", "no pod for me", "I'd like a pod"):
        assert (await said(mia, text)).buttons[0] in TEAM, text
