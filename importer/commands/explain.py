"""One row of a file explained: what would be sent of it, and why it is not."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Unpack

import numpy as np

from importer.core.cells.cell_text import as_text
from importer.core.model import BATCH_ROWS, SEPARATOR, Delivered, Prepared, Raw, Status
from importer.core.prepare import prepare
from importer.delivery import look_up
from importer.errors import UsageError
from importer.graph.hosts import dataset_in_ledger
from importer.inputs import Importable, fetched
from importer.intake import Intake, take_in_sheets, with_refunds
from importer.option_types import CheckOptions
from importer.record import columns_in_words, outcomes_of
from importer.settings import Settings, read_settings
from importer.state_folders import ledger_memory
from importer.store import open_ledger


@dataclass(frozen=True)
class Explanation:
    """What becomes of one source row.

    status, reason, field, message, warnings: as in the report of `check`. cells: the row as it stands in the file, by
    column, customers' values included; never shown by `repr`. event: what would be sent, customers hashed; None where
    nothing would be.
    """

    file: str
    sheet: str
    row: int
    line: int | None
    status: str
    field: str | None
    reason: str | None
    message: str | None
    warnings: tuple[str, ...]
    cells: Mapping[str, str] = dataclasses.field(repr=False)
    event: Mapping[str, Any] | None = dataclasses.field(repr=False)


def explain(file: Importable, row: int, **options: Unpack[CheckOptions]) -> Explanation:
    """Prepare one record of a file as `check` would, and return what would be sent of it and why it is not.

    row: the record's number, the first is 1. The options are those of `check`; `edits` are corrected cells. Repeats in
    other rows of the file are not looked for. UsageError: there is no such row. NeedsAnswer: a question is open.
    """
    settings = read_settings((file,), options)
    now = settings.now or datetime.now(UTC)
    with fetched(settings.files) as (source,):
        for intake in with_refunds(list(take_in_sheets(source, settings, now))):
            for raw in intake.batches(BATCH_ROWS):
                places = np.flatnonzero(raw.column("row").to_numpy() == row)
                if len(places):
                    return _explained(intake, raw, int(places[0]), settings, now)
    message = f"{source.name} has no row {row}."
    raise UsageError(message)


def _explained(intake: Intake, raw: Raw, place: int, settings: Settings, now: datetime) -> Explanation:
    prepared = prepare(raw, intake.preparation)
    rows = outcomes_of(intake, raw, _looked_up(prepared, settings, now), columns_in_words(intake))
    told = rows.slice(place, 1).to_pylist()[0]
    texts = {name: as_text(raw.column(name))[place].as_py() or "" for name in intake.export.names}
    return Explanation(
        file=told["file"],
        sheet=told["sheet"] or "",
        row=told["row"],
        line=told["line"],
        status=told["status"],
        field=told["field"],
        reason=told["reason"],
        message=told["message"],
        warnings=tuple((told["warnings"] or "").split("; ")) if told["warnings"] else (),
        cells=texts,
        event=_event(prepared, place) if told["status"] in {Status.READY, Status.DUPLICATE} else None,
    )


def _looked_up(prepared: Prepared, settings: Settings, now: datetime) -> Delivered:
    """Return the batch as `check` would have it, by the ledger where there is one."""
    dataset = None if settings.dataset is None else dataset_in_ledger(settings.dataset, settings.graph_url)
    with open_ledger(settings.ledger, read_only=True, memory=ledger_memory()) as ledger:
        found = look_up(iter([("", prepared)]), ledger=ledger, dataset=dataset, now=now.timestamp())
        return next(found)[1]


def _event(prepared: Prepared, place: int) -> Mapping[str, Any] | None:
    """Return the event of the row's order, which stands on the first row of it."""
    order = prepared.column("order")[place].as_py()
    orders = np.asarray(prepared.column("order").fill_null(-1))
    for at in np.flatnonzero(orders == order).tolist() if order is not None else ():
        text = prepared.column("payload")[at].as_py()
        if text:
            event: dict[str, Any] = json.loads(text.rstrip().removesuffix(SEPARATOR))
            return event
    return None
