"""What a member says and taps on Slack: in the DM, in channels, by commands and in modals."""

from __future__ import annotations

from tests.bot.slack.serving import Served


async def test_a_lead_is_logged_by_a_line_in_the_dm(served: Served) -> None:
    ann = served.api.user("Ann")
    served.member(ann)
    ann.says("lead Acme, Jane Doe, +44 20 7946 0958, 12k, inbound")
    await served.answered(1)
    assert "Lead: Acme" in ann.seen()[-1].text
    assert ann.labels() == ["Next step", "Edit", "Undo"]
    ann.presses("Undo")
    await served.answered(2)
    assert ann.seen()[-1].text == "Undone: Acme is no longer a lead."
    assert served.api.refusals == []
