"""`pixels` and `pixel`: list the datasets that a token can see, and show what Meta knows of one."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Unpack

from importer.graph.datasets import list_pixels, pixel_report
from importer.graph.models import Pixel, PixelReport
from importer.option_help import lists_options
from importer.option_types import GraphOptions
from importer.options import access_options
from importer.settings import Access, read_access, require_access, require_token

LOG = logging.getLogger("importer")


@lists_options(GraphOptions, access_options)
def pixels(ad_account: str | None = None, **options: Unpack[GraphOptions]) -> tuple[Pixel, ...]:
    """List the datasets of an ad account, all pages; without one those of every ad account that the token can see.

    Options: token or token_file, graph_url, graph_version, app_secret. Raises CapiImportError.
    """
    access = require_token(read_access(options))
    _tell_of_version(access)
    return list_pixels(access, ad_account)


@lists_options(GraphOptions, access_options)
def pixel(
    dataset: str,
    aggregation: str = "event",
    since: str | datetime | None = None,
    until: str | datetime | None = None,
    **options: Unpack[GraphOptions],
) -> PixelReport:
    """Return a dataset's details, its statistics of at most seven days, and its offline quality where readable.

    since, until: ISO 8601 (without a zone UTC) or Unix seconds. Options as for `pixels`, and `now`.
    """
    access = require_access(read_access({**options, "dataset": dataset}))
    _tell_of_version(access)
    return pixel_report(access, aggregation, since, until)


def _tell_of_version(access: Access) -> None:
    for sentence in access.version_notices:
        LOG.warning("%s", sentence)
