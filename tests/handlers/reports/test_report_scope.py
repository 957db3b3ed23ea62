"""What a report is about: whose deals, in which pipeline and period, and who may see them."""

from __future__ import annotations

import pytest

from handlers.contract.refusals import NotAllowed, NotFound, Refusal
from handlers.reports.report_scope import (
    get_scope_name,
    list_visible_members,
    make_action,
    make_scope,
    read_button,
    read_request,
    read_scope,
)
from tests.office import Office, desk_of


def test_a_line_names_a_member_and_a_period_in_any_order(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        for text in ("last month ann", "ann last month", "上月 ann"):
            scope, period = read_request(office.request("Mia", text=text), desk, "quarter")
            assert get_scope_name(desk, scope) == "Ann"
            assert (period.kind, period.first.isoformat()) == ("month", "2026-10-01")


def test_a_line_that_names_nothing_means_all_one_may_see_now(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        scope, period = read_request(office.request("Mia", text=""), desk, "quarter")
        assert (scope.member, scope.scope) == (None, desk.scope)
        assert (period.kind, period.first.isoformat()) == ("quarter", "2026-10-01")


def test_a_mistyped_name_is_still_found_and_own_words_mean_oneself(office: Office) -> None:
    with desk_of(office, "Kim") as desk:
        names = {member.name for member in list_visible_members(desk)}
        assert {"Ann", "Bo", "Mia", "Kim"} <= names
        assert get_scope_name(desk, read_scope(desk, "Annn")) == "Ann"
        for own in ("me", "我的"):
            assert get_scope_name(desk, read_scope(desk, own)) == "Kim"


def test_a_rep_sees_nobody_else_and_a_manager_is_told_of_an_unknown_name(office: Office) -> None:
    with desk_of(office, "Bo") as desk:
        with pytest.raises(NotAllowed):
            read_scope(desk, "Ann")
        ann = office.member("Ann")
        assert make_scope(desk, ann).member is None
        assert make_scope(desk, ann).scope == desk.scope
    with desk_of(office, "Mia") as desk, pytest.raises(Refusal):
        read_scope(desk, "Zorro")


def test_a_manager_s_scope_of_an_admin_is_not_wider_than_their_own(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        assert make_scope(desk, office.member("Kim")).scope == desk.scope


def test_a_button_brings_back_the_scope_and_period_it_was_made_of(office: Office) -> None:
    with desk_of(office, "Mia") as desk:
        scope, period = read_request(office.request("Mia", text="ann q3"), desk, "month")
        action = make_action("report", scope, period, "stages")
        assert len(action.encode()) <= 64
        request = office.request("Mia", kind="button", action=action)
        assert read_button(request, desk) == (scope, period)
        assert request.word(4) == "stages"


@pytest.mark.parametrize("action", ["report:decade:740000:0:main", "report:month:0:0:main"])
def test_a_forged_button_is_gone(office: Office, action: str) -> None:
    request = office.request("Mia", kind="button", action=action)
    with desk_of(office, "Mia") as desk, pytest.raises(NotFound):
        read_button(request, desk)


async def test_a_pipeline_is_named_beside_its_owner_where_there_are_several(
    office: Office,
) -> None:
    await office.says("Kim", "funnel new Partners from crm6")
    with desk_of(office, "Mia") as desk:
        scope = read_scope(desk, "ann partners")
        assert (scope.pipeline, get_scope_name(desk, scope)) == ("partners", "Ann · Partners")
        assert read_scope(desk, "ann").pipeline == "main"
