"""Questions before the first event: whether the dataset exists and takes offline events (hard rule 30)."""

from __future__ import annotations

import logging

from importer.errors import AccessError, CapiImportError
from importer.event_loop import run
from importer.graph.datasets import open_reader
from importer.graph.models import Node, pixel_of
from importer.graph.reader import PAUSES, NotAnswered
from importer.settings import Settings, require_access

LOG = logging.getLogger("importer")

FIELDS = "id,name,is_consolidated_container"
REFUSED = (
    "Dataset {dataset} takes no offline events: it is a pixel that was never combined with an offline event set. "
    "Make it a dataset in Events Manager, or send to another one."
)


def ask_before_sending(settings: Settings) -> tuple[str, ...]:
    """Raise AccessError if Meta says that the dataset takes no offline events; return what Meta warns of otherwise.

    Whatever else keeps Meta from answering is no reason not to send: a token may be allowed to send and not to read,
    and the first request tells whether it and the dataset are right.
    """
    if settings.action_source == "website":
        return ()
    try:
        return run(_ask(settings, pauses=()))
    except _NotKnown as doubt:
        LOG.warning("Whether dataset %s takes offline events is not known: %s", settings.dataset, doubt)
        return ()


def ask_online(settings: Settings) -> tuple[str, ...]:
    """Raise CapiImportError unless the dataset exists and takes offline events; return what Meta warns of.

    Where the token may not read, that is logged.
    """
    try:
        return run(_ask(require_access(settings), PAUSES))
    except _NotKnown as doubt:
        if doubt.rule != "permission":
            raise doubt.error from doubt
        LOG.warning("Whether dataset %s takes offline events is not known: %s", settings.dataset, doubt)
        return ()


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


async def _ask(settings: Settings, pauses: tuple[float, ...]) -> tuple[str, ...]:
    """Return what Meta warns of in its answer's headers."""
    dataset = settings.dataset or ""
    async with open_reader(settings, pauses) as reader:
        try:
            node = await reader.details(dataset, FIELDS)
        except NotAnswered as refusal:
            raise _NotKnown(refusal) from refusal
    if pixel_of(node).takes_offline is False:
        raise AccessError(REFUSED.format(dataset=dataset))
    return tuple(reader.client.notices)
