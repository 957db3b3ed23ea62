"""`python -m bot slack`: the app's manifest, and a key for the workspaces' tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bot import bootstrap
from bot.cli.exits import read_settings

cli = typer.Typer(no_args_is_help=True, help="What connecting Slack takes.")


@cli.command()
def key() -> None:
    """Makes a key for SLACK_TOKEN_KEY."""
    typer.echo(bootstrap.make_slack_key())


@cli.command()
def manifest(
    out: Annotated[
        str, typer.Option(help="- for the standard output.")
    ] = "bot/slack/manifest.yaml",
    one_command: Annotated[bool, typer.Option(help="Everything under /rep.")] = False,
) -> None:
    """Writes the app's manifest, from the catalogue of commands and your settings."""
    written = bootstrap.render_slack_manifest(read_settings(), one_command=one_command)
    if out == "-":
        typer.echo(written, nl=False)
        return
    path = Path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from None
    typer.echo(f"Wrote {path}: paste it at https://api.slack.com/apps, Create New App.")
