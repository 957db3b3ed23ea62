"""Refusals: what was wrong, the way out, and what was typed given back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlers.contract.refusals import (
    AmbiguousDeal,
    ChoiceNeeded,
    NotAllowed,
    NotAMember,
    NotFound,
    Refusal,
    TextRefusal,
    UnknownDeal,
    give_back_text,
    render_refusal,
    require_role,
)
from handlers.contract.reply import Button, plain
from handlers.contract.words import LANGUAGES, Words
from storage.tables.people_and_deals import Role
from tests.office import Office, action, desk_of, labels, lobby_of, said

SEE = Button("Show", "open:1")


def test_a_rep_is_refused_what_takes_a_manager_and_a_manager_is_not(office: Office) -> None:
    with desk_of(office, "Ann") as desk, pytest.raises(NotAllowed):
        require_role(desk, Role.MANAGER)
    with desk_of(office, "Mia") as desk:
        require_role(desk, Role.MANAGER)


def test_a_refusal_says_who_may_and_gives_back_what_was_typed(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        reply = render_refusal(
            NotAllowed(Role.ADMIN), office.request("Ann", text="remove bo"), desk
        )
    assert plain(reply.text).splitlines() == [
        "Only an admin can do that. Ask yours.",
        "You wrote: remove bo",
    ]


def test_a_question_gives_nothing_back_and_a_mistake_does(office: Office) -> None:
    request = office.request("Ann", text="undo")
    with desk_of(office, "Ann") as desk:
        mistake = render_refusal(TextRefusal("undo.nothing", SEE), request, desk)
        question = render_refusal(ChoiceNeeded("undo.nothing", SEE), request, desk)
    assert "You wrote: undo" in plain(mistake.text)
    assert "You wrote" not in plain(question.text)
    assert labels(mistake) == labels(question) == ["Show"]


def test_a_button_has_no_text_to_give_back(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        tap = office.request("Ann", kind="button", action="open:1", text="Open")
        assert give_back_text(tap, desk) == ()
        long = office.request("Ann", text="x" * 900)
        assert plain(give_back_text(long, desk)) == "You wrote: " + "x" * 500


def test_a_stranger_is_shown_the_ways_in_but_not_in_a_group(office: Office) -> None:
    with lobby_of(office, "Zoe") as lobby:
        alone = render_refusal(NotAMember(), office.request("Zoe", text="hey"), lobby)
        group = render_refusal(
            NotAMember(), office.request("Zoe", text="hey", in_group=True), lobby
        )
    assert labels(alone) == ["Make a team", "I have an invite"]
    assert labels(group) == []


def test_what_is_not_there_is_said_so(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        tap = office.request("Ann", kind="button", action="open:999")
        assert "no longer here" in plain(render_refusal(NotFound(), tap, desk).text)


async def test_an_unknown_deal_offers_the_nearest_and_goes_on_from_there(office: Office) -> None:
    await office.says("Ann", "lead Acme, Jane, 12k")
    reply = await office.says("Ann", "note acne called twice")
    assert "Acme" in labels(reply)[0]
    assert "called twice" in said(await office.taps("Ann", action(reply, labels(reply)[0])))
    assert office.one("select count(*) from event where note like '%called twice'") == 1


def test_every_refusal_there_is_and_every_role_it_may_ask_for_has_its_words(office: Office) -> None:
    """From the types, in both languages: a refusal without words would be an error."""
    named = {"name": "Acme", "nearest": (), "command": "note", "rest": ""}
    made: list[Refusal] = [NotAllowed(role) for role in Role if role != Role.REP]
    for kind in subclasses_of(Refusal):
        if kind in (UnknownDeal, AmbiguousDeal):
            made.append(kind(**named))
        elif kind in (TextRefusal, ChoiceNeeded):
            made.append(kind("undo.nothing"))
        elif kind is not NotAllowed:
            made.append(kind())
    assert len(made) > len(Role)
    for language in LANGUAGES:
        with desk_of(office, "Ann") as desk:
            spoken = replace(desk, words=Words(language))
            for refusal in made:
                request = office.request("Ann", text="note acme")
                assert plain(render_refusal(refusal, request, spoken).text).strip()


def subclasses_of(kind: type[Refusal]) -> Iterator[Any]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses_of(each)
