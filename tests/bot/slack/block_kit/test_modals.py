"""Forms are modals: opened in time, errors beside the field, nothing typed lost."""

from __future__ import annotations

import asyncio

import pytest

from bot.app import Answer, App, Notice
from handlers.contract.request import Request
from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User


@pytest.fixture
async def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    ann.says("lead Acme, Jane Doe, 12k")
    await served.answered(1)
    return ann


async def test_a_forms_error_stands_beside_its_field_and_what_was_typed_stays(
    served: Served, ann: User
) -> None:
    ann.commands("/rep-settings")
    await served.answered(2)
    ann.presses("Change")
    await served.answered(3)
    assert ann.modal.title == "Your settings"
    ann.submits({"f-zone": "Atlantis", "f-hours": "nonsense"})
    await served.answered(4)
    view = ann.modal
    assert sorted(view.errors) == ["f-hours", "f-zone"]
    assert "Atlantis" in view.errors["f-zone"]
    ann.submits({"f-zone": "Tokyo", "f-hours": "9-18"})
    await served.answered(5)
    assert ann.modals == []
    assert "Tokyo" in ann.seen()[-1].text
    assert served.api.refusals == []


async def test_a_form_sent_twice_has_one_effect_and_the_same_answer(
    served: Served, ann: User
) -> None:
    ann.commands("/note", "acme")
    await served.answered(2)
    sent = ann.submits({"What happened?": "called"})
    assert sent is not None
    await served.answered(3)
    served.api.again(sent, 3)
    await served.answered(3)
    assert len(served.rows("select id from event where kind = 'noted'")) == 1
    assert [m.text for m in ann.seen()].count("✓ Noted on Acme: called") <= 1


async def test_an_answer_that_takes_too_long_ends_the_modals_wait_and_then_stands_in_it(
    served: Served, ann: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann.commands("/note", "acme")
    await served.answered(2)
    held, answer = asyncio.Event(), App.answer

    async def later(self: App, request: Request, notice: Notice | None = None) -> Answer:
        await held.wait()
        return await answer(self, request, notice)

    monkeypatch.setattr(App, "answer", later)
    monkeypatch.setattr("bot.slack.receiving.ANSWER_SECONDS", 0.0)
    sent = ann.submits({"What happened?": "called"})
    await served.api.wait_for(lambda: sent is not None and sent.state == "acked")
    assert "One moment" in ann.modal.text
    held.set()
    await served.answered(3)
    assert "Noted on Acme: called" in ann.modal.text
    assert "Noted on Acme: called" in ann.seen()[-1].text
    assert served.rows("select count(*) from event where kind = 'noted'") == [(1,)]


async def test_a_form_in_the_dm_that_no_trigger_can_open_is_asked_field_by_field(
    served: Served, ann: User
) -> None:
    ann.says("note acme")
    await served.answered(2)
    assert "What happened?" in ann.seen()[-1].text
    ann.says("they liked it")
    await served.answered(3)
    assert "Noted on Acme: they liked it" in ann.seen()[-1].text


async def test_a_trigger_that_is_too_late_leads_to_the_same_questions_in_the_chat(
    served: Served, ann: User
) -> None:
    served.api.fail_next("views.open", "expired_trigger_id")
    ann.commands("/note", "acme")
    await served.answered(2)
    assert ann.modals == []
    assert "What happened?" in ann.seen()[-1].text
