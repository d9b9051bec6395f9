"""Text that is hardly Western is asked about, not read as if it were."""

import pytest

from importer.errors import NeedsAnswer
from importer.read import open_export

HEADER = "Order ID,Date,Name,City,Total\n"


def opened(tmp_path, rows, codec):
    path = tmp_path / "x.csv"
    path.write_bytes(
        (HEADER + "".join(f"{n},2026-11-01,{name},{city},5\n" for n, (name, city) in enumerate(rows))).encode(codec)
    )
    return open_export(path)


@pytest.mark.parametrize(
    ("codec", "rows"),
    [
        ("cp1251", [("Иван Петров", "Москва"), ("Анна", "Казань")]),
        ("cp1253", [("Γιώργος Παπαδόπουλος", "Αθήνα")]),
        ("euc_jp", [("山田太郎", "東京都"), ("佐藤花子", "大阪市")]),
        ("euc_kr", [("김철수", "서울"), ("이영희", "부산")]),
        ("big5", [("王小明", "臺北"), ("陳美麗", "高雄")]),
        ("cp1255", [("דוד כהן", "תל אביב")]),
        ("cp1256", [("محمد علي", "القاهرة")]),
        ("gb18030", [("王小明", "北京"), ("李华", "上海")]),
        ("cp1250", [("Paweł Wałęsa", "Łódź"), ("Michał Kołodziej", "Białystok"), ("Stanisław", "Wrocław")]),
    ],
)
def test_other_scripts_and_code_pages_are_asked_about(tmp_path, codec, rows):
    with pytest.raises(NeedsAnswer, match="--encoding"):
        opened(tmp_path, rows, codec)
    assert open_export(tmp_path / "x.csv", encoding=codec).sample().column("Name").to_pylist() == [
        name for name, _ in rows
    ]


@pytest.mark.parametrize(
    "rows",
    [
        [("Jörg Größe", "Köln"), ("Zoë Müller", "Saarbrücken"), ("Günter Süß", "Überlingen")],
        [("Hélène Lefèvre", "Besançon"), ("Noël", "L'Haÿ-les-Roses"), ("œuvre cœur", "Nîmes")],
        [("José Muñoz", "Málaga"), ("¿quién?", "Cádiz"), ("Begoña", "A Coruña nº 3")],
        [("Søren Ångström", "Århus"), ("Bjørn", "Tromsø"), ("Åse", "Ørsta")],
        [("“Ann” O’Neill – 5 £", "Dún Laoghaire"), ("10 € · ½", "Málaga")],
        [("é", "x")],
    ],
)
def test_western_text_is_read_as_windows_1252(tmp_path, rows):
    export = opened(tmp_path, rows, "cp1252")
    assert export.details["encoding"] == "Windows-1252"
    assert export.sample().column("Name").to_pylist() == [name for name, _ in rows]


@pytest.mark.parametrize(
    "rows",
    [
        [("山田太郎", "東京都"), ("佐藤花子", "大阪市")],
        [("ヤマダ タロウ", "ヨコハマ"), ("さとう", "名古屋")],
        [("株式会社表", "十勝")],
    ],
)
def test_shift_jis_is_recognised_by_the_whole_file(tmp_path, rows):
    export = opened(tmp_path, rows, "cp932")
    assert export.details["encoding"] == "Shift-JIS (cp932)"
    assert export.sample().column("Name").to_pylist() == [name for name, _ in rows]
