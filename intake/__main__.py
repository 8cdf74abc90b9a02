"""`python -m intake` is the same as `shouqi`."""

from intake.cli import main

main()
