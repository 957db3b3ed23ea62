"""Draws replies on a terminal: styled on a TTY; as plain text, a blank line between, in a pipe."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text as RichText

from handlers.contract.reply import Button, File, Reply, Span, Text, lines, text_of

_STYLES = {"plain": "", "bold": "bold", "italic": "italic", "code": "cyan", "link": "underline"}
_CONTROL_CATEGORIES = frozenset({"Cc", "Cs", "Zl", "Zp"})
_DIRECTION_CATEGORIES = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})


class Screen:
    """Writes messages to `out`; pictures and documents go to files in `folder`."""

    def __init__(self, out: TextIO, folder: Path, *, rich: bool) -> None:
        self._out = out
        self._folder = folder
        self._console = Console(file=out, highlight=False, emoji=False) if rich else None
        self._begun = False

    def show(self, reply: Reply, heading: str = "") -> tuple[Button, ...]:
        """Writes one message; returns its pressable buttons, which are numbered from 1."""
        buttons = tuple(button for row in reply.buttons for button in row if button.action)
        links = [button for row in reply.buttons for button in row if button.url]
        message = lines(
            f"[{heading}]" if heading else "",
            reply.toast if not reply.text else "",
            reply.text,
            *(f"{link.label}: {link.url}" for link in links),
            *(
                self._save_file(file)
                for file in (reply.picture, reply.document)
                if file is not None
            ),
            "  ".join(f"[{at}] {button.label}" for at, button in enumerate(buttons, start=1)),
        )
        self._write(message)
        return buttons

    def say(self, line: str) -> None:
        """Writes a line of the terminal's own."""
        self._write(text_of(line))

    def _write(self, text: Text) -> None:
        clean = [Span(_clean(span.text), span.style, span.url) for span in text]
        if self._console is None:
            # Blank lines only stand between messages, so that a script can split on them.
            message = "\n".join(row for row in "".join(s.text for s in clean).splitlines() if row)
            if not message:
                return
            self._out.write(("\n" if self._begun else "") + message + "\n")
            self._out.flush()
        else:
            drawn = RichText.assemble(*((span.text, _STYLES[span.style]) for span in clean))
            self._console.print(drawn, end="\n\n", soft_wrap=True)
        self._begun = True

    def _save_file(self, file: File) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        safe = "".join(c if c.isalnum() or c in "-_." else "_" for c in file.name).lstrip(".")
        path = self._folder / (safe or "file")
        path.write_bytes(file.content)
        return f"{file.alt} -> {path}"


def _clean(text: str) -> str:
    """The text without control characters: a customer's name must not control the terminal."""
    return "".join(char for char in text if char == "\n" or not _is_control(char))


def _is_control(char: str) -> bool:
    """Whether it is a control, half of a character, a line break of another kind, or turns text."""
    return (
        unicodedata.category(char) in _CONTROL_CATEGORIES
        or unicodedata.bidirectional(char) in _DIRECTION_CATEGORIES
    )
