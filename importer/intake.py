"""A file taken in: opened, recognized, surveyed, and every question that it leaves open answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path
from typing import TypeAlias

import pyarrow as pa

from importer.core.binding import Answers, Binding, ChannelColumn, Source, bind
from importer.core.cells.cell_text import as_text
from importer.core.channels import channel_columns
from importer.core.consent import Consent, settle_consent
from importer.core.customer_join import PREFIX, Customers, customers_of, joined, with_customers
from importer.core.guards import without_guards
from importer.core.heading_rows import HEADING, with_headings
from importer.core.kernels.arrays import one_chunk
from importer.core.line_layout import infer
from importer.core.model import BATCH_ROWS, CUSTOMER_FIELDS, ROWS_WITHOUT_BODIES, Raw
from importer.core.online_sales import OnlineSales, settle_online_sales
from importer.core.plan import OrderLayout, Plan, fold, fold_value
from importer.core.prepare import Preparation
from importer.core.recognise import as_written, header_counter, header_names, lacking, recognise
from importer.core.reused_ids import Apart, is_of_a_deal, reused
from importer.core.routing import Routing
from importer.core.survey import Survey, provisional, settle, survey, surveyed_columns
from importer.core.tables.yes_no_words import NO, YES
from importer.core.understanding.complete import completed
from importer.core.understanding.understand import Understanding, understand
from importer.core.unknown_words import Words, by_column, ending_words
from importer.core.user_answers import MEANINGS, NOTHING, apply
from importer.core.whole_orders import LastRows, whole_orders
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.fixed_rejects import without_added_columns
from importer.inputs import RunInput
from importer.option_types import Edit
from importer.parallel import parallel_map
from importer.questions import Kind, Question, option
from importer.read import Export, open_export, open_table
from importer.read.byte_sources import require_file
from importer.read.epoch_1904 import with_days_of_1900
from importer.read.header import Known
from importer.read.other_sheets import unread_notice
from importer.schema_files import known_plans, plan_named
from importer.settings import Settings
from importer.unfit_files import sister, sums

TOLD_ELSEWHERE = ("action_source", "event_name", "event_source", "lead_event_source")
"""Fields whose words say what an event is; where the sale was made is read from other columns."""

DAYS = ("event_time", "db")
"""Fields whose columns hold days."""

FORMATS: Mapping[str, Collection[str]] = {
    "csv": ("csv",),
    "parquet": ("parquet",),
    "xlsx": ("xlsx", "xls", "xlsb", "ods"),
}
"""What each --format stands for."""

SAMPLE_ROWS = 5_000
"""Rows by which a file that no schema describes is understood."""


@dataclass(frozen=True)
class Recognised:
    """An export and what is known of its kind.

    understanding: what its headers and cells say, of all its columns or of those that its schema does not name.
    sample: its first rows. unknown: columns of the user's answers that the file does not have.
    """

    export: Export
    binding: Binding
    understanding: Understanding
    sample: Raw
    unknown: frozenset[str] = frozenset()

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
    unknown: frozenset[str] = frozenset()  # columns of --map that the file does not have
    questions: tuple[Question, ...] = ()  # what `check` can do without and `send` asks first
    notices: tuple[str, ...] = ()  # sentences on the file as a whole

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
        return self.batches_by(self.found.last_rows() if self.found.scattered else None, rows)

    def batches_by(self, last_rows: LastRows | None, rows: int = BATCH_ROWS) -> Iterator[Raw]:
        """Yield the same by what is known of the last row of each order, None where its lines stand together."""
        source = self.export.batches(rows=rows)
        headed = with_headings(source) if self.plan.orders.heading else source
        return whole_orders(headed, self.preparation.binding, last_rows)


def require_inputs(settings: Settings) -> None:
    """Raise CapiImportError where a file is not there or a schema is not known: told before anything takes time."""
    paths = [source.path for source in settings.files if source.path is not None]
    for path in (*paths, *([settings.customers] if settings.customers else [])):
        require_file(path)
    if settings.schema:
        plan_named(settings.schema, known_plans())


def recognise_file(source: RunInput, settings: Settings) -> Recognised:
    """Open a file and find out which export it is; what no schema says is understood by its headers and cells."""
    plans = known_plans()
    told = plan_named(settings.schema, plans) if settings.schema else None
    count = header_counter([*plans.values(), *([told] if told else [])])
    export = _opened(source, settings, count).with_edits(settings.edits)
    export, sample = without_added_columns(export, export.sample(SAMPLE_ROWS))
    plan = told or recognise(plans.values(), export.headers)
    understanding = understand(export.headers, export.names, sample, _named(plan, export))
    plan = understanding.plan if plan is None else completed(as_written(plan, export.headers), understanding)
    plan, unknown = apply(plan, export.headers, settings.answers)
    binding = bind(plan, export.headers, export.names)
    binding = replace(binding, channels=_channel_columns(export, sample, binding, settings))
    days = [name for field in DAYS if field in binding.columns for name in binding.columns[field].names]
    return Recognised(with_days_of_1900(export, days), binding, understanding, sample, unknown)


def _opened(source: RunInput, settings: Settings, known: Known) -> Export:
    """Open an input; FileError where it is not of the kind that --format names."""
    if source.table is not None:
        return open_table(source.table, source.name)
    if source.path is None:
        message = f"{source.name} was not fetched"
        raise ValueError(message)
    export = open_export(source.path, sheet=settings.sheet, encoding=settings.encoding, known=known)
    if settings.format is not None and export.format not in FORMATS[settings.format]:
        message = f"{source.name} is {export.format}, not {settings.format}; correct --format, or leave it out."
        raise FileError(message)
    return replace(export, file=source.name)


def _channel_columns(export: Export, sample: Raw, binding: Binding, settings: Settings) -> tuple[ChannelColumn, ...]:
    """Find the columns that say where a sale was made; where no schema describes the file, their values are read."""
    told = {name for field in TOLD_ELSEWHERE if field in binding.columns for name in binding.columns[field].names}
    free = [name for name in export.names if name not in told]
    read = binding.plan.from_headers
    samples = {name: as_text(sample.column(name)).drop_null().to_pylist() if read else [] for name in free}
    found = channel_columns(binding.plan, export.headers, export.names, samples)
    dropped = {fold(column) for column, field in settings.map if field == NOTHING}
    return tuple(column for column in found if fold(column.header) not in dropped)


def _named(plan: Plan | None, export: Export) -> Collection[str]:
    """Return the columns of a file that its schema names, for whatever purpose."""
    if plan is None:
        return ()
    known = header_names([plan])
    return [name for header, name in zip(export.headers, export.names, strict=True) if fold(header) in known]


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


SurveyWhole: TypeAlias = Callable[[Export, Binding], Survey]
"""Surveys a whole file: in this process, or on workers of a cluster."""


def survey_here(export: Export, binding: Binding) -> Survey:
    """Survey the whole file, by all cores."""
    batches = export.batches(surveyed_columns(binding), ROWS_WITHOUT_BODIES)
    return survey((without_guards(raw, binding) for raw in batches), binding, parallel_map)


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
    preparation = Preparation(binding, answers, moment, customers, online, apart, consent.columns, routing)
    unread = () if settings.all_sheets else unread_notice(export.file, export.sheet, export.alike)
    of_consent = tuple(f"{export.file}: {notice}" for notice in consent.notices)
    notices = export.notices + unread + _left_out(recognised, settings) + online.notices + of_consent
    found = replace(surveyed.found, ids=())  # they have served
    doubts = (*surveyed.doubts, *(replace(question, file=export.file) for question in consent.questions))
    return Intake(export, preparation, found, recognised.unknown, doubts, notices)


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
    asked = list(_columns_asked_for(recognised, settings))
    if asked:
        binding = _with_likeliest(binding, asked, export)
    found = survey_whole(export, binding)
    if binding.plan.from_headers and len(found.repeated_ids) and settings.rows is None:
        layout, questions = _layout(export, found, binding, settings)
        asked += questions
        if layout != binding.plan.orders:  # then the file said itself whether its rows are orders or lines
            binding = replace(binding, plan=binding.plan.model_copy(update={"orders": layout}))
            found = survey_whole(export, binding)
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
        *_doubts(recognised, settings),
        *_of_discount(recognised, settings),
        *_statuses(recognised, binding, found, settings),
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


def _columns_asked_for(recognised: Recognised, settings: Settings) -> Iterator[Question]:
    """Ask for the columns without which a file cannot make a sale; where nothing could be one, raise FileError.

    Only a Purchase needs an amount.
    """
    export, binding = recognised.export, recognised.binding
    if settings.customers is None and (sentence := sums(binding, export.headers)):
        message = f"{export.file}: {sentence}"
        raise FileError(message)
    purchase = (settings.event_name or binding.plan.event.name).strip().casefold() == "purchase"
    needed = [field for field in NEEDED if field != "value" or (purchase and not binding.value_from_parts)]
    missing = [field for field in needed if field not in binding.columns]
    told = _of_another_schema(recognised, missing, settings) if settings.schema and missing else ""
    of_items = {name for source in binding.items.values() for name in source.names}
    parts = {"item_price", "quantity"} <= binding.items.keys()
    for field in missing:
        candidates = recognised.understanding.candidates.get(field, ())
        found = [name for name in candidates if name not in binding.used - of_items]
        options = _column_options(field, found)
        text = f"Which column holds {NEEDED[field]}?"
        if field == "value" and parts:
            text = "Which column holds its amount? Or is it price times quantity:"
            options = (option("--map", "-=value"), *options)
        if not options:
            what_to_do = sister(binding, missing) or (
                "Export the file again with that column; if it is there under a name that is not understood, name it: "
                f'--map "COLUMN={field}".'
            )
            message = f"{export.file}: {told}no column holds {NEEDED[field]}. {what_to_do}"
            raise FileError(message)
        yield Question(
            Kind.COLUMN,
            told + (text[0].lower() + text[1:] if told else text),
            options,
            field,
            next(iter(found), None),
            file=export.file,
        )


def _of_another_schema(recognised: Recognised, missing: Sequence[str], settings: Settings) -> str:
    """Say which columns of the schema that was told a file lacks; FileError where it is known as another export."""
    export, plan = recognised.export, recognised.plan
    lacks = lacking(plan, export.headers, missing)
    if not lacks:
        return ""
    columns = f"column{'' if len(lacks) == 1 else 's'} " + ", ".join(f'"{header}"' for header in lacks[:MOST_LACKING])
    known = recognise(known_plans().values(), export.headers)
    if known is not None and known.name != plan.name and plan.name in known_plans() and not settings.map:
        message = (
            f"{export.file} does not fit the schema {plan.name}: it lacks the {columns}. It is known as {known.name}: "
            f"leave --schema out, or give {option('--schema', known.name)}."
        )
        raise FileError(message)
    return f"It lacks the {columns} of the schema {settings.schema}: "


def _column_options(field: str, columns: Iterable[str]) -> tuple[str, ...]:
    """Return the answers to which column holds a field."""
    return tuple(option("--map", f"{column}={field}") for column in columns)


def _with_payment_times(binding: Binding, found: Survey) -> Binding:
    """Leave out columns of payment times in which no row has one: they say nothing."""
    return replace(binding, sale=tuple(one for one in binding.sale if not one[0].paid_time or one[1] in found.paid))


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


def recognise_people(path: Path) -> Recognised:
    """Understand a customer file, which holds no sales."""
    export = open_export(path, known=header_counter(known_plans().values()))
    sample = export.sample(SAMPLE_ROWS)
    understanding = understand(export.headers, export.names, sample)
    return Recognised(export, bind(understanding.plan, export.headers, export.names), understanding, sample)


NEEDED: Mapping[str, str] = {"event_time": "the date of the sale", "value": "its amount"}
"""Fields without which a file cannot make a sale, in words."""


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


MOST_LACKING = 6
"""Columns of a schema that are named where a file lacks them."""

ALWAYS_ASKED = ("event_time", "value", "currency", "order_id")
"""Fields that are never taken on likelihood alone, not even with --accept-mapping."""
ASKED = (*ALWAYS_ASKED, *CUSTOMER_FIELDS)
"""Fields about which a likely column is asked; an item's title does no harm."""


def _doubts(recognised: Recognised, settings: Settings) -> list[Question]:
    """Return what is asked before anything is sent: columns that are only likely, keys that may be the shop's own."""
    answered = settings.answers.named
    answered_fields = {name for _, name in settings.map}
    file, questions = recognised.export.file, []
    for reading in recognised.understanding.likely():
        name = reading.field
        accepted = settings.accept_mapping and name not in ALWAYS_ASKED
        if name not in ASKED or accepted or name in answered_fields or fold(reading.column) in answered:
            continue
        source = recognised.binding.columns.get(name)
        if reading.column not in recognised.binding.used or (source is not None and source.take == "join"):
            continue
        found = dict.fromkeys((reading.column, *recognised.understanding.candidates.get(name, ())))
        options = (*_column_options(name, list(found)), option("--map", f"{reading.column}=-"))
        text = f'The column "{reading.header}" is likely {name}: {reading.why}. Is it?'
        questions.append(Question(Kind.COLUMN, text, options, name, reading.column, file=file))
    for name, column in recognised.understanding.shared.items():
        if fold(column) in answered or name in recognised.understanding.needless:
            continue
        text = f"The column \"{column}\" holds the same on every row: the shop's own, or a customer's ({name})?"
        options = (option("--map", f"{column}=-"), option("--map", f"{column}={name}"))
        questions.append(Question(Kind.SHARED_KEY, text, options, name, column, file=file))
    return questions


def _of_discount(recognised: Recognised, settings: Settings) -> list[Question]:
    """Ask whether an amount was paid that is price times quantity although a discount stands beside it."""
    binding, discount = recognised.binding, recognised.understanding.untaken
    if discount is None or not binding.plan.from_headers or "value" not in binding.columns:
        return []
    if "value" in {name for _, name in settings.map} or fold(discount) in settings.answers.named:
        return []
    amount = binding.columns["value"].names[0]
    text = (
        f'"{amount}" is price times quantity also where "{discount}" holds a discount. Was it paid as it stands? Else '
        "export what was paid."
    )
    options = (option("--map", f"{amount}=value"),)
    return [Question(Kind.COLUMN, text, options, "value", amount, file=recognised.export.file)]


def _left_out(recognised: Recognised, settings: Settings) -> tuple[str, ...]:
    """Tell which keys are left out, since they are the same on rows of different customers."""
    understanding = recognised.understanding
    return tuple(
        f'{recognised.export.file}: the column "{column}" holds the same on the rows of different customers; it is '
        f"taken for the shop's own and left out. If it is theirs: {option('--map', f'{column}={name}')}."
        for name, column in understanding.shared.items()
        if name in understanding.needless and fold(column) not in settings.answers.named
    )


def _statuses(recognised: Recognised, binding: Binding, found: Survey, settings: Settings) -> list[Question]:
    """Ask what the words of status columns mean that nobody knows, or that leave no sale; not where a schema speaks."""
    export, words = recognised.export, found.words if binding.plan.from_headers else {}
    asks = 'What do these words in the column "{header}" mean: {words}?'
    if binding.plan.from_headers and found.rows and not found.sales and not words and not settings.status:
        words = ending_words(export.sample(SAMPLE_ROWS), binding)
        asks = 'No row is a sale as the words in the column "{header}" are understood. What do they mean: {words}?'
    return _status_questions(words, export, asks)


def _status_questions(asked: Words, export: Export, asks: str) -> list[Question]:
    questions = []
    headers = dict(zip(export.names, export.headers, strict=True))
    for name, words in by_column(asked).items():
        listed = ", ".join(f'"{word}" ({count:,} row{"" if count == 1 else "s"})' for word, (count, _) in words.items())
        text = asks.format(header=headers[name], words=listed)
        told = [f"{headers[name]}:{word}" if fold_value(word) in YES | NO else word for word in words]
        options = tuple(option("--status", f"{word}={meaning}") for word in told for meaning in MEANINGS)
        values = {word: count for word, (count, _) in words.items()}
        line = min(line for _, line in words.values())
        questions.append(Question(Kind.STATUS, text, options, "status", headers[name], values, line, export.file))
    return questions
