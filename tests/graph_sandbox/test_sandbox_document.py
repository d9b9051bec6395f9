"""docs/sandbox.md says what the code does."""

import re
from pathlib import Path

from importer.graph_sandbox import Sandbox, SandboxOptions
from importer.graph_sandbox.access import SEND_ONLY_TOKEN, TOKENS
from importer.graph_sandbox.graph_errors import SHAPE
from importer.graph_sandbox.localized_texts import _RULE_TEXTS

TEXT = (Path(__file__).resolve().parents[2] / "docs" / "sandbox.md").read_text(encoding="utf-8")


def test_every_special_token_stands_there_with_its_answer():
    rows = dict(re.findall(r"^\| `([a-z-]+)` \| (.*?) \|$", TEXT, re.MULTILINE))
    assert set(rows) == {*TOKENS, SEND_ONLY_TOKEN}
    for token, error in TOKENS.items():
        code = f"{error.code}/{error.subcode}" if error.subcode else str(error.code)
        assert rows[token].startswith(f"{code}, HTTP {error.status}")


def test_every_subcode_of_a_rule_stands_there():
    assert set(re.findall(r"\b2804\d{3}\b", TEXT)) == {*_RULE_TEXTS, str(SHAPE)}


def test_every_option_and_method_is_named():
    named = set(re.findall(r"\b\w+\b", TEXT))
    options = set(SandboxOptions.__dataclass_fields__)
    methods = {name for name in vars(Sandbox) if not name.startswith("_")}
    assert options <= named
    assert methods <= named


def test_the_python_example_runs(capsys):
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    exec(compile(code, "docs/sandbox.md", "exec"), {})  # noqa: S102 the document's own example
    address, summary = capsys.readouterr().out.splitlines()
    assert address.startswith("http://127.0.0.1:")
    assert summary.startswith("SandboxSummary(requests=0")
