"""What a person sees: messages, buttons, pages, pictures, and a word when it takes a while."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from bot.telegram import typing_indicator
from handlers.contract.reply import Button, Choice, File, Reply, bold, text_of
from handlers.contract.request import Request
from tests.bot.telegram.serving import Room, Served
from tests.fakes.botapi import User

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x08\x08\x02\0\0\0"


@pytest.fixture
def ann(served: Served) -> User:
    return served.api.user(1, "Ann", wrote=True)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Holds a skill until it is set; "a moment" is over at once."""
    monkeypatch.setattr(typing_indicator, "SOON", 0.01)
    gate = threading.Event()
    yield gate
    gate.set()


async def test_a_customers_name_is_only_ever_text(served: Served, ann: User) -> None:
    name = '<b>*_@channel</b> & "Co" <a href="x">'
    served.skills.answer = lambda request, room: Reply(text_of(bold(name), " is new"))
    ann.says("hi")
    await served.answered(1)
    assert served.api.chat(1).last.text == f"{name} is new"
    assert served.api.chat(1).last.styled("bold") == [name]


async def test_typing_shows_when_an_answer_takes_more_than_a_moment(
    served: Served, ann: User, gate: threading.Event
) -> None:
    def slow(request: Request, room: Room) -> Reply:
        gate.wait(5)
        return Reply(text_of("at last"))

    served.skills.answer = slow
    ann.says("think")
    await served.api.wait_for(lambda: served.api.actions == [(1, "typing")])
    gate.set()
    await served.api.wait_for(lambda: served.api.chat(1).texts == ["at last"])


async def test_no_typing_for_a_quick_answer(served: Served, ann: User) -> None:
    ann.says("quick")
    await served.answered(1)
    assert served.api.actions == []


async def test_a_long_reply_comes_in_parts_with_the_buttons_under_the_last(
    served: Served, ann: User
) -> None:
    long = "🙂 line of text\n" * 400
    served.skills.answer = lambda request, room: Reply(text_of(long), ((Button("Ok", "ok"),),))
    ann.says("x")
    # The app pages by characters; what is longer in Telegram's units is split here.
    await served.answered(1)
    parts = served.api.chat(1).from_bot
    assert parts[-1].labels[0] == "Ok"
    assert all(not part.labels for part in parts[:-1])


async def test_a_phone_number_is_text_and_a_web_address_a_button(served: Served, ann: User) -> None:
    buttons = (
        Button("Call Jane", url="tel:+442079460958"),
        Button("Site", url="https://example.com"),
    )
    served.skills.answer = lambda request, room: Reply(text_of("Jane"), (buttons,))
    ann.says("x")
    await served.answered(1)
    last = served.api.chat(1).last
    assert last.text == "Jane\nCall Jane: +442079460958"
    assert [(one.label, one.url) for one in last.buttons] == [("Site", "https://example.com")]


async def test_a_picture_and_a_document_come_with_their_words(served: Served, ann: User) -> None:
    picture, sheet = File("funnel.png", PNG, "The funnel"), File("deals.csv", b"a,b", "Deals")
    served.skills.answer = lambda request, room: {
        "both": Reply(text_of(bold("Your day")), picture=picture, document=sheet),
        "long": Reply(text_of("word " * 400), ((Button("Ok", "ok"),),), document=sheet),
        "bare": Reply(picture=picture),
    }[request.text]
    for said in ("both", "long", "bare"):
        ann.says(said)
    await served.answered(3)
    shown = [(one.method, one.text[:9], len(one.buttons)) for one in served.api.sent]
    assert shown == [
        ("sendPhoto", "Your day", 0),
        ("sendDocument", "Deals", 0),
        ("sendDocument", "Deals", 0),
        ("sendMessage", "word word", 1),
        ("sendPhoto", "The funnel"[:9], 0),
    ]
    assert served.api.sent[1].filename == "deals.csv"
    assert served.api.sent[1].file == b"a,b"


async def test_a_picture_telegram_will_not_show_comes_as_a_document(
    served: Served, ann: User
) -> None:
    served.api.fail_next("sendPhoto", 400)
    picture = File("funnel.png", PNG, "The funnel")
    served.skills.answer = lambda request, room: Reply(picture=picture)
    ann.says("x")
    await served.answered(1)
    assert (served.api.sent[0].method, served.api.sent[0].text) == ("sendDocument", "The funnel")


async def test_markup_telegram_refuses_is_sent_as_plain_text(
    served: Served, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"ok": False, "error_code": 400, "description": "Bad Request: can't parse entities: x"}
    served.api.fail_next("sendMessage", 400, body)
    served.skills.answer = lambda request, room: Reply(text_of(bold("A & B")))
    ann.says("x")
    await served.answered(1)
    assert served.api.chat(1).texts == ["A & B"]
    assert served.api.chat(1).last.entities == ()
    assert "refused our markup" in caplog.text


async def test_choices_are_listed_as_typed_for_the_person_alone(served: Served, ann: User) -> None:
    choices = (
        Choice("card-1", "Too expensive", "Compared to what?", text_of(bold("Compared"), " <?>")),
        Choice("card-2", "", "", text_of("No title")),
    )
    served.skills.answer = lambda request, room: Reply(choices=choices)
    ann.inline("too expens")
    await served.answered(1)
    [answer] = served.api.inline_answers
    assert (answer.query, answer.personal) == ("too expens", True)
    assert answer.cache_time <= 10
    assert answer.titles == ["Too expensive", "No title"]
    assert answer.texts() == ["Compared <?>", "No title"]
    assert served.skills.asked[0].kind == "query"


async def test_who_may_see_no_cards_is_led_to_the_bot(served: Served, ann: User) -> None:
    served.skills.answer = lambda request, room: Reply(text_of("Only for members"))
    ann.inline("too expens")
    await served.answered(1)
    assert served.api.inline_answers[0].results == []
    assert served.api.sent == []


async def test_a_query_too_old_to_be_answered_is_no_error(served: Served, ann: User) -> None:
    ann.inline("too")
    served.api.expire_queries()
    ann.says("hi")
    await served.answered(2)
    assert served.states() == ["answered", "answered"]


async def test_the_sent_message_is_remembered_for_a_reply_to_it(served: Served, ann: User) -> None:
    ann.says("one")
    await served.answered(1)
    sent = served.api.chat(1).last
    assert served.rows("select message_ref from inbox") == [(f"1:{sent.id}",)]
    ann.says("about that", reply_to=sent)
    await served.answered(2)
    assert served.skills.asked[1].reply_to == f"1:{sent.id}"
