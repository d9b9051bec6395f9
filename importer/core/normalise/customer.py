"""Every customer key of a batch in Meta's normal form; what cannot be sent safely is left out with a warning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import (
    Indices,
    Mask,
    by_distinct,
    first_of,
    from_flat,
    nulls,
    on_every_row,
    one_chunk,
)
from importer.core.kernels.bytes import ASCII_END, text_bytes
from importer.core.model import KEYS, Column
from importer.core.normalise import birthday, city, clicks, email, gender, identifiers, names, phone, postcode, state
from importer.core.normalise import device as client
from importer.core.normalise.cell import Cell, only_hashed
from importer.core.normalise.derived import BIRTH_PARTS, from_clicks, from_full_names, from_parts, not_hashed
from importer.core.normalise.fast import birthday_fast as birthdays
from importer.core.normalise.fast import phone_fast as dialled
from importer.core.normalise.fast import postcode_fast as postcodes
from importer.core.normalise.fast.plain_cells import (
    REMEMBERED,
    Plain,
    by_stages,
    by_stages_in_context,
    ids,
    letters,
    no_plain,
    with_others,
    with_others_in_context,
    words,
)
from importer.core.normalise.flat_values import Flat, flatten, joined, of_rows, parted
from importer.core.normalise.row_countries import RowCountries, homes
from importer.core.tables.placeholders import GIVEN, IDS, PEOPLE

INPUTS = ("full_name", *BIRTH_PARTS, "fbclid")
"""Columns beside the keys of which keys are made."""

_ALONE: dict[str, Callable[[str], Cell]] = {
    "em": email.normal,
    "fn": lru_cache(REMEMBERED)(names.given),
    "ln": lru_cache(REMEMBERED)(names.family),
    "ge": gender.normal,
    "ct": lru_cache(REMEMBERED)(city.normal),
    "external_id": identifiers.external_id,
    "lead_id": identifiers.lead_id,
    "madid": identifiers.madid,
    "anon_id": identifiers.text_id,
    "fbc": clicks.fbc,
    "fbp": clicks.fbp,
    "client_ip_address": client.ip_address,
    "client_user_agent": client.user_agent,
    "subscription_id": identifiers.text_id,
    "fb_login_id": identifiers.number,
    "page_id": identifiers.text_id,
    "page_scoped_user_id": identifiers.text_id,
    "ctwa_clid": identifiers.text_id,
    "ig_account_id": identifiers.text_id,
    "ig_sid": identifiers.text_id,
}
_BY_COUNTRY: dict[str, Callable[[str, str | None], Cell]] = {
    "ph": phone.normal,
    "st": lru_cache(REMEMBERED)(state.normal),
    "zp": lru_cache(REMEMBERED)(postcode.normal),
}
_STAGES: dict[str, tuple[Callable[[Column], Plain], ...]] = {
    "fn": (lambda column: letters(column, PEOPLE, GIVEN), lambda column: words(column, PEOPLE, GIVEN)),
    "ln": (lambda column: letters(column, PEOPLE), lambda column: words(column, PEOPLE)),
    "ct": (letters, words),
    "external_id": (lambda column: ids(column, IDS),),
}
"""What is asked of a whole column before the field's own function: the quickest for most cells first."""

_SPLIT: dict[str, tuple[str, Callable[[str], list[str]]]] = {
    "em": (r"@.*@|[;,|/\r\n]", email.split_many),
    "ph": (r"[;,/|\r\n]|[A-Za-z&]", phone.split_many),
}
"""Keys of which a cell may hold several: which texts to look at, and how they are parted."""


@dataclass(frozen=True)
class Options:
    """What a run says about customer values.

    already_hashed: the columns of hashed keys hold SHA-256 hex and nothing else.
    country: of rows that say none, lower-case alpha-2.
    date_order: `mdy`, `dmy` or `ymd` for birthdays that can be read in two ways; None drops these.
    external_id: `sha256` for the form that is hashed, `raw` for the id as typed.
    first_only: keys of which only a row's first usable value is kept.
    """

    already_hashed: bool
    country: str | None
    date_order: str | None
    external_id: str
    today: date
    first_only: frozenset[str]


_NAMES = (*(key.name for key in KEYS), "full_name")
_HASHED = frozenset(key.name for key in KEYS if key.hashed)
_SINGLE = frozenset(key.name for key in KEYS if not key.many)


def customer(lists: Mapping[str, Column], times: Column, options: Options) -> tuple[dict[str, Column], Column]:
    """The normal values by key, as lists, and the warnings of each row, `em:invalid; ph:no_country`.

    `lists` holds raw values by key, or by a name of `INPUTS`, as list<string> columns of the same length, in order of
    preference; `times` is UTC seconds. A key without any value is left out of the result.
    """
    count = len(times)
    rows = {name: column for name, column in lists.items() if len(column) and len(pc.list_flatten(column))}
    countries = homes(rows.get("country"), count, options.country)
    values = {name: _normal(name, rows[name], countries, rows, options) for name in rows if name not in INPUTS}
    values |= _made(rows, values, times, options)
    normal = {key.name: _lists(key.name, values[key.name], count, options) for key in KEYS if key.name in values}
    normal = {name: column for name, column in normal.items() if len(pc.list_flatten(column))}
    return _with_default_country(normal, countries.silent, options.country), _warnings(values, count)


def _normal(name: str, column: Column, countries: RowCountries, rows: Mapping[str, Column], options: Options) -> Flat:
    """One key's values in normal form."""
    flat, parents = flatten(column)
    as_typed = name == "external_id" and options.external_id == "raw"
    if name in _HASHED and options.already_hashed and not as_typed:
        return Flat(parents, *with_others(flat, no_plain(flat), only_hashed))
    if name == "country":
        return countries.own
    if name in _SPLIT:
        return _of_cells(name, flat, parents, countries.codes, first_only=name in options.first_only)
    if name == "db":
        return _birthdays(flat, parents, rows, options)
    if name in _BY_COUNTRY:
        codes = of_rows(countries.codes, parents)
        stages = postcodes.STAGES if name == "zp" else ()
        return Flat(parents, *by_stages_in_context(flat, codes, stages, _BY_COUNTRY[name]))
    asked = () if as_typed else _STAGES.get(name, ())
    return Flat(parents, *by_stages(flat, asked, identifiers.external_id_raw if as_typed else _ALONE[name]))


def _of_cells(name: str, flat: Column, parents: Indices, countries: Column, *, first_only: bool) -> Flat:
    """E-mail addresses or phone numbers, of which a cell may hold several."""
    codes = of_rows(countries, parents)
    plain = dialled.numbers(flat, codes) if name == "ph" else email.addresses(flat)
    rest = np.flatnonzero(~plain.cells)
    texts, cells = parted(one_chunk(flat.take(pa.array(rest))), rest, *_SPLIT[name])
    if cells is rest:  # none holds several
        both = Flat(np.arange(len(flat)), *_of_values(name, flat, codes, plain))
    else:
        own = np.flatnonzero(plain.cells)
        alone = Flat(own, one_chunk(plain.forms.filter(pa.array(plain.cells))), nulls(len(own)))
        both = joined(alone, Flat(cells, *_of_values(name, texts, of_rows(codes, cells), no_plain(texts))))
    values = Flat(parents[both.rows], both.forms, both.codes)
    return _of_first_cell(values, both.rows) if first_only else values


def _of_values(name: str, texts: Column, countries: Column, plain: Plain) -> tuple[Column, Column]:
    """The forms and codes of addresses or numbers, each in a text of its own."""
    if name in _BY_COUNTRY:
        return with_others_in_context(texts, countries, plain, _BY_COUNTRY[name])
    return with_others(texts, plain, _ALONE[name])


def _of_first_cell(values: Flat, cells: Indices) -> Flat:
    """The values of each row's first cell that has a usable one; a cell may hold several."""
    usable = np.flatnonzero(np.asarray(values.forms.is_valid()))
    _, heads = np.unique(values.rows[usable], return_index=True)
    kept = np.isin(cells, cells[usable[heads]])
    forms = pc.if_else(pa.array(kept), values.forms, pa.scalar(None, pa.string()))
    return Flat(values.rows, one_chunk(forms), values.codes)


def _birthdays(flat: Column, parents: Indices, rows: Mapping[str, Column], options: Options) -> Flat:
    """Birthdays, with the year of another column, where there is one, to pick the century."""
    years = first_of(rows["doby"]) if "doby" in rows else nulls(int(parents[-1]) + 1)

    def read(text: str, year: str | None) -> Cell:
        hint = year.strip().removesuffix(".0") if year else ""
        return birthday.normal(text, options.date_order, options.today, int(hint) if hint.isdecimal() else None)

    plain = no_plain(flat) if "doby" in rows else birthdays.days(flat, options.date_order, options.today)
    return Flat(parents, *with_others_in_context(flat, of_rows(years, parents), plain, read))


def _made(rows: Mapping[str, Column], values: dict[str, Flat], times: Column, options: Options) -> dict[str, Flat]:
    """The keys made of other columns where a row has none of its own: names, birthdays, clicks."""
    made: dict[str, Flat] = {}
    if "full_name" in rows:
        made |= (not_hashed if options.already_hashed else from_full_names)(rows["full_name"], values)
    if all(part in rows for part in BIRTH_PARTS) and not options.already_hashed:
        made |= from_parts(rows, values, options.today)
    if "fbclid" in rows:
        made |= from_clicks(rows["fbclid"], values, times)
    return made


def _warnings(values: Mapping[str, Flat], count: int) -> Column:
    """Each row's warnings, `field:code` joined by `; `, every code once; null where there is none."""
    noted = [name for name in _NAMES if name in values and values[name].codes.null_count < len(values[name].codes)]
    if not noted:
        return nulls(count)
    rows = np.concatenate([values[name].rows[np.asarray(values[name].codes.is_valid())] for name in noted])
    order = np.argsort(rows, kind="stable")
    texts = pa.concat_arrays([_notes(name, values[name].codes.drop_null()) for name in noted])
    notes = one_chunk(texts.take(pa.array(order)))
    joined = one_chunk(pc.binary_join(from_flat(notes, rows[order], count), pa.scalar("; ")))
    return one_chunk(pc.if_else(pc.equal(joined, ""), pa.scalar(None, pa.string()), joined))


def _notes(name: str, codes: Column) -> Column:
    """The codes as warnings of a field."""
    return one_chunk(pc.binary_join_element_wise(pa.scalar(name), codes, pa.scalar(":")))


def _lists(name: str, flat: Flat, count: int, options: Options) -> Column:
    """The key's normal values of each row, without repeats; a city in both its forms."""
    if name == "ct":
        flat = _with_folded(flat, first_only=name in options.first_only, count=count)
        return from_flat(flat.forms, flat.rows, count)
    settled = name in _SPLIT and not options.already_hashed  # by whole cells, see _of_first_cell
    first_only = name in _SINGLE or (name in options.first_only and not settled)
    return from_flat(flat.forms, flat.rows, count, first_only=first_only)


def _with_folded(flat: Flat, *, first_only: bool, count: int) -> Flat:
    """Each city followed by its form in a to z, where that differs."""
    if first_only:
        lists = from_flat(flat.forms, flat.rows, count, first_only=True)
        forms, rows = flatten(lists)
        flat = Flat(rows, forms, nulls(len(forms)))
    found = text_bytes(flat.forms)
    beyond = np.flatnonzero(found.some(found.data >= ASCII_END))
    if not len(beyond):
        return flat
    folded = by_distinct(one_chunk(flat.forms.take(pa.array(beyond))), city.folded)
    return joined(flat, Flat(flat.rows[beyond], folded, nulls(len(folded))))


def _with_default_country(normal: dict[str, Column], silent: Mask, default: str | None) -> dict[str, Column]:
    """The run's country as the key of rows that say none and have another key."""
    if default is None or not normal:
        return normal
    some = np.zeros(len(silent), dtype=np.bool_)
    for name, column in normal.items():
        if name != "country":
            some |= np.asarray(pc.list_value_length(column)) > 0
    added = np.flatnonzero(silent & some)
    if not len(added):
        return normal
    new = Flat(added, on_every_row(default, len(added)), nulls(len(added)))
    if "country" in normal:
        forms, parents = flatten(normal["country"])
        new = joined(Flat(parents, forms, nulls(len(forms))), new)
    normal = {**normal, "country": from_flat(new.forms, new.rows, len(silent))}
    return {key.name: normal[key.name] for key in KEYS if key.name in normal}
