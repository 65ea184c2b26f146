"""Choose the language that Signpost writes to you in: English or Welsh."""

from bot.command import Command, ask, registry
from bot.errors import Refusal
from bot.text import t, words
from bot.ui import Button, Card, Option, Paragraph, Reply
from bot.work import View, Work
from storage.people import Person

SPOKEN = {"en": "English", "cy": "Cymraeg"}
"""Each language by its own name, which is how a reader of it finds it."""
CALLED = {
    **dict.fromkeys(("english", "saesneg", "en"), "en"),
    **dict.fromkeys(("cymraeg", "gymraeg", "welsh", "cy"), "cy"),
}
"""What people call them, in either language."""


def _languages(me: Person, view: View) -> list[Option]:
    return [Option(name.lower(), words(name)) for name in SPOKEN.values()]


class Language(
    Command,
    name="me language",
    help=t("Choose the language you read"),
    example="me language cymraeg",
    also=("me iaith", "language", "iaith"),
):
    """Signpost writes to this person in that language from now on, this reply first. What people wrote stays as it is.

    A language that Signpost does not speak is refused.
    """

    language: str = ask(t("Which language?"), choices=_languages, most=80)

    def run(self, me: Person, work: Work) -> Reply:
        language = CALLED.get(self.language.strip(" .").lower().removeprefix("yn "))
        if language is None:
            text = t("Signpost writes English and Welsh. Say me language english, or me language cymraeg.")
            raise Refusal(text, field="language")
        work.people.say_language(me.id, language)
        work.became = me._replace(language=language)
        title = t("Signpost writes to you in English from now on.")
        if language == "cy":
            title = t("Signpost writes to you in Welsh from now on.")
        return Reply(
            Card(
                title,
                body=(Paragraph(t("What people write is not translated. The words you type stay in English.")),),
                buttons=(
                    Button(t("See what you can do"), registry.verbs["help"](), style="primary"),
                    Button(t("See your profile"), registry.verbs["me"]()),
                    other_language(work.became),
                ),
            )
        )


def other_language(me: Person) -> Button:
    """The button that changes to the language this person does not read now, called by its own name."""
    other = "en" if me.language == "cy" else "cy"
    return Button(words(SPOKEN[other]), Language(SPOKEN[other].lower()))
