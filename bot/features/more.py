"""See and change more of your profile: when you can be asked, your languages, and who does not see you."""

from bot.absence import away_in_words
from bot.command import Query
from bot.features.away import Away, Back
from bot.features.hide import Hide
from bot.features.hours import SayHours
from bot.features.languages import Languages
from bot.features.limit import Limit
from bot.features.member_type import MemberType
from bot.hours import hours_in_words
from bot.kinds import PEOPLE
from bot.speaking import languages_of
from bot.text import listing, t
from bot.ui import Button, Card, Fact, Reply
from bot.work import View
from storage.availability import Availability
from storage.people import Person


class More(Query, name="me more", help=t("See when you can be asked"), also=("me rhagor",)):
    """What the first card has no room for, with a way to change each line."""

    def run(self, me: Person, view: View) -> Reply:
        away = away_in_words(me, view.now)
        hidden = [one.called for one in Availability(view.tx).hidden_from(me.id)]
        change = Button(t("I am not away"), Back()) if away else Button(t("Say when you are away"), Away.partly())
        return Reply(
            Card(
                t("More of your profile"),
                facts=(
                    Fact(t("Type"), PEOPLE.get(me.kind, t("not said yet"))),
                    Fact(t("Questions"), t("at most {n} a week", n=me.weekly)),
                    Fact(t("Away"), away or t("no")),
                    Fact(t("Working hours"), hours_in_words(me.hours)),
                    Fact(t("Languages"), languages_of(me, me.language)),
                    Fact(t("Hidden from"), listing(hidden) if hidden else t("no organisation")),
                ),
                buttons=(
                    Button(t("Change type"), MemberType.partly()),
                    Button(t("Change the limit"), Limit.partly()),
                    change,
                    Button(t("Change your hours"), SayHours.partly()),
                    Button(t("Change your languages"), Languages.partly()),
                    Button(t("Hide from an organisation"), Hide.partly()),
                ),
                note=t("To stop hiding from one, say: me show to, and its name.") if hidden else None,
            )
        )
