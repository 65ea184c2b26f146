"""Loaded by the process that Signpost's are forked from, and by no other: Signpost, and the wish to die with the run.

By itself it would live as long as any of those that it forked, however the run ended. What it loaded is no garbage:
each of them would otherwise copy all of it to find that out.
"""

import gc

import benchmarks.chaos.process  # noqa: F401 - loaded here, once, for all
from benchmarks.chaos.tether import die_with_parent

die_with_parent()
gc.collect()
gc.freeze()
