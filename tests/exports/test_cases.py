"""Small files with one trouble each (cases/README.md): nothing is silently wrong, nothing is missed without a reason.

Run as a script, it prints what became of every case; a folder as its argument stands in for tests/cases.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from case_truth import ACCEPTED, CASES, MISSED, RIGHT, WRONG, cases, judged


@pytest.mark.parametrize("name", cases())
def test_each_entry_is_right_or_fairly_asked(name, tmp_path):
    assert [verdict for verdict in judged(name, tmp_path) if verdict.grade in (MISSED, WRONG)] == []


def test_all_cases_are_there():
    assert len(cases()) >= 48


def main(folder: Path) -> None:
    total: Counter[str] = Counter()
    for name in cases(folder):
        with tempfile.TemporaryDirectory() as fresh:
            verdicts = judged(name, Path(fresh), folder)
        grades = Counter(verdict.grade for verdict in verdicts)
        total += grades
        print(f"{name:45}" + "".join(f"{grades[grade] or '':>5}" for grade in (RIGHT, ACCEPTED, MISSED, WRONG)))
        for verdict in verdicts:
            if verdict.grade in (MISSED, WRONG):
                print(f"    {verdict.grade}: {verdict.entry}: {verdict.why}")
    print(" ".join(f"{grade} {total[grade]}" for grade in (RIGHT, ACCEPTED, MISSED, WRONG)))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else CASES)
