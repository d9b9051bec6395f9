"""Sentences written for a file's rows and the options of `send`, reworded for whoever gave a single event.

A sentence names an option after "give", up to the next semicolon or period, and calls what it is about the row or the
sale; the rules rely on no more than that. `tests/actor/test_wording.py` holds them against every reason and warning.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Wording = Callable[[str], str]
Rule = tuple[str, str]
"""A regular expression, and what stands in its place."""

_EVENT_RULES: tuple[Rule, ...] = (
    (r"\b([Tt]he|this) (?:row|sale)\b", r"\1 event"),
    (r"\bimport it again", "send it again"),
    (r"give --timezone\b[^;.]*", "write it with its offset, like 2026-10-31T14:05:00+01:00"),
    (r"give --date-order mdy or dmy\b", "write it like 2026-10-31T14:05:00Z"),
    (r"give --date-order\b", "write it like 1990-06-15"),
    (r"give --decimal\b[^;.]*", "write it like 1234.50"),
    (r", or 1234,50 where\b[^;.]*", ""),
    (r"say what its word means\b[^;.]*", "leave it out"),
    (r", or set minimum_keys\b[^;.]*", ""),
)
"""For the actor's parameters and the options of `event` alike."""

_ACTOR_RULES: tuple[Rule, ...] = (
    *_EVENT_RULES,
    (r"set CAPI_ACCESS_TOKEN\b", "give it as accessToken"),
    (r"\brun the (?:same )?command again", "run the task again"),
    (r"\bneeds event_source_url\b", "needs eventSourceUrl (event_source_url)"),
    (r"(?:fill it or )?give --currency\b[^;.]*", "fill currency with three letters such as EUR"),
    (r"(?:fill it or )?give --event-name\b", "fill eventName"),
    (r"give --country\b", "fill country"),
    (r"--already-hashed\b", "isAlreadyHashed"),
    (r"give a newer --graph-version\b", "set a newer CAPI_GRAPH_VERSION"),
    (r"--graph-version\b", "CAPI_GRAPH_VERSION"),
    (r"--graph-url\b", "CAPI_GRAPH_URL"),
    (r"--dataset\b", "pixelId"),
)


def _rewording(rules: tuple[Rule, ...]) -> Wording:
    compiled = [(re.compile(pattern), text) for pattern, text in rules]

    def reword(sentence: str) -> str:
        for pattern, text in compiled:
            sentence = pattern.sub(text, sentence)
        return sentence

    return reword


of_events = _rewording(_EVENT_RULES)
"""Reword a sentence for an event that was given by options or from Python."""

of_the_actor = _rewording(_ACTOR_RULES)
"""Reword a sentence with the parameters of the JSON input."""
