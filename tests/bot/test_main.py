"""The command `repmate`, as an installed package has it, is the command line of `python -m bot`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from pkgutil import resolve_name

from typer import Typer
from typer.testing import CliRunner

HOUSE = Path(__file__).resolve().parents[2]


def entry_point() -> object:
    project = tomllib.loads((HOUSE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return resolve_name(project["scripts"]["repmate"])


def test_the_installed_command_names_something_that_can_be_called() -> None:
    assert callable(entry_point())


def test_the_installed_command_lists_what_it_can_do() -> None:
    cli = entry_point()
    assert isinstance(cli, Typer)
    shown = CliRunner().invoke(cli, ["--help"])
    assert shown.exit_code == 0
    for command in ("run", "terminal", "cards", "slack"):
        assert command in shown.output
