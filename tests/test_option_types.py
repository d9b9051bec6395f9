"""The options of the functions in Python are those of the command line: the same names, the same kinds of value."""

import typing
from collections.abc import Sequence

import click
import pytest

from importer import option_types
from importer.cli import cli

COMMANDS = {
    "send": option_types.SendOptions,
    "check": option_types.CheckOptions,
    "columns": option_types.ColumnsOptions,
    "event": option_types.EventOptions,
}
ONLY_TYPED = {"as_json", "quiet", "verbose"}
"""What the command line does with a result; a function returns it."""
ONLY_IN_PYTHON = {"name", "token", "app_secret", "keep_rejected"}
"""The environment holds the secrets of the command line, a file has its name, and the summary ends with the command."""
OWN = {"columns": {"save"}, "event": {"demo", "dry_run"}}
"""Arguments that the function names itself."""


def options_of(command):
    return {option.name: option for option in cli.commands[command].params if isinstance(option, click.Option)}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_function_takes_what_its_command_takes(command):
    typed = set(options_of(command)) - ONLY_TYPED - OWN.get(command, set())
    in_python = set(typing.get_type_hints(COMMANDS[command]))
    assert typed - in_python == set()
    assert in_python - typed - ONLY_IN_PYTHON == set()


@pytest.mark.parametrize("command", COMMANDS)
def test_an_option_takes_the_same_kind_of_value(command):
    hints = typing.get_type_hints(COMMANDS[command])
    for name, option in options_of(command).items():
        if name not in hints:
            continue
        kinds = set(typing.get_args(hints[name]))
        choices = [set(typing.get_args(kind)) for kind in kinds if typing.get_origin(kind) is typing.Literal]
        assert (bool in kinds) == option.is_flag, name
        assert ([set(option.type.choices)] if isinstance(option.type, click.Choice) else []) == choices, name
        assert (str not in kinds and int in kinds) == (option.type is click.INT), name
        assert (Sequence in {typing.get_origin(kind) for kind in kinds}) == option.multiple, name
