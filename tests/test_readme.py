"""What the README shows is what the program does."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_journey_prints_what_the_readme_shows(tmp_path):
    command, shown = re.search(r"```console\n\$ capi-import (.*?)\n(.*?)```", README, re.DOTALL).groups()
    (tmp_path / "sample_data").symlink_to(ROOT / "sample_data")
    done = subprocess.run(
        [sys.executable, "-m", "importer", *shlex.split(command)],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert without_time(done.stdout) == without_time(shown)
    report = (tmp_path / "orders.report.csv").read_text(encoding="utf-8").splitlines()
    excerpt = README.split("as an editor or spreadsheet shows it:", 1)[1].split("```")[1].strip().splitlines()
    assert set(excerpt) <= set(report)
    assert excerpt[0] == report[0]


def without_time(text: str) -> list[str]:
    return [re.sub(r"[\d.]+ seconds", "N seconds", line.rstrip()) for line in text.strip().splitlines()]


def test_the_two_commands_name_what_the_project_has():
    commands = re.findall(r"```sh\n(python3 -m venv .*?)\n```", README)
    assert len(commands) == 2
    assert "capi-import demo" in commands[0]
    assert "pytest" in commands[1]
