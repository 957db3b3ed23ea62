"""`python -m bot cards import|export|lint`: cards as files, on the configured database.

Exit codes: 0 all well, 1 something is broken or was found, 2 the command itself is wrong.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from bot.bootstrap import open_database
from bot.cli.exits import exit_on_known_errors, read_settings
from bot.clock import SystemClock
from handlers.cards.import_preview import render_details, render_result, render_summary
from handlers.cards.lint import count_findings, describe_finding
from handlers.cards.records import Author, import_rows, load_existing_cards, load_owner_names
from handlers.contract.desk import pipelines_of
from handlers.contract.reply import plain
from handlers.contract.words import Words, choose_words
from handlers.objections.index_cache import make_search_card
from handlers.reading import clean_text
from kb.funnel.stages.funnel_templates import load_funnel
from kb.objections.card import Card
from kb.objections.exchange.formats import FILE_BYTES, FORMATS, find_format, read_cards, write_cards
from kb.objections.exchange.import_plan import Plan, make_card, plan_import
from kb.objections.exchange.record import Row, Sheet, UnreadableFile
from kb.objections.lint import Finding, lint
from kb.objections.search import CardIndex
from storage.engine import Busy, Database
from storage.tables.people_and_deals import Team

CHUNK = 100  # cards a transaction
STREAM = "-"
Item = TypeVar("Item")

cli = typer.Typer(no_args_is_help=True, help="Objection cards as files: import, export, lint.")
TeamOption = Annotated[str, typer.Option(help="Which team, where there are several.")]
DbOption = Annotated[str, typer.Option(help="Database URL, or a SQLite file's path.")]


@cli.command("import")
def import_cards(
    file: Annotated[Path, typer.Argument(help=".xlsx, .csv, .md or .jsonl")],
    team: TeamOption = "",
    db: DbOption = "",
    dry_run: Annotated[bool, typer.Option(help="Only tell what it would change.")] = False,
    yes: Annotated[bool, typer.Option(help="Do not ask.")] = False,
    leave_doubles: Annotated[bool, typer.Option(help="Leave out what looks like a card.")] = False,
) -> None:
    """Imports the cards of a file, after showing what that would change."""
    with _open_database(db) as database:
        found = _choose_team(database, team)
        words = choose_words(found.language)
        plan = _plan_import(database, found, _read_sheet(file, words))
        _say(
            plain(render_summary(words, clean_text(file.name, 80), plan)),
            plain(render_details(words, plan)),
        )
        rows = plan.rows(leave_doubles=leave_doubles)
        if rows and not dry_run:
            _confirm(len(rows), yes=yes)
            _import_rows(database, found, rows, words, len(plan.near) if leave_doubles else 0)
    raise typer.Exit(1 if plan.broken else 0)


@cli.command("export")
def export_cards(
    file: Annotated[str, typer.Argument(help="The file to write; - for the standard output.")],
    team: TeamOption = "",
    db: DbOption = "",
    kind: Annotated[str, typer.Option("--format", help="csv, xlsx, md or jsonl.")] = "",
) -> None:
    """Writes all the team's cards into a file, in the format of its name."""
    chosen = next((each for each in FORMATS if each == kind), None) if kind else find_format(file)
    if chosen is None and (kind or file != STREAM):
        raise typer.BadParameter(f"the format is one of {', '.join(FORMATS)}")
    with _open_database(db) as database:
        found = _choose_team(database, team)
        with database.work() as memory:
            records = [card.record for card in load_existing_cards(memory, found.id)]
    content = write_cards(chosen or "csv", records, "zh" if found.language == "zh" else "en")
    if file == STREAM:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    try:
        _write_whole(Path(file), content)
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    _say(f"{len(records)} -> {file}")


@cli.command("lint")
def lint_cards(
    file: Annotated[
        Path | None, typer.Argument(help="A file of cards; the team's without.")
    ] = None,
    team: TeamOption = "",
    db: DbOption = "",
) -> None:
    """Lists what makes cards hard to find, to read or to trust: the cards in use, or a file's."""
    with _open_database(db) as database:
        found = _choose_team(database, team)
    words = choose_words(found.language)
    sheet = _read_sheet(file, words) if file is not None else Sheet()
    cards = _make_cards(sheet) if file is not None else _load_cards_in_use(database, found)
    today = SystemClock().now().date()
    own = pipelines_of(found)
    default = load_funnel("odds6").stages  # starter cards name these, whatever the team sells by
    stages = [stage.key for stage in (*default, *own.main.stages, *own.main.elsewhere)]
    with _show_spinner():
        findings = lint(cards, CardIndex(cards), today, stages)
    _say(*_render_findings(words, cards, findings))
    if sheet.broken:
        _say(plain(render_details(words, Plan(broken=sheet.broken, lines=sheet.lines))))
    raise typer.Exit(1 if findings or sheet.broken else 0)


def _write_whole(file: Path, content: bytes) -> None:
    """Writes a file completely or not at all: the old one stays until the new one is complete."""
    if file.exists() and not file.is_file():  # a pipe, or /dev/stdout
        file.write_bytes(content)
        return
    target = file.resolve()
    part = target.with_name(f".{target.name}.part")
    part.write_bytes(content)
    part.replace(target)


@contextmanager
def _open_database(db: str) -> Iterator[Database]:
    url = (db if "://" in db else f"sqlite:///{Path(db)}") if db else read_settings().database_url
    with exit_on_known_errors():
        database = open_database(url)
        try:
            yield database
        except Busy:
            _fail("The database is busy. Try again: what is in already is not put in twice.")
        finally:
            database.close()


def _choose_team(database: Database, name: str) -> Team:
    with database.work() as memory:
        teams = list(memory.members.list_teams())
    matches = [team for team in teams if team.name.casefold() == name.strip().casefold()]
    chosen = matches if name else teams
    if len(chosen) != 1:
        names = ", ".join(team.name for team in teams) or "none"
        raise typer.BadParameter(f"name one of the teams: {names}", param_hint="--team")
    return chosen[0]


def _read_sheet(file: Path, words: Words) -> Sheet:
    """The rows of the file; ends the command where it can't be read."""
    try:
        with file.open("rb") as opened:
            content = opened.read(FILE_BYTES + 1)
    except OSError as error:
        raise typer.BadParameter(f"{file}: {error.strerror}") from None
    try:
        return read_cards(file.name, content)
    except UnreadableFile as error:
        key = f"cards.import_file.refused_{error.reason}"
        _fail(words.line(key, file=clean_text(file.name, 80), limit=error.limit))


def _plan_import(database: Database, team: Team, sheet: Sheet) -> Plan:
    with database.work() as memory:
        existing = load_existing_cards(memory, team.id)
        owners = set(load_owner_names(memory, team.id).values())
    with _show_spinner():
        return plan_import(existing, sheet, CardIndex(_load_cards_in_use(database, team)), owners)


def _load_cards_in_use(database: Database, team: Team) -> list[Card]:
    now = SystemClock().now()
    with database.work() as memory:
        return [make_search_card(card, now) for card in memory.cards.list_approved(team.id)]


def _make_cards(sheet: Sheet) -> list[Card]:
    return [make_card(row.record, row.number) for row in sheet.rows]


def _confirm(count: int, *, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise typer.BadParameter("say --yes to import, or --dry-run only to look")
    typer.confirm(f"Import {count}?", abort=True)


def _import_rows(
    database: Database, team: Team, rows: Sequence[Row], words: Words, left_out: int
) -> None:
    touched = []
    for chunk in _show_progress([rows[at : at + CHUNK] for at in range(0, len(rows), CHUNK)]):
        with database.work() as memory:
            author = Author(team.id, None, SystemClock().now())
            touched += import_rows(memory, author, chunk)
    _say(plain(render_result(words, touched, left_out)))


def _show_progress(chunks: Sequence[Item]) -> Iterator[Item]:
    """The chunks, with a progress bar where a person watches a long import."""
    if len(chunks) < 2 or not sys.stdout.isatty():
        yield from chunks
        return
    from rich.progress import track  # noqa: PLC0415 needed only for somebody who watches

    yield from track(chunks, description="", transient=True)


def _show_spinner() -> AbstractContextManager[object]:
    """A spinner where a person watches: every phrasing is looked up, which may take a while."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console  # noqa: PLC0415 as above

    return Console(stderr=True).status("…")


def _render_findings(
    words: Words, cards: Sequence[Card], findings: Sequence[Finding]
) -> Iterator[str]:
    objections = {card.id: card.objection for card in cards}
    for finding in findings:
        yield f"{objections[finding.card_id]}: {describe_finding(words, finding)} [{finding.rule}]"
    affected = len({finding.card_id for finding in findings})
    if not findings:
        yield words.line("cards.lint.nothing", n=len(cards))
        return
    listed = words.line("contract.common.comma").join(count_findings(words, findings))
    yield words.line("cards.lint.found", n=affected, all=len(cards)) + f" ({listed})"


def _say(*lines: str) -> None:
    for line in lines:
        if line:
            typer.echo(line)


def _fail(line: str) -> NoReturn:
    typer.echo(line, err=True)
    raise typer.Exit(1)
