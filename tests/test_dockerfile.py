"""The Dockerfile as far as it can be judged without a builder, and the check that judges it."""

import importlib.util
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
spec = importlib.util.spec_from_file_location("check_dockerfile", ROOT / "tools" / "check_dockerfile.py")
check_dockerfile = importlib.util.module_from_spec(spec)
spec.loader.exec_module(check_dockerfile)
TEXT = (ROOT / "Dockerfile").read_text(encoding="utf-8")


def test_the_dockerfile_keeps_the_rules():
    assert list(check_dockerfile.faults(TEXT)) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("USER 10001:10001\n", "", "runs as root"),
        ("USER 10001:10001", "USER root", "runs as root"),
        ("USER 10001:10001", "USER capi", "must be a number"),
        ("HEALTHCHECK", "LABEL a=b #", "has no HEALTHCHECK"),
        ("python:3.11-slim-bookworm\n", "python\n", "has no tag"),
        ("python:3.11-slim-bookworm\n", "python:latest\n", "has no tag"),
        ('ENTRYPOINT ["capi-import"]', "ENTRYPOINT capi-import", "must be a list"),
        ("pip wheel --no-cache-dir", "pip wheel", "leaves its cache"),
        ("ENV HOME", "ENV CAPI_ACCESS_TOKEN=x HOME", "a secret in the image"),
        ("COPY schemas", "COPY schemes", "there is no schemes"),
        ("COPY schemas", "ADD schemas", "use COPY"),
        ("VOLUME", "VOLUMES", "VOLUMES is no instruction"),
    ],
)
def test_what_breaks_a_rule_is_told(old, new, fault):
    assert old in TEXT
    assert any(fault in found for found in check_dockerfile.faults(TEXT.replace(old, new)))


def test_steps_that_go_on_over_lines_are_one_and_comments_are_none():
    found = check_dockerfile.steps("FROM a:1\n# no\nRUN x \\\n  # no\n  y\n\nFROM b:2\nUSER 1\n")
    assert [(step.line, step.stage, step.word, step.rest.split()) for step in found] == [
        (1, 1, "FROM", ["a:1"]), (3, 1, "RUN", ["x", "y"]), (7, 2, "FROM", ["b:2"]), (8, 2, "USER", ["1"]),
    ]  # fmt: skip
