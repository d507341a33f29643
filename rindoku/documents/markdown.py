"""Markdown files, such as READMEs fetched raw, as HTML pages."""

from dataclasses import replace
from urllib.parse import urlsplit

from rindoku.models import Payload


def is_markdown(payload: Payload) -> bool:
    """Whether a payload is text from an address with a Markdown file's ending."""
    path = urlsplit(payload.url).path.lower()
    return payload.content_type == "text" and path.endswith((".md", ".markdown"))


def markdown_as_html(payload: Payload) -> Payload:
    """A Markdown payload as an HTML page; any other payload as it is."""
    if not is_markdown(payload):
        return payload
    from markdown_it import MarkdownIt

    # HTML is allowed, as READMEs contain it: the result is only read, never shown.
    renderer = MarkdownIt("commonmark", {"html": True}).enable("table")
    html = renderer.render(payload.body.decode("utf-8", errors="replace"))
    page = f"<html><body><article>{html}</article></body></html>"
    return replace(payload, content_type="html", body=page.encode())
