"""Every customer key of a batch in Meta's normal form; what cannot be sent safely is left out with a warning."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import (
    Indices,
    as_lists,
    by_distinct,
    codes_of,
    first_of,
    from_flat,
    null_if_empty,
    nulls,
    on_every_row,
    one_chunk,
    spread,
)
from importer.core.model import KEYS, Column
from importer.core.normalise import (
    birthday,
    broken_letters,
    city,
    client_ip_address,
    client_user_agent,
    email,
    external_id,
    fb_login_id,
    fbc,
    fbp,
    gender,
    lead_id,
    madid,
    names,
    phone_cells,
    postcode,
    state,
    text_id,
)
from importer.core.normalise.by_column import at, by_context, by_text, plain_cells
from importer.core.normalise.cell import Cell, only_hashed
from importer.core.normalise.derived import BIRTH_PARTS, derive
from importer.core.normalise.flat_values import FlatValues, at_rows, flatten, merge
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.normalise.row_countries import RowCountries, read_row_countries
from importer.core.normalise.shared_values import without_shared

INPUTS = ("full_name", *BIRTH_PARTS, "fbclid")
"""Columns beside the keys, from which keys are derived."""

_REMEMBERED = 1 << 15
"""Distinct texts of a field that are remembered from one batch to the next: names and cities come again."""

_BY_TEXT: dict[str, Callable[[str], Cell]] = {
    "em": email.normal,
    "fn": lru_cache(_REMEMBERED)(names.given),
    "ln": lru_cache(_REMEMBERED)(names.family),
    "ge": gender.normal,
    "external_id": external_id.normal,
    "lead_id": lead_id.normal,
    "madid": madid.normal,
    "anon_id": text_id.normal,
    "fbc": fbc.normal,
    "fbp": fbp.normal,
    "client_ip_address": client_ip_address.normal,
    "client_user_agent": client_user_agent.normal,
    "subscription_id": text_id.normal,
    "fb_login_id": fb_login_id.normal,
    "page_id": text_id.normal,
    "page_scoped_user_id": text_id.normal,
    "ctwa_clid": text_id.normal,
    "ig_account_id": text_id.normal,
    "ig_sid": text_id.normal,
}
_BY_COUNTRY: dict[str, Callable[[str, str | None], Cell]] = {
    "ct": lru_cache(_REMEMBERED)(city.normal),
    "st": lru_cache(_REMEMBERED)(state.normal),
    "zp": lru_cache(_REMEMBERED)(postcode.normal),
}
_OF_CELL: dict[str, Callable[[str, str | None], list[Cell]]] = {
    "em": lambda text, _country: email.of_cell(text),
    "ph": phone_cells.of_cell,
}
"""Keys of which a cell may hold several: a cell and the row's country -> the normal form of each."""

_HASHED = frozenset(key.name for key in KEYS if key.hashed)
_SINGLE = frozenset(key.name for key in KEYS if not key.many)


def customer(lists: Mapping[str, Column], times: Column, options: NormaliseOptions) -> tuple[dict[str, Column], Column]:
    """Return the normal values by key, as lists, and the warnings of each row, `em:invalid; ph:no_country`.

    `lists` holds raw values by key, or by a name of `INPUTS`, as list<string> columns of the same length, in order of
    preference; `times` is UTC seconds. A key without any value is left out of the result.
    """
    count = len(times)
    lists = {name: column for name, column in lists.items() if len(column) and len(pc.list_flatten(column))}
    lists, shared = without_shared(lists, options.shared)
    lists, broken = _mended(lists)
    countries = read_row_countries(lists.get("country"), count, options.country)
    values = {name: _normal(name, lists, countries, options) for name in lists if name not in INPUTS}
    values |= derive(lists, values, times, countries.codes, options)
    normal = {key.name: _lists(key.name, values[key.name], count, options) for key in KEYS if key.name in values}
    normal = {name: column for name, column in normal.items() if len(as_lists(column).values)}
    return _with_default_country(normal, countries, options.country), _warnings(
        [*shared, *broken, *values.items()], count
    )


def _mended(lists: Mapping[str, Column]) -> tuple[dict[str, Column], list[tuple[str, FlatValues]]]:
    """Return the columns with names and cities as they were before their letters were broken, and what was."""
    whole, broken = dict(lists), list[tuple[str, FlatValues]]()
    for name in broken_letters.FIELDS:
        if name in lists:
            whole[name], codes = broken_letters.mend(lists[name])
            broken += [] if codes is None else [(name, codes)]
    return {name: column for name, column in whole.items() if len(as_lists(column).values)}, broken


def _normal(name: str, lists: Mapping[str, Column], countries: RowCountries, options: NormaliseOptions) -> FlatValues:
    """Return one key's values in normal form, by its rule of a text, or of a text and a country or birth year."""
    texts, rows = flatten(lists[name])
    if name == "external_id" and options.external_id == "raw":
        forms, codes = by_text("external_id_raw", texts, external_id.raw, options)
    elif name in _HASHED and options.already_hashed:
        forms, codes = by_text("sha256", texts, only_hashed, options)
    elif name == "country":
        return countries.own
    elif name in _OF_CELL:
        return _of_cells(name, texts, rows, at_rows(countries.codes, rows), options)
    elif name in _BY_COUNTRY:
        forms, codes = by_context(name, texts, at_rows(countries.codes, rows), _BY_COUNTRY[name], options)
    elif name == "db" and "doby" in lists:
        years = at_rows(first_of(lists["doby"]), rows)
        forms, codes = by_context(name, texts, years, _birthday_rule(options), options)
    elif name == "db":
        rule = _birthday_rule(options)
        forms, codes = by_text(name, texts, lambda text: rule(text, None), options)
    else:
        forms, codes = by_text(name, texts, _BY_TEXT[name], options)
    return FlatValues(rows, forms, codes)


def _birthday_rule(options: NormaliseOptions) -> Callable[[str, str | None], Cell]:
    """Return the function of a birthday and the year of another column, if there is one, which picks the century."""

    def rule(text: str, year: str | None) -> Cell:
        hint = year.strip().removesuffix(".0") if year else ""
        return birthday.normal(text, options.date_order, options.today, int(hint) if hint.isdecimal() else None)

    return rule


def _of_cells(name: str, texts: Column, rows: Indices, countries: Column, options: NormaliseOptions) -> FlatValues:
    """Return e-mail addresses or phone numbers; a cell that no short cut takes may hold several."""
    plain, rest = plain_cells(name, texts, countries, options)
    own = np.flatnonzero(plain.cells)
    found = FlatValues(own, at(plain.forms, own), nulls(len(own)))
    if len(rest):
        others = _values_of_cells(at(texts, rest), at(countries, rest), _OF_CELL[name])
        found = merge(found, FlatValues(rest[others.rows], others.forms, others.codes))
    forms = found.forms
    if name in options.first_only:  # a row's first cell with a usable value is taken whole
        usable = np.flatnonzero(np.asarray(forms.is_valid()))
        _, firsts = np.unique(rows[found.rows[usable]], return_index=True)
        kept = np.isin(found.rows, found.rows[usable[firsts]])
        forms = one_chunk(pc.if_else(pa.array(kept), forms, pa.scalar(None, pa.string())))
    return FlatValues(rows[found.rows], forms, found.codes)


def _values_of_cells(texts: Column, contexts: Column, of_cell: Callable[[str, str | None], list[Cell]]) -> FlatValues:
    """Return all values of each cell; the function is asked once for each distinct text and its context."""
    encoded, others = texts.dictionary_encode(), contexts.dictionary_encode()
    text_values, other_values = [*encoded.dictionary.to_pylist(), None], [*others.dictionary.to_pylist(), None]
    width = len(other_values)
    pairs = pa.array(codes_of(encoded).astype(np.int64) * width + codes_of(others)).dictionary_encode()
    found = [
        [] if (text := text_values[code // width]) is None else of_cell(text, other_values[code % width])
        for code in pairs.dictionary.to_pylist()
    ]
    places = np.asarray(pairs.indices)
    lengths = np.array([len(cells) for cells in found], np.int64)
    counts = lengths[places]
    starts = (np.cumsum(lengths) - lengths)[places] - (np.cumsum(counts) - counts)
    values = pa.array(np.arange(counts.sum()) + np.repeat(starts, counts))
    forms, codes = ([cell[part] for cells in found for cell in cells] for part in (0, 1))
    return FlatValues(np.repeat(np.arange(len(texts)), counts), spread(forms, values), spread(codes, values))


def _lists(name: str, values: FlatValues, count: int, options: NormaliseOptions) -> Column:
    """Return the key's normal values of each row, without repeats; a city in both its forms."""
    first_only = name in _SINGLE or name in options.first_only
    if name in _OF_CELL and not options.already_hashed:
        first_only = False  # settled by whole cells
    lists = from_flat(values.forms, values.rows, count, first_only=first_only)
    if name != "ct" or pc.all(pc.string_is_ascii(as_lists(lists).values)).as_py():
        return lists
    forms, rows = flatten(lists)
    beyond = np.flatnonzero(~np.asarray(pc.string_is_ascii(forms)))
    folded = by_distinct(at(forms, beyond), city.folded)
    both = merge(FlatValues(rows, forms, nulls(len(forms))), FlatValues(rows[beyond], folded, nulls(len(folded))))
    return from_flat(both.forms, both.rows, count)


def _with_default_country(normal: dict[str, Column], countries: RowCountries, default: str | None) -> dict[str, Column]:
    """Add the run's country as the key of rows that name none and have another key."""
    if default is None or not normal:
        return normal
    some = np.zeros(len(countries.silent), dtype=np.bool_)
    for name, column in normal.items():
        if name != "country":
            some |= np.asarray(pc.list_value_length(column)) > 0
    added = np.flatnonzero(countries.silent & some)
    if not len(added):
        return normal
    new = FlatValues(added, on_every_row(default, len(added)), nulls(len(added)))
    if "country" in normal:
        forms, rows = flatten(normal["country"])
        new = merge(FlatValues(rows, forms, nulls(len(forms))), new)
    normal = {**normal, "country": from_flat(new.forms, new.rows, len(some))}
    return {key.name: normal[key.name] for key in KEYS if key.name in normal}


def _warnings(values: Iterable[tuple[str, FlatValues]], count: int) -> Column:
    """Return each row's warnings, `field:code` joined by `; `, every code once; null where there is none."""
    order_of = {name: place for place, name in enumerate((*(key.name for key in KEYS), "full_name"))}
    warned = [(name, found) for name, found in values if name in order_of and found.codes.null_count < len(found.codes)]
    warned.sort(key=lambda pair: order_of[pair[0]])
    if not warned:
        return nulls(count)
    texts = pa.concat_arrays(
        [
            pc.binary_join_element_wise(pa.scalar(name), found.codes.drop_null(), pa.scalar(":"))
            for name, found in warned
        ]
    )
    rows = np.concatenate([found.rows[np.asarray(found.codes.is_valid())] for _, found in warned])
    order = np.argsort(rows, kind="stable")
    lists = from_flat(one_chunk(texts.take(pa.array(order))), rows[order], count)
    return null_if_empty(one_chunk(pc.binary_join(lists, pa.scalar("; "))))
