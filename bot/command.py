"""Command: something a person can do. Said, pressed, filled in or scheduled, all four make the same object.

A new file in `bot/features/` that defines one is found by itself: it appears in help, on both platforms, in the
generated manifests and on the local pages.
"""

import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, ClassVar, Generic, Self, TypeVar, dataclass_transform

import msgspec

from bot import ui
from bot.errors import Refusal, Stale
from bot.text import Text, t
from bot.work import View, Work
from storage.people import Person

Seen = TypeVar("Seen")
Choices = Callable[[Person, View], Sequence[ui.Option]]

LONGEST = 3000
"""Characters of the longest text that a person can give: what the narrower platform's form takes."""


class May(Enum):
    """Who may give a command: checked by dispatch before it runs, and obeyed by help."""

    ANYONE = "anyone"
    OWNER = "owner"
    ADMIN = "administrator"
    SYSTEM = "system"


@dataclasses.dataclass(frozen=True)
class Question:
    """What a field asks for, on a form and in words. `after` is the word that stands before it when it is typed."""

    label: Text
    kind: ui.FieldKind = "line"
    after: str = ""
    choices: Choices | None = None
    optional: bool = False
    most: int = LONGEST
    hint: Text | None = None
    start: Callable[[Any, Person, View], str] | None = None
    known: bool = False


def ask(  # noqa: PLR0913 - all but the label are options, given by name
    label: Text,
    *,
    kind: ui.FieldKind = "line",
    after: str = "",
    choices: Choices | None = None,
    most: int = LONGEST,
    hint: Text | None = None,
    start: Callable[[Any, Person, View], str] | None = None,
    known: bool = False,
    default: Any = dataclasses.MISSING,
) -> Any:
    """A field that a person gives: typed, or asked for on a form where it is missing. With a `default` it is optional.

    `start` is what its form field says at first: of the command, the person and the view. With `known` that is the
    answer where nothing was said: it is asked for only where `start` knows nothing, and then it must be given.
    """
    optional = default is not dataclasses.MISSING and not known
    question = Question(label, kind, after, choices, optional, most, hint, start, known)
    return dataclasses.field(default="" if default is dataclasses.MISSING else default, metadata={"question": question})


@dataclass_transform(frozen_default=True, field_specifiers=(ask, dataclasses.field))
class Verb(ui.Action):
    """What commands and queries share: a name, fields, and how they are packed into a button.

    One with a `name` of its own can be typed, and is listed in help; the others come from buttons and timers.
    `help` says what it does in a few words: in help, and above its form.
    """

    name: ClassVar[str] = ""
    typed: ClassVar[bool] = False
    help: ClassVar[Text | None] = None
    example: ClassVar[str] = ""
    may: ClassVar[May] = May.ANYONE
    also: ClassVar[tuple[str, ...]] = ()
    asks: ClassVar[dict[str, Question]] = {}
    kinds: ClassVar[dict[str, type]] = {}

    def __init_subclass__(  # noqa: PLR0913 - options of a class statement, given by name
        cls,
        *,
        name: str = "",
        help: Text | None = None,
        example: str = "",
        may: May = May.ANYONE,
        also: Sequence[str] = (),
        abstract: bool = False,
        any_words: bool = False,
    ) -> None:
        super().__init_subclass__()
        if abstract:
            return
        dataclasses.dataclass(frozen=True)(cls)
        fields = dataclasses.fields(cls)  # type: ignore[arg-type]  # it is a dataclass since the line above
        cls.asks = {field.name: field.metadata["question"] for field in fields if "question" in field.metadata}
        cls.kinds = {field.name: field.type for field in fields if isinstance(field.type, type)}
        cls.typed = bool(name)
        cls.name = name or re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        cls.help, cls.example, cls.may, cls.also = help, example or cls.name, may, tuple(also)
        registry.add(cls, any_words=any_words)

    @classmethod
    def partly(cls, **known: str | int) -> Self:
        """The command with only these fields: a button that carries it opens a form for the others."""
        return cls(**known)

    def pack(self) -> str:
        """The payload of a button that does this: the name and the fields that are set."""
        fields = {name: value for name in kinds_of(type(self)) if (value := getattr(self, name)) not in ("", None)}
        return msgspec.json.encode({"do": self.name, **fields}).decode()

    def needs(self) -> list[str]:
        """The names of the fields that must be given and are not."""
        asked = questions(type(self))
        return [name for name, question in asked.items() if not question.optional and not getattr(self, name)]


class Command(Verb, abstract=True):
    """Changes something, in one transaction."""

    def run(self, me: Person, work: Work) -> ui.Reply:
        """What is true afterwards is in the reply; raising Refusal leaves everything as it was."""
        raise TypeError(f"{type(self).__name__} does not say what it does.")


class Considered(Verb, Generic[Seen], abstract=True):
    """A command that must search first: `look` reads before the transaction, `run` checks again what must hold."""

    def look(self, me: Person, view: View) -> Seen:
        """What `run` needs to know, found without holding the transaction."""
        raise TypeError(f"{type(self).__name__} does not say what it looks for.")

    def run(self, me: Person, work: Work, seen: Seen) -> ui.Reply:
        """As in Command, with what `look` found."""
        raise TypeError(f"{type(self).__name__} does not say what it does.")


class Query(Verb, abstract=True):
    """Only reads; its view cannot send."""

    def run(self, me: Person, view: View) -> ui.Reply:
        """The reply; nothing changed."""
        raise TypeError(f"{type(self).__name__} does not say what it answers.")


Draw = Callable[[int, Person, View], ui.Card | None]
"""Draws the record with this number for this person; None where there is nothing left to show."""


Standing = tuple[Verb, str, str, str]
"""A command that runs again and again, with its rule, wall time and zone, as in `Work.every`."""


def first_word(text: str) -> str:
    """How the text begins, in small letters: a word, or one other character."""
    found = re.match(r"\w+|\S", text)
    return found.group().lower() if found else ""


class Registry:
    """Every verb and every drawing, by name."""

    def __init__(self) -> None:
        self.verbs: dict[str, type[Verb]] = {}
        self.phrases: dict[str, type[Verb]] = {}
        self.beginning: dict[str, list[str]] = {}
        """The phrases by their first word, the longest first: what typed words are compared with."""
        self.drawings: dict[str, Draw] = {}
        self.standing: dict[str, Standing] = {}
        """What runs for as long as there is a Signpost, by its key."""
        self.any_words: Callable[[str], Verb] | None = None

    def add(self, verb: type[Verb], *, any_words: bool) -> None:
        """The verb is known by its name, and by its other phrases when typed; two with one name are a mistake."""
        if verb.name in self.verbs:
            raise TypeError(f"{verb.__name__} and {self.verbs[verb.name].__name__} are both called {verb.name}.")
        self.verbs[verb.name] = verb
        if any_words:
            self.any_words = verb
        if verb.typed:
            for phrase in (verb.name.lower(), *map(str.lower, verb.also)):
                self.phrases[phrase] = verb
                same = self.beginning.setdefault(first_word(phrase), [])
                same.append(phrase)
                same.sort(key=len, reverse=True)

    def drawing(self, subject: str) -> Callable[[Draw], Draw]:
        """The decorated function draws every mirror of this kind of record."""

        def keep(draw: Draw) -> Draw:
            self.drawings[subject] = draw
            return draw

        return keep

    def always(self, command: Verb, rule: str, local: str, zone: str, *, key: str) -> None:
        """The command runs by this rule, as in `Work.every`, whoever says or does what: `bot.schedule` sets it."""
        self.standing[key] = (command, rule, local, zone)

    def offered(self) -> list[type[Verb]]:
        """What help lists, by name: everything a person may say."""
        typed = [verb for verb in self.verbs.values() if verb.typed and verb.may is not May.SYSTEM]
        return sorted(typed, key=lambda verb: verb.name)


registry = Registry()


def find_features() -> None:
    """Every file in `bot/features/` has been imported, so all that people can do is registered."""
    features = importlib.import_module("bot.features")
    for found in pkgutil.iter_modules(features.__path__):
        importlib.import_module(f"bot.features.{found.name}")


def questions(verb: type[Verb]) -> dict[str, Question]:
    """What this verb asks a person for, by field name, in order."""
    return verb.asks


def from_payload(payload: str) -> Verb:
    """The command a button carried. What it claims is not believed yet: `run` checks it with `me`.

    Anything that no button of ours carries now is Stale: it says so, and nothing is changed.
    """
    stale = Stale(t("This button is from an earlier version of Signpost. Say help to see what you can do."))
    try:
        said = msgspec.json.decode(payload)
    except (msgspec.DecodeError, UnicodeEncodeError, RecursionError):
        raise stale from None
    verb = registry.verbs.get(said.get("do", "")) if isinstance(said, dict) and _plain(said) else None
    if verb is None or verb.may is May.SYSTEM:
        raise stale
    return _built(verb, said, stale)


def from_timer(payload: str) -> Verb:
    """The command a timer kept, of any kind: only Signpost writes timers."""
    stale = Stale(t("This was set by an earlier version of Signpost."))
    said = msgspec.json.decode(payload)
    if said["do"] not in registry.verbs:
        raise stale
    return _built(registry.verbs[said["do"]], said, stale)


def from_answers(payload: str, answers: dict[str, str]) -> Verb:
    """The command a form was for, with its answers; a form can answer only what the command asks."""
    verb = from_payload(payload)
    asked = questions(type(verb))
    kinds = kinds_of(type(verb))
    given = {name: read(answers[name].strip(), name, asked[name], kinds[name]) for name in asked if name in answers}
    return dataclasses.replace(verb, **given)  # type: ignore[type-var]  # every registered verb is a dataclass


def read(said: str, name: str, question: Question, kind: type) -> str | int | bool:
    """What was typed as the field's own kind; a number may be written Q-118 or #118.

    Raises Refusal beside the field where it is too long or no number.
    """
    if len(said) > question.most:
        text = t("That is {length} characters. Use {most} or fewer.", length=len(said), most=question.most)
        raise Refusal(text, field=name)
    if kind is int:
        digits = re.fullmatch(r"(?:[Qq]-|#)?(\d{1,15})", said)
        if said and not digits:
            raise Refusal(t("That is not a number. Write it like Q-118."), field=name)
        return int(digits.group(1)) if digits else 0
    return said == "yes" if kind is bool else said


def kinds_of(verb: type[Verb]) -> dict[str, type]:
    """The kind of each field by its name: str, int or bool, since a payload holds nothing else."""
    return verb.kinds


def _plain(said: dict[str, Any]) -> bool:
    return all(isinstance(value, str | int | bool) and "\0" not in str(value) for value in said.values())


def _built(verb: type[Verb], said: dict[str, Any], stale: Stale) -> Verb:
    kinds, asked = kinds_of(verb), questions(verb)
    given = {name: value for name, value in said.items() if name in kinds}
    for name, value in given.items():
        most = asked[name].most if name in asked else LONGEST
        if type(value) is not kinds[name] or not _is_kept(value, most):
            raise stale
    try:
        return verb(**given)
    except TypeError:
        raise stale from None


def _is_kept(value: object, most: int) -> bool:
    """Whether a column of ours holds it: 64 bits, or as many characters as the command asks for."""
    return len(value) <= most if isinstance(value, str) else isinstance(value, int) and abs(value) < 2**63
