"""The gate: which live sessions are held, with which question, figure and fix."""

from dataclasses import replace
from datetime import date

import pytest

from bot.core.timetable import Timetable
from bot.course.gate.values import Circumstances, Failed
from bot.course.gate.verdicts import gate, verdicts
from bot.course.loader import check, load
from bot.course.model import Course
from bot.course.starter import starter

COURSE = """\
course: {id: tea, title: Tea, weekly_minutes: 90, live_only: [Taste and argue, Pour under pressure]}
weeks:
  - title: Leaves
    goal: Tell green from black.
    materials:
      - {title: Read it, minutes: 20}
      - {title: Watch it, minutes: 20, captions: yes}
  - {title: Water, goal: Brew a cup., materials: [{title: Read more, minutes: 20}]}
  - {title: Pot, goal: Pour a pot., materials: [{title: Read the rest, minutes: 20}]}
  - {title: Guests, goal: Serve a guest., materials: [{title: Read all, minutes: 20}]}
prompts:
  - {id: wrapup, weekly: yes, questions: [{id: q, kind: text, text: What, audience: cohort}]}
milestones:
  - {id: cup, week: 1, title: Cup, minutes: 40}
  - {id: pot, week: 3, title: Pot, minutes: 40}
"""
TASTING = {
    "id": "tasting",
    "week": "1",
    "title": "Tasting",
    "minutes": "30",
    "slots": "[Wed 08:00, Wed 20:00]",
    "kind": "rehearsal",
    "objective": "Taste and argue",
    "optional": "yes",
    "alternative": "recording",
    "reflection": '["What did you taste?"]',
    "recorded": "yes",
    "pays": "[{item: Read it, minutes: 20}, {item: cup, minutes: 10}]",
    "metric": "{attended: 50, worth: 70}",
}


ALL_OF_IT = "{item: cup, minutes: 40}, {item: Read it, minutes: 20}, {item: Watch it, minutes: 1}"


def course(*sessions: dict[str, str], head: str = COURSE) -> Course:
    items = "".join("  - " + "\n    ".join(f"{k}: {v}" for k, v in one.items()) + "\n" for one in sessions)
    return load(f"{head}live:\n{items}")


def session(**changed: str) -> dict[str, str]:
    """The sound session with other answers; an empty one is left out."""
    return {key: value for key, value in {**TASTING, **changed}.items() if value}


def fails(made: Course) -> list[tuple[Failed, ...]]:
    return [failed for _, failed in verdicts(made)]


def codes(*sessions: dict[str, str], head: str = COURSE) -> list[list[str]]:
    return [[f.code for f in failed] for failed in fails(course(*sessions, head=head))]


def test_a_session_that_is_worth_its_cost_passes_and_its_week_takes_no_longer() -> None:
    made = course(TASTING)
    assert fails(made) == [()]
    assert made.minutes(1) == load(COURSE).minutes(1)


@pytest.mark.parametrize(
    ("answers", "code", "key"),
    [
        ({"kind": ""}, "gate-1", "kind"),
        ({"kind": "content"}, "gate-1", "kind"),
        ({"kind": "discussion"}, "gate-1", "kind"),
        ({"kind": "problem"}, "gate-1", "kind"),
        ({"objective": ""}, "gate-1", "objective"),
        ({"objective": "Have a chat"}, "gate-1", "objective"),
        ({"optional": ""}, "gate-2", "optional"),
        ({"optional": "no"}, "gate-2", "optional"),
        ({"alternative": ""}, "gate-3", "alternative"),
        ({"alternative": "none"}, "gate-3", "alternative"),
        ({"alternative": "feedback"}, "gate-3", "alternative"),
        ({"reflection": ""}, "gate-3", "alternative"),
        ({"alternative": "{item: nothing}"}, "gate-3", "alternative"),
        ({"alternative": "{item: pot}"}, "gate-3", "alternative"),
        ({"recorded": "no"}, "gate-4", "recorded"),
        ({"pays": "", "workload": "Nothing was taken out."}, "gate-5", "pays"),
        ({"pays": "[{item: Read it, minutes: 20}]"}, "gate-5", "pays"),
        ({"pays": "[{item: Read it, minutes: 30}]"}, "gate-5", "pays"),
        ({"pays": "[{item: Read it, minutes: 15}, {item: Read it, minutes: 15}]"}, "gate-5", "pays"),
        ({"pays": "[{item: pot, minutes: 30}]"}, "gate-5", "pays"),
        ({"pays": "[{item: Read more, minutes: 20}, {item: cup, minutes: 10}]"}, "gate-5", "pays"),
        ({"metric": ""}, "gate-6", "metric"),
        ({"metric": "Half come."}, "gate-6", "metric"),
        ({"minutes": "61", "pays": f"[{ALL_OF_IT}]"}, "live-longest", "minutes"),
        ({"slots": ""}, "live-slots", "slots"),
        ({"slots": "Wed 08:00"}, "live-slots", "slots"),
        ({"slots": "[Wed 08:00, Wed 08:00]"}, "live-slots", "slots"),
        ({"slots": "[Wed 08:00, Wed 10:00]"}, "live-slots", "slots"),
        ({"slots": "[Wed 03:00, Wed 20:00]"}, "live-slots", "slots"),
        ({"slots": "[Wed 08:00 learner, Wed 20:00 learner]"}, "live-slots", "slots"),
    ],
)
def test_each_question_and_limit_holds_the_session_alone(answers: dict[str, str], code: str, key: str) -> None:
    [[failed]] = fails(course(session(**answers)))
    assert (failed.code, failed.key) == (code, key)
    assert failed.required == (code != "gate-6")
    assert failed.why[0].islower() or failed.why[0] in "`“0123456789", failed.why
    assert failed.fix.endswith(".")


@pytest.mark.parametrize(
    ("kind", "instead"), [("content", "video"), ("discussion", "a structured discussion"), ("problem", "check-ins")]
)
def test_what_goes_as_well_in_writing_is_offered_its_replacement(kind: str, instead: str) -> None:
    [[failed]] = fails(course(session(kind=kind)))
    assert instead in failed.fix


def test_a_session_that_is_not_paid_hears_by_how_much_its_week_would_be_too_long() -> None:
    [[failed]] = fails(course(session(pays="[{item: Read it, minutes: 10}]")))
    assert failed.why == "10 of its 30 min are paid; week 1 would be 1.67 h of a 1.5 h budget."
    assert failed.fix == (
        "Name what gives up 20 min: `pays: [{item: …, minutes: …}]`. "
        "There is Cup (40 min), Watch it (20 min), Read it (10 min)."
    )
    [[too_much]] = fails(course(session(pays="[{item: Read it, minutes: 30}]")))
    assert too_much.why == "“Read it” has 20 min to give, and not 30."


def test_nothing_pays_twice_and_what_passes_first_takes_the_room() -> None:
    head = COURSE + "live_rules: {per_week: 2}\n"
    second = session(id="again", title="Again")
    [first, again] = fails(course(TASTING, second, head=head))
    assert first == ()
    assert [(f.code, f.why) for f in again] == [("gate-5", "“Read it” has 0 min to give, and not 20.")]
    # A session that is held pays nothing.
    assert codes(session(optional="no"), second, head=head) == [["gate-2"], []]


def test_office_hours_stand_beside_questions_that_are_answered_within_a_day() -> None:
    open_hours = session(kind="office_hours", objective="")
    assert codes(open_hours) == [[]]
    [[failed]] = fails(course(open_hours, head=COURSE + "faq: {answer_within: 3 days}\n"))
    assert (failed.code, failed.fix) == ("gate-1", "Write `answer_within: 24 h` in `faq`.")


def test_what_is_sensitive_is_not_recorded_and_its_alternative_is_feedback_in_private() -> None:
    private = session(kind="sensitive", recorded="no", alternative="feedback", reflection="")
    assert codes(private) == [[]]
    assert codes({**private, "recorded": "yes"}) == [["gate-4"]]
    assert codes({**private, "alternative": "recording"}) == [["gate-3"]]


def test_sessions_are_rare() -> None:
    later = {"pays": "[{item: Read more, minutes: 20}]", "minutes": "20"}
    second = session(id="two", week="2", **later)
    third = session(id="three", week="3", pays="[{item: pot, minutes: 30}]")
    fourth = session(id="four", week="3", pays="[{item: pot, minutes: 30}]")
    assert codes(TASTING, second, third) == [[], [], ["live-rare"]]
    assert codes(TASTING, third, fourth) == [[], [], ["gate-5", "live-rare"]]
    assert codes(TASTING, second, third, head=COURSE + "live_rules: {weeks_share: 75}\n") == [[], [], []]


def test_slots_follow_the_zones_of_the_learners() -> None:
    made = course(session(slots="[Wed 08:00, Wed 10:00]"))
    table = Timetable(date(2026, 3, 16), "Europe/Berlin")
    [(_, failed)] = verdicts(made, ["Europe/Berlin", "Europe/Lisbon"], table)
    assert failed == ()
    [(_, failed)] = verdicts(made, ["Europe/Berlin", "America/Los_Angeles"], table)
    assert [f.code for f in failed] == ["live-slots"]
    # 23:30 in Berlin is in the afternoon of those who are far away.
    night = course(session(slots="[Wed 23:30, Wed 10:00]"))
    assert [f.code for f in verdicts(night, ["Europe/Berlin"], table)[0][1]] == ["live-slots"]
    assert verdicts(night, ["Europe/Berlin", "America/Los_Angeles"], table)[0][1] == ()


def test_a_trial_may_fail_one_question_if_it_can_be_judged_and_twice_in_a_run() -> None:
    tried = session(trial="yes", recorded="no")
    [[failed]] = fails(course(tried))
    assert (failed.code, failed.required) == ("gate-4", False)
    assert failed.why.endswith("It is on trial, and takes effect once the manager agrees.")
    assert all_held(session(trial="yes", recorded="no", kind="content"))
    assert all_held(session(trial="yes", recorded="no", metric=""))
    assert all_held(session(trial="yes", optional="no")), "no role can make a session mandatory"
    assert all_held(session(trial="yes", slots="Wed 08:00")), "a trial keeps the limits"
    three = [session(id=f"t{n}", week=str(n), trial="yes", pays="") for n in (1, 2, 3)]
    head = COURSE + "live_rules: {weeks_share: 100}\n"
    assert [any(f.required for f in failed) for failed in fails(course(*three, head=head))] == [False, False, True]


def all_held(one: dict[str, str]) -> bool:
    [failed] = fails(course(one))
    return any(f.required for f in failed)


def test_a_policy_replaces_the_second_question_alone() -> None:
    asked = session(optional="no", mandated="Examination rules, section 4")
    [[failed]] = fails(course(asked))
    assert (failed.code, failed.required) == ("gate-2", False)
    assert "once the manager agrees, and absence counts nowhere" in failed.why
    assert all_held({**asked, "kind": "office_hours"})
    assert all_held({**asked, "alternative": "{item: cup}"})
    assert all_held({**asked, "recorded": "no"})
    bare = COURSE.replace("    materials:\n      - {title: Read it, minutes: 20}\n", "").replace(
        "      - {title: Watch it, minutes: 20, captions: yes}\n", ""
    )
    [failed_bare] = fails(course({**asked, "pays": "[{item: cup, minutes: 30}]"}, head=bare))
    assert "its content is not there as material." in [f.why for f in failed_bare]


def test_an_old_file_loads_and_hears_what_it_lacks() -> None:
    old = {
        **{key: TASTING[key] for key in ("id", "week", "title", "minutes", "slots", "optional", "recorded")},
        "goal": "Describe a taste.",
        "alternative": "Taste at home.",
        "workload": "Nothing is read.",
        "metric": "Half come.",
    }
    made = course(old)
    assert [f.code for f in fails(made)[0]] == ["gate-1", "gate-3", "gate-5", "gate-6"]
    assert made.live[0].workload == "Nothing is read."


def test_a_proposal_is_judged_as_it_would_stand_behind_the_others() -> None:
    made = course(TASTING)
    proposed = replace(made.live[0], id="more", week=2)
    failed = gate(proposed, made, Circumstances(passed=made.live))
    assert [f.code for f in failed] == ["gate-5"]


def test_the_starter_passes_with_its_live_session_uncommented() -> None:
    text = starter().replace("live:\n#  - id", "live:\n  - id").replace("\n#    ", "\n    ")
    text = text.replace("reviews:\n#  - id", "reviews:\n  - id").replace("\n#      - ", "\n      - ")
    assert load(text).live[0].slots
    assert check(text) == []
    assert fails(load(text)) == [()]
