"""The fault matrix: every service, with every fault, at its first, a middle, all calls.

`matrix.py` says what is expected. `make test-faults` runs every cell, `make test` a
spread of them.
"""
