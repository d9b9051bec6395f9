"""The judge shares nothing with what it judges."""

import ast
from pathlib import Path

import importer.graph_sandbox

FOLDER = Path(importer.graph_sandbox.__file__).parent


def test_the_sandbox_imports_nothing_of_the_program_but_its_errors():
    names = set()
    for file in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names.add(node.module)
            elif isinstance(node, ast.Import):
                names |= {alias.name for alias in node.names}
    own = {name for name in names if name.startswith(("importer", "schemas"))}
    assert {name for name in own if not name.startswith("importer.graph_sandbox")} == {"importer.errors"}
    assert not names & {"httpx", "pyarrow", "pandas", "phonenumbers", "pydantic", "click"}
