"""Check the documents: compare those that follow from the code with it, and look through the others for mistakes.

python tools/check_docs.py           fails where a document does not say what the code does
python tools/check_docs.py --write   writes the documents that follow from the code
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import click

from importer.cli import cli
from importer.core.model import CUSTOM_FIELDS, EVENT_FIELDS, HELPER_FIELDS, KEYS
from importer.core.plan import ITEM_FIELDS
from importer.core.prepare import SKIPPED
from importer.core.reasons import REASONS, WARNINGS
from importer.results.guide import GUIDE, NOTES, Entry
from importer.schema_files import known_plans

ROOT = Path(__file__).resolve().parents[1]
WRITTEN = "<!-- made by tools/check_docs.py from the code -->\n\n"
AFTERWARDS = {"refunded_after_acceptance"}
DUPLICATE = ("same_file", "other_file", "earlier_run", "amended")
REJECTED = ("meta_rejected",)
UNSENT = ("run_stopped", "answer_lost", "too_many_requests", "expired_waiting", "meta_unavailable")


def status_of(reason: str) -> str:
    """Return the status of a row that ends for this reason."""
    groups = (("skipped", SKIPPED | AFTERWARDS), ("duplicate", DUPLICATE), ("rejected", REJECTED), ("unsent", UNSENT))
    return next((status for status, reasons in groups if reason in reasons), "invalid")


STATUSES = ("invalid", "rejected", "unsent", "duplicate", "skipped")


def reasons_page() -> str:
    """Return the page of reason and warning codes, each with its sentence, its paragraph and an example."""
    rows = sorted(
        (status_of(code), code, text.replace("{detail}", "...").replace("{column}", ""))
        for code, text in REASONS.items()
    )
    lines = ["# Reasons and warnings", "", "Codes are stable: scripts may depend on them.", ""]
    lines += ["| status | reason | in plain words |", "|---|---|---|"]
    lines += [f"| {status} | `{code}` | {text} |" for status, code, text in rows]
    lines += ["", "Warnings are written `field:code`; the row goes on.", ""]
    lines += ["| warning | in plain words |", "|---|---|"]
    lines += [f"| `{code}` | {text} |" for code, text in sorted(WARNINGS.items())]
    lines += ["", "Below, each with what it means, what to do and an invented example."]
    for status in STATUSES:
        lines += ["", f"## {status.capitalize()}"]
        for row_status, code, _ in rows:
            if row_status == status:
                lines += ["", f"### {code}", "", paragraph(GUIDE.get(code))]
    lines += ["", "## Warnings"]
    for code in sorted(WARNINGS):
        lines += ["", f"### {code} (warning)", "", paragraph(NOTES.get(code))]
    return WRITTEN + "\n".join(lines) + "\n"


def paragraph(entry: Entry | None) -> str:
    """Return one entry of the guide as Markdown."""
    if entry is None:
        return "(not explained yet)"
    return f"{entry.means} **What to do:** {entry.action} **For example:** {entry.example}"


def fields_page() -> str:
    """Return the page of the fields that a schema can fill."""
    lines = ["# Fields", "", "What a schema's `[columns]` can fill. Names are Meta's own.", ""]
    lines += ["## Customer keys (`user_data`)", "", "| field | sent | several values |", "|---|---|---|"]
    lines += [
        f"| `{key.name}` | {'SHA-256' if key.hashed else 'clear'} | {'yes' if key.many else 'first usable'} |"
        for key in KEYS
    ]
    for title, names in (
        ("Helpers: columns that help to make a key", HELPER_FIELDS),
        ("The event", EVENT_FIELDS),
        ("What was bought (`custom_data`)", CUSTOM_FIELDS),
        ("One item of `contents` (`[items]`)", ITEM_FIELDS),
    ):
        lines += ["", f"## {title}", "", ", ".join(f"`{name}`" for name in names) + "."]
    return WRITTEN + "\n".join(lines) + "\n"


def exports_page() -> str:
    """Return the page of the exports that are known by name."""
    lines = ["# Exports known by name", "", "| schema | export | layout |", "|---|---|---|"]
    for name, plan in sorted(known_plans().items()):
        layout = "refused" if plan.refusal else "inferred" if plan.inferred else "documented"
        lines.append(f"| [`{name}`](../schemas/exports/{name}.toml) | {plan.title} | {layout} |")
    remarks = {name: " ".join(filter(None, (plan.refusal, plan.notes))) for name, plan in known_plans().items()}
    notes = [f"- `{name}`: {remark}" for name, remark in sorted(remarks.items()) if remark]
    return WRITTEN + "\n".join([*lines, *(["", *notes] if notes else [])]) + "\n"


PAGES = {"docs/reasons.md": reasons_page, "docs/fields.md": fields_page, "docs/exports.md": exports_page}


def stale() -> Iterator[str]:
    """Yield the pages that differ from what the code says."""
    for name, page in PAGES.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != page():
            yield f"{name} is not what the code says: run python tools/check_docs.py --write"


def unexplained() -> Iterator[str]:
    """Yield the codes that the guide does not explain."""
    for code in sorted({*REASONS} - {*GUIDE} | {*WARNINGS} - {*NOTES}):
        yield f"{code} has no paragraph: add it to importer/results/guide"


def undocumented() -> Iterator[str]:
    """Yield the commands and options that the README does not mention."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name, command in cli.commands.items():
        if f"`{name}" not in readme and f"capi-import {name}" not in readme:
            yield f"README.md does not mention the command {name}"
        if name in ("send", "check"):
            options = (option for option in command.params if isinstance(option, click.Option))
            yield from (f"README.md lacks {o.opts[0]}" for o in options if f"`{o.opts[0]}" not in readme)


def broken_links() -> Iterator[str]:
    """Yield relative links without a target, and paths of one machine."""
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        text = path.read_text(encoding="utf-8")
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", text):
            if "://" not in target and not (path.parent / target).exists():
                yield f"{path.relative_to(ROOT)}: the link {target} has no target"
        if re.search(r"/(work|home|root|tmp)/[a-z]", text):
            yield f"{path.relative_to(ROOT)}: contains a path of one machine"


def missing_files() -> Iterator[str]:
    """Find Python files that a document names and that are not there."""
    bases = [
        ROOT / place for place in (".", "importer", "importer/core", "importer/core/normalise", "tests", "tests/core")
    ]
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        for name in re.findall(r"`((?:[a-z_0-9]+/)+[a-z_0-9]+\.py)", path.read_text(encoding="utf-8")):
            if not any((base / name).exists() for base in bases):
                yield f"{path.relative_to(ROOT)}: there is no {name}"


def versions() -> Iterator[str]:
    """Yield a sentence where the changelog does not begin with the package's version."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    found = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    if found is None or found[1] != version:
        yield f"CHANGELOG.md does not begin with {version}"


def dependencies() -> Iterator[str]:
    """Yield the dependencies without a reason in decision 1."""
    reasons = (ROOT / "docs/decisions/0001-dependencies.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = (line for extra in project["optional-dependencies"].values() for line in extra)
    for line in [*project["dependencies"], *extras]:
        name = re.split(r"[><=;\[ ]", line, maxsplit=1)[0]
        if name not in reasons and name != project["name"]:  # its own extras
            yield f"docs/decisions/0001-dependencies.md does not say what {name} is for"


def main() -> None:
    """Write the pages, or print what is wrong and fail."""
    if "--write" in sys.argv:
        for name, page in PAGES.items():
            (ROOT / name).write_text(page(), encoding="utf-8")
        return
    problems = [
        *stale(),
        *unexplained(),
        *undocumented(),
        *broken_links(),
        *missing_files(),
        *versions(),
        *dependencies(),
    ]
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
