"""Reads lines from a person or a pipe and hands them to the terminal, one after the other."""

from __future__ import annotations

import asyncio
import sys
from typing import TextIO

from bot.terminal.adapter import Terminal
from bot.ticks import start_ticks

PROMPT = "> "


async def talk(terminal: Terminal, lines: TextIO, *, live: bool, newcomer: bool) -> None:
    """Until the input ends or `:quit`. `live` lets what comes due arrive while nobody types."""
    terminal.greet(newcomer=newcomer or lines.isatty())
    scheduler = start_ticks(terminal.delivery) if live else None
    try:
        while (line := await asyncio.to_thread(_read, lines)) is not None:
            if not await terminal.line(line):
                break
    finally:
        if scheduler is not None:
            scheduler.shutdown(wait=False)


def _read(lines: TextIO) -> str | None:
    """The next line; None at the end of input. An interrupt at the prompt ends it too."""
    if lines.isatty() and lines is sys.stdin:
        try:
            return input(PROMPT)
        except (EOFError, KeyboardInterrupt):
            return None
    line = lines.readline()
    return line.rstrip("\r\n") if line else None
