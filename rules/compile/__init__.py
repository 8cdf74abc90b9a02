"""From the text of a notice (通知) to proposed requirements: a small declared grammar, values in, values out.

`compile_notice` in `assemble` is the way in. The words offices use are data in the modules whose docstrings
say so; docs/notice.md is written from them.
"""
