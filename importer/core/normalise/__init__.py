"""Meta's normal form of every customer key: one small function per field, text in, normal text or a drop code out."""
