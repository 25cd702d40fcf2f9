"""What a page says of itself, whatever a stranger writes there."""

from __future__ import annotations

import pytest

from messaging.previews import Page, link_in, read_page


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://a.example/b?c=d#e", "https://a.example/b?c=d#e"),
        ("HTTP://A.example", "HTTP://A.example"),
        ("(at https://a.example/b).", "https://a.example/b"),
        ("https://a.example/b_(c)", "https://a.example/b_(c)"),
        ("https://a.example/, or https://b.example/", "https://a.example/"),
        ('<a href="https://a.example/">', "https://a.example/"),
        ("**https://a.example/**", "https://a.example/"),
        ("https://münchen.example/ä", "https://münchen.example/ä"),
        ("no link", ""),
        ("javascript:alert(1)", ""),
        ("ftp://a.example", ""),
        ("https://", ""),
        ("https://a.example/\x00b", "https://a.example/"),
        ("https://a.example/" + "a" * 500, ""),
    ],
)
def test_the_first_link_of_a_text(text: str, link: str) -> None:
    assert link_in(text) == link


@pytest.mark.parametrize(
    ("html", "page"),
    [
        ("<title>Towels</title>", Page("Towels", "", "a.example")),
        (
            '<meta property="og:title" content="A &amp; B"><meta property="og:description" content="Both.">'
            '<meta property="og:site_name" content="Shop"><title>Other</title>',
            Page("A & B", "Both.", "Shop"),
        ),
        ('<title>T</title><meta name="Description" content="D">', Page("T", "D", "a.example")),
        ('<meta name="description" content="D">', Page("", "D", "a.example")),
        ("<title>One</title><title>Two</title>", Page("One", "", "a.example")),
        ("<title>  a\n\n b\t</title>", Page("a b", "", "a.example")),
        ("<title>a\x00b\x07c&#0;&#x202e;d\u202e</title>", Page("abc\ufffdd", "", "a.example")),
        ("<title>&#xD800;x</title>", Page("\ufffdx", "", "a.example")),
        ("<head><head><title>x</title></head>", Page("x", "", "a.example")),
        ("<!-- <title>no</title> --><title>yes</title>", Page("yes", "", "a.example")),
        ("<script>'<title>no</title>'</script><title>yes</title>", Page("yes", "", "a.example")),
        ("<title>\U0001f469\u200d\U0001f527</title>", Page("\U0001f469\u200d\U0001f527", "", "a.example")),
        ('<link rel="canonical" href="javascript:alert(1)"><title>x</title>', Page("x", "", "a.example")),
        (
            '<meta property="og:url" content="javascript:alert(1)"><meta property="og:title" content="x">',
            Page("x", "", "a.example"),
        ),
        ("<title>yes</title><![foo[ <meta name=description content=no>", Page("yes", "", "a.example")),
        ("<body><title>no</title>", None),
        ("</head><title>no</title>", None),
        ("", None),
        ("plain", None),
        ("<title></title>", None),
        ("<meta>", None),
        ("<meta property content=x>", None),
    ],
)
def test_what_is_read(html: str, page: Page | None) -> None:
    assert read_page(html.encode(errors="surrogatepass"), "text/html", host="www.a.example") == page


def test_what_is_too_long_is_cut() -> None:
    html = f"<title>{'t' * 300}</title><meta name=description content='{'d' * 9000}'>"
    page = read_page(html.encode(), host="h" * 150)
    assert page
    assert (len(page.title), len(page.description), len(page.site)) == (200, 300, 100)
    assert page.title.endswith("t…")


@pytest.mark.parametrize(
    ("html", "content_type", "title"),
    [
        ("<title>é</title>".encode("latin-1"), "text/html; charset=ISO-8859-1", "é"),
        ("<meta charset=windows-1252><title>é–</title>".encode("cp1252"), "text/html", "é–"),
        ("<title>日本</title>".encode("shift_jis"), 'text/html; charset="Shift_JIS"', "日本"),
        ("<title>é</title>".encode(), "text/html; charset=no-such", "é"),
        ("<title>é</title>".encode(), "text/html; charset=unicode_escape", "é"),
        ("<title>é</title>".encode(), "text/html; charset=idna", "é"),
        ("<title>é</title>".encode(), "text/html; charset=hex", "é"),
        ("<title>é</title>".encode(), "text/html; charset=zip", "é"),
        ("<title>é</title>".encode(), "text/html; charset=\x00", "é"),
        ("<title>é</title>".encode("latin-1"), "text/html; charset=utf-8", "\ufffd"),
        ("\ufeff<title>é</title>".encode(), "text/html", "é"),
    ],
)
def test_letters_are_read_as_the_page_says_and_else_as_utf_8(
    html: bytes, content_type: str, title: str
) -> None:
    page = read_page(html, content_type)
    assert page
    assert page.title == title


HOSTILE = [
    b"<!--",
    b"<!",
    b"<![CDATA[",
    b"<![foo[",
    b"<!DOCTYPE [",
    b"<?",
    b"<a ",
    b"<a b='",
    b"<a/",
    b"</",
    b"<meta ",
    b"<meta content=",
    b"<title>",
    b"<title><title>",
    b"<script>",
    b"<div>",
    b"&",
    b"&#",
    b"&#x",
    b"&amp",
    b"<",
    b">",
    b"\x00",
    b"\xff\xfe",
    b"<meta property=og:title content='",
    b"-->",
    b"<svg><title>",
]


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("before", [b"", b"<title>x</title>", b"<!--", b"<title>"])
def test_a_page_that_is_nothing_but_a_trap(before: bytes, piece: bytes) -> None:
    """As much of it as is ever read. One that is read again and again would not end within a test's limit."""
    html = before + piece * (256 * 1024 // len(piece))
    page = read_page(html, "text/html")
    assert page is None or len(page.title) <= 200
