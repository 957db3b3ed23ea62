"""Small talk: answers thanks, ok, greetings and bare numbers, which are no customer's words.

Without it such a line would be looked up as an objection and kept as a gap in the cards.
"""

from __future__ import annotations

import re

from handlers.contract.catalog import CATALOG
from handlers.contract.command_words import normalise_spelling
from handlers.contract.desk import Desk
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Reply, rows
from handlers.contract.request import Request

_SAID = {
    "plain_language.smalltalk.thanks": (
        "thanks|thank you|thank u|many thanks|thanks a lot|thx|ty|cheers"
        "|谢谢|谢谢你|谢谢您|多谢|谢了|感谢"
    ),
    "plain_language.smalltalk.fine": (
        "ok|okay|k|kk|yes|yep|yeah|no|nope|sure|great|cool|nice|perfect|super"
        "|got it|all right|alright|bye|好|好的|好吧|行|嗯|可以|收到|知道了|明白|没有|再见"
    ),
    "plain_language.smalltalk.nothing_open": (
        "cancel|stop|never mind|nevermind|forget it|取消|算了|停"
    ),
    "plain_language.smalltalk.what": (
        "what can you do|what do you do|who are you|how does this work"
        "|how do i use this|what now|你能做什么|你能干什么|能做什么|你会干什么|你是谁"
        "|你是干什么的|你是干嘛的|怎么用|你会什么"
    ),
    "plain_language.smalltalk.greeting": (
        "hey|hey there|hello there|hi there|good morning|morning|good afternoon"
        "|good evening|您好|早|早上好|上午好|下午好|晚上好|在吗"
    ),
}
_KEYS = {word: key for key, words in _SAID.items() for word in words.split("|")}
_EDGES = " \t\n.,!?~…。，！？～👍🙏😀🙂😊👋"
_NUMBER = re.compile(r"(?:\d[\s-]?){7}")  # of a telephone: it may be a lead
_LETTER = re.compile(r"[^\W\d_]")


def answer_smalltalk(request: Request, desk: Desk) -> Reply | None:
    """Answers small talk; None for a line that says something."""
    key = _find_key(request.text)
    if key is not None:
        said = desk.words.say(key, name=desk.member.name)
        return Reply(said, buttons=rows(_make_buttons(desk)))
    if not _LETTER.search(request.text) and not _NUMBER.search(request.text):
        raise TextRefusal("plain_language.smalltalk.unread", *_make_buttons(desk))
    return None


def is_smalltalk(line: str) -> bool:
    """Whether a line is a greeting, thanks or the like: never an answer that is written down."""
    return _find_key(line) is not None


def is_greeting(line: str) -> bool:
    """Whether a line only says hello."""
    found = CATALOG.parse(line)
    opens = found is not None and found[0].name == "start" and not found[1]
    return opens or _find_key(line) == "plain_language.smalltalk.greeting"


def _find_key(line: str) -> str | None:
    return _KEYS.get(normalise_spelling(line.strip(_EDGES)))


def refuse_unknown_command(request: Request, desk: Desk) -> Reply | None:
    """Refuses an unknown command such as `/foo`; None for a line without a slash."""
    line = request.text.strip()
    if not line.startswith(("/", "／")):
        return None
    word = line.split()[0][:40]
    raise TextRefusal("plain_language.smalltalk.no_command", *_make_buttons(desk), word=word)


def _make_buttons(desk: Desk) -> tuple[Button, Button]:
    return (
        Button(desk.words.line("team.onboarding.today"), "say:today"),
        Button(desk.words.line("team.onboarding.help"), "say:help"),
    )
