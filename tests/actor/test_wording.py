"""No sentence sends whoever gave one event to an option or a file that he does not have."""

import re

import click
import pytest

from importer.actor.wording import of_events, of_the_actor
from importer.cli.meta_commands import event
from importer.core.reasons import REASONS, WARNINGS

SENTENCES = sorted({*REASONS.values(), *WARNINGS.values()})
OPTION = re.compile(r"--[a-z]+(?:-[a-z]+)*")


@pytest.mark.parametrize("sentence", SENTENCES)
def test_the_actor_hears_of_no_option_and_no_file(sentence):
    words = of_the_actor(sentence)
    assert OPTION.findall(words) == []
    assert not re.search(r"\b(the|this) (row|sale)\b|minimum_keys|\bcommand\b", words)


@pytest.mark.parametrize("sentence", SENTENCES)
def test_an_event_hears_of_its_own_options_only(sentence):
    words = of_events(sentence)
    known = {name for option in event.params if isinstance(option, click.Option) for name in option.opts}
    assert set(OPTION.findall(words)) <= known
    assert not re.search(r"\b(the|this) (row|sale)\b|minimum_keys", words)


@pytest.mark.parametrize(
    ("sentence", "event", "actor"),
    [
        (
            "The row names no customer that Meta could match; add an e-mail or a phone number.",
            "The event names no customer that Meta could match; add an e-mail or a phone number.",
            "The event names no customer that Meta could match; add an e-mail or a phone number.",
        ),
        (
            "The currency is missing; fill it or give --currency, for example --currency EUR.",
            "The currency is missing; fill it or give --currency, for example --currency EUR.",
            "The currency is missing; fill currency with three letters such as EUR.",
        ),
        (
            "The time has no zone; give --timezone, for example --timezone Europe/Berlin.",
            "The time has no zone; write it with its offset, like 2026-10-31T14:05:00+01:00.",
            "The time has no zone; write it with its offset, like 2026-10-31T14:05:00+01:00.",
        ),
        (
            'The row has only weak keys; add an e-mail or a phone number, or set minimum_keys = "meta" in the schema.',
            "The event has only weak keys; add an e-mail or a phone number.",
            "The event has only weak keys; add an e-mail or a phone number.",
        ),
        (
            "Meta ended this version; give a newer --graph-version.",
            "Meta ended this version; give a newer --graph-version.",
            "Meta ended this version; set a newer CAPI_GRAPH_VERSION.",
        ),
    ],
)
def test_sentences_are_reworded(sentence, event, actor):
    assert of_events(sentence) == event
    assert of_the_actor(sentence) == actor
