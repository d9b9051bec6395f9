"""Generated and hand-kept tables: countries, states, currencies, zones, header names."""
