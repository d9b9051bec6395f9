"""Which columns say that a row is no sale, by their headers and by the words in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from importer.core.plan import SKIPS
from importer.core.tables import placeholders
from importer.core.tables.yes_no_words import NO, YES
from importer.core.understanding.column import HALF, MOSTLY, NOUNS, ColumnEvidence
from importer.core.understanding.headers import HeaderWords
from importer.core.understanding.lexicon import lexicon

MOST_WORDS = 40
"""A column of more different words is no status."""

NO_SALE_STATUS = frozenset(
    {"email", "phone", "consent", "opt_out", "tax", "gender", "birth", "age", "points", "language"}
)
"""Words of headers whose statuses are not a sale's."""

NO_STATUS = NO_SALE_STATUS | frozenset(
    {"tax_id", "level", "method", "note", "card", "salutation", "street", "city", "region", "country", "title",
     "category", "brand", "sku", "url", "channel", "coupon", "weight", "currency", "name", "first_name", "last_name",
     "full_name", "staff", "store", "company", "id", "customer_id", "quantity"}
)  # fmt: skip
"""Words of headers that do not say status, and whose columns are none though the words in them look like it."""

FLAGS = {"refunded": "refunded", "refund": "refunded", "cancelled": "cancelled", "test": "not_a_sale"}
"""A header's meaning -> what a yes under it says."""

ENDED = ("cancelled", "refunded", "refund")
"""Statuses that end a sale whoever tells them."""

OF_REFUNDS = {"refunded": ("full", "complete", "completed"), "sale": ("partial", "none", "no", "failed", "cancelled")}
"""What words mean in a column of refunds' statuses."""


def sale_rules(columns: Sequence[ColumnEvidence]) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield each column that takes part in the sale filter: its name, the rule as a schema says it, and why."""
    refund_amounts = [column for column in columns if _is_refund_amount(column)]
    rest, balances = list[ColumnEvidence](), list[ColumnEvidence]()
    for column in columns:
        if column in refund_amounts:
            yield column.name, {"full_refund": True}, f'"{column.header.text}" holds refunded amounts'
        elif _is_balance(column):
            balances.append(column)
        elif _is_payment_time(column):
            yield column.name, {"paid_time": True}, f'"{column.header.text}" tells when it was paid, where it was'
        elif (
            flag := _flag(column) or _date_of_end(column, refund_amounts) or _sign_of_end(column, refund_amounts)
        ) is not None:
            partly = {"unless_partial": True} if refund_amounts and "refunded" in flag else {}
            yield column.name, flag | partly, column.said
        else:
            rest.append(column)
    worded = _without_idle(list(_worded(rest)))
    for column in _least(
        balances
    ):  # beside another word for its payment a balance is a doubt; alone a whole one is unpaid
        of_balance: dict[str, Any] = {"balance": True} | ({} if worded else {"other": "unpaid"})
        yield column.name, of_balance, f'"{column.header.text}" holds what is still to be paid'
    paid_told = any(_is_of_payment(column.header) for column, _ in worded)
    for column, kind in worded:
        progress = kind == "progress" or (paid_told and not _is_of_payment(column.header))
        rule: dict[str, Any] = {"known_words": "progress" if progress else "status"}
        if kind == "progress" and len(worded) > 1:
            rule["other"] = "sale"
        if column.has("refund", "refunded"):
            rule |= OF_REFUNDS
        yield column.name, rule, _why(column)


def _least(balances: Sequence[ColumnEvidence]) -> list[ColumnEvidence]:
    """Leave out what was due before anything was paid, beside the column of what still is."""

    def is_more(one: ColumnEvidence, other: ColumnEvidence) -> bool:
        rest = np.nan_to_num(one.contents.amounts) - np.nan_to_num(other.contents.amounts)
        return bool((rest >= 0).all() and (rest > 0).any())

    return [one for one in balances if not any(is_more(one, other) for other in balances)]


def _without_idle(worded: list[tuple[ColumnEvidence, str]]) -> list[tuple[ColumnEvidence, str]]:
    """Leave out columns of which no word is known beside one of which all are, and which tells what is no sale."""
    meanings = {column.name: [lexicon().status(word) for word in column.contents.words] for column, _ in worded}
    telling = any(all(said) and any(one in SKIPS for one in said) for said in meanings.values())
    return [one for one in worded if not telling or any(meanings[one[0].name])]


def _is_of_payment(header: HeaderWords) -> bool:
    return header.has("status") and header.has("payment", "paid", "transaction")


def _why(column: ColumnEvidence) -> str:
    known = [word for word in column.contents.words if lexicon().status(word)]
    return f"{column.said}; {len(known)} of its {len(column.contents.words)} words are statuses"


def _is_refund_amount(column: ColumnEvidence) -> bool:
    header, contents = column.header, column.contents
    return (
        header.has("refund", "refunded")
        and not header.has("fee", "tax", "shipping", "quantity", "id", "status", "type", "note", "points", "rate")
        and contents.share("amount") >= MOSTLY
        and contents.share("yes_no") < 1
    )


def _flag(column: ColumnEvidence) -> dict[str, Any] | None:
    """Return the rule of a column of yes and no whose header says refunded, cancelled, test, paid."""
    header, contents = column.header, column.contents
    numbers = contents.share("amount") >= MOSTLY and contents.share("yes_no") < 1
    if not contents.words or contents.share("yes_no") < HALF or numbers:
        return None
    if (state := _state(header)) is not None:
        return state
    if header.has(*NO_STATUS, "amount", "fee", "rate", "product", "date", "time", "datetime"):
        return None
    meaning = next((FLAGS[word] for word in FLAGS if header.has(word)), None)
    yes, no = (_answers(answer) for answer in ("yes", "no"))
    if header.has("live"):
        meaning, yes, no = "not_a_sale", no, yes
    if meaning is not None:
        return {"sale": no, meaning: yes} if not header.has("not") else {"sale": yes, meaning: no}
    if header.has("paid"):
        return {"sale": yes, "unpaid": no, "blank": "unpaid"} if not header.has("not") else {"sale": no, "unpaid": yes}
    return None


def _state(header: HeaderWords) -> dict[str, Any] | None:
    """Return the rule of a yes/no column whose header is a status, such as `is_failed`.

    Failed, rejected and the like are no sales; what yes means under `Pending`, and no under `Won`, is asked.
    """
    words = [word for word in header.words if not _says(word, "yes_no")]
    meaning = lexicon().status(" ".join(words)) if not header.has(*NO_SALE_STATUS, "not", *FLAGS, "paid") else None
    if meaning in ENDED:
        return {"sale": _answers("no"), meaning: _answers("yes")}
    if meaning in SKIPS:
        return {"sale": _answers("no")}
    return {"sale": _answers("yes")} if meaning == "sale" and header.meanings <= {"sold", "yes_no"} else None


def _says(word: str, meaning: str) -> bool:
    return any(meaning in said for said in (lexicon().meanings(word) or {}).values())


def _is_balance(column: ColumnEvidence) -> bool:
    return (
        column.has("balance", "outstanding")
        and not column.has("points", "rate", "customer", "customer_id", "card", "date", "id", "lifetime")
        and column.share("amount") >= MOSTLY
    )


def _is_payment_time(column: ColumnEvidence) -> bool:
    """Tell whether a column holds the time of payment, and is empty on some rows."""
    dated = column.has("date", "datetime", "time") or not column.has(*_TAKEN)
    of_payment = (
        column.has("paid") and dated and not column.has("due", "first_last", "refund", "refunded", "authorized")
    )
    return of_payment and column.share("date") >= MOSTLY and column.contents.filled < 1


def _answers(answer: str) -> list[str]:
    known = [word for word, meaning in lexicon().answers.items() if meaning == answer]
    return sorted({*known, *{"yes": YES, "no": NO}[answer]})


def _date_of_end(column: ColumnEvidence, refund_amounts: Sequence[ColumnEvidence]) -> dict[str, Any] | None:
    """Return the rule of a column of times at which sales were cancelled or refunded: what is filled is no sale.

    A refund's date says nothing where amounts tell how much of the sale was refunded.
    """
    header, contents = column.header, column.contents
    if contents.share("date") < MOSTLY * (1 - contents.share("yes_no")) or header.has("due", "end"):
        return None
    if header.has("cancelled"):
        return {"sale": _answers("no"), "other": "cancelled"}
    if header.has("refunded", "refund") and not refund_amounts:
        return {"sale": _answers("no"), "other": "refunded"}
    return None


def _sign_of_end(column: ColumnEvidence, refund_amounts: Sequence[ColumnEvidence]) -> dict[str, Any] | None:
    return _reason_of_end(column, refund_amounts) or _corrects(column) or _noted(column)


def _corrects(column: ColumnEvidence) -> dict[str, Any] | None:
    """Return the rule of a column that names the order that a return takes back: `Original Order`."""
    of_order = "original" in column.header.words and column.header.meanings <= {"foreign", "id", *NOUNS}
    if not of_order or not column.header.has(*NOUNS) or not 0 < column.contents.filled < HALF:
        return None
    return {"sale": _nothing(), "other": "refund"}


def _noted(column: ColumnEvidence) -> dict[str, Any] | None:
    """Return the rule of a column of notes of which some say no more than that the sale ended."""
    if not column.has("note") or not any(lexicon().status(word) in ENDED for word in column.contents.words):
        return None
    return {"known_words": "progress", "other": "sale"}


def _nothing() -> list[str]:
    """Return what a cell says that says nothing."""
    return sorted({*_answers("no"), *placeholders.ANYWHERE, "-", "--", "\u2013", "\u2014", "."})


def _reason_of_end(column: ColumnEvidence, refund_amounts: Sequence[ColumnEvidence]) -> dict[str, Any] | None:
    """Return the rule of a column that tells why sales were cancelled or returned: where it is filled there is none."""
    header, contents = column.header, column.contents
    if not header.has("reason") or header.meanings - {"reason", "cancelled", "refunded", "refund", *NOUNS}:
        return None
    if not 0 < contents.filled < 1 or contents.share("amount") >= HALF:
        return None
    nothing = {"sale": _nothing()}
    if header.has("cancelled"):
        return nothing | {"other": "cancelled"}
    if header.has("refunded", "refund") and not refund_amounts:
        return nothing | {"other": "refunded"}
    return None


def _worded(columns: Sequence[ColumnEvidence]) -> Iterator[tuple[ColumnEvidence, str]]:
    """Yield the columns of status words, and whether they tell of the sale or of its progress.

    Where one column holds a status's name and another its number, the name is enough.
    """
    named = any(column.has("status") and not column.has("id") and column.contents.words for column in columns)
    for column in columns:
        contents = column.contents
        answers = column.share("yes_no") == 1
        if not 0 < contents.distinct <= MOST_WORDS or answers or column.share("date") >= MOSTLY:
            continue
        meanings = [lexicon().status(word) for word in contents.words]
        if not any(meanings) and all(len(word) == len("TX") and word.isalpha() for word in contents.words):
            continue
        if column.has("status"):
            if not column.has(*NO_SALE_STATUS) and not (column.has("id") and named):
                yield column, "progress" if column.has("shipped", "shipping") else "status"
        elif not column.has(*NO_STATUS) and _speaks(column, meanings):
            yield column, "status"


def _speaks(column: ColumnEvidence, meanings: Sequence[str | None]) -> bool:
    """Tell whether a column whose header does not say status tells of sales that are none."""
    known = [meaning for meaning in meanings if meaning is not None]
    ended = any(meaning in SKIPS for meaning in known)
    if _is_type(column.header):
        of_sale = column.has("transaction", "receipt", "payment", "invoice")
        doubtful = not column.has("payment") and any(map(lexicon().is_doubtful, column.contents.words))
        return ended or doubtful or (of_sale and len(known) * 2 >= len(meanings) > 0)
    return ended and not column.has("product", "yes_no", *_TAKEN) and _mostly_words(column, len(known), len(meanings))


_TAKEN = ("amount", "price", "total", "quantity", "date", "datetime", "time", "birth", "rate", "fee", "points")


def _is_type(header: HeaderWords) -> bool:
    return header.has("type") and (header.meanings <= {"type", *NOUNS, "sold", "yes_no"})


def _mostly_words(column: ColumnEvidence, known: int, words: int) -> bool:
    """Tell whether nearly all words are statuses; words of letters, of which few are many."""
    contents = column.contents
    few = words >= 2 and (words <= 5 or contents.distinct * 4 <= contents.rows)  # noqa: PLR2004
    return few and known >= MOSTLY * words and contents.share("letters") == 1
