"""`pacekeeper faq`: the FAQ, out of the chat."""

import typer

app = typer.Typer(help="The FAQ that the course's questions became.", no_args_is_help=True)
