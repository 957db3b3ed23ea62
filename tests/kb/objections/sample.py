"""A small set of cards of the tests' own, in both languages."""

from kb.objections.card import Card, Language

_ENGLISH = {
    "dear": ("This costs a fortune", ["The quote is far too high"]),
    "rival": ("Another firm charges half as much", []),
    "later": ("Ask me again after the summer", ["Let's look at this in autumn"]),
    "boss": ("My director has the last word", ["I must ask upstairs first"]),
    "data": ("Where do you keep our files?", ["Is our information secure?"]),
    "trial": ("Let us test it for a month", []),
    "team": ("My people will never touch it", ["The staff won't accept a new tool"]),
    "excel": ("A spreadsheet does the job", []),
    "number": ("Who gave you my number?", []),
    "switch": ("Changing software is a pain", ["Switching would cost us weeks"]),
}
_CHINESE = {
    "dear": ("你们的报价太贵", ["这个价钱我们接受不了"]),
    "rival": ("隔壁公司只要一半的价", []),
    "later": ("等秋天再说吧", ["夏天以后联系我"]),
    "boss": ("这事要总经理点头", ["我得先请示领导"]),
    "data": ("我们的资料放在哪里", ["担心信息泄露"]),
    "trial": ("让我们先试用一个月", []),
    "team": ("员工不愿意用新软件", []),
    "excel": ("用表格就够了", []),
    "number": ("谁给你我的号码", []),
    "switch": ("换软件太折腾", []),
}


def card(key: str, language: Language, objection: str, phrasings: list[str]) -> Card:
    """Return a card whose id is its language and key."""
    return Card(
        id=f"{language}:{key}",
        key=key,
        language=language,
        category="test",
        objection=objection,
        phrasings=tuple(phrasings),
        ask="",
        say="",
        proof="",
    )


ENGLISH = [card(key, "en", *texts) for key, texts in _ENGLISH.items()]
CHINESE = [card(key, "zh", *texts) for key, texts in _CHINESE.items()]
CARDS = [*ENGLISH, *CHINESE]
