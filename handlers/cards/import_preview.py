"""The text of an import: its summary, its details card by card, and its result."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from handlers.cards.records import ImportedCard
from handlers.contract.reply import Text, bold, lines, text_of
from handlers.contract.words import Words
from kb.objections.exchange.headings import find_heading
from kb.objections.exchange.import_plan import Change, NearDuplicate, Plan
from kb.objections.exchange.record import InvalidRow, Row

NUMBERS_SHOWN = 8  # of broken rows, at a glance
LISTED = 100  # of each kind, card by card
NAME_SHOWN = 60
Item = TypeVar("Item")


def render_summary(words: Words, file: str, plan: Plan) -> Text:
    """A summary of what an import would do."""
    counts = words.line("contract.common.comma").join(_count_plan(words, plan))
    title = text_of(bold(file[:NAME_SHOWN]), words.line("contract.common.colon"), counts)
    nothing = not plan.new and not plan.changed
    return lines(
        title,
        words.say("cards.import_file.nothing") if nothing else "",
        _render_doubles(words, plan),
        _render_broken(words, plan),
        words.say("cards.import_file.unchecked", n=plan.unchecked) if plan.unchecked else "",
    )


def render_details(words: Words, plan: Plan) -> Text:
    """What an import would do, card by card, with a reason for each row that is left out."""
    like = {near.row.number: near for near in plan.near}
    return lines(
        *_render_section(
            words, "new", plan.new, lambda row: _render_new(words, row, like.get(row.number))
        ),
        *_render_section(
            words, "changed", plan.changed, lambda change: _render_change(words, change)
        ),
        *_render_section(
            words, "broken", plan.broken, lambda one: describe_broken_row(words, one, plan.lines)
        ),
        *_render_section(words, "unread", plan.unread, str),
        *_render_section(words, "strangers", plan.strangers, str),
    )


def describe_broken_row(words: Words, one: InvalidRow, in_lines: bool) -> str:
    """Says why a row or line is left out."""
    place = words.line(
        "cards.import_file.line" if in_lines else "cards.import_file.row", number=one.number
    )
    field = find_heading(one.about, words.language) if one.about else ""
    why = words.line(f"cards.import_file.broken_{one.reason}", field=field, limit=one.limit)
    return f"{place}{words.line('contract.common.colon')}{why}"


def render_result(words: Words, imported: Sequence[ImportedCard], left_out: int) -> Text:
    """Says what an import has done."""
    made = sum(each.made for each in imported)
    counts = _render_counts(words, new=made, changed=len(imported) - made)
    if not counts:
        return words.say("cards.import_file.nothing")
    done = words.say(
        "cards.import_file.done", counts=words.line("contract.common.comma").join(counts)
    )
    return lines(done, words.say("cards.import_file.left_out", n=left_out) if left_out else "")


def _count_plan(words: Words, plan: Plan) -> list[str]:
    return _render_counts(words, new=len(plan.new), changed=len(plan.changed), same=plan.same)


def _render_counts(words: Words, **counts: int) -> list[str]:
    return [words.line(f"cards.import_file.count_{name}", n=n) for name, n in counts.items() if n]


def _render_doubles(words: Words, plan: Plan) -> Text:
    if not plan.near:
        return ()
    like = plan.near[0].like[:NAME_SHOWN]
    return words.say("cards.import_file.alike", n=len(plan.near), like=like)


def _render_broken(words: Words, plan: Plan) -> Text:
    if not plan.broken:
        return ()
    numbers_shown = [str(one.number) for one in plan.broken[:NUMBERS_SHOWN]]
    more = "…" if len(plan.broken) > NUMBERS_SHOWN else ""
    key = "cards.import_file.broken_lines" if plan.lines else "cards.import_file.broken_rows"
    numbers = words.line("contract.common.comma").join(numbers_shown) + more
    return words.say(key, n=len(plan.broken), numbers=numbers)


def _render_section(
    words: Words, name: str, items: Sequence[Item], render: Callable[[Item], str | Text]
) -> Iterator[Text]:
    if items:
        yield text_of(bold(words.line(f"cards.import_file.title_{name}", n=len(items))))
        yield from (text_of("• ", render(item)) for item in _first(items))
        if len(items) > LISTED:
            yield words.say("cards.import_file.and_more", n=len(items) - LISTED)


def _first(items: Iterable[Item]) -> Iterator[Item]:
    return islice(items, LISTED)


def _render_new(words: Words, row: Row, near: NearDuplicate | None) -> Text:
    like = words.say("cards.import_file.like", like=near.like) if near is not None else ()
    return text_of(row.record.objection, like)


def _render_change(words: Words, change: Change) -> str:
    fields = words.line("contract.common.comma").join(
        find_heading(f, words.language) for f in change.fields
    )
    return f"{change.row.record.objection}{words.line('contract.common.colon')}{fields}"
