"""One transaction and everything a handler may ask of memory inside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlmodel import Session

from storage.cards.cards import Cards
from storage.cards.gaps import Gaps
from storage.cards.learned_phrasings import LearnedPhrasings
from storage.cards.look_ups import LookUps
from storage.deals.customers import Customers
from storage.deals.deals import Deals
from storage.deals.erasures import Erasures
from storage.deals.events import Events
from storage.deals.export import Exports
from storage.deals.funnel_changes import FunnelChanges
from storage.deals.histories import Histories
from storage.deals.occasions import Occasions
from storage.deals.proofs import Proofs
from storage.deals.stakeholders import Stakes
from storage.deals.steps import Steps
from storage.messages.drafts import Drafts
from storage.messages.inbox import InboxRows
from storage.messages.muted_rules import Rules
from storage.messages.nudges import Nudges
from storage.messages.outbox import OutboxRows
from storage.messages.outbox_claims import OutboxClaims
from storage.messages.rate_limits import Holds
from storage.reports.exchange_rates import Rates
from storage.reports.goals import Goals
from storage.reports.learned_odds import OddsLearned
from storage.team.invites import Invites
from storage.team.members import Members
from storage.team.workspaces import Workspaces


class UnitOfWork:
    """The storage of one transaction, one attribute a subject.

    `savepoint()` undoes what was done inside it when an error leaves it, and only that.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self.members = Members(session)
        self.customers = Customers(session)
        self.deals = Deals(session)
        self.events, self.steps = Events(session), Steps(session)
        self.invites = Invites(session)
        self.exports, self.erasures = Exports(session), Erasures(session)
        self.inbox = InboxRows(session)
        self.outbox = OutboxRows(session)
        self.claims = OutboxClaims(session)
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
