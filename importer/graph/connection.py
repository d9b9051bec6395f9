"""The client that an access makes: the only place where the token leaves its cover."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from importer.settings import Access

if TYPE_CHECKING:
    from importer.graph.client import GraphClient

C = TypeVar("C", bound="GraphClient")


def connected(access: Access, kind: type[C], concurrency: int = 8) -> C:
    """A client of that kind under the access; without a token where it has none, for what a sandbox answers."""
    token, secret = access.token, access.app_secret
    return kind(
        "" if token is None else token.reveal(),
        app_secret=None if secret is None else secret.reveal(),
        graph_url=access.graph_url,
        version=access.graph_version,
        concurrency=concurrency,
    )
