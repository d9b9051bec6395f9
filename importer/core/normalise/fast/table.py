"""The one table of short cuts: by field, what is asked of a whole column before the field's own function.

With the table emptied every result is the same, only slower. Nothing outside this table calls a short cut.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeAlias

from importer.core.model import Column
from importer.core.normalise.fast import (
    birthday_fast,
    email_fast,
    full_name_fast,
    id_fast,
    name_fast,
    phone_fast,
    postcode_fast,
)
from importer.core.normalise.fast.hash_fast import hashes
from importer.core.normalise.fast.plain_cells import Plain, none_plain
from importer.core.normalise.normalise_options import NormaliseOptions
from importer.core.tables.placeholders import PEOPLE

ShortCut: TypeAlias = Callable[[Column, Column | None, NormaliseOptions], Plain]
"""Texts, the context of each where the field has one (a country, a birth year), the run's options -> plain cells."""


def _of_texts(function: Callable[[Column], Plain]) -> ShortCut:
    return lambda texts, _contexts, _options: function(texts)


def _of_countries(function: Callable[[Column, Column], Plain]) -> ShortCut:
    return lambda texts, countries, _options: none_plain(texts) if countries is None else function(texts, countries)


def _birthdays(texts: Column, years: Column | None, options: NormaliseOptions) -> Plain:
    """Leave birthdays beside a year in another column to the field's own function."""
    return none_plain(texts) if years is not None else birthday_fast.days(texts, options.date_order, options.today)


_HASHES = _of_texts(hashes)

SHORT_CUTS: dict[str, tuple[ShortCut, ...]] = {
    "em": (_HASHES, _of_texts(email_fast.addresses)),
    "ph": (_HASHES, _of_countries(phone_fast.numbers)),
    "fn": (_HASHES,),
    "ln": (
        _HASHES,
        _of_texts(partial(name_fast.letters, words=PEOPLE)),
        _of_texts(partial(name_fast.punctuated, words=PEOPLE)),
    ),
    "db": (_HASHES, _birthdays),
    "ge": (_HASHES,),
    "ct": (_HASHES,),
    "st": (_HASHES,),
    "zp": (
        _HASHES,
        _of_countries(postcode_fast.five_digits),
        _of_countries(postcode_fast.plus_four),
        _of_countries(postcode_fast.spaced),
    ),
    "external_id": (_HASHES, _of_texts(id_fast.alphanumeric), _of_texts(id_fast.hyphenated)),
    "external_id_raw": (_HASHES,),
    "full_name": (_of_texts(full_name_fast.two_words),),
    "sha256": (_HASHES,),
}
"""By field; `external_id_raw` is the id as typed, `sha256` a value of a file that is said to hold hashes only.

Each function is asked about the cells that are plain to none before it.
"""
