"""Be asked whether to add what you have answered several questions on: only ever a question, and each thing once."""

from typing import NamedTuple

from bot.answering import ENOUGH, Often, answers_often
from bot.command import Command, Considered, May, registry
from bot.errors import Refusal, Stale
from bot.features.skills import MOST, MySkills, added
from bot.text import t, tn
from bot.ui import Button, Card, Reply
from bot.work import View, Work
from storage.people import Person
from storage.skills import Said, Skills, folded
from storage.suggestions import Suggestion, Suggestions

AT_ONCE = 25
"""People whose answered questions one part reads."""
KEY = "suggest-skills"


class Looked(NamedTuple):
    """What people answer on, by their numbers; and after whom the next part begins, None where this was the last."""

    often: dict[int, Often]
    after: int | None


class SuggestSkills(Considered[Looked], may=May.SYSTEM):
    """Who answered four questions on a thing they do not say they know is asked whether to add it: the next 25.

    Nobody is asked twice about one thing, or about anything within 30 days. Nothing is stored as known.
    """

    after: int = 0

    def look(self, me: Person, view: View) -> Looked:
        suggestions, skills = Suggestions(view.tx), Skills(view.tx).all()
        found = suggestions.could_be_asked(self.after, ENOUGH, AT_ONCE, view.now)
        often = {one.id: answers_often(suggestions.answered(viewer=one), _known(one, view), skills) for one in found}
        return Looked(
            {person: thing for person, thing in often.items() if thing is not None},
            found[-1].id if len(found) == AT_ONCE else None,
        )

    def run(self, me: Person, work: Work, seen: Looked) -> Reply:
        for person, thing in seen.often.items():
            if work.people.find(person) is None or any(
                folded(one) == folded(thing.words) for one in _said(person, work)
            ):
                continue
            number = Suggestions(work.tx).ask(person, thing.words, thing.skill or None, work.now)
            if number is not None:
                work.send(person, _question(number, thing))
        if seen.after is not None:
            work.later(SuggestSkills(seen.after), work.now, key=f"{KEY} {seen.after}")
        return Reply(Card(t("People are asked whether to add what they answer on.")))


class AddSuggested(Command):
    """They say that they know what they were asked about. Refused where they know 50 things, or it was not theirs."""

    suggestion: int

    def run(self, me: Person, work: Work) -> Reply:
        one = _asked(self.suggestion, me, work)
        skills = Skills(work.tx)
        same = {folded(said.words): said for said in skills.of(me.id)}
        if folded(one.words) not in same and len(same) >= MOST:
            raise Refusal(t("You say that you know 50 things, which is the most. Remove one first."))
        Suggestions(work.tx).settle(one.id, me.id, "added")
        level = same[folded(one.words)].level if folded(one.words) in same else ""
        number = skills.say(me.id, one.words, one.skill_id, level, work.now)
        return Reply(added(Said(number, me.id, one.skill_id, one.words, level, work.now), me))


class DeclineSuggested(Command):
    """They are never asked about this again."""

    suggestion: int

    def run(self, me: Person, work: Work) -> Reply:
        one = _asked(self.suggestion, me, work)
        Suggestions(work.tx).settle(one.id, me.id, "declined")
        return Reply(
            Card(
                t("We do not ask you about {what} again.", what=one.words),
                buttons=(Button(t("See what you know"), MySkills()),),
            )
        )


def _known(person: Person, view: View) -> list[str]:
    """What they say they know, and what they were asked about before."""
    return [person.knows, *_said(person.id, view), *Suggestions(view.tx).words(person.id)]


def _said(person: int, view: View) -> list[str]:
    return [one.words for one in Skills(view.tx).of(person)]


def _question(number: int, thing: Often) -> Card:
    return Card(
        tn(
            "You answered {n} question about {what}. Do you want to add it to what you know?",
            "You answered {n} questions about {what}. Do you want to add it to what you know?",
            n=thing.questions,
            what=thing.words,
        ),
        buttons=(
            Button(t("Add it"), AddSuggested(number), style="primary"),
            Button(t("No"), DeclineSuggested(number)),
        ),
        note=t("Only you see this. Nothing is added until you press, and we ask about each thing once."),
    )


def _asked(number: int, me: Person, work: Work) -> Suggestion:
    one = Suggestions(work.tx).one(number, me.id)
    if one is None:
        raise Stale(t("You were not asked about this. Say me skills to see what you know."))
    return one


registry.always(SuggestSkills(), "FREQ=DAILY", "2026-01-01T09:45", "Europe/London", key=KEY)
