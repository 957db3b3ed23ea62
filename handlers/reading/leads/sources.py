"""Recognises where a lead came from: inbound, outbound, referral, partner or event."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from handlers.reading.clean import Span, fold_in_place

SourceWords = Mapping[str, tuple[str, ...]]

SOURCES: SourceWords = {
    "inbound": (
        "inbound", "website", "web site", "web form", "contact form", "webform", "landing page",
        "called us", "wrote to us", "came to us", "walk-in", "free trial", "trial sign-up",
        "trial signup", "demo request", "sign-up", "signup", "newsletter", "google ads", "seo",
        "advert", "官网", "网站", "网页", "表单", "试用", "注册", "来电", "主动咨询", "线上咨询",
        "在线咨询", "自然流量", "公众号", "百度", "抖音", "小红书", "知乎", "广告", "投放",
        "上门咨询",
    ),
    "outbound": (
        "outbound", "cold call", "cold calling", "cold email", "cold mail", "cold outreach",
        "outreach", "prospecting", "prospected", "linkedin", "door to door", "mailing", "陌拜",
        "陌生拜访", "陌生开发", "电销", "电话销售", "电话开发", "主动开发", "自主开发", "自己开发",
        "自拓", "地推", "扫街", "扫楼", "外呼", "冷启动", "领英",
    ),
    "referral": (
        "referral", "referred", "recommended", "recommendation", "introduced", "introduction",
        "word of mouth", "warm intro", "转介绍", "老客户介绍", "客户介绍", "朋友介绍", "熟人介绍",
        "同事介绍", "老客户推荐", "客户推荐", "朋友推荐", "推荐", "介绍", "内推", "口碑",
    ),
    "partner": (
        "reseller", "distributor", "channel partner", "partner lead", "implementation partner",
        "合作伙伴", "伙伴", "渠道", "渠道商", "代理商", "代理", "经销商", "集成商", "分销商",
        "供应商介绍",
    ),
    "event": (
        "trade show", "tradeshow", "trade fair", "conference", "exhibition", "meetup", "webinar",
        "at the fair", "at a fair", "at the expo", "our booth", "our stand", "展会", "展览",
        "展台", "会展", "博览会", "交易会", "广交会", "进博会", "峰会", "论坛", "沙龙", "研讨会",
        "线下活动", "市场活动", "发布会", "路演", "行业会议",
    ),
}  # fmt: skip

FIELD_ONLY: SourceWords = {
    "inbound": ("web", "trial", "ads", "ad", "google", "facebook", "form", "call-in", "online",
                "咨询", "线上"),
    "outbound": ("cold", "prospect", "拜访", "开发"),
    "referral": ("intro", "ref", "friend", "existing customer", "朋友", "老客户", "熟人"),
    "partner": ("partner", "channel", "agency", "agent", "合作"),
    "event": ("event", "fair", "expo", "show", "summit", "booth", "活动", "会议", "线下"),
}  # fmt: skip
"""Words that name a source only if they are a whole field or end it: "Event Partners" is a firm."""

_AROUND = (
    r"(?:(?:from|via|through|by|at|source|came|lead|the|a|our|an|通过|来自|经|由)\s*(?:[:=]\s*)?)*"
)
_BEHIND = r"(?:\s*(?:leads?|inquiry|enquiry|request|来的|认识的?|客户|线索))?"


def read_source_field(field: str, sources: SourceWords = SOURCES) -> str:
    """The source that a whole field names ("via website", "老客户介绍"); "" if it names none."""
    found = _compile_whole(_freeze(sources)).fullmatch(fold_in_place(field).strip())
    return _get_source(found, sources) if found else ""


def find_source_at_edge(field: str, sources: SourceWords = SOURCES) -> tuple[str, Span] | None:
    """The source that ends or begins a field of more words ("Acme Jane inbound"), and its place."""
    plain = fold_in_place(field)
    for loose in (True, False):
        for found in _compile_anywhere(_freeze(sources), loose=loose).finditer(plain):
            if found.start() > 0 and found.end() == len(plain):
                return _get_source(found, sources), found.span()
            if not loose and found.start() == 0 and found.end() < len(plain):
                return _get_source(found, sources), found.span()
    return None


def find_source_within(text: str, sources: SourceWords = SOURCES) -> tuple[str, Span] | None:
    """The first source a sentence names ("met at the fair"), and where it stands."""
    found = _compile_anywhere(_freeze(sources), loose=False).search(fold_in_place(text))
    return (_get_source(found, sources), found.span()) if found else None


def _freeze(sources: SourceWords) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((key, tuple(words)) for key, words in sources.items())


def _get_source(found: re.Match[str], sources: SourceWords) -> str:
    word = found["word"]
    every = ((key, words) for table in (sources, FIELD_ONLY) for key, words in table.items())
    return next(key for key, words in every if word in words)


@lru_cache(maxsize=32)
def _compile_whole(sources: tuple[tuple[str, tuple[str, ...]], ...]) -> re.Pattern[str]:
    return re.compile(rf"{_AROUND}(?P<word>{_join_words(sources, loose=True)}){_BEHIND}", re.ASCII)


@lru_cache(maxsize=32)
def _compile_anywhere(
    sources: tuple[tuple[str, tuple[str, ...]], ...], *, loose: bool
) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![a-z0-9])(?P<word>{_join_words(sources, loose=loose)})(?![a-z0-9])"
        r"(?:上?(?:认识|遇到|来|加)?的)?",
        re.ASCII,
    )


def _join_words(sources: tuple[tuple[str, tuple[str, ...]], ...], *, loose: bool) -> str:
    words = {word for _, several in sources for word in several}
    if loose:
        words |= {word for several in FIELD_ONLY.values() for word in several}
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))
