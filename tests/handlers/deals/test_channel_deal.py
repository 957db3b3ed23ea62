"""A channel's name speaks of the customer whose name stands in it, and of nobody by accident."""

from __future__ import annotations

import pytest

from handlers.deals.channel_deal import find_channel_deal
from tests.office import Office, desk_of


async def find(office: Office, channel: str, who: str = "Ann") -> str:
    """The customer that a channel is about; empty for none."""
    with desk_of(office, who) as desk:
        found = find_channel_deal(channel, desk)
        return found.customer if found is not None else ""


@pytest.mark.parametrize(
    ("channel", "customer"),
    [
        ("acme", "Acme GmbH"),
        ("ext-acme_rollout", "Acme GmbH"),
        ("acme-gmbh", "Acme GmbH"),
        ("acme-north", "Acme North"),  # the longer name wins
        ("muller-und-sohn", "Müller und Sohn"),
        ("项目-字节跳动", "字节跳动科技有限公司"),
        ("acmeology", ""),
        ("sales", ""),
        ("we-win", ""),
        ("-", ""),
        ("", ""),
        ("acme-gmbh-" * 40, "Acme GmbH"),
    ],
)
async def test_a_name_fits_as_whole_words(office: Office, channel: str, customer: str) -> None:
    for name in ("Acme GmbH", "Acme North", "Müller und Sohn", "字节跳动科技有限公司", "We", "Win"):
        await office.says("Ann", f"lead {name}, 5k")
        await office.says("Ann", "lead anyway")
    assert await find(office, channel) == customer


async def test_of_two_customers_that_fit_alike_neither_is_meant(office: Office) -> None:
    await office.says("Ann", "lead Nova, 5k")
    await office.says("Ann", "lead Beta, 5k")
    assert await find(office, "nova-beta") == ""


async def test_a_lost_deal_and_a_colleagues_deal_are_not_meant(office: Office) -> None:
    await office.says("Ann", "lead Acme, 5k")
    assert await find(office, "acme", "Bo") == ""
    assert await find(office, "acme", "Mia") == "Acme"
    await office.says("Ann", "lost acme price")
    assert await find(office, "acme") == ""
