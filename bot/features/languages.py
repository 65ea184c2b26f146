"""Say in which languages you can answer, beside English."""

from bot.command import Command, Verb, ask, registry
from bot.errors import Refusal
from bot.speaking import called, languages_of, read_languages
from bot.text import say, t
from bot.ui import Button, Card, Reply
from bot.work import View, Work, reader_of
from storage.availability import Availability
from storage.people import Person

MOST = 12


def _now(verb: Verb, me: Person, view: View) -> str:
    return ", ".join(say(called(code, me.language), reader_of(me)) for code in me.languages.split())


class Languages(
    Command,
    name="me languages",
    help=t("Say which languages you can answer in"),
    example="me languages Welsh, French",
    also=("me speaks", "me ieithoedd"),
):
    """They can answer in these languages and in English, which need not be said. Which one they read is `me language`.

    A language that is not known is refused, and nothing is changed; with none, English alone is left.
    """

    languages: str = ask(
        t("Which languages can you answer in?"), most=300, start=_now, hint=t("Beside English, such as Welsh, French.")
    )

    def run(self, me: Person, work: Work) -> Reply:
        codes, unknown = read_languages(self.languages)
        if unknown:
            name = unknown[0] if len(unknown[0]) <= 80 else unknown[0][:79] + "…"
            text = t(
                "No language is called “{name}” here. Write it in English or in Welsh, with commas between.", name=name
            )
            raise Refusal(text, field="languages")
        if len(codes) > MOST:
            raise Refusal(t("Say up to {most} languages.", most=MOST), field="languages")
        Availability(work.tx).languages(me.id, " ".join(codes))
        now = me._replace(languages=" ".join(codes))
        return Reply(
            Card(
                t("You can answer in {languages}.", languages=languages_of(now, me.language)),
                buttons=(
                    Button(t("Change your languages"), Languages.partly()),
                    Button(t("See your profile"), registry.verbs["me"]()),
                ),
                note=t("Signpost writes to you in one of English and Welsh. To choose which, say me language."),
            )
        )
