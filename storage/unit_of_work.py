"""One transaction and everything a handler may ask of memory inside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from storage.cards import Cards
from storage.customers import Customers
from storage.deals import Deals
from storage.drafts import Drafts
from storage.events import Events
from storage.exports import Exports
from storage.gaps import Gaps
from storage.goals import Goals
from storage.histories import Histories
from storage.holds import Holds
from storage.inbox import InboxRows
from storage.invites import Invites
from storage.learned import LearnedPhrasings
from storage.learned_odds import OddsLearned
from storage.lookups import LookUps
from storage.members import Members
from storage.nudges import Nudges
from storage.outbox import OutboxRows
from storage.plays import FunnelChanges, Occasions, Proofs, Stakes
from storage.rates import Rates
from storage.rules import Rules
from storage.workspaces import Workspaces


class UnitOfWork:
    """The storage of one transaction, one attribute a subject.

    `savepoint()` undoes what was done inside it when an error leaves it, and only that.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.members = Members(session)
        self.customers = Customers(session)
        self.deals = Deals(session)
        self.events = Events(session)
        self.invites = Invites(session)
        self.exports = Exports(session)
        self.inbox = InboxRows(session)
        self.outbox = OutboxRows(session)
        self.nudges = Nudges(session)
        self.rules = Rules(session)
        self.stakes, self.occasions = Stakes(session), Occasions(session)
        self.proofs, self.funnel_changes = Proofs(session), FunnelChanges(session)
        self.drafts = Drafts(session)
        self.holds = Holds(session)
        self.cards = Cards(session)
        self.gaps = Gaps(session)
        self.learned = LearnedPhrasings(session)
        self.lookups = LookUps(session)
        self.histories = Histories(session)
        self.rates = Rates(session)
        self.goals = Goals(session)
        self.learned_odds = OddsLearned(session)
        self.workspaces = Workspaces(session)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What is done inside is undone when an error leaves it; what went before stays."""
        with self._session.begin_nested():
            yield

    def flush(self) -> None:
        """Sends what is pending, so that new rows have their ids."""
        self._session.flush()
