"""What stands in a file's columns: some values of each, and the words of its status columns with what they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Unpack

from importer.core.cells.cell_text import as_text
from importer.core.unknown_words import meant_words
from importer.inputs import Importable, fetched
from importer.option_help import lists_options
from importer.option_types import ColumnsOptions
from importer.options import answer_options, export_options, option_group
from importer.recognised_file import recognise_file
from importer.settings import read_settings

SAMPLE_ROWS = 200
SHOWN = 2
"""Values of a column that are shown."""


@lists_options(ColumnsOptions, option_group(export_options, answer_options))
def samples(file: Importable, **options: Unpack[ColumnsOptions]) -> dict[str, tuple[str, ...]]:
    """Return some values of each column as they stand in the file, customers' included, by header.

    The options are those of `columns`, which shows shapes in their place.
    """
    settings = read_settings((file,), options)
    with fetched(settings.files) as (source,):
        export = recognise_file(source, settings).export
        sample = export.sample(SAMPLE_ROWS)
        return {
            header: tuple(as_text(sample.column(name)).drop_null().unique().to_pylist()[:SHOWN])
            for header, name in zip(export.headers, export.names, strict=True)
        }


@dataclass(frozen=True)
class StatusWord:
    """A word of a status column: its rows, and what `--status` would call its meaning; empty where nobody knows it."""

    header: str
    word: str
    rows: int
    meaning: str


@lists_options(ColumnsOptions, option_group(export_options, answer_options))
def statuses(file: Importable, **options: Unpack[ColumnsOptions]) -> tuple[StatusWord, ...]:
    """Return the words of a file's status columns with what they mean, each column's most frequent first."""
    settings = read_settings((file,), options)
    counted: dict[tuple[str, str], tuple[int, str]] = {}
    with fetched(settings.files) as (source,):
        recognised = recognise_file(source, settings)
        export, binding = recognised.export, recognised.binding
        names = {name for rule, name in binding.sale if rule.of_words}
        for raw in export.batches(names) if names else ():
            for key, (rows, meaning) in meant_words(raw, binding).items():
                counted[key] = (rows + counted.get(key, (0, ""))[0], meaning)
        headers = dict(zip(export.names, export.headers, strict=True))
    ordered = sorted(counted.items(), key=lambda item: (export.names.index(item[0][0]), -item[1][0]))
    return tuple(StatusWord(headers[name], word, rows, meaning) for (name, word), (rows, meaning) in ordered)
