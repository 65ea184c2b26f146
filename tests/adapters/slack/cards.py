"""Cards and forms for the tests of drawing: one of each element, and arbitrary ones."""

from hypothesis import strategies as st

from bot.text import Text, t, words
from bot.ui import Button, Card, Fact, Field, FieldKind, Form, Item, Link, Option, Packed, Paragraph, Quote, Table

ANSWER = Button(t("Answer"), Packed('{"c":"answer","question":118}'), "primary")
PASS_ON = Button(t("Pass"), Packed('{"c":"pass","question":118}'))
WITHDRAW = Button(t("Withdraw"), Packed('{"c":"withdraw","question":118}'), "danger")

CARDS = {
    "title": Card(t("You are already in {community}", community="Starting a business")),
    "paragraph": Card(t("Help"), body=(Paragraph(t("Type {verb} to start.", verb="ask")),)),
    "quote": Card(
        t("Q-118"),
        body=(Quote("Is 5 > 3 & <!channel>?\nSee https://www.gov.uk/a?b=1&c=2 *now*", t("Amira Khan, HMRC")),),
    ),
    "items": Card(
        t("Communities"),
        body=(
            Item(t("Starting a business"), t("143 people"), (Button(t("Join"), Packed('{"c":"join"}')),)),
            Item(t("Employing someone"), buttons=(ANSWER, PASS_ON)),
        ),
    ),
    "link": Card(
        t("Everything we hold about you"),
        body=(Link(t("Get your file"), "https://signpost.example/data/a-b_c"),),
    ),
    "table": Card(
        t("Who may know"),
        body=(
            Table(
                t("Who may know about R&D"),
                (t("Name"), t("Role"), t("Why")),
                (
                    (words("Amira <Khan>"), words(""), t("Says they know about: {knows}.", knows=words("R&D"))),
                    (words("Gareth"), words("Lead"), t("Their role is close to this.")),
                ),
            ),
        ),
    ),
    "facts": Card(t("Starting a business"), facts=(Fact(t("Members"), 143), Fact(t("Service"), words("R&D relief")))),
    "buttons": Card(t("Q-118"), buttons=(ANSWER, PASS_ON, WITHDRAW), note=t("1 of your 3 this week")),
}

COMMAND = Packed('{"c":"ask"}')
COMMUNITIES = (Option("starting-a-business", t("Starting a business")), Option("", t("Any community")))
MANY = tuple(Option(f"o{n}", t("Option {n}", n=n)) for n in range(12))

FORMS = {
    "line": Form(
        t("Create a community"), COMMAND, (Field("name", t("Name"), hint=t("As people call it")),), t("Create")
    ),
    "lines": Form(
        t("Ask"), COMMAND, (Field("text", t("Your question"), "lines", value="What is R&D?", most=500),), t("Ask")
    ),
    "choice": Form(
        t("Ask"),
        COMMAND,
        (
            Field("community", t("Community"), "choice", "starting-a-business", COMMUNITIES),
            Field("other", t("Other"), "choice", "o3", MANY, optional=True),
        ),
        t("Ask"),
    ),
    "when": Form(
        t("Schedule a showcase for a community"),
        COMMAND,
        (Field("day", t("Day"), "date", "2026-12-03"), Field("start", t("Start"), "time", "14:00")),
        t("Schedule"),
    ),
    "yes_no": Form(t("Me"), COMMAND, (Field("findable", t("May others find you?"), "yes_no", "yes"),), t("Save")),
    "refused": Form(
        t("Create"),
        COMMAND,
        (Field("day", t("Day"), "date", "tomorrow", error=t("Say a date such as 3 December 2026")),),
        t("Create"),
        error=t("There is already one called {name}", name="<Tax>"),
    ),
}

_said = st.text(max_size=80) | st.sampled_from(["", " ", "<!channel>", "<@U1>", "&amp;", "https://a.example/<b>|c"])
_long = _said | st.integers(1, 9000).map(lambda n: "Wörter & <words> https://a.b/c\n" * (n // 30 + 1))
_payloads = st.integers(1, 1900).map(lambda n: Packed('"' * n))
_buttons = st.builds(Button, _long.map(words), _payloads, st.sampled_from(["normal", "primary", "danger"]))
_texts: st.SearchStrategy[Text] = _long.map(words)
_elements = (
    st.builds(Paragraph, _texts)
    | st.builds(Quote, _long, st.none() | _texts)
    | st.builds(Link, _texts, st.just("https://signpost.example/data/a-b_c"))
    | st.builds(Item, _texts, st.none() | _texts, st.lists(_buttons, max_size=3).map(tuple))
    | st.builds(Table, _texts, st.tuples(_texts, _texts), st.lists(st.tuples(_texts, _texts), max_size=30).map(tuple))
)
_facts = st.builds(Fact, _texts, _long | st.integers())

any_card = st.builds(
    Card,
    _texts,
    st.lists(_elements, max_size=12).map(tuple) | _elements.map(lambda one: (one,) * 70),
    st.lists(_facts, max_size=14).map(tuple),
    st.lists(_buttons, max_size=8).map(tuple) | _buttons.map(lambda one: (one,) * 30),
    st.none() | _texts,
)

_kinds: st.SearchStrategy[FieldKind] = st.sampled_from(["line", "lines", "choice", "date", "time", "yes_no"])
_values = _long | st.sampled_from(["yes", "2026-12-03", "2026-13-03", "20261203", "14:00", "24:00", "o1", "o101"])
_options = st.integers(0, 110).map(lambda n: tuple(Option(f"o{i}", words("Wahl " * 30)) for i in range(n)))
_fields = st.builds(
    Field,
    st.integers(0, 10**6).map(lambda n: f"field{n}"),
    _texts,
    _kinds,
    _values,
    _options,
    st.none() | _texts,
    st.booleans(),
    st.integers(0, 5000),
    st.none() | _texts,
)

any_form = st.builds(
    Form,
    _texts,
    st.just(COMMAND),
    st.lists(_fields, min_size=1, max_size=8, unique_by=lambda field: field.name).map(tuple),
    _texts,
    st.none() | _texts,
)
