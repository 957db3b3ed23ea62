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
    one_command: Annotated[
        bool, typer.Option("--one-command", help="Everything under /rep.")
    ] = False,
    assistant_view: Annotated[
        bool,
        typer.Option(
            "--assistant-view",
            help="Only for an app that has this view already: Slack refuses it for a new one and"
            " ends it in February 2027. Without this option your app gets the agent's view, and"
            " Slack takes no way back.",
        ),
    ] = False,
) -> None:
    """Writes the app's manifest, from the catalogue of commands and your settings.

    It is for a new app. Over an app with the assistant's view it brings the agent's view for good.
    """
    written = bootstrap.render_slack_manifest(
        read_settings(), one_command=one_command, assistant_view=assistant_view
    )
    if out == "-":
        typer.echo(written, nl=False)
        return
    path = Path(out)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(written, encoding="utf-8")
    except OSError as error:
        raise typer.BadParameter(f"{out}: {error.strerror}", param_hint="--out") from None
    where = "App Manifest of your app" if assistant_view else "Create New App"
    typer.echo(f"Wrote {path}: paste it at https://api.slack.com/apps, {where}.")
