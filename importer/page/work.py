"""Work that takes longer than a request: it runs in a thread, and a page asks how far it is."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from importer.errors import CapiImportError
from importer.progress import Progress, Watch
from importer.terminal.crash_file import write_crash_file
from importer.terminal.live_progress import RateEstimate

LOG = logging.getLogger("importer")
T = TypeVar("T")


class Work(Generic[T]):
    """One piece of work, begun at once.

    progress: how far it is. result: what it returned. error: the sentence with which it stopped, as an exception.
    """

    def __init__(self, run: Callable[[Watch], T]) -> None:
        self.progress = Progress()
        self._rate = RateEstimate()
        self.result: T | None = None
        self.error: CapiImportError | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(run,), daemon=True)
        self._thread.start()

    @property
    def is_over(self) -> bool:
        """Tell whether it has ended, either way."""
        return self._over.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait at most so long, and tell whether it has ended."""
        return self._over.wait(seconds)

    def _watch(self, progress: Progress) -> None:
        self.progress = progress
        if not progress.stage:
            self._rate.update(progress)

    @property
    def rate(self) -> float:
        """Rows a second in the last seconds, pauses left out; 0 while it is not known."""
        return self._rate.rate

    @property
    def left(self) -> float | None:
        """Seconds until the end at this rate; None while it is not known."""
        return self._rate.left(self.progress)

    def _run(self, run: Callable[[Watch], T]) -> None:
        try:
            self.result = run(self._watch)
        except CapiImportError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001  the last resort: a bug must not show a traceback
            self.error = CapiImportError(f"This is a bug in capi-import. {write_crash_file(error)}")
        finally:
            self._over.set()
