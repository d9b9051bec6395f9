"""Run docs/notebook.ipynb in a kernel of its own, and compare what it prints with what it shows.

python tools/run_notebook.py            fails where a cell fails, or prints something else
python tools/run_notebook.py --write    keeps what the cells print
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[1] / "docs" / "notebook.ipynb"


def printed(notebook: Any) -> list[list[str]]:
    """Return what each cell prints, as text."""
    return [
        ["".join(output.get("text", output.get("data", {}).get("text/plain", ""))) for output in cell.outputs]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]


def main() -> None:
    """Run the notebook in an empty folder."""
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    shown = printed(notebook)
    with TemporaryDirectory() as folder:
        NotebookClient(notebook, timeout=280, resources={"metadata": {"path": folder}}).execute()
    for cell in notebook.cells:
        cell.metadata = {}  # the times of this run
    if "--write" in sys.argv:
        nbformat.write(notebook, NOTEBOOK)
    elif printed(notebook) != shown:
        sys.exit(f"{NOTEBOOK.name} shows something else than it prints: run python tools/run_notebook.py --write")


if __name__ == "__main__":
    main()
