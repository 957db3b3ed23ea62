"""The house rules that no linter knows: four rooms, short files, short functions, plain names."""

from __future__ import annotations

import ast
import io
import re
import statistics
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).resolve().parent.parent
ROOMS = ("bot", "handlers", "kb", "storage")
BESIDE = ("docs", "findings", "requirements", "tests")
MADE_BY_TOOLS = {"build", "dist", "repmate-files", "repmate.egg-info"}
LINES_OF_A_FILE = 350  # none is longer
LINES_OF_MOST_FILES = 250  # nine in ten are no longer
LINES_OF_A_FILE_AT_THE_MEDIAN = 120
LONGER_FOR_A_REASON: dict[str, str] = {}  # file: why it may be longer than any other
MODULES_IN_A_ROOM = 24
# What CONTRIBUTING has a newcomer write.
EXAMPLES = {
    "handlers/selling/star.py",
    "handlers/texts/selling/star.toml",
    "tests/dialogs/days/selling/star.en.txt",
}
SAID_OF_A_ROOM = ("Here: ", "Not here: ", "May ask: ")
LINES_OF_A_FUNCTION = 50
LINES_AT_THE_MEDIAN = 8
LINES_OF_THE_README = 150
SAYS_NOTHING = {"common", "helper", "helpers", "misc", "stuff", "tools", "util", "utils"}
MIGRATIONS = HOUSE / "storage" / "migrations" / "versions"
EXCEPTION = re.compile(r"#\s*(?:noqa|type:\s*ignore|ruff:|mypy:)")
NAMED_EXCEPTION = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*|type:\s*ignore\[[a-z, -]+\])"
)
SHORTEST_REASON = len("slow")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def sources(*rooms: str) -> list[Path]:
    found = [path for room in rooms for path in sorted((HOUSE / room).rglob("*.py"))]
    return [path for path in found if "__pycache__" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(HOUSE).as_posix()


def lines_in(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def functions_in(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, Function):
            yield node


def length_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def comments_in(path: Path) -> Iterator[tuple[int, str]]:
    text = io.StringIO(path.read_text(encoding="utf-8"))
    for token in tokenize.generate_tokens(text.readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def test_nothing_stands_beside_the_four_rooms_but_the_tests_and_the_locks() -> None:
    folders = {path.name for path in HOUSE.iterdir() if path.is_dir()}
    seen = {name for name in folders - MADE_BY_TOOLS if not name.startswith((".", "__"))}
    assert seen == {*ROOMS, *BESIDE}


def test_no_code_lies_loose_beside_the_rooms() -> None:
    assert [path.name for path in HOUSE.glob("*.py")] == []


def test_files_stay_within_their_budget() -> None:
    """The budget serves the reader: no idea is cut in two to meet it, and few files are long."""
    lengths = {name_of(path): lines_in(path) for path in written_by_hand()}
    long = {name: n for name, n in lengths.items() if n > LINES_OF_A_FILE}
    assert long.keys() == LONGER_FOR_A_REASON.keys()
    assert statistics.median(lengths.values()) <= LINES_OF_A_FILE_AT_THE_MEDIAN
    assert statistics.quantiles(lengths.values(), n=10)[-1] <= LINES_OF_MOST_FILES


def test_every_function_fits_in_50_lines() -> None:
    long = [
        f"{name_of(path)}:{function.lineno} {function.name} has {length_of(function)} lines"
        for path in written_by_hand()
        for function in functions_in(path)
        if length_of(function) > LINES_OF_A_FUNCTION
    ]
    assert long == []


def test_half_of_the_functions_fit_in_8_lines() -> None:
    lengths = [length_of(one) for path in sources(*ROOMS) for one in functions_in(path)]
    assert statistics.median(lengths) <= LINES_AT_THE_MEDIAN


def written_by_hand() -> list[Path]:
    return [path for path in sources(*ROOMS, "tests") if not path.is_relative_to(MIGRATIONS)]


def test_no_room_holds_more_than_24_modules() -> None:
    rooms = Counter(path.parent for path in sources(*ROOMS) if path.stem != "__init__")
    crowded = {name_of(room): n for room, n in rooms.items() if n > MODULES_IN_A_ROOM}
    assert crowded == {}


def test_only_the_named_files_lie_beside_the_rooms_of_handlers() -> None:
    loose = {path.stem for path in (HOUSE / "handlers").glob("*.py")}
    assert loose == {"__init__", "home_page", "registry", "routes", "undo"}


def test_every_room_says_what_belongs_there_and_whom_it_may_ask() -> None:
    """Three lines each: what it is, what belongs there and what does not, whom it may ask."""
    silent = []
    for path in sources(*ROOMS):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        if path.stem == "__init__" and not all(word in said for word in SAID_OF_A_ROOM):
            silent.append(name_of(path))
    assert silent == []


def test_a_room_of_handlers_asks_only_whom_it_says() -> None:
    rooms = {path.parent.name for path in (HOUSE / "handlers").glob("*/__init__.py")}
    unsaid = []
    for room in sorted(rooms):
        said = (HOUSE / "handlers" / room / "__init__.py").read_text(encoding="utf-8")
        may_ask = set(re.findall(r"[a-z_]+", said.partition("May ask:")[2].partition(".")[0]))
        asked = {name for path in sources(f"handlers/{room}") for name in rooms_asked_by(path)}
        unsaid += [f"{room} -> {other}" for other in sorted(asked & rooms - {room} - may_ask)]
    assert unsaid == []


def rooms_asked_by(path: Path) -> Iterator[str]:
    """The rooms of handlers that a file imports from."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("handlers."):
            yield str(node.module).split(".")[1]


def test_every_module_of_handlers_has_a_test_or_a_dialog_of_its_name() -> None:
    """A dialog counts only where it stands in both languages."""
    modules = [path for path in sources("handlers") if path.stem != "__init__"]
    assert [name_of(path) for path in modules if not is_tested_by_name(path)] == []


def is_tested_by_name(module: Path) -> bool:
    """Whether `handlers/<room>/<module>.py` has a test, or dialogs in English and Chinese."""
    room, name = module.relative_to(HOUSE / "handlers").parent, module.stem
    test = HOUSE / "tests" / "handlers" / room / f"test_{name}.py"
    days = HOUSE / "tests" / "dialogs" / "days" / room
    return test.exists() or all((days / f"{name}.{each}.txt").exists() for each in ("en", "zh"))


def test_every_file_has_a_name_that_says_what_is_in_it() -> None:
    modules = {
        part
        for path in sources(*ROOMS, "tests")
        for part in path.relative_to(HOUSE).with_suffix("").parts
    }
    assert modules & SAYS_NOTHING == set()


def test_only_the_bot_is_asynchronous() -> None:
    found = [
        f"{name_of(path)}:{function.lineno}"
        for path in sources("handlers", "kb", "storage")
        for function in functions_in(path)
        if isinstance(function, ast.AsyncFunctionDef)
    ]
    assert found == []


def test_every_exception_from_a_rule_names_the_rule_and_its_reason() -> None:
    bare = [
        f"{name_of(path)}:{line} {comment}"
        for path in sources(*ROOMS, "tests")
        for line, comment in comments_in(path)
        if EXCEPTION.search(comment) and not is_explained(comment)
    ]
    assert bare == []


@pytest.mark.parametrize(
    ("comment", "explained"),
    [
        ("# noqa: BLE001 the one error boundary", True),
        ("# type: ignore[import-untyped]  # ships no types", True),
        ("# noqa: BLE001", False),
        ("# noqa: BLE001, S110", False),
        ("# type: ignore[arg-type]", False),
        ("# noqa", False),
        ("# ruff: noqa", False),
        ("# mypy: ignore-errors", False),
    ],
)
def test_a_reason_is_told_from_none(comment: str, explained: bool) -> None:
    assert is_explained(comment) is explained


def is_explained(comment: str) -> bool:
    reason, rules = NAMED_EXCEPTION.subn("", comment)
    return rules > 0 and len(reason.strip(" #-:,.")) >= SHORTEST_REASON


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "docs/architecture.md"])
def test_a_page_names_only_files_that_are_there(page: str) -> None:
    text = (HOUSE / page).read_text(encoding="utf-8")
    named = set(re.findall(rf"`((?:{'|'.join((*ROOMS, 'tests', 'docs'))})/[\w./-]*)`", text))
    named |= {link for link in re.findall(r"\]\(([^):#]+)\)", text) if not link.startswith("..")}
    missing = {name for name in named - EXAMPLES if not (HOUSE / name).exists()}
    assert missing == set()


def test_the_readme_is_read_in_one_sitting() -> None:
    readme = HOUSE / "README.md"
    assert not readme.exists() or lines_in(readme) < LINES_OF_THE_README


@pytest.mark.parametrize("lock", ["runtime.txt", "dev.txt"])
def test_a_lock_names_no_index_and_no_address(lock: str) -> None:
    text = (HOUSE / "requirements" / lock).read_text(encoding="utf-8")
    told = [line for line in text.splitlines() if re.search(r"://|^\s*-(?!-hash)|\s@\s", line)]
    assert told == []


def test_every_locked_version_is_exact_and_hashed() -> None:
    for lock in sorted((HOUSE / "requirements").glob("*.txt")):
        packages = re.split(r"\n(?=\S)", lock.read_text(encoding="utf-8").strip())
        loose = [one for one in packages if not re.match(r"\S+==\S+.*\\\n\s+--hash=sha256:", one)]
        assert loose == []


def test_the_two_locks_agree() -> None:
    runtime, dev = (pins(HOUSE / "requirements" / name) for name in ("runtime.txt", "dev.txt"))
    assert runtime.items() <= dev.items()


def pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^(\S+)==(\S+)", lock.read_text(encoding="utf-8"), re.MULTILINE))
