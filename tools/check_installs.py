"""Install the program as a wheel, from its sdist and editable, and run each beside a project with its own `schemas`.

python tools/check_installs.py

A wheel has one top-level name, `importer`; what an unpacked sdist builds is the same wheel. Needs a package index for
the dependencies.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "shopify_orders.csv"
FOREIGN = {
    "empty": "",
    "broken": "raise RuntimeError('the schemas of another project were imported')\n",
}
"""What stands in the other project's schemas/__init__.py."""


def run(
    *command: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None, allowed: tuple[int, ...] = (0,)
) -> None:
    """Run a command; where it fails, show what it said and end."""
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(map(str, command))} failed:\n{done.stdout}{done.stderr}")


def build(folder: Path) -> tuple[Path, Path]:
    """Return the wheel of this folder, and the one that its sdist builds."""
    run(sys.executable, "-m", "build", "--wheel", "--outdir", folder / "direct", ROOT)
    run(sys.executable, "-m", "build", "--outdir", folder / "by_sdist", ROOT)  # the wheel is built from the sdist
    (direct,), (by_sdist,) = (list((folder / name).glob("*.whl")) for name in ("direct", "by_sdist"))
    return direct, by_sdist


def contents(wheel: Path) -> dict[str, bytes]:
    """Return the files of a wheel by their names."""
    with ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def check_contents(direct: Path, by_sdist: Path) -> None:
    """End with a sentence where a wheel has more than one top-level name, lacks a schema or differs from the other."""
    files = contents(direct)
    names = {name.split("/")[0] for name in files}
    if {name for name in names if not name.endswith(".dist-info")} != {"importer"}:
        sys.exit(f"The wheel has other top-level names than importer: {sorted(names)}")
    folder = ROOT / "schemas"
    wanted = {f"importer/_schemas/{file.relative_to(folder).as_posix()}" for file in folder.rglob("*.[pt][yo]*")}
    page = [
        path for name in ("templates", "static", "locales") for path in (ROOT / "importer" / "page" / name).rglob("*.*")
    ]
    wanted |= {path.relative_to(ROOT).as_posix() for path in page}
    missing = sorted(name for name in wanted if "__pycache__" not in name and name not in files)
    if missing:
        sys.exit(f"The wheel lacks {missing}")
    if contents(by_sdist) != files:
        sys.exit("The wheel that the sdist builds is not the wheel that the checkout builds.")


def try_beside_foreign_schemas(python: Path, folder: Path) -> None:
    """Import, list the schemas and check a sample where another project's `schemas` is found first."""
    for kind, source in FOREIGN.items():
        project = folder / kind
        (project / "schemas").mkdir(parents=True, exist_ok=True)
        (project / "schemas" / "__init__.py").write_text(source, encoding="utf-8")
        env = {"PATH": os.environ["PATH"], "HOME": str(project), "PYTHONPATH": str(project)}
        own = "import schemas; " if kind == "empty" else ""
        run(python, "-c", f"{own}import importer; assert len(importer.schemas()) > 1", cwd=project, env=env)
        report = project / "report.csv"
        check = ("-m", "importer", "check", SAMPLE, "--now", "2026-11-23T23:00:00Z", "--timezone", "UTC")
        written = ("--report", report, "--ledger", project / "ledger.db")
        run(python, *check, *written, cwd=project, env=env, allowed=(0, 1))  # 1: some row is invalid
        report.unlink()  # fails where none was written


def main() -> None:
    """Build, compare, install three times in one environment, and try each."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        direct, by_sdist = build(folder)
        check_contents(direct, by_sdist)
        venv.create(folder / "venv", with_pip=True)
        bins = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
        pip = (bins / "python", "-m", "pip", "--quiet", "--disable-pip-version-check")
        installs: dict[str, tuple[str | Path, ...]] = {
            "wheel": (direct,),
            "wheel of the sdist": ("--no-deps", "--force-reinstall", by_sdist),
            "editable": ("--no-deps", "--editable", ROOT),
        }
        for kind, arguments in installs.items():
            run(*pip, "install", *arguments)
            try_beside_foreign_schemas(bins / "python", folder / "projects")
            print(f"{kind}: works beside another project's schemas")
        run(bins / "capi-import", "demo", cwd=folder)


if __name__ == "__main__":
    main()
