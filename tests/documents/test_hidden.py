"""Text that a page doesn't show is not read."""

from collections.abc import Callable

import pytest

from rindoku.documents import SectionedText, read_latexml, read_page

LATEXML = "<p class='ltx_p'>"
SHEET = """<style>
.sr, .other { display: none }
#gone { visibility: hidden }
.shown:hover { display: none }
@media print { p { display: none } .shown { display: none } }
@import url("a.css"); /* .shown { display: none } */
p.inner { color: red; & .shown { display: none } }
</style>"""


@pytest.mark.parametrize(
    "hidden",
    [
        "<p hidden>SECRET</p>",
        '<p aria-hidden="true">SECRET</p>',
        '<p style="display:none">SECRET</p>',
        '<p style="visibility:hidden">SECRET</p>',
        '<p style="font-size:0px">SECRET</p>',
        '<p style="opacity:0">SECRET</p>',
        '<p style="position:absolute;left:-9999px">SECRET</p>',
        '<p style="color:#ffffff">SECRET</p>',
        '<p style="color: white">SECRET</p>',
        '<p style="color:transparent">SECRET</p>',
        '<p style="text-indent:-9999px">SECRET</p>',
        '<p style="height:0;overflow:hidden">SECRET</p>',
        "<!-- SECRET -->",
        "<script>SECRET</script>",
        "<template><p>SECRET</p></template>",
        '<div class="sr"><p>SECRET</p></div>',
        '<div id="gone"><p>SECRET</p></div>',
    ],
)
@pytest.mark.parametrize("read", [read_page, read_latexml])
def test_hidden_text_is_not_read(
    hidden: str, read: Callable[[bytes], SectionedText]
) -> None:
    # LaTeXML is read by its classes: without one no paragraph would be read.
    hidden = hidden.replace("<p ", "<p class='ltx_p' ").replace("<p>", LATEXML)
    body = f"<body><p class='ltx_p shown'>Seen.</p>{hidden}</body>"
    text = read(f"<html><head>{SHEET}</head>{body}</html>".encode()).text
    assert "Seen." in text
    assert "SECRET" not in text


def test_a_page_is_read_as_with_scripts() -> None:
    page = b"<body><p>Seen.</p><noscript><p>SECRET</p></noscript></body>"
    assert read_page(page).text == "Seen."


@pytest.mark.parametrize(
    "visible",
    [
        '<div style="background:#000"><p style="color:#fff">Seen.</p></div>',
        '<p style="opacity:0.5">Seen.</p>',
        "<p>Se\u200be\U000e0041n.</p>",
    ],
)
def test_visible_text_is_read(visible: str) -> None:
    assert read_page(f"<body>{visible}</body>".encode()).text == "Seen."


@pytest.mark.parametrize(
    "sheet",
    [
        "@import url(x.css); .secret { display: none }",
        "@media screen { p { color: red } } #secret { opacity: 0 }",
        "a{} } .secret{display:none}",
        "p.secret, b { height: 0; color: red; overflow: hidden }",
        ".secret { display: none } /* not closed",
    ],
)
def test_style_sheets_are_read_rule_by_rule(sheet: str) -> None:
    page = f"<style>{sheet}</style><p class=secret id=secret>SECRET</p><p>Text"
    assert read_page(page.encode()).text == "Text"


def test_white_text_on_the_background_of_the_page_is_shown() -> None:
    page = b"<body style='background:#000'><div><p style='color:#fff'>Text"
    assert read_page(page).text == "Text"
