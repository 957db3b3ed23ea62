"""Reads lines from a person or a pipe and hands them to the terminal, one after the other."""

from __future__ import annotations

import asyncio
import sys
from contextlib import nullcontext
from typing import TextIO

from bot.delivery.scheduler import run_ticks
from bot.terminal.adapter import Terminal

PROMPT = "> "


async def talk(terminal: Terminal, lines: TextIO, *, live: bool, newcomer: bool) -> None:
    """Handles lines until the input ends or `:quit`; `live` delivers while nobody types."""
    terminal.greet(newcomer=newcomer or lines.isatty())
    async with run_ticks(terminal.delivery) if live else nullcontext():
        while (line := await asyncio.to_thread(_read, lines)) is not None:
            if not await terminal.handle_line(line):
                break


def _read(lines: TextIO) -> str | None:
    """The next line; None at the end of input. An interrupt at the prompt ends it too."""
    if lines.isatty() and lines is sys.stdin:
        try:
            return input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return None
    line = lines.readline()
    return line.rstrip("\r\n") if line else None
