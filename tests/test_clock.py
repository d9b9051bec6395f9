"""Ages are judged by time that passes, also while the computer sleeps."""

import time
from datetime import UTC, datetime

import pytest

from importer.clock import clock_from

NOW = datetime(2026, 11, 23, 23, tzinfo=UTC)


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux only")
def test_a_suspended_computer_makes_sales_older(monkeypatch):
    passed = [100.0]
    monkeypatch.setattr(time, "clock_gettime", lambda which: {time.CLOCK_BOOTTIME: passed[0]}[which])
    monkeypatch.setattr(time, "monotonic", lambda: 100.0)
    clock = clock_from(NOW)
    assert clock() == NOW.timestamp()
    passed[0] += 7 * 86_400
    assert clock() == NOW.timestamp() + 7 * 86_400


def test_a_wall_clock_that_is_set_changes_nothing(monkeypatch):
    clock = clock_from(NOW)
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert NOW.timestamp() <= clock() < NOW.timestamp() + 60
