from __future__ import annotations

import re

import pytest

from importer.core.normalise import country
from importer.core.normalise.fold import fold
from importer.core.tables import countries, states

IN_MANY_LANGUAGES = {
    "de": "Germany|Deutschland|Allemagne|Alemania|Alemanha|Germania|Duitsland|Tyskland|Niemcy|Německo|Németország|Saksa|Almanya"
    "|Германия|Німеччина|Γερμανία|גרמניה|ألمانيا|المانيا|آلمان|जर्मनी|জার্মানি|ஜெர்மனி|జర్మనీ|जर्मनी|ਜਰਮਨੀ|جرمنی|德国|德國|ドイツ|독일|เยอรมนี|Đức|Jerman",
    "jp": "Japan|Japón|Japon|Japão|Giappone|Япония|اليابان|日本|일본|जापान|জাপান|ญี่ปุ่น|Nhật Bản|Jepang|Ιαπωνία|יפן|Japonia",
    "us": "USA|U.S.A.|US|United States|United States of America|America|Vereinigte Staaten|USA – Vereinigte Staaten"
    "|Estados Unidos|EE. UU.|EUA|États-Unis|Stati Uniti|Verenigde Staten|Stany Zjednoczone|США|美国|美國|アメリカ合衆国|미국|الولايات المتحدة|संयुक्त राज्य",
    "gb": "UK|U.K.|GB|GBR|Great Britain|England|Scotland|Wales|Northern Ireland|United Kingdom (UK)|Vereinigtes Königreich|Royaume-Uni"
    "|Reino Unido|Великобритания|英国|영국|イギリス",
    "eg": "Egypt|مصر|Ägypten|Aegypten|Égypte|埃及",
    "cn": "China|PRC|中国|中國|People's Republic of China|Китай|الصين|चीन",
    "in": "India|भारत|ভারত|Indien|Inde|Индия|印度|الهند|Bharat",
    "tr": "Turkey|Türkiye|Turkiye|Türkei|Turquie|تركيا",
    "at": "Austria|Österreich|Oesterreich|Autriche|Republic of Austria",
    "es": "Spain|España|Espana|Spanien|Espagne|Canary Islands",
}


@pytest.mark.parametrize("code", IN_MANY_LANGUAGES)
def test_a_country_is_known_by_its_names_in_many_languages(code):
    wrong = [name for name in IN_MANY_LANGUAGES[code].split("|") if country.normal(name) != (code, None)]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("us", "us"), ("DEU", "de"), ("[US]", "us"), ("G@B", "gb"), ("EL", "gr"), ("Holland", "nl"), ("Czechia", "cz"), ("Ivory Coast", "ci"),
        ("Burma", "mm"), ("Swaziland", "sz"), ("Macedonia", "mk"), ("Cape Verde", "cv"), ("Korea", "kr"), ("Korea, Republic of", "kr"),
        ("Korea, Democratic People's Republic of", "kp"), ("Congo", "cg"), ("Congo, The Democratic Republic of the", "cd"), ("Guinea", "gn"),
        ("Guinea-Bissau", "gw"), ("Equatorial Guinea", "gq"), ("Papua New Guinea", "pg"), ("Niger", "ne"), ("Nigeria", "ng"),
        ("Dominica", "dm"), ("Dominican Republic", "do"), ("Iran, Islamic Republic of", "ir"), ("Tanzania, United Republic of", "tz"),
        ("Moldova, Republic of", "md"), ("Bolivia, Plurinational State of", "bo"), ("Republic of China", "tw"), ("Republic of Ireland", "ie"),
        ("Taiwan, Province of China", "tw"), ("Virgin Islands, U.S.", "vi"), ("Virgin Islands, British", "vg"), ("St. Lucia", "lc"),
        ("Holy See (Vatican City State)", "va"), ("Falkland Islands (Malvinas)", "fk"), ("The Gambia", "gm"), ("Bahamas, The", "bs"),
        ("Trinidad & Tobago", "tt"), ("Côte d\u2019Ivoire", "ci"), ("Curaçao", "cw"), ("Georgia", "ge"), ("Jersey", "je"), ("Kosovo", "xk"),
        ("Namibia", "na"), ("NA", "na"), ("NO", "no"), ("Germany (Deutschland)", "de"), ("DE - Germany", "de"), ("GB/UK", "gb"),
    ],
)  # fmt: skip
def test_codes_official_names_and_former_names_are_known(text, code):
    assert country.normal(text) == (code, None)


@pytest.mark.parametrize(
    "text",
    [
        "XX",
        "ZZ",
        "EU",
        "Atlantis",
        "Ger.",
        "Deutchland",
        "New Mexico",
        "Virgin Islands",
        "Paris, France",
        "Germany/France",
        "Europe",
        "1",
        "Kongo",
    ],
)
def test_what_the_table_does_not_hold_is_never_guessed(text):
    assert country.normal(text) == (None, "unknown")


@pytest.mark.parametrize("text", ["n/a", "N/A", "-", "none", "unknown", "null"])
def test_a_country_may_be_a_placeholder(text):
    assert country.normal(text) == (None, "placeholder")


def test_a_hash_passes_and_md5_does_not():
    assert country.normal("9B" * 32) == ("9b" * 32, None)
    assert country.normal("d41d8cd98f00b204e9800998ecf8427e") == (None, "md5")


def test_the_table_is_folded_and_its_short_names_are_codes():
    assert all(fold(key) == key for key in countries.CODES)
    assert all(re.fullmatch("[a-z]{2}", code) for code in countries.ALPHA2)
    assert all(countries.CODES[code] == code for code in countries.ALPHA2)
    two_letters = {key for key in countries.CODES if re.fullmatch("[a-z]{1,2}", key)}
    assert two_letters - countries.ALPHA2 == {"uk", "el"}
    assert len(countries.ALPHA2) >= 249


def test_no_name_or_code_of_a_state_belongs_to_both_countries():
    assert not set(states.BY_COUNTRY["us"]) & set(states.BY_COUNTRY["ca"])
    assert len(set(states.BY_COUNTRY["us"].values())) == 50 + 1 + 5 + 3
    assert len(set(states.BY_COUNTRY["ca"].values())) == 13
