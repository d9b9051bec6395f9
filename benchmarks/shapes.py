"""The sales of `till.py`, their times, amounts, phones, e-mails and ids in other shapes, some cells broken.

python benchmarks/shapes.py FOLDER [ROWS] writes 36 files; compare two versions over all of them:

python benchmarks/against.py REV FOLDER/*.csv
"""

import csv
import random
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import cycle
from pathlib import Path

from till import COLUMNS, NOW, digits, sales

BROKEN = 0.03
"""Share of the cells in a shaped column that come from its list of odd ones."""
ODD = {
    "event_time": (
        "", "yesterday", "2026-13-01", "2026-02-30", "0000-00-00", "2026-11-15", "15.11.2026", "2031-01-01",
        "1999-01-01T00:00:00Z", "2026-11-15T25:00:00Z",
    ),
    "value": ("", "abc", "1,2,3", "NaN", "inf", "0.00", "1.234", "12,345", "1e3", "\u0663\u066b\u0665", "5-", " 7.5"),
    "phone": ("", "0", "n/a", "12345", "+", "1111111111", "000000000", "+1234567890123456", "a555010203"),
    "email": (
        "", "none", "a@b", "a b@c.de", "<x@y.com>", "mailto:x@y.com", "x@@y.com", "x@y.com;z@y.com", "x@y,com",
        ".a@b.com", "a@b..com", "test@test.com",
    ),
    "first_name": ("José", "Zoë", "O'Neil", "李", "Dr. Max", "Ngọc", "İpek", "ß", ".", "n/a", "Иван", "\u200bEve"),
    "last_name": ("Mu\u0308ller", "de la Cruz", "Ελένη", "x\u00a0y", "김", "a1b2", "", "Smith Jr."),
    "city": ("São Paulo", "'s-Hertogenbosch", "東京", "L'Aquila", "", "Città di Castello"),
    "state": ("Texas", "US-CA", "zz", "", "New South Wales", "Québec", "NRW"),
    "zip": ("02134-1234", "D-80331", "10115.0", "1010", "", "00501", "1234-567", "ABC", "99999-0000"),
    "country": ("Germany", "us", "uk", "", "XX", "ÖSTERREICH", "United Kingdom"),
    "currency": ("usd", "€", "JPY", "XXX", ""),
}  # fmt: skip
_TIMES = (
    "%Y-%m-%dT%H:%M:%SZ", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S+02:00", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M %p",
    "%d.%m.%Y", "%d %b %Y %H:%M:%S", "%b %d, %Y, %I:%M %p", "%Y%m%d", "%Y%m%d%H%M%S", "%Y-%m-%d %H:%M:%S.%f",
    "%d. November 2026", "%a, %d %b %Y %H:%M:%S +0000", "%Y-%m-%d %H:%M:%S UTC",
)  # fmt: skip
_AMOUNTS: tuple[Callable[[float], str], ...] = (
    lambda amount: f"{amount:.2f}",
    lambda amount: f"{amount:.2f}".replace(".", ","),
    lambda amount: f"{amount:,.2f}",
    lambda amount: f"{amount:,.2f}".translate(str.maketrans(",.", ".,")),
    lambda amount: f"${amount:,.2f}",
    lambda amount: f"{amount:.2f} €".replace(".", ","),
    lambda amount: f"CHF {amount:,.2f}".replace(",", "'"),
    lambda amount: f"{amount:,.2f}".replace(",", " ").replace(".", ","),
    lambda amount: f"({amount:.2f})" if amount < 50 else f"{amount:.2f}",
    lambda amount: str(int(amount)),
    repr,
    lambda amount: f"{amount:.3e}",
)
_PHONES = (
    "+336########", "06 ## ## ## ##", "(2##) 555-####", "+44 (0)7### ######", "0049 171 #######", "336########.0",
    "3.36846E+10", "+1 312-555-#### ext. ##",
)  # fmt: skip
_EMAILS = ("anna####@Example.com", "x+tag####@gmail.com", "ü#####@exämple.de", "a" * 32 + "#" * 32, "A" * 64)
_IDS = ("T{0:08d}", "1{0:07d}", "#{0}", "{0:08x}-1234-4abc-9def-{0:012x}", "{0}.0", "{0}.23E+15", 'Ö"{0}', "b\\{0}, ")


def filled(shape: str, chance: random.Random) -> str:
    """Return the shape with a digit for each `#`."""
    return "".join(digits(1, chance) if sign == "#" else sign for sign in shape)


def time_of(shape: str, chance: random.Random) -> str:
    moment = datetime.fromtimestamp(NOW, UTC) - timedelta(seconds=chance.uniform(86_400, 20 * 86_400))
    if shape in ("seconds", "milliseconds"):
        return str(int(moment.timestamp() * (1 if shape == "seconds" else 1000)))
    if shape == "serial":
        return f"{25_569 + moment.timestamp() / 86_400:.6f}"
    return moment.strftime(shape)


def write(folder: Path, rows: int) -> None:
    amounts, phones, emails, ids = cycle(_AMOUNTS), cycle(_PHONES), cycle(_EMAILS), cycle(_IDS)
    for number, times in enumerate((*_TIMES, "seconds", "milliseconds", "serial", "mixed") * 2):
        chance = random.Random(number)
        amount, phone, email, order = next(amounts), next(phones), next(emails), next(ids)
        with (folder / f"shape{number:02d}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for place, cells in enumerate(sales(rows, number)):
                sale = dict(zip(COLUMNS, cells, strict=True))
                sale["order_id"] = order.format(place)
                sale["event_time"] = time_of(chance.choice(_TIMES) if times == "mixed" else times, chance)
                sale["value"] = amount(chance.choice((10, 1_000, 100_000)) * chance.random())
                sale["phone"], sale["email"] = filled(phone, chance), filled(email, chance)
                for name, odd in ODD.items():
                    if chance.random() < BROKEN:
                        sale[name] = chance.choice(odd)
                writer.writerow(sale.values())


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, int(sys.argv[2]) if len(sys.argv) > 2 else 12_000)
