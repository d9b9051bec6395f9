"""A file is a command: what `capi-import NAME` and `importer.NAME` do. START HERE: send.py."""
