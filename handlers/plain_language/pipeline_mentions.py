"""Reads a line that moves a deal to another pipeline: "put acme in partners", 把小米放到渠道."""

from __future__ import annotations

import re

from handlers.contract.desk import Desk
from handlers.contract.reply import Reply
from handlers.contract.request import Request
from handlers.deals.find_deal import EVERY, find_named_deals, get_deal
from handlers.deals.find_member import find_member
from handlers.deals.find_pipeline import find_pipeline_in_words
from handlers.selling.move import move_to_pipeline

_LINE = re.compile(
    r"\A(?:(?:please\s+)?(?:put|shift|switch|transfer|bring|change)\s+)?(?P<what>.{1,60}?)\s+"
    r"(?:over\s+)?(?:to|into|in)\s+(?P<where>.{1,60}?)[\s.!]*\Z"
    r"|\A把?(?P<what_zh>.{1,40}?)(?:放到|放进|换到|归到|转到|转进|移到|挪到|转给|移进)(?P<where_zh>.{1,40}?)[\s。！]*\Z",
    re.IGNORECASE,
)


def answer_pipeline_move(request: Request, desk: Desk) -> Reply | None:
    """Moves the deal; None where the line names no deal surely, or no pipeline, or a member."""
    line = request.text.strip()
    found = _LINE.match(line) if desk.pipelines.several else None
    if found is None or request.reply_to or line.endswith(("?", "？")):
        return None
    what, where = (found[name] or found[f"{name}_zh"] for name in ("what", "where"))
    pipeline = find_pipeline_in_words(where, desk)
    if pipeline is None or find_member(desk, where)[0] is not None:
        return None
    split = find_named_deals(what, desk, EVERY)
    if not split.match.sure or split.rest:
        return None
    return move_to_pipeline(desk, get_deal(desk, split.match.best[0].id), pipeline)
