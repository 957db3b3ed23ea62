"""The fair lock: one inside at a time, in order of asking."""

from __future__ import annotations

import threading

import pytest

from storage.fair_lock import FairLock


def test_whoever_asked_first_is_let_in_first() -> None:
    turns, order = FairLock(), list[int]()

    def ask(number: int) -> None:
        with turns:
            order.append(number)

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    with turns:
        for already, thread in enumerate(threads):
            thread.start()
            while turns.waiting == already:
                pass
    for thread in threads:
        thread.join()
    assert order == list(range(8))


def test_whoever_has_just_left_goes_behind_those_who_wait() -> None:
    turns, order = FairLock(), list[str]()

    def ask() -> None:
        with turns:
            order.append("waited")

    thread = threading.Thread(target=ask)
    with turns:
        thread.start()
        while not turns.waiting:
            pass
    with turns:
        order.append("came back")
    thread.join()
    assert order == ["waited", "came back"]


def test_who_goes_ahead_waits_for_the_one_inside_and_for_those_who_went_ahead_before() -> None:
    turns, order = FairLock(), list[str]()

    def ask(name: str) -> None:
        with turns.ahead() if name.startswith("ahead") else turns:
            order.append(name)

    names = ["first", "ahead 1", "second", "ahead 2"]
    threads = [threading.Thread(target=ask, args=(name,)) for name in names]
    with turns:
        for already, thread in enumerate(threads):
            thread.start()
            while turns.waiting == already:
                pass
        assert order == []
    for thread in threads:
        thread.join()
    assert order == ["ahead 1", "ahead 2", "first", "second"]


def test_who_goes_ahead_of_nobody_is_let_in_at_once() -> None:
    turns = FairLock()
    with turns.ahead():
        assert turns.waiting == 0
    with turns:
        assert turns.waiting == 0


def test_an_error_inside_lets_the_next_in() -> None:
    turns = FairLock()
    with pytest.raises(KeyError), turns:
        raise KeyError
    with turns:
        assert turns.waiting == 0


def test_only_one_is_inside_at_a_time() -> None:
    turns, inside, most = FairLock(), list[int](), list[int]()

    def ask() -> None:
        for _ in range(200):
            with turns:
                inside.append(1)
                most.append(len(inside))
                inside.pop()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (set(most), turns.waiting) == ({1}, 0)
