"""The plays of a deal as they are shown: what works in its stage, and what wins it back."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.contract.desk import Desk
from handlers.contract.reply import Text
from kb.funnel.stages.playbook import Leaving, way_back
from storage.tables.people_and_deals import Deal


def play_lines(desk: Desk, deal: Deal) -> list[Text]:
    """The moves that work in the deal's stage."""
    plays = desk.funnel.stage(deal.stage).play[desk.words.language]
    return [desk.words.say("selling.move.play", play=play) for play in plays]


def way_back_lines(desk: Desk, deal: Deal) -> list[Text]:
    """Why people leave where the deal stands, for its reason, and what wins them back."""
    leaving = way_back(desk.funnel.stage(deal.stage).leave, deal.lost_reason)
    return _said(desk, [leaving] if leaving is not None else [])


def leaving_lines(desk: Desk, deal: Deal) -> list[Text]:
    """Every reason why people leave where the deal stands, with what wins them back."""
    return _said(desk, desk.funnel.stage(deal.stage).leave)


def uplift_line(desk: Desk, deal: Deal) -> Text:
    """What bringing people back here is worth, where the funnel says it."""
    uplift = desk.funnel.stage(deal.stage).uplift
    return desk.words.say("selling.playbook.uplift", percent=f"{uplift:f}") if uplift else ()


def _said(desk: Desk, leaving: Sequence[Leaving]) -> list[Text]:
    language = desk.words.language
    said: list[Text] = []
    for each in leaving:
        said.append(desk.words.say("selling.playbook.leave", why=each.why[language]))
        said.append(desk.words.say("selling.playbook.back", back=each.back[language]))
    return said
