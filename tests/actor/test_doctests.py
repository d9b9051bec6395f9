"""The examples in the docstrings and in the actor's page do what they show."""

import doctest
import importlib
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[2] / "docs" / "actor.md"
MODULES = (
    "importer.actor.parameters",
    "importer.commands.event",
    "importer.commands.task",
    "importer.core.plan",
)


@pytest.mark.parametrize("name", MODULES)
def test_docstrings(name):
    module = importlib.import_module(name)
    failures, tried = doctest.testmod(module)
    assert tried > 0
    assert failures == 0


def test_the_actors_page():
    failures, tried = doctest.testfile(str(PAGE), module_relative=False)
    assert tried > 5
    assert failures == 0
