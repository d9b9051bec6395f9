"""What a run's options say about customer values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True)
class NormaliseOptions:
    """The options of a run by which customer values are read.

    already_hashed: the columns of hashed keys hold SHA-256 hex and nothing else.
    country: of rows that name none, lower-case alpha-2.
    date_order: `mdy`, `dmy` or `ymd` for birthdays that can be read in two ways; None drops these.
    external_id: `sha256` for the form that is hashed, `raw` for the id as typed.
    first_only: keys of which only a row's first usable value is kept.
    shared: values of a key that stand on the sales of several people, and are left out.
    """

    already_hashed: bool
    country: str | None
    date_order: str | None
    external_id: str
    today: date
    first_only: frozenset[str]
    shared: Mapping[str, frozenset[str]] = field(default_factory=dict)
