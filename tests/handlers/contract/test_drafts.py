"""Drafts: kept under the account that began them, and found by nobody else."""

from __future__ import annotations

from handlers.contract.drafts import LINE, find_draft, save_draft, save_line
from tests.office import Office, desk_of, lobby_of


def test_a_draft_is_found_by_its_account_its_id_and_its_kind(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        draft = save_draft(desk, "step", {"what": "call"})
        assert find_draft(desk, "step", draft.id) is draft
        assert find_draft(desk, LINE, draft.id) is None
        assert find_draft(desk, "step", draft.id + 1) is None
    with desk_of(office, "Bo") as desk:
        assert find_draft(desk, "step", draft.id) is None


def test_a_draft_belongs_to_the_member_and_the_team(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        save_draft(desk, "step", {})
    assert office.rows("select platform, account_id, team_id, member_id from draft") == [
        ("terminal", "member-Ann", 1, office.member("Ann"))
    ]


def test_a_strangers_draft_belongs_to_no_team(office: Office) -> None:
    with lobby_of(office, "Zoe") as lobby:
        save_draft(lobby, "form", {})
    assert office.rows("select account_id, team_id, member_id from draft") == [
        ("member-Zoe", None, None)
    ]


def test_a_typed_line_is_kept_with_its_command_and_what_only_that_reads(office: Office) -> None:
    with desk_of(office, "Ann") as desk:
        draft = save_line(desk, "lead", "Acme", "lead Acme", referred_by=7)
        assert draft.kind == LINE
        assert draft.data == {
            "command": "lead",
            "rest": "Acme",
            "text": "lead Acme",
            "referred_by": 7,
        }
