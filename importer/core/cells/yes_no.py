"""Cells that say yes or no."""

from __future__ import annotations

from importer.core.cells.spelling import NOTHING, fold
from importer.core.tables.placeholders import ANYWHERE
from importer.core.tables.yes_no_words import NO, NOT_OPTED_OUT, OPTED_OUT, YES

_YES, _NO = frozenset(map(fold, YES)), frozenset(map(fold, NO))
_NOTHING = NOTHING | ANYWHERE
_MARKS = " .!'\"()[]"


def yes_or_no(text: str) -> bool | None:
    """Tell whether a cell says yes or no in any language of the table; None where it says neither.

    >>> yes_or_no("WAHR"), yes_or_no("0.0"), yes_or_no("perhaps")
    (True, False, None)
    """
    word = _word(text)
    return True if word in _YES else False if word in _NO else None


def opted_out(text: str) -> tuple[bool | None, bool]:
    """Tell whether a cell of a column of opt-outs says yes, None where it is empty, and whether its word is known.

    An unknown word is no consent: the customer counts as opted out.
    """
    word = _word(text)
    if not word or not {word, fold(text)}.isdisjoint(_NOTHING):
        return None, True
    known = True if word in OPTED_OUT else False if word in NOT_OPTED_OUT else yes_or_no(text)
    return (True, False) if known is None else (known, True)


def consented(text: str) -> tuple[bool | None, bool]:
    """Tell whether a cell of a column of consent says yes, None where it is empty, and whether its word is known.

    >>> consented("granted"), consented("withdrawn"), consented("no"), consented("perhaps")
    ((True, True), (False, True), (False, True), (None, False))
    """
    word = _word(text)
    if not word or not {word, fold(text)}.isdisjoint(_NOTHING):
        return None, True
    says = False if word in OPTED_OUT else True if word in NOT_OPTED_OUT else yes_or_no(text)
    return says, says is not None


def _word(text: str) -> str:
    word = fold(text)
    return word if word in _YES or word in _NO else word.strip(_MARKS)
