"""Of several processes exactly one works, and another takes over from one that dies."""

import threading

import pytest

from procedures_db.leases import Lease


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lease(engine, clock):
    return lambda name="telegram": Lease(engine, name, patience=10, clock=clock)


def test_the_first_holds_it_and_keeps_it(lease, clock):
    first, second = lease(), lease()
    for _ in range(10):
        assert first.hold() and not second.hold()
        clock.now += 5
    assert lease("khac").hold()


def test_a_silent_holder_is_replaced_and_does_not_come_back(lease, clock):
    first, second = lease(), lease()
    assert first.hold() and not second.hold()
    clock.now += 9
    assert not second.hold()
    clock.now += 2
    assert second.hold() and not first.hold()


def test_the_next_does_not_wait_for_one_that_says_goodbye(lease):
    first, second = lease(), lease()
    assert first.hold()
    second.release()
    assert not second.hold()
    first.release()
    assert second.hold()


def test_of_many_that_start_at_once_one_holds_it(lease):
    held = []
    barrier = threading.Barrier(8)

    def run(one):
        barrier.wait()
        held.append(one.hold())

    threads = [threading.Thread(target=run, args=(lease(),)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(held) == [False] * 7 + [True]
