"""Look through the Dockerfile for what its users count on, where no builder is at hand to try it.

python tools/check_dockerfile.py [DOCKERFILE]
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
KNOWN = frozenset({
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "RUN", "SHELL",
    "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
})  # fmt: skip
TAG = re.compile(r"[:@](?!latest\b)[\w.:-]+")
SECRETS = re.compile(r"TOKEN|SECRET|PASSWORD|PGPASS|ACCESS_KEY", re.IGNORECASE)


class Step(NamedTuple):
    """An instruction. line: where it begins. stage: how many FROM came before it, itself included."""

    line: int
    stage: int
    word: str
    rest: str


def steps(text: str) -> list[Step]:
    """Return the instructions of a Dockerfile, lines that continue joined, comments left out."""
    found: list[Step] = []
    begun, parts, stage = 0, list[str](), 0
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith("#") or (not line.strip() and not parts):
            continue
        begun = begun or number
        parts.append(line.rstrip().removesuffix("\\"))
        if line.rstrip().endswith("\\"):
            continue
        word, _, rest = " ".join(parts).strip().partition(" ")
        stage += word.upper() == "FROM"
        found.append(Step(begun, stage, word.upper(), rest.strip()))
        begun, parts = 0, []
    return found


def faults(text: str, root: Path = ROOT) -> Iterator[str]:
    """Yield what is wrong, each with its line."""
    found = steps(text)
    last = max((step.stage for step in found), default=0)
    names = {step.rest.split()[-1] for step in found if step.word == "FROM" and " as " in step.rest.lower()}
    for step in found:
        for fault in _of_step(step, names, root):
            yield f"line {step.line}: {fault}"
    final = {step.word: step.rest for step in found if step.stage == last}
    user = final.get("USER", "root").partition(":")[0]
    if user in {"root", "0"}:
        yield "the last stage runs as root; USER must name another"
    elif not user.isdecimal():
        yield "USER must be a number, so that Kubernetes can see that it is not root"
    for word in ("HEALTHCHECK", "ENTRYPOINT"):
        if word not in final:
            yield f"the last stage has no {word}"
    if not (root / ".dockerignore").is_file():
        yield "there is no .dockerignore: the history and whatever lies about would be sent to the builder"


def _of_step(step: Step, stages: set[str], root: Path) -> Iterator[str]:
    word, rest = step.word, step.rest
    own_stage = word == "FROM" and rest.split()[0] in stages
    wrong = {
        f"{word} is no instruction": word not in KNOWN,
        "the image has no tag, or the tag latest": word == "FROM" and not (own_stage or TAG.search(rest)),
        "use COPY; ADD unpacks and downloads": word == "ADD",
        "a secret in the image can be read by all who have it": word in {"ENV", "ARG"} and bool(SECRETS.search(rest)),
        f"{word} must be a list, or signals end at a shell": word in {"ENTRYPOINT", "CMD"} and not _is_list(rest),
        "pip without --no-cache-dir leaves its cache in the image": word == "RUN"
        and "pip " in rest
        and "--no-cache-dir" not in rest,
        "apt-get install leaves its lists in the image": word == "RUN"
        and "apt-get install" in rest
        and "rm -rf /var/lib/apt/lists" not in rest,
    }
    yield from (fault for fault, found in wrong.items() if found)
    copied = rest.split()[:-1] if word == "COPY" and "--from=" not in rest else []
    yield from (f"there is no {source} to copy" for source in copied if not (root / source).exists())


def _is_list(text: str) -> bool:
    try:
        return isinstance(json.loads(text), list)
    except ValueError:
        return False


def main() -> int:
    """Print what is wrong; return 1 where something is."""
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "Dockerfile"
    found = list(faults(path.read_text(encoding="utf-8")))
    for fault in found:
        print(f"{path.name}: {fault}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
