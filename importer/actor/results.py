"""The result of a task: its items, its exit code, and whether the user's webhook took them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from importer.actor.demo_mode import NOTE
from importer.actor.parameters import Input
from importer.actor.result_items import Item
from importer.actor.target import NO_KEY, NO_KEY_ADVICE, MissingToken
from importer.actor.wording import of_the_actor
from importer.errors import CapiImportError
from importer.graph.webhook import post_summary

FINISHED, SOME_FAILED = 0, 1


@dataclass(frozen=True)
class TaskResult:
    """The result of a task. webhook: whether it took the results, None without one; stopped: why the task ended early.

    items: plain JSON, one for each event or dataset, or the one that says why there is none.
    """

    task: str
    items: tuple[Item, ...]
    stopped: CapiImportError | None = None
    webhook: bool | None = None

    @property
    def success(self) -> bool:
        """Tell whether every item is a success."""
        return all(item["success"] for item in self.items)

    @property
    def exit_code(self) -> int:
        """Return 0 for all done, 1 for some events failed, 2 where the task could not run or had to stop."""
        if self.stopped is not None:
            return self.stopped.exit_code
        return FINISHED if self.success else SOME_FAILED

    def as_json(self) -> list[Item]:
        """Return the result items."""
        return list(self.items)


def finished(given: Input, items: Iterable[Item], stopped: CapiImportError | None = None) -> TaskResult:
    """Make the result of a task that ran, and post it to the webhook that the input names."""
    return _posted(TaskResult(given.task, tuple(_marked(given, item) for item in items), stopped), given)


def failed(error: CapiImportError, name: str = "send_event", given: Input | None = None) -> TaskResult:
    """Make the result of a task that could not run. given: the input, if valid; only then is a webhook called."""
    if isinstance(error, MissingToken):
        why: Item = {"error": NO_KEY, "advice": NO_KEY_ADVICE}
    else:
        why = {"error": of_the_actor(str(error))}
    item = _marked(given, {"success": False, "task": name if given is None else given.task, **why})
    return _posted(TaskResult(item["task"], (item,), error), given)


def _marked(given: Input | None, item: Item) -> Item:
    """Mark the item if it is a demonstration."""
    if given is None or not given.demo_mode:
        return item
    return {**item, "demoMode": True, "note": item.get("note", NOTE)}


def _posted(result: TaskResult, given: Input | None) -> TaskResult:
    if given is None or given.webhook_url is None:
        return result
    body = {"task": result.task, "success": result.success, "results": result.as_json()}
    return replace(result, webhook=post_summary(given.webhook_url, body))
