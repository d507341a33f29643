"""`rindoku show`."""

import json
from datetime import timedelta
from pathlib import Path

from rindoku.archive import Archive
from rindoku.archive.resolutions import save_link_checks
from rindoku.models import LinkCheck
from rindoku.sample import AS_OF, SAMPLE_WEEK
from tests.conftest import Rindoku


def test_the_last_week_is_reported(rindoku: Rindoku, home: Path) -> None:
    shown = rindoku("show", "last")
    assert shown.returncode == 0
    assert "complete: 10 entries, 99 questions answered, 97 verified" in shown.stdout


def test_a_heading_is_shown_as_it_is(rindoku: Rindoku, home: Path) -> None:
    with Archive(home).write() as con:
        con.execute("UPDATE sightings SET heading = 'Top [/] [bold]Papers[/bold]'")
    Archive(home).publish()
    assert "Top [/] [bold]Papers[/bold]" in rindoku("show", "last").stdout


def test_the_report_as_json_has_all_entries(rindoku: Rindoku, home: Path) -> None:
    report = json.loads(rindoku("show", SAMPLE_WEEK, "--json").stdout)
    assert [entry["rank"] for entry in report["entries"]] == list(range(1, 11))


def test_the_state_of_each_opened_link_is_reported(
    rindoku: Rindoku, home: Path
) -> None:
    with Archive(home).write() as con:
        entry = con.execute(
            "SELECT entry_id FROM week_entries WHERE rank = 2"
        ).fetchone()
        assert entry is not None
        paywalled = "https://a.example/ returned 403."
        checks = [
            LinkCheck("https://a.example/", "paywalled", paywalled),
            LinkCheck("https://b.example/", "moved", "", "https://c.example/"),
        ]
        save_link_checks(con, entry[0], checks, AS_OF + timedelta(days=1), "test")
    Archive(home).publish()
    shown = rindoku("show", SAMPLE_WEEK).stdout
    assert "2. link paywalled: https://a.example/ returned 403." in shown
    assert "2. link moved: https://b.example/ is now https://c.example/" in shown
    report = json.loads(rindoku("show", SAMPLE_WEEK, "--json").stdout)
    states = {link["state"] for link in report["links"]}
    assert states == {"read", "paywalled", "moved"}
