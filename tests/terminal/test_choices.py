"""Questions are answered at a terminal by a number or a typed value."""

from __future__ import annotations

import pytest

from importer.questions import Kind, Question, option
from importer.terminal import choices


@pytest.fixture
def typed(monkeypatch):
    answers: list[str] = []
    monkeypatch.setattr(choices.click, "prompt", lambda *_, **__: answers.pop(0))
    return answers


def test_each_word_of_a_status_has_its_own_answer_also_a_yes_or_no(typed):
    words = ("Yes", "Parked")
    told = ("Approved:Yes", "Parked")  # as a question names them
    options = tuple(option("--status", f"{word}={meaning}") for word in told for meaning in ("sale", "unpaid"))
    question = Question(
        Kind.STATUS, "What do they mean?", options, "status", "Approved", dict.fromkeys(words, 2), 2, "x.csv"
    )
    typed += ["1", "2"]
    assert choices.choose([question], {}) == {"status": ("Approved:Yes=sale", "Parked=unpaid")}


def test_a_value_that_is_typed_belongs_to_the_first_option(typed):
    question = Question(Kind.CURRENCY, "Which?", ("--currency EUR", "--currency USD"), "currency")
    typed += ["GBP"]
    assert choices.choose([question], {}) == {"currency": "GBP"}


@pytest.mark.parametrize(
    ("kind", "options", "lines", "found"),
    [
        (
            Kind.ZONE,
            ["--timezone Europe/Berlin"],
            ["Berlin", "'", "--timezone", "Europe/Vienna"],
            {"timezone": "Europe/Vienna"},
        ),
        (Kind.CURRENCY, ["--currency EUR"], ["7", "Taler", "chf"], {"currency": "chf"}),
        (Kind.COLUMN, ["--map Betrag=value"], ["Netto Summe"], {"map": ("Netto Summe=value",)}),
        (Kind.COLUMN, ["--map Betrag=value"], ["Netto=valu", "Netto=value"], {"map": ("Netto=value",)}),
    ],
)
def test_what_is_typed_wrong_is_asked_again_and_not_the_end_of_the_run(typed, kind, options, lines, found):
    typed += lines
    assert choices.choose([Question(kind, "Which?", tuple(options), "x", file="x.csv")], {}) == found
    assert typed == []


def test_a_meaning_that_is_typed_belongs_to_the_word(typed):
    options = tuple(option("--status", f"zur Ansicht={meaning}") for meaning in ("sale", "unpaid"))
    typed += ["sold", "not_a_sale"]
    question = Question(Kind.STATUS, "What?", options, "status", "Status", {"zur Ansicht": 2}, 2, "x.csv")
    assert choices.choose([question], {}) == {"status": ("zur Ansicht=not_a_sale",)}
