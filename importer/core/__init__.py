"""The pure core: Arrow data in, Arrow data out. No files, sockets, clock, randomness or environment."""
