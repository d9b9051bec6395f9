"""Invented sales of a chain of shops: 13 columns, 9 of them customer keys, national and international phones.

Nearly every customer is another one. `python benchmarks/till.py ROWS FILE.csv` writes a file to look at.
"""

import csv
import random
import sys
from collections.abc import Iterator
from pathlib import Path

NOW = 1_795_474_800  # 2026-11-23 23:00 UTC
COLUMNS = (
    "order_id", "event_time", "email", "phone", "first_name", "last_name", "city", "state", "zip", "country",
    "external_id", "value", "currency",
)  # fmt: skip
_STARTS = "Mar Jo An Lu Ka Pe El So Ri Ben Tom Da Is Em Ol Nor Vi Gab Fel Hen".split()
_ENDS = "ia hn na cas ren ter la fie chard jamin my vid abel ma iver bert ctor riel ix ry".split()
FIRST = [a + b for a in _STARTS for b in _ENDS] + ["José", "Zoë", "Jürgen", "Anne-Marie", "O'Neil", "Łukasz"]
_FAMILIES = "Schn Mill Gar John Will Bro Dav Wil And Tay Tho Ja Whi Har Mar Cla Le Wal Hal Al".split()
_TAILS = "der son ers cia ams wn is lor as ckson te ris tin rk wis ker len ley man berg".split()
LAST = [a + b + c for a in _FAMILIES for b in ("e", "o", "a", "i", "u", "er", "ar", "on", "in", "ou") for c in _TAILS]
LAST += ["Müller", "Nuñez", "D'Angelo", "van der Berg"]
MAIL = ("gmail.com", "example.com", "outlook.com", "web.de")
PLACES = (
    ("US", "Chicago", "IL", "60601"), ("US", "Boston", "Massachusetts", "02108"), ("US", "St. Louis", "MO", "63101"),
    ("US", "New York", "NY", "10001"), ("DE", "München", "Bayern", "80331"), ("DE", "Berlin", "Berlin", "10115"),
    ("GB", "London", "", "SW1A 1AA"), ("FR", "Paris", "", "75001"), ("CA", "Toronto", "ON", "M5V 2T6"),
    ("NL", "Amsterdam", "", "1012 JS"), ("ES", "Madrid", "Madrid", "28001"), ("IT", "Roma", "RM", "00118"),
    ("AU", "Sydney", "NSW", "2000"), ("CH", "Zürich", "ZH", "8001"),
)  # fmt: skip
CURRENCIES = {"US": "USD", "GB": "GBP", "CA": "CAD", "AU": "AUD", "CH": "CHF"}
PHONES = {
    "US": ("({a}{aa}) {a}{aa}-{4}", "+1 {a}{aa}-{a}{aa}-{4}", "{a}{aa}-{a}{aa}-{4}", "+1{a}{aa}{a}{aa}{4}"),
    "CA": ("({a}{aa}) {a}{aa}-{4}", "+1 {a}{aa}-{a}{aa}-{4}", "{a}{aa}{a}{aa}{4}"),
    "DE": ("+49 17{1} {7}", "017{1} {7}", "+4917{1}{7}", "017{1}/{7}"),
    "GB": ("+44 7{3} {6}", "07{3} {6}", "+447{3}{6}"),
    "FR": ("+33 6 {2} {2} {2} {2}", "06 {2} {2} {2} {2}", "+336{8}"),
    "NL": ("+31 6 {8}", "06-{8}", "+316{8}"),
    "ES": ("+34 6{2} {3} {3}", "6{8}", "+346{8}"),
    "IT": ("+39 34{1} {6}", "34{7}", "+3934{7}"),
    "AU": ("+61 4{2} {3} {3}", "04{2} {3} {3}", "+614{8}"),
    "CH": ("+41 79 {3} {2} {2}", "079 {3} {2} {2}", "+4179{7}"),
}


def digits(count: int, chance: random.Random) -> str:
    return "".join(chance.choices("0123456789", k=count))


def phone(country: str, chance: random.Random) -> str:
    """A shape's {n} are n digits, {a} one from 2 to 9, {aa} two any."""
    text = chance.choice(PHONES[country])
    while "{" in text:
        before, _, rest = text.partition("{")
        kind, _, rest = rest.partition("}")
        filled = chance.choice("23456789") if kind == "a" else digits(2 if kind == "aa" else int(kind), chance)
        text = before + filled + rest
    return text


def sale(number: int, chance: random.Random) -> tuple[str, ...]:
    country, city, state, postcode = chance.choice(PLACES)
    first, last = chance.choice(FIRST), chance.choice(LAST)
    if country in ("US", "DE") and chance.random() < 0.7:
        postcode = f"{chance.randint(1067, 99950):05d}"
    user = f"{first}.{last}{chance.randint(1, 9999)}".replace(" ", "").replace("'", "")
    hour, minute, second = chance.randint(8, 20), chance.randint(0, 59), chance.randint(0, 59)
    return (
        f"T{number:08d}",
        f"2026-11-{chance.randint(1, 20):02d}T{hour:02d}:{minute:02d}:{second:02d}Z",
        f"{user.encode('ascii', 'ignore').decode()}@{chance.choice(MAIL)}",
        phone(country, chance),
        first,
        last,
        city,
        state,
        postcode,
        country,
        f"C{chance.randint(1, 10**9)}",
        f"{chance.randint(100, 50_000) / 100:.2f}",
        CURRENCIES.get(country, "EUR"),
    )


def sales(rows: int, seed: int = 11) -> Iterator[tuple[str, ...]]:
    chance = random.Random(seed)
    return (sale(number, chance) for number in range(rows))


def write(path: Path, rows: int, seed: int = 11) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerow(COLUMNS)
        csv.writer(file, lineterminator="\n").writerows(sales(rows, seed))


if __name__ == "__main__":
    write(Path(sys.argv[2]), int(sys.argv[1]))
