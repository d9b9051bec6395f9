"""Cells of customer columns as hypothesis makes them up: plain ones, odd ones, and any text there is."""

from hashlib import sha256

import phonenumbers
from hypothesis import strategies as st

from importer.core.normalise import full_name, titles
from importer.core.tables.placeholders import (
    ANYWHERE,
    EXACT,
    GIVEN,
    IDS,
    MAIL_DOMAINS,
    MAIL_DOUBLES,
    MAIL_USERS,
    PEOPLE,
    RELAYS,
)

JUNK = sorted(ANYWHERE | EXACT | PEOPLE | GIVEN | IDS)

shapes = st.from_regex(r"[A-Za-z]{1,6}([ '.-][A-Za-z]{1,5})?|[A-Z]?[0-9]{1,9}|[a-z0-9_-]{1,8}", fullmatch=True)
odd = st.sampled_from([*JUNK, "xxx", "XXXX", "Zoë", "Łódź", "MÜNCHEN", "Ünal", "O'Neil", "a  b", "(none)", "é", "İ"])
hashes = st.text("0123456789abcdefABCDEF", min_size=64, max_size=64)
anything = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)
words = shapes | odd | anything | st.one_of(hashes, st.just(sha256(b"").hexdigest()))
letters = st.text("ABCabcdefghinorstuvwy", min_size=1, max_size=8)
apart = st.sampled_from(sorted(titles.TITLES | titles.SUFFIXES | full_name.COMPANY | full_name.CAPITALS) + JUNK)
whole_names = st.builds("{} {}".format, letters | apart | words, letters | apart | words) | words
addresses = st.one_of(
    st.emails(),
    st.from_regex(r"[A-Za-z0-9._'+-]{1,12}@([A-Za-z0-9-]{1,8}\.){1,2}[A-Za-z0-9]{1,4}", fullmatch=True),
    st.builds("{}@{}".format, st.sampled_from(sorted(MAIL_USERS | MAIL_DOUBLES)), st.sampled_from(["no.com", "a.org"])),
    st.builds("{}@{}".format, st.sampled_from(["jo.do", "a", "x"]), st.sampled_from([*sorted(MAIL_DOMAINS), "x.com"])),
    st.sampled_from(["a@b.com;c@d.org", "Jo <jo@do.com>", "mailto:jo@do.com", "x@marketplace.amazon.de", "a@@b.com"]),
    st.builds("jo.do@{}{}".format, st.sampled_from(["", "x.", "x"]), st.sampled_from([*sorted(RELAYS), "etsy.com"])),
    words,
)
digits = st.text("0123456789", min_size=3, max_size=13)
numbers = st.one_of(
    st.from_regex(r"(\+|00|0|1)?[0-9 ()./-]{6,16}", fullmatch=True),
    st.builds("+{}{}".format, st.sampled_from(sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)), digits),
    st.builds("({}) {}-{}".format, digits, digits, digits),
    st.sampled_from(["+44 (0)20 7946 0958", "0171/1234567", "555-1234567/555-7654321", "1-800-FLOWERS", "1234567890"]),
    words,
)
zips = (
    st.from_regex(
        r"[0-9]{3,9}|0{1,3} ?0{1,3}|[0-9]{4,5}[- ][0-9]{4}|[0-9]{3,4} [0-9A-Za-z]{1,2}|[A-Z]{1,2}[0-9]{1,2} [0-9][A-Z]{2}|00000",
        fullmatch=True,
    )
    | words
)
country_codes = st.sampled_from(["us", "de", "gb", "at", "fr", "ca", "nl", "au", "it", "br", "pr", "lv", None])
days = st.from_regex(
    r"(19|20)[0-9]{2}(-[01][0-9]-|[01][0-9])[0-3][0-9]|[0-9]{8}|[0-3][0-9][./][0-3][0-9][./](19|20)[0-9]{2}",
    fullmatch=True,
)
long_ids = st.one_of(
    st.uuids().map(str),
    st.text("0123456789abcdefXx-_", min_size=28, max_size=66),
    st.text("x", min_size=28, max_size=66),
    hashes,
)
