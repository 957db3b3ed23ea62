"""The words of a lead's line that are no names: of sentences, links, jobs and things."""

from __future__ import annotations

import re

PROSE = frozenset(
    """
    wants want wanted needs need needed has have had is are was were will would could should can
    may might called call calls calling asked asks ask asking interested interest looking look
    looks met meet meeting spoke speak talked talk send sent about for in on by next last
    tomorrow today yesterday tonight monday tuesday wednesday thursday friday saturday sunday
    very please budget who that which their they he she we i you our my me us him her to from at
    with via through not no yes demo quote quotation seats seat users user licences licenses
    currently using uses use likes replied follow followup follow-up plans planning does did do
    because if when as it its this these up but also wait waiting decide decides decision hot
    warm cold urgent asap soon maybe around approx roughly per month year week day evaluating
    considering comparing renewal trial pilot poc
    """.split()
)
LINKS = ("from", "at", "@", "with", "to", "for")
THINGS = frozenset(
    "deal offer opportunity lead project contract chat coffee intro introduction business order "
    "request enquiry inquiry work works proposal quote new meeting call pitch visit".split()
)
DONE = frozenset(
    "called met visited emailed rang phoned pitched contacted call email visit".split()
)
ARTICLES = frozenset("the a an our their his her my noon lunch home work least last first".split())
SIGNS = frozenset("&+")
COUNT = re.compile(r"[\d.,:/%-]*(?:\d(?:k|m|am|pm|w|x|h|d|th|st|nd|rd)?)?")  # 12k, but not 3M
JOB = re.compile(
    r"(?:the\s)?(?:(?:co-?)?founder|owner|ceo|cto|cfo|coo|cmo|cio|vp(?:\s\w+)?|head\sof\s\w+|president|"
    r"managing\sdirector|(?:\w+\s)?(?:director|manager|buyer|lead|engineer|consultant)|partner|buyer|"
    r"procurement|purchasing)(?:\s(?:of|at|from|for|@)\s(?P<company>.{1,80}))?",
    re.IGNORECASE,
)
JOB_ZH = re.compile(
    r"(?:采购|销售|技术|市场|财务|行政|人事|运营|产品|项目|大区|区域|总)?(?:总监|经理|主管|负责人|总裁|董事长|主任|专员|老板|部长|总经理|创始人)"
)
DONE_ZH = re.compile(
    r"(?:今天|昨天|刚刚?|在展会上?|展会上?)?(?:见了?|拜访了?|认识了?|联系了?|加了|遇到了?|聊了?|接触了?)(?=.)"
)
PROSE_ZH = re.compile(
    r"想|需要|要求|要|希望|打算|联系|打电话|报价|演示|试用|了解|感兴趣|预算|合同|签约|见面|下周|下个?月|明天|后天|今天|上周|昨天|"
    r"已经?|了|请|没有|跟进|觉得|认为|比较|目前|正在|准备|计划|考虑|席位|账号|规模|很|太|不|\d+\s?[人个套台]"
)
NOBODY_ZH = re.compile(
    r"我们?|你们?|他们?|她|它|客户|对方|这家|那家|有人|朋友|等|先|再|还|都|也|就|可能|应该|下|上|今|明|昨|后天|预计"
)
