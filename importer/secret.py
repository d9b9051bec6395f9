"""A token or an app secret, masked wherever it is shown."""

from __future__ import annotations


class Secret:
    """A token or an app secret: readable by `reveal()` only, masked wherever it is shown."""

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """Return the secret itself, for the request that needs it."""
        return self._text

    def __repr__(self) -> str:
        return "Secret('***')"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._text == self._text

    def __hash__(self) -> int:
        return hash(self._text)
