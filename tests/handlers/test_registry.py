"""The registry: every module that registers something is found by itself, in the rooms' order."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from handlers import registry

HANDLERS = Path(registry.__file__).parent


def test_every_file_that_registers_is_loaded_and_none_twice() -> None:
    registering = {
        ".".join(path.relative_to(HANDLERS.parent).with_suffix("").parts)
        for path in HANDLERS.rglob("*.py")
        if path.read_text(encoding="utf-8").count("\n@command(")
        or path.read_text(encoding="utf-8").count("\n@action(")
    }
    loaded = [module.__name__ for module in registry.MODULES]
    assert registering - set(loaded) == set()
    assert len(loaded) == len(set(loaded))


def test_the_rooms_are_loaded_in_their_order_and_each_in_that_of_the_alphabet() -> None:
    loaded = [module.__name__.removeprefix("handlers.") for module in registry.MODULES]
    rooms = list(dict.fromkeys(name.partition(".")[0] for name in loaded if "." in name))
    assert tuple(rooms[: len(registry.ROOMS)]) == registry.ROOMS
    for room in rooms:
        of_room = [name for name in loaded if name.startswith(f"{room}.")]
        assert of_room == sorted(of_room)


def test_a_start_loads_no_library_that_draws() -> None:
    code = "import sys, handlers.registry; print('matplotlib' in sys.modules)"
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
