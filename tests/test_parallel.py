import threading
import time

import pytest

from importer.parallel import in_order


def test_results_come_in_the_items_order_whichever_is_ready_first():
    def work(number):
        time.sleep(0.02 if number % 3 == 0 else 0)
        return number * 2

    assert list(in_order(range(20), work, threads=4)) == [(number, number * 2) for number in range(20)]


def test_an_error_is_raised_where_its_item_would_come():
    def work(number):
        if number == 3:
            raise ValueError(number)
        return number

    results = in_order(range(10), work, threads=2)
    assert [next(results) for _ in range(3)] == [(0, 0), (1, 1), (2, 2)]
    with pytest.raises(ValueError, match="3"):
        next(results)


def test_no_more_items_are_drawn_than_are_needed():
    drawn = []

    def items():
        for number in range(100):
            drawn.append(number)
            yield number

    results = in_order(items(), lambda number: number, threads=2)
    next(results)
    assert len(drawn) == 3
    results.close()
    assert len(drawn) == 3


def test_the_work_is_done_by_several_threads():
    met = threading.Barrier(2, timeout=10)

    def work(_):
        met.wait()
        return threading.get_ident()

    assert len({thread for _, thread in in_order(range(2), work, threads=2)}) == 2
