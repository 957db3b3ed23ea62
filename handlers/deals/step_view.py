"""Renders a step: its name, its line and button, and what is said of a time outside work."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers.contract.desk import Desk
from handlers.contract.drafts import save_draft
from handlers.contract.reply import Button, Reply, Text, bold, lines, shorten, text_of
from handlers.deals.when import write_minute
from handlers.reading import Repetition
from kb.funnel.calendar import WorkCalendar
from storage.tables.people_and_deals import Deal
from storage.tables.steps import Step

TEXT_SHOWN = 24  # characters of a step on a button


def name_step(desk: Desk, step: Step) -> str:
    """What the step is called: its text, or "next step"."""
    return step.text or desk.words.line("selling.deal_list.step")


def label_step(desk: Desk, step: Step) -> str:
    """The step on a button: its text and its local time of day."""
    clock = desk.words.clock(step.at, desk.zone)
    return f"{shorten(name_step(desk, step), TEXT_SHOWN)} · {clock}"


def render_outside_hours(desk: Desk, step: Step, calendar: WorkCalendar) -> Text:
    """The line about a moment outside working hours: when it rings, and whether to ring anyway."""
    if calendar.is_away(calendar.local(step.at).date()):
        moment = desk.words.moment(calendar.next_working(step.at), desk.zone, desk.now)
        return desk.words.say("selling.next_step.away_then", moment=moment)
    working = calendar.is_working(step.at)
    return () if working else desk.words.say("selling.next_step.quiet_then")


def offer_working_time(desk: Desk, step: Step, calendar: WorkCalendar) -> tuple[Button, ...]:
    """The choice for a moment outside working hours: ring then, or when work begins again."""
    if calendar.is_working(step.at):
        return ()
    return (
        Button(desk.words.line("selling.next_step.do_ring_anyway"), f"step-anyway:{step.id}"),
        Button(desk.words.line("selling.next_step.do_working"), f"step-working:{step.id}"),
    )


def offer_drop(desk: Desk, step: Step) -> Button:
    """The tap that drops a step, by its name."""
    name = shorten(name_step(desk, step), TEXT_SHOWN)
    return Button(desk.words.line("selling.next_step.do_drop", step=name), f"step-drop:{step.id}")


def offer_moment(desk: Desk, deal: Deal, at: datetime, what: str = "") -> Button:
    """The tap that books a step for an instant."""
    draft = save_draft(desk, "step", {"what": what}).id if what else 0
    moment = desk.words.moment(at, desk.zone, desk.now)
    return Button(f"▶ {moment}", f"at:{deal.id}:{write_minute(at)}:{draft}")


def get_customer_name(desk: Desk, step: Step) -> str:
    """The name of the customer whose deal the step is on; empty for a reminder of one's own."""
    deal = desk.memory.deals.get(desk.scope, step.deal_id) if step.deal_id else None
    return deal.customer.name if deal is not None else ""


def say_once_only(desk: Desk, reply: Reply, repetition: Repetition | None) -> Reply:
    """Adds that a step is booked once, where the line asked for a repetition."""
    if repetition is None:
        return reply
    said = desk.words.say("selling.next_step.once_only", words=repetition.words)
    return replace(reply, text=lines(reply.text, said))


def render_step(desk: Desk, step: Step) -> Text:
    """The step in one line: **Acme** · call Jane · tomorrow, Thu 19 Nov 15:00."""
    moment = desk.words.moment(step.at, desk.zone, desk.now)
    name = get_customer_name(desk, step)
    if not name:
        return text_of("🔔 ", bold(name_step(desk, step)), f" · {moment}")
    return text_of(bold(name), f" · {name_step(desk, step)} · {moment}")
