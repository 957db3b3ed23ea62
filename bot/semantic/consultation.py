"""One request's questions to the advisor, waited for outside of the request's transaction.

A look-up that wants an opinion ends its transaction by raising `OpinionWanted`; the app waits for
the advisor outside of it, where nobody is held up, and begins the transaction anew, with the
opinion or without.
"""

from __future__ import annotations

import asyncio
from functools import partial

from bot.clock import stopwatch
from bot.semantic.advisor import Advisor
from kb.objections.search import CardIndex
from kb.objections.semantic.meaning import Likeness
from kb.objections.semantic.semantic_index import SemanticIndex
from kb.objections.semantic.vectors import CardVectors

QUESTIONS = 3  # that one request may ask: each begins its transaction anew


class OpinionWanted(Exception):
    """Raised by a look-up that wants a second opinion before it answers."""

    def __init__(self, vectors: CardVectors, texts: tuple[str, ...]) -> None:
        super().__init__()
        self.vectors = vectors
        self.texts = texts


class Consultation:
    """The questions of one request and their answers, within the advisor's patience."""

    def __init__(self, advisor: Advisor | None) -> None:
        self._advisor = advisor
        self._seconds_left = advisor.patience if advisor is not None else 0.0
        self._answers: dict[tuple[CardVectors, tuple[str, ...]], Likeness | None] = {}

    def with_opinions(self, team_id: int, index: CardIndex) -> CardIndex:
        """Return the index with the advisor to ask; unchanged while its cards are not read yet."""
        vectors = self._advisor.find_vectors(team_id, index) if self._advisor is not None else None
        return SemanticIndex(index, partial(self._find_opinion, vectors)) if vectors else index

    async def wait_for_opinion(self, wanted: OpinionWanted) -> None:
        """Wait for the opinion wanted; once the patience is over there is none."""
        began, likeness = stopwatch(), None
        if self._advisor is not None:
            answer = self._advisor.ask(wanted.vectors, wanted.texts)
            try:
                async with asyncio.timeout(max(0.0, self._seconds_left)):
                    likeness = await asyncio.wrap_future(answer)
            except TimeoutError:
                answer.cancel()
        self._seconds_left -= stopwatch() - began
        self._answers[wanted.vectors, wanted.texts] = likeness

    def _find_opinion(self, vectors: CardVectors, texts: tuple[str, ...]) -> Likeness | None:
        if (vectors, texts) in self._answers:
            return self._answers[vectors, texts]
        free = self._advisor is not None and self._advisor.free
        if not free or self._seconds_left <= 0 or len(self._answers) >= QUESTIONS:
            return None
        raise OpinionWanted(vectors, texts)
