"""`pacekeeper cohort`: make cohorts, list them, name people."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.app.cli.opening import load_settings, opened, present_clock, read_course
from bot.app.cli.output import Json, read_file, say, screen, show_json, show_table
from bot.app.roster import Row, read_roster
from bot.app.workspaces import SANDBOX, default_workspace
from bot.core.errors import Malformed
from bot.core.people import Account, Cohort, Role
from bot.core.time import is_zone, local_day
from bot.core.timetable import Timetable

if TYPE_CHECKING:
    from bot.app.cohorts import CohortPlan
    from bot.app.settings import Settings
    from bot.core.turn import Turn
    from bot.course.model import Course
    from storage.unit import SqlStorage

app = typer.Typer(help="Cohorts: a course with a start date, a zone, channels and people.", no_args_is_help=True)


@app.command(
    epilog="Example: pacekeeper cohort create courses/demo.yaml --start 2026-03-02 --zone Europe/Berlin "
    "--channel main=page-writers --channel questions=questions --manager omar"
)
def create(
    course: Annotated[Path, typer.Argument(help="The course file.")],
    start: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The first day; its week is week 1.")],
    zone: Annotated[str, typer.Option(help="The cohort's IANA time zone.")],
    code: Annotated[str, typer.Option(help="A short name; the course's id and the start by default.")] = "",
    title: Annotated[str, typer.Option(help="What people read; the course's title by default.")] = "",
    workspace: Annotated[str, typer.Option(help="Where it runs: a workspace's id; the only one by default.")] = "",
    channel: Annotated[list[str] | None, typer.Option(help="PURPOSE=CHANNEL (main, questions, staff).")] = None,
    manager: Annotated[list[str] | None, typer.Option(help="A manager's account id.")] = None,
    instructor: Annotated[list[str] | None, typer.Option(help="An instructor's account id.")] = None,
    country: Annotated[str, typer.Option(help="Its public holidays are none of the course's days: DE, DE-BY.")] = "",
    holiday: Annotated[list[str] | None, typer.Option(help="A free day, or DAY..DAY; a name may follow.")] = None,
    roster: Annotated[Path | None, typer.Option(help="People from a CSV file; see `cohort roster`.")] = None,
    as_json: Json = False,
) -> None:
    """Make a cohort, and print the code that learners join with."""
    from bot.app.accounts import find_accounts
    from bot.app.cohorts import CohortPlan, add_rows, create_cohort, holidays_for, name_member
    from bot.app.features import make_registry
    from bot.app.reaching import check_workspaces

    text, loaded = read_course(course)
    channels = dict(_pair(c) for c in channel or [])
    settings = load_settings()
    people = _people(roster) if roster else []
    team = [(Role.MANAGER, m) for m in manager or []] + [(Role.INSTRUCTOR, i) for i in instructor or []]
    plan = CohortPlan(
        code=code or f"{loaded.id.replace('_', '-').strip('-')}-{start:%Y-%m-%d}",
        course_text=text,
        starts_on=start.date(),
        zone=zone,
        workspace=workspace,
        channels=channels,
        title=title,
        file=str(course),
        holidays=holidays_for(loaded, start.date(), country, holiday or []),
        country=country,
    )
    check_workspaces(settings, [workspace, *(row.workspace for row in people)])
    learners = sum(row.role is Role.LEARNER for row in people)
    _ask_about(loaded, plan, learners, present_clock(settings).now())
    with opened(plan.code) as storage:
        added: list[str] = []
        accounts = [*(user for _, user in team), *_without_workspace(people)]
        where = workspace or _implied(storage, accounts, [*channels.values()])
        found = find_accounts(settings, people, where, str(roster))
        led = find_accounts(settings, [Row(user, role=role) for role, user in team], where)

        def fill(turn: Turn[Any], cohort: Cohort) -> None:
            for row in led:
                name_member(turn, cohort, where, row)
            added.extend(add_rows(turn, cohort, found, where))

        cohort, join_code = create_cohort(storage, make_registry(), replace(plan, workspace=where), fill)
    if as_json:
        show_json({"code": cohort.code, "title": cohort.title, "join_code": join_code})
    else:
        say(f"{cohort.title} ({cohort.code}) starts {cohort.starts_on}.")
        if people:
            say(f"{added.count('added')} of the roster are in it.")
        say(f"Learners join with  /cohort join {join_code}")
        if not cohort.channels:
            say(f"It has no channels yet. {_where(settings)}")
            say(f"/cohort setup {join_code}")


def _where(settings: Settings) -> str:
    """Who connects a cohort, on the platforms that are configured."""
    slack = "In Slack, an administrator of the workspace writes:"
    discord = "In Discord, whoever manages the server writes (with the code in the option 'code'):"
    if settings.slack and settings.discord:
        return f"{slack[:-1]} (in Discord, whoever manages the server, with the code in the option 'code'):"
    return slack if settings.slack else discord if settings.discord else "In the sandbox, write:"


def _ask_about(course: Course, plan: CohortPlan, learners: int, now: datetime) -> None:
    """Asks before a cohort starts in the past. Without a terminal it is only said."""
    from bot.course.calendar import behind
    from bot.features.enrolment.setup_views import over

    if not is_zone(plan.zone):
        return
    table = Timetable(plan.starts_on, plan.zone, frozenset(plan.holidays or {}))
    if plan.starts_on >= local_day(now, plan.zone):
        return
    past = over(behind(course, table, plan.zone, now), learners)
    said = f"The start {plan.starts_on} lies in the past. {past}"
    if sys.stdin.isatty():
        typer.confirm(f"{said} Make the cohort?", abort=True)
    else:
        typer.echo(said, err=True)


@app.command("list", epilog="Example: pacekeeper cohort list --json")
def list_cohorts(
    as_json: Json = False, every: Annotated[bool, typer.Option("--all", help="Also those that have ended.")] = False
) -> None:
    """The cohorts that run, with their codes; --all: also those that have ended."""
    with opened() as storage:
        rows = storage.run_now(
            lambda unit: [
                (c, len(unit.people.members(c.id, Role.LEARNER)), unit.store("enrolment").join_code(c.id))
                for c in (*unit.people.cohorts(), *(unit.people.cohorts(ended=True) if every else ()))
            ]
        )
    if as_json:
        show_json([_as_json(c, learners, join) for c, learners, join in rows])
        return
    show_table(
        ("code", "title", "starts", "zone", "learners", "join code"),
        [
            (c.code, c.title, c.starts_on, c.zone, learners, "ended" if c.ended_at else join)
            for c, learners, join in rows
        ],
        "No cohort runs. Make one: pacekeeper cohort create COURSE --start DATE --zone ZONE. "
        "Those that have ended: pacekeeper cohort list --all",
    )


@app.command(epilog="Example: pacekeeper cohort name demo-2026 omar manager")
def name(
    code: Annotated[str, typer.Argument(help="The cohort's code, or the one that people join with.")],
    account: Annotated[str, typer.Argument(help="The account's id, e-mail address (Slack) or name.")],
    role: Annotated[Role, typer.Argument(help="learner, instructor or manager.")],
    workspace: Annotated[str, typer.Option(help="The account's workspace; the cohort's by default.")] = "",
) -> None:
    """Give an account a role in a cohort: how the first manager comes in."""
    from bot.app.accounts import find_accounts
    from bot.app.cohorts import find_cohort, name_member, turn_in
    from bot.app.features import make_registry
    from bot.app.reaching import check_workspaces

    def work(turn: Turn[Any]) -> tuple[Cohort, list[str]]:
        name_member(turn, turn.here, where, row)
        person = turn.people.owner(Account(row.workspace or where, row.account))
        held = turn.people.memberships(person.id) if person else ()
        return turn.here, [m.role.value for m in held if m.cohort == turn.here.id and m.role is not role]

    with opened() as storage:
        cohort = storage.run_now(lambda unit: find_cohort(unit, code))
        check_workspaces(load_settings(), [workspace])
        where = workspace or cohort.workspace or _implied(storage, [account])
        (row,) = find_accounts(load_settings(), [Row(account, role=role)], where)
        cohort, others = turn_in(storage, make_registry(), cohort.code, "enrolment", work)
    screen.print(f"{account} is {role.value} of {cohort.title} now.")
    if others:
        screen.print(f"They are also {' and '.join(others)} of it. `/cohort setup` takes a role away.")


@app.command(epilog="Example: pacekeeper cohort roster demo-2026 people.csv")
def roster(
    code: Annotated[str, typer.Argument(help="The cohort's code.")],
    file: Annotated[
        Path,
        typer.Argument(
            help="A CSV file with account (an id, an e-mail address or a name), and name, role, zone, workspace."
        ),
    ],
    workspace: Annotated[str, typer.Option(help="The accounts' workspace; the cohort's by default.")] = "",
    as_json: Json = False,
) -> None:
    """Bring people into a cohort from a CSV file, all or nobody. It may be run again; whoever is not listed stays."""
    from bot.app.accounts import find_accounts
    from bot.app.cohorts import enrol_roster, find_cohort
    from bot.app.features import make_registry
    from bot.app.reaching import check_workspaces

    people = _people(file)
    with opened() as storage:
        cohort = storage.run_now(lambda unit: find_cohort(unit, code))
        check_workspaces(load_settings(), [workspace, *(row.workspace for row in people)])
        where = workspace or cohort.workspace or _implied(storage, _without_workspace(people))
        people = find_accounts(load_settings(), people, where, str(file))
        done = enrol_roster(storage, make_registry(), cohort, people, where)
    if as_json:
        show_json({"rows": len(people), "added": done.added, "left": done.left, "zones_changed": done.moved})
        return
    screen.print(f"{done.added} of {len(people)} are new in {cohort.title}.")
    if done.moved:
        screen.print(f"{done.moved} got another zone.")
    if done.left:
        screen.print(f"{done.left} had left it, and stay out. They come back with the join code, or by `cohort name`.")


def _without_workspace(people: Sequence[Row]) -> list[str]:
    return [row.account for row in people if not row.workspace]


def _implied(storage: SqlStorage, accounts: Sequence[str], channels: Sequence[str] = ()) -> str:
    """The default workspace for these accounts and channels; see `default_workspace`. Without any of them no workspace
    is needed, so nothing is refused."""
    if not accounts and not channels:
        return SANDBOX
    from bot.app.reaching import reached_by

    settings = load_settings()
    known: Sequence[str] = storage.run_now(lambda unit: unit.store("enrolment").workspaces())
    if settings.connects and not [workspace for workspace in known if workspace != SANDBOX]:
        known = list(reached_by(settings).names)  # before the first start
    return default_workspace(settings.connects, known, accounts, channels)


def _people(file: Path) -> list[Row]:
    return read_roster(read_file(file, "a CSV file"), str(file))


def _pair(text: str) -> tuple[str, str]:
    purpose, equals, channel = text.partition("=")
    if not equals or not channel:
        raise Malformed(f"--channel {text!r}: write PURPOSE=CHANNEL, such as main=general.")
    return purpose, channel


def _as_json(cohort: Cohort, learners: int, join_code: str) -> dict[str, object]:
    return {
        "code": cohort.code,
        "title": cohort.title,
        "starts_on": cohort.starts_on.isoformat(),
        "zone": cohort.zone,
        "ended_at": cohort.ended_at.isoformat() if cohort.ended_at else None,
        "learners": learners,
        "join_code": join_code,
        "channels": {c.purpose: c.place.channel for c in cohort.channels},
    }
