"""A file taken in: opened, recognized, surveyed, and every question that it leaves open answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from difflib import get_close_matches
from pathlib import Path

import pyarrow as pa

from importer.core.binding import Answers, Binding, bind
from importer.core.candidates import candidates
from importer.core.cells.cell_text import as_text
from importer.core.customer_join import Customers, customers_of, joined, with_customers
from importer.core.heading_rows import HEADING, with_headings
from importer.core.line_layout import infer
from importer.core.model import BATCH_ROWS, ROWS_WITHOUT_BODIES, Raw
from importer.core.plan import Plan, fold
from importer.core.prepare import Preparation
from importer.core.recognise import STATE_OR_STATUS, doubtful, guess, known_headers, recognise
from importer.core.reused_ids import reused
from importer.core.survey import Survey, provisional, settle, survey, surveyed_columns
from importer.core.tables import aliases
from importer.core.user_answers import apply
from importer.core.whole_orders import whole_orders
from importer.errors import FileError, NeedsAnswer, UsageError
from importer.parallel import parallel_map
from importer.questions import Kind, Question, option
from importer.read import Export, open_export
from importer.schema_files import known_plans, plan_named
from importer.settings import Settings
from importer.unfit_files import sister, sums


@dataclass(frozen=True)
class Recognised:
    """An export and what is known of its kind."""

    export: Export
    binding: Binding
    unknown: frozenset[str] = frozenset()  # columns of --map that the file does not have

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

    @property
    def plan(self) -> Plan:
        """The export's schema."""
        return self.preparation.binding.plan

    def batches(self, rows: int = BATCH_ROWS) -> Iterator[Raw]:
        """Yield the rows of the file in batches of about `rows` in which every order is whole."""
        source = self.export.batches(rows=rows)
        headed = with_headings(source) if self.plan.orders.heading else source
        return whole_orders(headed, self.preparation.binding, self.found)


def recognise_file(path: Path, settings: Settings) -> Recognised:
    """Open a file and find out which export it is: the one given, else by its headers, else by its columns' names."""
    plans = known_plans()
    told = plan_named(settings.schema, plans) if settings.schema else None
    known = known_headers([*plans.values(), *([told] if told else [])])
    export = open_export(path, sheet=settings.sheet, encoding=settings.encoding, known=_count_of(known))
    plan = told or recognise(plans.values(), export.headers)
    if plan is None:
        # Some headers do not say what they mean ("Estado": a state or a status); some of their values do.
        in_doubt = doubtful(export.headers)
        sample = export.sample() if in_doubt else None
        samples = {
            header: as_text(sample.column(name)).drop_null().unique().to_pylist()
            for header, name in zip(export.headers, export.names, strict=True)
            if sample is not None and header in in_doubt
        }
        plan = guess(export.headers, samples)
    plan, unknown = apply(plan, export.headers, settings.answers)
    return Recognised(export, bind(plan, export.headers, export.names), unknown)


def _count_of(known: Collection[str]) -> Callable[[Sequence[str]], int]:
    """Return the function of a row's cells that counts the headers known among them."""
    return lambda cells: sum(fold(cell) in known for cell in cells)


def take_in(path: Path, settings: Settings, now: datetime) -> Intake:
    """Recognize a file, survey it as a whole, and settle what holds for every row.

    Raises NeedsAnswer when only the user can tell, FileError when the columns cannot make an event.
    """
    recognised = recognise_file(path, settings)
    export, binding = recognised.export, recognised.binding
    _require_columns(recognised, settings)
    found = _surveyed(export, binding)
    event = binding.plan.event
    options = Answers(
        event_name=settings.event_name or event.name,
        action_source=settings.action_source or event.action_source,
        currency=settings.currency,
        country=settings.country,
        zone=settings.timezone,
        date_order=settings.date_order,
        decimal={"comma": ",", "point": ".", None: None}[settings.decimal],
        already_hashed=settings.already_hashed,
        limited_data_use=settings.ldu,
    )
    repeated, questions = found.repeated_ids, list[Question]()
    if binding.plan.from_headers and len(repeated) and settings.rows is None:
        try:  # a file mapped by its headers says itself whether its rows are orders or lines
            layout = infer(export.batches(), binding, provisional(found, binding, options), repeated, parallel_map)
        except NeedsAnswer as error:
            layout, questions = binding.plan.orders, list(error.questions)
        if layout != binding.plan.orders:
            binding = replace(binding, plan=binding.plan.model_copy(update={"orders": layout}))
            found = _surveyed(export, binding)
    binding = _with_payment_times(binding, found)
    customers, binding = _with_customers(export, binding, settings)
    try:
        answers = settle(found, binding, options)
    except NeedsAnswer as error:
        questions = [*error.questions, *questions]
    if questions:
        raise NeedsAnswer([replace(question, file=export.file) for question in questions])
    apart = None
    if binding.plan.orders.rows == "orders" and len(repeated):
        batches = export.batches(rows=BATCH_ROWS)
        rows = batches if customers is None else (joined(raw, customers) for raw in batches)
        apart = reused(rows, binding, answers, repeated, parallel_map)
    preparation = Preparation(binding, answers, int(now.timestamp()), customers, apart)
    return Intake(export, preparation, replace(found, ids=()), recognised.unknown)  # the ids have served


def _require_columns(recognised: Recognised, settings: Settings) -> None:
    """Ask for the columns without which a file cannot make a sale; where nothing could be one, say so."""
    export, binding = recognised.export, recognised.binding
    if settings.customers is None and (sentence := sums(binding, export.headers)):
        message = f"{export.file}: {sentence}"
        raise FileError(message)
    missing = [field for field in NEEDED if field not in binding.columns]
    if binding.value_from_parts:
        missing.remove("value")
    if not missing or (missing == ["value"] and binding.plan.event.name != "Purchase"):
        return
    sample, parts = export.sample(), {"item_price", "quantity"} <= binding.items.keys()
    free = [
        (header, sample.column(name))
        for header, name in zip(export.headers, export.names, strict=True)
        if name not in binding.used or (parts and name in binding.items["item_price"].names)
    ]
    questions = []
    for field in missing:
        found = candidates(field, free)
        options = tuple(option("--map", f"{header}={field}") for header in found)
        text = f"Which column holds {NEEDED[field]}?"
        if field == "value" and parts:
            text = "Which column holds its amount? Or is it price times quantity:"
            options = (option("--map", "-=value"), *options)
        if not options:
            what_to_do = sister(binding, missing) or (
                "Export the file again with that column; if it is there under a name that is not understood, name it: "
                f'--map "COLUMN={field}".'
            )
            message = f"{export.file}: no column holds {NEEDED[field]}. {what_to_do}"
            raise FileError(message)
        column = found[0] if found else None
        questions.append(Question(Kind.COLUMN, text, options, field, column, file=export.file))
    raise NeedsAnswer(questions)


def _with_payment_times(binding: Binding, found: Survey) -> Binding:
    """Leave out columns of payment times in which no row has one: they say nothing."""
    return replace(binding, sale=tuple(one for one in binding.sale if not one[0].paid_time or one[1] in found.paid))


def _surveyed(export: Export, binding: Binding) -> Survey:
    """Survey the whole file, by all cores."""
    return survey(export.batches(surveyed_columns(binding), ROWS_WITHOUT_BODIES), binding, parallel_map)


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
    """Map a customer file by its headers, since it holds no sales."""
    export = open_export(path, known=_count_of(known_headers(known_plans().values())))
    return Recognised(export, bind(guess(export.headers), export.headers, export.names))


NEEDED: Mapping[str, str] = {"event_time": "the date of the sale", "value": "its amount"}
"""Fields without which a file cannot make a sale, in words."""


def require_known_columns(intakes: Sequence[Intake]) -> None:
    """Raise UsageError for a column of `--map` that none of the run's files has."""
    for column in sorted(frozenset.intersection(*(intake.unknown for intake in intakes))):
        headers = [header for intake in intakes for header in intake.export.headers]
        near = get_close_matches(column, headers, 1, 0.5)
        message = f"--map: no file has a column {column}" + (f"; did you mean {near[0]}?" if near else ".")
        raise UsageError(message)


ALWAYS_ASKED = ("event_time", "value", "currency", "order_id")
"""Fields that are never taken on likelihood alone, not even with --accept-mapping."""


def require_certain_columns(intakes: Sequence[Intake], settings: Settings) -> None:
    """Ask about the columns that fill their field on likelihood alone and that nobody has accepted."""
    answered = {name for _, name in settings.map} | {fold(column) for column, _ in settings.map}
    questions = []
    for intake in intakes:
        for field, spec in intake.plan.columns.items() if intake.plan.guessed else ():
            known = {fold(name) for name in aliases.NAMES.get(field, ())}
            header = spec.headers[0]
            likely = not known & {fold(each) for each in spec.headers} and fold(header) not in STATE_OR_STATUS
            if not likely or field in answered or (settings.accept_mapping and field not in ALWAYS_ASKED):
                continue
            text = f'The column "{header}" is likely {field}. Is it?'
            options = (option("--map", f"{header}={field}"), option("--map", f"{header}=-"))
            questions.append(Question(Kind.COLUMN, text, options, field, header, file=intake.export.file))
    if questions:
        raise NeedsAnswer(questions)
