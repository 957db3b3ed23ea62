"""The funnel's figures once more, in pandas from the raw rows; no code of the house is shared."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pandas as pd

STAGES = ["opportunity", "qualified", "demo", "decider", "negotiation", "signed"]


class Frames:
    """A database file's deals and events as frames; `reached` has a row a deal and stage."""

    def __init__(self, path: Path, owners: set[int] | None = None) -> None:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            self.deals = pd.read_sql("select * from deal where status != 'withdrawn'", connection)
            events = pd.read_sql("select * from event order by id", connection)
            self.lookups = pd.read_sql("select * from look_up", connection)
        if owners is not None:
            self.deals = self.deals[self.deals.owner_id.isin(owners)]
        self.deals["amount"] = self.deals.amount.astype(float)
        self.deals["created_at"] = _moments(self.deals.created_at)
        undone = set(events.undoes_id.dropna().astype(int))
        events = events[events.undoes_id.isna() & ~events.id.isin(undone)]
        events = events[events.deal_id.isin(self.deals.id)].copy()
        events["at"] = _moments(events["at"])
        for name in ("stage", "status", "lost_reason"):
            events[name] = events.after.map(lambda text, name=name: json.loads(text).get(name))
        events["was"] = events.before.map(lambda text: json.loads(text).get("stage"))
        self.events = events.set_index("id", drop=False)
        self.reached_at = self._reached()
        self.ends = self._ends()
        self.lasted = self._lasted()

    def _first_stages(self) -> pd.Series[Any]:
        known = self.events.dropna(subset=["was"]).groupby("deal_id").was.first()
        return (
            self.deals.set_index("id")
            .stage.to_frame("now")
            .join(known)
            .apply(lambda row: row.was if isinstance(row.was, str) else row.now, axis=1)
        )

    def _reached(self) -> pd.DataFrame:
        """One row for each deal and stage that it came to or leapt over, and when first."""
        firsts = self._first_stages()
        made = self.events[self.events.kind == "created"].groupby("deal_id")["at"].first()
        rows = [(deal, STAGES.index(stage), made[deal], True) for deal, stage in firsts.items()]
        moves = self.events.dropna(subset=["stage"])
        rows += [
            (deal, STAGES.index(stage), at, False)
            for deal, stage, at in zip(moves.deal_id, moves.stage, moves["at"], strict=True)
        ]
        entered = pd.DataFrame(rows, columns=["deal", "place", "at", "first"])
        entered = entered.sort_values(["deal", "at", "place"], kind="stable")
        found = []
        for deal, group in entered.groupby("deal"):
            begin = group[group["first"]].place.iloc[0]
            found += [
                (deal, place, group[group.place >= place]["at"].min())
                for place in range(begin, group.place.max() + 1)
            ]
        return pd.DataFrame(found, columns=["deal", "place", "at"])

    def _ends(self) -> pd.DataFrame:
        """The last word on each deal: its status, when, in which stage and why."""
        words = self.events.dropna(subset=["status"]).groupby("deal_id").last()
        return self.deals.set_index("id")[["amount", "currency", "source", "owner_id"]].join(words)

    def flow(self, place: int, start: pd.Timestamp, end: pd.Timestamp) -> tuple[int, int, int]:
        """How many entered a stage, went on, and were lost before they did."""
        at_it = self.reached_at[self.reached_at.place == place]
        came = set(at_it[(at_it["at"] >= start) & (at_it["at"] < end)].deal)
        further = set(self.reached_at[self.reached_at.place > place].deal)
        won = set(self.ends[self.ends.status == "won"].index)
        lost = set(self.ends[self.ends.status == "lost"].index)
        on = came & (further | won)
        return len(came), len(on), len((came - on) & lost)

    def ended(self, status: str, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
        """The deals that ended so in the time."""
        last = self.ends
        return last[(last.status == status) & (last["at"] >= start) & (last["at"] < end)]

    def stays(self, stage: str, start: pd.Timestamp, end: pd.Timestamp) -> list[float]:
        """How many days the stays in a stage took that ended in the time, ordered."""
        its = self.lasted[self.lasted.stage == stage]
        its = its[(its.went >= start) & (its.went < end)]
        return sorted((its.went - its.came) / pd.Timedelta(days=1))

    def _lasted(self) -> pd.DataFrame:
        """Every stay that ended: a move to another stage ends one, and so does an ending."""
        firsts, found = self._first_stages(), []
        words = self.events.dropna(subset=["status"])
        for deal, group in words.groupby("deal_id"):
            here, came, closed = firsts[deal], group["at"].iloc[0], False
            for to, status, at in zip(group.stage, group.status, group["at"], strict=True):
                there, over = to if isinstance(to, str) else here, status in ("won", "lost")
                if not closed and (over or there != here) and at > came:
                    found.append((here, came, at))
                if closed or over or there != here:
                    here, came = there, at
                closed = over
        return pd.DataFrame(found, columns=["stage", "came", "went"])


def _moments(column: pd.Series[Any]) -> pd.Series[Any]:
    return pd.to_datetime(column, utc=True, format="ISO8601")
