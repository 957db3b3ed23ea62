"""`python -m bot cards`: the same import, export and lint as in the chat, with exit codes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from bot.__main__ import cli
from kb.objections.exchange.formats import read_cards
from tests.office import Office, opened

HOUSE = Path(__file__).resolve().parents[3]
TABLE = """key,objection,say,ask,phrasings
zoo,Where do you keep the elephants,In the zoo.,How many?,Is there a stable
dear,Your price is far too high,Let us count.,Compared?,It costs too much;Way too expensive
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with opened(tmp_path) as found:
        found.forgets_cards(but="price-%")
        yield found


def runs(office: Office, *arguments: str, typed: str = "") -> Result:
    team = ("--team", "blue harbour", "--db", str(office.path))
    return CliRunner().invoke(cli, ["cards", *arguments, *team], input=typed)


def table(office: Office, text: str = TABLE, name: str = "a.csv") -> str:
    path = office.path.parent / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def count(office: Office) -> int:
    return int(office.one("select count(*) from card where team_id = 1"))


def test_a_file_is_put_in_once_and_then_changes_nothing(office: Office) -> None:
    before, file = count(office), table(office)
    result = runs(office, "import", file, "--yes")
    assert result.exit_code == 0
    assert result.output.splitlines()[:2] == [
        "a.csv: 2 new",
        "≈ 1 looks like “It's too expensive”, which is there.",
    ]
    assert result.output.splitlines()[-1] == "✓ Imported: 2 new."
    assert count(office) == before + 2
    again = runs(office, "import", file, "--yes")
    assert (again.exit_code, count(office)) == (0, before + 2)
    assert "a.csv: 2 as they are" in again.output
    assert office.one("select count(*) from card_change where kind = 'imported'") == 2


def test_a_dry_run_and_an_unasked_import_put_nothing_in(office: Office) -> None:
    before, file = count(office), table(office)
    assert runs(office, "import", file, "--dry-run").exit_code == 0
    unasked = runs(office, "import", file)
    assert (unasked.exit_code, "--yes" in unasked.output) == (2, True)
    assert count(office) == before


def test_doubles_may_be_left_out(office: Office) -> None:
    before = count(office)
    result = runs(office, "import", table(office), "--yes", "--leave-doubles")
    assert "1 double left out." in result.output
    assert count(office) == before + 1


def test_broken_rows_are_told_and_the_others_put_in(office: Office) -> None:
    before = count(office)
    result = runs(office, "import", table(office, f"{TABLE}bad,,Nothing.,,\n"), "--yes")
    assert (result.exit_code, count(office)) == (1, before + 2)
    assert "row 4: Objection is empty" in result.output


def test_a_long_import_is_put_in_whole(office: Office) -> None:
    rows = "".join(f"k{n},Strange thing {n},No.\n" for n in range(120))
    result = runs(office, "import", table(office, f"key,objection,say\n{rows}"), "--yes")
    assert result.output.splitlines()[-1] == "✓ Imported: 120 new."
    assert office.one("select count(distinct version) from card where key like 'k%'") >= 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("import", "nowhere.csv"), 2),
        (("import", "."), 2),
        (("export", "cards.pdf"), 2),
        (("export", "-", "--format", "pdf"), 2),
        (("export", "no/such/folder.csv"), 2),
        (("lint", "nowhere.csv"), 2),
        (("import",), 2),
    ],
)
def test_a_wrong_command_is_told_from_a_broken_file(
    office: Office, arguments: tuple[str, ...], code: int
) -> None:
    assert runs(office, *arguments).exit_code == code


def test_a_file_that_holds_no_cards_ends_with_one(office: Office) -> None:
    result = runs(office, "import", table(office, "one,two\n"), "--yes")
    assert (result.exit_code, "I find no cards in a.csv" in result.output) == (1, True)


def test_one_of_several_teams_has_to_be_named(office: Office) -> None:
    result = CliRunner().invoke(cli, ["cards", "export", "-", "--db", str(office.path)])
    assert (result.exit_code, "Blue Harbour, Other Ltd" in result.output) == (2, True)
    result = CliRunner().invoke(
        cli, ["cards", "export", "-", "--db", str(office.path), "--team", "Nobody"]
    )
    assert result.exit_code == 2


def test_cards_of_a_file_are_looked_over(office: Office) -> None:
    good = runs(office, "lint", table(office))
    assert (good.exit_code, good.output) == (0, "✓ All 2 cards are fine.\n")
    bad = runs(office, "lint", table(office, "objection,say\nToo dear,One. Two. Three.\n"))
    assert bad.exit_code == 1
    assert bad.output.splitlines() == [
        "Too dear: Say has 3 sentences; say 2 at most [sentences]",
        "Too dear: no other ways to say it, so it is hard to find [no_phrasings]",
        "Too dear: no question to ask back [no_ask]",
        "1 card of 1 is worth a look. (1 line over two sentences, 1 without phrasings, "
        "1 without a question)",
    ]


def test_a_chinese_team_is_told_in_chinese(tmp_path: Path) -> None:
    with opened(tmp_path, "zh") as office:
        arguments = ["cards", "lint", table(office), "--db", str(office.path)]
        result = CliRunner().invoke(cli, [*arguments, "--team", "蓝湾科技"])
        assert result.output == "✓ 2 张异议卡都没有问题。\n"


@pytest.mark.slow
def test_as_a_process_what_is_exported_is_imported_as_the_same(office: Office) -> None:
    environment = {
        "PATH": os.environ.get("PATH", ""),
        "PYTHONPATH": str(HOUSE),
        "PYTHONIOENCODING": "utf-8:strict",
        "DATABASE_URL": f"sqlite:///{office.path}",
    }

    def process(*arguments: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(  # noqa: S603 our own program with our own words
            [sys.executable, "-m", "bot", "cards", *arguments, "--team", "Blue Harbour"],
            cwd=office.path.parent,
            env=environment,
            capture_output=True,
            check=False,
            timeout=120,
        )

    out = process("export", "-")
    assert out.stderr == b""
    assert len(read_cards("a.csv", out.stdout).rows) == count(office)
    (office.path.parent / "a.csv").write_bytes(out.stdout)
    back = process("import", "a.csv", "--yes")
    assert (back.returncode, back.stderr) == (0, b"")
    assert "Nothing to import" in back.stdout.decode()
