"""The command line. Exit codes: 0 done, 1 failed, 2 usage, 3 findings."""

import sys
from importlib.metadata import version
from typing import Annotated

import typer

from bot.app import logs
from bot.app.cli import (
    backup,
    calendar,
    change,
    check,
    cohort,
    db,
    digest,
    doctor,
    ending,
    faq,
    features,
    importing,
    ledger,
    live,
    look,
    manifest,
    new,
    outbox,
    person,
    rehearse,
    run,
)
from bot.app.cli.output import FAILED, FINDINGS, MISUSED, errors
from bot.app.permissions import restrict_umask
from bot.core.errors import Malformed, NeedsOperator, PacekeeperError, reason
from bot.core.failures import trace
from bot.core.incoming import clean

app = typer.Typer(
    name="pacekeeper",
    help="Runs cohort courses asynchronously, in the chat where the people already are.",
    epilog="Example: pacekeeper run --sandbox",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("run", epilog="Example: pacekeeper run --sandbox")(run.run)
app.command("new", epilog='Example: pacekeeper new tea.yaml --title "Tea in two weeks"')(new.new)
app.command("check", epilog="Example: pacekeeper check courses/demo.yaml")(check.check_file)
app.command("doctor", epilog="Example: pacekeeper doctor --json")(doctor.doctor)
app.command("calendar", epilog="Example: pacekeeper calendar demo-2026 --zone Europe/Berlin --zone Asia/Kolkata")(
    calendar.show_calendar
)
app.command("live", epilog="Example: pacekeeper live demo-2026 --json")(live.show_live)
app.command("ledger", epilog="Example: pacekeeper ledger demo-2026 --json")(ledger.show_ledger)
app.command("digest", epilog="Example: pacekeeper digest all --week 3 --format html --out week.html")(
    digest.show_digest
)
app.command("look", epilog="Example: pacekeeper look export.zip calls.ics --out look")(look.look_at)
app.command("rehearse", epilog="Example: pacekeeper rehearse courses/demo.yaml --start 2026-03-02 --out rehearsal")(
    rehearse.rehearse
)
app.command("backup", epilog="Example: pacekeeper backup /backups/2026-03-02.tar")(backup.backup)
app.command("restore", epilog="Example: pacekeeper restore /backups/2026-03-02.tar")(backup.restore)
cohort.app.command("change", epilog="Example: pacekeeper cohort change demo-2026 --start 2026-03-09 --country DE")(
    change.change
)
cohort.app.command("close", epilog="Example: pacekeeper cohort close demo-2026")(ending.close)
cohort.app.command("reopen", epilog="Example: pacekeeper cohort reopen demo-2026")(ending.reopen)
cohort.app.command("archive", epilog="Example: pacekeeper cohort archive demo-2026 --out demo-2026")(ending.archive)
app.command("slack-manifest", epilog="Example: pacekeeper slack-manifest > manifest.yaml")(manifest.slack_manifest)
app.command("certificate", epilog="Example: pacekeeper certificate ABCD-EFGH-JKMN --html certificate.html")(
    ending.certificate
)
faq.app.command("import", epilog="Example: pacekeeper faq import export.zip --cohort demo-2026")(
    importing.import_history
)
app.command("features", epilog="Example: pacekeeper features --json")(features.features)
app.add_typer(cohort.app, name="cohort")
app.add_typer(faq.app, name="faq")
app.add_typer(person.app, name="person")
app.add_typer(outbox.app, name="outbox")
app.add_typer(db.app, name="db")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"pacekeeper {version('pacekeeper')}")
        raise typer.Exit


@app.callback()
def _root(
    wanted: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main() -> None:
    """The entry point. Our own errors print one line, never a traceback."""
    restrict_umask()
    logs.set_up()
    try:
        # Bytes that are not UTF-8 arrive as lone surrogates, which cannot be stored or printed.
        app(args=[clean(argument) for argument in sys.argv[1:]])
    except PacekeeperError as e:
        errors.print(str(e), style="red", markup=False, soft_wrap=True)
        sys.exit(FINDINGS if isinstance(e, NeedsOperator) else MISUSED if isinstance(e, Malformed) else FAILED)
    except Exception as e:
        # SQLAlchemy wraps the database's own errors.
        cause = getattr(e, "orig", None) or e
        if isinstance(cause, OSError) or type(cause).__name__ in ("OperationalError", "DatabaseError"):
            said = f"The data cannot be used: {reason(e)}. `pacekeeper doctor` looks at it."
        else:
            said = "Pacekeeper failed in a way that it does not know. Please report these lines; they hold no data:\n"
            said += trace(e)
        errors.print(said, style="red", markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
