"""Rows of the archive: inserted through polars, returned as dicts or dataclasses."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from rindoku.archive.statements import query
from rindoku.archive.words import check_words
from rindoku.errors import NotFound

if TYPE_CHECKING:
    import duckdb

    Connection: TypeAlias = duckdb.DuckDBPyConnection
else:
    # Importing DuckDB takes a tenth of a second, which `--help` must not cost.
    Connection = Any

# Values by column name.
Columns: TypeAlias = dict[str, Any]
Row = TypeVar("Row")
# The name under which the private file is attached.
PRIVATE = "raw"


def set_digest(con: Connection, name: str) -> None:
    """Chooses the digest whose weeks the queries of a connection return.

    They take it from the variable `digest`, so that none can be given another one.
    """
    con.execute("SET VARIABLE digest = $name", {"name": name})


def digest_of(con: Connection) -> str:
    """The digest of a connection, for rows that are added to it."""
    row = con.execute("SELECT getvariable('digest')").fetchone()
    if row is None or row[0] is None:
        raise RuntimeError("the connection has no digest")
    return str(row[0])


@contextmanager
def closing_soon(con: Connection) -> Iterator[Connection]:
    """Closes a connection at the end; what it still works at is given up on an error.

    After a signal DuckDB goes on in its own threads, and closing would wait for them.
    """
    try:
        yield con
    except BaseException:
        give_up(con)
        raise
    finally:
        con.close()


def give_up(con: Connection) -> None:
    """Stops what a connection still works at."""
    import duckdb

    with suppress(duckdb.ConnectionException):
        con.interrupt()


def insert(con: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds rows to a table by column name; rows whose key exists are not changed."""
    columns = [dict(row) for row in rows]
    check_words(table, columns)
    _insert(con, table, columns)


@contextmanager
def private_transaction(con: Connection) -> Iterator[Connection]:
    """A transaction on the private file, beside that on the facts.

    No transaction spans both files. What is private is addressed by its content and
    saved first, so that no fact ever names a row that is not there.
    """
    with closing_soon(con.cursor()) as private:
        private.begin()
        try:
            yield private
        except BaseException:
            give_up(private)
            private.rollback()
            raise
        private.commit()


def insert_private(
    con: Connection, table: str, rows: Iterable[Mapping[str, Any]]
) -> None:
    """Adds rows to a table of the private file, and commits them at once."""
    with private_transaction(con) as private:
        add_private(private, table, rows)


def add_private(con: Connection, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
    """Adds rows to a table of the private file within its transaction."""
    _insert(con, f"{PRIVATE}.{table}", [dict(row) for row in rows])


def execute_private(con: Connection, name: str, **parameters: Any) -> None:
    """Runs a statement that changes the private file, and commits it at once."""
    with private_transaction(con) as private:
        execute(private, name, **parameters)


def _insert(con: Connection, table: str, rows: list[Columns]) -> None:
    import polars as pl

    if not rows:
        return
    clean = [{name: _storable(value) for name, value in row.items()} for row in rows]
    con.register("incoming", pl.from_dicts(clean, infer_schema_length=None))
    try:
        # `table` is always a literal in this package, never outside input.
        con.execute(
            f"INSERT INTO {table} BY NAME SELECT * FROM incoming "  # noqa: S608
            "ON CONFLICT DO NOTHING"
        )
    finally:
        con.unregister("incoming")


def _storable(value: Any) -> Any:
    """Text without halves of surrogate pairs, which JSON from outside can contain."""
    if not isinstance(value, str) or value.isascii():
        return value
    return value.encode("utf-8", "replace").decode()


def execute(con: Connection, name: str, **parameters: Any) -> None:
    """Runs the statement `sql/queries/<name>.sql` for its effect."""
    con.execute(query(name), parameters)


def fetch_rows(con: Connection, sql: str, **parameters: Any) -> list[Columns]:
    """All rows of a statement as dicts; parameters are passed by name."""
    cursor = con.execute(sql, parameters) if parameters else con.execute(sql)
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def find(con: Connection, name: str, row: type[Row], /, **parameters: Any) -> list[Row]:
    """The rows of `sql/queries/<name>.sql`, as `row`, whose fields are its columns."""
    return [row(**values) for values in fetch_rows(con, query(name), **parameters)]


def find_one(
    con: Connection, name: str, row: type[Row], /, **parameters: Any
) -> Row | None:
    """The first row of a query, or None."""
    rows = find(con, name, row, **parameters)
    return rows[0] if rows else None


def get_row(con: Connection, name: str, **parameters: Any) -> Columns:
    """The only row of a query as a dict.

    Raises NotFound when there is no row, or several.
    """
    rows = fetch_rows(con, query(name), **parameters)
    if len(rows) != 1:
        values = ", ".join(f"{key} {value}" for key, value in parameters.items())
        raise NotFound(
            f"The archive has {len(rows)} rows instead of one for {values} ({name}).",
            "Check the id; if it is right, run the week again.",
        )
    return rows[0]
