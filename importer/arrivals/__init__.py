"""Files that arrive in watched folders: which are complete, and which were imported before."""
