from __future__ import annotations

import pytest

from importer.core.normalise import (
    client_ip_address,
    client_user_agent,
    external_id,
    fb_login_id,
    fbc,
    fbp,
    lead_id,
    madid,
    text_id,
)
from importer.core.normalise.cell import only_hashed

FBCLID = "IwAR2F4-dbP0l7Mn1IawQQGCINEz7PYXQvwjNwB_qa2ofrHyiLjcbCRxTDMgk"


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        (" AB 12-c ", ("ab12-c", None)),
        ("ÄB", ("äb", None)),
        ("12345.0", ("12345", None)),
        ("1E5", ("1e5", None)),
        ("d41d8cd98f00b204e9800998ecf8427e", ("d41d8cd98f00b204e9800998ecf8427e", None)),
        ("A" * 64, ("a" * 64, None)),
        ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", (None, "hash_of_nothing")),
        ("1.2E+11", (None, "digits_lost")),
        ("1234567890123456.0", (None, "digits_lost")),
        ("0", (None, "placeholder")),
        ("0.0", (None, "placeholder")),
        ("Guest", (None, "placeholder")),
        ("N/A", (None, "placeholder")),
    ],
)
def test_an_external_id_is_without_white_space_and_in_lower_case(text, cell):
    assert external_id.normal(text) == cell


def test_a_raw_external_id_stays_as_typed():
    assert external_id.raw("  Kunde Nr. 7 ") == ("Kunde Nr. 7", None)
    assert external_id.raw("0") == (None, "placeholder")


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("1693456789012345", ("1693456789012345", None)),
        ("l:169345678901234", ("169345678901234", None)),
        ("L: 16934567890123456", ("16934567890123456", None)),
        ("'169345678901234", ("169345678901234", None)),
        ("169345678901234.0", ("169345678901234", None)),
        ("1693456789012345.0", (None, "digits_lost")),
        ("1.69E+15", (None, "digits_lost")),
        ("12345678901234", (None, "invalid")),
        ("123456789012345678", (None, "invalid")),
        ("f:169345678901234", (None, "invalid")),
        ("0", (None, "placeholder")),
    ],
)
def test_a_lead_id_is_15_to_17_digits(text, cell):
    assert lead_id.normal(text) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("10158", ("10158", None)),
        ("1e9", (None, "invalid")),
        ("1.2E+9", (None, "digits_lost")),
        ("0", (None, "placeholder")),
        ("9" * 20, (None, "invalid")),
    ],
)
def test_a_numeric_id_is_its_digits(text, cell):
    assert fb_login_id.normal(text) == cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("6D92078A-8246-4BA4-AE5B-76104861E7DC", ("6d92078a-8246-4ba4-ae5b-76104861e7dc", None)),
        ("{6D92078A-8246-4BA4-AE5B-76104861E7DC}", ("6d92078a-8246-4ba4-ae5b-76104861e7dc", None)),
        ("00000000-0000-0000-0000-000000000000", (None, "placeholder")),
        ("6D92078A82464BA4AE5B76104861E7DC", (None, "invalid")),
    ],
)
def test_a_mobile_advertising_id_is_in_lower_case_with_its_hyphens(text, cell):
    assert madid.normal(text) == cell


def test_other_ids_stay_as_typed():
    assert text_id.normal("  Sub_42 ") == ("Sub_42", None)
    assert text_id.normal("n/a") == (None, "placeholder")


@pytest.mark.parametrize(
    "function",
    [
        text_id.normal,
        lead_id.normal,
        fb_login_id.normal,
        madid.normal,
        fbc.normal,
        fbp.normal,
        client_ip_address.normal,
        client_user_agent.normal,
    ],
)
def test_a_hash_is_no_clear_value(function):
    assert function("ab" * 32) == (None, "invalid")


@pytest.mark.parametrize("tail", [FBCLID, f"{FBCLID}.AQ", f"{FBCLID}.AQIBAQIA"])
def test_a_click_passes_unchanged(tail):
    assert fbc.normal(f" fb.1.1554763741205.{tail} ") == (f"fb.1.1554763741205.{tail}", None)


@pytest.mark.parametrize(
    "text",
    [
        FBCLID,
        f"fb.3.1554763741205.{FBCLID}",
        f"fb.1.1554763741.{FBCLID}",
        "fb.1.1554763741205.",
        "fb.1.1554763741205.a b",
    ],
)
def test_what_is_no_click_is_invalid(text):
    assert fbc.normal(text) == (None, "invalid")


def test_a_browser_passes_unchanged():
    assert fbp.normal("fb.1.1596403881668.1116446470") == ("fb.1.1596403881668.1116446470", None)
    assert fbp.normal("fb.1.1596403881668.abc") == (None, "invalid")


@pytest.mark.parametrize("text", [FBCLID, f"https://shop.example/?utm_source=x&fbclid={FBCLID}&y=1", f" {FBCLID} "])
def test_a_click_id_and_a_time_make_a_click(text):
    assert fbc.from_fbclid(text, 1_554_763_741) == (f"fb.1.1554763741000.{FBCLID}", None)


def test_a_click_id_needs_a_time_and_its_own_letters():
    assert fbc.from_fbclid(FBCLID, None) == (None, "invalid")
    assert fbc.from_fbclid("a b", 1_554_763_741) == (None, "invalid")
    assert fbc.from_fbclid(f"fb.2.1554763741205.{FBCLID}", None) == (f"fb.2.1554763741205.{FBCLID}", None)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("203.0.113.5", ("203.0.113.5", None)), ("203.0.113.5:8080", ("203.0.113.5", None)), ("[2001:DB8::1]:443", ("2001:db8::1", None)),
        ("2001:0db8:0000::0001", ("2001:db8::1", None)), ("203.0.113.5, 10.0.0.1", ("203.0.113.5", None)), ("10.0.0.1", ("10.0.0.1", None)),
        ("127.0.0.1", (None, "invalid")), ("::1", (None, "invalid")), ("::", (None, "invalid")), ("fe80::1", (None, "invalid")),
        ("224.0.0.1", (None, "invalid")), ("999.1.1.1", (None, "invalid")), ("localhost", (None, "invalid")), ("-", (None, "placeholder")),
    ],
)  # fmt: skip
def test_an_address_of_the_internet_is_in_its_shortest_form(text, cell):
    assert client_ip_address.normal(text) == cell


def test_a_user_agent_stays_as_typed():
    assert client_user_agent.normal(" Mozilla/5.0 (X11)\t") == ("Mozilla/5.0 (X11)", None)
    assert client_user_agent.normal("a\r\nb") == ("a b", None)
    assert client_user_agent.normal("-") == (None, "placeholder")


def test_a_column_of_hashes_holds_nothing_else():
    assert only_hashed("AB" * 32) == ("ab" * 32, None)
    assert only_hashed("jane@example.com") == (None, "not_hashed")
    assert only_hashed("d41d8cd98f00b204e9800998ecf8427e") == (None, "md5")
    assert only_hashed("36a9e7f1c95b82ffb99743e0c5c4ce95d83c9a430aac59f84ef3cbfab6145068") == (None, "hash_of_nothing")
    assert only_hashed(" ") == (None, None)
