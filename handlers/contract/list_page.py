"""List pages: the part of a list that one message shows, and the button that turns the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from handlers.contract.reply import Button
from handlers.contract.words import Words

Item = TypeVar("Item")


@dataclass(frozen=True)
class ListPage:
    """One page of a list; pages are counted from 0."""

    number: int
    last: int  # the number of the list's last page
    size: int  # items of a page

    @property
    def start(self) -> int:
        """The index of the page's first item."""
        return self.number * self.size

    @property
    def next(self) -> int:
        """The number of the next page; after the last comes the first."""
        return (self.number + 1) % (self.last + 1)

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """The items of the page, out of all of the list's."""
        return items[self.start : self.start + self.size]

    def make_more_button(self, words: Words, action: str) -> list[Button]:
        """The button that turns to the next page, whose number is put behind `action`.

        No button where everything is on one page.
        """
        if not self.last:
            return []
        return [Button(words.line("contract.common.more"), f"{action}{self.next}")]


def find_page(count: int, number: int, size: int) -> ListPage:
    """The page of this number in a list of `count` items; the last where the list is shorter."""
    last = max(0, count - 1) // size
    return ListPage(min(number, last), last, size)
