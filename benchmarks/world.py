"""The same small world in every database that is measured: two organisations that agreed, and 100 communities of 30.

Half of each community is of HMRC and on Slack, half of DWP and on Teams. Three would be asked, two of them of DWP,
with no limit a week, so that the thousandth question still goes to somebody. One in ten can be found by what they
know, and five questions of each community are answered.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, update
from sqlmodel import Session, SQLModel, col, func, select

from benchmarks.wire import SLACK_TEAM, TEAMS_TENANT
from storage.tables import (
    Account,
    Agreement,
    Answer,
    Community,
    Installation,
    Membership,
    Mirror,
    Organisation,
    Outbox,
    Person,
    Question,
)

COMMUNITIES = 100
MEMBERS = 30
ON_SLACK = MEMBERS // 2
HALF = COMMUNITIES * ON_SLACK
WILLING = (0, ON_SLACK, ON_SLACK + 1)
NO_LIMIT = 1_000_000
ANSWERED = 5
KNOWS = ("sole trader registration", "company names", "payroll for new employers", "grants and loans", "pensions")


class UsedUp(ValueError):
    """Every member has joined every community: no join with this number would write a row."""


def slug(number: int) -> str:
    """The community with this number, in turn."""
    return f"community-{number % COMMUNITIES}"


def on_slack(number: int) -> str:
    """A member's Slack user id, in turn: each of the community after the last one's, `slug(number)`."""
    return f"U0MEMBER{number % HALF}"


def on_teams(number: int) -> str:
    """A member's Entra object id, in turn as on Slack."""
    return f"{HALF + number % HALF:032x}"


def another(number: int) -> str:
    """A community that the member with this number has not joined yet, if they join in the order of the numbers."""
    turn = 1 + number // HALF
    if turn >= COMMUNITIES:
        raise UsedUp(number)
    return slug(number + turn)


def make_tables(file: Path) -> None:
    """Every table, for a program that has no migrations of its own."""
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()


def fill(file: Path, service_url: str) -> None:
    """The world is in this database, which has its tables and nothing in them. Teams is reached at `service_url`."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        hmrc, dwp = _organisations(session)
        for number in range(COMMUNITIES):
            name = f"Community {number}"
            community = Community(slug=slug(number), name=name, service=name, outcome=name, created_at=_now())
            session.add(community)
            session.flush()
            for place in range(MEMBERS):
                joined = _person(session, number + COMMUNITIES * place, hmrc if place < ON_SLACK else dwp)
                joined.asked = place in WILLING
                session.add(Membership(community_id=community.id, person_id=joined.id, joined_at=_now()))
                if place < ANSWERED:
                    _answered(session, community, joined, KNOWS[place % len(KNOWS)])
        session.exec(update(Account).where(col(Account.platform) == "teams").values(service_url=service_url))
        session.commit()
    engine.dispose()


def _organisations(session: Session) -> tuple[Organisation, Organisation]:
    hmrc = Organisation(name="HM Revenue & Customs", short="HMRC", created_at=_now())
    dwp = Organisation(name="Department for Work and Pensions", short="DWP", created_at=_now())
    session.add_all([hmrc, dwp])
    session.flush()
    session.add(Agreement(first_id=hmrc.id, second_id=dwp.id, agreed_at=_now()))
    for platform, tenant, organisation in (("slack", SLACK_TEAM, hmrc), ("teams", TEAMS_TENANT, dwp)):
        session.add(Installation(platform=platform, tenant=tenant, organisation_id=organisation.id, created_at=_now()))
    return hmrc, dwp


def _person(session: Session, number: int, organisation: Organisation) -> Person:
    added = Person(
        name=f"Member {number}",
        role="Adviser",
        organisation_id=organisation.id,
        verified=True,
        weekly=NO_LIMIT,
        findable=number % 10 == 0,
        knows=KNOWS[number // 10 % len(KNOWS)],
        created_at=_now(),
    )
    session.add(added)
    session.flush()
    slack = number < HALF
    platform, tenant = ("slack", SLACK_TEAM) if slack else ("teams", TEAMS_TENANT)
    user = on_slack(number) if slack else on_teams(number)
    session.add(Account(person_id=added.id, platform=platform, tenant=tenant, user=user, seen_at=_now()))
    return added


def _answered(session: Session, community: Community, person: Person, about: str) -> None:
    """A question that this person asked and answered, so that a search has something to rank."""
    said: dict[str, Any] = {"organisation_id": person.organisation_id}
    question = Question(
        community_id=community.id, asker_id=person.id, text=f"Who decides on {about}?", state="answered", **said
    )
    question.asked_at = question.answered_at = _now()
    session.add(question)
    session.flush()
    text = f"The team for {about} does, within ten days of the request."
    session.add(Answer(question_id=question.id, author_id=person.id, text=text, written_at=_now(), **said))


def owed(file: Path) -> int:
    """How many messages Signpost has still to send, or is sending."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        unsent = col(Outbox.state).in_(["waiting", "sending"])
        count = session.exec(select(func.count()).select_from(Outbox).where(unsent)).one()
    engine.dispose()
    return count


def rows(file: Path) -> dict[str, int]:
    """How many memberships, questions and mirrors there are: what the measured commands are there to write."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        counted = {
            model.__name__.lower(): session.exec(select(func.count()).select_from(model)).one()
            for model in (Membership, Question, Mirror)
        }
    engine.dispose()
    return counted


def _now() -> datetime:
    return datetime.now(UTC)
