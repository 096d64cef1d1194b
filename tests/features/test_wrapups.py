"""Wrap-ups, as conversations."""

from tests.kit import World

FRIDAY_BERLIN = "2026-01-09T15:00:00Z"
MONDAY_BERLIN = "2026-01-12T11:00:00Z"


async def test_a_prompt_is_answered_by_form_and_becomes_its_receipt(world: World) -> None:
    mia = await world.learner("mia", "Mia")
    await world.until("2026-01-09T14:59:00Z")
    assert not [t for t in mia.inbox() if "Week 1 wrap-up" in t]
    await world.until(FRIDAY_BERLIN)
    card = mia.find("Week 1 wrap-up")
    assert "What did you finish? The cohort sees this." in card.text
    assert "Where are you stuck? Only the instructors see this." in card.text
    assert "Open until Mon 12 Jan, 12:00 your time" in card.text
    await mia.press(card, "Answer")
    assert mia.form is not None
    assert [f.hint for f in mia.form.fields][:3] == [
        "The cohort sees this",
        "The cohort sees this",
        "Only the instructors see this",
    ]
    thanks = await mia.submit(done="homework", next="interviews", stuck="sampling")
    assert "Thank you" in thanks.text
    receipt = mia.find("Week 1 wrap-up")
    assert receipt.id == card.id
    assert "Thank you, Mia. Wrap-up received Fri 9 Jan, 16:00." in receipt.text
    assert "Cohort sees: homework; interviews" in receipt.text
    assert "Instructors only: sampling" in receipt.text
    assert "Edit until Mon 12 Jan, 12:00 your time; later is welcome, marked late." in receipt.text


async def test_the_week_together_becomes_the_report(world: World) -> None:
    mia, tom = await world.learner("mia", "Mia"), await world.learner("tom", "Tom")
    await world.until(FRIDAY_BERLIN)
    root = mia.find("the week together", "general")
    assert "What did you finish?" in root.text
    assert "stuck" not in root.text
    await mia.press(root, "Answer")
    await mia.submit(done="my homework", stuck="secretly sampling", quote="yes")
    await tom.press(root, "Answer")
    await tom.submit(done="nothing much", next="sleep")
    await world.until(MONDAY_BERLIN)
    report = tom.find("the week together", "general")
    assert report.id == root.id
    assert "2 of 2 answered." in report.text
    assert "> my homework — Mia" in report.text
    rest = [m.text for m in tom.thread(root.id)]
    assert any("nothing much" in t and "sleep" in t and "Tom" not in t for t in rest)
    everything = report.text + " ".join(rest)
    assert "sampling" not in everything
