"""The lexicon is whole: 28 languages, keys that english.toml has, one meaning a word."""

import pytest

from importer.core.understanding.headers import words_of
from importer.core.understanding.lexicon import compact, languages, lexicon, plain
from tools.check_lexicon import faults

LANGUAGES = {
    *("arabic", "chinese", "czech", "danish", "dutch", "english", "finnish", "french", "german", "greek", "hebrew"),
    *("hindi", "hungarian", "indonesian", "italian", "japanese", "korean", "norwegian", "polish", "portuguese"),
    *("romanian", "russian", "spanish", "swedish", "thai", "turkish", "ukrainian", "vietnamese"),
}


def test_there_is_a_file_for_each_language():
    assert set(languages()) == LANGUAGES


def test_no_word_has_two_meanings_and_no_key_is_unknown():
    assert list(faults()) == []


@pytest.mark.parametrize(
    ("text", "folded"),
    [("Número", "numero"), ("Đơn hàng", "don hang"), ("GRÖSSE", "grosse"), ("Łączna", "laczna"), ("ＴＥＬ", "tel")],
)
def test_words_are_compared_without_case_and_accents(text, folded):
    assert plain(text) == folded


def test_the_marks_of_thai_and_hindi_belong_to_their_words():
    assert compact("ชื่อ ที่อยู่") == "ชื่อที่อยู่"
    assert words_of("ग्राहक का नाम") == ["ग्राहक", "का", "नाम"]


@pytest.mark.parametrize("word", ["Grösse", "Groesse"])
def test_an_umlaut_may_be_written_as_two_letters(word):
    assert lexicon().meanings(compact(word)) == lexicon().meanings(compact("Größe"))
