"""How a message looks at the terminal, on a TTY and in a pipe; where its files go."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from bot.terminal.screen import Screen
from handlers.contract.reply import Button, File, Reply, Span, lines, text_of

HOSTILE = "[red]x[/red] <b>*_@channel_*</b> :smile: {0} \\[bold]"


def drawn(reply: Reply, folder: Path, *, rich: bool) -> str:
    out = io.StringIO()
    Screen(out, folder, rich=rich).show(reply)
    return out.getvalue()


@pytest.mark.parametrize("rich", [False, True])
def test_a_name_with_markup_is_shown_as_it_was_typed(tmp_path: Path, rich: bool) -> None:
    reply = Reply(text_of(Span(HOSTILE, "bold"), " is a name"))
    assert f"{HOSTILE} is a name\n" in drawn(reply, tmp_path, rich=rich)


def test_buttons_are_numbered_and_links_are_written_out(tmp_path: Path) -> None:
    reply = Reply(
        lines("hello"),
        buttons=(
            (Button("One", "a"), Button("Site", url="https://example.com")),
            (Button("Two", "b"),),
        ),
    )
    out = io.StringIO()
    shown = Screen(out, tmp_path, rich=False).show(reply)
    assert [button.action for button in shown] == ["a", "b"]
    assert out.getvalue() == "hello\nSite: https://example.com\n[1] One  [2] Two\n"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\y.png", "/abs.png", "..", "", "a\x00b"]
)
def test_a_file_lands_in_its_folder_whatever_it_is_called(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "files"
    said = drawn(Reply(picture=File(name, b"data", "a chart")), folder, rich=False)
    [path] = folder.iterdir()
    assert path.read_bytes() == b"data"
    assert said == f"a chart -> {path}\n"
    assert [each.name for each in tmp_path.iterdir()] == ["files"]


def test_a_message_without_words_shows_its_toast_and_one_with_words_does_not(
    tmp_path: Path,
) -> None:
    assert drawn(Reply(toast="✓ Kept"), tmp_path, rich=False) == "✓ Kept\n"
    assert drawn(Reply(lines("Good."), toast="✓ Kept"), tmp_path, rich=False) == "Good.\n"


def test_a_message_never_breaks_the_blank_line_between_two(tmp_path: Path) -> None:
    said = drawn(Reply(lines("one\n\n\ntwo\r\n\r\nthree\x0b\n")), tmp_path, rich=False)
    assert said == "one\ntwo\nthree\n"


def test_nothing_to_show_leaves_no_mark(tmp_path: Path) -> None:
    assert drawn(Reply(), tmp_path, rich=False) == ""
