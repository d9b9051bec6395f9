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
