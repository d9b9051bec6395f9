"""Check the page's catalogues: each language has every word of the page, and what is compiled is what is written.

python tools/page_words.py           fails where a catalogue lacks words, has others, or is not compiled anew
python tools/page_words.py --write   brings the .po files in step with the code (new words empty), and compiles them
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import click
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_file
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po, write_po

from importer.page.languages import ENGLISH, LANGUAGES

PAGE = Path(__file__).resolve().parents[1] / "importer" / "page"
HOLES = re.compile(r"%\(\w+\)s|\{\w+\}")


def words() -> Catalog:
    """Return every word that the page's code and templates say, by their order in the files."""
    catalog = Catalog()
    for file in sorted(PAGE.rglob("*.py")):
        for _, message, *_ in extract_from_file("python", file, keywords={"mark": None}):
            catalog.add(message)
    for file in sorted((PAGE / "templates").glob("*.jinja")):
        options = {"extensions": "jinja2.ext.i18n", "silent": "false"}
        for _, message, *_ in extract_from_file(
            "jinja2", file, keywords={"_": None, "ngettext": (1, 2)}, options=options
        ):
            catalog.add(message)
    return catalog


def written(language: str) -> Path:
    """Return the place of a language's words."""
    return PAGE / "locales" / language / "LC_MESSAGES" / "page.po"


def read(language: str) -> Catalog:
    """Return a language's words."""
    with written(language).open("rb") as stream:
        return read_po(stream, locale=language)


def compiled(catalog: Catalog) -> bytes:
    """Return the words as the program reads them."""
    stream = BytesIO()
    write_mo(stream, catalog)
    return stream.getvalue()


def faults(language: str) -> Iterator[str]:
    """Yield a sentence for whatever is wrong with a language's words."""
    catalog, wanted = read(language), {message.id for message in words() if message.id}
    found = {message.id: message for message in catalog if message.id}
    yield from (f"{language} lacks {text}" for text in wanted - found.keys())
    yield from (f"{language} has {text}, which the page does not say" for text in found.keys() - wanted)
    for message in found.values():
        yield from (f"{language}: {fault} {message.id}" for fault in _faults(message))
    with written(language).with_suffix(".mo").open("rb") as stream:
        in_use = _texts(read_mo(stream))
    if in_use != _texts(catalog):
        yield f"{language} is not compiled as it is written"


def _texts(catalog: Catalog) -> dict[Any, Any]:
    """Return each word with its translation; plurals as tuples, whichever way the catalogue was read."""
    pairs = [(message.id, message.string) for message in catalog if message.id]
    return {_as_key(word): _as_key(translation) for word, translation in pairs}


def _as_key(text: Any) -> Any:
    return text if isinstance(text, str) else tuple(text)


def _faults(message: Message) -> Iterator[str]:
    originals = [message.id] if isinstance(message.id, str) else list(message.id)
    texts = [message.string] if isinstance(message.string, str) else list(message.string or ("",))
    if not all(texts):
        yield "empty:"
    if any(sorted(HOLES.findall(text)) != sorted(HOLES.findall(originals[-1])) for text in texts if text):
        yield "other names in"


def write(language: str) -> None:
    """Bring a language's words in step with the code, and compile them."""
    file = written(language)
    catalog = read(language) if file.exists() else Catalog(locale=language)
    catalog.update(words(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("wb") as stream:
        write_po(stream, catalog, width=120, no_location=True, omit_header=False, sort_output=True)
    file.with_suffix(".mo").write_bytes(compiled(read(language)))


@click.command()
@click.option("--write", "writes", is_flag=True, help="Bring the catalogues in step, and compile them.")
def main(*, writes: bool) -> None:
    """Check the catalogues, or write them."""
    for language in LANGUAGES:
        if language != ENGLISH and writes:
            write(language)
    wrong = [fault for language in LANGUAGES if language != ENGLISH for fault in faults(language)]
    if wrong:
        raise click.ClickException("\n".join(wrong))


if __name__ == "__main__":
    main()
