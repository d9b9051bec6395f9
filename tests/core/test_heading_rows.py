from raws import parts, raw

from importer.core.heading_rows import HEADING, with_headings


def test_records_bear_the_heading_above_them_over_batches():
    whole = raw(
        {
            "a": [None, "Acme", None, None, "Total", "Bert", None],
            "b": ["1", None, "2", "3", "9", None, "4"],
            "c": ["x", None, "y", "z", None, None, "w"],
        }
    )
    for size in (1, 2, 7):
        found = [
            heading for batch in with_headings(parts(whole, size)) for heading in batch.column(HEADING).to_pylist()
        ]
        assert found == [None, "Acme", "Acme", "Acme", "Acme", "Bert", "Bert"]
