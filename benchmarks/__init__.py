"""What the program costs, measured on an invented campaign; nothing here is needed to run it."""
