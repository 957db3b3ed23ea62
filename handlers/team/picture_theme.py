"""`pictures`: whether a member's pictures are drawn light or dark."""

from __future__ import annotations

from handlers.contract.catalog import action, command
from handlers.contract.desk import Desk
from handlers.contract.refusals import ChoiceNeeded, NotFound
from handlers.contract.reply import Button, Reply
from handlers.contract.request import Request
from handlers.nudges.member_settings import change_setting

_WORDS = {
    "light": "light", "bright": "light", "浅色": "light", "亮色": "light",
    "dark": "dark", "深色": "dark", "暗色": "dark",
}  # fmt: skip
THEMES = ("light", "dark")


@command("pictures", "charts", "图表", "图表颜色", "图片颜色")
def pictures(request: Request, desk: Desk) -> Reply:
    """`pictures dark`; asks where neither is said."""
    theme = _WORDS.get(request.text.strip().casefold())
    if theme is None:
        buttons = (
            Button(desk.words.line(f"team.picture_theme.do_{each}"), f"pictures:{each}")
            for each in THEMES
        )
        raise ChoiceNeeded("team.picture_theme.which", *buttons)
    return _save_theme(desk, theme)


@action("pictures")
def choose_theme(request: Request, desk: Desk) -> Reply:
    """`pictures:<light|dark>`."""
    if request.word(0) not in THEMES:
        raise NotFound
    return _save_theme(desk, request.word(0)).in_place()


def _save_theme(desk: Desk, theme: str) -> Reply:
    change_setting(desk, "pictures", pictures=theme)
    return Reply(desk.words.say(f"team.picture_theme.kept_{theme}"))
