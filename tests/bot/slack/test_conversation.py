"""What a member says and taps on Slack: in the DM, in channels, by commands and by shortcuts."""

from __future__ import annotations

import pytest

from tests.bot.slack.serving import Served
from tests.fakes.slackapi import User


@pytest.fixture
def ann(served: Served) -> User:
    ann = served.api.user("Ann")
    served.member(ann)
    return ann


async def says(served: Served, who: User, text: str) -> list[str]:
    before = len(who.seen())
    who.says(text)
    await served.answered()
    return [message.text for message in who.seen()[before:]]


async def test_a_lead_is_logged_by_a_line_in_the_dm_and_undone_by_a_tap(
    served: Served, ann: User
) -> None:
    (said,) = await says(served, ann, "lead Acme, Jane Doe, +44 20 7946 0958, 12k, inbound")
    assert "Lead: Acme" in said
    assert ann.labels() == ["Next step", "Edit", "Undo"]
    ann.presses("Undo")
    await served.answered(2)
    assert ann.seen()[-1].text == "Undone: Acme is no longer a lead."
    assert served.api.refusals == []


async def test_a_name_that_is_slacks_markup_is_only_ever_text(served: Served, ann: User) -> None:
    name = "<!channel> *bold* <@U012AB> <https://evil.example|bank>"
    await says(served, ann, f"lead {name}, 12k")
    await says(served, ann, "deals")
    ann.commands("/today")
    ann.opens_home()
    await served.answered()
    assert "<!channel> *bold*" in "\n".join(message.text for message in ann.seen())
    assert served.api.live_mentions == []
    assert served.api.live_links == []


async def test_a_command_in_a_channel_is_answered_to_its_person_alone(
    served: Served, ann: User
) -> None:
    bo = served.api.user("Bo")
    room = served.api.channel("sales", [ann, bo])
    ann.commands("/lead", "Acme, 12k", where=room)
    await served.answered(1)
    assert "Lead: Acme" in ann.seen(room)[-1].text
    assert bo.seen(room) == []
    ann.presses("Undo", room)
    await served.answered(2)
    assert "Undone" in ann.seen(room)[-1].text
    assert bo.seen(room) == []


async def test_a_command_works_where_the_app_is_not_a_member(served: Served, ann: User) -> None:
    elsewhere = served.api.channel("other", [ann], bot=False)
    ann.commands("/rep", "deals", where=elsewhere)
    await served.answered(1)
    assert "lead" in ann.seen(elsewhere)[-1].text
    assert ann.seen(elsewhere)[-1].only_for == ann.id


async def test_a_command_in_the_dm_is_answered_there(served: Served, ann: User) -> None:
    ann.commands("/help")
    await served.answered(1)
    assert not ann.seen()[-1].only_for
    ann.commands("/rep")
    await served.answered(2)
    assert ann.seen()[-1].text == ann.seen()[-2].text


async def test_a_mention_is_answered_in_its_thread_and_what_is_private_by_a_whisper(
    served: Served, ann: User
) -> None:
    bo = served.api.user("Bo")
    room = served.api.channel("sales", [ann, bo])
    ann.says("help", where=room, mention=True)
    await served.answered(1)
    asked = next(m for m in room.messages if not m.by_bot)
    assert [m.thread_ts for m in bo.seen(room)] == [asked.ts]
    ann.says("it's too expensive", where=room, mention=True)
    await served.answered(2)
    whispered = ann.seen(room)[-1]
    assert whispered.only_for == ann.id
    assert "too expensive" in whispered.text
    assert len(bo.seen(room)) == 1


async def test_only_the_safe_line_of_a_card_is_shared_to_the_thread(
    served: Served, ann: User
) -> None:
    bo = served.api.user("Bo")
    room = served.api.channel("sales", [ann, bo])
    ann.says("it's too expensive", where=room, mention=True)
    await served.answered(1)
    card = ann.seen(room)[-1]
    ann.presses("Share to this thread", card)
    await served.answered(2)
    (shared,) = bo.seen(room)
    line = next(row for row in card.text.splitlines() if row.startswith("💬")).removeprefix("💬 ")
    assert shared.text == line
    assert shared.labels == []
    asked = next(m for m in room.messages if not m.by_bot)
    assert shared.thread_ts == asked.ts


async def test_a_tap_on_a_whisper_changes_the_whisper(served: Served, ann: User) -> None:
    room = served.api.channel("sales", [ann])
    ann.commands("/obj", "too expensive", where=room)
    await served.answered(1)
    count = len(ann.seen(room))
    before = ann.seen(room)[-1].text
    ann.presses("Next angle", room)
    await served.answered(2)
    assert len(ann.seen(room)) == count
    assert ann.seen(room)[-1].text != before


async def test_each_message_is_answered_in_its_thread(served: Served, ann: User) -> None:
    await says(served, ann, "lead Acme, 12k")
    [asked] = [message for message in ann.dm.messages if not message.by_bot]
    answer = ann.seen()[-1]
    assert answer.thread_ts == asked.ts
    ann.says("note acme called them", thread=answer)
    await served.answered(2)
    assert "Noted on Acme" in ann.seen()[-1].text
    assert ann.seen()[-1].thread_ts == asked.ts
    ann.presses("Undo")
    await served.answered(3)
    assert {message.thread_ts for message in ann.seen()} == {asked.ts}
    ann.says("deals")
    await served.answered(4)
    assert ann.seen()[-1].thread_ts not in ("", asked.ts)


async def test_a_message_deleted_meanwhile_is_answered_in_the_chat(
    served: Served, ann: User
) -> None:
    served.api.fail_next("chat.postMessage", "thread_not_found")
    await says(served, ann, "lead Acme, 12k")
    assert "Lead: Acme" in ann.seen()[-1].text
    assert ann.seen()[-1].thread_ts == ""
    assert served.states() == ["answered"]


async def test_a_thread_goes_on_as_a_conversation_and_not_as_replies(
    served: Served, ann: User
) -> None:
    """The question asked there is answered there; a reply to a message would be a note."""
    await says(served, ann, "lead Acme, 12k")
    ann.says("next acme", thread=ann.seen()[-1])
    await served.answered(2)
    ann.says("tomorrow 3pm call Jane", thread=ann.seen()[-1])
    await served.answered(3)
    assert served.rows("select next_step from deal") == [("call Jane",)]
    assert served.rows("select count(*) from event where kind = 'note'") == [(0,)]


async def test_in_a_thread_card_makes_one_of_what_found_nothing(served: Served, ann: User) -> None:
    await says(served, ann, "obj wibble wobble")
    ann.says("card", thread=ann.seen()[-1])
    await served.answered(2)
    assert "wibble wobble" in ann.seen()[-1].text
    await says(served, ann, "deals")
    ann.says("card", thread=ann.seen()[-1])
    await served.answered()
    assert "cards" in ann.seen()[-1].text


async def test_the_assistants_pane_is_answered_in_its_thread(with_pane: Served) -> None:
    ann = with_pane.api.user("Ann")
    with_pane.member(ann)
    ann.opens_assistant()
    root = ann.assistant_thread()
    ann.says("lead Acme, 12k", thread=root)
    await with_pane.answered(2)
    assert "Lead: Acme" in ann.seen()[-1].text
    assert ann.seen()[-1].thread_ts == root.ts


async def test_edits_and_other_bots_are_not_heard(served: Served, ann: User) -> None:
    await says(served, ann, "deals")
    ann.edits(next(m for m in ann.dm.messages if not m.by_bot), "lead Acme")
    await served.api.idle()
    assert len(served.states()) == 1


async def test_a_file_is_read(served: Served, ann: User) -> None:
    ann.uploads("cards.csv", b"objection,say\nToo slow,We are quick\n")
    await served.answered(1)
    assert served.api.refusals == []
    assert "cards.csv" in ann.seen()[-1].text or "card" in ann.seen()[-1].text


async def test_a_message_becomes_a_lead_a_note_and_a_look_up(served: Served, ann: User) -> None:
    cleo = served.api.user("Cleo")
    room = served.api.channel("shared", [ann, cleo])
    cleo.says("Hi, this is Jane Doe of Acme, call me at +44 20 7946 0958", where=room)
    hello = room.messages[-1]
    ann.takes_shortcut("log_lead", hello)
    await served.answered(1)
    assert ann.modal.title == "New lead"
    ann.submits({"Customer": "Acme"})
    await served.answered(2)
    assert "Lead: Acme" in ann.seen(room)[-1].text
    assert "+44 20 7946 0958" in ann.seen(room)[-1].text
    cleo.says("we need it in May", where=room)
    ann.takes_shortcut("add_note", room.messages[-1])
    await served.answered(3)
    ann.types("Deal", "ac")
    await served.answered()
    ann.submits({"Deal": "Acme"})
    await served.answered(4)
    assert "Noted on Acme: we need it in May" in ann.seen(room)[-1].text
    cleo.says("honestly, it is too expensive for us", where=room)
    ann.takes_shortcut("find_answer", room.messages[-1])
    await served.answered(5)
    assert "too expensive" in ann.seen(room)[-1].text
    assert cleo.seen(room) == []
