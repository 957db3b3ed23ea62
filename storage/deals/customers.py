"""Customers and the people there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, or_, select

from storage.tables.people_and_deals import Contact, Customer


class Customers:
    """Queries on customers and contacts; who may see a customer, its deals say."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, customer: Customer) -> Customer:
        """Keeps a new customer, and gives it its id."""
        self._session.add(customer)
        self._session.flush()
        return customer

    def get(self, team_id: int, customer_id: int) -> Customer | None:
        """A customer of the team."""
        customer = self._session.get(Customer, customer_id)
        return customer if customer is not None and customer.team_id == team_id else None

    def list_name_keys(self, team_id: int) -> Sequence[tuple[int, str, str]]:
        """Every customer of the team as (id, name, name key), for finding near doubles."""
        query = select(Customer.id, Customer.name, Customer.name_key)
        return self._session.exec(query.where(Customer.team_id == team_id)).all()

    def add_contact(self, contact: Contact) -> Contact:
        """Keeps a new contact."""
        self._session.add(contact)
        self._session.flush()
        return contact

    def list_contacts(self, team_id: int, customer_id: int) -> Sequence[Contact]:
        """The people at a customer, oldest first."""
        query = select(Contact).where(
            Contact.team_id == team_id, Contact.customer_id == customer_id
        )
        return self._session.exec(query.order_by(col(Contact.id))).all()

    def find_contacts(self, team_id: int, phone: str, email: str) -> Sequence[Contact]:
        """The team's contacts with this phone (E.164) or e-mail; neither given, none found."""
        ways = []
        if phone:
            ways.append(col(Contact.phone) == phone)
        if email:
            ways.append(col(Contact.email) == email)
        if not ways:
            return []
        query = select(Contact).where(Contact.team_id == team_id, or_(*ways))
        return self._session.exec(query.order_by(col(Contact.id))).all()
