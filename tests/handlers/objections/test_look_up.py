"""A card in a call: one look, its angles, what may be copied, what became of it."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import Any

import pytest

from handlers.contract.reply import Reply
from tests.office import Office, action, labels, said

PRICE = "price-too-expensive"
WHOLE = ["Next angle", "Copy", "It landed", "It didn't", "More"]


def rewrite(office: Office, key: str = PRICE, language: str = "en", **columns: Any) -> int:
    """Changes a card as a colleague would, in another process."""
    columns = {name: json.dumps(v) if isinstance(v, list) else v for name, v in columns.items()}
    sets = ", ".join(f"{name} = ?" for name in columns)
    team = "select team_id from member where name = 'Ann'"
    with closing(sqlite3.connect(office.path)) as connection, connection:
        connection.execute("update team set cards_version = cards_version + 1")
        connection.execute(
            f"update card set version = (select max(cards_version) from team), {sets}"  # noqa: S608 a test's own columns
            f" where key = ? and language = ? and team_id = ({team})",
            (*columns.values(), key, language),
        )
    query = f"select id from card where key = ? and language = ? and team_id = ({team})"  # noqa: S608 as above
    return int(office.one(query, key, language))


async def looked_up(office: Office, text: str = "it's too expensive", who: str = "Ann") -> Reply:
    return await office.says(who, f"obj {text}")


async def test_next_angle_shows_each_line_once_and_comes_round(office: Office) -> None:
    rewrite(office, say="First.", angles=["Second.", "Third."])
    reply = await looked_up(office)
    assert labels(reply) == WHOLE
    seen = [said(reply)]
    shown = json.loads(office.one("select shown from look_up"))
    for _ in range(3):
        reply = await office.taps("Ann", action(reply, "Next angle"))
        seen.append(said(reply))
    assert ["First." in seen[0], "Second." in seen[1], "Third." in seen[2]] == [True] * 3
    assert ("It's too expensive" in seen[3]) == (len(shown) == 1)
    assert reply.edit


async def test_a_line_marked_internal_is_shown_with_a_lock_and_never_copied(
    office: Office,
) -> None:
    rewrite(office, say="Our floor is 8 %.", angles=["Say this."], internal=["say"])
    reply = await looked_up(office)
    assert "🔒 Our floor is 8 %." in said(reply)
    refused = await office.taps("Ann", action(reply, "Copy"))
    assert "Our floor" not in said(refused)
    assert "internal" in said(refused)
    following = await office.taps("Ann", action(reply, "Next angle"))
    copied = await office.taps("Ann", action(following, "Copy"))
    assert said(copied) == "Say this."


async def test_as_typed_results_never_send_an_internal_line(office: Office) -> None:
    asked = office.request("Ann", kind="query", text="too expensive")
    assert "It's too expensive" in [
        each.title for each in (await office.answer(asked)).reply.choices
    ]
    rewrite(office, internal=["say"])
    asked = office.request("Ann", kind="query", text="too expensive")
    titles = [each.title for each in (await office.answer(asked)).reply.choices]
    assert "It's too expensive" not in titles


async def test_blanks_are_filled_from_the_deal_in_hand(office: Office) -> None:
    rewrite(office, say="{customer} gets it for {amount}, not {competitor}'s price.")
    assert "your company gets it for this price" in said(await looked_up(office))
    await office.says("Ann", "lead Acme, 12k")
    reply = await looked_up(office)
    assert "Acme gets it for €12,000, not the other offer's price." in said(reply)
    await office.fills("Ann", f"edit:{office.deal('Acme')}", {"competitor": "Globex"})
    copied = await office.taps("Ann", action(await looked_up(office), "Copy"))
    assert said(copied) == "Acme gets it for €12,000, not Globex's price."


async def test_a_customers_name_is_never_read_as_a_blank(office: Office) -> None:
    rewrite(office, say="Dear {customer}.")
    await office.says("Ann", "lead {amount} <b>*_, 12k")
    assert "Dear {amount} <b>*_." in said(await looked_up(office))


async def test_a_card_dates_its_proof(office: Office) -> None:
    rewrite(office, proof="Case of a bakery", proof_on="2026-10-01")
    assert "📎 Case of a bakery (2026-10-01)" in said(await looked_up(office))


async def test_an_unsure_answer_shows_the_best_and_two_others_and_asks_nothing(
    office: Office,
) -> None:
    reply = await unsure(office)
    assert "Not sure" in said(reply)
    assert labels(reply)[2:] == ["Copy", "It landed", "None fits"]
    assert len(labels(reply)) == 5
    other = labels(reply)[0]
    picked = await office.taps("Ann", action(reply, other))
    assert said(picked).startswith(other)
    assert picked.edit
    assert "More" in labels(picked)
    assert office.one("select tier from look_up order by id desc limit 1") == "picked"


async def test_none_of_the_guesses_keeps_the_query_as_a_gap(office: Office) -> None:
    reply = await office.taps("Ann", action(await unsure(office), "None fits"))
    assert "I keep it for your manager" in said(reply)
    assert office.one("select count(*) from gap where state = 'open'") == 1


async def unsure(office: Office) -> Reply:
    """An answer of the middle tier, with both alternatives."""
    for text in ("boss price maybe later", "price and time", "the contract is long and dear"):
        reply = await looked_up(office, text)
        if "Not sure" in said(reply) and len(labels(reply)) == 5:
            return reply
    raise AssertionError("no query of the middle tier")


async def test_what_did_not_land_is_followed_by_the_next_line_at_once(office: Office) -> None:
    rewrite(office, angles=["Another way to see it."])
    reply = await office.taps("Ann", action(await looked_up(office), "It didn't"))
    assert "Kept. Try this one:" in said(reply)
    assert "Another way to see it." in said(reply)


async def test_five_to_tap_are_those_heard_most_at_the_deals_stage(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    await looked_up(office, "send me an email")
    reply = await office.says("Ann", "obj")
    top = office.one("select objection from card where id = (select top_card_id from look_up)")
    assert labels(reply)[0] == top
    assert len(labels(reply)) == 5
    await office.says("Ann", "move acme negotiation")
    assert labels(await office.says("Ann", "obj"))[0] != top


async def test_a_rep_reads_only_their_own_objections_and_a_manager_those_below(
    office: Office,
) -> None:
    await looked_up(office, who="Ann")
    await looked_up(office, who="Bo")
    assert "1 objection in" in said(await office.says("Ann", "objections"))
    assert "2 objections in" in said(await office.says("Mia", "objections"))
    assert "No objection looked up yet" in said(await office.says("Eve", "objections"))


async def test_an_objection_with_a_date_and_a_name_books_nothing(office: Office) -> None:
    await office.says("Ann", "lead Acme, 12k")
    reply = await office.says("Ann", "acme: no budget this year")
    assert "💬" in said(reply)
    assert office.one("select next_step_at from deal") is None
    assert "▶" in said(await office.says("Ann", "acme call the boss tomorrow 10am"))


MAIL = """Hi Ann,

thanks for the demo last week, the team liked it a lot and we had a good discussion afterwards.
To be honest it's too expensive for what we need at the moment.
We are also happy with our current supplier and see no reason to change.

Kind regards, Tom"""


async def test_both_objections_of_a_pasted_mail_are_a_tap_away(office: Office) -> None:
    reply = await looked_up(office, MAIL)
    assert len(labels(reply)) <= 5
    (other,) = [each for each in labels(reply) if "supplier" in each]
    assert "It's too expensive" in said(reply)
    picked = await office.taps("Ann", action(reply, other))
    assert said(picked).startswith(other)


async def test_a_very_long_text_is_cut_and_said_to_be(office: Office) -> None:
    long = "it is too expensive for us. " + "and so on " * 600
    assert "I read the first 4,096 characters" in said(await looked_up(office, long))
    assert "I read the first" not in said(await looked_up(office))


@pytest.mark.parametrize("verb", ["obj-next", "obj-copy", "obj-yes", "obj-no", "obj-more"])
async def test_a_button_of_a_card_that_was_retired_meanwhile_says_so_kindly(
    office: Office, verb: str
) -> None:
    await looked_up(office, "zzz it's too expensive")
    lookup = office.one("select max(id) from look_up")
    for card_id in json.loads(office.one("select shown from look_up where id = ?", lookup)):
        with closing(sqlite3.connect(office.path)) as connection, connection:
            connection.execute("update card set state = 'retired' where id = ?", (card_id,))
    reply = await office.taps("Ann", f"{verb}:{lookup}")
    assert reply.text
    assert "went wrong" not in said(reply)
