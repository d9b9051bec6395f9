"""The options of every command as its function in `importer` takes them: names, types and what each means.

A test compares them with the options of the command line (options.py).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal, TypeAlias, TypedDict
from zoneinfo import ZoneInfo

Text: TypeAlias = str | None
Flag: TypeAlias = bool | None
Path: TypeAlias = str | os.PathLike[str] | None
Time: TypeAlias = str | datetime | None
Name: TypeAlias = str | int | None
Words: TypeAlias = str | Sequence[str] | None


@dataclass(frozen=True)
class Edit:
    """One corrected cell.

    file, sheet: as the report names them. row: the record's number, the first is 1. column: its header; a repeated or
    empty header bears the name that `Export.names` gives it. text: what stands there instead, empty for an empty cell.
    """

    file: str
    row: int
    column: str
    text: str
    sheet: str = ""

    def __repr__(self) -> str:
        return f"Edit(file={self.file!r}, row={self.row}, column={self.column!r}, text='***')"


class GraphOptions(TypedDict, total=False):
    """How the Graph API is reached; None says nothing, as if an option were left out."""

    token: Text
    token_file: Path
    app_secret: Text
    graph_url: Text
    graph_version: Text
    trust_host: Words
    now: Time


class AccessOptions(GraphOptions, total=False):
    """How the Graph API is reached, and for which dataset."""

    dataset: str | int | None


class ExportOptions(TypedDict, total=False):
    """How a file is read. profile: options of capi-import.toml for what is not given."""

    profile: Text
    name: Text
    format: Literal["csv", "parquet", "xlsx"] | None
    connection: Text
    schema: str | os.PathLike[str] | None
    sheet: str | int | None
    all_sheets: Flag
    encoding: Text
    edits: str | os.PathLike[str] | Collection[Edit] | None


class AnswerOptions(TypedDict, total=False):
    """What answers the questions that a file leaves open about its columns."""

    map: str | Sequence[str] | Mapping[str, str] | None
    status: str | Sequence[str] | Mapping[str, str] | None
    rows: Literal["order", "line", "line-with-total"] | None
    decimal: Literal["comma", "point"] | None


class RowOptions(TypedDict, total=False):
    """What holds for rows that do not say."""

    customers: Path
    join_on: Text
    event_name: Text
    action_source: Text
    online_sales: Literal["skip", "send"] | None
    event_source_url: Text
    currency: Text
    country: Text
    timezone: str | ZoneInfo | None
    date_order: Literal["mdy", "dmy", "ymd"] | None
    already_hashed: Flag
    ldu: Flag
    consent: str | Sequence[str] | Mapping[str, str | Sequence[str]] | None
    suppress: Path


class RoutingOptions(TypedDict, total=False):
    """Which dataset a row is for."""

    dataset_column: Text
    datasets: Path


class OutputOptions(TypedDict, total=False):
    """What is written."""

    ledger: Path
    report: Path
    rejects: Path
    keep_rejected: Flag
    summary: Path
    save_answers: Path
    force: Flag


class DeliveryOptions(TypedDict, total=False):
    """How events are sent."""

    accept_mapping: Flag
    batch_size: int | None
    concurrency: int | None
    test_event_code: Text
    webhook: Text
    alert: Words


class ColumnsOptions(ExportOptions, AnswerOptions, total=False):
    """What `columns` takes."""


class SendOptions(
    ExportOptions, AnswerOptions, RowOptions, RoutingOptions, OutputOptions, DeliveryOptions, AccessOptions, total=False
):
    """What `send` takes."""


class EventOptions(AccessOptions, total=False):
    """What `event` takes: the parameters of one event (`importer.Event`), and where it goes."""

    event_name: Text
    custom_event_name: Text
    event_id: Text
    email: Text
    phone: Name
    first_name: Text
    last_name: Text
    city: Text
    state: Text
    country: Text
    zip_code: Name
    external_id: Name
    fbclid: Text
    fbp: Text
    fbc: Text
    client_ip_address: Text
    client_user_agent: Text
    event_time: str | int | float | datetime | None
    event_source_url: Text
    value: str | int | float | Decimal | None
    currency: Text
    order_id: Name
    content_ids: str | list[str | int] | tuple[str | int, ...] | None
    content_type: Text
    action_source: Text
    is_already_hashed: Flag
    test_event_code: Text
    webhook: Text


class CheckOptions(SendOptions, total=False):
    """What `check` takes."""

    online: Flag
