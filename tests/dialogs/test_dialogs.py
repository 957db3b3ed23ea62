"""Every dialog file holds on every platform: rep says, bot says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet

from tests.dialogs import script
from tests.dialogs.script import Move
from tests.dialogs.shown import Shown
from tests.dialogs.stages import STAGES, Stage

TURNS = [(language, platform) for platform in STAGES for language in ("en", "zh")]
DAYS = Path(__file__).parent / "days"
FILES = sorted(DAYS.rglob("*.txt"))


def _module(path: Path) -> str:
    """Whose dialog it is, by room and module: `selling/move`."""
    return path.relative_to(DAYS).with_suffix("").as_posix().rpartition(".")[0]


MODULES = sorted({_module(path) for path in FILES})


def _played() -> Iterator[ParameterSet]:
    """Every dialog on every platform: at once in one language on one, the rest in the slow run.

    Neighbours in the alphabet take turns, so that each language is heard on each platform.
    """
    for path in FILES:
        language = path.stem.rpartition(".")[2]
        at_once = TURNS[MODULES.index(_module(path)) % len(TURNS)]
        for platform in STAGES:
            marks = () if (language, platform) == at_once else (pytest.mark.slow,)
            name = f"{_module(path)}.{language}-{platform}"
            yield pytest.param(path, platform, id=name, marks=marks)


@pytest.mark.parametrize(("path", "platform"), [*_played()])
async def test_dialog_holds(path: Path, platform: str, tmp_path: Path) -> None:
    language = path.stem.rpartition(".")[2]
    async with STAGES[platform](tmp_path, language) as stage:
        for move in script.read(path):
            await _play(stage, move, path.name)


def test_every_dialog_is_told_in_both_languages() -> None:
    told = {path.stem.rpartition(".")[0::2] for path in FILES}
    assert {language for _name, language in told} == {"en", "zh"}


async def _play(stage: Stage, move: Move, name: str) -> None:
    if move.kind == "says":
        await stage.says(move.who, move.what)
    elif move.kind == "taps":
        await stage.taps(move.who, move.what)
    elif move.kind == "does":
        await stage.does(move.who, move.what)
    elif move.kind == "waits":
        await stage.waits(move.what)
    else:
        _check(stage.seen(move.who), move, f"{name}:{move.number} on {stage.name}")


def _check(seen: list[Shown], move: Move, where: str) -> None:
    told = "\n--\n".join(f"{shown.text}\n{list(shown.buttons)}" for shown in seen)
    if move.kind == "misses":
        assert all(move.what not in shown.text for shown in seen), f"{where}: {move.what!r}\n{told}"
        return
    labels = script.taps(move.what)
    if labels:
        assert any(set(labels) <= set(shown.buttons) for shown in seen), (
            f"{where}: no message has {labels}\n{told}"
        )
    else:
        assert any(move.what in shown.text for shown in seen), (
            f"{where}: no message says {move.what!r}\n{told}"
        )
