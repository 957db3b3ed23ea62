"""The people of a test press, choose and fill in: in messages, modals and the Home tab."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.slackapi import payloads
from tests.fakes.slackapi.answers import to_command, to_submission, to_suggestion
from tests.fakes.slackapi.deliveries import Delivery
from tests.fakes.slackapi.errors import Json
from tests.fakes.slackapi.filling import fill, mistakes, option, state_of
from tests.fakes.slackapi.people import Person
from tests.fakes.slackapi.reading import read_text
from tests.fakes.slackapi.views import View
from tests.fakes.slackapi.workspaces import Channel, Control, Message, controls_of
from tests.fakes.slackapi.world import ResponseUrl

Place = Channel | Message | View


@dataclass(frozen=True)
class Found:
    """A control, and the message or view it stands in."""

    control: Control
    place: Message | View


@dataclass(eq=False)
class User(Person):
    """Somebody with hands: presses what was last shown."""

    def labels(self, where: Place | None = None) -> list[str]:
        """What the buttons in sight say, the newest first."""
        return [
            found.control.label
            for found in self._in_sight(where)
            if found.control.element["type"] == "button"
        ]

    def presses(self, label: str, where: Place | None = None) -> Delivery:
        """Press the newest button of that label: in a place, else in the modal, else the DM."""
        found = self._find(lambda c: c.element["type"] == "button" and c.label == label, where)
        if found is None:
            raise AssertionError(f"no button {label!r}; there are {self.labels(where)}")
        return self._acts(found, {})

    def presses_action(self, action_id: str, where: Place | None = None) -> Delivery:
        """Press the newest button with that action_id."""
        found = self._find(lambda c: c.element["action_id"] == action_id, where)
        assert found is not None, f"no action {action_id!r}"
        return self._acts(found, {})

    def picks(self, label: str, where: Place | None = None) -> Delivery:
        """Choose from a menu or overflow the option that says so."""
        found = self._find(lambda c: label in [read_text(o["text"]) for o in c.options], where)
        assert found is not None, f"no option {label!r}"
        view = found.place if isinstance(found.place, View) else None
        chosen = option(view, found.control.element, label)
        return self._acts(found, {"selected_option": chosen})

    def chooses(self, action_id: str, value: Any, where: Place | None = None) -> Delivery:
        """Set the picker or menu with that action_id to a date, a person, or an option's label."""
        found = self._find(lambda c: c.element["action_id"] == action_id, where)
        assert found is not None, f"no action {action_id!r}"
        view = found.place if isinstance(found.place, View) else None
        state = state_of(view or self._suggested, found.control.element, value)
        return self._acts(found, {name: one for name, one in state.items() if name != "type"})

    def types(self, name: str, query: str, where: Place | None = None) -> Delivery:
        """Type into an external select, found by label, placeholder or action_id.

        When it is answered, `delivery.response` has the options, and they can be chosen.
        """
        found = self._find(lambda c: _is_external(c, name), where)
        assert found is not None, f"no external select {name!r}"
        element = found.control.element
        assert len(query) >= element.get("min_query_length", 3), "too short to ask the app"
        payload = payloads.interaction(self.world, self.team, self.account, "block_suggestion")
        payload |= self._place(found) | {"value": query, "action_id": element["action_id"]}
        payload |= {"block_id": found.control.block["block_id"]}
        view = found.place if isinstance(found.place, View) else None

        def answered(response: Json) -> None:
            offered = to_suggestion(self.world, view, self.id, response)
            self._suggested.suggested = offered

        return self._tells("interactive", payload, answered)

    def submits(self, values: Mapping[str, Any] | None = None) -> Delivery | None:
        """Fill in the modal on top, by label or block id, and submit it.

        None when Slack itself finds something wrong: `modal.errors` says what.
        """
        view = self.modal
        assert view.raw["submit"] is not None, "this modal has nothing to submit"
        fill(view, values or {})
        view.errors = mistakes(view)
        if view.errors:
            return None
        payload = payloads.interaction(self.world, self.team, self.account, "view_submission")
        payload |= {"trigger_id": self.world.trigger(self.id, self.team, view.id)}
        payload |= {"view": copy.deepcopy(view.raw), "response_urls": []}
        return self._tells(
            "interactive",
            payload,
            lambda response: to_submission(self.world, view, self.team, response),
        )

    def closes(self, *, everything: bool = False) -> Delivery | None:
        """Close the modal on top, or all of them; the app hears of it only if it asked to."""
        view, stack = self.modal, self.modals
        closed = stack[:] if everything or view.raw["clear_on_close"] else [view]
        for one in closed:
            one.open = False
            stack.remove(one)
        if not view.raw["notify_on_close"]:
            return None
        payload = payloads.interaction(self.world, self.team, self.account, "view_closed")
        payload |= {"view": copy.deepcopy(view.raw), "is_cleared": everything}
        return self._tells("interactive", payload)

    @property
    def _suggested(self) -> View:
        """Where the options of an external select in a message are kept."""
        key = (self.team.id, f"{self.id}/suggested")
        return self.world.homes.setdefault(key, View({}, self.id, self.team.id))

    def _acts(self, found: Found, chosen: Json) -> Delivery:
        element, block = found.control.element, found.control.block
        payload = payloads.interaction(self.world, self.team, self.account, "block_actions")
        if isinstance(found.place, View):
            slot = found.place.values.get(block["block_id"], {}).get(element["action_id"])
            if slot is not None:
                slot.update(chosen)
        payload |= self._place(found)
        view_id = found.place.id if isinstance(found.place, View) else ""
        payload["trigger_id"] = self.world.trigger(self.id, self.team, view_id)
        payload["state"] = {"values": self._state(found, chosen)}
        payload["actions"] = [payloads.action(self.world, element, block, chosen)]
        return self._tells("interactive", payload, self._shown(found))

    def _shown(self, found: Found) -> object:
        if isinstance(found.place, View):
            return None
        message, now = found.place, self.world.clock.now()
        url = ResponseUrl(message.channel_id, self.id, self.team.id, now, message.ts)
        return lambda response: to_command(self.world, url, response)

    def _state(self, found: Found, chosen: Json) -> Json:
        if isinstance(found.place, View):
            return copy.deepcopy(found.place.values)
        element, block = found.control.element, found.control.block
        if not chosen:
            return {}
        return {block["block_id"]: {element["action_id"]: {"type": element["type"]} | chosen}}

    def _place(self, found: Found) -> Json:
        if isinstance(found.place, View):
            return payloads.in_view(found.place)
        channel = self.world.channels[found.place.channel_id]
        return payloads.in_message(self.world, self.team, self.account, channel, found.place)

    def _find(self, fits: Any, where: Place | None) -> Found | None:
        return next((found for found in self._in_sight(where) if fits(found.control)), None)

    def _in_sight(self, where: Place | None) -> list[Found]:
        if where is None:
            where = self.modals[-1] if self.modals else self.dm
        if isinstance(where, Channel):
            messages = reversed(self.seen(where))
            return [Found(control, m) for m in messages for control in m.controls]
        blocks = where.blocks
        return [Found(control, where) for control in controls_of(blocks)]


def _is_external(control: Control, name: str) -> bool:
    label = read_text(control.block.get("label") or {})
    names = (control.label, label, control.element["action_id"])
    return "external" in control.element["type"] and name in names
