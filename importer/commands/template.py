"""`template`: an empty workbook for sales, in the user's language."""

from __future__ import annotations

from pathlib import Path

from importer.errors import UsageError
from importer.results.output_files import new_file
from importer.results.sales_template.template_texts import texts_in


def zone_of(lang: str) -> str:
    """Return a time zone where the language is spoken, for a command to copy."""
    return texts_in(lang).zone


def template(output: str | Path, *, lang: str = "en") -> Path:
    """Write an empty workbook with the columns that help most, to fill in and to import; return its path.

    lang: a language's code, such as de, or its name. A filled template is recognized by `send` and `check` with no
    option but the time zone. UsageError: the language is not known, or the file exists; it is never overwritten.
    """
    from importer.results.sales_template.template_workbook import write_template  # noqa: PLC0415  xlsxwriter

    path, texts = Path(output), texts_in(lang)
    if path.suffix.lower() != ".xlsx":
        message = f"{path} must end in .xlsx; the template is an Excel workbook."
        raise UsageError(message)
    with new_file(path, f"{path} exists already and may hold sales; give another name.") as stream:
        write_template(stream, texts, path.name)
    return path
