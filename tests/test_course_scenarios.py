"""Scenarios in the course file: what is wrong with a branching story is reported with its line and its fix."""

import pytest

from bot.course.audit import audit
from bot.course.loader import check, load
from bot.course.model import Quantity
from tests.kit import COURSE
from tests.test_course_fixes import follow

STORY = """\
scenarios:
  - id: reader
    week: 1
    title: Your reader stops
    minutes: 8
    nodes:
      - id: line-two
        text: Your reader stops at line two.
        choices:
          - {label: Ask why, to: asked, feedback: A good reflex.}
          - {label: Explain it to them, to: explained}
      - id: asked
        text: They did not know a word.
        ending: You know more
      - id: explained
        text: They nod, and put it away.
        choices:
          - {label: Ask after all, to: asked}
          - {label: Explain more, to: explained}
"""
"""With a loop that has a way out."""


def found(story: str) -> list[tuple[int, str, str, str]]:
    """(line within the story, code, severity, fix) of each problem."""
    before = COURSE.count("\n")
    return [(p.line - before, p.code, p.severity, p.fix) for p in check(COURSE + story, "course.yaml")]


def test_a_story_with_a_loop_that_has_a_way_out_is_right() -> None:
    assert found(STORY) == []
    course = load(COURSE + STORY)
    scenario = course.scenario("reader")
    assert scenario is not None
    assert scenario.start == "line-two"
    assert [n.ending for n in scenario.nodes] == ["", "You know more", ""]
    assert course.minutes(1) == 60


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "        ending: You know more\n",
            "",
            (12, "dead-end", "error", "Add `ending: The end` below line"),
        ),
        ("{label: Ask why, to: asked,", "{label: Ask why, to: aksed,", (10, "reference", "error", "asked")),
        (
            "to: explained}\n      - id: asked",
            "to: nowhere}\n      - id: asked",
            (11, "reference", "error", "add the node"),
        ),
        ("    minutes: 8\n", "    start: line-tow\n", (5, "reference", "error", "line-two")),
        ("      - id: explained", "      - id: asked", (15, "duplicate-id", "error", "asked-2")),
        ("label: Explain more", "label: Ask after all", (19, "duplicate-option", "error", "another label")),
        (
            "        ending: You know more\n",
            "        ending: You know more\n        choices: [{label: On, to: explained}]\n",
            (14, "conflict", "error", "keep `choices` or `ending`"),
        ),
        ("label: Ask why", f"label: {'Ask ' * 20}", (10, "too-long", "error", "write what is meant")),
    ],
)
def test_what_is_wrong_has_its_line_and_its_fix(old: str, new: str, problem: tuple[int, str, str, str]) -> None:
    line, code, severity, fix = problem
    problems = found(STORY.replace(old, new, 1))
    assert [(p[0], p[1], p[2]) for p in problems] == [(line, code, severity)], problems
    assert fix in problems[0][3]


@pytest.mark.parametrize(
    ("nodes", "code"),
    [
        ("{start: {text: Begin, ending: Done}}", "type"),
        ("[{id: start, text: Begin, ending: Done, choices: [{label: Go, to: start}]}]", "empty"),
    ],
)
def test_a_story_that_cannot_be_followed_is_reported(nodes: str, code: str) -> None:
    story = f"scenarios:\n  - {{id: reader, week: 1, title: A reader, minutes: 3, nodes: {nodes}}}\n"
    assert code in {p[1] for p in found(story)}


def test_the_nodes_are_named_in_the_order_of_the_file() -> None:
    [problem] = check(COURSE + STORY.replace("start", "begin").replace("to: explained}", "to: nowhere}", 1))
    assert problem.message == "There is no node `nowhere`; there are line-two, asked, explained."


BLOCK = """\
        choices:
          - {label: Ask after all, to: asked}
          - {label: Explain more, to: explained}
"""


@pytest.mark.parametrize(
    "written",
    [
        "        choices: {Ask after all: asked, Explain more: explained}\n",
        "        choices:\n          Ask after all: asked\n          Explain more: explained\n",
    ],
)
def test_choices_written_as_label_and_node_become_the_list_that_is_meant(written: str) -> None:
    text = COURSE + STORY.replace(BLOCK, written)
    [problem] = check(text)
    assert problem.code == "type"
    assert load(follow(problem.fix, text)) == load(COURSE + STORY)


def test_a_node_that_no_choice_leads_to_is_reported_and_the_story_can_be_used() -> None:
    lost = STORY + "      - {id: lost, text: Nobody comes here., ending: Lost}\n"
    assert [p[:3] for p in found(lost)] == [(20, "unreachable", "warning")]
    assert load(COURSE + lost).scenario("reader") is not None


def test_a_loop_without_a_way_out_is_an_error() -> None:
    loop = STORY.replace("{label: Ask after all, to: asked}", "{label: Begin again, to: line-two}")
    loop = loop.replace("        ending: You know more\n", "        choices: [{label: Back, to: line-two}]\n")
    assert {p[1] for p in found(loop)} == {"no-ending"}
    trap = STORY.replace("          - {label: Ask after all, to: asked}\n", "")
    assert [p[:3] for p in found(trap)] == [(15, "no-ending", "error")]


def test_more_than_five_choices_and_a_story_too_long_for_a_message_are_refused() -> None:
    many = "".join(f"          - {{label: Way {n}, to: asked}}\n" for n in range(4))
    assert [p[1] for p in found(STORY + many)] == ["range"]
    long = STORY.replace("They nod", "They nod, and nod " * 100)
    assert [p[1] for p in found(long)] == ["too-long"]


def test_it_belongs_to_its_weeks_minutes_and_is_something_to_do() -> None:
    watched = COURSE.replace(
        "goal: Begin, minutes: 60", "goal: Begin, materials: [{title: Watch it, minutes: 5, captions: yes}]"
    )
    assert "passive" in {p.code for p in audit(load(watched))}
    with_story = load(watched + STORY)
    assert "passive" not in {p.code for p in audit(with_story)}
    assert with_story.minutes(1) == 13


def test_it_counts_for_completion_only_as_the_course_says() -> None:
    assert load(COURSE + STORY).completion.scenarios == Quantity()
    words = COURSE.replace("weekly_minutes: 300", 'weekly_minutes: 300, completion: "2 wrap-ups and 1 scenario"')
    assert load(words + STORY).completion.scenarios == Quantity(count=1)
    too_many = words.replace("1 scenario", "2 scenarios") + STORY
    assert [(p.line, p.code) for p in check(too_many, "course.yaml")] == [(1, "range")]
