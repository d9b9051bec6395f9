"""Prepared events -> outcomes: claim, send with bounded concurrency, settle; or, for `check`, look up only."""

from importer.delivery.counters import Stats
from importer.delivery.deliver import Delivery, DeliveryRun, deliver
from importer.delivery.look_up import look_up

__all__ = ["Delivery", "DeliveryRun", "Stats", "deliver", "look_up"]
