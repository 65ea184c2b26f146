"""The same small world in every database that is measured: two organisations that agreed, and 50 communities of 60."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import create_engine
from sqlmodel import Session, SQLModel, func, select

from benchmarks.wire import SLACK_TEAM, TEAMS_TENANT
from storage.tables import Account, Agreement, Community, Installation, Membership, Organisation, Person, Question

COMMUNITIES = 50
MEMBERS = 60
WILLING = 3


def slug(number: int) -> str:
    """The community that the command with this number is about: each in its turn."""
    return f"community-{number % COMMUNITIES}"


def make_tables(file: Path) -> None:
    """Every table, for a program that has no migrations of its own."""
    engine = create_engine(f"sqlite:///{file}")
    SQLModel.metadata.create_all(engine)
    engine.dispose()


def fill(file: Path) -> None:
    """People of HMRC on Slack and of DWP on Teams; in each community three of DWP said yes to questions."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        hmrc, dwp = _organisations(session)
        for number in range(COMMUNITIES):
            name = f"Community {number}"
            community = Community(slug=slug(number), name=name, service=name, outcome=name, created_at=_now())
            session.add(community)
            session.flush()
            for place in range(MEMBERS):
                organisation = dwp if place < MEMBERS // 2 else hmrc
                member = _person(session, number * MEMBERS + place, organisation, willing=place < WILLING)
                session.add(Membership(community_id=community.id, person_id=member.id, joined_at=_now()))
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


def _person(session: Session, number: int, organisation: Organisation, *, willing: bool) -> Person:
    on_slack = organisation.short == "HMRC"
    member = Person(
        name=f"Member {number}", organisation_id=organisation.id, verified=True, asked=willing, created_at=_now()
    )
    session.add(member)
    session.flush()
    session.add(
        Account(
            person_id=member.id,
            platform="slack" if on_slack else "teams",
            tenant=SLACK_TEAM if on_slack else TEAMS_TENANT,
            user=f"U0MEMBER{number}" if on_slack else f"29:member-{number}",
            seen_at=_now(),
        )
    )
    return member


def rows(file: Path) -> dict[str, int]:
    """How many memberships and questions there are: what the measured commands are there to write."""
    engine = create_engine(f"sqlite:///{file}")
    with Session(engine) as session:
        counted = {
            model.__name__.lower(): session.exec(select(func.count()).select_from(model)).one()
            for model in (Membership, Question)
        }
    engine.dispose()
    return counted


def _now() -> datetime:
    return datetime.now(UTC)
