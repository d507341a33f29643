"""The files of SQL queries."""

import re
from pathlib import Path

from rindoku.archive import Archive, statements


def test_every_query_is_described_and_fits_the_schema(home: Path) -> None:
    files = sorted((statements.ROOT / "queries").rglob("*.sql"))
    assert files
    with Archive(home).write() as con:
        for file in files:
            comment, _, sql = file.read_text().partition("\n")
            assert comment.startswith("-- "), f"{file}: start with a description"
            parameters = re.findall(r"\$(\w+)", sql)
            con.execute(f"EXPLAIN {sql}", dict.fromkeys(parameters))
