"""A house rule: no fast test depends on how fast the machine is, or waits for time to pass."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.test_house import HOUSE, name_of, sources

CLOCKS = ("time", "monotonic", "perf_counter", "process_time", "thread_time")
CLOCK_CALLS = {f"{name}{unit}" for name in CLOCKS for unit in ("", "_ns")} | {"default_timer"}
NOT_FAST = {"bench", "faults", "postgres", "slow"}
MAY_READ_A_CLOCK = {
    "tests/fakes/botapi/server.py": "a server has a clock; a test about time gives its own",
    "tests/fakes/botapi/world.py": "notes when a message came, for the bench",
    "tests/fakes/slackapi/server.py": "a server has a clock; it stands still until a test moves it",
}
MAY_SLEEP = {
    "tests/bot/semantic/office_with_model.py": "waits for another thread, however long that takes",
    "tests/fakes/botapi/door.py": "a slow server, which only the bench and the fault tests ask for",
}


def test_no_fast_test_reads_a_wall_clock() -> None:
    """What takes long is measured by `make bench`; a test that must measure is `slow`."""
    found = {name_of(path): clocks for path in fast_files() if (clocks := [*clocks_read(path)])}
    assert set(found) == set(MAY_READ_A_CLOCK), found


def test_no_fast_test_sleeps() -> None:
    found = {name_of(path): slept for path in fast_files() if (slept := [*sleeps(path)])}
    assert set(found) == set(MAY_SLEEP), found


@pytest.mark.parametrize(
    ("code", "reads"),
    [
        ("time.perf_counter()", True),
        ("asyncio.get_running_loop().time()", True),
        ("timeit.default_timer()", True),
        ("from time import monotonic", True),
        ("from time import perf_counter_ns as now", True),
        ("def f(watch=time.monotonic): ...", True),
        ("datetime.now(UTC).time()", False),
        ("from datetime import time\ntime(9, 30)", False),
        ("@pytest.mark.slow\ndef test_it():\n    time.time()", False),
        ("pytestmark = pytest.mark.slow\ntime.time()", False),
        ("@pytest.mark.parametrize('n', [1])\ndef test_it(n):\n    time.time()", True),
    ],
)
def test_a_clock_is_told_from_a_time_of_day(tmp_path: Path, code: str, reads: bool) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(code, encoding="utf-8")
    assert bool(list(clocks_read(path))) is reads


@pytest.mark.parametrize(
    ("code", "sleeps_"),
    [
        ("await asyncio.sleep(0.3)", True),
        ("time.sleep(seconds)", True),
        ("await asyncio.sleep(0)", False),
        ("@pytest.mark.faults\nasync def test_it():\n    await asyncio.sleep(1)", False),
    ],
)
def test_a_sleep_is_told_from_letting_others_run(tmp_path: Path, code: str, sleeps_: bool) -> None:
    path = tmp_path / "test_it.py"
    path.write_text(code, encoding="utf-8")
    assert bool(list(sleeps(path))) is sleeps_


def fast_files() -> list[Path]:
    """The files of fast tests and what they stand on. Programs that only print are left out."""
    files = [(path.relative_to(HOUSE).parts, path) for path in sources("tests")]
    return [
        path
        for parts, path in files
        if parts[1] not in ("bench", "faults") and parts[-1] != "__main__.py"
    ]


def clocks_read(path: Path) -> Iterator[str]:
    """Where the fast tests of a file name a clock that goes by itself: line and name."""
    for node in fast_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module in ("time", "timeit"):
            yield from (f"{node.lineno} {one.name}" for one in node.names)
        elif isinstance(node, ast.Attribute) and node.attr in CLOCK_CALLS:
            owner = ast.unparse(node.value)
            if owner in ("time", "timeit", "loop") or owner.endswith("_loop()"):
                yield f"{node.lineno} {owner}.{node.attr}"


def sleeps(path: Path) -> Iterator[str]:
    """Where the fast tests of a file let time pass, other than to let other tasks run."""
    for node in fast_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            call = ast.unparse(node)
            if call.startswith(("asyncio.sleep(", "time.sleep(")) and not call.endswith("(0)"):
                yield f"{node.lineno} {call}"


def fast_nodes(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a file without those of tests that are marked as not fast."""
    if not marks_of(node) & NOT_FAST:
        yield node
        for child in ast.iter_child_nodes(node):
            yield from fast_nodes(child)


def marks_of(node: ast.AST) -> set[str]:
    """The pytest marks of a test, or those that a file gives to all of its tests."""
    marks: list[ast.AST] = []
    if isinstance(node, ast.Module):
        marks = [one for one in node.body if ast.unparse(one).startswith("pytestmark = ")]
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        marks = [*node.decorator_list]
    return {name for mark in marks for name in re.findall(r"mark\.(\w+)", ast.unparse(mark))}
