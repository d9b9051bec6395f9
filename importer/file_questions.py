"""What only the user can tell of a file: columns that lack or are likely only, words of a status, discounts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from importer.core.binding import Binding
from importer.core.model import CUSTOMER_FIELDS, Raw
from importer.core.plan import fold, fold_value
from importer.core.recognise import lacking, recognise
from importer.core.survey import Survey
from importer.core.tables.yes_no_words import NO, YES
from importer.core.unknown_words import Words, by_column, ending_words, meant_words
from importer.core.user_answers import MEANINGS
from importer.errors import FileError
from importer.questions import Kind, Question, option
from importer.read import Export
from importer.recognised_file import SAMPLE_ROWS, Recognised
from importer.schema_files import known_plans
from importer.settings import Settings
from importer.unfit_files import sister, sums

NEEDED: Mapping[str, str] = {"event_time": "the date of the sale", "value": "its amount"}
"""Fields without which a file cannot make a sale, in words."""

MOST_LACKING = 6
"""Columns of a schema that are named where a file lacks them."""

ALWAYS_ASKED = ("event_time", "value", "currency", "order_id")
"""Fields that are never taken on likelihood alone, not even with --accept-mapping."""

ASKED = (*ALWAYS_ASKED, *CUSTOMER_FIELDS)
"""Fields about which a likely column is asked; an item's title does no harm."""


def columns_asked_for(recognised: Recognised, settings: Settings) -> Iterator[Question]:
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


def doubts_of_columns(recognised: Recognised, settings: Settings) -> list[Question]:
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


def doubts_of_discount(recognised: Recognised, settings: Settings) -> list[Question]:
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


def doubts_of_statuses(recognised: Recognised, binding: Binding, found: Survey, settings: Settings) -> list[Question]:
    """Ask what the words of status columns mean that nobody knows, or that leave no sale; not where a schema speaks."""
    export, words = recognised.export, found.words if binding.plan.from_headers else {}
    asks = 'What do these words in the column "{header}" mean: {words}?'
    if binding.plan.from_headers and found.rows and not found.sales and not words and not settings.status:
        if _takes_back_only(export.sample(SAMPLE_ROWS), binding, found):
            return []
        words = ending_words(export.sample(SAMPLE_ROWS), binding)
        asks = 'No row is a sale as the words in the column "{header}" are understood. What do they mean: {words}?'
    return _status_questions(words, export, asks)


def _takes_back_only(sample: Raw, binding: Binding, found: Survey) -> bool:
    """Tell whether the file says of every row that it is a refund or a cancellation."""
    ends = {meaning for _, meaning in meant_words(sample, binding).values()} - {"sale"}
    kept = sum(rows.num_rows for rows in found.refunds)
    return bool(ends) and ends <= {"refund", "refunded", "cancelled"} and kept == found.rows


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


def keys_left_out(recognised: Recognised, settings: Settings) -> tuple[str, ...]:
    """Tell which keys are left out, since they are the same on rows of different customers."""
    understanding = recognised.understanding
    return tuple(
        f'{recognised.export.file}: the column "{column}" holds the same on the rows of different customers; it is '
        f"taken for the shop's own and left out. If it is theirs: {option('--map', f'{column}={name}')}."
        for name, column in understanding.shared.items()
        if name in understanding.needless and fold(column) not in settings.answers.named
    )
