"""The tables that the bot itself needs, without any feature: people, cohorts, inbox and outbox."""

from dataclasses import replace

from bot.core.keeping import KeptTable
from bot.core.translation import N_

_TABLES = (
    KeptTable(
        "people",
        "Your name, time zone and message hour",
        of="id",
        erasure="unnamed",
        blank={"name": "Somebody", "zone": "UTC", "picked_zone": False, "hour": 9},
        why="emptied; a number stays, since what you took part in points to it",
    ),
    KeptTable(
        "former_names",
        "A name that you had before: it is looked for, too, in what is shown to others without your name",
        of="person",
        until="180 days after it changed",
    ),
    KeptTable("accounts", "An account of yours on a platform", of="person"),
    KeptTable("link_codes", "A code that links a second account of yours", of="person", until="15 minutes"),
    KeptTable(
        "memberships",
        "That you were in a cohort, in which role, from when until when",
        of="person",
        erasure="unnamed",
        why="without a name it says only that the cohort had a member",
    ),
    KeptTable("cohorts", "A cohort: its dates and its course file"),
    KeptTable("channels", "A channel of a cohort"),
    KeptTable("holidays", "A day on which a cohort's course stands still"),
    KeptTable("group_roles", "A platform's group that gives a role in a cohort"),
    KeptTable(
        "audit",
        "What you did in the role of the course team, and when",
        of="person",
        quotes=("act",),
        erasure="unnamed",
        why="the course team answers for what it did",
    ),
    KeptTable(
        "inbox", "A chat event that waits or failed, or (only its key) was handled", until="14 days; failed ones longer"
    ),
    KeptTable("cursors", "How far a channel was read"),
    KeptTable(
        "interactions",
        "The answer to a command, a press or a form, for when it is delivered again",
        quotes=("answer",),
        until="14 days",
    ),
    KeptTable(
        "drafts",
        "What you typed into a form",
        of="person",
        quotes=("form",),
        documents=("values_json",),
        until="7 days",
    ),
    KeptTable(
        "outbox",
        "A message on its way to you; once sent, without its words",
        of="person",
        quotes=("body",),
        until="14 days",
    ),
    KeptTable("refs", "Where a message of the bot stands"),
    KeptTable("due", "Something planned for you", of="person"),
    KeptTable(
        "doors", "A session of yours on the pages, or an invitation to one", of="person", until="a day after it ended"
    ),
    KeptTable("files", "A file that you sent in", of="person", until="as long as the bot runs; 30 days if unused"),
    KeptTable("erasures", "That an account was erased, as a hash that names nobody, and when"),
    KeptTable("leases", "Which process runs on the database"),
    KeptTable("last_run", "When the bot last ran"),
    KeptTable("outages", "When the bot was down"),
)

KEPT = tuple(replace(table, purpose=N_("So that I know you, and can write to you")) for table in _TABLES)
