"""Limited Data Use: what a row or the user says about it, as Meta's `data_processing_options` [DPO]."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa

from importer.core.kernels.arrays import column_of, nulls, on_every_row, one_chunk, where
from importer.core.model import Column

OPTIONS = "data_processing_options"
COUNTRY, STATE = f"{OPTIONS}_country", f"{OPTIONS}_state"
COUNTRIES, STATES = frozenset({0, 1}), frozenset({0, *range(1000, 1014)})
FORM = re.compile(r"\W*(ldu)?\W*", re.IGNORECASE)


def processing_options(events: pa.RecordBatch, *, limited: bool) -> tuple[Column, Column]:
    """Return for each event the JSON members to add, or null, and `bad_data_processing_options` where a row is wrong.

    A row that says nothing takes the user's `--ldu`: country 0 and state 0, so that Meta looks at the place itself.
    """
    default = _limited(0, 0) if limited else None
    count = events.num_rows
    if not any(name in events.schema.names for name in (OPTIONS, COUNTRY, STATE)):
        return on_every_row(default, count), nulls(count)
    cells = [column_of(events, name).to_pylist() for name in (OPTIONS, COUNTRY, STATE)]
    read = [_read(options, country, state, default) for options, country, state in zip(*cells, strict=True)]
    wrong = np.array([bad for _, bad in read], np.bool_)
    return one_chunk(pa.array([members for members, _ in read], pa.string())), where(wrong, f"bad_{OPTIONS}")


def _read(options: str | None, country: str | None, state: str | None, default: str | None) -> tuple[str | None, bool]:
    """Return the members of one event, and whether its cells are wrong."""
    if options is None and country is None and state is None:
        return default, False
    form = FORM.fullmatch(options or "LDU")
    if form is None:
        return None, True
    if form.group(1) is None and options is not None:
        return f'"{OPTIONS}":[]', False
    numbers = (_whole_number(country), _whole_number(state))
    if numbers[0] not in COUNTRIES or numbers[1] not in STATES or (numbers[0] != 0 and state is None):
        return None, True
    return _limited(*numbers), False


def _limited(country: int | None, state: int | None) -> str:
    return f'"{OPTIONS}":["LDU"],"{COUNTRY}":{country},"{STATE}":{state}'


def _whole_number(text: str | None) -> int | None:
    if text is None:
        return 0
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None
