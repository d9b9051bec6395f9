"""Whose sales Meta may be told of: columns of consent, and a list of people to keep out."""

import csv
import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest

import importer
from importer.errors import NeedsAnswer, UsageError
from importer.graph_sandbox import Sandbox, SandboxOptions, serve

NOW = "2026-11-23T23:00:00Z"


def export(column, *cells, name="sales.csv"):
    """An export with a sale for each cell of the column."""
    lines = [f"Order ID,Date,Email,Phone,Total,Currency,{column}"]
    for number, cell in enumerate(cells):
        lines.append(f"{number},2026-11-20T10:00:00Z,buyer{number}@example.com,+1202555010{number},5,EUR,{cell}")
    Path(name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return name


def outcomes(summary):
    with Path(summary.report).open(encoding="utf-8") as lines:
        return [row["reason"] or row["status"] for row in csv.DictReader(lines)]


def check(file, **options):
    return importer.check(file, now=NOW, **options)


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("Consent", ["yes", "no", "", "granted", "withdrawn"], "ready no_consent no_consent ready no_consent"),
        ("GDPR consent", ["1", "0", "1"], "ready no_consent ready"),
        ("Einwilligung", ["ja", "nein", "Ja"], "ready no_consent ready"),
        ("consentement_client", ["oui", "non", ""], "ready no_consent no_consent"),
        ("同意", ["はい", "いいえ", "はい"], "ready no_consent ready"),
        ("Согласие", ["да", "нет", "да"], "ready no_consent ready"),
        ("Suppressed", ["", "yes", "no"], "ready no_consent ready"),
        ("Do not share", ["false", "true", ""], "ready no_consent ready"),
        ("Werbewiderspruch", ["", "ja", "nein"], "ready no_consent ready"),
        ("Consent date", ["2026-01-01", "", "2026-01-02"], "ready ready ready"),
        ("Consent", ["yes", "yes", "yes"], "ready ready ready"),
    ],
)
def test_columns_of_consent_and_of_objections_are_understood_by_their_words(here, header, cells, expected):
    summary = check(export(header, *cells))
    assert outcomes(summary) == expected.split()
    assert not summary.questions


@pytest.mark.parametrize(
    "header", ["Newsletter", "Email consent", "E-Mail Marketing", "SMS opt-in", "Newsletter-Anmeldung"]
)
def test_who_wants_no_mail_is_sent_and_that_is_told(here, header):
    summary = check(export(header, "yes", "no", "no"))
    assert outcomes(summary) == ["ready"] * 3
    assert not summary.questions
    if header != "E-Mail Marketing":  # which says nothing of consent
        (notice,) = summary.notices[:1]
        assert f'"{header}" says who wants to be written to' in notice
        assert "--consent" in notice
    assert not [text for text in check(export(header, "yes", "yes", "yes")).notices if "written to" in text]


def test_consent_to_marketing_is_asked_once_somebody_refuses(here):
    file = export("Marketing consent", "yes", "no", "")
    with pytest.raises(NeedsAnswer) as asked:
        importer.send(file, now=NOW, dataset="1001", token="any", graph_url="http://127.0.0.1:9")
    (question,) = asked.value.questions
    assert (question.column, question.field, dict(question.values)) == (
        "Marketing consent",
        "consent",
        {"yes": 1, "no": 1},
    )
    assert question.options == ("--consent 'Marketing consent=yes'", "--map 'Marketing consent=-'")
    assert outcomes(check(file)) == ["ready", "no_consent", "no_consent"]
    for options, expected in (
        ({"consent": ["Marketing consent=yes"]}, ["ready", "no_consent", "no_consent"]),
        ({"consent": {"Marketing consent": "yes,"}}, ["ready", "no_consent", "no_consent"]),
        ({"map": ["Marketing consent=-"]}, ["ready"] * 3),
    ):
        answered = check(file, **options)
        assert (outcomes(answered), answered.questions) == (expected, ())
    assert not check(export("Marketing consent", "yes", "yes")).questions


def test_words_that_are_no_yes_or_no_are_asked(here):
    summary = check(export("Consent", "full", "partly", "none of it"))
    (question,) = summary.questions
    assert question.options[:2] == ("--consent Consent=full", "--consent Consent=partly")
    assert outcomes(summary) == ["no_consent"] * 3
    assert outcomes(check("sales.csv", consent=["Consent=full,partly"])) == ["ready", "ready", "no_consent"]


def test_shopifys_accepts_marketing_is_about_mails(here):
    header = "Name,Email,Financial Status,Paid at,Total,Currency,Created at,Accepts Marketing,Source,Id"
    rows = [
        f"#{number},b{number}@example.com,paid,2026-11-20 10:00:00 +0000,5,EUR,2026-11-20 10:00:00 +0000,{word},pos,{number}"
        for number, word in enumerate(["yes", "no", "no"])
    ]
    Path("orders.csv").write_text("\n".join([header, *rows]), encoding="utf-8")
    summary = check("orders.csv", schema="shopify_orders")
    assert outcomes(summary) == ["ready"] * 3
    assert not summary.questions
    assert any("Accepts Marketing" in notice for notice in summary.notices)
    told = check("orders.csv", schema="shopify_orders", consent=["accepts marketing=yes"])
    assert outcomes(told) == ["ready", "no_consent", "no_consent"]


def test_one_row_without_consent_is_enough_for_its_order(here):
    text = (
        "Order ID,Date,Email,Item,Quantity,Line total,Currency,Consent\n"
        "A,2026-11-20T10:00:00Z,a@example.com,x,1,3,EUR,yes\nA,2026-11-20T10:00:00Z,a@example.com,y,1,4,EUR,no\n"
        "B,2026-11-20T10:00:00Z,b@example.com,x,1,3,EUR,yes\n"
    )
    Path("lines.csv").write_text(text, encoding="utf-8")
    assert outcomes(check("lines.csv", rows="line")) == ["no_consent", "no_consent", "ready"]


def test_consent_may_stand_in_the_customer_file(here):
    Path("sales.csv").write_text(
        "Order ID,Date,Customer ID,Total,Currency\n1,2026-11-20T10:00:00Z,c1,5,EUR\n2,2026-11-20T11:00:00Z,c2,6,EUR\n",
        encoding="utf-8",
    )
    Path("people.csv").write_text(
        "Customer ID,Email,Consent\nc1,a@example.com,yes\nc2,b@example.com,no\n", encoding="utf-8"
    )
    joined = {"customers": "people.csv", "join_on": "Customer ID"}
    assert outcomes(check("sales.csv", **joined)) == ["ready", "no_consent"]
    assert outcomes(check("sales.csv", **joined, consent=["Consent=no"])) == ["no_consent", "ready"]


def test_a_column_of_consent_that_no_file_has_is_an_error(here):
    with pytest.raises(UsageError, match="--consent: no file has a column Concent; did you mean Consent"):
        check(export("Consent", "yes"), consent=["Concent=yes"])
    with pytest.raises(UsageError, match="--consent is a column and its words for yes"):
        check("sales.csv", consent=["Consent="])


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def test_people_on_a_list_are_kept_out_by_hash_plain_or_hashed(here):
    export("Note", *"abcdefgh")
    Path("out.txt").write_text(
        "email\n Buyer0@Example.com\n" + sha("buyer1@example.com").upper() + "\n\n+1 202 555 0102\n" + sha("12025550103") + "\n"
        "12025550104, noemail@noemail.com\n(202) 555-0105\n",
        encoding="utf-8",
    )  # fmt: skip
    summary = check("sales.csv", suppress="out.txt", country="US")
    assert outcomes(summary) == ["no_consent"] * 6 + ["ready"] * 2
    assert summary.reasons["skipped"] == {"no_consent": 6}
    lines = Path("sales.csv").read_text(encoding="utf-8")
    for number in range(8):
        lines = lines.replace(f"buyer{number}@example.com", sha(f"buyer{number}@example.com"))
        lines = lines.replace(f"+1202555010{number}", sha(f"1202555010{number}"))
    Path("hashed.csv").write_text(lines, encoding="utf-8")
    assert outcomes(check("hashed.csv", suppress="out.txt", country="US")) == ["no_consent"] * 6 + ["ready"] * 2


@pytest.mark.parametrize(
    "line", ["not a person", "(202) 555-0105", "2025550105", "d41d8cd98f00b204e9800998ecf8427e", "a@", "12"]
)
def test_a_line_that_is_no_person_stops_the_run_and_is_not_quoted(here, line):
    export("Note", "a")
    Path("out.txt").write_text(f"a@example.com\n{line}\n", encoding="utf-8")
    with pytest.raises(UsageError, match=r"Line 2 of out\.txt \(--suppress\)") as error:
        check("sales.csv", suppress="out.txt")
    assert line not in str(error.value)


def test_the_list_is_never_written_over_and_must_be_there(here):
    export("Note", "a")
    with pytest.raises(importer.CapiImportError, match="out"):
        check("sales.csv", suppress="out.txt")
    Path("out.csv").write_text("a@example.com\n", encoding="utf-8")
    with pytest.raises(UsageError, match="would overwrite"):
        check("sales.csv", suppress="out.csv", report="out.csv")


def test_nobody_without_consent_reaches_meta_by_the_command_line(here):
    export("Consent", "yes", "no", "", "yes")
    Path("out.txt").write_text("buyer3@example.com\n", encoding="utf-8")
    graph = Sandbox(SandboxOptions(), clock=lambda: 1_795_474_800)
    with serve(graph) as running:
        done = subprocess.run(
            [
                sys.executable, "-m", "importer", "send", "sales.csv", "--dataset", "1001", "--now", NOW,
                "--graph-url", running.url, "--consent", "Consent=yes", "--suppress", "out.txt", "--ledger", "l.db",
            ],
            capture_output=True, text=True, check=False, env={**os.environ, "CAPI_ACCESS_TOKEN": "any"},
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert [event["user_data"]["em"] for event in graph.events("1001")] == [[sha("buyer0@example.com")]]
