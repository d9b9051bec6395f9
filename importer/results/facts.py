"""What a run was, beside its rows: files, mapping, options, requests, speed; travels as JSON in the Parquet report.

Headers of the export, names of files and our own sentences stand here; never a customer's value, never the token.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from importer.core.binding import Binding

FACTS_KEY = b"capi-import"
"""The key of the Parquet file's metadata under which the facts stand."""

WORKBOOK_TITLE = "Report of capi-import"
"""The title among the properties of a report that is a workbook."""


@dataclass(frozen=True)
class ColumnFacts:
    """One column of an export: its header as written, and the fields that it fills."""

    header: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileFacts:
    """One export as it was taken in. layout: `orders`, one row each, or `lines` of orders."""

    file: str
    sheet: str = ""
    format: str = ""
    schema: str = ""
    title: str = ""
    guessed: bool = False
    rows: int = 0
    layout: str = "lines"
    details: Mapping[str, str] = field(default_factory=dict)
    columns: tuple[ColumnFacts, ...] = ()


@dataclass(frozen=True)
class Moment:
    """How far the run was after so many seconds. in_flight: requests on their way; paused: seconds waited for Meta."""

    second: float
    rows: int
    sales: int
    requests: int = 0
    retries: int = 0
    in_flight: int = 0
    paused: float = 0.0


@dataclass(frozen=True)
class Score:
    """What Meta says of one dimension: a score from 0 to 10 where there is one, and its recommendation."""

    event: str
    name: str
    score: str
    recommendation: str


@dataclass(frozen=True)
class Facts:
    """One run. began: ISO 8601, UTC, by the clock; now: the UTC second by which ages were judged.

    notices: sentences on the run as a whole, such as sheets that were not read, or what Meta warned of.
    """

    command: str
    program: str = ""
    began: str = ""
    now: int | None = None
    seconds: float = 0.0
    dataset: str | None = None
    files: tuple[FileFacts, ...] = ()
    options: Mapping[str, str] = field(default_factory=dict)
    requests: int = 0
    retries: int = 0
    paused: float = 0.0
    notices: tuple[str, ...] = ()
    stopped: str | None = None
    timeline: tuple[Moment, ...] = ()
    advice: tuple[str, ...] = ()
    scores: tuple[Score, ...] = ()
    report: str | None = None
    rejects: str | None = None

    @property
    def check(self) -> bool:
        """Nothing was sent."""
        return self.command == "check"

    @property
    def layouts(self) -> Mapping[str, str]:
        """By file, whether its rows are orders or lines of orders."""
        return {file.file: file.layout for file in self.files}


SALE_FILTER = "sale filter"
"""What a column of a status fills."""


def used_fields(binding: Binding) -> Iterator[tuple[str, str]]:
    """Yield each field with each column that fills it."""
    for prefix, sources in (("", binding.columns), ("custom_data.", binding.custom), ("contents.", binding.items)):
        for field_, source in sources.items():
            for name in source.names:
                yield prefix + field_, name
    for name in binding.packed:
        yield "contents", name
    for _, name in binding.sale:
        yield SALE_FILTER, name
    for channel in binding.channels[:1]:
        if not channel.of_places:
            yield "channel", channel.name


def facts_as_json(facts: Facts) -> bytes:
    """Return the facts as JSON."""
    import orjson  # noqa: PLC0415  not needed where no Parquet report is written

    return orjson.dumps(facts)


def facts_from_json(text: bytes) -> Facts | None:
    """Return the facts out of JSON, None where it is not ours; keys that a later version added are left out."""
    from pydantic import TypeAdapter, ValidationError  # noqa: PLC0415

    try:
        return TypeAdapter(Facts).validate_json(text)
    except ValidationError:
        return None
