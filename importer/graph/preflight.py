"""Questions before a file is read: whether token and dataset are right and offline events taken (hard rule 30)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import NamedTuple

from importer.core.replies import Verdict
from importer.core.replies.answers import parse_answer
from importer.errors import AccessError, CapiImportError
from importer.event_loop import run
from importer.graph.datasets import open_reader
from importer.graph.models import Node, pixel_of
from importer.graph.reader import PAUSES, NotAnswered
from importer.secret import Secret
from importer.settings import Settings, require_access

LOG = logging.getLogger("importer")

FIELDS = "id,name,is_consolidated_container"
REFUSED = (
    "Dataset {dataset} takes no offline events: it is a pixel that was never combined with an offline event set. "
    "Make it a dataset in Events Manager, or send to another one."
)


class Preflight(NamedTuple):
    """What Meta answered. notice: that all is well, where it said so; warned: what it warned of in headers."""

    notice: str | None = None
    warned: tuple[str, ...] = ()


def ask_before_sending(settings: Settings) -> Preflight:
    """Raise CapiImportError if Meta says that token or dataset is wrong, or that the dataset takes no offline events.

    Whatever else keeps Meta from answering is no reason not to send. A token may be allowed to send and not to read:
    then Meta may hide the dataset, so a dataset that is not found is looked for by a request to send nothing.
    """
    try:
        return run(_ask(settings, pauses=()))
    except _NotKnown as doubt:
        if doubt.rule == "token" or (doubt.rule == "dataset" and run(_is_hidden_to_senders(settings))):
            raise doubt.error from doubt
        LOG.warning("Whether dataset %s takes offline events is not known: %s", settings.dataset, doubt)
        return Preflight()


def ask_online(settings: Settings) -> Preflight:
    """Raise CapiImportError unless the dataset exists and takes offline events.

    Where the token may not read, that is logged.
    """
    try:
        return run(_ask(require_access(settings), PAUSES))
    except _NotKnown as doubt:
        if doubt.rule != "permission":
            raise doubt.error from doubt
        LOG.warning("Whether dataset %s takes offline events is not known: %s", settings.dataset, doubt)
        return Preflight()


def ask_each_online(accesses: Sequence[Settings]) -> Preflight:
    """Ask the same of several datasets, each by its own settings; raise AccessError that says what is wrong with which.

    A token that Meta does not take is not tried for another dataset.
    """
    said, warned, wrong = list[str](), list[str](), list[str]()
    dead = set[Secret | None]()
    for settings in accesses:
        if settings.token in dead:
            continue
        try:
            found = run(_ask(require_access(settings), PAUSES))
        except _NotKnown as doubt:
            if doubt.rule == "permission":
                LOG.warning("Whether dataset %s takes offline events is not known: %s", settings.dataset, doubt)
                continue
            dead |= {settings.token} if doubt.rule == "token" else set()
            wrong.append(f"Dataset {settings.dataset}: {doubt}")
        except AccessError as error:
            wrong.append(str(error))
        else:
            said.append(found.notice or "")
            warned += found.warned
    if wrong:
        raise AccessError(" ".join(wrong))
    return Preflight(" ".join(said) or None, tuple(dict.fromkeys(warned)))


def ask_quality(settings: Settings) -> list[Node]:
    """Return Meta's own scores of the dataset's offline quality, for the summary; none where they may not be read."""
    if settings.summary is None or settings.token is None or settings.dataset is None:
        return []
    try:
        return run(_scores(settings, settings.dataset))
    except CapiImportError as refusal:
        LOG.info("Meta's quality scores are not known: %s", refusal)
        return []


async def _scores(settings: Settings, dataset: str) -> list[Node]:
    async with open_reader(settings, pauses=()) as reader:
        return await reader.offline_quality(dataset)


class _NotKnown(Exception):
    def __init__(self, refusal: NotAnswered) -> None:
        self.rule, self.error = refusal.rule, refusal.error()
        super().__init__(str(self.error))


async def _ask(settings: Settings, pauses: tuple[float, ...]) -> Preflight:
    dataset = settings.dataset or ""
    async with open_reader(settings, pauses) as reader:
        try:
            node = await reader.details(dataset, FIELDS)
        except NotAnswered as refusal:
            raise _NotKnown(refusal) from refusal
    found = pixel_of(node)
    if found.takes_offline is False and settings.action_source != "website":
        raise AccessError(REFUSED.format(dataset=dataset))
    named = f'dataset {dataset} ("{found.name}")' if found.name else f"dataset {dataset}"
    well = "and it takes offline events" if found.takes_offline else "but does not say whether it takes offline events"
    return Preflight(f"Meta takes the token and knows {named}, {well}.", tuple(reader.client.notices))


async def _is_hidden_to_senders(settings: Settings) -> bool:
    """Tell whether Meta does not find the dataset for sending either; the request holds no event."""
    dataset = settings.dataset or ""
    async with open_reader(settings, ()) as reader:
        response = await reader.client.post_events(dataset, reader.client.body(b""))
    answer = parse_answer(response.status, response.headers, response.body, response.fault)
    return isinstance(answer, Verdict) and answer.rule.name == "dataset"
