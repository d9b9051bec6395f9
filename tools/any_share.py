"""Print how many expressions of each package have the type Any; fail where importer/core has more than 3 %.

python tools/any_share.py
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from mypy import api

ROOT = Path(__file__).resolve().parents[1]
LIMITS = {"importer.core": 0.03}
"""The largest share of a package, its modules at any depth counted together."""


def report() -> str:
    """Return mypy's own report: a line for each module, with its Any expressions and all expressions."""
    with TemporaryDirectory() as folder:
        options = ["--config-file", str(ROOT / "pyproject.toml"), "--any-exprs-report", folder]
        errors, problem, status = api.run([*options, str(ROOT / "importer"), str(ROOT / "tools")])
        if status:
            sys.exit(errors + problem)
        return (Path(folder) / "any-exprs.txt").read_text(encoding="utf-8")


def modules(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each module of the report with its Any expressions and all its expressions."""
    for line in text.splitlines():
        found = re.match(r"\s*([a-z_][\w.]*)\s+(\d+)\s+(\d+)\s+[\d.]+%", line)  # the last line is the total
        if found:
            yield found[1], int(found[2]), int(found[3])


def by_package(counts: Iterator[tuple[str, int, int]]) -> dict[str, tuple[int, int]]:
    """Return both counts of each package: `importer.core` and what stands beside it."""
    anys, totals = Counter[str](), Counter[str]()
    for module, some, total in counts:
        package = ".".join(module.split(".")[:2])
        anys[package] += some
        totals[package] += total
    return {package: (anys[package], total) for package, total in totals.items() if total}


def main() -> None:
    """Print the table, and fail where a package is over its limit."""
    packages = by_package(modules(report()))
    for package, (some, total) in sorted(packages.items(), key=lambda item: -item[1][0] / item[1][1]):
        print(f"{some / total:6.1%}  {some:5} of {total:6}  {package}")
    too_many = [package for package, limit in LIMITS.items() if packages[package][0] > limit * packages[package][1]]
    for package in too_many:
        print(f"{package}: more than {LIMITS[package]:.0%} of the expressions are Any (docs/decisions/0017-types.md).")
    sys.exit(1 if too_many else 0)


if __name__ == "__main__":
    main()
