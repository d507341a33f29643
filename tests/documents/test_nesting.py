"""Pages that are nested too deeply, and those that only look like it."""

import pytest

from rindoku.documents import read_page
from rindoku.documents.nesting import DEEPEST, check_nesting
from rindoku.errors import NoText


def test_text_inside_of_many_elements_is_read() -> None:
    page = b"<html><body>" + b"<div>" * 1_200 + b"<p>Deep text"
    assert read_page(page).text == "Deep text"


@pytest.mark.parametrize(
    "body",
    [
        b"<div>" * (DEEPEST + 1),
        b"<section class='a > b'>" * (DEEPEST + 1),
        b"<ul><li>" * (DEEPEST + 1),
        b"<table><tr><td>" * (DEEPEST + 1),
        b"<div></span>" * (DEEPEST + 1),
        b"<div><table></div>" * (DEEPEST + 1),
        b"<b><div></b>" * (DEEPEST + 1),
        b"<b>" * (DEEPEST + 1),
        b"<b><span></span>" * (DEEPEST + 1),
        b"<b><td>" * (DEEPEST + 1),
        b"<p><div>" * (DEEPEST + 1),
        b"<optgroup>" * (DEEPEST + 1),
        b"<p " + b"".join(b"a%d=b " % n for n in range(1_001)) + b">",
        b"<p " + b"".join(b"a%d/" % n for n in range(1_001)) + b">",
        b"<svg>" + b"<g>" * (DEEPEST + 1),
        b"<svg><div>" * (DEEPEST + 1),
        b"<p>" + b"".join(b"<p><b id=%d>" % n for n in range(500)),
    ],
)
def test_a_page_that_takes_too_long_is_refused(body: bytes) -> None:
    with pytest.raises(NoText):
        check_nesting(body)


@pytest.mark.parametrize(
    "body",
    [
        b"<div>x</div>" * 5_000,
        b"<p>x" * 5_000,
        b"<ul>" + b"<li>x" * 5_000,
        b"<table>" + b"<tr><td>x<td>y" * 5_000,
        b"<br><img src=x><hr>" * 5_000,
        b"<svg>" + b"<path d='M0 0'/>" * 5_000 + b"</svg>",
        b"<p><a name=x>x" * 5_000,
        b"<p><font color=red>x" * 5_000,
        b"<script>" + b"if (a<div && b<span) x = '<div>';" * 5_000 + b"</script>",
        b"<a href=x><div>x</a></div>" * 5_000,
        b"<div><b>x</div>" * 5_000,
        b"<b>x</b>" * 5_000,
        b"<b><p></b>x" * 5_000,
        b"<li><b>x" * 5_000,
        b"<table>" + b"<tr><td><b>x" * 5_000,
        b"<path d='" + b"M 0 0 " * 5_000 + b"'>",
        b"<!-- " + b"<div>" * 5_000 + b" -->",
        b"<style>" + b"<div>" * 5_000,
        b"<p title='" + b"<div>" * 5_000 + b"'>x",
        b"<div " + b"<div " * 5_000,
        b"1 < 2 <3 <" * 5_000,
    ],
)
def test_a_page_of_many_elements_is_not(body: bytes) -> None:
    check_nesting(body)
