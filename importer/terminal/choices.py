"""Questions asked of the person at the terminal: a list to choose from, or an answer to type."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping, Sequence
from typing import Any

import click

from importer.errors import UsageError
from importer.option_values import CHECKS
from importer.questions import Kind, Question, option
from importer.terminal.plain_text import fitted, plain_text

REPEATED = ("map", "status", "consent")
"""Options of which every answer counts."""


def choose(questions: Sequence[Question], options: Mapping[str, Any]) -> dict[str, Any]:
    """Ask each question on stderr and return the options that answer them, beside those given before."""
    found: dict[str, Any] = {name: tuple(options.get(name) or ()) for name in REPEATED}
    for question in questions:
        asked = f"{question.file}: {question.text}" if question.file else question.text
        click.echo("\n" + fitted(plain_text(asked), sys.stderr), err=True)
        for text in _answers(question):
            name, value = _parsed(text)
            if name in REPEATED:
                found[name] = (*found[name], value)
            else:
                found[name] = value
    return {name: value for name, value in found.items() if value}


def _answers(question: Question) -> list[str]:
    """Return the options that answer a question; for words of a status one for each word."""
    if question.kind is not Kind.STATUS:
        return [_one_of(question.options, "Your answer")]
    answers = []
    for word, count in question.values.items():
        names = (word, f"{question.column}:{word}")  # that of a yes or no names its column
        of_word = [text for text in question.options if _parsed(text)[1].rpartition("=")[0] in names]
        answers.append(_one_of(of_word, f'"{word}" ({count} rows)'))
    return answers


def _one_of(options: Sequence[str], prompt: str) -> str:
    """Let one of the options be chosen by its number; a value typed instead belongs to the first one's option."""
    for number, text in enumerate(options, start=1):
        click.echo(plain_text(f"  {number}  {text}"), err=True)
    while True:
        typed = click.prompt(f"{prompt} (a number, or a value)", err=True).strip()
        if typed.isdigit() and 1 <= int(typed) <= len(options):
            return options[int(typed) - 1]
        if typed and (typed.startswith("--") or not typed.isdigit()):
            answer = str(typed) if typed.startswith("--") else _completed(typed, options[0])
            if fault := _fault_of(answer):
                click.echo(fitted(plain_text(fault), sys.stderr), err=True)
            else:
                return answer


def _completed(typed: str, first: str) -> str:
    """Return the option that a typed value means: a meaning of the first one's word, or a column for its field."""
    name, value = shlex.split(first)
    word, equals, field = value.rpartition("=")
    if equals and "=" not in typed:
        typed = f"{word}={typed}" if name == "--status" else f"{typed}={field}"
    return option(name, typed)


def _fault_of(answer: str) -> str:
    """Return what is wrong with an answer that was typed, so that it is asked again; nothing where it is right."""
    try:
        name, value = _parsed(answer)
        CHECKS.get(name, str)(value)
    except UsageError as error:
        return str(error)
    except ValueError:
        return "Quotation marks come in pairs; type it again."
    return "" if value else "Type an option with its value."


def _parsed(text: str) -> tuple[str, str]:
    """Split an option and its value; its name is that of the setting."""
    name, *value = shlex.split(text)
    return name.removeprefix("--").replace("-", "_"), " ".join(value)
