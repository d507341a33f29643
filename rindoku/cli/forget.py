"""`rindoku forget`: removes posts that were deleted on X."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from rindoku.cli.options import Home, choose_home


def forget(
    post_id: Annotated[
        str | None,
        typer.Argument(help="Id of a post that was deleted on X.", show_default=False),
    ] = None,
    check: Annotated[
        bool,
        typer.Option(
            "--check", help="Ask X which stored posts were deleted, and forget those."
        ),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="With --check: pay for it without confirmation."),
    ] = False,
    home: Home = None,
) -> None:
    """Remove a deleted post's text, and the responses of X that contain it."""
    from rindoku.lists import forget_post

    choose_home(home)
    if (post_id is None) != check:
        raise typer.BadParameter("Give the id of a post, or --check.")
    if post_id is not None:
        typer.echo(forget_post(post_id, datetime.now(UTC)))
    else:
        _forget_deleted(yes=yes)


def _forget_deleted(*, yes: bool) -> None:
    from rindoku.lists import forget_post
    from rindoku.lists.forget import find_deleted_posts, stored_posts
    from rindoku.prices import x_cost_usd
    from rindoku.settings import load_settings

    settings = load_settings()
    count = len(stored_posts(settings))
    price = x_cost_usd(count, 0, settings.home_path)
    typer.echo(f"Checking {count} stored posts on X costs up to ${price:.2f}.")
    if not yes and not typer.confirm("Continue?"):
        raise typer.Exit(1)
    deleted = find_deleted_posts()
    typer.echo(
        f"Posts checked: {deleted.checked}, deleted on X: {len(deleted.post_ids)}, "
        f"cost: ${deleted.cost_usd:.3f}."
    )
    for post_id in deleted.post_ids:
        typer.echo(forget_post(post_id, datetime.now(UTC)))
