"""Time zones as people name them: a city, an IANA name, a typo, in either language."""

from __future__ import annotations

import pytest

from handlers.team.time_zones import find_country, find_zone, suggest_zones


@pytest.mark.parametrize(
    ("said", "zone"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        ("berlin", "Europe/Berlin"),
        (" New York ", "America/New_York"),
        ("sao paulo", "America/Sao_Paulo"),
        ("los angelas", "America/Los_Angeles"),
        ("北京", "Asia/Shanghai"),
        ("台北", "Asia/Taipei"),
        ("utc", "UTC"),
    ],
)
def test_a_zone_is_found_by_what_people_call_it(said: str, zone: str) -> None:
    assert find_zone(said) == zone


@pytest.mark.parametrize("said", ["", "   ", "Atlantis", "x" * 500, "华为"])
def test_what_is_no_place_is_no_zone(said: str) -> None:
    assert find_zone(said) is None


@pytest.mark.parametrize(
    ("zone", "country"),
    [("Europe/Berlin", "DE"), ("Asia/Shanghai", "CN"), ("UTC", ""), ("Etc/GMT+5", ""), ("X/Y", "")],
)
def test_a_zone_lies_in_one_country_or_none(zone: str, country: str) -> None:
    assert find_country(zone) == country


@pytest.mark.parametrize(
    ("hint", "first"),
    [
        ("en", "Europe/London"),
        ("en_US", "America/New_York"),
        ("zh-Hans", "Asia/Shanghai"),
        ("zh-Hant", "Asia/Taipei"),
        ("de-AT", "Europe/Berlin"),
        ("", "Europe/London"),
        ("tlh", "Europe/London"),
    ],
)
def test_the_likeliest_zones_come_first_and_all_exist(hint: str, first: str) -> None:
    zones = suggest_zones(hint)
    assert zones[0] == first
    assert [find_zone(zone) for zone in zones] == list(zones)
