"""What a notice (通知) asks, and whether it was met. Values in, values out: no files, network, clock, mail or SQL."""
