"""Notices on a file, without the one that no dataset was named."""

from importer.commands.send import NO_DATASET


def own_notices(summary):
    """Return the notices of a check that say something of its file."""
    return tuple(notice for notice in summary.notices if notice != NO_DATASET)
