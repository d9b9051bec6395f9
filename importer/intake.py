"""A file taken in: opened, recognized, surveyed, and every question that it leaves open answered."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from typing import Protocol

import pyarrow as pa

from importer.core.binding import Answers, Binding, Source
from importer.core.consent import Consent, settle_consent
from importer.core.customer_join import PREFIX, Customers, customers_of, joined, with_customers
from importer.core.guards import without_guards
from importer.core.heading_rows import HEADING, rule_of_parts, with_headings
from importer.core.kernels.arrays import one_chunk
from importer.core.line_layout import infer
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Raw
from importer.core.online_sales import OnlineSales, settle_online_sales
from importer.core.plan import OrderLayout, Plan, fold, fold_value
from importer.core.preparation import Preparation
from importer.core.repeated_ids import LastRows
from importer.core.reused_ids import Apart, is_of_a_deal, reused
from importer.core.routing import Routing
from importer.core.run_refunds import RunRefunds
from importer.core.shared_keys import shared_values
from importer.core.survey import Survey, provisional, settle, survey, surveyed_columns
from importer.core.whole_orders import whole_orders
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.file_questions import (
    columns_asked_for,
    doubts_of_columns,
    doubts_of_discount,
    doubts_of_statuses,
    keys_left_out,
)
from importer.file_refunds import file_refunds
from importer.inputs import RunInput
from importer.option_types import Edit
from importer.parallel import parallel_map
from importer.private_files import SpillFile
from importer.questions import Question
from importer.read import Export
from importer.read.byte_sources import require_file
from importer.read.other_sheets import unread_notice
from importer.recognised_file import Recognised, recognise_file, recognise_people
from importer.schema_files import known_plans, plan_named
from importer.settings import Settings


@dataclass(frozen=True)
class Intake:
    """An export ready to be prepared: every question is answered."""

    export: Export
    preparation: Preparation
    found: Survey
    unknown: frozenset[str] = frozenset()  # columns of --map that the file does not have
    questions: tuple[Question, ...] = ()  # what `check` can do without and `send` asks first
    notices: tuple[str, ...] = ()  # sentences on the file as a whole
    refunds: pa.RecordBatch | None = None  # what it shows refunded or cancelled, see `RunRefunds`

    @property
    def plan(self) -> Plan:
        """The export's schema."""
        return self.preparation.binding.plan

    @property
    def consenting(self) -> list[str]:
        """The columns of consent, by their headers in the sales or the customer file."""
        return [column.name.removeprefix(PREFIX) for column in self.preparation.consent]

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[Raw]:
        """Yield the rows of the file in batches of about `rows` in which every order is whole."""
        return self.batches_by(self.found.last_rows if self.found.scattered else None, rows)

    def batches_by(self, last_rows: LastRows | None, rows: int = BATCH_ROWS) -> Iterator[Raw]:
        """Yield the same by what is known of the last rows of orders, None where the lines of each stand together."""
        source = self.export.batches(rows=rows)
        headed = with_headings(source) if self.has_headings else source
        return whole_orders(headed, self.preparation.binding, last_rows)

    @property
    def has_headings(self) -> bool:
        """Tell whether a row above others says something of them."""
        by_parts = any(name == HEADING for _, name in self.preparation.binding.sale)
        return by_parts or self.plan.orders.heading is not None


def require_inputs(settings: Settings) -> None:
    """Raise CapiImportError where a file is not there or a schema is not known: told before anything takes time."""
    paths = [source.path for source in settings.files if source.path is not None]
    for path in (*paths, *([settings.customers] if settings.customers else [])):
        require_file(path)
    if settings.schema:
        plan_named(settings.schema, known_plans())


@dataclass(frozen=True)
class Surveyed:
    """A file read once as a whole.

    missing: questions for columns without which it holds no sale; doubts: questions that `check` can do without.
    online: what becomes of sales made online.
    """

    recognised: Recognised
    binding: Binding
    found: Survey
    online: OnlineSales
    missing: tuple[Question, ...]
    doubts: tuple[Question, ...]

    def settled(self, settings: Settings) -> Answers:
        """Return what holds for every row. Raises NeedsAnswer with all questions when only the user can tell."""
        try:
            answers = settle(self.found, self.binding, _options(settings, self.binding.plan))
        except NeedsAnswer as error:
            file = self.recognised.export.file
            asked = [replace(question, file=file) for question in error.questions]
            raise NeedsAnswer([*self.missing, *asked, *self.doubts]) from error
        if self.missing:
            raise NeedsAnswer([*self.missing, *self.doubts])
        return answers


class SurveyWhole(Protocol):
    """Surveys a whole file: in this process, or on workers of a cluster."""

    def __call__(self, export: Export, binding: Binding, columns: frozenset[str], *, zeros: bool) -> Survey:
        """Return the survey. columns: what is read; zeros: as in `survey`."""
        ...


def survey_here(export: Export, binding: Binding, columns: frozenset[str], *, zeros: bool) -> Survey:
    """Survey the whole file, by all cores."""
    plain = (without_guards(raw, binding) for raw in export.batches(columns, ROWS_WITHOUT_BODIES))
    return survey(plain, binding, parallel_map, zeros=zeros, new_file=SpillFile)


def take_in(source: RunInput, settings: Settings, now: datetime, survey_whole: SurveyWhole = survey_here) -> Intake:
    """Recognize a file, survey it as a whole, and settle what holds for every row.

    Raises NeedsAnswer when only the user can tell, FileError when the columns cannot make an event.
    """
    surveyed = survey_file(source, settings, survey_whole)
    recognised, online = surveyed.recognised, surveyed.online
    export, answers = recognised.export, surveyed.settled(settings)
    customers, binding = _with_customers(export, surveyed.binding, settings)
    routing = _routing(recognised, settings)
    if routing is not None and binding.store == routing.column and not shares_datasets(settings):
        binding = replace(binding, store=None)  # each store's numbers are told apart by its dataset
    apart = _apart(export, surveyed, binding, answers, customers)
    consent = _consent(recognised, binding, customers, settings)
    moment = int(now.timestamp())
    if (parts := rule_of_parts(recognised.sample)) is not None:
        binding = replace(binding, sale=(*binding.sale, (parts, HEADING)))
    shared = shared_values(recognised.sample, binding, _columns_named(export, settings))
    preparation = Preparation(
        binding, answers, moment, customers, online, apart, consent.columns, routing, shared=shared
    )
    unread = () if settings.all_sheets else unread_notice(export.file, export.sheet, export.alike)
    of_consent = tuple(f"{export.file}: {notice}" for notice in consent.notices)
    notices = export.notices + unread + keys_left_out(recognised, settings) + online.notices + of_consent
    found = replace(surveyed.found, repeated_ids=surveyed.found.repeated_ids[:0], refunds=())  # they have served
    doubts = (*surveyed.doubts, *(replace(question, file=export.file) for question in consent.questions))
    kept, beside = surveyed.found.refunds, _beside(export, settings)
    refunds = file_refunds(export, kept, preparation, beside, alone=not _several(settings))
    return Intake(export, preparation, found, recognised.unknown, doubts, notices, refunds)


def with_refunds(intakes: Sequence[Intake]) -> list[Intake]:
    """Return the intakes of a run, each with what the files of all of them show refunded or cancelled."""
    parts = [intake.refunds for intake in intakes]
    refunds = RunRefunds.of(parts, [intake.export.file for intake in intakes])
    return [
        replace(intake, refunds=None, preparation=replace(intake.preparation, refunds=refunds, file=number))
        for number, intake in enumerate(intakes)
    ]


def _columns_named(export: Export, settings: Settings) -> set[str]:
    """Return the columns that the user's answers name."""
    named = settings.answers.named
    return {name for name, header in zip(export.names, export.headers, strict=True) if fold(header) in named}


def shares_datasets(settings: Settings) -> bool:
    """Tell whether several stores are one dataset's, in which their order ids must be told apart."""
    return len({dataset for _, dataset in settings.stores}) < len(settings.stores)


TO_ROUTE_BY = "to route by; --dataset-column takes the column of stores, or of dataset ids, of every file."
GATEWAY, GATEWAY_COLUMN = "meta_gateway", "DATA_SET_ID"


def _routing(recognised: Recognised, settings: Settings) -> Routing | None:
    """Return how the file's rows are routed, None where all are for one dataset.

    Where a Gateway file names datasets of its own beside the one that the user names, rows of others are not sent.
    """
    export = recognised.export
    if settings.dataset_column is not None:
        column = _column_called(export, settings.dataset_column, TO_ROUTE_BY)
        stores = {fold_value(name): dataset for name, dataset in settings.stores}
        return Routing(column, stores if settings.datasets else None, settings.dataset)
    if not _names_datasets(recognised, settings):
        return None
    return Routing(GATEWAY_COLUMN, default=settings.dataset, only=settings.dataset)


def _names_datasets(recognised: Recognised, settings: Settings) -> bool:
    is_gateway = recognised.plan.name == GATEWAY and GATEWAY_COLUMN in recognised.export.names
    return is_gateway and fold(GATEWAY_COLUMN) not in settings.answers.named


def by_own_datasets(settings: Settings) -> Settings:
    """Return the settings; where they name no dataset, and the rows of Gateway files do, with the column that does."""
    if settings.dataset is not None or settings.dataset_column is not None:
        return settings
    for source in settings.files:
        is_there = source.path is not None and source.path.is_file()
        if not is_there or not _names_datasets(recognise_file(source, settings), settings):
            return settings
    return replace(settings, dataset_column=GATEWAY_COLUMN)


def _consent(recognised: Recognised, binding: Binding, customers: Customers | None, settings: Settings) -> Consent:
    """Find the columns of consent, those of the customer file too; columns that fill a field are none."""
    export, sample, told = recognised.export, recognised.sample, dict(settings.consent)
    headers, names = list(export.headers), list(export.names)
    channels = {column.name for column in binding.channels}
    free = {name: sample.column(name) for name in names if name not in binding.used | channels}
    if customers is not None:
        joined_names = customers.table.schema.names
        headers += [name.removeprefix(PREFIX) for name in joined_names]
        names += joined_names
        free |= {name: one_chunk(customers.table.column(name)) for name in joined_names if name not in binding.used}
    return settle_consent(
        headers, names, free, told=told, settled=settings.answers.named, known_export=not binding.plan.from_headers
    )


def described(intake: Intake) -> str:
    """Say in one line how a file was understood: its form, schema, rows and columns, and what holds for all rows."""
    export, preparation = intake.export, intake.preparation
    answers, headers = preparation.answers, dict(zip(export.names, export.headers, strict=True))
    form = ", ".join([export.format, *export.details.values(), *([f"sheet {export.sheet}"] if export.sheet else [])])
    columns = [
        f"{headers.get(name, name)}={field}"
        for field, source in preparation.binding.columns.items()
        for name in source.names
    ]
    told = {
        "time zone": answers.zone,
        "dates": answers.date_order,
        "currency": answers.currency,
        "country": answers.country,
    }
    settled = [f"{name} {value}" for name, value in told.items() if value]
    count = intake.found.rows
    rows = f"{count:,} row{'' if count == 1 else 's'}, {'orders' if intake.plan.orders.rows == 'orders' else 'lines'}"
    return f"{export.file}: {form}; schema {intake.plan.name}; {'; '.join([rows, ', '.join(columns), *settled])}."


def take_in_sheets(
    source: RunInput, settings: Settings, now: datetime, survey_whole: SurveyWhole = survey_here
) -> Iterator[Intake]:
    """Take in a file; of a workbook, with --all-sheets, each sheet with the same columns."""
    first = take_in(source, settings, now, survey_whole)
    yield first
    if settings.all_sheets:
        for sheet in first.export.alike:
            yield take_in(source, replace(settings, sheet=sheet), now)


def survey_file(source: RunInput, settings: Settings, survey_whole: SurveyWhole = survey_here) -> Surveyed:
    """Recognize a file and read it once as a whole; FileError where no column could make an event, or it is refused.

    Where columns are asked for, the file is surveyed with the likeliest ones, so that all questions come at once.
    """
    recognised = recognise_file(source, settings)
    export, binding = recognised.export, recognised.binding
    if recognised.plan.refusal:
        message = f"{export.file}: {recognised.plan.refusal}"
        raise FileError(message)
    asked = list(columns_asked_for(recognised, settings))
    if asked:
        binding = _with_likeliest(binding, asked, export)
    found = _surveyed(export, binding, settings, survey_whole)
    if binding.plan.from_headers and len(found.repeated_ids) and settings.rows is None:
        layout, questions = _layout(export, found, binding, settings)
        asked += questions
        if layout != binding.plan.orders:  # then the file said itself whether its rows are orders or lines
            binding = replace(binding, plan=binding.plan.model_copy(update={"orders": layout}))
            found = _surveyed(export, binding, settings, survey_whole)
    binding = _with_payment_times(binding, found)
    online = settle_online_sales(
        found.channels,
        found.sales,
        binding,
        answer=settings.online_sales or binding.plan.event.online_sales,
        action_source=settings.action_source or _own_action_source(recognised, settings),
        url=settings.event_source_url,
    )
    of_channel = [replace(question, file=export.file) for question in online.questions]
    doubts = (
        *doubts_of_columns(recognised, settings),
        *doubts_of_discount(recognised, settings),
        *doubts_of_statuses(recognised, binding, found, settings),
        *of_channel,
    )
    of_sheets = () if settings.all_sheets else export.questions
    return Surveyed(recognised, binding, found, online, (*of_sheets, *asked), doubts)


def _layout(
    export: Export, found: Survey, binding: Binding, settings: Settings
) -> tuple[OrderLayout, Sequence[Question]]:
    """Infer what a row is from all rows of repeated order ids; where they do not tell, what is asked."""
    answers = provisional(found, binding, _options(settings, binding.plan))
    batches = (without_guards(raw, binding) for raw in export.batches())
    try:
        return infer(batches, binding, answers, found.repeated_ids, parallel_map), ()
    except NeedsAnswer as error:
        return binding.plan.orders, [replace(question, file=export.file) for question in error.questions]


def _apart(
    export: Export, surveyed: Surveyed, binding: Binding, answers: Answers, customers: Customers | None
) -> Apart | None:
    """Find the rows of reused order ids, where each row is an order and the ledger alone would not tell them apart."""
    if binding.plan.orders.rows != "orders" or (binding.store is None and not is_of_a_deal(binding)):
        return None
    repeated = surveyed.found.repeated_ids
    if not len(repeated):
        return None
    batches = (without_guards(raw, binding) for raw in export.batches(rows=BATCH_ROWS))
    rows = batches if customers is None else (joined(raw, customers) for raw in batches)
    return reused(rows, binding, answers, repeated, parallel_map)


def _own_action_source(recognised: Recognised, settings: Settings) -> str | None:
    """Return the action source that a schema of the user's own gives: like the option, it holds for online sales."""
    event = recognised.plan.event
    own = settings.schema is not None and settings.schema not in known_plans()
    return event.action_source if own and "action_source" in event.model_fields_set else None


def _options(settings: Settings, plan: Plan) -> Answers:
    """Return what the user's options and the schema say of the file's rows."""
    return Answers(
        event_name=settings.event_name or plan.event.name,
        action_source=settings.action_source or plan.event.action_source,
        currency=settings.currency,
        country=settings.country,
        zone=settings.timezone,
        date_order=settings.date_order,
        decimal=settings.decimal_mark,
        already_hashed=settings.already_hashed,
        limited_data_use=settings.ldu,
        event_source_url=settings.event_source_url,
    )


def _with_likeliest(binding: Binding, questions: Sequence[Question], export: Export) -> Binding:
    columns = dict(binding.columns)
    columns |= {
        question.field: Source((question.column,), "first")
        for question in questions
        if question.field and question.column in export.names
    }
    return replace(binding, columns=columns)


def _with_payment_times(binding: Binding, found: Survey) -> Binding:
    """Leave out columns of payment times in which no row has one: they say nothing."""
    return replace(binding, sale=tuple(one for one in binding.sale if not one[0].paid_time or one[1] in found.paid))


def _surveyed(export: Export, binding: Binding, settings: Settings, survey_whole: SurveyWhole) -> Survey:
    columns = surveyed_columns(binding) | _beside(export, settings)
    return survey_whole(export, binding, columns, zeros=_several(settings))


def _several(settings: Settings) -> bool:
    """Tell whether a run may have several tables, of which one may take back what another one sold."""
    return len(settings.files) > 1 or settings.all_sheets


def _beside(export: Export, settings: Settings) -> frozenset[str]:
    """Return the columns that options name and by which a refund is told from that of another sale."""
    told = {fold(text.partition("=")[0]) for text in (settings.dataset_column, settings.join_on) if text}
    pairs = zip(export.headers, export.names, strict=True)
    return frozenset(name for header, name in pairs if fold(header) in told or name == GATEWAY_COLUMN)


def _with_customers(export: Export, binding: Binding, settings: Settings) -> tuple[Customers | None, Binding]:
    """Read the customer file of `--customers`, and bind it so that it fills what the sales do not say.

    The id's column in the customer file is the one named, else the one that its headers show to be an id.
    """
    if settings.customers is None or settings.join_on is None:
        return None, binding
    sales_header, _, customer_header = settings.join_on.partition("=")
    people = recognise_people(settings.customers)
    heading = binding.plan.orders.heading
    by_heading = heading is not None and fold(heading) == fold(sales_header)
    sales_column = HEADING if by_heading else _column_called(export, sales_header)
    wanted, own = customer_header or sales_header, people.binding.columns.get("external_id")
    if own is not None and not customer_header and fold(wanted) not in map(fold, people.export.headers):
        id_column = own.names[0]
    else:
        id_column = _column_called(people.export, wanted)
    table = pa.Table.from_batches(list(people.export.batches())).drop_columns(["row", "line", "fault"])
    return customers_of(table, id_column, sales_column), with_customers(binding, people.binding)


TO_JOIN_ON = "to join on; --join-on takes the id's column in both files, or SALES_COLUMN=CUSTOMER_COLUMN."


def _column_called(export: Export, header: str, to_do: str = TO_JOIN_ON) -> str:
    for written, name in zip(export.headers, export.names, strict=True):
        if fold(written) == fold(header):
            return name
    message = f"{export.file} has no column {header} {to_do}"
    raise UsageError(message)


def require_known_columns(intakes: Sequence[Intake], consent: Iterable[str] = ()) -> None:
    """Raise UsageError for a column of `--map` or `--consent` that none of the run's files has."""
    headers = [header for intake in intakes for header in intake.export.headers]
    of_map = frozenset.intersection(*(intake.unknown for intake in intakes))
    found = {fold(name) for intake in intakes for name in intake.consenting} | {fold(header) for header in headers}
    of_consent = [column for column in consent if fold(column) not in found]
    for name, column in [
        *(("--map", column) for column in sorted(of_map)),
        *(("--consent", one) for one in of_consent),
    ]:
        near = get_close_matches(column, headers, 1, 0.5)
        message = f"{name}: no file has a column {column}" + (f"; did you mean {near[0]}?" if near else ".")
        raise UsageError(message)


def require_edited_rows(intakes: Sequence[Intake], edits: Iterable[Edit]) -> None:
    """Raise UsageError for a correction of a row that none of the run's files has: it would correct nothing."""
    rows = {(intake.export.file, intake.export.sheet): intake.found.rows for intake in intakes}
    for edit in edits:
        if not 1 <= edit.row <= rows.get((edit.file, edit.sheet), 0):
            of_sheet = f", sheet {edit.sheet}" if edit.sheet else ""
            message = (
                f"--edits corrects row {edit.row} of {edit.file}{of_sheet}: this run has no such row; file, sheet and "
                "row are those of the report."
            )
            raise UsageError(message)
