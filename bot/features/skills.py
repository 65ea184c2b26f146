"""Say what you know: skills of a framework and topics in your own words, and if you like how well."""

from itertools import groupby

from bot.command import Command, Considered, Query, Verb, ask, registry
from bot.errors import Refusal
from bot.features.join import MayFind
from bot.features.me import Knows
from bot.finding import tidy
from bot.skills import CALLED, NAMES, best_first, meant, of_role_first, read_said, shown
from bot.text import Text, listing, t, words
from bot.ui import Button, Card, Element, Fact, Item, Option, Paragraph, Reply
from bot.work import View, Work
from storage.people import Person
from storage.search import Search
from storage.skills import Said, Skill, Skills, folded
from storage.terms import terms

MOST = 50
"""Things that one person can say they know."""
LONGEST = 80
"""Characters of a topic."""
CHOICES = 100
"""Of a list on a form, on the narrower platform."""
LABEL = 75
"""Characters of a choice there."""
OWN = "~"
"""The choice that says: in my own words."""
ALIKE = 0.45
"""How well a skill must match a sentence to be asked about."""
LEVELS_SAY = t(
    "Awareness: you can describe the basics. Working: you use it with some support."
    " Practitioner: you use it without support and share it. Expert: you lead and teach it."
)
"""The framework's own four levels, in short."""


def _skills(me: Person, view: View) -> list[Option]:
    """The skills of their role first, as many as a form holds; none where none were imported."""
    found = [one for one in of_role_first(Skills(view.tx).all(), me.role) if len(one.name) <= LABEL][: CHOICES - 1]
    own = [Option(OWN, t("In my own words"))] if found else []
    return [*own, *(Option(one.name, words(one.name)) for one in found)]


def _own(verb: Verb, me: Person, view: View) -> str:
    """In their own words, unless they choose a skill: who writes a topic need not choose anything."""
    return OWN if Skills(view.tx).all() else ""


def _levels(me: Person, view: View) -> list[Option]:
    return [Option(level, name) for level, name in NAMES.items()]


def _levels_or_none(me: Person, view: View) -> list[Option]:
    return [*_levels(me, view), Option("none", t("No level"))]


def _mine(me: Person, view: View) -> list[Option]:
    return [Option(one.words, shown(one)) for one in best_first(Skills(view.tx).of(me.id))]


class MySkills(Query, name="me skills", help=t("See what you say you know"), also=("my skills",)):
    """All that this person says they know, by level, with a way to change each."""

    def run(self, me: Person, view: View) -> Reply:
        return Reply(what_you_know(me, view))


class SaySkill(
    Considered[list[Skill]],
    name="me skill",
    help=t("Add something you know"),
    example="me skill user research, practitioner",
):
    """They say that they know this, at most 50 things. What is like a skill of a framework is asked about first.

    Refused: a level that there is not, and words that are too long.
    """

    skill: str = ask(
        t("What do you know about?"),
        choices=_skills,
        most=150,
        hint=t("Choose a skill: those of your role come first. Or write a topic below."),
        start=_own,
    )
    words: str = ask(t("A topic, in your own words"), after="topic:", most=LONGEST, default="")
    level: str = ask(t("How well?"), after="level:", choices=_levels, most=40, hint=LEVELS_SAY, default="")
    own: bool = False

    def look(self, me: Person, view: View) -> list[Skill]:
        said, _ = self._said()
        if self.own or len(said.split()) < 3:  # what is said in two words is no sentence
            return []
        found = [one.key for one in Search(view.tx).skills(said, 3) if one.score >= ALIKE]
        return Skills(view.tx).among(found)

    def run(self, me: Person, work: Work, seen: list[Skill]) -> Reply:
        said, level = self._said()
        skills = Skills(work.tx)
        found = meant(said, skills.all(), seen)
        if found.near and not self.own:
            return Reply(_which(said, level, found.near))
        skill = None if self.own else found.skill
        name = skill.name if skill else said
        before = {folded(one.words): one for one in skills.of(me.id)}
        same = before.get(folded(name))
        if same is None and len(before) >= MOST:
            raise Refusal(t("You say that you know 50 things, which is the most. Remove one first."), field="skill")
        kept = level or (same.level if same else "")
        number = skills.say(me.id, name, skill.id if skill else None, kept, work.now)
        return Reply(added(Said(number, me.id, skill.id if skill else None, name, kept, work.now), me))

    def _said(self) -> tuple[str, str]:
        """What they know and how well. Raises Refusal where it is nothing, too long, or at no level."""
        if self.skill == OWN and not tidy(self.words):
            raise Refusal(t("Say in a few words what you know about."), field="words")
        if self.skill != OWN and self.words:
            raise Refusal(t("You chose a skill too. Choose “In my own words”, or leave this empty."), field="words")
        said, level = read_said(tidy(self.words if self.skill == OWN else self.skill))
        if not terms(said):
            field = "words" if self.skill == OWN else "skill"
            raise Refusal(t("Say in a few words what you know about."), field=field)
        if len(said) > LONGEST and self.skill == OWN:
            raise Refusal(t("Use 80 characters or fewer for what you know."), field="words")
        return said, _level(self.level) or level


class ChangeLevel(Command, help=t("Say how well you know it")):
    """They know this as well as they say. Refused for what they do not say they know."""

    skill: str = ask(t("Which one?"), choices=_mine, most=150)
    level: str = ask(t("How well?"), choices=_levels_or_none, most=40, hint=LEVELS_SAY)

    def run(self, me: Person, work: Work) -> Reply:
        one = _said_by(me, self.skill, work)
        level = _level(self.level)
        Skills(work.tx).change_level(one.id, me.id, level, work.now)
        return Reply(added(one._replace(level=level), me))


class RemoveSkill(
    Command, name="me skill remove", help=t("Remove something you know"), example="me skill remove user research"
):
    """They do not say that they know this any more, and nobody finds them by it. Refused where they did not say it."""

    skill: str = ask(t("Which one?"), choices=_mine, most=150)

    def run(self, me: Person, work: Work) -> Reply:
        one = _said_by(me, self.skill, work)
        Skills(work.tx).drop(one.id, me.id)
        again = SaySkill(one.words, level=one.level, own=one.skill_id is None)
        return Reply(
            Card(
                t("You do not say that you know about {what} any more.", what=one.words),
                buttons=(Button(t("Undo"), again), Button(t("See what you know"), MySkills())),
            )
        )


def what_you_know(me: Person, view: View, title: Text | None = None) -> Card:
    """All that somebody says they know, for themselves, and what they can do about it."""
    said = Skills(view.tx).of(me.id)
    body: list[Element] = [
        Item(NAMES[level] if level else t("No level"), t("{things}", things=listing([one.words for one in each])))
        for level, each in groupby(best_first(said), key=lambda one: one.level)
    ]
    change = (Button(t("Change a level"), ChangeLevel.partly()), Button(t("Remove one"), RemoveSkill.partly()))
    return Card(
        title or t("What you say you know"),
        body=tuple(body) or (Paragraph(t("You have not said any skills or topics yet.")),),
        facts=(Fact(t("In one line"), me.knows or t("not said yet")),),
        buttons=(
            Button(t("Add a skill or topic"), SaySkill.partly(), style="primary"),
            Button(t("Change the line"), Knows.partly()),
            *(change if said else ()),
            Button(t("See your profile"), registry.verbs["me"]()),
        ),
        note=t("A line is enough. Levels are those of the Government Digital and Data framework."),
    )


def added(one: Said, me: Person) -> Card:
    """What somebody now says they know, and what they can do next."""
    hidden = Paragraph(t("Nobody sees this until you let others find you or let us bring you questions."))
    unseen = not me.findable and not me.asked
    return Card(
        t("You say that you know about {what}.", what=shown(one)),
        body=(hidden,) if unseen else (),
        buttons=(
            *((Button(t("Let others find me"), MayFind("yes")),) if unseen else ()),
            Button(t("Add another"), SaySkill.partly(), style="primary"),
            Button(t("Change level"), ChangeLevel.partly(skill=one.words)),
            Button(t("Remove"), RemoveSkill(one.words)),
            Button(t("See what you know"), MySkills()),
        ),
    )


def _which(said: str, level: str, near: tuple[Skill, ...]) -> Card:
    """Nothing was stored: which of these they meant, or whether it is a topic of their own."""
    return Card(
        t("Did you mean one of these skills?"),
        body=(Paragraph(t("You said “{said}”. A skill has the same name for everybody.", said=said)),),
        buttons=(
            *(Button(words(one.name), SaySkill(one.name, level=level)) for one in near),
            Button(t("Keep it as a topic"), SaySkill(said, level=level, own=True)),
        ),
    )


def _level(said: str) -> str:
    """The level as it is kept, "" for none."""
    level = folded(said).strip(" .").removesuffix(" level")
    if level in ("none", "no"):
        return ""
    if level and level not in CALLED:
        raise Refusal(t("Say awareness, working, practitioner or expert."), field="level")
    return CALLED.get(level, "")


def _said_by(me: Person, said: str, view: View) -> Said:
    """What this person says they know under this name."""
    found = [one for one in Skills(view.tx).of(me.id) if folded(one.words) == folded(said)]
    if not found:
        text = t("You do not say that you know about “{what}”. Say me skills to see what you do.", what=tidy(said))
        raise Refusal(text, field="skill")
    return found[0]
