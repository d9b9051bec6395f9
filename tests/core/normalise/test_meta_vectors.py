"""Every case of the shared vectors, where the knowledge base is at hand: Meta's pages, SDKs and others' tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from importer.core.normalise import birthday, city, country, email, gender, names, phone, postcode, state

VECTORS = Path(__file__).resolve().parents[3] / ".." / "shared" / "vectors.json"
TODAY = date(2026, 11, 24)

BY_FIELD: dict[str, Callable[[str, str | None], tuple[str | None, str | None]]] = {
    "em": lambda text, _: email.normal(text),
    "ph": phone.normal,
    "fn": lambda text, _: names.given(text),
    "ln": lambda text, _: names.family(text),
    "ge": lambda text, _: gender.normal(text),
    "db": lambda text, _: birthday.normal(text, None, TODAY),
    "ct": city.normal,
    "st": state.normal,
    "zp": postcode.normal,
    "country": lambda text, _: country.normal(text),
}


@pytest.mark.skipif(not VECTORS.exists(), reason="the knowledge base is not beside the repository")
@pytest.mark.parametrize("field", BY_FIELD)
def test_every_case_of_the_field_comes_out(field):
    cases = [case for case in json.loads(VECTORS.read_text(encoding="utf-8")) if case["field"] == field]
    assert cases
    wrong = [
        (case["input"], case["country"], case["normalized"], got)
        for case in cases
        if (got := BY_FIELD[field](case["input"], (case["country"] or "").lower() or None)[0]) != case["normalized"]
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("field", "text", "region", "form"),
    [
        ("em", "John_Smith@gmail.com", None, "john_smith@gmail.com"),
        ("ph", "(650)555-1212", "us", "16505551212"),
        ("fn", "Mary", None, "mary"),
        ("fn", "정", None, "정"),
        ("fn", "Valéry", None, "valéry"),
        ("db", "2/16/1997", None, "19970216"),
        ("ct", "New York", None, "newyork"),
        ("st", "Arizona", "us", "az"),
        ("zp", "94035-1234", "us", "94035"),
        ("zp", "M1 1AE", "gb", "m11ae"),
        ("country", "United States", None, "us"),
    ],
)
def test_the_examples_of_metas_page_come_out(field, text, region, form):
    assert BY_FIELD[field](text, region) == (form, None)
