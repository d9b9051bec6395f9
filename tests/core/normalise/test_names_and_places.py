from __future__ import annotations

import unicodedata

import pytest

from importer.core.normalise import city, full_name, gender, names, state


def CITY(text):  # noqa: N802
    return city.normal(text, None)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("  Mary ", "mary"),
        ("Mary Jane", "maryjane"),
        ("O'Brien-Smith", "obriensmith"),
        ("O\u2019Neill", "oneill"),
        ("Ka\u02bbahumanu", "kaahumanu"),
        ("Valéry", "valéry"),
        ("Vale\u0301ry", "valéry"),
        ("Søren", "søren"),
        ("Nguyễn", "nguyễn"),
        ("Straßer", "straßer"),
        ("\u0130brahim", "ibrahim"),
        ("ΠΑΠΑΔΟΠΟΥΛΟΣ", "παπαδοπουλος"),
        ("ΑΘΗΝΆ", "αθηνά"),
        ("Наталья", "наталья"),
        ("محمد", "محمد"),
        ("محمـد", "محمد"),
        ("גַּל", unicodedata.normalize("NFC", "גַּל")),
        ("गौरव", "गौरव"),
        ("정", "정"),
        ("\u110c\u1165\u11bc", "정"),
        ("名前", "名前"),
        ("Ｍａｒｙ", "mary"),
        ("ﬁona", "fiona"),
        ("𝐌𝐚𝐫𝐲", "mary"),
        ("Mary \u2764\ufe0f", "mary"),
        ("葛\U000e0100城", "葛城"),
        ("क्\u200dष", "क्ष"),
        ("Jean–Luc", "jeanluc"),
        ("Henry 8", "henry8"),
        ("Null", "null"),
        ("Nan", "nan"),
        ("Na", "na"),
        ("Test", "test"),
    ],
)
def test_a_name_keeps_its_letters_marks_and_digits_in_lower_case(text, form):
    assert names.given(text) == (form, None)
    assert names.family(text) == (form, None)


@pytest.mark.parametrize(
    "text",
    [
        "n/a", "N/A", "(n/a)", "#N/A", "none", "None", "NULL", "null", "nan", "NaN", "NA", "unknown", "-", "--", ".", "???",
        "xxx", "XX", "tbd", "undefined", "anonymous", "walk-in", "Walk In", "Walk-In Customer", "customer", "[redacted]",
        "unbekannt", "Consumidor Final", "未知",
    ],
)  # fmt: skip
def test_placeholders_are_no_names(text):
    assert names.given(text) == (None, "placeholder")
    assert names.family(text) == (None, "placeholder")


def test_guest_is_no_first_name_but_a_surname():
    assert names.given("Guest") == (None, "placeholder")
    assert names.family("Guest") == ("guest", None)


@pytest.mark.parametrize("text", ["!!!", "(),[]{}", "📱", "\x00", "\\\\\\", "========"])
def test_without_any_letter_there_is_no_name(text):
    assert names.given(text) == (None, "invalid")


@pytest.mark.parametrize("function", [names.given, names.family, CITY])
def test_marks_do_not_hide_a_hash(function):
    assert function("d41d8cd98f00b204e9800998ecf8427e:") == (None, "md5")


@pytest.mark.parametrize("function", [names.given, names.family, CITY, gender.normal])
def test_hashes_pass_in_lower_case_and_useless_ones_are_named(function):
    assert function("A" * 64) == ("a" * 64, None)
    assert function("d41d8cd98f00b204e9800998ecf8427e") == (None, "md5")
    assert function("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855") == (None, "hash_of_nothing")


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("Jordan Smith", "jordan", "smith"),
        ("Jordan Smith, Jr.", "jordan", "smith"),
        ("Smith, Jordan", "jordan", "smith"),
        ("SMITH, JORDAN Q.", "jordan", "smith"),
        ("van Dyke, Dick", "dick", "vandyke"),
        ("Mr. John Smith", "john", "smith"),
        ("Dr. med. Anna Schmidt", "anna", "schmidt"),
        ("Prof. Dr. Hans Müller", "hans", "müller"),
        ("Herr Müller", None, "müller"),
        ("Mme Curie", None, "curie"),
        ("Ludwig van Beethoven", "ludwig", "vanbeethoven"),
        ("Maria de la Cruz", "maria", "delacruz"),
        ("Mohammed bin Salman", "mohammed", "binsalman"),
        ("John Q. Public", "john", "public"),
        ("Robert (Bob) Smith III", "robert", "smith"),
        ('William "Bill" Gates', "william", "gates"),
        ("Jean-Luc Picard", "jeanluc", "picard"),
        ("Nguyễn Văn An", "nguyễn", "an"),
        ("Madonna", "madonna", None),
        ("김철수", "철수", "김"),
        ("남궁민수", "민수", "남궁"),
        ("山田 太郎", "太郎", "山田"),
        ("山田太郎", "山田太郎", None),
        ("Maria Sa", "maria", "sa"),
        ("Anna Sas", "anna", "sas"),
    ],
)
def test_a_whole_name_parts_into_first_name_and_surname(text, first, last):
    assert full_name.normal(text) == (first, last, None)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Acme GmbH", "invalid"), ("Acme Trading LLC", "invalid"), ("Nestle SA", "invalid"), ("ACME, Inc.", "invalid"),
        ("ООО Ромашка", "invalid"), ("Guest", "placeholder"), ("Walk-in Customer", "placeholder"), ("---", "placeholder"),
        ("d" * 64, "invalid"), (",(Bob)", "invalid"), ("", None), (" ", None),
    ],
)  # fmt: skip
def test_companies_and_placeholders_have_no_names(text, code):
    assert full_name.normal(text) == (None, None, code)


@pytest.mark.parametrize(
    ("text", "form", "second"),
    [
        ("New York", "newyork", None),
        ("St. Louis", "stlouis", None),
        ("Menlo-Park", "menlopark", None),
        ("Zürich", "zürich", "zurich"),
        ("Zu\u0308rich", "zürich", "zurich"),
        ("Gießen", "gießen", "giessen"),
        ("Łódź", "łódź", "lodz"),
        ("København", "københavn", "kobenhavn"),
        ("Ærøskøbing", "ærøskøbing", "aeroskobing"),
        ("Đà Nẵng", "đànẵng", "danang"),
        ("Þorlákshöfn", "þorlákshöfn", "thorlakshofn"),
        ("São Paulo", "sãopaulo", "saopaulo"),
        ("Diyarbakır", "diyarbakır", "diyarbakir"),
        ("İstanbul", "istanbul", None),
        ("Москва", "москва", None),
        ("Αθήνα", "αθήνα", None),
        ("東京", "東京", None),
        ("दिल्ली", "दिल्ली", None),
        ("القاهرة", "القاهرة", None),
        ("New York, NY", "newyorkny", None),
    ],
)
def test_a_city_has_its_own_letters_and_if_latin_a_form_in_a_to_z(text, form, second):
    assert city.normal(text, None) == (form, None)
    assert city.folded(form) == second


@pytest.mark.parametrize(
    "text",
    [
        "f",
        "Female",
        "WOMAN",
        "weiblich",
        "w",
        "femme",
        "mujer",
        "женский",
        "女",
        "여성",
        "Kadın",
        "أنثى",
        "महिला",
        "Frau",
        "Mrs.",
    ],
)
def test_words_for_a_woman_are_f(text):
    assert gender.normal(text) == ("f", None)


@pytest.mark.parametrize(
    "text",
    ["M", "male", "Man", "männlich", "homme", "hombre", "мужской", "男", "남성", "ERKEK", "ذكر", "पुरुष", "Herr", "Mr"],
)
def test_words_for_a_man_are_m(text):
    assert gender.normal(text) == ("m", None)


@pytest.mark.parametrize("text", ["U", "X", "diverse", "d", "non-binary", "other", "1", "0", "fm", "prefer not to say"])
def test_other_words_have_no_letter_at_meta(text):
    assert gender.normal(text) == (None, "unknown")


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("California", "us", "ca"), ("Calif.", "us", "ca"), ("N.Y.", "us", "ny"), ("Mass.", None, "ma"), ("Penna", None, "pa"),
        ("District of Columbia", "us", "dc"), ("Washington, D.C.", "us", "dc"), ("Puerto Rico", "us", "pr"), ("Guam", "gu", "gu"),
        ("US-TX", "us", "tx"), ("US-TX", None, "tx"), ("Texas (TX)", "us", "tx"), ("New York, NY", "us", "ny"),
        ("Québec", "ca", "qc"), ("P.Q.", "ca", "qc"), ("PEI", "ca", "pe"), ("CA-ON", "ca", "on"), ("CA-ON", None, "on"),
        ("Nouvelle-Écosse", "ca", "ns"), ("Newfoundland & Labrador", "ca", "nl"), ("Ontario", None, "on"),
        ("NSW", "au", "nsw"), ("New South Wales", "au", "newsouthwales"), ("WA", "au", "wa"),
        ("São Paulo", "br", "sãopaulo"), ("BR-SP", "br", "sp"), ("D.F.", "mx", "df"), ("Ciudad de México", "mx", "ciudaddeméxico"),
        ("Maharashtra", "in", "maharashtra"), ("東京都", "jp", "東京都"), ("Bayern", "de", "bayern"), ("DE-SN", "de", "sn"),
        ("Valle d'Aosta", "it", "valledaosta"), ("Castilla-La Mancha", "es", "castillalamancha"), ("Georgia", "ge", "georgia"),
        ("Bavaria", None, "bavaria"), ("XY", None, "xy"), ("San Juan", "pr", "sanjuan"), ("IT", "it", "it"),
    ],
)  # fmt: skip
def test_a_state_is_two_letters_in_north_america_and_its_name_elsewhere(text, country, form):
    assert state.normal(text, country) == (form, None)


@pytest.mark.parametrize(
    ("text", "country", "code"),
    [
        ("Bayern", "us", "unknown"),
        ("XY", "ca", "unknown"),
        ("-", "us", "placeholder"),
        ("N/A", None, "placeholder"),
        ("!!!", "de", "invalid"),
    ],
)
def test_what_is_no_state_is_dropped(text, country, code):
    assert state.normal(text, country) == (None, code)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Dr. Anna", "anna"), ("Dr.Anna", "anna"), ("Mr John", "john"), ("Prof. Dr. Eva Maria", "evamaria"),
        ("Frau Eva", "eva"), ("Mary Jane", "maryjane"), ("Pan Wei", "panwei"), ("Sir", "sir"), ("Sir John", "john"), ("Eva, Dr.", "eva"), ("J", "j"), ("JOHN😀", "john"),
    ],
)  # fmt: skip
def test_a_first_name_has_no_title(text, form):
    assert names.given(text) == (form, None)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Smith Jr.", "smith"), ("Smith, Jr.", "smith"), ("Smith III", "smith"), ("Smith IV", "smith"), ("Smith,Jr", "smith"), ("Smith PhD", "smith"),
        ("Smith, M.D.", "smith"), ("Dr. Müller", "müller"), ("Rahman Md", "rahmanmd"), ("da Silva Junior", "dasilvajunior"),
        ("St. James", "stjames"), ("van der Berg", "vanderberg"), ("Jr.", "jr"),
    ],
)  # fmt: skip
def test_a_surname_has_no_generation_and_no_title(text, form):
    assert names.family(text) == (form, None)


@pytest.mark.parametrize(
    "text",
    ["ann@example.com", "Ann ann@example.com", "+14155550132", "415 555 0132", "12345", "https://x.example", "Mr."],
)
def test_what_is_no_name_is_not_taken_for_one(text):
    assert names.given(text) == (None, "invalid")


@pytest.mark.parametrize(
    ("text", "country", "form"),
    [
        ("New York, NY", "us", "newyork"), ("New York, New York", "us", "newyork"), ("Boston MA", "us", "boston"),
        ("Springfield, Illinois, USA", "us", "springfield"), ("Washington, D.C.", "us", "washington"),
        ("San Francisco CA 94105", "us", "sanfrancisco"), ("Toronto ON M5V 2T6", "ca", "toronto"),
        ("São Paulo - SP", "br", "sãopaulo"), ("London, UK", "gb", "london"), ("Lisboa - Portugal", "pt", "lisboa"),
        ("10115 Berlin", "de", "berlin"), ("D-10115 Berlin", "de", "berlin"), ("London SW1A 1AA", "gb", "london"),
        ("1012 AB Amsterdam", "nl", "amsterdam"), ("00-950 Warszawa", "pl", "warszawa"), ("111 22 Stockholm", None, "stockholm"),
        ("SYDNEY NSW 2000", "au", "sydney"), ("Sydney NSW 2000", None, "sydney"), ("Winston-Salem", "us", "winstonsalem"),
        ("Mumbai - 400001", "in", "mumbai"), ("Mumbai-400001", "in", "mumbai"), ("〒100-0001 東京", "jp", "東京"),
        ("Portland OR", "us", "portland"), ("D02 X285 Dublin", "ie", "dublin"),
        ("Stoke-on-Trent", "gb", "stokeontrent"), ("Dublin 2", "ie", "dublin2"), ("29 Palms", "us", "29palms"),
    ],
)  # fmt: skip
def test_a_city_is_without_its_postcode_state_and_country(text, country, form):
    assert city.normal(text, country) == (form, None)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Berlin (Mitte)", "de"),
        ("Frankfurt (Oder)", "de"),
        ("Paris, France", "us"),
        ("12345", None),
        ("12345", "us"),
        ("PORTLAND OR", "us"),
    ],
)
def test_a_city_beside_something_else_is_left_open(text, country):
    assert city.normal(text, country) == (None, "invalid")


@pytest.mark.parametrize("text", ["Doe, John", "Doe, John Jr.", "ann@example.com", "555-0132"])
def test_what_is_no_surname_is_not_taken_for_one(text):
    assert names.family(text) == (None, "invalid")


@pytest.mark.parametrize("text", ["M. et Mme", "Ann & Bob", "Ann/Bob", "Ann and Bob", "Ulla und Max"])
def test_the_first_names_of_two_people_are_nobody_s(text):
    assert names.given(text) == (None, "invalid")


@pytest.mark.parametrize(
    ("text", "form"), [("Ann (new)", "ann"), ("Robert (Bob)", "robert"), ("Sandra", "sandra"), ("Lee (Mrs)", "lee")]
)
def test_a_note_in_brackets_is_no_part_of_a_name(text, form):
    assert names.given(text) == names.family(text) == (form, None)


@pytest.mark.parametrize(
    ("text", "form"),
    [("Paris Cedex 08", "paris"), ("LYON CEDEX", "lyon"), ("Lille cedex 9", "lille"), ("Cedex", "cedex")],
)
def test_cedex_is_no_part_of_a_city(text, form):
    assert city.normal(text, "fr") == (form, None)
