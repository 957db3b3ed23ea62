"""Weighs whether a name is a company's or a person's."""

from __future__ import annotations

import re

from handlers.reading.clean import fold_in_place
from handlers.reading.contact_points import find_company
from kb.objections.normalise import HANZI, has_hanzi

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文施樊邢庞殷俞耿翟关邬葛牛祝游柯倪梅肖温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管"
)
_DOUBLE = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|夏侯|端木|独孤|南宫"
SURNAME = rf"(?:{_DOUBLE}|[{_SURNAMES}])"
TITLE = (
    r"(?:总经理|总监|经理|先生|女士|小姐|老师|主任|总|工程师|工|董事长|董|局长|处长|部长|院长|校长|博士|老板|哥|姐|教授|"
    r"主管|科长|厂长|店长|医生|律师)"
)
_PERSON_ZH = re.compile(rf"{SURNAME}[{HANZI}]{{1,2}}")
_TITLED_ZH = re.compile(rf"{SURNAME}[{HANZI}]{{0,2}}{TITLE}")
_TITLED_EN = re.compile(
    r"(?:mr|mrs|ms|miss|dr|prof|herr|frau|mme|sir|madam)\b\.?\s|.*\b(?:jr|sr|phd)\.?\Z"
)
COMPANY_WORDS = frozenset(
    "ltd limited inc incorporated corp corporation co company llc llp lp plc gmbh ag kg ug sa sas "
    "sarl srl spa bv nv oy ab as aps pty pte sdn bhd kk group holding holdings studio studios labs "
    "lab systems software solutions technologies technology tech consulting partners ventures "
    "capital bank industries international global media digital services agency associates "
    "enterprises logistics foods pharma energy motors airlines hotel hotels university college "
    "school hospital clinic institute foundation networks robotics analytics works brothers bros "
    "trading retail stores supply manufacturing engineering construction properties "
    "insurance".split()
)
_LEGAL_EN = frozenset(
    "ltd limited inc incorporated corp corporation co company llc llp lp plc gmbh ag kg sa sas srl "
    "bv nv oy ab pty pte sdn bhd kk".split()
)
LEGAL_ZH = "有限责任公司|股份有限公司|集团有限公司|有限公司|分公司|公司|集团"
COMPANY_ZH = (
    rf"(?:{LEGAL_ZH}|科技|技术|网络|信息|软件|电子|通信|实业|工业|贸易|商贸|物流|银行|证券|保险|基金|投资|资本|医院|"
    r"大学|学院|学校|中学|酒店|餐饮|食品|药业|医药|制药|生物|能源|汽车|机械|建设|地产|置业|传媒|文化|教育|咨询|"
    r"事务所|研究院|研究所|工作室|工厂|厂|商城|超市|电器|重工|智能|数据|控股|股份|航空|化工|材料|设备|服饰|家居|"
    r"店|局|委员会|协会|中心)"
)
_COMPANY_END = re.compile(
    rf"[{HANZI}A-Za-z0-9（）()·]{{1,40}}{COMPANY_ZH}(?:[（(].{{1,12}}[)）])?\Z"
)
# Common given names: weak evidence that a name is a person's.
_GIVEN_NAMES = frozenset(
    """
    aaron adam ahmed aisha alan albert alejandro alex alexander alexandra alice alison ali
    amanda amy ana andrea andreas andrew andy angela anita ann anna anne annie anthony antonio
    arthur barbara ben benjamin bernd beth bill bob brian bruce carl carla carlos carol caroline
    catherine charles charlotte chloe chris christian christina christine christoph christopher
    claire clara claudia colin craig daniel daniela dave david dean deborah denise dennis derek
    diana diane diego dmitri donna doris dorothy doug douglas ed edward elena elisabeth
    elizabeth ella ellen emily emma eric erik erin ethan eva evelyn fatima felix fiona florian
    frances francesco francois frank fred gary george gerald giulia gordon graham greg gregory
    hannah hans harold harry hassan heather heidi helen helena henry holly hugo ian ibrahim ines
    ingrid irene isabel isabella ivan jack jacob jake james jamie jan jane janet jason javier
    jay jean jeff jennifer jenny jeremy jessica jill jim joan joe joel johan johannes john
    johnny jon jonas jonathan jorge jose joseph joshua juan judith judy julia julian julie
    jurgen justin karen karin karl kate katherine kathleen kathy katie keith kelly ken kenneth
    kevin kim klaus kyle lars laura lauren laurent lea lee lena leo leon leonard lewis lily
    linda lisa liz louis louise luca lucas lucia lucy luis luke lukas lydia manuel marc marco
    marcus margaret maria marie marina mario mark markus martha martin martina mary mathias matt
    matteo matthew matthias megan melanie melissa mia michael michel michelle miguel mike
    mohamed mohammed monica monika muhammad nadia nancy natalie natasha nathan neil nick
    nicholas nicola nicole nina noah nora olga oliver olivia omar oscar pablo pamela pat
    patricia patrick paul paula paulo pedro peter petra phil philip philipp pierre priya rachel
    raj ralf ralph raymond rebecca renate ricardo richard rita rob robert roberto robin roger
    roland ron ronald rosa rose roy russell ruth ryan sabine sally sam samantha samuel sandra
    sara sarah scott sean sebastian sergio sharon silvia simon simone sofia sophia sophie stefan
    stefanie stella stephan stephanie stephen steve steven stuart sue susan susanne sven sylvia
    tania tanya ted teresa terry theresa thomas tim timothy tina tobias todd tom tony tracy
    ulrich ursula valerie vanessa vera veronica victor victoria vincent walter wang wayne wendy
    werner william wolfgang xavier yuki yusuf yvonne zoe
    """.split()
)
_WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
_HANZI_ONLY = re.compile(rf"[{HANZI}·]+")


def weigh_company(name: str, email: str) -> int:
    """The evidence for a company (above zero) or a person (below); `email` is the lead's."""
    plain = fold_in_place(name).strip()
    return _weigh_as_company(plain, name, email) - _weigh_as_person(plain, email)


def has_company_word(name: str) -> bool:
    """Whether the name says that it is a firm's: Ltd, GmbH, 公司, 科技."""
    plain = fold_in_place(name).strip()
    return any(word in COMPANY_WORDS for word in split_words(plain)) or bool(
        _COMPANY_END.fullmatch(plain)
    )


def is_only_suffix(name: str) -> bool:
    """Whether it is only the legal form behind a name: the "Inc." of "Acme, Inc."."""
    words = split_words(fold_in_place(name))
    return 0 < len(words) <= 2 and all(word in _LEGAL_EN for word in words)


def split_words(name: str) -> list[str]:
    """The words of a name, without its punctuation."""
    return [word.rstrip(".") for word in _WORD.findall(name)]


def _weigh_as_company(plain: str, name: str, email: str) -> int:
    score = 4 if has_company_word(name) else 0
    score += 4 if _fits_domain(plain, email) else 0
    score += 1 if re.search(r"[&\d]|\.(?:com|io|ai|net|cn|de)\b", plain) else 0
    score += 1 if name.isascii() and name.isupper() and len(name) > 1 else 0
    score += 1 if plain.startswith("the ") or len(split_words(plain)) > 3 else 0
    return score + (2 if _HANZI_ONLY.fullmatch(plain) and len(plain) > 4 else 0)


def _weigh_as_person(plain: str, email: str) -> int:
    if _TITLED_ZH.fullmatch(plain) or _TITLED_EN.match(plain):
        return 4
    local = email.partition("@")[0]
    named = [
        word for word in split_words(plain) if len(word) > 1 and word in re.split(r"[._+-]", local)
    ]
    score = 3 if named else 0
    if _PERSON_ZH.fullmatch(plain):
        return score + 2
    words = split_words(plain)
    if not words or not all(word.replace("-", "").isalpha() for word in words) or has_hanzi(plain):
        return score
    score += 2 if words[0].partition("-")[0] in _GIVEN_NAMES and len(words) <= 3 else 0
    return score + (1 if 2 <= len(words) <= 3 else 0)


def _fits_domain(plain: str, email: str) -> bool:
    domain = re.sub(r"[^a-z0-9]", "", find_company(email))
    squashed = "".join(word for word in split_words(plain) if word not in COMPANY_WORDS)
    if len(domain) < 2 or len(squashed) < 2:
        return False
    return (
        squashed == domain
        or (len(squashed) > 2 and domain.startswith(squashed))
        or (len(domain) > 2 and squashed.startswith(domain))
    )


def is_all_hanzi(text: str) -> bool:
    """Whether the text is all Chinese characters."""
    return bool(_HANZI_ONLY.fullmatch(text))
