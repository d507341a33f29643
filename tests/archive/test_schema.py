"""The archive's tables and views."""

from pathlib import Path

from rindoku.archive import Archive


def test_every_table_column_and_view_has_a_comment(archive: Archive) -> None:
    with archive.read() as con:
        tables = con.execute(
            "SELECT table_name FROM duckdb_tables() "
            "WHERE comment IS NULL AND table_name <> 'schema_migrations'"
        ).fetchall()
        columns = con.execute(
            "SELECT table_name, column_name FROM duckdb_columns() "
            "SEMI JOIN duckdb_tables() USING (table_name) "
            "WHERE NOT internal AND comment IS NULL "
            "AND table_name <> 'schema_migrations'"
        ).fetchall()
        views = con.execute(
            "SELECT view_name FROM duckdb_views() "
            "WHERE NOT internal AND comment IS NULL"
        ).fetchall()
    assert (tables, columns, views) == ([], [], [])


def test_no_row_refers_to_a_missing_one(sample_home: Path) -> None:
    orphans = {
        "entries": "SELECT 1 FROM entries ANTI JOIN sightings USING (sighting_id)",
        "links": "SELECT 1 FROM links ANTI JOIN entries USING (entry_id)",
        "resolutions": "SELECT 1 FROM resolutions AS r ANTI JOIN papers "
        "USING (paper_id) WHERE r.paper_id IS NOT NULL",
        "documents": "SELECT 1 FROM documents ANTI JOIN paper_versions "
        "USING (paper_id, version)",
        "texts": "SELECT 1 FROM documents ANTI JOIN raw.document_texts "
        "USING (document_id)",
        "payloads": "SELECT 1 FROM documents ANTI JOIN raw.payloads USING (payload_id)",
        "generations": "SELECT 1 FROM generations ANTI JOIN documents "
        "USING (document_id)",
        "questions": "SELECT 1 FROM questions ANTI JOIN generations "
        "USING (generation_id)",
        "evidence": "SELECT 1 FROM evidence ANTI JOIN questions USING (question_id)",
        "runs": "SELECT 1 FROM model_calls ANTI JOIN runs USING (run_id)",
    }
    with Archive(sample_home).read_latest() as con:
        for name, sql in orphans.items():
            assert con.execute(sql).fetchall() == [], name


def test_quotes_are_found_at_their_offsets(sample_home: Path) -> None:
    with Archive(sample_home).read_latest() as con:
        elsewhere = con.execute(
            "SELECT count(*) FROM evidence AS e JOIN questions USING (question_id) "
            "JOIN generations USING (generation_id) "
            "JOIN raw.document_texts AS t USING (document_id) "
            "WHERE e.match = 'exact' "
            "AND substr(t.text, e.start_char + 1, 10) <> substr(e.quote, 1, 10)"
        ).fetchone()
    assert elsewhere == (0,)
