from pathlib import Path

import pytest

from importer.errors import CapiImportError, SchemaError, UsageError
from importer.schema_files import known_plans, plan_named
from importer.secret import Secret
from importer.settings import read_settings, require_access


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"currency": "EURO"}, "--currency"),
        ({"country": "Germany"}, "--country"),
        ({"country": "XX"}, "--country"),
        ({"timezone": "Berlin"}, "--timezone"),
        ({"timezone": "../etc/passwd"}, "--timezone"),
        ({"date_order": "ydm"}, "--date-order"),
        ({"action_source": "shop"}, "--action-source"),
        ({"batch_size": 0}, "--batch-size"),
        ({"batch_size": 1001}, "--batch-size"),
        ({"concurrency": 0}, "--concurrency"),
        ({"now": "yesterday"}, "--now"),
        ({"dataset": "my pixel"}, "dataset"),
        ({"graph_version": "25"}, "--graph-version"),
        ({"token": "a b"}, "token"),
        ({"token_file": "no/such/file"}, "token file"),
        ({"customers": "x.csv"}, "--join-on"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_option_is_named_in_one_sentence(options, words):
    with pytest.raises(UsageError) as error:
        read_settings(("a.csv",), options, {})
    assert words in str(error.value)
    assert str(error.value).endswith((".", "?"))


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"timezone": "Berlin"}, "--timezone Berlin is not an IANA zone; did you mean Europe/Berlin?"),
        ({"timezone": "Europe/Berlim"}, "did you mean Europe/Berlin?"),
        ({"timezone": "new york"}, "did you mean America/New_York"),
        ({"timezone": "zzz"}, "write one such as Europe/Berlin"),
        ({"currency": "euro"}, "--currency euro is not an ISO 4217 code; did you mean EUR?"),
        ({"currency": "$$"}, "write three letters such as EUR."),
        ({"country": "Germany"}, "--country Germany is not an ISO 3166-1 code; did you mean DE?"),
        ({"country": "austria"}, "did you mean AT?"),
        ({"country": "Atlantis"}, "write two letters such as DE."),
        ({"action_source": "store"}, "did you mean physical_store? It is one of"),
    ],
)
def test_a_value_that_is_mistyped_is_answered_with_what_was_meant(options, words):
    with pytest.raises(UsageError) as error:
        read_settings(("a.csv",), options, {})
    assert words in str(error.value)


def test_options_win_over_the_environment():
    environ = {"CAPI_DATASET_ID": "1", "CAPI_LEDGER": "a.db", "CAPI_GRAPH_URL": "http://x", "CAPI_ACCESS_TOKEN": "tok"}
    told = read_settings(("a.csv",), {"dataset": "2"}, environ)
    assert (told.dataset, told.ledger, told.graph_url) == ("2", Path("a.db"), "http://x")
    assert told.token == Secret("tok")


def test_a_token_file_is_read_and_an_empty_one_refused(tmp_path):
    file = tmp_path / "token"
    file.write_text("abc\n")
    assert read_settings(("a.csv",), {"token_file": file}, {}).token == Secret("abc")
    file.write_text("\n")
    with pytest.raises(UsageError, match="empty"):
        read_settings(("a.csv",), {"token_file": file}, {})
    assert read_settings(("a.csv",), {"token_file": file, "token": "typed"}, {}).token == Secret("typed")


def test_secrets_are_masked_wherever_settings_are_shown():
    told = read_settings(("a.csv",), {"token": "TOPSECRET", "app_secret": "ALSO"}, {})
    assert "TOPSECRET" not in repr(told) + str(told)
    assert "ALSO" not in repr(told) + str(told)


def test_the_report_stands_beside_the_first_file():
    assert read_settings(("in/a.csv", "b.csv"), {}, {}).report_path == Path("in/a.csv.report.csv")


def test_send_says_what_it_lacks():
    with pytest.raises(UsageError, match="--dataset"):
        require_access(read_settings(("a.csv",), {}, {}))
    with pytest.raises(UsageError, match="CAPI_ACCESS_TOKEN"):
        require_access(read_settings(("a.csv",), {"dataset": "1"}, {}))


def test_every_schema_of_the_package_is_valid():
    assert known_plans()


def test_a_schema_file_that_is_no_toml_or_not_there_is_one_sentence(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text("name = ")
    with pytest.raises(SchemaError, match="not valid TOML"):
        plan_named(str(bad), {})
    for name in ("nope", str(tmp_path / "nope.toml"), str(tmp_path)):
        with pytest.raises(CapiImportError):
            plan_named(name, {})
