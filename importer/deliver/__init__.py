"""Prepared events -> outcomes: claim, send with bounded concurrency, settle; or, for `check`, look up only."""

from importer.deliver.dispatch import Delivery, Dispatch, deliver
from importer.deliver.lookup import look_up
from importer.deliver.tally import Progress, Stats

__all__ = ["Delivery", "Dispatch", "Progress", "Stats", "deliver", "look_up"]
