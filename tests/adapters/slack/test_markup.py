"""Words to Slack's markup and back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack.markup import clean, cut, escaped, pieces, plain, quoted, without_mention


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("R&amp;D &lt;90 days&gt;", "R&D <90 days>"),
        ("&amp;lt;b&amp;gt;", "&lt;b&gt;"),
        ("<https://www.gov.uk/a>", "https://www.gov.uk/a"),
        ("<http://gov.uk|gov.uk>", "gov.uk"),
        ("<https://www.gov.uk/a|the guidance>", "the guidance (https://www.gov.uk/a)"),
        ("<mailto:asha@dwp.example|asha@dwp.example>", "asha@dwp.example"),
        ("<@U0GARETH1>", "@U0GARETH1"),
        ("<@U0GARETH1|gareth>", "@gareth"),
        ("<#C0DESIGN1|content-design>", "#content-design"),
        ("<!here> and <!subteam^S1|@content>", "@here and @content"),
        ("<!date^1795446000^{date}|23 November>", "23 November"),
        ("a <b", "a <b"),
        ("two\r\nlines\x00", "two\nlines"),
    ],
)
def test_what_was_typed_is_read_as_its_writer_saw_it(typed: str, seen: str) -> None:
    assert plain(typed) == seen


@given(st.text())
def test_words_without_links_come_back_from_slack_as_they_were(words: str) -> None:
    if "http" not in words:
        assert plain(escaped(clean(words))) == clean(words)


def test_a_web_address_becomes_a_link_to_exactly_what_it_says() -> None:
    assert escaped("see https://a.example/?x=1&y=<b> now") == "see <https://a.example/?x=1&amp;y=>&lt;b&gt; now"


def test_every_line_of_a_quotation_is_quoted() -> None:
    assert quoted("one\n\n> two") == ">one\n>\n>&gt; two"


@given(st.text(max_size=400), st.integers(20, 60))
def test_pieces_fit_and_lose_nothing_but_the_space_between_them(words: str, most: int) -> None:
    found = list(pieces(words, most))
    assert all(len(piece) <= most for piece in found)
    if "http" not in words:
        assert "".join("".join(plain(piece).split()) for piece in found) == "".join(clean(words).split())


@given(st.text(max_size=400), st.integers(20, 60))
def test_what_is_cut_fits_and_says_so(words: str, most: int) -> None:
    drawn = cut(words, most, "… (cut)")
    assert len(drawn) <= most
    assert drawn == escaped(words) or drawn.endswith("… (cut)")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<@U1> ask x", "ask x"),
        ("<@U1|signpost>: ask x", "ask x"),
        ("hello <@U1> ask x", "hello ask x"),
        ("<@U1> is <@U2> right?", "is <@U2> right?"),
        ("no mention", "no mention"),
    ],
)
def test_only_our_own_mention_is_taken_off(text: str, left: str) -> None:
    assert without_mention(text, "U1") == left
