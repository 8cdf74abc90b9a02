"""Units: the roster, the names people give them, and which of them sent a mail."""
