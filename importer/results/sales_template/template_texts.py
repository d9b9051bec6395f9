"""The words of the template in each language, read from `languages/`, one file a language.

The headers and statuses are words that the lexicon knows, so that a filled template is understood with certainty.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib.resources import files
from typing import Any

from importer.errors import UsageError

SAME = {"no": "nb", "nn": "nb"}
"""Language codes that are understood beside those of the files."""


@dataclass(frozen=True)
class TemplateTexts:
    """The words of one language.

    name, english: the language's name in itself and in English; zone: a time zone where it is spoken; sheets: names of
    the sheet to fill and of the one that explains it; columns: by field its header and what goes in; status: by
    meaning the word to choose.
    """

    name: str
    english: str
    zone: str
    sheets: tuple[str, str]
    intro: tuple[str, ...]
    headings: tuple[str, str, str]
    columns: Mapping[str, tuple[str, str]]
    status: Mapping[str, str]


@cache
def languages() -> Mapping[str, TemplateTexts]:
    """Return the words of every language, by its code of two letters."""
    folder = files(__package__) / "languages"
    named = sorted((entry.name, entry) for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return {
        name.removesuffix(".toml"): _texts(tomllib.loads(entry.read_text(encoding="utf-8"))) for name, entry in named
    }


def _texts(table: Mapping[str, Any]) -> TemplateTexts:
    columns = {field: (header, meaning) for field, (header, meaning) in table["columns"].items()}
    lists = {name: tuple(table[name]) for name in ("sheets", "intro", "headings")}
    return TemplateTexts(**{**table, **lists, "columns": columns})


def texts_in(lang: str) -> TemplateTexts:
    """Return the words of a language, given as a code (de, de-AT, de_DE.UTF-8) or by its name.

    UsageError: there is no template in that language.
    """
    known = languages()
    code = re.split("[-_.]", lang.strip().casefold())[0]
    names = {name.casefold(): code for code, texts in known.items() for name in (texts.name, texts.english)}
    found = known.get(SAME.get(code, code)) or known.get(names.get(lang.strip().casefold(), ""))
    if found is not None:
        return found
    near = get_close_matches(lang.strip().casefold(), names, 1)
    hint = f"did you mean --lang {names[near[0]]}? There" if near else "there"
    message = f"There is no template in the language {lang}; {hint} are {', '.join(known)}."
    raise UsageError(message)
