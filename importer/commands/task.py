"""`task`: run the hosted actor's JSON input once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, BinaryIO, Unpack

from importer.actor.parameters import Input
from importer.actor.results import TaskResult, failed, finished
from importer.actor.tasks import access_of, read_input, run_task, validate_input
from importer.errors import CapiImportError
from importer.option_types import GraphOptions


def task(
    input: Mapping[str, Any] | bytes | BinaryIO | str | os.PathLike[str],  # noqa: A002  the actor's word
    **options: Unpack[GraphOptions],
) -> TaskResult:
    """Run the actor's JSON input once, given as a mapping, as its JSON (bytes or a stream), or as the path of its file.

    Whatever goes wrong is an item with `success` false and an `error` that says what to do. Options: token or
    token_file (for inputs without accessToken), graph_url, graph_version, now.

    >>> import importer
    >>> result = importer.task({"task": "validate_event", "email": "ada@example.com", "actionSource": "email"})
    >>> result.items[0]["error"]
    'A Purchase needs an amount; fill the value.'
    >>> result = importer.task({"task": "list_pixels", "adAccountId": "act_101"})
    >>> [item["name"] for item in result.items]
    ['Call centre', 'Shops', 'Web shop']
    """
    given: Input | None = None
    name = "send_event"
    try:
        if isinstance(input, Mapping):
            data = input
        else:
            data = read_input(Path(input) if isinstance(input, str | os.PathLike) else input)
        name = str(data.get("task") or name)[:40]
        given = validate_input(data)
        access, now = access_of(given, options)
        return finished(given, *run_task(given, access, now))
    except CapiImportError as error:
        return failed(error, name, given)
