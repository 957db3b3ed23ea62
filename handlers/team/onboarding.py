"""`start`: makes a team or joins one, the only things a stranger can do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from handlers.contract.catalog import command, lobby
from handlers.contract.desk import Desk, Lobby
from handlers.contract.drafts import save_draft
from handlers.contract.refusals import TextRefusal
from handlers.contract.reply import Button, Field, Form, Option, Reply, rows
from handlers.contract.request import Request
from handlers.contract.words import LANGUAGE_NAMES, Words, choose_language, choose_words
from handlers.deals.find_pipeline import TEMPLATES
from handlers.objections import look_up
from handlers.reading import clean_text
from handlers.reading.money.currencies import find_currency
from handlers.team.create_team import TeamFacts, create_team
from handlers.team.join_team import link_account, redeem, spend
from handlers.team.time_zones import find_country, find_zone, suggest_zones
from kb.funnel.stages.funnel_templates import load_funnel

CURRENCIES = {"en": ("EUR", "USD", "GBP"), "zh": ("CNY", "HKD", "USD")}
TRIES_AN_HOUR = 5


@lobby("start")
def start_as_stranger(request: Request, room: Lobby) -> Reply:
    """Welcomes a stranger; `/start <secret>` redeems an invite at once."""
    secret = request.text.strip().lstrip("/").partition(" ")[2].strip()
    if secret:
        return join_by_secret(request, room, secret)
    buttons = [
        Button(room.words.line("team.onboarding.make_team"), "found"),
        Button(room.words.line("team.onboarding.have_invite"), "redeem"),
    ]
    return Reply(room.words.say("team.onboarding.stranger"), buttons=rows(buttons, 1))


@lobby("开始")
def start_in_chinese(request: Request, room: Lobby) -> Reply:
    """The same, asked for in Chinese."""
    return start_as_stranger(request, room)


@lobby("redeem")
def redeem_by_form(request: Request, room: Lobby) -> Reply:
    """Asks for an invite and redeems it."""
    if request.kind == "form":
        said = request.values.get("invite", "").strip()
        return join_by_secret(request, room, said.rpartition("=")[2].rpartition(" ")[2])
    field = Field("invite", room.words.line("team.onboarding.field_invite"), limit=300)
    return Reply(form=Form("redeem", room.words.line("team.onboarding.have_invite"), (field,)))


@lobby("found")
def create_by_form(request: Request, room: Lobby) -> Reply:
    """Asks what a team needs, five taps at most, and makes it."""
    require_own_chat(request)
    if request.kind != "form":
        return _make_form(room, {}, {})
    values = {name: clean_text(said, 100) for name, said in request.values.items()}
    zone = find_zone(values.get("zone", ""))
    currency = find_currency(values.get("currency", ""), CURRENCIES[room.words.language][0])
    errors = {}
    if zone is None:
        errors["zone"] = room.words.line(
            "team.onboarding.zone_unknown", said=values.get("zone", "")[:60]
        )
    if currency is None:
        errors["currency"] = room.words.line(
            "team.onboarding.currency_unknown", said=values.get("currency", "")[:20]
        )
    if zone is None or currency is None:
        return _make_form(room, values, errors)
    return _create_team(room, values, zone, currency)


@command("start", "开始", "hello", "hi", "你好", "您好", "早上好", "早", "在吗", glues=False)
def start_as_member(request: Request, desk: Desk) -> Reply:
    """Welcomes a member back; a link code or invite is of no use to them here."""
    if request.in_group and spend(desk, request.text.strip()):
        return Reply(desk.words.say("team.onboarding.spent_in_group"), private=False)
    if " " in request.text.strip():  # "hi, it's too expensive": what the customer said
        return look_up.look_up(request, desk)
    key = "team.onboarding.already" if request.text.strip() else "team.onboarding.back"
    said = desk.words.say(key, name=desk.member.name, team=desk.team.name)
    buttons = [
        Button(desk.words.line("team.onboarding.today"), "say:today"),
        Button(desk.words.line("team.onboarding.help"), "say:help"),
    ]
    return Reply(said, buttons=rows(buttons))


def join_by_secret(request: Request, room: Lobby, secret: str) -> Reply:
    """Redeems an invite or a link code; in a group, where others read it, ends it instead."""
    if request.in_group and spend(room, secret):
        return Reply(room.words.say("team.onboarding.spent_in_group"), private=False)
    require_own_chat(request)
    joined = redeem(room, secret)
    if joined is None:
        return _answer_wrong_secret(request, room)
    member, linked = joined
    words = choose_words(member.language)
    team = room.memory.members.get_team(member.team_id)
    key = "team.onboarding.linked" if linked else "team.onboarding.joined"
    role = words.line(f"team.team.role_{member.role}")
    said = words.say(key, name=member.name, team=team.name, role=role)
    return Reply(said, buttons=((Button(words.line("team.onboarding.help"), "say:help"),),))


def _answer_wrong_secret(request: Request, room: Lobby) -> Reply:
    """Wrong guesses are few an hour, so that nobody keeps on; a right secret is never held up.

    A secret is 128 random bits: it is its length that no guess overcomes.
    """
    account, since = request.account, room.now - timedelta(hours=1)
    if room.memory.drafts.count(account.platform, account.id, "try", since) >= TRIES_AN_HOUR:
        raise TextRefusal("team.onboarding.too_many_tries")
    save_draft(room, "try", {})
    return Reply(room.words.say("team.onboarding.invite_void"))


def require_own_chat(request: Request) -> None:
    """Refuses in a group: a secret or a new team is nobody else's to read."""
    if request.in_group:
        raise TextRefusal("team.onboarding.not_in_group")


def _create_team(room: Lobby, values: Mapping[str, str], zone: str, currency: str) -> Reply:
    language = choose_language(values.get("language", room.words.language))
    name = values.get("name") or room.words.line(
        "platforms.terminal.team_of", name=_find_name(room)
    )
    funnel = values.get("funnel", "")
    chosen = funnel if funnel in TEMPLATES else TEMPLATES[0]
    facts = TeamFacts(name, language, zone, currency, find_country(zone), chosen)
    member = create_team(room.memory, facts, _find_name(room), room.now)
    link_account(room, member)
    words = Words(language)
    buttons = [
        Button(words.line("team.onboarding.invite"), "say:invite"),
        Button(words.line("team.onboarding.help"), "say:help"),
    ]
    return Reply(words.say("team.onboarding.founded", team=name), buttons=rows(buttons))


def _find_name(room: Lobby) -> str:
    return clean_text(room.account.name, 200) or room.words.line("team.onboarding.unnamed")


def _make_form(room: Lobby, values: Mapping[str, str], errors: dict[str, str]) -> Reply:
    words = room.words
    own = words.line("platforms.terminal.team_of", name=_find_name(room))
    name = values.get("name") or own
    currencies = tuple(Option(code, code) for code in CURRENCIES[words.language])
    # The likeliest first: one thumb, five taps.
    spoken = sorted(LANGUAGE_NAMES, key=lambda key: key != words.language)
    languages = tuple(Option(key, LANGUAGE_NAMES[key]) for key in spoken)
    zones = tuple(Option(zone, zone) for zone in suggest_zones(room.account.language))
    kept = {key: said for key, said in values.items() if key not in errors}
    fields = (
        Field(
            "name",
            words.line("team.onboarding.field_name"),
            value=kept.get("name", ""),
            options=(Option(name, name),),
            free=True,
        ),
        Field(
            "language",
            words.line("team.onboarding.field_language"),
            value=kept.get("language", ""),
            options=languages,
        ),
        Field(
            "zone",
            words.line("team.onboarding.field_zone"),
            value=kept.get("zone", ""),
            options=zones,
            free=True,
        ),
        Field(
            "currency",
            words.line("team.onboarding.field_currency"),
            value=kept.get("currency", ""),
            options=currencies,
            free=True,
        ),
        Field(
            "funnel",
            words.line("team.onboarding.field_funnel"),
            value=kept.get("funnel") or TEMPLATES[0],
            options=tuple(Option(key, load_funnel(key).name[words.language]) for key in TEMPLATES),
        ),
    )
    return Reply(form=Form("found", words.line("team.onboarding.make_team"), fields, errors))
