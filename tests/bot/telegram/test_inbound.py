"""Reading updates: who, what, where; and nothing at all from what has no person."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.telegram.addressed_to_us import read_group_text, read_private_text
from bot.telegram.inbound import Incoming, Me, ReachabilityChange, find_lane, find_person, read
from handlers.contract.catalog import CATALOG, Command
from handlers.contract.reply import Reply
from storage.tables.people_and_deals import Role
from tests.bot.telegram.serving import Served
from tests.replay.recorded import NAMES, recorded

ME = Me(7000000001, "RepmateBot")
RECORDED = [recorded(name)[0] for name in NAMES]
STRANGE: list[Any] = [None, "", "x" * 5000, 0, -1, 2**70, True, [], {}, [{}], "\ud800\0", 1.5]
Path = tuple[str, ...]


def paths(raw: Any, above: Path = ()) -> Iterator[Path]:
    """Every field of an update, however deep."""
    for name, value in raw.items() if isinstance(raw, dict) else ():
        yield (*above, name)
        yield from paths(value, (*above, name))


def changed(raw: dict[str, Any], changes: list[tuple[Path, Any]]) -> dict[str, Any]:
    """The update with fields replaced, or left out where the replacement is `...`."""
    update = copy.deepcopy(raw)
    for path, value in changes:
        holder: Any = update
        for name in path[:-1]:
            holder = holder.get(name) if isinstance(holder, dict) else None
        if not isinstance(holder, dict) or path[0] == "update_id":
            continue
        if value is ...:
            holder.pop(path[-1], None)
        else:
            holder[path[-1]] = value
    return update


@st.composite
def mangled(draw: st.DrawFn) -> dict[str, Any]:
    raw = draw(st.sampled_from(RECORDED))
    where = st.sampled_from(list(paths(raw)))
    what = st.sampled_from([..., *STRANGE])
    return changed(raw, draw(st.lists(st.tuples(where, what), min_size=1, max_size=6)))


@given(mangled())
def test_whatever_is_missing_or_strange_an_update_can_be_read(raw: dict[str, Any]) -> None:
    heard = read(raw, ME)
    assert len(find_lane(raw)) <= 50
    person = find_person(raw)
    assert person is None or person.id.isdigit()
    if isinstance(heard, Incoming):
        request = heard.request
        assert int(request.account.id) > 0
        assert heard.own_chat == int(request.account.id)
        assert len(request.text) <= 4096
        assert len(request.action.encode()) <= 64
        assert len(request.account.name) <= 401
        (request.text + request.account.name + request.forwarded_from).encode()


@given(mangled())
def test_without_a_person_there_is_nothing(raw: dict[str, Any]) -> None:
    for kind in ("message", "callback_query", "inline_query", "my_chat_member"):
        if isinstance(raw.get(kind), dict):
            raw[kind].pop("from", None)
    assert read(raw, ME) is None
    assert find_person(raw) is None


async def test_mangled_updates_leave_the_bot_answering(served: Served) -> None:
    chance = random.Random(7)
    served.api.user(1000001, wrote=True)
    served.api.user(1000002, wrote=True)
    for number in range(150):
        raw = chance.choice(RECORDED)
        fields = chance.sample(list(paths(raw)), 2)
        update = changed(raw, [(field, chance.choice([..., *STRANGE])) for field in fields])
        served.api.push(update | {"update_id": 910_000_000 + number})
    served.api.user(1).says("still there?")
    await served.api.wait_for(lambda: served.api.chat(1).texts == ["heard: still there?"], 20)
    await served.answered(50)


def message(**content: Any) -> dict[str, Any]:
    person = {"id": 5, "is_bot": False, "first_name": "Ann"}
    chat = {"id": 5, "type": "private"}
    return {"update_id": 1, "message": {"message_id": 9, "from": person, "chat": chat} | content}


def heard(raw: dict[str, Any]) -> Incoming:
    found = read(raw, ME)
    assert isinstance(found, Incoming)
    return found


def test_a_private_chat_is_where_the_person_is_reached() -> None:
    found = heard(message(text="hi"))
    assert found.request.account.address == "5"
    assert (found.chat_id, found.message_id, found.editable) == (5, 9, False)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("/lead@RepmateBot Acme", "/lead Acme"),
        ("/LEAD@repmatebot", "/LEAD"),
        ("/lead Acme", "/lead Acme"),
        ("/lead@OtherBot Acme", "/lead@OtherBot Acme"),
        ("mail jane@RepmateBot.com", "mail jane@RepmateBot.com"),
        ("/start hello", "/start"),
        ("/start s3cr3t", "/start s3cr3t"),
    ],
)
def test_our_name_is_taken_off_a_command(typed: str, meant: str) -> None:
    assert read_private_text(typed, "RepmateBot") == meant


@pytest.mark.parametrize(
    ("typed", "replied", "meant"),
    [
        ("/known Acme", False, "/known Acme"),
        ("/unknown Acme", False, None),
        ("/unknown@RepmateBot Acme", False, "/unknown Acme"),
        ("/known@OtherBot Acme", False, None),
        ("/known@OtherBot Acme", True, None),
        ("hey @RepmateBot too expensive", False, "hey too expensive"),
        ("@REPMATEBOT", False, "/help"),
        ("too expensive", False, None),
        ("too expensive", True, "too expensive"),
        ("", False, None),
    ],
)
def test_in_a_group_only_what_is_meant_for_us_is_heard(
    typed: str, replied: bool, meant: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Command("known", ("known",), lambda request, desk: Reply(), Role.REP, True, "skill")
    monkeypatch.setattr(CATALOG, "find_command", {"known": known}.get)
    assert read_group_text(typed, "RepmateBot", is_reply=replied) == meant


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (
            {"document": {"file_id": "F", "file_name": "jane.vcf", "file_size": 9}},
            "file",
            "jane.vcf",
        ),
        ({"document": {"file_id": "F"}}, "file", "file"),
        ({"voice": {"file_id": "F"}}, "file", "voice.ogg"),
        ({"sticker": {"file_id": "F"}}, "file", "sticker.webp"),
        ({"photo": [{"file_id": "F"}]}, "file", "photo.jpg"),
        ({"location": {"latitude": 1.0, "longitude": 2.0}}, "file", "location"),
        ({"photo": [{"file_id": "F"}], "caption": "note acme signed"}, "text", "photo.jpg"),
        ({"document": {"file_name": "o.pdf"}, "caption": "note acme"}, "text", "o.pdf"),
        ({"document": {"file_name": "j.vcf"}, "caption": "Jane"}, "file", "j.vcf"),
    ],
)
def test_a_file_is_taken_for_what_it_says(content: dict[str, Any], kind: str, name: str) -> None:
    request = heard(message(**content)).request
    assert request.attachment is not None
    assert (request.kind, request.attachment.name) == (kind, name)
    assert request.text == content.get("caption", "")


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"text": "  "},
        {"new_chat_members": [{"id": 1}]},
        {"pinned_message": {"message_id": 1}},
        {"photo": [{"file_id": "F"}], "media_group_id": "1"},
        {"text": "hi", "sender_chat": {"id": -1}},
        {"text": "hi", "chat": {"id": -5, "type": "channel"}},
        {"text": "hi", "via_bot": {"id": ME.id}},
    ],
)
def test_what_says_nothing_to_us_is_nothing(content: dict[str, Any]) -> None:
    assert read(message(**content), ME) is None


def test_a_button_of_a_message_we_cannot_change_is_not_editable() -> None:
    for shown, editable in (
        ({"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 9, "text": "x"}, True),
        ({"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 0}, False),
        ({"message_id": 3, "chat": {"id": 5, "type": "private"}, "date": 9, "photo": []}, False),
    ):
        press = {"id": "1", "from": {"id": 5}, "message": shown, "data": "undo:1"}
        assert heard({"update_id": 1, "callback_query": press}).editable is editable


def test_a_button_beyond_the_platforms_limit_is_nobodys() -> None:
    for data in ("", "x" * 65, "界" * 22):
        press = {"id": "1", "from": {"id": 5}, "data": data}
        assert read({"update_id": 1, "callback_query": press}, ME) is None


@pytest.mark.parametrize(
    ("status", "reachable"), [("kicked", False), ("left", False), ("member", True)]
)
def test_blocks_and_returns_are_heard_in_private_only(status: str, reachable: bool) -> None:
    change = {"from": {"id": 5}, "chat": {"id": 5, "type": "private"}}
    change |= {"new_chat_member": {"status": status}}
    assert read({"update_id": 1, "my_chat_member": change}, ME) == ReachabilityChange(
        "5", reachable
    )
    change["chat"] = {"id": -5, "type": "group"}
    assert read({"update_id": 1, "my_chat_member": change}, ME) is None
