"""Questions that only a file's owner can answer, as values: all of a run are asked at once, before anything is sent."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """What is asked; each kind is answered by an option of `send` and `check`."""

    COLUMN = "column"  # which column holds `field`: --map
    STATUS = "status"  # what the words of `column` mean: --status
    ROWS = "rows"  # whether a row is an order or a line: --rows
    ZONE = "zone"  # --timezone
    CURRENCY = "currency"  # --currency
    COUNTRY = "country"  # --country
    DATE_ORDER = "date_order"  # whether 03/04 is in March or in April: --date-order
    DECIMAL = "decimal"  # whether 1.234 is a thousand: --decimal
    ENCODING = "encoding"  # --encoding
    SHEET = "sheet"  # --sheet, --all-sheets
    CHANNEL = "channel"  # whether sales of a web shop are sent: --online-sales, --action-source
    SHARED_KEY = "shared_key"  # whether a key that stands on many customers' rows is a customer's: --map


@dataclass(frozen=True)
class Question:
    """One question about a file.

    text: the question in one sentence. options: the answers, best first, each one text that `shlex.split` turns into an
    option and its value. field: the field that the answer fills. column: the header in question. values: words of the
    column, each with the number of its rows; line: the line of the first of them. No customer's value stands in it.
    """

    kind: Kind
    text: str
    options: tuple[str, ...]
    field: str | None = None
    column: str | None = None
    values: Mapping[str, int] = dataclasses.field(default_factory=dict)
    line: int | None = None
    file: str = ""

    def as_json(self) -> dict[str, Any]:
        """Return the question as plain values for JSON."""
        found: dict[str, Any] = {
            "file": self.file,
            "kind": str(self.kind),
            "field": self.field,
            "column": self.column,
            "values": dict(self.values),
            "text": self.text,
            "options": list(self.options),
        }
        return found if self.line is None else found | {"line": self.line}


def option(name: str, value: str) -> str:
    """Return an option with its value as a person would type it.

    >>> option("--map", "Sold at=event_time")
    "--map 'Sold at=event_time'"
    """
    return f"{name} {shlex.quote(value)}"


def listed(names: Sequence[str], most: int = 3) -> str:
    """Return columns as a sentence names them: "Date", or "Date" and "Time".

    >>> listed(["Date", "Time"])
    '"Date" and "Time"'
    """
    quoted = [f'"{name}"' for name in names[:most]]
    return " and ".join([", ".join(quoted[:-1]), quoted[-1]] if len(quoted) > 1 else quoted)


def in_words(questions: Sequence[Question]) -> str:
    """Return the questions as sentences, each with the options that answer it."""
    lines = [
        f"{question.file}: {question.text} {' or '.join(question.options[:3])}".removeprefix(": ")
        for question in questions
    ]
    if len(lines) == 1:
        return lines[0]
    return "\n".join([f"{len(lines)} questions are open; nothing was sent.", *(f"  {line}" for line in lines)])
