"""Whole commands: whether a line is a command with what it takes, or only begins like one.

"note acme she called" is one; "Move Ltd" and "call centre wants it" only begin so.
"""

from __future__ import annotations

from handlers.contract.catalog import CATALOG, Command
from handlers.contract.desk import Desk
from handlers.deals.find_deal import EVERY, find_named_deals
from handlers.deals.find_pipeline import find_any_stage
from handlers.reading import read_money
from handlers.reading.moments.periods import read_period
from handlers.reports.report_data import get_today
from handlers.selling.lead import LINE_CHARACTERS, read_line

# Commands about no single deal, with words that they take behind them besides a period or stage.
OF_LISTS = frozenset(
    {"deals", "report", "forecast", "funnel", "compare", "goal", "nudges", "pool", "export"}
    | {"card", "team", "help", "losses", "hygiene", "away", "settings", "whatif"}
)
LIST_WORDS = frozenset(
    "all team mine stalled won lost parked today tomorrow off week month quarter year "
    "全部 团队 我的 停滞 赢单 输单 搁置 今天 明天".split()
)


def find_whole_command(line: str, desk: Desk) -> tuple[Command, str] | None:
    """The command that a line is from end to end, and what follows its word; None for words."""
    found = CATALOG.parse(line)
    if found is None:
        return None
    command, rest = found
    whole = (
        line.lstrip().startswith(("/", "／"))
        or not rest
        or (command.name == "lead" and has_lead_facts(rest, desk))
        or (command.name in OF_LISTS and _is_list_argument(rest, desk))
        or (command.name not in OF_LISTS and names_deal(rest, desk))
    )
    return found if whole else None


def names_deal(rest: str, desk: Desk) -> bool:
    """Whether a text surely names a deal of the member's."""
    return find_named_deals(rest, desk, EVERY).match.sure


def has_lead_facts(rest: str, desk: Desk) -> bool:
    """Whether a text says more of a lead than a name: a person, an address, money."""
    read = read_line(desk, rest[:LINE_CHARACTERS])
    if read.phone or read.email:
        return True
    several = any(mark in rest for mark in ",，、;；")
    return several or bool(read.money and (read.customer or read.person))


def _is_list_argument(rest: str, desk: Desk) -> bool:
    words = rest.casefold().split()
    if all(word in LIST_WORDS for word in words):
        return True
    period = read_period(rest, get_today(desk))
    if period is not None and not period.rest.strip():
        return True
    money = read_money(rest, desk.team.currency)
    counted = money is not None and any(char.isnumeric() for char in rest)  # no Goal Zero
    return len(words) < 3 and (counted or find_any_stage(rest, desk) is not None)
