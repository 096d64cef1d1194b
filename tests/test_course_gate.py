"""The gate: which live sessions are held, with which question, figure and fix."""

import re
from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import cast, get_args

import pytest

from bot.app.rehearsal.cast import learners
from bot.app.unstored import before_it_exists
from bot.core.advice import Code
from bot.core.contributions import RUNS
from bot.core.people import Cohort
from bot.core.timetable import Timetable
from bot.course.gate.loosening import in_words
from bot.course.gate.values import Circumstances, Failed, Settled, Told
from bot.course.gate.verdicts import asks, gate, verdicts
from bot.course.inspection import said_of
from bot.course.keys import LIVE_RULES
from bot.course.loader import check, load
from bot.course.model import Course, LiveRules
from bot.course.starter import starter
from bot.features.live.card_views import REASONS

COURSES = Path(__file__).parents[1] / "courses"
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


CUP_PAYS = "[{item: cup, minutes: 30}]"
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
        ({"recorded": "no", "alternative": "{item: cup}", "pays": CUP_PAYS}, "gate-4", "recorded"),
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
    assert failed.why[0].isupper() or failed.why[0] in "“0123456789", failed.why
    assert "`" not in failed.why, "people read no keys"
    assert failed.fix.endswith(".")


@pytest.mark.parametrize(
    ("kind", "instead"), [("content", "video"), ("discussion", "a structured discussion"), ("problem", "check-ins")]
)
def test_what_goes_as_well_in_writing_is_offered_its_replacement(kind: str, instead: str) -> None:
    [[failed]] = fails(course(session(kind=kind)))
    assert instead in failed.fix


def test_a_session_that_is_not_paid_hears_by_how_much_its_week_would_be_too_long() -> None:
    [[failed]] = fails(course(session(pays="[{item: Read it, minutes: 10}]")))
    assert failed.why == "10 of its 30 min are paid; week 1 would be 1 h 40 of a 1 h 30 budget."
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


TABLE = Timetable(date(2026, 3, 16), "Europe/Berlin")
BERLIN, LISBON, CALIFORNIA, TOKYO = "Europe/Berlin", "Europe/Lisbon", "America/Los_Angeles", "Asia/Tokyo"


def slots(times: str, zones: Sequence[str], **more: str) -> str:
    """What the gate says of these times; '' if they pass."""
    [(_, failed)] = verdicts(course(session(slots=f"[{times}]", **more)), zones, TABLE)
    assert {f.code for f in failed} <= {"live-slots"}
    return failed[0].why if failed else ""


def test_slots_lie_nearer_only_where_every_zone_needs_its_own() -> None:
    assert "within 2 h" in slots("Wed 08:00, Wed 10:00", [BERLIN, LISBON])
    assert "within 0.5 h" in slots("Wed 17:00, Wed 17:30", [BERLIN])
    # Nine in the morning is in Tokyo's day, and five in the afternoon in California's.
    assert slots("Wed 09:00, Wed 17:00", [BERLIN, CALIFORNIA, TOKYO]) == ""
    assert slots("Wed 08:00, Wed 20:00", [BERLIN, LISBON]) == ""


@pytest.mark.parametrize("name", ["demo", "digital-marketing", "data-engineering"])
def test_the_sessions_of_every_course_suit_nearly_every_cast(name: str) -> None:
    """Also once those who move have moved, and from winter to summer time. Nobody knows the cast before."""
    made = load((COURSES / f"{name}.yaml").read_text(encoding="utf-8"))
    assert made.live
    tables = [Timetable(start, BERLIN) for start in (date(2026, 1, 5), date(2026, 3, 2), date(2026, 6, 1))]
    for number in (2, 12, 60):
        held = []
        for seed in range(41):
            cast = learners(number, str(seed), len(made.weeks))
            for zones in ([p.zone for p in cast], [p.moves_to or p.zone for p in cast]):
                for table in tables:
                    held += [seed for _live, failed in verdicts(made, zones, table) if any(f.required for f in failed)]
        assert len(held) < 0.1 * 41 * 2 * len(tables), f"{number} learners, seeds {sorted(set(held))}"


def test_slots_neither_overlap_nor_fill_the_card() -> None:
    found = slots("Wed 08:00, Wed 20:00, Wed 20:29", [BERLIN])
    assert found == "“Wed 20:29” begins before the one at “Wed 20:00” is over."
    many = ", ".join(f"{day} {hour}:00" for day in ("Tue", "Wed", "Thu") for hour in ("09", "14", "20"))
    assert slots(many, [BERLIN]) == "It is offered at 9 times; 6 are the most."


def test_no_slot_is_at_night_for_most_learners() -> None:
    """Waking hours hold for the beginning and for the end."""
    nine = [BERLIN] * 9
    said = slots("Wed 03:00, Wed 20:00", [*nine, "Pacific/Honolulu"])
    assert said == "“Wed 03:00”, for 30 min, is outside 08:00-22:00 for 90 % of the learners."
    assert "for everybody" in slots("Wed 08:00, Wed 21:45", nine)
    assert slots("Wed 08:00, Wed 21:30", nine) == ""
    # Half past eleven at night is in the afternoon of those who are far away, and they are half of the cohort.
    assert slots("Wed 10:00, Wed 23:30", [BERLIN, CALIFORNIA]) == ""
    assert "for 67 %" in slots("Wed 10:00, Wed 23:30", [BERLIN, BERLIN, CALIFORNIA])


def test_while_some_have_no_time_each_slot_is_somebodys_only_one() -> None:
    said = slots("Tue 10:00, Thu 10:00", [BERLIN, BERLIN, CALIFORNIA])
    assert said == "Everybody whom “Tue 10:00” suits has another time, and 33 % of the learners have none."
    assert slots("Tue 10:00, Thu 17:00", [BERLIN, BERLIN, CALIFORNIA]) == ""
    # Whom no slot suits is a number, and takes nothing from the others.
    assert slots("Wed 10:00, Wed 17:30", [BERLIN, BERLIN, CALIFORNIA, TOKYO, "Pacific/Honolulu"]) == ""


def test_a_slot_is_ahead_and_in_its_own_week() -> None:
    assert slots("Wed 08:00, week 3 Wed 20:00", [BERLIN]) == "“week 3 Wed 20:00” is in week 3, not 1."
    holiday = Timetable(date(2026, 3, 16), BERLIN, frozenset({date(2026, 3, 22)}))
    [(_, failed)] = verdicts(course(session(slots="[Wed 08:00, Sun 20:00]")), [BERLIN], holiday)
    assert [f.why for f in failed] == ["“Sun 20:00” is in week 2, not 1."]
    noon = datetime(2026, 3, 18, 11, tzinfo=UTC)
    made = course(session(slots="[Wed 08:00, Thu 20:00]"))
    [(_, failed)] = verdicts(made, [BERLIN], TABLE, Settled(now=noon))
    assert [f.why for f in failed] == ["“Wed 08:00” has passed."]
    # One that learners were told of in time was offered.
    both = [datetime(2026, 3, 18, 7, tzinfo=UTC), datetime(2026, 3, 19, 19, tzinfo=UTC)]
    told = Settled({"tasting": Told(made.live[0], both)}, now=noon)
    assert verdicts(made, [BERLIN], TABLE, told)[0][1] == ()


def test_a_peer_review_pays_and_counts_instead() -> None:
    head = COURSE + "reviews:\n  - {id: rv, week: 2, milestone: cup, rubric: [Clear], title: Read one, minutes: 30}\n"
    assert load(head).minutes(2) == load(COURSE).minutes(2) + 30
    paid = "[{item: rv, minutes: 30}]"
    assert fails(course(session(week="2", alternative="{item: rv}", pays=paid), head=head)) == [()]


def test_every_code_of_the_gate_has_a_reason_for_learners() -> None:
    """The sixth question is advice, so nothing is taken back for it, and `live-unasked` is about the file."""
    asked = {code for code in get_args(Code) if code.startswith(("gate-", "live-"))}
    assert asked - {"gate-6", "live-unasked"} <= {*REASONS}


def test_every_rule_of_live_sessions_is_loosened_by_its_manager_alone() -> None:
    """And the manager's week says in words what became looser."""
    assert {field.name for field in fields(LiveRules)} == {key.name for key in LIVE_RULES.keys if key.looser}
    keys = [f"live_rules.{key.name}" for key in LIVE_RULES.keys] + ["course.weekly_minutes", "reviews.r1.anonymous"]
    assert [key for key in keys if in_words(key) == key] == []
    assert in_words("live_rules.not_there") == "live_rules.not_there"


def test_every_code_of_the_gate_has_a_question_and_words() -> None:
    live = course(session()).live[0]
    for code in (code for code in get_args(Code) if code.startswith(("gate-", "live-"))):
        question = "is it late enough" if code.startswith("gate-") else "Is it late enough?"
        said = said_of(live, Failed(code, "week", question, "It is early.", "Move it."))
        assert "It is early." in said
        assert not re.search(r"None|\?\?", said)
    unknown = cast(Code, "live-early")
    assert said_of(live, Failed(unknown, "week", "Is it late enough?", "It is early.", "Move it.")).endswith(
        "fails a rule. Is it late enough? It is early."
    )


def test_the_gate_knows_what_the_features_run() -> None:
    cohort = Cohort(0, "tea", "Tea", COURSE, "Europe/Berlin", date(2026, 1, 5))
    runs = before_it_exists(cohort, lambda turn: set(turn.collect(RUNS)))
    assert {"milestones", "discussions", "checkins", "reviews"} <= runs


def test_an_alternative_is_open_until_the_session_is_over() -> None:
    talk = "{id: talk, week: 1, title: Talk, question: Why, protocol: [claim], closes: Wed 20:00 learner}"
    head = f"{COURSE}discussions:\n  - {talk}\n"
    [[failed]] = fails(course(session(alternative="{item: talk}"), head=head))
    assert failed.code == "gate-3"
    assert failed.why == "“Talk” closes before the session is over, so whoever misses it is late already."
    assert codes(session(alternative="{item: talk}"), head=head.replace("closes: Wed", "closes: Sat")) == [[]]


def test_an_alternative_closes_while_it_still_counts() -> None:
    """The figures come when the reflection window closes, so nobody who does as much in time is left out of them."""
    page = "{id: page, week: 2, title: Page, minutes: 30, due: Sat 12:00}"
    head = COURSE.replace("milestones:\n", f"milestones:\n  - {page}\n")
    [[failed]] = fails(course(session(alternative="{item: page}"), head=head))
    assert failed.code == "gate-3"
    assert failed.why == ("“Page” closes 4 days too late: what counts in full is counted 7 days after the session.")
    assert "`alternative: {item: page}`" not in failed.fix
    assert codes(session(alternative="{item: page}"), head=head.replace("due: Sat", "due: Tue")) == [[]]
    longer = f"{head}live_rules: {{reflect_days: 14}}\n"
    assert codes(session(alternative="{item: page}"), head=longer) == [[]]


def test_what_pays_more_than_the_session_takes_is_no_payment() -> None:
    [[failed]] = fails(course(session(pays="[{item: cup, minutes: 40}]")))
    assert (failed.code, failed.fix) == ("gate-5", "Take 10 min off what pays.")


def test_a_trial_may_fail_one_question_if_it_can_be_judged_and_twice_in_a_run() -> None:
    tried = session(trial="yes", recorded="no", alternative="{item: cup}", pays=CUP_PAYS)
    [[failed]] = fails(course(tried))
    assert (failed.code, failed.required) == ("gate-4", False)
    assert failed.tried
    assert all_held(session(trial="yes", recorded="no", kind="content"))
    assert all_held(session(trial="yes", recorded="no", metric=""))
    assert all_held(session(trial="yes", optional="no")), "no role can make a session mandatory"
    assert all_held(session(trial="yes", slots="Wed 08:00")), "a trial keeps the limits"
    three = [session(id=f"t{n}", week=str(n), trial="yes", pays="") for n in (1, 2, 3)]
    head = COURSE + "live_rules: {weeks_share: 100}\n"
    assert [any(f.required for f in failed) for failed in fails(course(*three, head=head))] == [False, False, True]


def test_a_session_that_is_not_recorded_promises_no_recording() -> None:
    [failed] = fails(course(session(trial="yes", recorded="no")))
    found = [(f.code, f.why, f.fix) for f in failed if f.key != "trial"]
    assert found == [
        ("gate-3", "There will be no recording.", "Write `recorded: yes`, or `alternative: {item: cup}`."),
        ("gate-4", "It is not.", "Write `recorded: yes`."),
    ]


def test_a_trial_may_pay_less_but_what_it_names_has_to_stand() -> None:
    assert not all_held(session(trial="yes", pays="[{item: Read it, minutes: 20}]"))
    for pays in ("{item: Read it, minutes: 15}, {item: Read it, minutes: 15}", "{item: nothing, minutes: 30}"):
        [failed] = fails(course(session(trial="yes", pays=f"[{pays}]")))
        assert failed[-1].why == "A trial may pay less, but what it names has to stand."


def test_a_policy_and_a_trial_are_two_things() -> None:
    both = session(optional="no", mandated="Rule 4", trial="yes", pays="[{item: Read it, minutes: 20}]")
    [failed] = fails(course(both))
    assert [(f.code, f.required) for f in failed] == [("gate-2", True), ("gate-5", True)]
    assert failed[0].fix == "Take out `trial`, or `mandated`."


TWICE = COURSE + "live_rules: {per_week: 2}\n"


def test_what_counts_in_full_for_one_session_pays_for_no_other() -> None:
    counts = session(alternative="{item: cup}", pays="[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}]")
    pays = session(id="two", title="Two", pays="[{item: cup, minutes: 30}]")
    [_, [failed]] = fails(course(counts, pays, head=TWICE))
    assert failed.why == "“Cup” counts in full for “Tasting”. “Cup” has 0 min to give, and not 30."
    [_, [failed]] = fails(course(pays, counts, head=TWICE))
    assert failed.why == "“Cup” gives up 30 min for “Two”, so it is no full way any more."
    # Its own session it may pay for: people come, or do this.
    assert codes(session(alternative="{item: cup}", pays=CUP_PAYS)) == [[]]


def test_what_is_done_instead_pays_as_much_as_whoever_comes_leaves_out() -> None:
    """However little of it is named: else the week would lose what the others give up."""
    part = session(alternative="{item: cup}", pays="[{item: cup, minutes: 10}, {item: Read it, minutes: 20}]")
    [[failed]] = fails(course(part))
    assert failed.code == "gate-5"
    assert failed.why == (
        "50 min are given up for 30 min: learners would lose the rest. "
        "“Cup” counts for 30 of them: whoever comes leaves it out."
    )
    assert failed.fix == "Take 20 min off what pays."
    assert codes(session(alternative="{item: cup}", pays="[{item: cup, minutes: 10}]")) == [[]]


def settled(now: datetime, told: Told | None = None, **worked: tuple[int, int]) -> Settled:
    return Settled({"tasting": told} if told else {}, now=now, worked=worked)


def says(made: Course, what: Settled, zones: Sequence[str] = (BERLIN,)) -> list[str]:
    [(_, failed)] = verdicts(made, zones, TABLE, what)
    return [f.why for f in failed]


def test_what_is_over_or_done_by_most_pays_for_nothing_new() -> None:
    early = COURSE.replace("title: Cup, minutes: 40", "title: Cup, minutes: 40, due: Tue 12:00 cohort")
    late = {"slots": "[Thu 08:00, Thu 20:00]", "pays": "[{item: cup, minutes: 30}]"}
    made, noon = course(session(**late), head=early), datetime(2026, 3, 18, 11, tzinfo=UTC)
    assert says(made, settled(datetime(2026, 3, 16, 11, tzinfo=UTC))) == []
    assert says(made, settled(noon)) == ["“Cup” is over. “Cup” has 0 min to give, and not 30."]
    made = course(session(**late))
    assert says(made, settled(noon, cup=(2, 4))) == []
    worked = says(made, settled(noon, cup=(3, 4)))
    assert worked == ["3 of 4 learners have worked on “Cup” already. “Cup” has 0 min to give, and not 30."]
    # What was promised to pay goes on.
    known = [datetime(2026, 3, 19, 7, tzinfo=UTC), datetime(2026, 3, 19, 19, tzinfo=UTC)]
    assert says(made, settled(noon, Told(made.live[0], known), cup=(3, 4))) == []


WED = [datetime(2026, 3, 18, 7, tzinfo=UTC), datetime(2026, 3, 18, 20, tzinfo=UTC)]
"""Wed 08:00 and Wed 21:00 in Berlin."""


def test_a_yes_keeps_times_for_who_moves_and_carries_no_edit() -> None:
    before = course(session(slots="[Wed 08:00, Wed 21:00]")).live[0]
    at, told = datetime(2026, 3, 16, 11, tzinfo=UTC), Told(before, WED, LiveRules(), awaited=True)
    same = course(session(slots="[Wed 08:00, Wed 21:00]"))
    assert says(same, settled(at, told), [CALIFORNIA]) == [], "somebody moved"
    assert says(same, settled(at, replace(told, awaited=False)), [CALIFORNIA]) != []
    longer = session(
        slots="[Wed 08:00, Wed 21:15]", minutes="60", pays="[{item: cup, minutes: 40}, {item: Read it, minutes: 20}]"
    )
    ends = replace(told, slots=[WED[0], datetime(2026, 3, 18, 20, 15, tzinfo=UTC)])
    assert says(course(longer), settled(at, ends)) == ["“Wed 21:15”, for 60 min, is outside 08:00-22:00 for everybody."]
    strict = COURSE + "live_rules: {waking: 09:00-21:00}\n"
    assert says(course(session(slots="[Wed 08:00, Wed 21:00]"), head=strict), settled(at, told)) != []


@pytest.mark.parametrize(
    ("slots", "minutes", "why"),
    [
        ("Wed 08:00, Wed 21:00", "30", ""),
        ("Wed 21:00, Thu 08:00", "30", ""),
        ("Wed 08:00, Wed 21:45", "10", "“Wed 21:45”, for 30 min, is outside 08:00-22:00 for everybody."),
        ("Wed 08:00, Wed 08:20", "10", "“Wed 08:20” begins before the one at “Wed 08:00” is over."),
        ("Wed 08:00, Wed 12:00", "30", "All of its slots lie within 4 h"),
    ],
)
def test_times_after_the_first_one_began_go_with_what_stands(slots: str, minutes: str, why: str) -> None:
    before = course(session(slots="[Wed 08:00, Wed 21:00]")).live[0]
    told, at = Told(before, WED, LiveRules()), datetime(2026, 3, 18, 7, 5, tzinfo=UTC)
    made = course(session(slots=f"[{slots}]", minutes=minutes, pays="[{item: Read it, minutes: 10}]"))
    found = says(made, settled(at, told))
    assert found == [] if not why else found[0].startswith(why)


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
    assert "Its content is not there as material." in [f.why for f in failed_bare]


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


def test_an_alternative_that_takes_a_minute_is_advised_against_with_its_figure() -> None:
    head = COURSE.replace("title: Cup, minutes: 40", "title: Cup, minutes: 1")
    paid = "[{item: Read it, minutes: 20}, {item: Watch it, minutes: 10}]"
    for trial in ("no", "yes"):
        made = course(session(alternative="{item: cup}", pays=paid, trial=trial), head=head)
        ((live, failed),) = verdicts(made)
        (advice,) = [f for f in failed if f.code == "gate-3"]
        assert advice.why == "“Cup” takes 1 min, the session 30."
        assert advice.fix == "Say why it is worth the same, or choose another."
        assert (advice.required, asks(live, failed)) == (False, ""), "it holds nothing, and asks nobody's word"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"goal": "'You MUST come, it is graded. Bring tea.'"}, "You MUST come"),
        ({"goal": "'Bring tea; attendance is mandatory.'"}, "attendance is mandatory"),
        ({"title": "'Tasting (graded)'"}, "graded"),
        ({"title": "'Tasting: Pflicht'"}, "Pflicht"),
        ({"goal": "'Ihr müsst alle kommen.'"}, "Ihr müsst alle kommen"),
        ({"goal": "'Séance obligatoire, apportez du thé.'"}, "Séance obligatoire"),
        ({"goal": "'La asistencia es obligatoria.'"}, "La asistencia es obligatoria"),
        ({"goal": "'A presença é obrigatória.'"}, "A presença é obrigatória"),
    ],
)
def test_words_that_ask_people_to_come_are_named_beside_optional(words: dict[str, str], said: str) -> None:
    ((failed,),) = fails(course({**TASTING, **words}))
    assert (failed.code, failed.required) == ("gate-2", False)
    assert f"“{said}”" in failed.why


@pytest.mark.parametrize(
    "goal",
    [
        "Nobody must come, and nothing is graded.",
        "Attendance is not mandatory.",
        "Argue about what is mandatory on a label.",
        "Order graded teas by taste, and say which must come first.",
        "La asistencia no es obligatoria.",
        "Die Teilnahme ist nicht verpflichtend.",
        "Ce n’est pas obligatoire.",
    ],
)
def test_other_words_about_duties_are_nobodys_business(goal: str) -> None:
    assert fails(course({**TASTING, "goal": f'"{goal}"'})) == [()]
