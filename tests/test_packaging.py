"""One top-level name, whatever else is called `schemas`. The built wheel and sdist are tried by tools/check_installs.py."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.lowest_versions import lowest

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "sample_data" / "shopify_orders.csv"


def test_the_packages_own_schemas_are_a_relative_link_to_the_folder():
    link = ROOT / "importer" / "_schemas"
    assert link.readlink() == Path("..") / "schemas"
    assert (link / "conversion.py").samefile(ROOT / "schemas" / "conversion.py")


def test_the_program_never_imports_the_name_schemas():
    for file in [*(ROOT / "importer").rglob("*.py"), *(ROOT / "schemas").rglob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            assert "schemas" not in {name.split(".")[0] for name in names}, file


@pytest.mark.parametrize("source", ["", "raise RuntimeError('the schemas of another project')"])
def test_the_checkout_works_beside_another_projects_schemas(tmp_path, source):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "__init__.py").write_text(source, encoding="utf-8")
    env = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    written = ("--report", "report.csv", "--ledger", "ledger.db", "--now", "2026-11-23T23:00:00Z", "--timezone", "UTC")
    done = subprocess.run(
        [sys.executable, "-m", "importer", "check", str(SAMPLE), *written],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (tmp_path / "report.csv").exists(), done.stderr


def test_the_lowest_versions_keep_their_markers():
    assert list(lowest(["click>=8.1.8", "rphonenumbers>=0.1; platform_system != 'Windows'"])) == [
        "click==8.1.8",
        "rphonenumbers==0.1; platform_system != 'Windows'",
    ]
    with pytest.raises(ValueError, match="no lower bound for click"):
        list(lowest(["click"]))
