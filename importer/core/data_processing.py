"""Limited Data Use: what a row or the user says about it, as Meta's `data_processing_options` [DPO]."""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.kernels.arrays import column_of, nulls, one_chunk, where
from importer.core.model import Column

STATES = frozenset({0, *range(1000, 1014)})
COUNTRIES = frozenset({0, 1})
FORM = re.compile(r"\W*(ldu)?\W*", re.IGNORECASE)


def processing_options(events: pa.RecordBatch, *, limited: bool) -> tuple[Column, Column]:
    """For each event the JSON members to add (null: none), and `bad_data_processing_options` where a row is wrong.

    A row that says nothing takes the user's `--ldu`: country 0 and state 0, so that Meta looks at the place itself.
    """
    names = ("data_processing_options", "data_processing_options_country", "data_processing_options_state")
    default = '"data_processing_options":["LDU"],"data_processing_options_country":0,"data_processing_options_state":0'
    count = events.num_rows
    if not any(name in events.schema.names for name in names):
        return (where(np.ones(count, np.bool_), default) if limited else nulls(count)), nulls(count)
    cells = [column_of(events, name).to_pylist() for name in names]
    told = [
        _told(options, country, state, default if limited else None)
        for options, country, state in zip(*cells, strict=True)
    ]
    json_members = one_chunk(pa.array([None if text is None else text or None for text, _ in told], pa.string()))
    wrong = np.array([bad for _, bad in told], np.bool_)
    return one_chunk(pc.if_else(pa.array(wrong), pa.scalar(None, pa.string()), json_members)), where(
        wrong, "bad_data_processing_options"
    )


def _told(options: str | None, country: str | None, state: str | None, default: str | None) -> tuple[str | None, bool]:
    if options is None and country is None and state is None:
        return default, False
    form = FORM.fullmatch(options or "LDU")
    if form is None:
        return None, True
    if form.group(1) is None and options is not None:
        return '"data_processing_options":[]', False
    place = (_whole(country), _whole(state))
    if place[0] not in COUNTRIES or place[1] not in STATES or (place[0] != 0 and state is None):
        return None, True
    country_member = f'"data_processing_options_country":{place[0]}'
    return f'"data_processing_options":["LDU"],{country_member},"data_processing_options_state":{place[1]}', False


def _whole(text: str | None) -> int | None:
    if text is None:
        return 0
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else None
