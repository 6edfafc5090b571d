"""The restart policy as a table of times and answers."""

from __future__ import annotations

import random

import pytest

from streamcore.core.restart_policy import BACK_OFF_S, Park, RestartPolicy, Retry


class FullDelay(random.Random):
    """Chance that always takes the longest delay."""

    def uniform(self, a: float, b: float) -> float:
        return b


@pytest.fixture
def policy() -> RestartPolicy:
    return RestartPolicy(FullDelay())


def _crash(policy: RestartPolicy, now: float) -> Retry | Park:
    return policy.ended(now, counts=True)


def test_the_back_off_grows_to_its_end(policy: RestartPolicy) -> None:
    delays = [policy.ended(now, counts=False) for now in range(0, 9000, 1000)]
    assert delays == [Retry(s) for s in (*BACK_OFF_S, BACK_OFF_S[-1], BACK_OFF_S[-1])]


def test_jitter_is_full_and_within_the_back_off() -> None:
    delays = [RestartPolicy(random.Random(seed)).ended(0, counts=True) for seed in range(200)]
    seconds = [delay.delay_s for delay in delays if isinstance(delay, Retry)]
    assert len(seconds) == 200
    assert 0 <= min(seconds) < 0.05
    assert 0.45 < max(seconds) <= 0.5


def test_the_fifth_crash_within_two_minutes_parks(policy: RestartPolicy) -> None:
    answers = [_crash(policy, now) for now in (0, 30, 60, 90, 120)]
    assert [type(answer) for answer in answers] == [Retry] * 4 + [Park]
    assert answers[-1] == Park("5 crashes within 120 s", 600)


def test_five_crashes_over_a_longer_time_do_not_park(policy: RestartPolicy) -> None:
    answers = [_crash(policy, now) for now in (0, 30, 60, 90, 120.1)]
    assert [type(answer) for answer in answers] == [Retry] * 5


def test_an_end_that_is_nobodys_fault_is_not_counted(policy: RestartPolicy) -> None:
    assert all(isinstance(policy.ended(now, counts=False), Retry) for now in range(20))
    answers = [_crash(policy, 20 + now) for now in range(5)]
    assert [type(answer) for answer in answers] == [Retry] * 4 + [Park]


def test_five_healthy_minutes_make_everything_forgotten(policy: RestartPolicy) -> None:
    for now in range(4):
        _crash(policy, now)
    policy.ready(10)
    assert _crash(policy, 10 + 300) == Retry(0.5)


def test_a_healthy_time_that_is_too_short_forgets_nothing(policy: RestartPolicy) -> None:
    for now in range(4):
        _crash(policy, now)
    policy.ready(4)
    assert isinstance(_crash(policy, 5), Park)


def test_three_parkings_are_final(policy: RestartPolicy) -> None:
    for now in range(4):
        _crash(policy, now)
    parks = [_crash(policy, now) for now in (5, 700, 1400)]
    assert [park.retry_after_s for park in parks if isinstance(park, Park)] == [600, 600, None]


def test_a_healthy_time_after_parking_gives_a_clean_record(policy: RestartPolicy) -> None:
    for now in range(5):
        _crash(policy, now)
    policy.ready(700)
    assert _crash(policy, 1000) == Retry(0.5)
