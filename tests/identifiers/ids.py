"""Ids of arXiv, old and new, with and without a version."""

from hypothesis import strategies as st

from rindoku.identifiers import ArxivId

new_ids = st.builds(
    "{:04d}.{:05d}".format, st.integers(701, 2612), st.integers(1, 99999)
)
old_ids = st.builds(
    "{}/{:07d}".format,
    st.sampled_from(["cs", "math", "astro-ph", "quant-ph"]),
    st.integers(1, 9999999),
)
arxiv_ids = st.builds(
    ArxivId, st.one_of(new_ids, old_ids), st.one_of(st.none(), st.integers(1, 40))
)
