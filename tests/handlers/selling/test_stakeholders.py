"""The stakeholders of a deal: who decides, what they think of us, and who is missing."""

from __future__ import annotations

import pytest

from tests.office import Office, labels, said

PEOPLE = (
    "select c.name, c.role, s.part, s.attitude from stake s"
    " join contact c on c.id = s.contact_id order by s.id"
)


@pytest.fixture
async def acme(office: Office) -> Office:
    await office.says("Ann", "lead Acme, Jane Doe, 10k")
    return office


@pytest.mark.parametrize(
    ("line", "stored"),
    [
        ("contact acme Jane CFO decides, supportive", ("Jane Doe", "CFO", "decides", "supportive")),
        ("contact acme Bob buys", ("Bob", "", "buys", "")),
        ("联系人 acme 王芳 财务总监 拍板 支持", ("王芳", "财务总监", "decides", "supportive")),
    ],
)
async def test_a_person_known_by_their_given_name_is_found_and_another_is_added(
    acme: Office, line: str, stored: tuple[str, ...]
) -> None:
    await acme.says("Ann", line)
    assert acme.rows(PEOPLE) == [stored]


async def test_what_is_said_later_is_added_to_what_is_known(acme: Office) -> None:
    await acme.says("Ann", "contact acme Jane decides")
    await acme.says("Ann", "contact acme Jane CFO against us")
    assert acme.rows(PEOPLE) == [("Jane Doe", "CFO", "decides", "against")]


async def test_one_act_is_taken_back_whole(acme: Office) -> None:
    await acme.says("Ann", "contact acme Jane CFO decides, supportive")
    await acme.says("Ann", "undo")
    assert acme.rows(PEOPLE) == [("Jane Doe", "", "", "")]


async def test_part_and_attitude_are_two_taps(acme: Office) -> None:
    people = await acme.says("Ann", "contact acme")
    assert labels(people) == ["Jane Doe", "Add a person"]
    parts = await acme.taps("Ann", people.buttons[0][0].action)
    attitudes = await acme.taps("Ann", parts.buttons[0][0].action)
    await acme.taps("Ann", attitudes.buttons[0][0].action)
    assert acme.rows(PEOPLE) == [("Jane Doe", "", "decides", "supportive")]


async def test_past_the_first_stage_the_missing_decider_is_named(acme: Office) -> None:
    missing = "the decision maker"
    assert missing not in said(await acme.says("Ann", "contact acme"))
    await acme.says("Ann", "advance acme")
    assert missing in said(await acme.says("Ann", "contact acme"))
    await acme.says("Ann", "contact acme Jane decides")
    assert missing not in said(await acme.says("Ann", "contact acme"))


async def test_a_part_without_a_name_asks_for_the_person_and_keeps_the_part(
    acme: Office,
) -> None:
    request = acme.request("Ann", text="contact acme decides", draws_forms=True)
    form = (await acme.answer(request)).reply.form
    assert form is not None
    assert {field.name: field.value for field in form.fields}["part"] == "decides"
    await acme.fills("Ann", form.action, {"name": "Bob", "part": "decides"})
    assert acme.rows(PEOPLE) == [("Bob", "", "decides", "")]


async def test_a_forged_attitude_and_another_customers_person_change_nothing(
    acme: Office,
) -> None:
    await acme.says("Ann", "lead Beta, Bob Stone, 5k")
    await acme.taps("Ann", f"mood:{acme.deal('Acme')}:1:furious")
    await acme.taps("Ann", f"part:{acme.deal('Acme')}:2:decides")
    assert acme.rows(PEOPLE) == []
