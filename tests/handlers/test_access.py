"""Nobody gets, or changes, what is not theirs: strangers, outsiders, colleagues, those removed."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.app import App
from bot.clock import SetClock
from handlers.contract.reply import plain
from handlers.contract.request import Account, Request
from storage.engine import Database
from tests.databases import without_waiting_for_the_disk
from tests.dialogs.world import now
from tests.handlers.attacks import Attack, Probe, every, others, probes, rows
from tests.handlers.belongings import belongings
from tests.handlers.who_knows import Person, World
from tests.handlers.worlds import TeamShape, build
from tests.office import empty

ATTACKERS = ("colleague", "stranger", "removed", "outsider", "sibling")
STRANGER = Account("terminal", "nobody", "Zoe", "en", "0")
SHAPES: list[TeamShape] = [(2, 1), (1,)]


@contextmanager
def world_of(shapes: list[TeamShape]) -> Iterator[tuple[App, World, str]]:
    """An app on a database that holds such a world."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/world.db"
        Path(path).write_bytes(empty())
        database = Database(f"sqlite:///{path}")
        without_waiting_for_the_disk(database)
        world = build(database, shapes, now("en"))
        app = App(database, SetClock(now("en")))
        try:
            yield app, world, path
        finally:
            app.close()


async def attacker(kind: str, app: App, world: World) -> tuple[Account, Person | None]:
    """The account that attacks, and the member it is; None for nobody."""
    if kind == "stranger":
        return STRANGER, None
    if kind == "removed":
        return await removed(app, world), None
    choices = {
        "outsider": world.of(2, "admin"),
        "colleague": world.of(1, "rep"),
        "sibling": world.of(1, "manager"),
    }
    found = choices[kind][-1]
    return found.account, found


async def removed(app: App, world: World) -> Account:
    """A rep who has just been removed, with a form still open that holds their deal."""
    leaving, heir = world.of(1, "rep")[0], world.of(1, "manager")[0]
    admin = world.of(1, "admin")[0]
    edit = Request("open-form", leaving.account, "button", action=f"edit:{leaving.id}:source")
    assert world.names[leaving.id - 1] in plain((await app.answer(edit)).reply.text)
    action = f"remove:{leaving.id}:{heir.id}"
    await app.answer(Request("removal", admin.account, "button", action=action))
    return leaving.account


async def attacked(kind: str, shapes: list[TeamShape], tries: Sequence[Probe]) -> list[str]:
    """What an attacker of this kind learnt or changed by these tries."""
    with world_of(shapes) as (app, world, path):
        who, person = await attacker(kind, app, world)
        before = belongings(path, person, len(shapes), who.id)
        attack = Attack(app, path, who)
        await attack.makes([*tries, Probe(Request("", who, text="cancel"))])
        forbidden = [
            secret.text
            for secret in world.secrets
            if not (person is not None and person.may_know(secret)) and secret.text not in who.name
        ]
        after = belongings(path, person, len(shapes), who.id)
        changed = [
            f"{table}: {set(after[table]) ^ set(before[table])}"
            for table in before
            if after[table] != before[table]
        ]
        assert forbidden
        return attack.leaks(forbidden) + changed


def shapes() -> st.SearchStrategy[list[TeamShape]]:
    reps = st.integers(1, 2)
    first = st.tuples(reps, reps)
    return st.builds(
        lambda one, rest: [one, *rest],
        first,
        st.lists(st.one_of(st.tuples(reps), first), min_size=1, max_size=2),
    )


@settings(max_examples=settings().max_examples // 5)
@given(st.sampled_from(ATTACKERS), shapes(), probes())
def test_nobody_gets_or_changes_what_is_not_theirs(
    kind: str, shapes: list[TeamShape], tries: list[Probe]
) -> None:
    assert asyncio.run(attacked(kind, shapes, tries)) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTACKERS)
async def test_no_word_and_no_verb_gives_away_or_changes_what_is_not_theirs(kind: str) -> None:
    foreign = 2  # the first rep's id and deal, and the first of much else, in another's hands
    assert await attacked(kind, SHAPES, [*every([foreign]), *others("+49 30 7014117")]) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", ATTACKERS)
async def test_no_verb_aimed_at_any_id_gives_away_or_changes_what_is_not_theirs(kind: str) -> None:
    assert await attacked(kind, SHAPES, every(range(30))) == []


async def test_a_lead_that_a_colleague_has_is_named_by_its_owner_and_nothing_else() -> None:
    with world_of(SHAPES) as (app, world, path):
        mine, theirs = world.of(1, "rep")[:2]
        deal = [secret.text for secret in world.secrets if secret.owner == theirs.id]
        name = next(each for each in world.names if any(word in each for word in deal))
        phone = next(each for each in world.phones if each[-7:] in deal)
        attack = Attack(app, path, mine.account)
        lines = [f"lead {name[:-1]}, 5k", f"lead Newco, {phone}"]
        await attack.makes([Probe(Request("", mine.account, text=line)) for line in lines])
        told = [reply for row_id, reply in rows(path, "select id, reply from inbox")]
        assert all(theirs.account.name in each for each in told)
        assert attack.leaks(deal) == []


async def test_what_a_message_of_somebody_elses_was_about_is_not_told_by_replying_to_it() -> None:
    with world_of(SHAPES) as (app, world, path):
        mine, theirs = world.of(1, "rep")[:2]
        with app.database.work() as memory:
            [row] = memory.claims.claim("x", now("en").replace(year=2027), now("en"), 100)[3:4]
            memory.outbox.mark_sent(row.id, "x", now("en"), "terminal", "message-1")
        before = belongings(path, mine, 2)
        probe = Request("reply", mine.account, text="a note", reply_to="message-1")
        attack = Attack(app, path, mine.account)
        await attack.makes([Probe(probe)])
        assert row.member_id == theirs.id
        assert belongings(path, mine, 2) == before
        forbidden = [each.text for each in world.secrets if not mine.may_know(each)]
        assert attack.leaks(forbidden) == []


async def test_a_form_left_open_is_closed_by_removal() -> None:
    with world_of(SHAPES) as (app, world, path):
        who = await removed(app, world)
        forbidden = [secret.text for secret in world.secrets]
        attack = Attack(app, path, who)
        lines = ("nonsense", "skip", "cancel", "-")
        await attack.makes([Probe(Request("", who, text=line)) for line in lines])
        assert attack.leaks(forbidden) == []


@pytest.mark.slow
async def test_the_attacks_would_find_a_leak_if_there_were_one() -> None:
    """A test that cannot fail proves nothing: somebody who may read finds all of it."""
    with world_of(SHAPES) as (app, world, path):
        admin = world.of(1, "admin")[0]
        attack = Attack(app, path, admin.account)
        await attack.makes(every([2]))
        secrets = [secret.text for secret in world.secrets if secret.team == 1]
        found = {leak.partition(":")[0] for leak in attack.leaks(secrets)}
        assert len(found) > 0.3 * len(secrets)
        other = [secret.text for secret in world.secrets if secret.team == 2]
        assert attack.leaks(other) == []
        nobody = belongings(path, None, 2)
        assert nobody["deal"] != belongings(path, admin, 2)["deal"]
