"""Print pip constraints that hold every dependency to the lowest version that pyproject.toml allows.

python tools/lowest_versions.py > lowest.txt && pip install -c lowest.txt -e '.[dev]'

The extra `dask` is held too. What only the developers use (`[dev]`) is not: it is the program that must run with what
its users have.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1] / "pyproject.toml"


def lowest(dependencies: Iterable[str]) -> Iterator[str]:
    """Yield `name==version` for each `name>=version`, with its marker; ValueError where a lower bound is missing."""
    for line in dependencies:
        found = re.fullmatch(r"([A-Za-z0-9._-]+)>=([0-9.]+)(\s*;.*)?", line)
        if found is None:
            message = f"pyproject.toml has no lower bound for {line}"
            raise ValueError(message)
        yield f"{found[1]}=={found[2]}{found[3] or ''}"


def main() -> None:
    """Print one constraint a line."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["project"]
    print("\n".join(lowest([*project["dependencies"], *project["optional-dependencies"]["dask"]])))


if __name__ == "__main__":
    main()
