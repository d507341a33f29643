"""Markdown as a page: READMEs that come as they are written, not as a site shows them."""

from dataclasses import replace
from urllib.parse import urlsplit

from rindoku.models import Payload


def as_page(payload: Payload) -> Payload:
    """The payload as HTML when it is Markdown by its address; any other as it is."""
    if payload.content_type != "text" or not urlsplit(
        payload.url
    ).path.lower().endswith((".md", ".markdown")):
        return payload
    from markdown_it import MarkdownIt

    # READMEs are half HTML; what is made of it is read as any other page, never shown.
    html = (
        MarkdownIt("commonmark", {"html": True})
        .enable("table")
        .render(payload.body.decode("utf-8", errors="replace"))
    )
    return replace(
        payload,
        content_type="html",
        body=f"<html><body><article>{html}</article></body></html>".encode(),
    )
