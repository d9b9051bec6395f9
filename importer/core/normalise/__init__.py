"""Meta's normal form of every customer key: one file a field, its rule a function of one text; begin at `customer`."""
