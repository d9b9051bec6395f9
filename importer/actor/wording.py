"""Sentences written for the options of `send`, said in the words of whoever gave the event."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

Words = Callable[[str], str]

_OF_EVENTS: Mapping[str, str] = {
    "The row": "The event",
    "the row": "the event",
    "The sale": "The event",
    "this sale": "this event",
    "the sale": "the event",
    "correct the row and import it again": "correct the event and send it again",
    "give --timezone, for example --timezone Europe/Berlin": "write it with its offset, like 2026-10-31T14:05:00+01:00",
    "give --date-order mdy or dmy": "write it like 2026-10-31T14:05:00Z",
    "give --date-order": "write it like 1990-06-15",
    ', or set minimum_keys = "meta" in the schema': "",
}
"""What is the same for the actor's parameters and for the options of `event`."""

_OF_THE_ACTOR: Mapping[str, str] = {
    "set CAPI_ACCESS_TOKEN": "give it as accessToken",
    "run the same command again": "run the task again",
    "run the command again": "run the task again",
    "needs event_source_url": "needs eventSourceUrl (event_source_url)",
    "fill it or give --currency, for example --currency EUR": "fill currency with three letters such as EUR",
    "fill it or give --event-name": "fill eventName",
    "give --country": "fill country",
    "With --already-hashed": "With isAlreadyHashed",
    "give a newer --graph-version": "set a newer CAPI_GRAPH_VERSION",
    "--graph-version": "CAPI_GRAPH_VERSION",
    "--graph-url": "CAPI_GRAPH_URL",
    "--dataset": "pixelId",
}


def _replacing(table: Mapping[str, str]) -> Words:
    pattern = re.compile("|".join(re.escape(words) for words in sorted(table, key=len, reverse=True)))
    return lambda sentence: pattern.sub(lambda found: table[found.group()], sentence)


_about_events = _replacing(_OF_EVENTS)
_for_the_actor = _replacing({**_OF_EVENTS, **_OF_THE_ACTOR})


def of_events(sentence: str) -> str:
    """The sentence, about an event that was given by options or from Python.

    >>> of_events("The row names no customer that Meta could match; add an e-mail or a phone number.")
    'The event names no customer that Meta could match; add an e-mail or a phone number.'
    """
    return _about_events(sentence)


def of_the_actor(sentence: str) -> str:
    """The sentence, naming the parameters of the JSON input.

    >>> of_the_actor("The currency is missing; fill it or give --currency, for example --currency EUR.")
    'The currency is missing; fill currency with three letters such as EUR.'
    """
    return _for_the_actor(sentence)
