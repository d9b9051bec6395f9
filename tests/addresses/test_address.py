"""What an address is, and what of it may be seen."""

import pytest

from importer.addresses import is_address, shown
from importer.addresses.address import split_address
from importer.addresses.fetched_file import file_name
from importer.addresses.google_sheets import export_address, sheet_name
from importer.addresses.patterns import matches
from importer.errors import UsageError

SHEET = "https://docs.google.com/spreadsheets/d/1aB-c_D"


@pytest.mark.parametrize(
    "text",
    [
        "s3://b/k",
        "gs://b/k",
        "az://c/k",
        "https://x.example/a.csv",
        "http://127.0.0.1/a",
        "sftp://h/a",
        "sql:SELECT 1",
        "S3://b/k",
    ],
)
def test_addresses(text):
    assert is_address(text)


@pytest.mark.parametrize(
    "text", ["sales.csv", "C:/sales.csv", "s3", "./s3:/x", "sqlite.csv", "-", "ftp://h/a", "a/https://b"]
)
def test_paths_are_no_addresses(text):
    assert not is_address(text)


@pytest.mark.parametrize(
    ("address", "seen"),
    [
        ("https://u:pw@host.example:8443/a/b.csv?sig=secret#frag", "https://host.example:8443/a/b.csv"),
        ("sftp://till@host/in/a.csv", "sftp://till@host/in/a.csv"),
        ("sftp://till:pw@host/in/a.csv", "sftp://till@host/in/a.csv"),
        ("s3://bucket/in/what?.csv", "s3://bucket/in/what?.csv"),
        ("sql:select * from t where email = 'ada@example.com'", "sql"),
        ("https://[bad/a.csv?sig=secret", "https://"),
    ],
)
def test_what_is_secret_is_not_shown(address, seen):
    assert shown(address) == seen


@pytest.mark.parametrize(
    "address", ["https://u:hush@host.example/a.csv", "sftp://u:hush@host/a.csv", "https://u@host.example/a"]
)
def test_a_password_in_an_address_is_refused_without_repeating_it(address):
    with pytest.raises(UsageError, match=r"must not hold a password") as error:
        split_address(address)
    assert "hush" not in str(error.value)


@pytest.mark.parametrize("address", ["https:///a.csv", "https://[bad/a.csv", "https://host:port/a.csv"])
def test_an_address_without_a_server_is_told(address):
    with pytest.raises(UsageError, match="names no server"):
        split_address(address)


@pytest.mark.parametrize(
    ("address", "export", "name"),
    [
        (f"{SHEET}/edit?usp=sharing", f"{SHEET}/export?format=xlsx", "google-sheet.xlsx"),
        (SHEET, f"{SHEET}/export?format=xlsx", "google-sheet.xlsx"),
        (f"{SHEET}/edit#gid=0", f"{SHEET}/export?format=csv&gid=0", "google-sheet.csv"),
        (f"{SHEET}/edit?gid=12#gid=12", f"{SHEET}/export?format=csv&gid=12", "google-sheet.csv"),
        (f"{SHEET}/export?format=csv&gid=3", f"{SHEET}/export?format=csv&gid=3", "google-sheet.csv"),
        ("https://host.example/spreadsheets/d/1/edit", "https://host.example/spreadsheets/d/1/edit", ""),
    ],
)
def test_a_google_sheet_is_had_by_its_export_address(address, export, name):
    assert (export_address(address), sheet_name(address)) == (export, name)


def test_a_wildcard_stays_within_its_part_of_the_path():
    assert matches("b/k/1.csv", "b/k/[01]*.csv")
    assert matches("b/2026/a/x.csv", "b/*/a/*.csv")
    assert not matches("b/k/sub/1.csv", "b/k/*.csv")
    assert not matches("b/k/.hidden.csv", "b/k/*.csv")


@pytest.mark.parametrize(
    ("name", "safe"),
    [("sales.csv", "sales.csv"), ("../../etc/passwd", "_.._etc_passwd"), (".profile", "profile"), ("", "sales"), ("...", "sales"),
     ("a\nb\\c:d", "a_b_c_d"), ("é" * 300 + ".parquet", "é" * 112 + ".parquet"),
     ("売" * 100 + ".csv", "売" * 78 + ".csv"), ("売" * 100, "売" * 80), ("x" * 300 + ".csv", "x" * 116 + ".csv")],
)  # fmt: skip
def test_a_name_from_elsewhere_is_never_a_path(name, safe):
    assert file_name(name) == safe
