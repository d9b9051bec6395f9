"""Each row's country: its own first, the run's where it says none, nothing where it cannot be read."""

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from importer.core.normalise import country
from importer.core.normalise.row_countries import read_row_countries

cells = st.sampled_from(
    ["US", "usa", "Germany", "DE", "US - United States", "nowhere", "n/a", "", "AB" * 32, "Türkiye"]
)


def country_of(values, default):
    read = [country.normal(text) for text in values]
    if all(cell in ((None, None), (None, "placeholder")) for cell in read):
        return default
    return next((code for code, _ in read if code and len(code) == 2), None)


@given(st.lists(st.lists(cells, max_size=3), max_size=12), st.sampled_from([None, "us", "fr"]))
def test_countries_are_those_of_each_row_read_alone(lists, default):
    found = read_row_countries(pa.array(lists, pa.list_(pa.string())), len(lists), default)
    assert found.codes.to_pylist() == [country_of(values, default) for values in lists]
    assert found.silent.tolist() == [country_of(values, "silent") == "silent" for values in lists]
    own = [country.normal(text) for values in lists for text in values]
    assert list(zip(found.own.forms.to_pylist(), found.own.codes.to_pylist(), strict=True)) == own


def test_without_a_column_every_row_is_in_the_runs_country():
    assert read_row_countries(None, 2, "us").codes.to_pylist() == ["us", "us"]
    assert read_row_countries(None, 2, None).codes.to_pylist() == [None, None]
    assert read_row_countries(None, 2, None).silent.all()
