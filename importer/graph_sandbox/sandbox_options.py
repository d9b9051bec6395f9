"""How a sandbox behaves beyond Meta's rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from importer.graph_sandbox.json_types import JsonObject
from importer.graph_sandbox.reading_side import World
from importer.graph_sandbox.request import Request, Response

Refusal = Callable[[Request], Response | None]
"""Called with a request before it is judged; a response it returns is the answer, and nothing is accepted."""
Spoiling = Callable[[Request, Response], Response]
"""Called with an answer before it leaves; what it returns is sent instead, whatever was accepted."""


@dataclass(frozen=True)
class SandboxOptions:
    """The options of a sandbox; each default is what Meta does.

    latency: seconds the server waits before it answers; `Sandbox.handle` itself never waits.
    tokens: the only tokens taken; None takes any but the special ones of `access.TOKENS`.
    app_secret: with it every request needs the right `appsecret_proof`.
    language: en, fr, de or da for what users are told; None takes them in turn.
    poison: order numbers, or a test of an event, that are refused though no rule is broken.
    poison_path: whether that refusal names the event's place, as shape errors do.
    refuse, spoil: hooks for rehearsals; see `rehearsal`.
    usage: percentage in the usage headers; None sends none.
    keep: whether accepted events are kept, not just counted.
    page_size: items in a page of a list when the request does not say.
    max_body_bytes: larger bodies get code 1, "reduce the amount of data".
    world: the accounts and datasets there are.
    """

    latency: float = 0.0
    tokens: frozenset[str] | None = field(default=None, repr=False)
    app_secret: str | None = field(default=None, repr=False)
    language: str | None = None
    poison: frozenset[str] | Callable[[JsonObject], bool] = field(default=frozenset(), repr=False)
    poison_path: bool = False
    refuse: tuple[Refusal, ...] = ()
    spoil: tuple[Spoiling, ...] = ()
    usage: int | None = None
    keep: bool = True
    page_size: int = 25
    max_body_bytes: int = 16_000_000
    world: World = field(default_factory=World)

    def poisons(self, event: JsonObject) -> bool:
        """Tell whether the event is refused though it breaks no rule."""
        if isinstance(self.poison, frozenset):
            return event.get("custom_data", {}).get("order_id") in self.poison
        return self.poison(event)
