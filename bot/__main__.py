"""The command line: `python -m bot run`, `terminal`, `cards` and `slack`."""

from __future__ import annotations

import asyncio
import io
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import TerminalOptions, run_terminal, serve
from bot.cli import cards, slack
from bot.cli.exits import exit_on_wrong_values, read_settings
from bot.config import Settings
from bot.logs import set_up_logs
from handlers.contract.words import Language

cli = typer.Typer(add_completion=False, no_args_is_help=True, help="Repmate, the sales assistant.")
cli.add_typer(cards.cli, name="cards")
cli.add_typer(slack.cli, name="slack")
LanguageOption = Annotated[Language, typer.Option(help="The language of a new team.")]
NowOption = Annotated[str, typer.Option(help="The bot's clock: 2026-11-18T10:00+01:00.")]
NameOption = Annotated[str, typer.Option("--as", help="Who sits at the terminal.")]


@cli.command()
def run(language: LanguageOption = "en", now: NowOption = "", name: NameOption = "") -> None:
    """Serves Telegram and Slack when they have tokens, else the terminal with a sample team."""
    settings = read_settings()
    set_up_logs(settings)
    if settings.serves:
        _serve(settings)
    else:
        url = _find_sample_url(settings, language)
        _run_terminal(_add_model(TerminalOptions(url, name, language, now, sample=True), settings))


@cli.command()
def terminal(
    db: Annotated[str, typer.Option(help="Database URL, or a SQLite file's path.")] = "",
    name: NameOption = "",
    language: LanguageOption = "en",
    now: NowOption = "",
    sample: Annotated[
        bool, typer.Option(help="Fill an empty database with a sample team.")
    ] = False,
) -> None:
    """Talks to Repmate here, with no account anywhere."""
    settings = read_settings()
    set_up_logs(settings, quiet=True)
    url = _make_url(db) or settings.database_url
    _run_terminal(_add_model(TerminalOptions(url, name, language, now, sample), settings))


def _serve(settings: Settings) -> None:
    with exit_on_wrong_values():
        status = asyncio.run(serve(settings))
    if status:
        raise typer.Exit(status)


def _run_terminal(options: TerminalOptions) -> None:
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")  # a stray byte must not end the conversation
    try:
        with exit_on_wrong_values():
            asyncio.run(run_terminal(options, sys.stdin, sys.stdout))
    except KeyboardInterrupt:
        raise typer.Exit(0) from None


def _add_model(options: TerminalOptions, settings: Settings) -> TerminalOptions:
    model, prefix = settings.semantic_model, settings.semantic_prefix
    return replace(options, semantic_model=model, semantic_prefix=prefix)


def _find_sample_url(settings: Settings, language: Language) -> str:
    """The sample team's database: one for each language, unless DATABASE_URL is set."""
    if "database_url" in settings.model_fields_set or language == "en":
        return settings.database_url
    return settings.database_url.replace(".db", f"-{language}.db")


def _make_url(db: str) -> str:
    return db if not db or "://" in db else f"sqlite:///{Path(db)}"


if __name__ == "__main__":
    cli()
