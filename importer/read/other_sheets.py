"""The other sheets of a workbook: those with the same columns, and those that name orders as returned."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.model import Column
from importer.questions import Kind, Question, option

RETURNED = re.compile(
    r"(?i)return|refund|cancel|chargeback|storn|retour|rücksend|rückgabe|erstatt|widerruf|devol|reembols|anula|annul|"
    r"rembours|\bres[oi]\b|rimbors|zwrot|zwróc|vrácen|iade|iptal|retur|palaut|возврат|отмен|返品|返金|退货|退款|반품|환불"
)
"""Words of a sheet's name or its headers that say that its orders came back."""

MOST_SHEETS = 50
"""Sheets that are looked at."""
_SHARED = 0.5
"""Share of the other sheet's numbers, at least, that stand in a column of the chosen one."""
_NUMBER = r"\d"


class OtherSheets(NamedTuple):
    """What the other sheets are to the chosen one. alike: same columns and visible; hidden: same columns and hidden."""

    alike: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()
    returned: Mapping[str, int] = {}  # sheet: how many orders of the chosen one it names as returned


def same_columns(one: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether two headers name the same columns, in whatever sequence; empty ones do not count."""
    return _names(one) == _names(other)


def _names(headers: Sequence[str]) -> set[str]:
    return {" ".join(header.casefold().split()) for header in headers if header.strip()}


def speaks_of_returns(sheet: str, headers: Sequence[str]) -> bool:
    """Tell whether a sheet's name or one of its headers says that its orders came back."""
    return any(RETURNED.search(words) for words in (sheet, *headers))


def shared_numbers(chosen: Sequence[Column], other: Sequence[Column]) -> int:
    """Count the distinct numbers of orders in a column of the other sheet that stand in a column of the chosen one."""
    own = [as_text(column).unique().drop_null() for column in chosen]
    most = 0
    for column in other:
        texts = as_text(column).unique().drop_null()
        numbers = texts.filter(pc.match_substring_regex(texts, _NUMBER)) if len(texts) else texts
        for known in own if len(numbers) else ():
            found = pc.sum(pc.is_in(numbers, value_set=known)).as_py() or 0
            most = max(most, found if found >= _SHARED * len(numbers) else 0)
    return most


def returned_question(file: str, sheet: str, returned: Mapping[str, int]) -> tuple[Question, ...]:
    """Ask whether the orders that another sheet names as returned are to be sent."""
    return tuple(
        Question(
            Kind.SHEET,
            f"The sheet {other} names {count:,} orders of the sheet {sheet} as returned. Take them out and save the "
            "workbook again, or say that all orders of the sheet are sales:",
            (option("--sheet", sheet),),
            file=file,
        )
        for other, count in returned.items()
    )


def unread_notice(file: str, sheet: str, alike: Sequence[str]) -> tuple[str, ...]:
    """Say which sheets with the same columns are not read."""
    if not alike:
        return ()
    names = ", ".join(f'"{name}"' for name in alike[:5]) + (", ..." if len(alike) > 5 else "")  # noqa: PLR2004 - enough to know them by
    few = len(alike) == 1
    sentence = (
        f"{file}: only the sheet {sheet} is read. {len(alike)} more sheet{'' if few else 's'} with the same columns "
        f"{'is' if few else 'are'} not: {names}. --all-sheets reads them all."
    )
    return (sentence,)
