"""Whether anything is lost or sent twice while processes die, platforms fail and the database goes away.

`python -m benchmarks.chaos --database sqlite|postgres --seconds 60 --processes 3` runs it.
"""
