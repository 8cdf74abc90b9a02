"""How fast Shouqi is and what memory it takes, beside mbsync, XlsxWriter and a naive stack, in the same run.

`python -m benchmarks.speed` (`make bench`) measures the goals P1 to P8 of docs/performance.md; `--write` puts the table
there.
"""
