"""`pacekeeper slack-manifest`: the Slack app's manifest."""

from typing import Annotated

import typer

from bot.core.errors import Malformed


def slack_manifest(
    address: Annotated[
        str, typer.Option(help="For HTTP events: where Slack reaches you, such as https://course.example.org.")
    ] = "",
) -> None:
    """Write the manifest of the Slack app, to be pasted at api.slack.com/apps. Without an address: for Socket Mode."""
    # Imported here because the adapter takes half a second to import.
    from adapters.slack.http import PATH
    from adapters.slack.manifest import write
    from bot.app.features import make_registry

    if address and not address.startswith("https://"):
        raise Malformed("--address: write an address that begins with https://, such as https://course.example.org.")
    registry = make_registry()
    url = f"{address.rstrip('/').removesuffix(PATH)}{PATH}" if address else ""
    typer.echo(write(registry.commands, registry.shortcuts, url), nl=False)
