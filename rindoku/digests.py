"""Digests: the weekly lists that are followed."""

# The digest of archives that were made before there were others.
DEFAULT = "dair_ai"
