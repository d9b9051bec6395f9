"""Surveys of parts of a file, put together in its order, are the survey of the whole."""

from dataclasses import fields
from itertools import chain, pairwise

from hypothesis import given
from hypothesis import strategies as st
from raws import binding, parts, raw

from importer.core.survey import Survey, look, survey

ROW = st.tuples(
    st.sampled_from([None, "a", "b", "c", "d"]),
    st.sampled_from([None, "03/04/2026", "13/04/2026", "2026-11-20 10:00", "2026-11-20T10:00:00Z", "soon"]),
    st.sampled_from([None, "1.234", "1,50", "7", "1.234,00", "EUR 3", "much"]),
    st.sampled_from([None, "paid", "void", "tip", "odd", "queer"]),
    st.sampled_from([None, "Web", "Store 1", "Store 2"]),
)
LAYOUTS = ({"rows": "orders"}, {"rows": "lines", "total": "sum"}, {"rows": "lines", "total": "sum", "blank_key": True})
RULES = [{"column": "status", "sale": ["paid"], "cancelled": ["void"]}]


def table(rows, orders):
    columns = dict(zip(("id", "date", "total", "status", "channel"), map(list, zip(*rows, strict=True)), strict=True))
    whole = raw(columns)
    return whole, binding(whole, orders=orders, sale=RULES, channel={"column": "channel"})


def grouped(surveys, cuts):
    """Add up neighbors first, then the sums, from the left and from the right."""
    bounds = [0, *sorted({cut % (len(surveys) + 1) for cut in cuts}), len(surveys)]
    sums = [sum(surveys[start:end], Survey()) for start, end in pairwise(bounds)]
    whole = Survey()
    for part in reversed(sums):
        whole = part + whole
    return sum(sums, Survey()), whole


def plain(found):
    """What a survey says, as values that can be compared."""
    told = {each.name: getattr(found, each.name) for each in fields(found)}
    told["refunds"] = [row for part in found.refunds for row in part.to_pylist()]
    told["repeated_ids"] = found.repeated_ids.tolist()
    told["last_rows"] = [column.tolist() for column in found.last_rows]
    return told


@given(
    st.lists(ROW, min_size=1, max_size=24),
    st.integers(1, 5),
    st.lists(st.integers(0, 24), max_size=4),
    st.sampled_from(LAYOUTS),
)
def test_surveys_of_parts_add_up_to_that_of_the_whole_wherever_it_is_cut(rows, size, cuts, orders):
    whole, bound = table(rows, orders)
    looks = [look(part, bound) for part in parts(whole, size)]
    expected = survey(parts(whole, size), bound)
    for found in grouped([found for found, _ in looks], cuts):
        ids = survey([], bound, lambda *_: [(Survey(), ids) for _, ids in looks])
        both = plain(found) | {name: plain(ids)[name] for name in ("repeated_ids", "last_rows")}
        assert both == plain(expected)
        assert list(found.words) == list(expected.words)


@given(st.lists(ROW, min_size=1, max_size=24), st.integers(1, 5), st.integers(1, 5), st.sampled_from(LAYOUTS))
def test_looks_at_parts_in_the_order_of_the_file_are_the_survey_of_the_whole(rows, size, batches, orders):
    whole, bound = table(rows, orders)
    stretches = [[look(part, bound) for part in parts(stretch, size)] for stretch in parts(whole, size * batches)]
    found = survey([], bound, lambda *_: chain.from_iterable(stretches))
    assert plain(found) == plain(survey(parts(whole, size), bound))


@given(st.lists(ROW, min_size=1, max_size=24), st.integers(1, 24), st.sampled_from(LAYOUTS))
def test_what_orders_dates_and_amounts_say_does_not_depend_on_the_size_of_the_batches(rows, size, orders):
    whole, bound = table(rows, orders)
    found, expected = (plain(survey(parts(whole, one), bound)) for one in (size, len(rows)))
    for name in ("rows", "sales", "times", "decimals", "no_currency", "repeated_ids", "last_rows", "refunds", "paid"):
        assert found[name] == expected[name]
