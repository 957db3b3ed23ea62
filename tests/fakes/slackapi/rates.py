"""Slack's rate limits: tiers for each method and workspace, and a message a second in a channel.

https://docs.slack.dev/apis/web-api/rate-limits. Short bursts pass.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from tests.fakes.slackapi.clock import Clock
from tests.fakes.slackapi.errors import too_many

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}  # calls a minute
IN_A_CHANNEL = (1.0, 3.0)  # messages a second, burst
IN_A_WORKSPACE = (20.0, 60.0)


@dataclass
class _Bucket:
    rate: float
    burst: float
    level: float
    seen: float

    def refill(self, now: float) -> None:
        self.level = min(self.burst, self.level + max(0.0, now - self.seen) * self.rate)
        self.seen = now

    @property
    def wait(self) -> float:
        return 0.0 if self.level >= 1.0 else (1.0 - self.level) / self.rate


class Rates:
    """Token buckets."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, ...], _Bucket] = {}

    def spend(self, method: str, team_id: str, channel: str, tier: int) -> None:
        """Count one call. Raises ApiError 429, and then counts nothing.

        Tier 0 is chat.postMessage's own: by channel, and by workspace.
        """
        limits: dict[tuple[str, ...], tuple[float, float]] = {
            ("method", method, team_id): (TIERS.get(tier, 0) / 60, float(TIERS.get(tier, 0)))
        }
        if tier == 0:
            limits = {
                ("channel", team_id, channel): IN_A_CHANNEL,
                ("workspace", team_id): IN_A_WORKSPACE,
            }
        buckets = [self._bucket(key, limit) for key, limit in limits.items()]
        wait = max(bucket.wait for bucket in buckets)
        if wait > 0:
            raise too_many(math.ceil(wait))
        for bucket in buckets:
            bucket.level -= 1.0

    def _bucket(self, key: tuple[str, ...], limit: tuple[float, float]) -> _Bucket:
        rate, burst = limit
        now = self._clock.now()
        bucket = self._buckets.setdefault(key, _Bucket(rate, burst, burst, now))
        bucket.refill(now)
        return bucket
