"""How an export that nobody has described is understood: its headers' words, its contents, and its arithmetic."""
