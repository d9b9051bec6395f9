from __future__ import annotations

import pytest

from importer.core.normalise import email


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  John_Smith@gmail.com ", "john_smith@gmail.com"),
        ("Jane.Doe+tag@Sub-Domain.Example.COM", "jane.doe+tag@sub-domain.example.com"),
        ("Jane Doe <Jane@example.com>", "jane@example.com"),
        ('"Doe, Jane" <jane@example.com>;', "jane@example.com"),
        ("mailto:jane@example.com", "jane@example.com"),
        ("E-Mail: jane@example.com", "jane@example.com"),
        ("<jane@example.com>", "jane@example.com"),
        ("'jane@example.com", "jane@example.com"),
        ("jane@example.com\u200b", "jane@example.com"),
        ("jane@example.com,", "jane@example.com"),
        ("ｊａｎｅ＠example.com", "jane@example.com"),
        ("jörg@müller.de", "jörg@müller.de"),
        ("jo\u0308rg@example.de", "jörg@example.de"),
        ("用户@例子.公司", "用户@例子.公司"),
        ("x@y.co", "x@y.co"),
        ("test'name@example.com", "test'name@example.com"),
        ("A" * 64, "a" * 64),
    ],
)
def test_an_address_is_trimmed_and_in_lower_case(text, form):
    assert email.normal(text) == (form, None)


@pytest.mark.parametrize(
    "text",
    [
        "otto.muster(at)example.org", "jane", "jane@", "@example.com", "jane@example", "jane@@example.com", "a@b@c.com",
        "jane doe@example.com", "jane @example.com", "jane@exam ple.com", ".jane@example.com", "jane.@example.com",
        "jane..doe@example.com", "jane@example..com", "jane@-example.com", "jane@example.com/",
        "foo(.bar)@baz.com/", "jane@192.168.0.1", "jane@[10.0.0.1]", "jane@ex_ample.com", "jane\x00@example.com",
        "j" * 65 + "@example.com", "jane@example.com📱",
    ],
)  # fmt: skip
def test_what_has_no_addresss_shape_is_invalid(text):
    assert email.normal(text) == (None, "invalid")


@pytest.mark.parametrize(
    "text",
    [
        "n/a", "N/A", "none", "-", "NULL", "none@none.com", "None@shop.example", "noemail@noemail.com", "no@no.com",
        "no-email@example.com", "noreply@example.com", "test@test.com", "test@test.de", "guest@example.com",
        "unknown@example.com", "declined@example.com", "jane@noemail.com", "a@a.com", "na@na.com", "keinemail@web.de",
    ],
)  # fmt: skip
def test_addresses_of_nobody_are_placeholders(text):
    assert email.normal(text) == (None, "placeholder")


@pytest.mark.parametrize(
    "text",
    [
        "abc123@marketplace.amazon.com", "abc123@marketplace.amazon.co.uk", "abc@marketplace.amazon.de", "x@members.ebay.com",
        "x@relay.walmart.com", "a.b@scs.tiktokw.us", "x@privaterelay.appleid.com", "guest-1@guest.booking.com",
        "x@sub.members.ebay.co.uk",
    ],
)  # fmt: skip
def test_relays_of_marketplaces_are_found(text):
    assert email.normal(text) == (None, "relay")


@pytest.mark.parametrize("text", ["jane@amazon.com", "jane@ebay.de", "jane@marketplace.example", "test@example.com"])
def test_what_only_looks_like_a_relay_or_placeholder_passes(text):
    assert email.normal(text) == (text, None)


@pytest.mark.parametrize(
    ("text", "forms"),
    [
        ("a@example.com; b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com\nb@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com<br/>b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com or b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com & b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com&b@example.com", ["a@example.com", "b@example.com"]),
        ("a@example.com (home), b@example.com (work)", ["a@example.com", "b@example.com"]),
        ("a@example.com, n/a", ["a@example.com"]),
        ("a@example.com; +1 415 555 0132", ["a@example.com"]),
        ("Doe, Jane <jane@example.com>", ["jane@example.com"]),
        ('"Doe, Jane" <jane@example.com>; Bob <bob@example.com>', ["jane@example.com", "bob@example.com"]),
        ('["a@example.com", "b@example.com", null]', ["a@example.com", "b@example.com"]),
        ("['a@example.com', 'b@example.com']", ["a@example.com", "b@example.com"]),
        ("{a@example.com,b@example.com}", ["a@example.com", "b@example.com"]),
        ('{"a@example.com",NULL}', ["a@example.com"]),
        (f"{'1a' * 32},{'2b' * 32}", ["1a" * 32, "2b" * 32]),
        (f"sha256:{'1a' * 32} 0x{'2B' * 32}", ["1a" * 32, "2b" * 32]),
        ("[]", [None]),
        ("", [None]),
    ],
)
def test_a_cell_may_hold_several_addresses(text, forms):
    assert email.of_cell(text) == [(form, None) for form in forms]


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("o&#039;neil@example.com", "o'neil@example.com"),
        ("ann&amp;bob@example.com", "ann&bob@example.com"),
        ("ann&amp;amp;bob@example.com", "ann&bob@example.com"),
        ("m&uuml;ller@example.com", "müller@example.com"),
        ("M&UUML;LLER@EXAMPLE.COM", "müller@example.com"),
        ("&lt;ann@example.com&gt;", "ann@example.com"),
        ("ann&commat;example.com", "ann@example.com"),
        ("ann%40example.com", "ann@example.com"),
        ("a\u00adnn@example.com", "ann@example.com"),
        ("'ann@example.com'", "ann@example.com"),
        ("ann@example.com.", "ann@example.com"),
        ("ann@example.com (work)", "ann@example.com"),
        ("ann@example.com<br>", "ann@example.com"),
        ("ann@example.com>", "ann@example.com"),
        ("“ann@example.com”", "ann@example.com"),
        ('="ann@example.com"', "ann@example.com"),
        ('<a href="mailto:ann@example.com">ann@example.com</a>', "ann@example.com"),
        ("[ann@example.com](mailto:ann@example.com)", "ann@example.com"),
        ("ann|bob@example.com", "ann|bob@example.com"),
    ],
)
def test_an_address_is_one_however_programs_write_it(text, form):
    assert email.of_cell(text) == [(form, None)]


@pytest.mark.parametrize(
    "text",
    [
        "o#039;neil@example.com", "ann;bob@example.com", "ann,bob@example.com", "smith, john@example.com",
        "ann&foo;bob@example.com", "ann@example.co,uk", "ann@example,com", "otto muster@example.org",
        "jane@ example.com", "x;y@example.com;a@example.com", "ann@example.com, Ann Lee", "ann@@example.com",
    ],
)  # fmt: skip
def test_an_address_is_never_cut_out_of_another(text):
    assert email.of_cell(text) == [(None, "invalid")]
