"""What the runtime relies on, on both databases."""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from time import sleep

import pytest
from sqlalchemy import insert, inspect
from sqlalchemy.exc import DBAPIError
from sqlmodel import SQLModel, col, update

import storage.tables  # noqa: F401
from bot.core.due import Plan, Unplan
from bot.core.effects import Below, Direct, In, Show, Withdraw
from bot.core.events import MessagePosted
from bot.core.forms import Form, TextField
from bot.core.message import Message, message, paragraph
from bot.core.people import Account, Actor, MessageRef, Person, Place, Role
from bot.core.ports import Answer
from bot.core.time import WoundClock, parse_instant
from bot.core.voice import Awaited, Card, Line
from bot.runtime.budget import Sent, Waiting
from bot.runtime.ports import ClaimedDelivery, NewDelivery, Part, Post
from storage.sql.migrate import versions
from storage.tables.people import LinkCodeRow, PersonRow, change_cohort
from storage.unit import SqlStorage, SqlUnit

HERE = Place("w", "general")


def words(text: str) -> Message:
    return message(paragraph(text))


def show(anchor: str, text: str = "hello", below: str | None = None) -> NewDelivery:
    target = Below(below) if below else In(HERE)
    return NewDelivery(Show(anchor, target, words(text)), "w", "general", None, None)


def meet(unit: SqlUnit, user: str = "mia") -> Person:
    return unit.people.meet(Actor(Account("w", user), user.capitalize(), "Europe/Berlin"))


def claim(storage: SqlStorage, clock: WoundClock) -> list[ClaimedDelivery]:
    now = clock.now()
    return list(storage.run_now(lambda u: u.outbox.claim("w", (), 100, now)))


def arrive(storage: SqlStorage, clock: WoundClock, claimed: ClaimedDelivery, message_id: str) -> None:
    ref = MessageRef("w", "general", message_id)
    storage.run_now(lambda u: u.outbox.sent([(claimed, (ref,))]))


def test_the_migrations_make_exactly_the_tables_of_the_models(storage: SqlStorage) -> None:
    found = inspect(storage.engine)
    assert versions(storage.engine)[0] == versions(storage.engine)[1]
    for table in SQLModel.metadata.sorted_tables:
        assert {c["name"] for c in found.get_columns(table.name)} == set(table.columns.keys()), table.name
        assert {i["name"] for i in found.get_indexes(table.name)} >= {i.name for i in table.indexes}, table.name


def test_a_naive_instant_is_refused(storage: SqlStorage, clock: WoundClock) -> None:
    def naive(unit: SqlUnit) -> None:
        unit.schedule.put([Plan("x.y", "1", "a", clock.now().replace(tzinfo=None))])

    with pytest.raises(Exception, match="has no zone"):
        storage.run_now(naive)


def test_an_instant_comes_back_as_it_was(storage: SqlStorage, clock: WoundClock) -> None:
    at = clock.now().replace(microsecond=123456)
    storage.run_now(lambda u: u.schedule.put([Plan("x.y", "1", "a", at)]))
    assert storage.run_now(lambda u: u.next_at()) == at


def test_an_error_shows_nothing_that_was_typed(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        for _ in range(2):
            unit._session.execute(insert(LinkCodeRow), {"code": "typed in private", "person": 0, "until": clock.now()})

    with pytest.raises(DBAPIError) as caught:
        storage.run_now(work)
    assert "link_codes" in str(caught.value)
    assert "typed in private" not in str(caught.value).split("[SQL")[1]


def test_two_writers_lose_no_update(storage: SqlStorage) -> None:
    person = storage.run_now(meet)

    def add_an_hour(_: int) -> None:
        def work(unit: SqlUnit) -> None:
            hour = unit.people.person(person.id).hour
            unit._session.exec(update(PersonRow).where(col(PersonRow.id) == person.id).values(hour=hour + 1))

        storage.run_now(work)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(add_an_hour, range(40)))
    assert storage.run_now(lambda u: u.people.person(person.id)).hour == 9 + 40


def test_two_who_meet_the_same_person_at_once_meet_one(storage: SqlStorage) -> None:
    with ThreadPoolExecutor(8) as threads:
        met = list(threads.map(lambda _: storage.run_now(meet).id, range(16)))
    assert len(set(met)) == 1


async def test_what_arrives_waits_for_one_unit_of_work_at_most(storage: SqlStorage) -> None:
    done: list[str] = []

    def work(unit: SqlUnit, name: str, seconds: float = 0) -> None:
        sleep(seconds)
        meet(unit, name)
        done.append(name)

    others = [asyncio.create_task(storage.run(partial(work, name=f"other{n}", seconds=0.1))) for n in range(4)]
    await asyncio.sleep(0.05)
    await storage.run_first(partial(work, name="arrived"))
    assert done.index("arrived") <= 1
    await asyncio.gather(*others)
    assert len({*done}) == 5, "PostgreSQL may do one again that met another"
    assert not storage.is_wanted


def test_a_failed_unit_leaves_nothing(storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        meet(unit)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        storage.run_now(work)
    assert storage.run_now(lambda u: u.people.owner(Account("w", "mia"))) is None


def test_a_savepoint_undoes_its_inside_alone(storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        meet(unit, "mia")
        with contextlib.suppress(RuntimeError), unit.savepoint():
            meet(unit, "leo")
            raise RuntimeError

    storage.run_now(work)
    assert storage.run_now(lambda u: u.people.owner(Account("w", "mia"))) is not None
    assert storage.run_now(lambda u: u.people.owner(Account("w", "leo"))) is None


def test_a_savepoint_undoes_what_goes_past_the_session(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        unit.schedule.put([Plan("test.kept", "1", "", clock.now())])
        with contextlib.suppress(RuntimeError), unit.savepoint():
            unit.schedule.put([Plan("test.undone", "1", "", clock.now())])
            raise RuntimeError

    storage.run_now(work)
    assert [d.kind for d in storage.run_now(lambda u: u.schedule.take(clock.now(), 9))] == ["test.kept"]


def test_a_unit_with_a_savepoint_to_undo_is_done_once_more(storage: SqlStorage) -> None:
    def work(unit: SqlUnit, fails: bool) -> None:
        done.append(fails)
        with contextlib.suppress(RuntimeError), unit.savepoint():
            meet(unit, f"mia{fails}")
            if fails:
                raise RuntimeError

    done: list[bool] = []
    storage.run_now(lambda unit: work(unit, fails=False))
    storage.run_now(lambda unit: work(unit, fails=True))
    assert done == [False, True, True]
    assert storage.run_now(lambda u: u.people.owner(Account("w", "miaFalse"))) is not None
    assert storage.run_now(lambda u: u.people.owner(Account("w", "miaTrue"))) is None


# People


def test_roles_end_with_the_membership_and_with_the_cohort(storage: SqlStorage) -> None:
    def work(unit: SqlUnit) -> None:
        store, person = unit.store("enrolment"), meet(unit)
        cohort = store.create_cohort("c", "C", "", "UTC", date(2026, 1, 5), "CODE")
        store.bind_channel(cohort, "main", HERE)
        assert store.add_member(cohort, person.id, Role.LEARNER)
        assert not store.add_member(cohort, person.id, Role.LEARNER)
        assert [m.role for m in unit.people.memberships(person.id)] == [Role.LEARNER]
        store.end_membership(cohort, person.id)
        assert not unit.people.memberships(person.id)
        store.add_member(cohort, person.id, Role.LEARNER)
        assert unit.people.cohort_at(HERE) is not None
        change_cohort(store._session, cohort, ended_at=store._now)
        unit._session.expire_all()
        assert not unit.people.memberships(person.id)
        assert unit.people.cohort_at(HERE) is None

    storage.run_now(work)


def test_the_account_that_was_used_last_is_written_to(storage: SqlStorage, clock: WoundClock) -> None:
    one, other = Account("w", "mia"), Account("w", "second")
    mia = storage.run_now(meet).id

    def link(unit: SqlUnit) -> None:
        meet(unit, "second")
        unit.store("enrolment").link_account(other, mia, "second")

    def use(account: Account, name: str) -> tuple[str, Account | None]:
        storage.run_now(lambda u: u.people.meet(Actor(account, name)))
        return storage.run_now(lambda u: (u.people.person(mia).name, u.people.account(mia)))

    storage.run_now(link)
    clock.wind(clock.now() + timedelta(hours=1))
    assert use(one, "Mia") == ("Mia", one)
    clock.wind(clock.now() + timedelta(hours=1))
    assert use(other, "Mia Roth") == ("Mia Roth", other)
    clock.wind(clock.now() + timedelta(hours=1))
    assert use(one, "") == ("Mia Roth", one)


def test_a_cohort_comes_with_its_channels_in_order_and_its_holidays(storage: SqlStorage) -> None:
    off = date(2026, 2, 20)

    def make(unit: SqlUnit) -> int:
        enrolment = unit.store("enrolment")
        cohort: int = enrolment.create_cohort("rust", "Rust", "", "UTC", date(2026, 1, 5), "J")
        enrolment.bind_channel(cohort, "staff", Place("w", "desk"), 2)
        enrolment.bind_channel(cohort, "main", Place("w", "hall"), 1)
        enrolment.set_holidays(cohort, {off: "A day off"})
        return cohort

    made = storage.run_now(make)
    cohort = storage.run_now(lambda u: u.people.cohort(made))
    assert cohort is not None
    assert [(c.purpose, c.place.channel) for c in cohort.channels] == [("main", "hall"), ("staff", "desk")]
    assert cohort.holidays == {off}


# Inbox


def said(id: str, thread: str | None = None) -> MessagePosted:
    actor = Actor(Account("w", "mia"), "Mia")
    at = parse_instant("2026-01-05T08:00:00Z")
    return MessagePosted(actor=actor, place=Place("w", "general", thread), id=id, at=at, text=f"text {id}")


def test_an_event_is_stored_once(storage: SqlStorage, clock: WoundClock) -> None:
    for _ in range(11):
        storage.run_now(lambda u: u.inbox.add([said("1"), said("1"), said("2")], clock.now()))
    taken = storage.run_now(lambda u: u.inbox.take(clock.now(), 100))
    assert [r.event.key for r in taken] == ["message/w/general/1", "message/w/general/2"]
    assert taken[0].event == said("1")


def test_nothing_overtakes_what_waits_in_its_conversation(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.inbox.add([said("1"), said("2", thread="1"), said("3")], clock.now()))
    first = storage.run_now(lambda u: u.inbox.take(clock.now(), 100))[0]
    storage.run_now(lambda u: u.inbox.postpone(first, clock.now() + timedelta(seconds=5), "failed"))
    taken = storage.run_now(lambda u: u.inbox.take(clock.now(), 100))
    assert [r.event.key for r in taken] == ["message/w/general/3"]
    clock.wind(clock.now() + timedelta(seconds=5))
    again = storage.run_now(lambda u: u.inbox.take(clock.now(), 100))
    assert [(r.event.key[-1], r.tries) for r in again] == [("1", 1), ("2", 0), ("3", 0)]


def test_an_answer_is_kept_for_its_key(storage: SqlStorage, clock: WoundClock) -> None:
    answer = Answer(words("done"))
    storage.run_now(lambda u: u.inbox.keep_answer("k", answer, clock.now()))
    assert storage.run_now(lambda u: u.inbox.answer("k")) == answer
    clock.wind(clock.now() + timedelta(days=15))
    storage.run_now(lambda u: u.inbox.forget(clock.now()))
    assert storage.run_now(lambda u: u.inbox.answer("k")) is None


def test_a_draft_belongs_to_its_person_for_a_week(storage: SqlStorage, clock: WoundClock) -> None:
    form = Form("a.b/1/0:", "F", (TextField("text", "Text"),))
    mia, leo = storage.run_now(lambda u: (meet(u, "mia").id, meet(u, "leo").id))
    draft = storage.run_now(lambda u: u.inbox.open_draft(mia, form, clock.now()))
    storage.run_now(lambda u: u.inbox.fill_draft(draft, {"text": "typed"}, clock.now()))
    kept = storage.run_now(lambda u: u.inbox.draft(draft, mia))
    assert kept is not None
    assert (kept.form, kept.values) == (form, {"text": "typed"})
    assert storage.run_now(lambda u: u.inbox.draft(draft, leo)) is None
    clock.wind(clock.now() + timedelta(days=8))
    storage.run_now(lambda u: u.inbox.forget(clock.now()))
    assert storage.run_now(lambda u: u.inbox.draft(draft, mia)) is None


# Outbox


def test_edits_that_wait_fold_into_one(storage: SqlStorage, clock: WoundClock) -> None:
    for text in ("one", "two", "three"):
        storage.run_now(lambda u, t=text: u.outbox.put([show("a", t)], clock.now()))
    (claimed,) = claim(storage, clock)
    assert claimed.effect == Show("a", In(HERE), words("three"))
    assert claim(storage, clock) == []


def test_an_edit_waits_for_the_one_that_is_on_its_way(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a", "one")], clock.now()))
    (first,) = claim(storage, clock)
    storage.run_now(lambda u: u.outbox.put([show("a", "two")], clock.now()))
    storage.run_now(lambda u: u.outbox.put([show("a", "three")], clock.now()))
    assert claim(storage, clock) == []
    arrive(storage, clock, first, "m1")
    (second,) = claim(storage, clock)
    assert second.effect == Show("a", In(HERE), words("three"))
    assert second.refs == (MessageRef("w", "general", "m1"),)


def test_what_hangs_below_waits_for_its_root(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("reply", below="root"), show("root")], clock.now()))
    (root,) = claim(storage, clock)
    assert root.effect == Show("root", In(HERE), words("hello"))
    arrive(storage, clock, root, "m1")
    assert [p.effect.anchor for p in claim(storage, clock) if isinstance(p.effect, Show)] == ["reply"]
    assert storage.run_now(lambda u: u.outbox.anchor("w", "general", "m1")) == "root"


def test_a_lease_that_ran_out_is_checked_before_it_is_sent_again(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a")], clock.now()))
    (first,) = claim(storage, clock)
    assert not first.recheck
    clock.wind(clock.now() + timedelta(minutes=3))
    (again,) = claim(storage, clock)
    assert again.recheck
    assert again.key == first.key


def test_what_was_withdrawn_before_it_went_out_never_does(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a")], clock.now()))
    gone = NewDelivery(Withdraw("a"), "w", "general", None, None)
    storage.run_now(lambda u: u.outbox.put([gone], clock.now()))
    assert claim(storage, clock) == []


def test_withdrawing_what_stands_there_deletes_it(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a")], clock.now()))
    arrive(storage, clock, claim(storage, clock)[0], "m1")
    storage.run_now(lambda u: u.outbox.put([NewDelivery(Withdraw("a"), "w", "general", None, None)], clock.now()))
    (gone,) = claim(storage, clock)
    assert gone.refs == (MessageRef("w", "general", "m1"),)
    storage.run_now(lambda u: u.outbox.sent([(gone, ())]))
    assert storage.run_now(lambda u: u.outbox.ref("a")) is None


def test_a_dead_delivery_is_seen_and_retried(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a"), show("b", below="a")], clock.now()))
    (claimed,) = claim(storage, clock)
    storage.run_now(lambda u: u.outbox.dead(claimed, "the channel is gone"))
    (delivery,) = storage.run_now(lambda u: u.outbox.dead_deliveries())
    assert (delivery.anchor, delivery.error) == ("a", "the channel is gone")
    assert storage.run_now(lambda u: u.outbox.retry(None, clock.now())) == 1
    (again,) = claim(storage, clock)
    arrive(storage, clock, again, "m1")
    assert [p.effect.anchor for p in claim(storage, clock) if isinstance(p.effect, Show)] == ["b"]


def test_what_waits_for_a_root_that_never_comes_is_given_up_and_can_be_retried(
    storage: SqlStorage, clock: WoundClock
) -> None:
    storage.run_now(lambda u: u.outbox.put([show("b", below="a")], clock.now()))
    assert storage.run_now(lambda u: u.outbox.end_held(clock.now(), clock.now(), "never posted")) == (0, [])
    later = clock.now() + timedelta(seconds=1)
    assert storage.run_now(lambda u: u.outbox.end_held(later, later, "never posted")) == (1, [])
    assert [(d.anchor, d.error) for d in storage.run_now(lambda u: u.outbox.dead_deliveries())] == [
        ("b", "never posted")
    ]
    assert storage.run_now(lambda u: u.outbox.retry(None, clock.now())) == 1
    assert claim(storage, clock) == []
    storage.run_now(lambda u: u.outbox.put([show("a")], clock.now()))
    arrive(storage, clock, claim(storage, clock)[0], "m1")
    assert [p.effect.anchor for p in claim(storage, clock) if isinstance(p.effect, Show)] == ["b"]


def test_a_newer_wording_is_not_sent_beside_a_retried_one(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a", "old")], clock.now()))
    (claimed,) = claim(storage, clock)
    storage.run_now(lambda u: u.outbox.dead(claimed, "gone"))
    storage.run_now(lambda u: u.outbox.put([show("a", "new")], clock.now()))
    storage.run_now(lambda u: u.outbox.retry(None, clock.now()))
    assert [p.effect for p in claim(storage, clock)] == [Show("a", In(HERE), words("new"))]


def test_a_retry_brings_no_words_back_that_were_said_anew_or_withdrawn(storage: SqlStorage, clock: WoundClock) -> None:
    for anchor in ("a", "b"):
        storage.run_now(lambda u, anchor=anchor: u.outbox.put([show(anchor, "old")], clock.now()))  # type: ignore[misc]
        (claimed,) = claim(storage, clock)
        storage.run_now(lambda u, claimed=claimed: u.outbox.dead(claimed, "gone"))  # type: ignore[misc]
    storage.run_now(lambda u: u.outbox.put([show("a", "new")], clock.now()))
    arrive(storage, clock, claim(storage, clock)[0], "m1")
    storage.run_now(lambda u: u.outbox.put([NewDelivery(Withdraw("b"), "w", "general", None, None)], clock.now()))
    assert storage.run_now(lambda u: u.outbox.retry(None, clock.now())) == 0
    assert claim(storage, clock) == []


def test_what_hangs_below_a_root_that_was_never_posted_goes_with_it(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a"), show("b", below="a")], clock.now()))
    storage.run_now(lambda u: u.outbox.put([NewDelivery(Withdraw("a"), "w", "general", None, None)], clock.now()))
    assert storage.run_now(lambda u: u.outbox.counts()) == {"dropped": 2}
    with storage.engine.connect() as connection:
        assert set(connection.exec_driver_sql("SELECT body FROM outbox").scalars()) == {""}


def test_what_was_sent_or_dropped_keeps_no_words(storage: SqlStorage, clock: WoundClock) -> None:
    delivery = NewDelivery(Show("p", Direct(1), words("private")), "w", "@mia", 1, 7)
    storage.run_now(lambda u: u.outbox.put([show("a", "secret"), delivery], clock.now()))
    arrive(storage, clock, claim(storage, clock)[0], "m1")
    storage.run_now(
        lambda u: u.outbox.put([NewDelivery(Show("q", Direct(1), words("private")), "w", "@mia", 1, 7)], clock.now())
    )
    storage.run_now(lambda u: u.outbox.drop(clock.now(), cohort=7, person=1))
    with storage.engine.connect() as connection:
        bodies = (
            connection.exec_driver_sql("SELECT body FROM outbox WHERE state IN ('sent', 'dropped')").scalars().all()
        )
    assert len(bodies) == 2
    assert not any(bodies)


def test_a_rate_limit_keeps_the_order_of_a_conversation(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([show("a"), show("b")], clock.now()))
    (first,) = claim(storage, clock)
    assert first.effect.anchor == "a"
    later = clock.now() + timedelta(seconds=30)
    storage.run_now(lambda u: u.outbox.again(first, later, "wait", counts=False, unclear=False))
    storage.run_now(lambda u: u.outbox.put([show("c")], clock.now()))
    assert claim(storage, clock) == []
    clock.wind(later)
    for n, anchor in enumerate("abc"):
        (claimed,) = claim(storage, clock)
        assert claimed.effect.anchor == anchor
        arrive(storage, clock, claimed, f"m{n}")


def test_an_answer_overtakes_what_is_for_many_and_a_conversation_that_is_served_waits(
    storage: SqlStorage, clock: WoundClock
) -> None:
    cards = [
        NewDelivery(Show(f"card/{n}", Direct(n), message(paragraph("Week 1"))), "w", f"@{n}", n, 7) for n in (1, 2, 3)
    ]
    answer = NewDelivery(Show("answer", Direct(9), message(paragraph("Here"))), "w", "@9", 9, 7, answers=True)
    elsewhere = replace(answer, workspace="v")
    storage.run_now(
        lambda u: u.outbox.put(
            [*cards, answer, replace(answer, effect=replace(answer.effect, anchor="more"))], clock.now()
        )
    )
    storage.run_now(
        lambda u: u.outbox.put([replace(elsewhere, effect=replace(answer.effect, anchor="there"))], clock.now())
    )
    now = clock.now()
    assert storage.run_now(lambda u: u.outbox.workspaces(now)) == ["v", "w"]
    taken = storage.run_now(lambda u: u.outbox.claim("w", (), 2, now))
    assert [one.lane for one in taken] == ["@9", "@1"]
    taken = storage.run_now(lambda u: u.outbox.claim("w", ["@9", "@1"], 2, now))
    assert [one.lane for one in taken] == ["@2", "@3"]
    assert storage.run_now(lambda u: u.outbox.claim("w", ["@9", "@1", "@2", "@3"], 2, now)) == []


def test_what_was_taken_back_goes_although_the_rest_is_dropped(storage: SqlStorage, clock: WoundClock) -> None:
    storage.run_now(lambda u: u.outbox.put([replace(show("a"), cohort=7)], clock.now()))
    arrive(storage, clock, claim(storage, clock)[0], "m1")
    gone = NewDelivery(Withdraw("a"), "w", "general", None, 7)
    storage.run_now(lambda u: u.outbox.put([gone, replace(show("b"), cohort=7)], clock.now()))
    storage.run_now(lambda u: u.outbox.drop(clock.now(), cohort=7))
    assert [p.effect for p in claim(storage, clock)] == [Withdraw("a")]


# Schedule


def test_planning_again_moves_what_has_not_happened(storage: SqlStorage, clock: WoundClock) -> None:
    later = clock.now() + timedelta(hours=1)
    storage.run_now(lambda u: u.schedule.put([Plan("x.y", "1", "a", clock.now())]))
    storage.run_now(lambda u: u.schedule.put([Plan("x.y", "1", "a", later)]))
    assert storage.run_now(lambda u: u.schedule.take(clock.now(), 10)) == []
    clock.wind(later)
    assert [d.at for d in storage.run_now(lambda u: u.schedule.take(clock.now(), 10))] == [later]


def test_what_has_happened_does_not_happen_again(storage: SqlStorage, clock: WoundClock) -> None:
    plan = Plan("x.y", "1", "a", clock.now())
    storage.run_now(lambda u: u.schedule.put([plan, plan]))
    assert len(storage.run_now(lambda u: u.schedule.take(clock.now(), 10))) == 1
    storage.run_now(lambda u: u.schedule.put([plan]))
    assert storage.run_now(lambda u: u.schedule.take(clock.now(), 10)) == []


def test_unplanning_takes_out_what_it_names(storage: SqlStorage, clock: WoundClock) -> None:
    plans = [Plan("x.y", str(n), "a", clock.now(), cohort=n % 2, person=n) for n in range(4)]
    storage.run_now(lambda u: u.schedule.put(plans))
    storage.run_now(lambda u: u.schedule.put([Unplan("x.y", 1, person=3), Unplan("x.y", 0, subject="2")]))
    assert [d.subject for d in storage.run_now(lambda u: u.schedule.take(clock.now(), 10))] == ["0", "1"]


# Voice


def test_remarks_come_back_as_they_were_handed_in(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        person = meet(unit)
        cohort = unit.store("enrolment").create_cohort("c", "C", "", "UTC", date(2026, 1, 5), "CODE")
        store, until = unit.store("voice"), clock.now() + timedelta(days=1)
        now = clock.now()
        card = Waiting(None, Card(person.id, cohort, "a/1", words("card"), now, until, joins=True), now)
        line = Waiting(None, Line(person.id, cohort, "k", ("line",), until, urgent=True), now)
        answer = Waiting(None, Awaited(person.id, cohort, "q", ("answer",), until), until)
        moved = Waiting(None, Line(person.id, cohort, "m", ("moved",), until, moved=(now, until)), now)
        shape = Waiting(None, Line(person.id, cohort, "s", ("shape",), until, knows="one"), now)
        assert len(store.keep([card, line, moved, shape, answer])) == 5
        store.keep([answer])
        found = store.waiting([person.id])[person.id]
        assert [replace(w, id=None) for w in found] == [card, line, moved, shape, answer]
        store.hush(["a/1"])
        store.hush_cohort(cohort)
        left = store.waiting([person.id])[person.id]
        # What a change did is still said where the cohort goes on, and so is what somebody waits for.
        assert [one.notice for one in left] == [moved.notice, shape.notice, answer.notice]
        store.drop([one.id for one in left])
        assert store.waiting([person.id]) == {}
        sent = [Sent(now, Role.LEARNER), Sent(now, Role.LEARNER, awaited=True)]
        store.note_sent([(person.id, one) for one in sent])
        assert store.sent([person.id], now) == {person.id: sent}
        assert store.sent([person.id], now + timedelta(seconds=1)) == {}

    storage.run_now(work)


def test_a_shared_message_is_kept_by_its_parts(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        person, store = meet(unit), unit.store("voice")
        store.join(person.id, [("b/2", words("lead")), ("a/1", words("below"))])
        store.change_part("a/1", words("changed"))
        parts = [Part("b/2", person.id, words("lead")), Part("a/1", person.id, words("changed"))]
        assert store.joined(["a/1", "b/2", "c/3"]) == [parts]
        assert store.leads(["a/1", "c/3"]) == {"a/1": "b/2"}
        store.drop_parts(["a/1"])
        assert store.joined(["b/2"]) == [parts[:1]]

    storage.run_now(work)


def test_the_root_posts_of_a_channel_are_counted(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        store, now = unit.store("voice"), clock.now()
        here, there = Place("w", "main"), Place("w", "questions")
        root, below = Post("a/1", here, now), Post("a/2", here, now, "a/1")
        for post in (root, below, Post("a/3", there, now)):
            store.note_post(post)
        assert store.post("a/2") == below
        assert store.roots(here, now) == [root]
        assert store.roots(here, now + timedelta(seconds=1)) == []


def test_remarks_to_several_people_under_one_key_are_several(storage: SqlStorage, clock: WoundClock) -> None:
    def work(unit: SqlUnit) -> None:
        mia, leo = meet(unit).id, meet(unit, "leo").id
        cohort = unit.store("enrolment").create_cohort("c", "C", "", "UTC", date(2026, 1, 5), "CODE")
        store, until = unit.store("voice"), clock.now() + timedelta(days=1)
        said = ((mia, "1"), (leo, "2"), (mia, "3"))
        to_mia, to_leo, newer = (Line(person, cohort, "k", (text,), until) for person, text in said)
        now = clock.now()
        store.keep([Waiting(None, to_mia, now), Waiting(None, to_leo, now)])
        store.keep([Waiting(None, newer, now)])
        found = store.waiting([mia, leo])
        assert {p: [w.notice for w in waiting] for p, waiting in found.items()} == {mia: [newer], leo: [to_leo]}

    storage.run_now(work)
