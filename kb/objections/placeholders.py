"""Placeholders in a card's lines, such as {customer}, and how they are filled."""

import re
from collections.abc import Mapping

BLANKS: Mapping[str, str] = {
    "customer": "customer",
    "client": "customer",
    "company": "customer",
    "客户": "customer",
    "公司": "customer",
    "amount": "amount",
    "price": "amount",
    "金额": "amount",
    "价格": "amount",
    "competitor": "competitor",
    "竞品": "competitor",
    "竞争对手": "competitor",
    "对手": "competitor",
}
_BLANK = re.compile(r"[{｛]\s*(\w{1,12})\s*[}｝]")


def fill_blanks(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its blanks filled; braces around anything else stay as they are.

    `values` holds what to write for customer, amount and competitor. What is filled in is not
    searched for blanks again: a customer may be called {amount}.
    """
    return _BLANK.sub(lambda found: _find_value(found, values), text)


def _find_value(found: re.Match[str], values: Mapping[str, str]) -> str:
    name = BLANKS.get(found[1].casefold())
    return values.get(name, found[0]) if name else found[0]
