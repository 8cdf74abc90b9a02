"""How mail comes in and goes out, formats, time and screens; puts `rules` and `storage` together."""

__version__ = "0.1.0"
