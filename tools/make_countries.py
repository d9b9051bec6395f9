"""Write importer/core/tables/countries.py from Babel's CLDR names and the hand list below.

Run from the repository's root with Babel installed: python tools/make_countries.py
A name that means one country in English keeps that meaning; any other name that means two countries is left out, and so
is a name whose letters are another country's code. The hand list comes before all of that.
"""

# ruff: noqa: E501  the hand list has a line for each country

from __future__ import annotations

import re
import runpy
import unicodedata
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from babel import Locale
from babel.core import get_global

CORE = Path(__file__).resolve().parents[1] / "importer" / "core"
TARGET = CORE / "tables" / "countries.py"

fold: Callable[[str], str] = runpy.run_path(str(CORE / "normalise" / "fold.py"))["fold"]
"""The program's own, loaded by itself, since the package cannot be imported while its table is missing."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


LOCALES = _words("""
    en en_GB en_AU en_CA zh zh_Hant zh_Hant_HK es es_MX es_AR hi bn bn_IN pt pt_PT ru ja pa pa_Arab vi tr ar ar_EG
    ar_SA ar_MA mr te ko fr fr_CA fr_BE fr_CH de de_AT de_CH ta ur jv id ms it fa fa_AF th pl nl nl_BE uk ro sv da
    nb nn fi cs sk hu el he bg hr sr sr_Latn bs sl lt lv et is ga cy mt sq mk ca gl eu af sw zu ha yo am gu kn ml or
    si ne km lo my ka hy az kk uz ky mn be fil lb fo gd tk ps sd so yue
    """)

NO_COUNTRY = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "CQ"}
INSTEAD = {"AC": "SH", "TA": "SH", "EA": "ES", "IC": "ES", "DG": "IO", "CP": "FR"}
"""Parts of countries that CLDR names and ISO 3166-1 does not."""

HAND: dict[str, str] = {
    "ae": "uae|emirates|united arab emirate|the emirates|emirati arabi|vae|eau|emirates united arab|u.a.e.|الامارات",
    "ag": "antigua",
    "ba": "bosnia|bosnia herzegovina|bosnie|bosnien|bih",
    "bq": "bonaire|bonaire sint eustatius and saba|caribbean netherlands|bonaire saint eustatius and saba",
    "bn": "brunei darussalam",
    "bo": "bolivia plurinational state of|plurinational state of bolivia",
    "by": "byelorussia|belorussia|белоруссия|weissrussland",
    "ca": "kanada|canadá",
    "cc": "cocos islands|cocos keeling islands|keeling islands",
    "cd": "dr congo|drc|rdc|congo kinshasa|democratic republic of the congo|democratic republic of congo"
    "|congo the democratic republic of the|congo democratic republic of the|congo democratic republic|congo dr|zaire"
    "|congo drc|congo dem rep|république démocratique du congo|república democrática del congo"
    "|demokratische republik kongo|democratic republic congo",
    "cg": "congo|congo brazzaville|republic of the congo|republic of congo|congo republic|congo republic of the"
    "|congo republic of|congo rep",
    "ch": "schweiz|suisse|svizzera|svizra|swiss|swiss confederation|schweizerische eidgenossenschaft|zwitserland|helvetia",
    "ci": "ivory coast|cote d ivoire|elfenbeinkuste",
    "cn": "china|prc|p.r. china|pr china|p.r.c.|people's republic of china|peoples republic of china|mainland china"
    "|china mainland|china peoples republic of|中国大陆|中華人民共和國|中华人民共和国|volksrepublik china",
    "cv": "cape verde|cabo verde|kap verde",
    "cz": "czechia|czech republic|czech|cesko|ceska republika|tschechien|tschechische republik|česko",
    "de": "deutschland|germany|federal republic of germany|bundesrepublik deutschland|brd|alemania|allemagne|west germany"
    "|germany federal republic of|đức",
    "dk": "danmark|denmark|kingdom of denmark",
    "do": "dominican republic|republica dominicana|dominican rep|rep dominicana",
    "eg": "egypt|arab republic of egypt|misr",
    "eh": "western sahara",
    "es": "espana|spain|kingdom of spain|reino de españa|canary islands|islas canarias|ceuta|melilla|balearic islands",
    "fk": "falkland islands|falklands|malvinas|islas malvinas|falkland islands malvinas",
    "fm": "micronesia|federated states of micronesia|micronesia federated states of",
    "fo": "faroe islands|faeroe islands|faroes|faeroes",
    "fr": "france|french republic|république française|france metropolitan|metropolitan france|france métropolitaine",
    "gb": "uk|u.k.|great britain|britain|england|scotland|wales|northern ireland|cymru|gb nir|gb eng|gb sct|gb wls"
    "|united kingdom|united kingdom of great britain and northern ireland|britain uk|g.b.|gbr|uk gb"
    "|united kingdom of great britain|ecosse|angleterre|inghilterra|inglaterra|schottland|grossbritannien|gran bretagna"
    "|gran bretaña|grande bretagne|grã bretanha|vereinigtes königreich|vereinigtes königreich großbritannien|royaume uni"
    "|reino unido|regno unito|storbritannien|wielka brytania|英国|英國|イギリス|великобритания|англия|بريطانيا|انجلترا"
    "|storbritannia|groot brittannië|engeland|anglia|velika britanija|velká británie|engelska",
    "ge": "georgia|republic of georgia|sakartvelo|грузия",
    "gf": "french guiana|guyane|french guyana",
    "gm": "gambia|the gambia|republic of the gambia",
    "gn": "guinea|guinea conakry|republic of guinea",
    "gq": "equatorial guinea",
    "gr": "el|greece|hellas|ellada|hellenic republic|grèce|griechenland",
    "gs": "south georgia|south georgia and the south sandwich islands|south georgia and south sandwich islands",
    "gw": "guinea bissau",
    "hk": "hong kong|hongkong|hong kong sar|hong kong sar china|hong kong s.a.r.|hong kong s.a.r., china|hong kong china"
    "|hksar|香港",
    "hm": "heard island and mcdonald islands|heard and mcdonald islands",
    "hr": "croatia|hrvatska|kroatien",
    "id": "indonesia|republik indonesia",
    "ie": "ireland|eire|republic of ireland|ireland republic of|irish republic|ireland republic|roi|southern ireland|irland",
    "il": "israel|state of israel",
    "in": "india|bharat|hindustan|republic of india|hindistan",
    "io": "british indian ocean territory|chagos islands",
    "ir": "iran|irã|islamic republic of iran|iran islamic republic of|persia",
    "it": "italy|italia|italian republic|repubblica italiana",
    "jp": "japan|nippon|nihon|日本国",
    "kh": "cambodia|kampuchea",
    "kn": "saint kitts|st kitts|st kitts nevis|saint kitts and nevis|saint kitts nevis|saint christopher and nevis",
    "kp": "north korea|dprk|democratic people's republic of korea|democratic peoples republic of korea"
    "|korea democratic people's republic of|korea democratic peoples republic of|korea north|korea dem people's rep"
    "|korea dpr|corea del norte|nordkorea",
    "kr": "korea|south korea|republic of korea|korea republic of|korea south|rok|s korea|s. korea|korea republic|korea rep"
    "|한국|대한민국|남한|韓国|韩国|韓國|大韓民国|corea|corea del sur|coree|coree du sud|südkorea|corea do sul|corea del sud",
    "kg": "kyrgyz republic|kyrgyzstan|kirghizia|kirgizia",
    "la": "laos|lao|lao pdr|lao people's democratic republic|lao peoples democratic republic",
    "lc": "st lucia",
    "lk": "sri lanka|ceylon",
    "ly": "libya|libyan arab jamahiriya|state of libya",
    "ma": "morocco|maroc|kingdom of morocco|marocco|المغرب",
    "md": "moldova|republic of moldova|moldova republic of|moldavia|молдавия",
    "mf": "saint martin|st martin|saint martin french part|st martin french part",
    "mk": "macedonia|north macedonia|fyrom|republic of macedonia|macedonia republic of|republic of north macedonia"
    "|the former yugoslav republic of macedonia|former yugoslav republic of macedonia"
    "|macedonia the former yugoslav republic of|macedonia fyrom|fyr macedonia",
    "mm": "burma|myanmar|myanmar burma|birma|birmanie",
    "mo": "macau|macao|macau sar china|macao sar|macau sar|macao china|macau china|macao s.a.r., china|澳门|澳門",
    "mv": "maldives|maldive islands|malediven",
    "mx": "mexico|méxico|mexiko|estados unidos mexicanos|united mexican states|mejico",
    "my": "malaysia|malaya|federation of malaysia",
    "nl": "holland|the netherlands|netherlands|nederland|netherland|olanda|holanda|hollande|kingdom of the netherlands"
    "|niederlande|die niederlande|pays bas|paesi bassi|paises bajos|golandiya|голландия|オランダ|هولندا",
    "no": "norway|norge|noreg|kingdom of norway|norwegen",
    "nz": "new zealand|aotearoa|n.z.|n zealand|neuseeland",
    "om": "oman|omã",
    "ph": "philippines|the philippines|pilipinas|philippine islands|republic of the philippines|filipinas",
    "pl": "poland|polska|republic of poland|rzeczpospolita polska",
    "pm": "saint pierre and miquelon|st pierre and miquelon",
    "pn": "pitcairn|pitcairn island",
    "ps": "palestine|state of palestine|palestine state of|palestinian territory|palestinian territories|west bank|gaza"
    "|palestinian territory occupied|occupied palestinian territory|west bank and gaza|gaza strip|palästina|palaestina|palestina|палестина|filistin|فلسطين",
    "pt": "portugal|portuguese republic|madeira|azores",
    "re": "reunion|la réunion|reunion island|île de la réunion",
    "ru": "russia|russian federation|rossiya|rossija|рф|российская федерация|the russian federation|russland",
    "sa": "saudi arabia|ksa|kingdom of saudi arabia|saudi|saudia|السعوديه|المملكة العربية السعودية",
    "se": "sweden|sverige|kingdom of sweden|schweden",
    "sh": "saint helena|st helena|saint helena ascension and tristan da cunha|ascension|ascension island|tristan da cunha",
    "sj": "svalbard and jan mayen|svalbard|jan mayen",
    "sk": "slovakia|slovak republic|slovensko|slovenska republika",
    "sr": "surinam|suriname",
    "st": "sao tome|sao tome and principe|são tomé e príncipe",
    "sx": "sint maarten|st maarten|sint maarten dutch part|st maarten dutch part|saint maarten",
    "sy": "syria|syrian arab republic|syrian republic",
    "sz": "swaziland|eswatini|kingdom of eswatini|e swatini",
    "tf": "french southern territories|french southern and antarctic lands",
    "th": "thailand|siam|kingdom of thailand|prathet thai|ประเทศไทย|เมืองไทย",
    "tl": "east timor|timor leste|timor",
    "tr": "turkey|turkiye|türkiye cumhuriyeti|republic of turkey|republic of türkiye|turkei",
    "tt": "trinidad|trinidad and tobago|trinidad tobago",
    "tw": "taiwan|taiwan province of china|taiwan roc|taiwan r.o.c.|formosa|republic of china|republic of china taiwan"
    "|chinese taipei|taiwan china|台灣|台湾|臺灣|中華民國",
    "tz": "tanzania|united republic of tanzania|tanzania united republic of|zanzibar",
    "ua": "ukraine|the ukraine|ukraina|украина",
    "um": "us minor outlying islands|united states minor outlying islands|u.s. outlying islands",
    "us": "us|usa|u.s.|u.s.a.|united states|united states of america|america|the states|the us|the usa|u.s. of a|us of a"
    "|estados unidos de américa|estados unidos de america|ee uu|ee. uu.|eeuu|ee.uu|eua|e.u.a.|estados unidos da américa"
    "|etats unis d amérique|états unis d'amérique|usa united states of america|vereinigte staaten von amerika"
    "|stati uniti d'america|verenigde staten van amerika|unites states|unites states of america|amerika"
    "|vereinigte staaten|сша|соединенные штаты америки|美国|美國|アメリカ|アメリカ合衆国|米国|미국|미합중국|امريكا|امريكا الشماليه"
    "|الولايات المتحدة الامريكية|الولايات المتحدة|अमेरिका|संयुक्त राज्य अमेरिका|আমেরিকা|amerika serikat"
    "|amerika birleşik devletleri|abd|hoa kỳ|stany zjednoczone ameryki|statele unite ale americii|ηπα|ארצות הברית|ארהב"
    "|ایالات متحده آمریکا|امریکہ|สหรัฐ|สหรัฐอเมริกา|förenta staterna|america usa|unitedstates america",
    "uy": "uruguay|oriental republic of uruguay",
    "va": "vatican|vatican city|holy see|vatican city state|holy see vatican city state|the holy see|state of vatican city"
    "|the vatican|città del vaticano|vatikanstadt|holy see vatican city|stato della città del vaticano|vaticano|vatikan",
    "vc": "saint vincent|st vincent|saint vincent and the grenadines|st vincent and the grenadines|st vincent grenadines",
    "ve": "venezuela|bolivarian republic of venezuela|venezuela bolivarian republic of",
    "vg": "british virgin islands|virgin islands british|bvi|virgin islands uk|virgin islands gb",
    "vi": "us virgin islands|u.s. virgin islands|united states virgin islands|virgin islands us|usvi|virgin islands u.s."
    "|virgin islands united states|virgin islands of the united states",
    "vn": "vietnam|viet nam|socialist republic of vietnam|việt nam|s.r. vietnam",
    "wf": "wallis and futuna|wallis and futuna islands",
    "ws": "western samoa|samoa",
    "xk": "kosovo|republic of kosovo|kosova",
    "za": "south africa|rsa|republic of south africa|s africa|suid afrika|zuid afrika|südafrika",
}
"""Names that CLDR does not have, and those of which English has only one meaning in a sales export."""

TWO_MEANINGS = {fold(name) for name in ("Virgin Islands", "Saint-Martin Sint Maarten", "Guyana Francesa")}
"""Never in the table by themselves."""


def english_variants(name: str) -> set[str]:
    """Return the ways in which an English name is written: without `and`, with Saint for St., without the article."""
    variants = {name, name.replace("&", "and"), name.replace("&", ""), re.sub(r"^The ", "", name)}
    variants |= {re.sub(r"\bSt\b\.?", "Saint", variant) for variant in variants}
    variants |= {re.sub(r"\bIslands\b", "Island", variant) for variant in variants}
    variants |= {variant.replace(" SAR China", "") for variant in variants}
    return variants


def as_it_is(name: str) -> set[str]:
    """Return the one way in which a name is written where no rule adds another."""
    return {name}


def arabic_variants(name: str) -> set[str]:
    """Return an Arabic name of one word with and without the article."""
    return {name, name.removeprefix("\u0627\u0644")} if name.startswith("\u0627\u0644") and " " not in name else {name}


def german_variants(name: str) -> set[str]:
    """Return a German name with its umlauts and with the two letters that stand for each of them."""
    plain = name
    for umlaut, letters in (("\u00e4", "ae"), ("\u00f6", "oe"), ("\u00fc", "ue"), ("\u00d6", "Oe"), ("\u00c4", "Ae")):
        plain = plain.replace(umlaut, letters)
    return {name, plain}


VARIANTS: dict[str, Callable[[str], set[str]]] = {"en": english_variants, "ar": arabic_variants, "de": german_variants}


def territories(locale: str) -> dict[str, str]:
    """Return CLDR's names of countries and regions in one language, by code."""
    names: Any = Locale.parse(locale).territories
    return dict(names)


def codes() -> dict[str, str]:
    """Map alpha-2 and alpha-3 codes to alpha-2."""
    alpha2 = {code.lower(): code.lower() for code in territories("en") if re.fullmatch("[A-Z]{2}", code)}
    for code in (*NO_COUNTRY, *INSTEAD):
        alpha2.pop(code.lower(), None)
    aliases: Any = get_global("territory_aliases")
    alpha3 = {
        code.lower(): targets[0].lower()
        for code, targets in aliases.items()
        if re.fullmatch("[A-Z]{3}", code) and len(targets) == 1 and targets[0].lower() in alpha2
    }
    return {**alpha3, **alpha2, "xkx": "xk", "rom": "ro", "zar": "cd"}


def names_of(locale: str) -> dict[str, set[str]]:
    """Map the folded names of one language to the countries that they mean."""
    found: dict[str, set[str]] = defaultdict(set)
    for code, name in territories(locale).items():
        if not re.fullmatch("[A-Z]{2}", code) or code in NO_COUNTRY:
            continue
        for variant in VARIANTS.get(locale[:2], as_it_is)(name):
            found[fold(variant)].add(INSTEAD.get(code, code).lower())
    return found


def usable(key: str) -> bool:
    """Tell whether a name is long enough not to be an abbreviation or a code."""
    latin = all("LATIN" in unicodedata.name(char, "") for char in key)
    return len(key) > (3 if latin else 1) and key not in TWO_MEANINGS


def table() -> dict[str, str]:
    """Map every folded name and code to alpha-2: the hand list first, then codes, then English, then all else."""
    hand = {fold(name): code for code, names in HAND.items() for name in names.split("|")}
    clashes = {key for key, code in hand.items() if codes().get(key, code) != code}
    if clashes:
        message = f"names of the hand list that are other countries' codes: {clashes}"
        raise SystemExit(message)
    every: dict[str, set[str]] = defaultdict(set)
    english: dict[str, set[str]] = defaultdict(set)
    for locale in LOCALES:
        for key, meanings in names_of(locale).items():
            if usable(key):
                every[key] |= meanings
                if locale.startswith("en"):
                    english[key] |= meanings
    result = {key: next(iter(meanings)) for key, meanings in every.items() if len(meanings) == 1}
    dropped = sorted(key for key, meanings in every.items() if len(meanings) > 1 and key not in english | hand)
    print("left out, two meanings:", *dropped, sep="\n  ")
    result |= {key: next(iter(meanings)) for key, meanings in english.items() if len(meanings) == 1}
    return {**result, **codes(), **hand}


def source(names: dict[str, str]) -> str:
    """Return the module's text: one line for each country."""
    lines = defaultdict(list)
    for key, code in names.items():
        if key != code:
            lines[code].append(key)
    rows = "\n".join(" ".join([code, *sorted(lines[code])]) for code in sorted({*names.values()}))
    return f'''"""Countries by code and by name in {len(LOCALES)} locales. Written by tools/make_countries.py; not by hand."""

from __future__ import annotations

_LINES = """
{rows}
"""

CODES: dict[str, str] = {{key: line[:2] for line in _LINES.split("\\n") for key in line.split()}}
"""Folded name, alpha-3 or alpha-2 code -> alpha-2 code, all in lower case. Folded as by `normalise.fold.fold`."""

ALPHA2 = frozenset(CODES.values())
"""Every two-letter code, `xk` for Kosovo among them."""
'''


if __name__ == "__main__":
    TARGET.write_text(source(table()), encoding="utf-8")
    print("wrote", TARGET.name)
