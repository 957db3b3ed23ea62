"""The Chinese grammar of days, weeks and months: 下周三, 12月3日, 月底, 三天后."""

from __future__ import annotations

from collections.abc import Iterator
from re import Match

from handlers.reading.moments.pieces import (
    Edge,
    Piece,
    TimeFields,
    build_year_edge,
    compile_rules,
    find_pieces,
)
from handlers.reading.moments.times_zh import TIME_RULES
from handlers.reading.numbers_zh import read_chinese_number

_N = r"(?:\d{1,4}|[零〇一二三四五六七八九十两]{1,4})"
_NEAR_DAYS = {"今": 0, "本": 0, "当": 0, "明": 1, "后": 2, "大后": 3}
_WEEKDAYS = {**{sign: place for place, sign in enumerate("一二三四五六日")}, "天": 6, "末": 7}
_WEEKDAYS |= {str(place + 1): place for place in range(7)}
_EDGES: dict[str, Edge] = {
    **dict.fromkeys(("底", "末", "下旬", "尾"), "end"),
    **dict.fromkeys(("初", "上旬", "头"), "start"),
    **dict.fromkeys(("中", "中旬"), "mid"),
}
_EDGE = r"(?P<edge>底|末|初|中旬|上旬|下旬|中(?![国文心间]))"
_WEEK = r"(?:周|星期|礼拜)"
_LEAD = r"(?:(?:截止到?|截至|直到|等到|最晚|最迟|不晚于|大?约|到|在|于|至)\s?)?"
_UNTIL = r"(?:\s?(?:之前|以前|前(?![天台后面])|为止|开始|那天|当天|左右|起))?"
_ITEM = r"(?![线楼店院门厅机馆桌车库仓屋厂房会公地]|文件|客户|员工|方案)"
_UNITS_AHEAD = (
    r"(?P<unit>分钟|分|个?小时|个?钟头|刻钟|个?工作日|天|日|个?星期|个?礼拜|周|个月|个季度|年"
    # The 个 of 一个半月 stands before the half; 半月后 has none; 上半月 is no time from now.
    r"|(?<=个半)(?:月|季度)|(?<=半)(?<![上下前后个]半)月)"
)
_ENDING = r"(?:之后|以后|过后|后(?!天)|之内|以内|内)"
_VAGUE = {"几": 3, "数": 3}


def _read_number(text: str) -> int:
    value = read_chinese_number("1" if text == "元" else text)
    return -1 if value is None else int(value)


def _read_weekday(found: Match[str]) -> TimeFields | None:
    which, day = found["which"] or "", _WEEKDAYS[found["day"]]
    if which.startswith("上"):
        return TimeFields(past=True)
    weeks = which.count("下") or (0 if which else None)
    if day == 7:
        return TimeFields(weekend=True, weeks=weeks)
    return TimeFields(weekday=day, weeks=weeks)


def _read_period(found: Match[str]) -> TimeFields | None:
    which, unit = found["which"], found["unit"]
    if which.startswith("上"):
        return TimeFields(past=True)
    edge = _EDGES.get(found["edge"] or "")
    if unit == "月":
        return TimeFields(months=which.count("下"), edge=edge)
    if unit.startswith("季"):
        return TimeFields(quarters=which.count("下"), edge=edge)
    return TimeFields(weeks=which.count("下"), edge=edge)


def _read_year(found: Match[str]) -> TimeFields | None:
    which, edge = found["which"], _EDGES.get(found["edge"] or "")
    if which in ("去", "前"):
        return TimeFields(past=True)
    return TimeFields(years={"今": 0, "本": 0, "明": 1, "后": 2}[which], edge=edge)


def _read_bare_edge(found: Match[str]) -> TimeFields:
    edge = _EDGES[found["edge"]]
    if found["unit"] == "月":
        return TimeFields(edge=edge)
    return TimeFields(quarters=0, edge=edge) if found["unit"] != "年" else build_year_edge(edge)


def _read_month_day(found: Match[str]) -> TimeFields:
    month, day = _read_number(found["month"]), _read_number(found["day"])
    year = _read_number(found["year"]) if found["year"] else None
    if year is not None and len(found["year"]) == 2:
        year += 2000
    if not (1 <= month <= 12 and 1 <= day <= 31) or (year is not None and not 1 <= year <= 9999):
        return TimeFields(impossible=True)
    return TimeFields(year=year, month=month, day=day)


def _read_month(found: Match[str]) -> TimeFields:
    month, year = _read_number(found["month"]), found["year"]
    if not 1 <= month <= 12 or (year and len(year) > 4):
        return TimeFields(impossible=True)
    edge = _EDGES.get(found["edge"] or "")
    return TimeFields(year=_read_number(year) if year else None, month=month, edge=edge)


def _read_day(found: Match[str]) -> TimeFields:
    day = _read_number(found["day"])
    return TimeFields(day=day) if 1 <= day <= 31 else TimeFields(impossible=True)


def _read_ahead(found: Match[str]) -> TimeFields | None:
    """Reads an offset from now: 三天后, 半小时后, 一个半小时后, 两小时30分钟后."""
    count, unit = found["n"], found["unit"].lstrip("个")
    halves = {"半": 1, "个半": 3}  # in Cantonese 个半 is one and a half
    twice = halves.get(count) or 2 * _VAGUE.get(count, _read_number(count))
    if count not in halves and (found["half"] or found["late_half"]):
        twice += 1
    more = _read_number(found["more"]) if found["more"] else 0
    if twice <= 0:
        return TimeFields(minutes=0)
    return _count_halves(twice, unit, more)


def _count_halves(twice: int, unit: str, more: int) -> TimeFields:
    minutes = {"分": 1, "分钟": 1, "小时": 60, "钟头": 60, "刻钟": 15}
    if unit in minutes:
        return TimeFields(minutes=twice * minutes[unit] // 2 + more)
    if unit in ("月", "季度", "年"):
        months = twice * {"月": 1, "季度": 3, "年": 12}[unit]
        return TimeFields(ahead_months=months // 2) if months % 2 == 0 else _count_days(months * 15)
    if unit == "工作日":
        return TimeFields(workdays=max(1, twice // 2))
    if unit in ("天", "日"):
        return TimeFields(minutes=240) if twice == 1 else _count_days(twice // 2)
    return _count_days(twice * 7 // 2)


def _count_days(count: int) -> TimeFields:
    return TimeFields(days=count)


_AMOUNT = rf"(?P<n>{_N}|个半|半|几|数)(?P<half>个半)?(?:多|来)?\s?{_UNITS_AHEAD}(?P<late_half>半)?"
_MORE = rf"(?:零?(?P<more>{_N})分钟?)?"

_RULES = compile_rules((
    (rf"{_LEAD}(?P<which>大?后|今|明|本|当)(?:天|日|儿个?)(?!使){_UNTIL}", "anywhere",
     lambda found: TimeFields(days=_NEAR_DAYS[found["which"]])),
    (r"(?<![声说表证聪文发光贤])(?P<which>今|明)(?=早|晚|晨|夜|上午|下午|中午|午)(?!早些|晚些)",
     "anywhere", lambda found: TimeFields(days=_NEAR_DAYS[found["which"]])),
    (r"昨[天日晚早夜儿]|大?前[天日](?!后)|刚才|刚刚|方才", "anywhere",
     lambda _: TimeFields(past=True)),
    (rf"{_LEAD}(?:(?P<which>下{{1,3}}|这|本|上{{1,3}})\s?个?)?(?<![两\d十半几]){_WEEK}\s?"
     rf"(?P<day>[一二三四五六日天末]|[1-7](?!\d))(?![次个年月]){_UNTIL}", "anywhere",
     _read_weekday),
    (rf"(?:的)?第(?P<nth>[一二三四1-4])个?{_WEEK}(?P<day>[一二三四五六日天])", "joined",
     lambda found: TimeFields(nth=_read_number(found["nth"]), weekday=_WEEKDAYS[found["day"]])),
    (rf"{_LEAD}(?P<which>下{{1,3}}|这|本|上{{1,3}})\s?个?\s?(?P<unit>月|季度?|{_WEEK}){_EDGE}?{_UNTIL}",
     "anywhere", _read_period),
    (rf"{_LEAD}(?P<which>今|明|后|去|前|本)(?:年年?{_EDGE}|年){_UNTIL}", "anywhere",
     _read_year),
    (rf"{_LEAD}(?P<unit>月|季度?|年)(?!中[考级])(?!末考){_EDGE}{_UNTIL}",
     "anywhere", _read_bare_edge),
    (rf"(?<![\d.]){_LEAD}(?:(?P<year>\d{{2,9}}|[零〇一二三四五六七八九]{{4}})\s?年\s?)?"
     rf"(?P<month>{_N}|元)\s?月\s?(?P<day>{_N})(?:\s?[-~至到]\s?\d{{1,2}}(?=[日号]))?(?:\s?[日号]|(?![\d零一二三四五六七八九十万个点:：.]))"
     rf"{_UNTIL}", "anywhere", _read_month_day),
    (rf"(?<![\d.]){_LEAD}(?:(?P<year>\d{{4,9}})\s?年\s?)?(?P<month>{_N}|元)\s?月份?{_EDGE}?"
     rf"(?![日号\d]){_UNTIL}", "anywhere", _read_month),
    (rf"(?<![\d.第一二三四五六七八九十]){_LEAD}(?P<day>\d{{1,2}}|[一二三四五六七八九十]{{1,3}})"
     rf"\s?[号日]{_ITEM}{_UNTIL}", "anywhere", _read_day),
    (rf"(?<![\d.第零又])(?!零){_LEAD}(?:再过|过)?\s?{_AMOUNT}{_MORE}\s?{_ENDING}", "anywhere",
     _read_ahead),
    (rf"(?<![通超不经])(?:再过|过)\s?{_AMOUNT}{_MORE}{_ENDING}?", "anywhere", _read_ahead),
    (rf"\A\s*{_AMOUNT}{_MORE}\s*\Z", "alone", _read_ahead),
    (rf"(?<![\d.第提]){_AMOUNT}{_MORE}\s?(?:之前|以前|前(?!台))", "anywhere",
     lambda _: TimeFields(past=True)),
))  # fmt: skip


def find_chinese_pieces(text: str) -> Iterator[Piece]:
    """Every piece of a Chinese date or time in a simplified, half-width text."""
    yield from find_pieces(_RULES, text)
    yield from find_pieces(TIME_RULES, text)
