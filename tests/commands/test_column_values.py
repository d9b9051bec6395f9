"""The words of status columns, and values of columns as they stand."""

import importer

TABLE = (
    "Beleg;Datum;Mail;Betrag;Zustand\n"
    "1;20.11.2026 10:15;ada@example.com;12,50;offen\n"
    "2;20.11.2026 11:15;bob@example.com;8,00;bezahlt\n"
    "3;21.11.2026 11:15;cy@example.com;9,00;bezahlt\n"
    "4;21.11.2026 11:15;di@example.com;9,00;Foo\n"
    "5;21.11.2026 11:15;eve@example.com;9,00;\n"
)


def test_each_word_has_its_rows_and_its_meaning_the_most_frequent_first(tmp_path):
    (tmp_path / "till.csv").write_text(TABLE, encoding="utf-8")
    found = [(one.header, one.word, one.rows, one.meaning) for one in importer.statuses(tmp_path / "till.csv")]
    assert found == [
        ("Zustand", "bezahlt", 2, "sale"),
        ("Zustand", "offen", 1, "unpaid"),
        ("Zustand", "Foo", 1, ""),
    ]


def test_an_answer_changes_the_meaning_that_it_names(tmp_path):
    (tmp_path / "till.csv").write_text(TABLE, encoding="utf-8")
    found = importer.statuses(tmp_path / "till.csv", status=["Zustand:offen=sale", "Foo=refunded"])
    assert {one.word: one.meaning for one in found} == {"bezahlt": "sale", "offen": "sale", "Foo": "refunded"}


def test_a_file_without_a_status_has_no_words(tmp_path):
    (tmp_path / "plain.csv").write_text("Order ID,Date,Email,Total\nA1,2026-11-20,a@example.com,5\n", encoding="utf-8")
    assert importer.statuses(tmp_path / "plain.csv") == ()


def test_samples_are_the_values_themselves(tmp_path):
    (tmp_path / "till.csv").write_text(TABLE, encoding="utf-8")
    assert importer.samples(tmp_path / "till.csv")["Mail"] == ("ada@example.com", "bob@example.com")
