"""Bury a sentence in a mail, between a greeting, courtesies and a signature."""

import random

from kb.objections.normalise import has_hanzi

MAIL_EN = (
    ("Hi there,", "Hello Sam,", "Dear Ms Lindt,", "Good morning,", "Hey,"),
    (
        "it was good to see you on Tuesday.",
        "thank you for the time you took yesterday.",
        "I have read what you sent over the weekend.",
        "I promised to come back to you, so here we are.",
        "my colleagues liked the way you showed it.",
        "hope the trip home was fine.",
    ),
    (
        "One thing is still open on our side.",
        "I showed it around the office this morning.",
        "Everybody was in a good mood about it.",
        "Let me be honest with you.",
        "We went through your notes once more.",
        "I am out on Wednesday but can be reached by mail.",
        "Maybe you have an idea there.",
    ),
    ("Best regards, Julia", "Thanks, Omar", "Kind regards", "Cheers, Ben", ""),
)
MAIL_ZH = (
    ("周经理您好，", "小林你好，", "李总好，", "您好，", ""),
    (
        "上周二见面聊得很愉快。",
        "昨天辛苦你跑一趟。",
        "你发来的东西我周末看了。",
        "之前答应给你回话。",
    ),
    (
        "有一点还没定。",
        "今天早上我在办公室给大家看了。",
        "大家印象都挺好。",
        "我跟你说实话吧。",
        "你那边看看有没有主意。",
    ),
    ("谢谢，小何", "祝好", "辛苦了", "盼复", ""),
)


def mail(text: str, chance: random.Random) -> str:
    """Bury it in a mail."""
    parts = MAIL_ZH if has_hanzi(text) else MAIL_EN
    greeting, opening, filler, closing = (chance.choice(part) for part in parts)
    extra = chance.choice(parts[2])
    gap = "" if has_hanzi(text) else " "
    body = [opening, text + ("。" if has_hanzi(text) else "."), filler]
    if chance.random() < 0.5:
        body.insert(chance.choice((1, 2)), extra)
    return gap.join([greeting, *body, closing])
