"""Words of a time that no clock has: "asap", "after easter", "when he is back", 尽快, 节后."""

from __future__ import annotations

import re

_LOOSE = (
    r"(?:a\.?s\.?a\.?p\.?|as soon as possible|soon(?:ish|er)?|later(?: on)?|next time|one day"
    r"|some ?(?:time|day)(?: soon)?|eventually|at some point|whenever|first thing"
    r"|in a (?:bit|while)|when(?:ever)? (?:possible|i can|i have time)|urgently|right away"
    r"|immediately|now)"
)
_ENGLISH = re.compile(
    rf"\A(?:{_LOOSE}\b|(?:back|again|after|before|once|when|whenever|as soon as|until|till"
    r"|unless|by|around|every|each|daily|weekly|monthly|on|in|at|this|next|end of"
    r"|beginning of|towards?)\b)",
    re.IGNORECASE,
)
_AT_END = re.compile(rf"\b{_LOOSE}[\s.!]*\Z", re.IGNORECASE)
_CHINESE = re.compile(
    r"尽快|尽早|马上|立刻|赶紧|回头|改天|有空|以后|晚点|晚些|过几天|过段时间|过一?阵|找时间|抽空|随时|定期"
    r"|下次|等.{1,12}[再后]|[节年假会后]后(?!来)|.{1,10}(?:之后|以后|之前|以前)|每[个隔]?[周天日月年季]"
)
# What somebody reports was said or done: "asked for the offer", "he wants a demo", 她说.
_REPORT = re.compile(
    r"\b(?:(?!need\b|feed|speed|indeed)\w{2,}ed|said|told|wants?|needs|asks|likes?|loves?|was|were"
    r"|had|got|went|is|are|has|isn'?t|will|would|sent|spoke|gave|took|thinks?|no answer|voicemail"
    r"|didn'?t|did|never|not|agrees?|talks?|busy|fine|ok|good|great|bad|nothing|nobody)\b"
    r"|[了过说讲问聊谈]|没[接人]|没有|不[接在要想同]|要求|想要?|觉得|同意|答应|占线|忙|关机|很|太|已",
    re.IGNORECASE,
)


def is_untimed(remark: str) -> bool:
    """Whether a remark on an act names a time that cannot be read as a moment.

    It begins with it, or ends with it and reports nothing: "he wants it asap" is what he wants.
    """
    if _ENGLISH.match(remark.strip()) or _CHINESE.match(remark.strip()):
        return True
    return not is_report(remark) and bool(_AT_END.search(remark) or _CHINESE.search(remark))


def is_report(remark: str) -> bool:
    """Whether a remark tells of something that was said or done."""
    return _REPORT.search(remark) is not None
