"""Statistics of shares: the 95 % interval of one, the probability that one is below another."""

from __future__ import annotations

from dataclasses import dataclass
from math import erf, sqrt

MIN_COUNT = 5  # a share of fewer says nothing
_Z = 1.96  # 95 %


@dataclass(frozen=True)
class Share:
    """`part` of `whole`; `low` and `high`, 0..1, bound the true share at 95 %.

    The bounds are Wilson's score interval (Wilson 1927, J. Am. Stat. Assoc. 22).
    """

    part: int
    whole: int

    @property
    def enough(self) -> bool:
        """Whether the whole is large enough for the share to mean anything."""
        return self.whole >= MIN_COUNT

    @property
    def share(self) -> float:
        """The share itself, 0..1; 0 of nothing."""
        return self.part / self.whole if self.whole else 0.0

    @property
    def percent(self) -> int:
        """The share in whole percent."""
        return round(100 * self.share)

    @property
    def low(self) -> float:
        """The lower bound."""
        return max(0.0, self._middle - self._half)

    @property
    def high(self) -> float:
        """The upper bound."""
        return min(1.0, self._middle + self._half)

    @property
    def _scale(self) -> float:
        return 1 + _Z**2 / self.whole

    @property
    def _middle(self) -> float:
        return (self.share + _Z**2 / (2 * self.whole)) / self._scale if self.whole else 0.5

    @property
    def _half(self) -> float:
        if not self.whole:
            return 0.5
        spread = self.share * (1 - self.share) / self.whole + _Z**2 / (4 * self.whole**2)
        return _Z * sqrt(spread) / self._scale


def probability_lower(now: Share, than: Share) -> float:
    """The probability, 0..1, that the true share of `now` lies below that of `than`.

    Each share is taken as normal about its Agresti-Coull estimate (Am. Stat. 52, 1998): two
    successes and two failures are added to either.
    """
    estimates = [((one.part + 2) / (one.whole + 4), one.whole + 4) for one in (now, than)]
    spread = sqrt(sum(share * (1 - share) / whole for share, whole in estimates))
    gap = estimates[1][0] - estimates[0][0]
    return (1 + erf(gap / spread / sqrt(2))) / 2
