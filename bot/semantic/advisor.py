"""The advisor: runs a model of meaning for the look-up, on one thread of its own.

What its opinion is worth is decided in `kb/objections/semantic/semantic_rerank.py`, who waits for
it how long in `bot/semantic/consultation.py`; models are loaded in `bot/semantic/encoders.py`.
"""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field

import structlog

from bot.clock import stopwatch
from kb.objections.search import CardIndex
from kb.objections.semantic.embedding_compare import Comparer
from kb.objections.semantic.meaning import Encoder, Likeness
from kb.objections.semantic.vectors import CardVectors

PATIENCE = 0.3  # seconds
BATCH_TAKES = 0.05  # seconds: a question waits for the batch of texts under way
LARGEST_BATCH = 64
TEAMS = 256  # whose vectors are kept; those of the team asked about least lately go first
FAILURES = 3  # texts in a row that could not be read, after which the model is given up
log = structlog.get_logger()


@dataclass(frozen=True)
class _Question:
    """A query's texts, the cards to compare them with, and where the answer is put."""

    vectors: CardVectors
    texts: tuple[str, ...]
    answer: Future[Likeness | None] = field(default_factory=Future)


@dataclass
class _Reading:
    """The cards of a team's index, and those of their texts that are still to be read."""

    team_id: int
    index: CardIndex
    before: CardVectors | None
    unread: deque[str] = field(default_factory=deque)


class Advisor:
    """One model on one thread, and the vectors of all teams' cards.

    A team's cards are read in the background once they are asked about, and later those that have
    changed; until then there is no opinion. A text that several teams have is read once, but a
    query is compared only with the cards of the index it is asked about. `patience`, in seconds,
    is how long one request may wait, all its questions together.
    """

    def __init__(self, load: Callable[[], Encoder], patience: float = PATIENCE) -> None:
        self.patience = patience
        self._load = load
        self._change = threading.Condition()
        self._questions: deque[_Question] = deque()
        # By team: the indexes that are still to be read, and those whose vectors are in place.
        self._stale: OrderedDict[int, CardIndex] = OrderedDict()
        self._ready: OrderedDict[int, tuple[CardIndex, CardVectors]] = OrderedDict()
        self._reading: _Reading | None = None
        self._busy_since: float | None = None
        self._closed = False
        self._failures = 0  # texts in a row that could not be read
        self._batch = 1  # texts that are read at once
        self._rest = 0.0  # seconds until the next batch, which are left to others
        self._thread = threading.Thread(target=self._run, name="advisor", daemon=True)
        self._thread.start()

    def find_vectors(self, team_id: int, index: CardIndex) -> CardVectors | None:
        """Return the vectors of the index's cards; None until they are read, which this begins."""
        with self._change:
            known = self._ready.get(team_id)
            if known is not None and known[0] is index:
                self._ready.move_to_end(team_id)
                return known[1]
            under_way = self._reading is not None and self._reading.index is index
            if not self._closed and not under_way:
                self._stale[team_id] = index
                self._change.notify()
            return None

    @property
    def free(self) -> bool:
        """Whether to ask at all: not while the model takes longer than anybody waits."""
        since = self._busy_since
        return not self._closed and (since is None or stopwatch() - since < self.patience)

    def ask(self, vectors: CardVectors, texts: tuple[str, ...]) -> Future[Likeness | None]:
        """Queue a question; whoever no longer waits for the answer cancels it."""
        question = _Question(vectors, texts)
        with self._change:
            self._questions.append(question)
            self._change.notify()
        return question.answer

    def close(self, seconds: float = 1.0) -> None:
        """End the thread; one whose model hangs is left behind, and ends with the process."""
        self._stop()
        self._thread.join(seconds)

    def _stop(self) -> None:
        with self._change:
            self._closed = True
            self._stale.clear()
            self._ready.clear()
            self._change.notify()

    def _run(self) -> None:
        try:
            comparer = Comparer(self._load())
        except Exception as error:  # noqa: BLE001 whatever a model does, the bot works without it
            # A traceback would say no more than the reason, and the next start reads the same.
            log.error("no second opinion", reason=f"{type(error).__name__}: {error}")  # noqa: TRY400 said above
            self._stop()
            return
        log.info("second opinion ready")
        while self._wait_for_work():
            self._busy_since = stopwatch()
            if self._questions:
                self._answer(comparer, self._questions.popleft())
            else:
                self._read_batch(comparer)
            self._busy_since = None

    def _wait_for_work(self) -> bool:
        """Wait for something to do, after reading as long as that took; return False at the end."""
        with self._change:
            self._change.wait_for(lambda: self._closed or self._questions, self._rest)
            self._rest = 0.0
            self._change.wait_for(
                lambda: self._closed or self._questions or self._reading or self._stale
            )
            return not self._closed

    def _answer(self, comparer: Comparer, question: _Question) -> None:
        if not question.answer.set_running_or_notify_cancel():
            return
        likeness = None
        try:
            likeness = comparer.compare(question.vectors, question.texts)
        except Exception as error:  # noqa: BLE001 as in _run
            log.warning("second opinion failed", error=type(error).__name__)
        question.answer.set_result(likeness)

    def _read_batch(self, comparer: Comparer) -> None:
        """Read the next few texts, and put a team's vectors in place after its last."""
        began = stopwatch()
        reading = self._reading or self._begin_reading(comparer)
        self._read_texts(comparer, reading)
        if not reading.unread and not self._closed:
            self._publish(comparer, reading)
        self._rest = stopwatch() - began

    def _begin_reading(self, comparer: Comparer) -> _Reading:
        with self._change:
            team_id, index = self._stale.popitem(last=False)
            before = self._ready.get(team_id, (None, None))[1]
            # From here on it is under way, and asking for it begins it no second time.
            self._reading = _Reading(team_id, index, before)
        self._reading.unread.extend(comparer.list_unread(index.cards(), before))
        return self._reading

    def _read_texts(self, comparer: Comparer, reading: _Reading) -> None:
        if not reading.unread:
            return
        began = stopwatch()
        some = [reading.unread.popleft() for _ in range(min(self._batch, len(reading.unread)))]
        try:
            comparer.read(some)
        except Exception as error:  # noqa: BLE001 as in _run
            self._handle_failure(comparer, reading, some, error)
            return
        self._failures = 0
        pace = BATCH_TAKES / max(stopwatch() - began, 1e-6)
        self._batch = max(1, min(LARGEST_BATCH, 2 * self._batch, int(pace * len(some)) or 1))

    def _handle_failure(
        self, comparer: Comparer, reading: _Reading, some: list[str], error: Exception
    ) -> None:
        """Go on one by one to find the text at fault, and pass that over."""
        self._batch = 1
        if len(some) > 1:
            reading.unread.extendleft(reversed(some))
            return
        comparer.pass_over(some[0])
        self._failures += 1
        log.warning("card not read for second opinions", error=type(error).__name__)
        if self._failures >= FAILURES:
            log.error("second opinions given up")
            self._stop()

    def _publish(self, comparer: Comparer, reading: _Reading) -> None:
        placed = comparer.place(reading.index.cards(), reading.before)
        with self._change:
            self._reading = None
            self._ready[reading.team_id] = (reading.index, placed)
            self._ready.move_to_end(reading.team_id)
            gone = [self._ready.popitem(last=False)] if len(self._ready) > TEAMS else []
        for _, (_, vectors) in gone:
            comparer.release(vectors)
