from collections import Counter
from decimal import Decimal

import pyarrow as pa
import pytest

from importer.core.model import MONEY
from importer.results.advice import Observations, advice
from importer.results.totals import ReasonKey, Totals

NOW = 1_795_474_800.0


def seen(times, values=None):
    found = Observations()
    found.add(sales(times, values or range(len(times))))
    return found


def sales(times, values):
    columns = [pa.array(times, pa.int64()), pa.array([Decimal(value) for value in values], MONEY)]
    return pa.RecordBatch.from_arrays(columns, names=["event_time", "value"])


def said(found, keys=None, warnings=None, reasons=None):
    totals = Totals(
        keys=Counter(keys),
        warnings=Counter(warnings),
        reasons=Counter({ReasonKey(*why, ""): n for why, n in (reasons or {}).items()}),
    )
    return " ".join(advice(totals, found, NOW))


def test_the_greatest_gain_comes_first():
    found = seen([int(NOW) - 100] * 3)
    text = said(found, {"em": 3}, {("ph", "no_country"): 5}, {("invalid", "weak_keys"): 2})
    assert text.startswith("Greatest gain: 5 phone numbers")
    text = said(found, {"em": 3}, {("ph", "no_country"): 1}, {("invalid", "weak_keys"): 2})
    assert text.startswith("Greatest gain: 2 rows have no e-mail")


def test_ages_are_told_against_the_window():
    text = said(seen([int(NOW) - 40 * 86_400, int(NOW) - 5 * 86_400]), {"em": 2})
    assert "(5 days old)" in text
    assert "(40 days)" in text
    assert "import every day" in text


@pytest.mark.parametrize(("same", "told"), [(30, True), (3, False)])
def test_equal_times_and_values_are_told(same, told):
    times = [int(NOW)] * same + [int(NOW) - n for n in range(1, 61 - same)]
    text = said(seen(times, [500] * same + list(range(60 - same))), {"em": 60})
    assert ("same time" in text) is told
    assert ("same value" in text) is told


def test_junk_is_told_by_column():
    text = said(seen([int(NOW)]), {"em": 8}, {("em", "placeholder"): 1, ("em", "invalid"): 1})
    assert "20% of the e-mail addresses" in text


def test_what_is_kept_is_bounded():
    found = Observations()
    for start in range(0, 20_000, 2_000):
        found.add(sales(range(start, start + 2_000), [1] * 2_000))
    assert len(found.times) == 0
    assert found.values[Decimal(1)] == 20_000


def test_of_files_without_a_sale_to_send_no_share_is_told():
    assert "left out" not in said(Observations(), warnings={("ph", "invalid"): 388})
