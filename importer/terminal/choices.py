"""Questions asked of the person at the terminal: a list to choose from, or an answer to type."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

import click

from importer.questions import Kind, Question
from importer.terminal.plain_text import plain_text

REPEATED = ("map", "status", "consent")
"""Options of which every answer counts."""


def choose(questions: Sequence[Question], options: Mapping[str, Any]) -> dict[str, Any]:
    """Ask each question on stderr and return the options that answer them, beside those given before."""
    found: dict[str, Any] = {name: tuple(options.get(name) or ()) for name in REPEATED}
    for question in questions:
        click.echo(
            plain_text(f"\n{question.file}: {question.text}" if question.file else f"\n{question.text}"), err=True
        )
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
        if typed.startswith("--"):
            return str(typed)
        if typed and not typed.isdigit():
            return f"{options[0].split()[0]} {shlex.quote(typed)}"


def _parsed(text: str) -> tuple[str, str]:
    """Split an option and its value; its name is that of the setting."""
    name, *value = shlex.split(text)
    return name.removeprefix("--").replace("-", "_"), " ".join(value)
