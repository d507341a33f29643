"""`rindoku forget`."""

from pathlib import Path

from rindoku.archive import Archive
from rindoku.archive.rows import fetch_rows
from rindoku.sample import StandIn
from tests.conftest import Rindoku, environment_of

# What is left of a forgotten post: query to rows.
AFTERWARDS: dict[str, list[dict[str, object]]] = {
    "SELECT 1 FROM raw.post_texts WHERE post_id = $id": [],
    "SELECT 1 FROM raw.payload_parts WHERE contains(bytes::VARCHAR, $id)": [],
    "SELECT count(*) AS n FROM forgotten_posts WHERE post_id = $id": [{"n": 1}],
    "SELECT count(*) AS n FROM posts WHERE post_id = $id": [{"n": 1}],
}


def test_of_a_forgotten_post_only_the_id_remains(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    with StandIn() as standin:
        env = environment_of(standin, tmp_path / "home")
        assert rindoku("entries", "2024-W14", "--source", "x", **env).returncode == 0
    archive = Archive(tmp_path / "home")
    with archive.read_latest() as con:
        [post] = fetch_rows(
            con, "SELECT post_id, text FROM raw.post_texts WHERE text LIKE '3).%'"
        )
    done = rindoku("forget", post["post_id"], **env)
    assert done.returncode == 0, done.stderr
    with archive.read_latest() as con:
        for query, expected in AFTERWARDS.items():
            assert fetch_rows(con, query, id=post["post_id"]) == expected, query
    for path in (archive.path, archive.writer_path, archive.private_path):
        assert b"each block of the transformer picks" not in path.read_bytes()
    assert "already" in rindoku("forget", post["post_id"], **env).stdout
    assert rindoku("forget", "1", **env).returncode == 1
    assert rindoku("forget", "abc", **env).returncode == 2


def test_posts_deleted_on_x_are_found_and_forgotten(
    rindoku: Rindoku, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    with StandIn() as standin:
        env = environment_of(standin, home)
        assert rindoku("entries", "2024-W14", "--source", "x", **env).returncode == 0
        deleted = standin.x.posts.pop(3)["id"]
        assert rindoku("forget", "--check", **env).returncode == 1, "not confirmed"
        done = rindoku("forget", "--check", "--yes", **env)
    assert done.returncode == 0, done.stderr
    assert "Posts checked: 13, deleted on X: 1" in done.stdout
    assert f"Post {deleted} is forgotten" in done.stdout
