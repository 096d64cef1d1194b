"""Keys that slipped to the left margin below a list: the error says to which item they belong, and doing what the fix
says gives the file that was meant, with every word."""

import re

import pytest

from bot.course.loader import check, load
from bot.course.problems import CourseInvalid
from tests.test_course_fixes import GOOD, follow

FIRST_KEY = re.compile(r"( *)- [\w-]+: ")


def slipped(section: str, every: int) -> str:
    """The file with each `every`-th key of the items of a list at the left margin: those that stand on one line."""
    lines, inside, column, seen = [], "", -1, 0
    for text in GOOD.splitlines():
        if re.match(r"\w", text):
            inside, column = text.partition(":")[0], -1
        elif inside == section and (found := FIRST_KEY.match(text)) and (column < 0 or len(found[1]) + 2 == column):
            column = len(found[1]) + 2
        elif inside == section and re.match(rf" {{{column}}}[\w-]+: \S", text):
            seen += 1
            text = text if seen % every else text.lstrip()
        lines.append(text)
    return "\n".join(lines) + "\n"


def mended(text: str) -> str:
    with pytest.raises(CourseInvalid) as caught:
        load(text)
    errors = [p for p in caught.value.problems if p.severity == "error"]
    assert {p.code for p in errors} == {"indentation"}, [str(p) for p in errors]
    assert all("belong" in p.message and "to the item that begins in line" in p.message for p in errors)
    return follow(" ".join(error.fix for error in errors), text)


@pytest.mark.parametrize("every", [1, 2, 3])
@pytest.mark.parametrize("section", ["weeks", "prompts", "milestones", "discussions", "reviews", "live"])
def test_keys_at_the_margin_go_back_to_their_items(section: str, every: int) -> None:
    text = slipped(section, every)
    if text == GOOD:
        pytest.skip("its items have fewer keys")
    assert mended(text) == GOOD


def test_keys_of_an_inner_list_go_back_to_its_item() -> None:
    text = GOOD.replace(
        "        text: What did you finish?\n        audience: cohort", "text: What did you finish?\naudience: cohort"
    )
    assert text != GOOD
    assert mended(text) == GOOD


def test_a_whole_list_at_the_margin_is_read_item_by_item() -> None:
    head = "course: {id: a, title: A, weekly_minutes: 300}\nweeks:\n- title: One\ngoal: Begin\nmilestones:\n"
    draft = "- id: draft\ntitle: The first draft\nweek: 1\ndue: Sun 23:59\n"
    notes = "- id: notes\ntitle: Notes\nweek: 1\ndue: Sun 23:59\n"
    course = load(mended(f"{head}{draft}{notes}"))
    assert [(m.id, m.title) for m in course.milestones] == [("draft", "The first draft"), ("notes", "Notes")]


def test_a_text_of_several_lines_goes_along() -> None:
    text = GOOD.replace(
        "    goal: Brew one cup that you would serve.", "goal: >-\n  Brew one cup\n\n  that you would serve."
    )
    assert text != GOOD
    assert load(mended(text)).weeks[1].goal == "Brew one cup\nthat you would serve."


def test_what_belongs_to_the_course_or_the_file_stays_its_own() -> None:
    """`title` at the margin may be the course's, where that has none."""
    text = GOOD.replace("  title: Tea for beginners\n", "").replace(
        "prompts:\n", "title: Tea for beginners\nprompts:\n", 1
    )
    messages = [p.message for p in check(text) if p.severity == "error"]
    assert messages == ["`title` belongs below `course`, and stands beside it."]


@pytest.mark.parametrize("dash", "–—•")
def test_items_at_the_margin_with_the_dash_of_a_word_processor_are_items(dash: str) -> None:
    head = "course: {id: a, title: A, weekly_minutes: 300}\nweeks:\n"
    weeks = "- title: One\n  goal: Begin\n- title: Two\n  goal: End\n"
    text = head + weeks.replace("- ", f"{dash} ")
    found = [p for p in check(text) if p.severity == "error"]
    assert {(p.line, p.code) for p in found} == {(3, "dash"), (5, "dash")}
    assert follow(" ".join(p.fix for p in found), text) == head + weeks
