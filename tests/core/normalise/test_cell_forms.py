"""What all customer fields share: entities, lists in a cell, hashes in several writings, hashes of nothing."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from hashlib import sha256

import pyarrow as pa
import pytest

from importer.core.cells.cell_lists import items_of
from importer.core.cells.cell_text import as_text
from importer.core.normalise import city, country, email, external_id, gender, names, phone, postcode, state
from importer.core.normalise.cell import only_hashed
from importer.core.normalise.entities import decoded

DIGEST = sha256(b"ann@example.com").hexdigest()
BYTES = sha256(b"ann@example.com").digest()


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("O&#039;Brien", "O'Brien"),
        ("O&#39Brien", "O'Brien"),
        ("O&apos;Brien", "O'Brien"),
        ("L&#x27;Aquila", "L'Aquila"),
        ("M&uuml;ller", "Müller"),
        ("M&UUML;LLER", "MÜLLER"),
        ("G&ouml;ktu&#287;", "Göktuğ"),
        ("D&amp;amp;Souza", "D&Souza"),
        ("Q&A", "Q&A"),
        ("a &foo; b", "a &foo; b"),
        ("Caf&eacute", "Caf&eacute"),
    ],
)
def test_entities_are_the_characters_they_stand_for(text, plain):
    assert decoded(text) == plain


@pytest.mark.parametrize(
    ("function", "text", "form"),
    [
        (names.given, "Jos&eacute;", "josé"),
        (names.family, "O&#039;Brien", "obrien"),
        (lambda text: city.normal(text, "it"), "L&#x27;Aquila", "laquila"),
        (lambda text: state.normal(text, None), "Qu&eacute;bec", "qc"),
        (country.normal, "C&ocirc;te d&#039;Ivoire", "ci"),
        (lambda text: postcode.normal(text, "gb"), "SW1A&nbsp;1AA", "sw1a1aa"),
        (lambda text: phone.normal(text, "us"), "(415)&nbsp;555&#45;0132", "14155550132"),
        (gender.normal, "F&eacute;minin", "f"),
        (external_id.normal, "A&amp;B-1", "a&b-1"),
        (email.normal, "m&uuml;ller@example.com", "müller@example.com"),
    ],
)
def test_entities_are_decoded_in_every_text_field(function, text, form):
    assert function(text) == (form, None)


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ('["a", "b"]', ["a", "b"]),
        ("['a', \"b\"]", ["'a'", "b"]),
        ("['a', 'b']", ["a", "b"]),
        ("{a,b}", ["a", "b"]),
        ('{"a,b",NULL}', ["a,b"]),
        ("[1, 2.5, null]", ["1", "2.5"]),
        ("[]", []),
        ("[redacted]", None),
        ("{6f9619ff-8b86-d011-b42d-00cf4fc964ff}", None),
        ("(none)", None),
        ("[a\nb]", None),
        ("plain", None),
    ],
)
def test_lists_of_databases_and_programs_are_read(text, items):
    assert items_of(text) == items


def test_a_list_of_one_value_is_that_value_and_one_of_several_is_none():
    assert names.given('["Ann"]') == ("ann", None)
    assert names.given('["Ann", "Bob"]') == (None, "invalid")
    assert external_id.normal("[12345]") == ("12345", None)
    assert names.given("[]") == (None, None)


def test_a_list_column_of_parquet_is_a_list_in_a_cell():
    texts = as_text(pa.array([["a@example.com", "b@example.com"], ["c@example.com"], []])).to_pylist()
    assert [[form for form, _ in email.of_cell(text)] for text in texts] == [
        ["a@example.com", "b@example.com"],
        ["c@example.com"],
        [None],
    ]


@pytest.mark.parametrize(
    "text",
    [
        DIGEST, DIGEST.upper(), f" {DIGEST}\n", f"'{DIGEST}", f'"{DIGEST}"', f"sha256:{DIGEST}", f"SHA-256: {DIGEST}",
        f"sha256${DIGEST}", f"{{SHA256}}{DIGEST}", f"0x{DIGEST}", f"0X{DIGEST.upper()}", f"\\x{DIGEST}", f"b'{DIGEST}'",
        ":".join(DIGEST[place : place + 2] for place in range(0, 64, 2)), b64encode(BYTES).decode(),
        urlsafe_b64encode(BYTES).decode(), b64encode(BYTES).decode().rstrip("="),
    ],
)  # fmt: skip
def test_a_hash_is_one_however_it_is_written(text):
    assert email.normal(text) == (DIGEST, None)
    assert names.given(text) == (DIGEST, None)
    assert only_hashed(text) == (DIGEST, None)
    assert only_hashed(f'["{DIGEST}"]') == (DIGEST, None)
    assert only_hashed("[]") == (None, None)


@pytest.mark.parametrize("text", ["1a" * 20, "1a" * 48, "1a" * 64, "1a" * 31 + "1", "sha1:" + "1a" * 20])
def test_a_hash_of_another_kind_is_no_value(text):
    assert email.normal(text) == (None, "invalid")
    assert names.family(text) == (None, "invalid")
    assert phone.normal(text, "us") == (None, "invalid")


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "nan", "NaN", "null", "NULL", "None", "none", "N/A", "n/a", "undefined", "Undefined", "0", "-", "--", "\\N",
        "#N/A", "(null)", "unknown", "false", "none@none.com", "None@None.com", "null@null.com", "no@no.com", "0000000000",
        "noemail@noemail.com", "test@test.com", "guest", "TBD", "1234567890",
    ],
)  # fmt: skip
def test_a_hash_of_nothing_is_nobodys(text):
    digest = sha256(text.encode()).hexdigest()
    assert email.normal(digest) == (None, "hash_of_nothing")
    assert email.normal(f"sha256:{digest}") == (None, "hash_of_nothing")
    assert only_hashed(digest.upper()) == (None, "hash_of_nothing")


def test_hashes_of_people_are_not():
    for text in (
        "ann@example.com",
        "ann",
        "smith",
        "14155550132",
        "berlin",
        "19870605",
        "f",
        "us",
        "no",
        "44444",
        "1",
        "1000",
    ):
        assert only_hashed(sha256(text.encode()).hexdigest())[1] is None
