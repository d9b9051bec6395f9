"""The page in six languages: by what the browser asks for, whole, and told in <html lang>."""

import re

import pytest

from importer.page.languages import ENGLISH, LANGUAGES, chosen_language, words_of, written
from importer.page.uploads import MAX_FILES
from tools.page_words import faults

OTHERS = [language for language in LANGUAGES if language != ENGLISH]


@pytest.mark.parametrize("language", OTHERS)
def test_a_catalogue_has_every_word_and_is_compiled_as_it_is_written(language):
    assert list(faults(language)) == []


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT,de;q=0.9,en;q=0.8", "de"),
        ("en-GB,en;q=0.9,de;q=0.8", "en"),
        ("nl,fr;q=0.5,en;q=0.3", "fr"),
        ("nl, *;q=0.5, ja;q=0.1", "en"),
        ("pt-BR", "pt"),
        ("ES-419", "es"),
        ("ja;q=0", "en"),
        ("de;q=0.2, ja ; q=0.9", "ja"),
        ("nonsense;;q=x,,,fr", "fr"),
        ("../../etc/passwd", "en"),
        ("de;q=9", "en"),
        (",".join(["xx"] * 5_000), "en"),
    ],
)
def test_the_language_is_the_one_that_the_browser_likes_best(accepted, language):
    assert chosen_language(accepted) == language


@pytest.mark.parametrize(
    ("language", "text"),
    [("en", "1,234.50"), ("de", "1.234,50"), ("fr", "1\N{NARROW NO-BREAK SPACE}234,50"), ("ja", "1,234.50")],
)
def test_numbers_are_written_as_the_language_writes_them(language, text):
    assert written(1234.5, language, 2) == text


def test_one_and_many_differ_where_the_language_has_it_so():
    told = [words_of(one).ngettext("%(num)s row", "%(num)s rows", number) for one in ("de", "ja") for number in (1, 2)]
    assert told == ["%(num)s Zeile", "%(num)s Zeilen", "%(num)s行", "%(num)s行"]


@pytest.mark.parametrize("language", OTHERS)
def test_a_page_speaks_its_language_and_says_so(opened, language):
    english = {path: opened.get(path).text for path in ("/", "/history", "/event")}
    for path, before in english.items():
        text = opened.get(path, headers={"Accept-Language": f"{language},en;q=0.5"}).text
        assert f'<html lang="{language}">' in text
        titles = [re.search(r"<h1>(.*?)</h1>", page)[1] for page in (before, text)]
        assert titles[0] != titles[1]
    assert '<html lang="en">' in english["/"]


def test_trouble_is_told_in_the_language_and_a_sentence_of_the_core_is_marked_as_english(server, opened):
    headers = {"Accept-Language": "de", "Origin": server.origin}
    assert "begin again" not in opened.get("/imports/x/check", headers=headers).text
    assert "beginnen Sie neu" in opened.get("/imports/x/check", headers=headers).text
    csrf = re.search(r'name="csrf" value="([^"]+)"', opened.get("/event").text)[1]
    answer = opened.post("/event", data={"csrf": csrf, "value": "abc", "validate": "1"}, headers=headers).text
    assert re.search(r'role="alert" lang="en">', answer)


def test_the_number_in_a_translated_sentence_is_the_one_that_holds():
    assert MAX_FILES == 100
