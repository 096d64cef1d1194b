"""Editing one item of a course file: that key changes, and nothing else in the file."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import event, given, settings
from hypothesis import strategies as st

from bot.core.errors import FormRefused, NotFound
from bot.course.edit import fields, item, items, replaced, steps
from bot.course.loader import load
from bot.course.starter import starter
from bot.course.structure import added, moved, place_of, removed
from tests.effort import tries

HERE = Path(__file__).parent.parent
ODD = """\
# A file as people write them.
course: {id: tea, title: "Tea: a course", weekly_minutes: 60}   # short
weeks:
- minutes: 10   # rather more
  # nobody knows

  title: 'Leaves'
  goal: >
    Tell green
    from black.

  self_check:
    - One?   # why not
    - Two?
    # the last
- title: Water
  materials:
  # the best one first
  - title: Springs
    link: https://example.org/springs   # still there?

    guide: |
      How deep?
      How old?
  - {title: Wells, minutes: 5}
  goal: |
    Boil it.
    Wait.
- {title: Cup, minutes: 5, materials: [{title: Clay, kind: tool}]}

prompts:
  - id: wrapup
    weekly: yes
    questions: [{id: q, kind: text, text: What, audience: cohort}]
live:
  - &clinic
    id: clinic
    week: 1
    title: Clinic
    minutes: 30
    slots: [Wed 08:00,   # early
            Wed 20:00]
    goal: &why Untangle   # used below
    optional: true
  - {<<: *clinic, id: clinic2, week: 2, alternative: *why}
discussions:
  - id: milk
    week: 1
    title: Milk
    question: First or last?
    protocol: [Claim,   # one
               Doubt]
milestones:
  - id: "cup"
    title: Hand in a cup
    week: 2
    due: Sun 23:59 aoe"""
FILES = {
    **{p.name: p.read_text(encoding="utf-8") for p in sorted((HERE / "courses").glob("*.yaml"))},
    "starter": starter(),
    "odd": ODD,
    "windows": "\ufeff" + ODD.replace("\n", "\r\n"),
}
ANYTHING = st.one_of(
    st.sampled_from(
        ["", "no", "null", "~", "2024", "16:00", "1e3", "- a", "a: b", "a #b", "'", '"', "[x]", "{x}", "*x", "&x", "<<"]
    ),
    st.sampled_from(["Fri 16:00", "week 2 Mon 09:00 cohort", "30", "yes", "3 days", "none", "https://example.org/x"]),
    st.sampled_from(["One\nTwo", "One\nTwo\nThree", "One?\nNew\nTwo?", "Two?", "Wed 08:00", "Wed 08:00\nThu 09:00"]),
    st.text(st.characters(codec="utf-8"), max_size=30),
    st.lists(st.text("ab :#-'\"", min_size=1, max_size=6), min_size=1, max_size=5).map("\n".join),
)


def plain(text: str) -> Any:
    """What a file says, every scalar as its text, by an ordinary YAML reader."""
    return yaml.load(text.removeprefix("\ufeff"), Loader=yaml.BaseLoader)


def at(read: Any, path: str) -> Any:
    for step in steps(path):
        read = read[step]
    return read


def one_line(text: str) -> str:
    return " ".join(text.split())


def lines_of(text: str, path: str, key: str) -> set[int]:
    """The lines (from 0) that a key of an item has to itself, or shares within braces."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    root = yaml.compose(text, Loader=yaml.BaseLoader)
    node, rest = root, path.endswith("]")
    for step in steps(path):
        node = node.value[step] if isinstance(step, int) else next(v for k, v in node.value if k.value == step)
    if node.flow_style:
        return set(range(node.start_mark.line, node.end_mark.line + 1))
    found: set[int] = set()
    for n, (name, value) in enumerate(node.value):
        if name.value != key:
            continue
        last = max(value.end_mark.line, name.start_mark.line)
        lines = text.split("\n")
        while last + 1 < len(lines) and re.match(rf" {{{name.start_mark.column + 1},}}#", lines[last + 1]):
            last += 1  # a comment on what is gone
        found = set(range(name.start_mark.line, last + 1))
        if n == 0 and rest and len(node.value) > 1:
            found |= set(range(last, node.value[1][0].start_mark.line + 1))
    return found


def is_within(some: list[str], of: list[str]) -> bool:
    """Whether all of these lines stand there, in this order."""
    rest = iter(of)
    return all(line in rest for line in some)


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=tries(60))
@given(data=st.data())
def test_an_edit_changes_its_key_and_nothing_else(name: str, data: st.DataObject) -> None:
    before = FILES[name]
    chosen = data.draw(st.sampled_from(items(before)))
    key = data.draw(st.sampled_from(fields(before, chosen.path)))
    value = data.draw(st.sampled_from(key.choices)) if key.choices else data.draw(ANYTHING)
    try:
        after = replaced(before, chosen.path, {key.name: value})
    except FormRefused as refused:
        event(f"refused: {refused}"[:40])
        return
    old, new = plain(before), plain(after)
    wanted = value.replace("\r\n", "\n").replace("\r", "\n").strip()
    found = next(f for f in fields(after, chosen.path) if f.name == key.name)
    if "\n" in found.value or "\n" in wanted:
        assert found.value.split() == wanted.split()
    elif found.value != key.value:
        # '3 days' as minutes is written as the key writes it.
        same = replaced(before, chosen.path, {key.name: found.value}) == after
        assert same or one_line(found.value) == one_line(wanted)
    at(old, chosen.path).pop(key.name, None)
    at(new, chosen.path).pop(key.name, None)
    assert old == new
    own = lines_of(before, chosen.path, key.name)
    kept = [line for n, line in enumerate(before.splitlines(keepends=True)) if n not in own]
    rest = after.splitlines(keepends=True)
    if not before.endswith("\n"):
        kept, rest = [line.rstrip() for line in kept], [line.rstrip() for line in rest]
    if before.splitlines() == before.split("\r\n" if "\r" in before else "\n"):
        assert is_within(kept, rest)
    if "\r" in before:
        assert after.count("\n") == after.count("\r\n")


def test_what_can_be_edited_has_names_that_people_know() -> None:
    found = items(ODD)
    assert [(i.path, i.name) for i in found][:3] == [
        ("course", "course"),
        ("weeks[0]", "weeks.1"),
        ("weeks[1]", "weeks.2"),
    ]
    assert item(ODD, "milestones.cup").label == "Milestone: Hand in a cup"
    assert item(ODD, "live.clinic2").label == "Live session clinic2: Clinic"
    with pytest.raises(NotFound):
        item(ODD, "milestones.pot")


def test_a_form_shows_values_as_they_are_written_with_the_keys_own_words() -> None:
    shown = {f.name: f for f in fields(ODD, "weeks[0]")}
    assert list(shown) == ["title", "id", "goal", "minutes", "self_check"]
    assert shown["goal"].value == "Tell green\nfrom black." or shown["goal"].value == "Tell green from black."
    assert shown["self_check"].value == "One?\nTwo?"
    assert shown["title"].required
    due = next(f for f in fields(ODD, "milestones[0]") if f.name == "due")
    assert due.value == "Sun 23:59 aoe"
    assert due.hint.startswith("When it is due: in the same week")
    optional = next(f for f in fields(ODD, "live[0]") if f.name == "optional")
    assert (optional.value, optional.choices) == ("yes", ("yes", "no"))
    # The rule in its parts, and questions, are more than a form's field holds.
    assert "completion" not in {f.name for f in fields(FILES["data-engineering.yaml"], "course")}
    assert "questions" not in {f.name for f in fields(ODD, "prompts[0]")}


@pytest.mark.parametrize(
    ("path", "values", "line"),
    [
        ("milestones[0]", {"due": "Mon 09:00"}, "    due: Mon 09:00"),
        ("milestones[0]", {"grace": "2 h"}, "    grace: 2 h"),
        ("milestones[0]", {"id": "mug"}, '  - id: "mug"'),
        ("milestones[0]", {"title": "no"}, '    title: "no"'),
        ("milestones[0]", {"title": "A: b #c"}, '    title: "A: b #c"'),
        ("weeks[0]", {"title": "Leaves' end"}, "  title: 'Leaves'' end'"),
        ("weeks[0]", {"minutes": ""}, "-    # rather more"),
        ("weeks[0]", {"self_check": "One?\nHalf?\nTwo?"}, '    - "Half?"'),
        ("weeks[0]", {"self_check": "Two?"}, "    - Two?"),
        ("weeks[0]", {"self_check": ""}, "    from black."),
        ("weeks[1]", {"goal": "Boil it.\nWait long."}, "    Wait long."),
        (
            "weeks[2]",
            {"goal": "Drink"},
            "- {title: Cup, goal: Drink, minutes: 5, materials: [{title: Clay, kind: tool}]}",
        ),
        ("weeks[2]", {"minutes": ""}, "- {title: Cup, materials: [{title: Clay, kind: tool}]}"),
        ("weeks[1].materials[0]", {"minutes": "7"}, "    minutes: 7"),
        (
            "weeks[1].materials[1]",
            {"link": "https://w.example"},
            "  - {title: Wells, link: https://w.example, minutes: 5}",
        ),
        ("discussions[0]", {"protocol": "Claim\nProof\nDoubt"}, "    protocol: [Claim, Proof,   # one"),
        ("live[1]", {"alternative": "Watch it"}, "  - {<<: *clinic, id: clinic2, week: 2, alternative: Watch it}"),
        ("live[1]", {"recorded": "yes"}, "  - {<<: *clinic, id: clinic2, week: 2, alternative: *why, recorded: yes}"),
        ("course", {"title": 'The "best" tea'}, None),
    ],
)
def test_a_value_is_written_as_its_neighbours_are(path: str, values: dict[str, str], line: str | None) -> None:
    after = replaced(ODD, path, values)
    if line is not None:
        assert line in after.split("\n")
    assert load(after)


def test_what_others_use_too_is_not_changed_behind_their_back() -> None:
    for values in ({"goal": "Another"}, {"title": "Another"}):
        with pytest.raises(FormRefused) as refused:
            replaced(ODD, "live[0]", values)
        assert "Download the file" in refused.value.problems[next(iter(values))]
    with pytest.raises(FormRefused):
        replaced(ODD, "live[1]", {"title": ""})


def test_each_wrong_value_is_told_at_its_field() -> None:
    with pytest.raises(FormRefused) as refused:
        replaced(ODD, "milestones[0]", {"due": "Sonday", "week": "0", "title": "", "grace": "2 h"})
    assert set(refused.value.problems) == {"due", "week", "title"}
    assert "Such as" in refused.value.problems["due"]


# A week's materials


def materials(text: str) -> list[list[dict[str, str]]]:
    return [week.get("materials", []) for week in plain(text)["weeks"]]


@pytest.mark.parametrize("name", FILES)
@settings(max_examples=tries(40))
@given(data=st.data())
def test_a_material_moves_and_goes_and_nothing_else_does(name: str, data: st.DataObject) -> None:
    before = FILES[name]
    chosen = data.draw(st.sampled_from([i for i in items(before) if i.name.startswith("materials")] or [None]))
    if chosen is None:
        return
    place = place_of(chosen.path)
    assert place is not None
    shorter = removed(before, *place)
    wanted = materials(before)
    week, number = steps(chosen.path)[1], steps(chosen.path)[3]
    assert isinstance(week, int)
    assert isinstance(number, int)
    one = wanted[week].pop(number)
    assert materials(shorter) == wanted
    to_week = data.draw(st.sampled_from(range(len(wanted))))
    to = data.draw(st.integers(0, len(wanted[to_week])))
    after = moved(before, *place, f"weeks[{to_week}].materials", to)
    wanted[to_week].insert(to, one)
    assert materials(after) == wanted
    assert {k: v for k, v in plain(after).items() if k != "weeks"} == {
        k: v for k, v in plain(before).items() if k != "weeks"
    }
    if "\r" in before:
        assert after.count("\n") == after.count("\r\n")


def test_a_material_takes_its_notes_along() -> None:
    after = moved(ODD, "weeks[1].materials", 0, "weeks[0].materials", 0)
    assert (
        "  materials:\n    - title: Springs\n      link: https://example.org/springs   # still there?\n\n"
        "      guide: |\n        How deep?\n        How old?\n" in after
    )
    assert load(after).weeks[0].materials[0].guide == load(ODD).weeks[1].materials[0].guide
    back = moved(after, "weeks[0].materials", 0, "weeks[1].materials", 0)
    assert plain(back) == plain(ODD)
    assert "# the best one first" in back


def test_a_material_is_added_where_the_week_has_none_or_all_in_one_line() -> None:
    values = {"title": "Steam", "minutes": "3", "guide": "Where?\nWhen?"}
    fresh = added(ODD, "weeks[0].materials", values)
    assert '  materials:\n    - title: Steam\n      minutes: 3\n      guide: ["Where?", "When?"]\n' in fresh
    within = added(ODD, "weeks[2].materials", {"title": "Glass"}, 0)
    assert "- {title: Cup, minutes: 5, materials: [{title: Glass}, {title: Clay, kind: tool}]}" in within
    assert moved(within, "weeks[2].materials", 0, "weeks[2].materials", 1) != within


PAID = """\
course: {id: tea, title: Tea, weekly_minutes: 60}
weeks: [{title: Leaves, minutes: 10}]
milestones: [{id: cup, week: 1, title: Cup}]
live:
  - id: clinic
    week: 1
    title: Clinic
    minutes: 30
    slots: Wed 17:00
    optional: yes   # always
    alternative:
      item: cup   # the next best thing
    pays:
    - {item: "Read: it", minutes: 20}   # the long one
    # and a part of this
    - item: cup
      minutes: 10
    metric:
      attended: 50
      worth: 70
    recorded: yes
"""


@pytest.mark.parametrize(
    ("key", "said", "after"),
    [
        ("pays", "Read: it: 20\ncup: 5\nwater: 5", "- {item: cup, minutes: 5}\n"),
        ("pays", "Read: it: 20", "# and a part of this"),
        ("pays", "cup: 10", "# and a part of this\n    - item: cup"),
        ("metric", "60, 80", " {attended: 60, worth: 80}"),
        ("alternative", "recording", "alternative: recording   # the next best thing\n"),
        ("metric", "", "      minutes: 10\n    recorded: yes"),
    ],
)
def test_a_small_mapping_is_a_line_of_the_form(key: str, said: str, after: str) -> None:
    shown = {field.name: field.value for field in fields(PAID, "live[0]")}
    assert (shown["pays"], shown["metric"], shown["alternative"]) == ("Read: it: 20\ncup: 10", "50, 70", "cup")
    changed = replaced(PAID, "live[0]", {**shown, key: said})
    assert {field.name: field.value for field in fields(changed, "live[0]")} == {**shown, key: said}
    for kept in ("# always", "recorded: yes"):
        assert kept in changed
    assert after in changed
    assert replaced(PAID, "live[0]", shown) == PAID


@pytest.mark.parametrize("written", ["{item: cup}", "\n      item: cup", "recording", '"recording"'])
def test_the_other_way_is_an_item_or_a_word(written: str) -> None:
    text = PAID.replace("\n      item: cup   # the next best thing", f" {written}")
    assert load(replaced(text, "live[0]", {"alternative": "cup"})).live[0].alternative.item == "cup"
    assert load(replaced(text, "live[0]", {"alternative": "recording"})).live[0].alternative.text == "recording"
    assert "alternative" not in replaced(text, "live[0]", {"alternative": ""})


def test_a_form_is_shown_for_a_file_that_has_an_error_elsewhere() -> None:
    wrong = PAID.replace("week: 1\n    title: Clinic", "week: no\n    title: Clinic")
    assert {field.name: field.value for field in fields(wrong, "live[0]")}["week"] == "no"
    assert load(replaced(wrong, "live[0]", {"week": "1"})).live[0].week == 1
