"""Who may be told of to Meta: columns of consent and of objections, and lists of people to keep out.

A column whose header says consent (GDPR consent, Einwilligung) is one: whoever does not say yes is left out. In one of
objections (Do not share, Suppressed) it is whoever says yes. Consent to e-mails is another thing, and is only told of;
what consent to marketing means is asked, unless the export is a known one, whose column is about e-mails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from importer.core.cells.cell_text import as_text
from importer.core.cells.people_in_text import has_person
from importer.core.cells.yes_no import consented, opted_out
from importer.core.hashing import hash_texts
from importer.core.kernels.arrays import Indices, Mask, as_lists, column_of
from importer.core.model import Column, Normal, Raw
from importer.core.plan import fold, fold_value
from importer.core.tables.consent_words import MAIL, MARKETING
from importer.core.understanding.headers import HeaderWords, read_headers
from importer.core.understanding.lexicon import compact, lexicon, plain
from importer.questions import Kind, Question, option

NOT_AN_ANSWER = ("date", "time", "datetime", "url", "ip", "id", "note", "quantity", "amount", "version", "source")
"""What a column about consent holds that is no yes or no."""

MOST_ASKED = 8
"""Words of which a question offers each as the one that says yes."""

FEW = 20
"""Different words that may be answers; more of them are something else."""

TEXTS = pa.list_(pa.string())


@dataclass(frozen=True)
class ConsentColumn:
    """A column that says whether a row's customer may be told of.

    words: folded, that say yes, nothing else does; None: any word for yes. objection: whoever says yes may not.
    """

    name: str
    words: frozenset[str] | None = None
    objection: bool = False

    def refuses(self, text: str | None) -> bool:
        """Tell whether a cell, None where it is empty, refuses; a word that nobody knows does."""
        if self.words is not None:
            return fold_value(text or "") not in self.words
        says, known = _answer(text or "", objection=self.objection)
        return says is True or not known if self.objection else says is not True


def _answer(text: str, *, objection: bool) -> tuple[bool | None, bool]:
    """Tell whether a cell says yes to its column's question, None where it is empty, and whether its word is known."""
    says, known = opted_out(text) if objection else consented(text)
    if known and (says is not None or objection):
        return says, True
    answer = lexicon().answers.get(compact(text))
    return (says, known) if answer is None else (answer == "yes", True)


@dataclass(frozen=True)
class Consent:
    """What is known of consent in one file. questions: what is asked before sending; notices: what is only told."""

    columns: tuple[ConsentColumn, ...] = ()
    questions: tuple[Question, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Column:
    """A column about consent, with the words of a sample and how often each stands there."""

    name: str
    header: HeaderWords
    words: Mapping[str | None, int]
    objection: bool

    def has(self, words: Collection[str]) -> bool:
        """Tell whether its header holds one of the words."""
        text = plain(self.header.text)
        return any(word in text for word in words)

    @property
    def rule(self) -> ConsentColumn:
        """Who is left out by it."""
        return ConsentColumn(self.name, objection=self.objection)

    @property
    def answers(self) -> dict[str | None, tuple[bool | None, bool]]:
        """What each word says, and whether it is known."""
        return {word: _answer(word or "", objection=self.objection) for word in self.words}


def settle_consent(
    headers: Sequence[str],
    names: Sequence[str],
    sample: Mapping[str, Column],
    *,
    told: Mapping[str, Collection[str]],
    settled: Collection[str],
    known_export: bool,
) -> Consent:
    """Find the columns of consent of a file.

    sample: some rows, by the names of the columns that may be looked at. told: what `--consent` says, header to words.
    settled: headers, folded, of which the user has told something else. known_export: a schema that comes with the
    program describes the file.
    """
    words_of = {fold(header): frozenset(map(fold_value, words)) for header, words in told.items()}
    columns, questions, notices = list[ConsentColumn](), list[Question](), list[str]()
    for header, name, words in zip(headers, names, read_headers(headers), strict=True):
        if (own := words_of.get(fold(header), words_of.get(fold(name)))) is not None:
            columns.append(ConsentColumn(name, own))
        elif name in sample and fold(header) not in settled and _is_about_consent(words):
            column = _Column(name, words, counted(sample[name]), words.has("opt_out") or words.has("not"))
            verdict = _verdict(column, known_export=known_export)
            if isinstance(verdict, Question):
                questions.append(verdict)
                columns.append(column.rule)  # `check` leaves out whoever may not be meant
            elif isinstance(verdict, str):
                notices.append(verdict)
            elif verdict is not None:
                columns.append(verdict)
    return Consent(tuple(columns), tuple(questions), tuple(notices))


def _is_about_consent(words: HeaderWords) -> bool:
    of_files = any("download" in word for word in words.words)  # permission to download what was bought
    return words.has("consent", "opt_out") and not words.has(*NOT_AN_ANSWER) and not of_files


def _verdict(column: _Column, *, known_export: bool) -> ConsentColumn | Question | str | None:
    """Return the rule of a column, what is asked about it, or what is told of it; None where it says nothing."""
    answers, of_mail = column.answers, column.has(MAIL) or (known_export and column.has(MARKETING))
    refusing = [word for word in column.words if column.rule.refuses(word)]
    if not any(column.words) or (of_mail and not refusing):
        return None
    if of_mail:
        return _told_only(column)
    if len(answers) > FEW and not any(known and word for word, (_, known) in answers.items()):
        return f'The column "{column.header.text}" may tell of consent, but holds no yes and no; it is not looked at.'
    asks = ""
    if not all(known for _, known in answers.values()):
        asks = "Which words of it say that Meta may be told of the sale"
    elif refusing and (column.has(MARKETING) or len(refusing) == len(column.words)):
        asks = "Does it tell whose sales Meta may be told of"
    return _question(column, asks) if asks else column.rule


def counted(column: Column) -> dict[str | None, int]:
    """Count the words of a column, None for its empty cells, the most frequent first."""
    counts = as_text(column).value_counts()
    pairs = zip(counts.field("values").to_pylist(), counts.field("counts").to_pylist(), strict=True)
    return dict(sorted(pairs, key=lambda pair: -pair[1]))


def _question(column: _Column, asks: str) -> Question:
    """Ask about a column; proposed is what says yes by itself, else each of its words."""
    header, filled = column.header.text, [word for word in column.words if word]
    positive = [word for word, (says, _) in column.answers.items() if word and says is (not column.objection)]
    proposed = [",".join(positive)] if positive else filled[:MOST_ASKED]
    quotable = len(filled) <= FEW and not any(map(has_person, filled))
    options = [option("--consent", f"{header}={words}") for words in proposed] if quotable else []
    shown = {word: count for word, count in column.words.items() if word} if quotable else {}
    text = f'The column "{header}" is about consent. {asks}?'
    return Question(Kind.COLUMN, text, (*options, option("--map", f"{header}=-")), "consent", header, shown)


def _told_only(column: _Column) -> str:
    header = column.header.text
    yes = "no" if column.objection else "yes"
    return (
        f'The column "{header}" says who wants to be written to, not whose sales Meta may be told of: all are sent. '
        f"To leave the others out: {option('--consent', f'{header}={yes}')}."
    )


def refused(raw: Raw, columns: Sequence[ConsentColumn]) -> Mask:
    """Tell which rows' customers may not be told of, by any of the columns."""
    found = np.zeros(raw.num_rows, np.bool_)
    for column in columns:
        encoded = as_text(raw.column(column.name)).dictionary_encode()
        says = np.array([*map(column.refuses, encoded.dictionary.to_pylist()), column.refuses(None)], np.bool_)
        found |= says[np.asarray(encoded.indices.fill_null(len(says) - 1))]
    return found


def listed(customers: Normal, suppressed: Column) -> Mask:
    """Tell which orders name an e-mail or a phone on a list of people to keep out. suppressed: SHA-256, in hex."""
    found = np.zeros(customers.num_rows, np.bool_)
    for name in ("em", "ph"):
        lists = as_lists(column_of(customers, name, TEXTS))
        if len(lists.values):
            offsets: Indices = np.asarray(lists.offsets).astype(np.int64)
            orders = np.repeat(np.arange(len(lists)), offsets[1:] - offsets[:-1])
            values = lists.values.slice(int(offsets[0]), int(offsets[-1] - offsets[0]))
            found[orders[np.asarray(pc.is_in(hash_texts(values), value_set=suppressed))]] = True
    return found
