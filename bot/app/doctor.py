"""The checks of `pacekeeper doctor`: files, database, connections and queues."""

import asyncio
import os
import shutil
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path

from adapters.shared.pictures import can_draw
from bot.app import condition, folder, permissions
from bot.app.cli.opening import present_clock
from bot.app.connections import connect
from bot.app.features import FEATURES
from bot.app.reaching import reached
from bot.app.settings import Settings, unconnected
from bot.app.workspaces import SANDBOX
from bot.core.errors import DeliveryError, PacekeeperError, reason
from bot.core.people import Cohort, Place
from bot.core.ports import Adapter, Finding
from bot.core.time import say_span
from bot.course.audit import WORDS_ALONE
from bot.course.loader import course_of
from bot.runtime.ports import Unit

PATIENCE = 30.0
"""Seconds for a platform to answer."""

LOW_DISK = 200 * 2**20
"""Free bytes below which `doctor` warns."""


def examine(settings: Settings, complete: bool = True) -> list[Finding]:
    """All findings, in the order in which they are shown. Without a usable data folder nothing in it is examined.
    `complete`: False where wrong settings are left out, which may be tokens."""
    found = [*folder.findings(settings.data_dir)]
    if any(f.fix for f in found):
        return [*found, _zones(), *asyncio.run(_connections(settings, complete, None, ()))]
    copy, cohorts = condition.restored(settings), list[Cohort]()
    return [
        *(*found, _disk(settings.data_dir), *_private(settings), _zones()),
        *([copy] if copy else []),
        *_database(settings, cohorts),
        *asyncio.run(_connections(settings, complete, settings.data_dir, cohorts)),
    ]


def _disk(data: Path) -> Finding:
    where = folder.nearest(data)
    free = shutil.disk_usage(where).free
    fix = "Make room: with a full disk nothing can be saved." if free < LOW_DISK else ""
    return Finding("Disk", f"{free / 2**30:.1f} GiB free at {where.resolve()}", fix)


def _private(settings: Settings) -> list[Finding]:
    others = [Path(os.environ.get("PACEKEEPER_CONFIG", ".env"))]
    if (file := _file(settings)) is not None:
        others.append(file)
    return permissions.findings(settings.data_dir, *others)


def _file(settings: Settings) -> Path | None:
    from storage.sql.condition import file_of

    return file_of(settings.database)


async def _connections(
    settings: Settings, complete: bool, data: Path | None, cohorts: Sequence[Cohort]
) -> list[Finding]:
    """The findings of all platforms, checked concurrently. `data` is the folder for the adapters' own files; `cohorts`
    are those that run, whose channels are looked at."""
    if not settings.connects:
        if not complete:
            return []
        sandbox = data is not None and (data / "sandbox.db").exists()
        fix = "" if sandbox else f"{unconnected()} Or: pacekeeper run --sandbox"
        return [Finding("Connections", "the sandbox alone" if sandbox else "nothing is connected", fix)]
    try:
        adapters, _ = connect(settings, data, makes=False)
    except PacekeeperError as e:
        return [Finding("Connections", str(e), "Install that part, or take the token out of the settings.")]
    used = {c.place: f"Cohort {cohort.code}, {c.purpose}" for cohort in cohorts for c in cohort.channels}
    found, here = await asyncio.gather(
        asyncio.gather(*(_checked(adapter, used) for adapter in adapters)), reached(adapters)
    )
    elsewhere = {place.workspace: use for place, use in reversed(used.items()) if place.workspace != SANDBOX}
    fix = "Set the token of that workspace, or write `/cohort setup` with the cohort's code in the right one."
    strangers = [Finding(use, why, fix) for where, use in elsewhere.items() if (why := here.stranger(where))]
    return [*(finding for findings in found for finding in findings), *(strangers if complete else ())]


async def _checked(adapter: Adapter, used: Mapping[Place, str]) -> Sequence[Finding]:
    name = type(adapter).__name__
    try:
        async with asyncio.timeout(PATIENCE):
            return await adapter.check(used)
    except (DeliveryError, TimeoutError) as e:
        why = str(e) or f"no answer within {PATIENCE:.0f} s"
        return [Finding(name, f"cannot be reached: {why}", "Is this machine online, and the token right?")]


def _zones() -> Finding:
    return Finding("Time zones", f"tzdata {version('tzdata')}")


def _unmade(settings: Settings) -> list[Finding]:
    return [Finding("Database", "not made yet; the first start makes it", sure=False), _no_cohort(settings)]


def _no_cohort(settings: Settings) -> Finding:
    """Also what a mistyped data folder looks like, so it is named."""
    where = settings.data_dir.resolve()
    return Finding("Cohorts", f"none yet in {where}: make one with `pacekeeper cohort create`", sure=False)


def _pictures() -> list[Finding]:
    if can_draw():
        return []
    return [Finding("Pictures", "left out of messages in chats; pacekeeper[pictures] draws them", sure=False)]


def _doubles(unit: Unit) -> list[Finding]:
    """People whom an older version stored once for each server: each gets twice the messages of one person."""
    found = []
    for same in unit.people.doubles():
        listed = ", ".join(f"{p.name} (#{p.id})" for p in same)
        if all(unit.people.memberships(p.id) for p in same):
            later = "each goes on in a course of their own; once one is over, `/cohort link` there makes them one"
            found.append(Finding("Stored twice", f"{listed}: {later}"))
        else:
            fix = "They write `/cohort link` in the server of their course, and its code in the other one."
            found.append(Finding("Stored twice", listed, fix))
    return found


def _database(settings: Settings, running: list[Cohort]) -> list[Finding]:
    """Adds the cohorts to `running`."""
    from bot.app.compose import open_storage
    from storage.sql.migrate import versions

    try:
        if wrong := condition.findings(settings, thorough=True):
            return wrong
        if (file := _file(settings)) is not None and not file.exists():
            return _unmade(settings)
        clock = present_clock(settings)
        now = clock.now()
        storage = open_storage(settings.database, clock)
        current, newest = versions(storage.engine)
    except PacekeeperError as e:
        state, _, fix = str(e).partition(". ")
        return [Finding("Database", state, fix or "Check PACEKEEPER_DATABASE_URL.")]
    except Exception as e:
        fix = "Check PACEKEEPER_DATABASE_URL and that it runs."
        return [Finding("Database", f"cannot be opened: {reason(e)}", fix)]
    if current is None:
        return _unmade(settings)
    if current != newest:
        return [Finding("Database", f"schema {current}, newest {newest}", "Run `pacekeeper db upgrade`.")]
    found = [Finding("Database", f"{storage.engine.dialect.name}, schema {current}")]
    try:
        counts, cohorts, next_out, aside, failed = storage.run_now(
            lambda u: (u.outbox.counts(), u.people.cohorts(), u.outbox.next_at(), u.inbox.aside(), u.schedule.failed())
        )
        doubles = storage.run_now(_doubles)
    except PacekeeperError as e:
        return [*found, Finding("Writing", str(e), "Check free space and that no other program locks the database.")]
    finally:
        storage.close()
    dead = counts.get("dead", 0)
    found.append(
        Finding(
            "Messages given up",
            str(dead),
            "See `pacekeeper outbox list`, then `outbox retry`." if dead else "",
        )
    )
    if next_out is not None and next_out < now:
        waits = now - next_out
        found.append(
            Finding(
                "Oldest waiting message",
                say_span(waits),
                "Is the bot running? Start it with `pacekeeper run`." if waits.total_seconds() > 600 else "",
            )
        )
    found.append(Finding("Events set aside", str(aside), "Look for 'set aside' in the log." if aside else ""))
    retry = "See the log for why; then `pacekeeper outbox retry`." if failed else ""
    found.append(Finding("Planned things that failed", str(failed), retry))
    running += cohorts
    found += doubles
    found.append(Finding("Cohorts", str(len(cohorts))) if cohorts else _no_cohort(settings))
    found += _pictures() if cohorts else []
    found += [finding for feature in FEATURES for examine in feature.examinations for finding in examine(cohorts)]
    for cohort in cohorts:
        course = course_of(cohort.course_text)
        if not course.is_english:
            found.append(Finding(f"Cohort {cohort.code}", f"its language is {course.language}, so {WORDS_ALONE}"))
        if not cohort.channels:
            found.append(
                Finding(
                    f"Cohort {cohort.code}",
                    "has no channel",
                    "Write `/cohort setup` in a channel, as its manager or with the cohort's code.",
                )
            )
    return found
