"""Text of one byte a letter is Windows-1252 where its words read best so; else the encoding is asked for."""

import pytest

from importer.errors import NeedsAnswer
from importer.read import open_export

NAMES = {
    ("cp1257", "Lithuanian"): "Jūratė Šarūnas Žydrūnas Eglė Rūta Giedrė Aušra Birutė Živilė Kęstutis Česlovas Audronė "
    "Miglė Žilvinas Danutė Ąžuolas Aistė Gintarė Ugnė Šviesa Ąžuolė",
    (
        "cp1257",
        "Latvian",
    ): "Jānis Pēteris Kristīne Ilzīte Zigrīda Ģirts Ņikita Kārlis Līga Māris Dāvis Anžela Šarlote Ķirsis",
    (
        "cp1254",
        "Turkish",
    ): "Ayşe Çağrı Yıldız Şükrü Işık Oğuz İbrahim Sıla Işıl Doğan İrem Barış Nagihan Tuğba Şeyma Eyüp Kıvanç",
    (
        "cp1250",
        "Croatian",
    ): "Željko Anđela Krešimir Đurđica Božidar Matić Kovačić Nikšić Šime Živko Dražen Čedo Vučić Ćosić",
    ("cp1250", "Romanian"): "Ştefan Ionuţ Mădălina Răzvan Cătălin Bogdană Mihăiţă Luminiţa Căzănel Păun Ţepeş Fănel",
    (
        "cp1250",
        "Czech",
    ): "Jiří Ondřej Matěj Kateřina Zdeněk Růžena Řehoř Věra Žofie Bořek Šárka Břetislav Ludmila Eliška",
    (
        "cp1250",
        "Polish",
    ): "Łukasz Paweł Michał Małgorzata Świętosława Żaneta Błażej Wałęsa Ździsław Kołodziej Gołąb Zięba",
    ("cp1250", "Hungarian"): "Győző Ernő Jenő Erzsébet Dezső Fűtő Kőszegi Csősz Hűvös Rezső Gergő Ödön Bendegúz",
    ("cp1250", "Slovene"): "Črtomir Žiga Matjaž Nuša Boštjan Šimen Tjaša Rožman Kovačič Žnidaršič Čeh",
    ("mac-roman", "German"): "Jürgen Müller Käthe Groß Düsseldorf Jörg Schröder Weiß Lübeck Jäger Österreich",
    ("mac-roman", "French"): "Hélène François Noël Gaëtan Benoît Agnès Loïc Jérôme Zoé Besançon Nîmes",
    ("mac-roman", "Spanish"): "José Muñoz Íñigo Begoña García Martínez Cádiz Málaga León Ángel Óscar",
    ("cp850", "German"): "Jürgen Müller Käthe Groß Düsseldorf Jörg Schröder Weiß Lübeck Jäger Österreich",
    ("cp437", "German"): "Jürgen Müller Käthe Groß Düsseldorf Jörg Schröder Weiß Lübeck Jäger Österreich",
    ("cp850", "Portuguese"): "João Conceição Gonçalves Simões Antônio Inês Mônica Vânia Estêvão",
    ("cp852", "Polish"): "Łukasz Paweł Michał Małgorzata Świętosława Żaneta Błażej Wałęsa Kołodziej",
    ("iso8859-2", "Czech"): "Tomáš Šárka Eliška Růžena Žofie Ondřej Matěj Božena Aleš Lukáš",
}
WESTERN = {
    "German": "Jürgen Müller Käthe Groß Düsseldorf Jörg Schröder Weiß Lübeck Jäger Österreich Übergröße Süß",
    "French": "Hélène François Noël Gaëtan Benoît Agnès Loïc Jérôme Zoé Besançon Nîmes Étienne Lefèvre cœur L’Haÿ",
    "Spanish": "José Muñoz Íñigo Begoña García Martínez Cádiz Málaga León Ángel Óscar Núñez Güell Mª",
    "Italian": "Nicolò Forlì Cantù Mondovì Salò Gesù Città Niccolò Rosà",
    "Portuguese": "João Conceição Gonçalves Simões Antônio Inês Mônica Vânia Estêvão Guimarães Évora",
    "Dutch": "Daniëlle Zoë Chloë Joël Raphaël André België Anaïs",
    "Danish": "Søren Jørgensen Åse Østergård Næstved Ærø Bjørn Sønderborg Køge",
    "Swedish": "Björn Åsa Håkan Löfgren Göteborg Ängelholm Malmö Östersund",
    "Norwegian": "Tromsø Ålesund Øystein Bjørn Sørensen Håkon Bærum",
    "Finnish": "Väinö Mäkinen Järvinen Jyväskylä Hämeenlinna Yrjö Äänekoski",
    "Icelandic": "Þórður Guðrún Sigurður Ísafjörður Garðabær Ægir Björk Höfn Þorsteinn Reykjavík Jón Kristín",
    "Irish": "Séamus Pádraig Gráinne Sinéad Róisín Órla Ciarán O’Neill D’Arcy Jean–Paul",
}


def opened(tmp_path, words, codec, more="", column="EUR"):
    path = tmp_path / "x.csv"
    rows = "".join(f"{n},{word},Ann,ann@example.com,5,{column}\n" for n, word in enumerate(words))
    path.write_bytes((f"Order ID,Name,Friend,Email,Total,Currency\n{rows}" + more).encode(codec))
    return open_export(path)


def question_of(tmp_path, words, codec, **options):
    with pytest.raises(NeedsAnswer) as error:
        opened(tmp_path, words, codec, **options)
    (question,) = error.value.questions
    return question


@pytest.mark.parametrize(("codec", "language"), NAMES)
def test_another_code_page_is_asked_about_and_every_answer_reads_the_file(tmp_path, codec, language):
    words = NAMES[codec, language].split()
    question = question_of(tmp_path, words, codec)
    assert question.kind == "encoding"
    assert all(option.startswith("--encoding ") for option in question.options)
    readings = [
        open_export(tmp_path / "x.csv", encoding=option.split()[1]).sample().column("Name").to_pylist()
        for option in question.options
    ]
    assert words in readings
    assert not any(word in question.text for word in words if not word.isascii())


@pytest.mark.parametrize(("codec", "language"), NAMES)
def test_three_names_in_another_code_page_are_enough_to_ask(tmp_path, codec, language):
    words = [word for word in NAMES[codec, language].split() if word.encode(codec).decode("cp1252", "replace") != word]
    for place in range(0, len(words) - 2, 3):
        question_of(tmp_path, words[place : place + 3], codec)


@pytest.mark.parametrize("language", WESTERN)
def test_western_names_are_read_without_a_question(tmp_path, language):
    words = WESTERN[language].split()
    export = opened(tmp_path, words, "cp1252")
    assert export.details["encoding"] == "Windows-1252"
    assert export.sample().column("Name").to_pylist() == words
    for place in range(0, len(words) - 4, 5):
        assert opened(tmp_path, words[place : place + 5], "cp1252").details["encoding"] == "Windows-1252"


def test_letters_that_are_alike_in_both_pages_are_no_question(tmp_path):
    assert opened(tmp_path, ["Müller", "Grün", "József"], "cp1250", column="HUF").sample().num_rows == 3


def test_the_countries_of_a_file_shift_the_balance(tmp_path):
    danish = ["Øivind"]
    assert opened(tmp_path, danish, "cp1252", column="DKK").details["encoding"] == "Windows-1252"
    assert question_of(tmp_path, danish, "cp1252", column="CZK").options[0] == "--encoding cp1250"


def test_ordinary_signs_of_western_text_are_no_question(tmp_path):
    words = [
        "“Ann",
        "café”",
        "5\xa0€",
        "\xa0€",
        "O’Neill",
        "Jean\xa0Paul",
        "nº",
        "1ª",
        "25°",
        "m²",
        "Mª",
        "…",
        "Acme™",
        "£",
    ]
    assert opened(tmp_path, words, "cp1252").details["encoding"] == "Windows-1252"


@pytest.mark.parametrize("codec", ["cp850", "mac-roman", "cp1250", "cp1254"])
def test_names_in_capitals_are_judged_by_their_letters_too(tmp_path, codec):
    words = {"cp1250": "DVOŘÁK NOVÁČEK ŘÍHA", "cp1254": "YILDIZ ŞAHİN DOĞAN"}.get(codec, "MÜLLER KÖHLER JÄGER").split()
    question_of(tmp_path, words, codec)
    assert opened(tmp_path, ["MÜLLER", "KÖHLER", "GROßMANN", "NUÑEZ"], "cp1252").details["encoding"] == "Windows-1252"


@pytest.mark.parametrize(
    ("codec", "header"),
    [
        ("cp1250", "Nr transakcji sprzedaży;Imię kupującego;Nazwisko kupującego;Kwota do zapłaty"),
        ("iso8859-2", "Nr zamówienia;Imię kupującego;Wartość sprzedaży;Data płatności"),
        ("cp1250", "Číslo objednávky;Jméno zákazníka;Příjmení zákazníka;Částka k úhradě"),
        ("cp1250", "Rendelésszám;Vevő neve;Végösszeg;Fizetés időpontja"),
        ("cp1251", "Номер заказа;Имя покупателя;Сумма;Дата оплаты"),
        ("cp1253", "Αριθμός παραγγελίας;Όνομα πελάτη;Σύνολο;Ημερομηνία"),
        ("cp1254", "Sipariş numarası;Müşteri adı;Müşteri soyadı;Ödeme tutarı"),
    ],
)
def test_headers_that_are_understood_tell_the_code_page(tmp_path, codec, header):
    path = tmp_path / "x.csv"
    path.write_bytes(f"{header}\nA1;Ann;Lee;5\n".encode(codec))
    assert set(header.split(";")) <= set(open_export(path).sample().column_names)
