"""Prepared rows on disk: written by any number of workers, delivered by any number of senders."""
