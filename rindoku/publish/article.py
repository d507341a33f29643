"""The article of a week, rendered from the archive alone: the same archive, the same
bytes.

An answer that failed verification is shown as such, with the reason and without its
claim.
"""

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from rindoku.archive import Connection
from rindoku.digests import DEFAULT
from rindoku.disk import file_mode, make_folder
from rindoku.languages import Wording, get_language
from rindoku.publish.issue import Issue, find_issue, format_day

if TYPE_CHECKING:
    from jinja2 import Environment

# The forms of the article, and whether their templates escape HTML; Markdown has the
# filter `md`. A new form is a row here and a template, `templates/article.<form>.j2`.
FORMS = {"md": False, "html": True}
# Characters with a meaning in Markdown, where they have it.
_MARKDOWN = re.compile(
    r"[\\`*\[\]|]|(?<!\w)_|_(?!\w)|^(?=[#>+-])",
    re.MULTILINE,
)
# A formula on one line. Markdown would read a link in it as a link.
_MATH = re.compile(r"(\\\((?:(?!\\[()]|\][(\[])[^\n])*+\\\))")


def render_article(con: Connection, week: str, form: str, language: str) -> str:
    """The article in a language, in one of `FORMS`; HTML is one self-contained page.

    Raises NotFound when the week was never seen.
    """
    words = get_language(language).wording
    issue = find_issue(con, week, words)
    listing = issue.listing
    title = listing.titles.get(language, words.article["title"]).format(
        series=listing.series, starts_on=issue.starts_on, ends_on=issue.ends_on
    )
    template = _environment(form, words).get_template(f"article.{form}.j2")
    return template.render(
        issue=issue,
        words=words,
        title=title,
        verification=_footer(issue, words),
    )


def _footer(issue: Issue, words: Wording) -> str:
    """How many answers were verified, and which models wrote them."""
    labels = words.article
    text = labels["verification"].format(
        total=issue.total,
        absent=issue.counts["not in paper"],
        verified=issue.counts["verified"],
        unverified=issue.counts["unverified"],
    )
    if issue.no_excerpts:
        text += labels["no_excerpts"].format(count=issue.no_excerpts)
    if issue.models:
        text += labels["generated"].format(models=", ".join(issue.models))
    return text


def article_path(
    folder: Path, digest: str, week: str, language: str, form: str
) -> Path:
    """Where an article is written: each digest but the first has a folder."""
    articles = folder / "articles"
    if digest != DEFAULT:
        articles /= digest
    return articles / f"{week}.{language}.{form}"


def write_article(path: Path, text: str, *, is_public: bool = False) -> None:
    """Writes an article in one step, so that readers see the old one or the new one.

    One that is public may be read by others, whatever the umask.
    """
    make_folder(path.parent, is_public=is_public)
    unfinished = path.with_suffix(path.suffix + ".part")
    unfinished.write_bytes(text.encode("utf-8"))
    mode = file_mode(is_public=is_public)
    if mode is not None:
        unfinished.chmod(mode)
    unfinished.replace(path)


def _environment(form: str, words: Wording) -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=FORMS[form],  # noqa: S701 - Markdown has escape_markdown
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["day"] = lambda value: format_day(value, words)
    environment.filters["md"] = escape_markdown
    environment.filters["url"] = escape_url
    return environment


def escape_url(url: str) -> str:
    """A web address between < and > in Markdown; others are left out.

    Characters that could end it are percent-encoded.
    """
    if not url.startswith(("https://", "http://")):
        return ""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")


def escape_markdown(text: str) -> str:
    r"""Text that Markdown shows as it is.

    Formulas in \( \) are left alone, and HTML becomes harmless.
    """
    parts = _MATH.split(text)
    for number in range(0, len(parts), 2):
        parts[number] = _MARKDOWN.sub(lambda match: "\\" + match[0], parts[number])
    escaped = "".join(parts)
    return escaped.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
