"""Pure functions between bytes and values: no database, no clock, no network."""
