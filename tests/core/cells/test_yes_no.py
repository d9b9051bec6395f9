from __future__ import annotations

import json

import pytest
from raws import binding, raw

from importer.core.binding import Answers
from importer.core.cells.yes_no import opted_out, yes_or_no
from importer.core.model import SEPARATOR
from importer.core.preparation import Preparation
from importer.core.prepare import prepare


@pytest.mark.parametrize(
    "text",
    [
        "TRUE", "1", "1.0", "1,0", "Yes", "Y", "x", "X", "on", "t", "Ja", "WAHR", "VRAI", "oui", "Sí", "si", "sim", "VERDADEIRO", "tak", "ano",
        "evet", "да", "はい", "是", "✓", "-1", "opted out", "Opt-Out", "unsubscribed", "Do not contact", " yes. ", "désabonné",
    ],
)  # fmt: skip
def test_these_say_that_a_customer_opted_out(text):
    assert opted_out(text) == (True, True)


@pytest.mark.parametrize(
    "text",
    [
        "FALSE", "0", "0.0", "No", "N", "off", "Nein", "FALSCH", "FAUX", "non", "não", "nie", "nej", "hayır", "нет", "いいえ", "opted in",
        "Subscribed", "granted",
    ],
)  # fmt: skip
def test_these_say_that_a_customer_did_not(text):
    assert opted_out(text) == (False, True)


@pytest.mark.parametrize("text", ["", "-", "n/a", "NULL", "unknown", "(blank)"])
def test_an_empty_cell_says_neither(text):
    assert opted_out(text) == (None, True)


@pytest.mark.parametrize("text", ["pending", "2", "maybe", "?!", "2024-01-01"])
def test_an_unknown_word_is_no_consent(text):
    assert opted_out(text) == (True, False)
    assert yes_or_no(text) is None


def test_an_unknown_word_is_warned_of():
    cells = ["yes", "pending", None]
    columns = {"order_id": "id", "event_time": "date", "value": "total", "em": "mail", "opt_out": "out"}
    batch = raw(
        {
            "id": ["A1", "A2", "A3"],
            "date": ["2026-11-20T10:00:00Z"] * 3,
            "total": ["5"] * 3,
            "mail": [f"buyer{n}@example.com" for n in range(3)],
            "out": cells,
        }
    )
    prepared = prepare(batch, Preparation(binding(batch, columns=columns), Answers(currency="EUR"), 1_795_474_800))
    texts = prepared.column("payload").to_pylist()
    known, unknown, blank = (json.loads(text.removesuffix(SEPARATOR)) for text in texts)
    assert (known["opt_out"], unknown["opt_out"], "opt_out" in blank) == (True, True, False)
    assert prepared.column("warnings").to_pylist() == [None, "opt_out:unknown_word", None]
