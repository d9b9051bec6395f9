"""A file taken in: opened, recognised, surveyed, and every question that it leaves open answered."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa

from importer.core.cells.cell_text import as_text
from importer.core.customer_join import Customers, customers_of, with_customers
from importer.core.heading_rows import HEADING, with_headings
from importer.core.line_layout import infer
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Raw
from importer.core.plan import Answers, Binding, Plan, bind, fold
from importer.core.prepare import Preparation
from importer.core.recognise import doubtful, guess, known_headers, recognise
from importer.core.survey import Survey, settle, survey, surveyed_columns
from importer.core.whole_orders import whole_orders
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.parallel import parallel_map
from importer.read import Export, open_export
from importer.settings import Settings, known_plans, plan_named


@dataclass(frozen=True)
class Recognised:
    """An export and what is known of its kind."""

    export: Export
    binding: Binding

    @property
    def plan(self) -> Plan:
        """The export's schema."""
        return self.binding.plan


@dataclass(frozen=True)
class Intake:
    """An export ready to be prepared: every question is answered."""

    export: Export
    preparation: Preparation
    found: Survey

    @property
    def plan(self) -> Plan:
        """The export's schema."""
        return self.preparation.binding.plan

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[Raw]:
        """The rows of the file in batches of about `rows` in which every order is whole."""
        source = self.export.batches(rows=rows)
        headed = with_headings(source) if self.plan.orders.heading else source
        return whole_orders(headed, self.preparation.binding, self.found)


def recognise_file(path: Path, settings: Settings) -> Recognised:
    """Open a file and find out which export it is: as told, else by its headers, else by what they are called."""
    plans = known_plans()
    told = plan_named(settings.schema, plans) if settings.schema else None
    known = known_headers([*plans.values(), *([told] if told else [])])

    def count_known(cells: Sequence[str]) -> int:
        return sum(fold(cell) in known for cell in cells)

    export = open_export(path, sheet=settings.sheet, encoding=settings.encoding, known=count_known)
    plan = told or recognise(plans.values(), export.headers) or guess(export.headers, _samples(export))
    return Recognised(export, bind(plan, export.headers, export.names))


def _samples(export: Export) -> dict[str, list[str]]:
    """Some different values of each column whose header does not say what it means, by its header."""
    open_to_doubt = doubtful(export.headers)
    if not open_to_doubt:
        return {}
    sample = export.sample()
    return {
        header: as_text(sample.column(name)).drop_null().unique().to_pylist()
        for header, name in zip(export.headers, export.names, strict=True)
        if header in open_to_doubt
    }


def take_in(path: Path, settings: Settings, now: datetime) -> Intake:
    """Recognise a file, read it once as a whole, and settle what holds for every row.

    Raises NeedsAnswer when only the user can tell, FileError when the columns cannot make an event.
    """
    recognised = recognise_file(path, settings)
    _require_columns(recognised.export, recognised.binding)
    binding, found = recognised.binding, _surveyed(recognised.export, recognised.binding)
    if found.some_id_repeats:
        binding = _with_layout(recognised)
        found = _surveyed(recognised.export, binding)
    customers, binding = _with_customers(recognised.export, binding, settings)
    try:
        answers = settle(found, binding, _told(settings, binding.plan))
    except NeedsAnswer as error:
        message = f"{recognised.export.file}: {error}"
        raise NeedsAnswer(message) from error
    return Intake(recognised.export, Preparation(binding, answers, int(now.timestamp()), customers), found)


def _surveyed(export: Export, binding: Binding) -> Survey:
    """The whole file's evidence, by all cores."""
    return survey(export.batches(surveyed_columns(binding), ROWS_WITHOUT_BODIES), binding, parallel_map)


def _with_customers(export: Export, binding: Binding, settings: Settings) -> tuple[Customers | None, Binding]:
    """The customer file of `--customers`, read whole, and the binding in which it fills what the sales do not say."""
    if settings.customers is None or settings.join_on is None:
        return None, binding
    sales_header, _, customer_header = settings.join_on.partition("=")
    people = recognise_people(settings.customers)
    heading = binding.plan.orders.heading
    by_heading = heading is not None and fold(heading) == fold(sales_header)
    sales_column = HEADING if by_heading else _column_called(export, sales_header)
    id_column = _id_column(people, customer_header or sales_header, told=bool(customer_header))
    table = pa.Table.from_batches(list(people.export.batches())).drop_columns(["row", "line", "fault"])
    return customers_of(table, id_column, sales_column), with_customers(binding, people.binding)


def _id_column(people: Recognised, header: str, *, told: bool) -> str:
    """The customers' id: the column of that name, else the one that their file calls an id by itself."""
    own = people.binding.columns.get("external_id")
    if not told and own is not None and all(fold(header) != fold(name) for name in people.export.headers):
        return own.names[0]
    return _column_called(people.export, header)


def _column_called(export: Export, header: str) -> str:
    for written, name in zip(export.headers, export.names, strict=True):
        if fold(written) == fold(header):
            return name
    message = (
        f"{export.file} has no column {header} to join on; --join-on takes the id's column in both files, "
        "or SALES_COLUMN=CUSTOMER_COLUMN."
    )
    raise UsageError(message)


def recognise_people(path: Path) -> Recognised:
    """A customer file is always mapped by its headers: it holds no sales."""
    plans = known_plans()
    known = known_headers(plans.values())
    export = open_export(path, known=lambda cells: sum(fold(cell) in known for cell in cells))
    return Recognised(export, bind(guess(export.headers), export.headers, export.names))


def _with_layout(recognised: Recognised) -> Binding:
    """A file mapped by its headers says itself whether its rows are orders or lines."""
    binding = recognised.binding
    layout = infer(recognised.export.batches(), binding)
    return replace(binding, plan=binding.plan.model_copy(update={"orders": layout}))


def _told(settings: Settings, plan: Plan) -> Answers:
    """What the user's options say, and the schema where they say nothing."""
    return Answers(
        event_name=settings.event_name or plan.event.name,
        action_source=settings.action_source or plan.event.action_source,
        currency=settings.currency,
        country=settings.country,
        zone=settings.timezone,
        date_order=settings.date_order,
        already_hashed=settings.already_hashed,
        limited_data_use=settings.ldu,
    )


def _require_columns(export: Export, binding: Binding) -> None:
    missing = [words for field, words in NEEDED.items() if field not in binding.columns]
    if not missing or (missing == [NEEDED["value"]] and binding.plan.event.name != "Purchase"):
        return
    message = (
        f"{export.file}: no column holds {' and '.join(missing)}. Name the columns in a schema: "
        f"capi-import columns {export.file} --save schema.toml writes one to edit, --schema schema.toml uses it."
    )
    raise FileError(message)


NEEDED: Mapping[str, str] = {"event_time": "the date of the sale", "value": "its amount"}


def refuse_guesses(intakes: Sequence[Intake], settings: Settings) -> None:
    """A mapping that was guessed is not sent before somebody has looked at it."""
    for intake in intakes:
        if intake.plan.guessed and not settings.accept_mapping:
            file = intake.export.file
            message = (
                f"{file}: the columns were matched by likeness only. Look at them with capi-import columns {file}, "
                "save them with --save schema.toml, or add --accept-mapping."
            )
            raise UsageError(message)
