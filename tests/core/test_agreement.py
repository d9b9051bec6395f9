"""The way by whole columns agrees with the slow, obvious one, cell by cell."""

import csv
import io
import json
from datetime import UTC, datetime

import pyarrow as pa
from customer_cells import addresses, anything, days, numbers, words, zips
from hypothesis import given, settings
from hypothesis import strategies as st
from raws import raw
from reference import TODAY, event, forms

from importer.core.binding import Answers, bind
from importer.core.cells import cell_text as text
from importer.core.cells.order_ids import plain_id
from importer.core.kernels.arrays import lists_of
from importer.core.model import SEPARATOR
from importer.core.normalise.customer import customer
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.plan import read_plan
from importer.core.preparation import Preparation
from importer.core.prepare import prepare
from importer.results.csv_text import csv_bytes

NOW = 1_795_474_800
COUNTRIES = ("US", "CA", "DE", "GB", "FR", "IT", "ES", "NL", "AU", "BR", "HU", "Germany", "nowhere", "")


def column(values):
    return pa.array(values, pa.string())


@given(st.lists(words, min_size=1, max_size=40))
def test_names_that_repeat_are_normalised_as_they_are_where_they_do_not(cells):
    options = NormaliseOptions(
        already_hashed=False, country="us", date_order=None, external_id="sha256", today=TODAY, first_only=frozenset()
    )

    def normal(cells):
        lists = {name: lists_of([column(cells)]) for name in ("fn", "ln", "ct", "st", "external_id")}
        return customer(lists, pa.array([NOW] * len(cells)), options)

    few, notes = normal(cells)
    many, many_notes = normal(cells * (1 + 1_000 // len(cells)))
    assert notes.to_pylist() == many_notes.to_pylist()[: len(cells)]
    assert {name: lists.to_pylist() for name, lists in few.items()} == {
        name: lists.to_pylist()[: len(cells)] for name, lists in many.items()
    }


sale = st.fixed_dictionaries(
    {
        "order_id": st.from_regex(r'[A-Z0-9#"\\é-]{1,8}', fullmatch=True).filter(plain_id),
        "event_time": st.integers(NOW - 20 * 86_400, NOW - 86_400).map(
            lambda seconds: f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%SZ}"
        ),
        "value": st.decimals(min_value="0.01", max_value="99999", places=2).map(str),
        "currency": st.sampled_from(["EUR", "USD", "JPY"]),
        "em": addresses, "ph": numbers, "fn": words, "ln": words, "ct": words,
        "st": st.sampled_from(["TX", "Texas", "Bayern", "US-CA", "zz", ""]) | words,
        "zp": zips, "country": st.sampled_from(COUNTRIES), "external_id": words, "db": days | words,
    }
)  # fmt: skip


@settings(max_examples=60)
@given(st.lists(sale, min_size=1, max_size=8, unique_by=lambda row: plain_id(row["order_id"])))
def test_events_are_equal_as_json(rows):
    trimmed = {
        name: text._trimmed(column([row[name].replace("\0", "") for row in rows])).to_pylist() for name in rows[0]
    }
    batch = raw({name: [row[name] or None for row in rows] for name in rows[0]})
    plan = read_plan(
        {"name": "test", "columns": {name: name for name in rows[0]}, "match": {"minimum_keys": "meta"}}, "test"
    )
    preparation = Preparation(bind(plan, list(rows[0]), list(rows[0])), Answers(birthday_order="dmy"), NOW)
    prepared = prepare(batch, preparation)
    for place, payload in enumerate(prepared.column("payload").to_pylist()):
        cells = {name: values[place] for name, values in trimmed.items()}
        if payload is not None:
            assert json.loads(payload.removesuffix(SEPARATOR)) == event(cells)
        else:
            assert not {"em", "ph", "external_id"} & set(forms(cells)), prepared.column("reason")[place]


edged = st.builds(
    "".join, st.lists(st.sampled_from([*" '\t\x00\x1fa1\u00e9\u00a0\u0100\u200b\u3000\ufeff\x7f"]), max_size=4)
)


@given(st.lists(st.none() | anything | edged, min_size=1, max_size=20))
def test_trimming(cells):
    assert text.trim(column(cells)).equals(text._trimmed(column([cell and cell.replace("\0", "") for cell in cells])))


@given(st.lists(st.tuples(st.none() | anything, st.just("same"), anything), min_size=1, max_size=20))
def test_csv_is_read_back_as_it_was(rows):
    written = bytes(csv_bytes([column(values) for values in zip(*rows, strict=True)]))
    read = list(csv.reader(io.StringIO(written.decode(), newline="")))
    assert read == [[cell or "" for cell in row] for row in rows]
