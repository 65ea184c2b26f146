"""Every table, a file for each noun. A new file here is imported below."""

from storage.tables.communities import (
    Announcement,
    Bulletin,
    Community,
    ConnectedPlace,
    Departure,
    Invitation,
    JoinRequest,
    Membership,
    Paired,
    Pairing,
)
from storage.tables.declaring import Erasure, columns, table
from storage.tables.engine import Audit, Bucket, Inbound, Lane, Outbox, Timer
from storage.tables.organisations import (
    Agreement,
    Consent,
    Conversation,
    Installation,
    Organisation,
    OrganisationDomain,
    OrganisationName,
    OrganisationParent,
    OrganisationSuccession,
)
from storage.tables.people import Account, Draft, LinkCode, Notice, Person, PersonService
from storage.tables.questions import Answer, AnswerVersion, Mirror, Offer, Question, QuestionVersion
from storage.tables.registers import BankHoliday, Service, Skill
from storage.tables.showcases import Attendance, Showcase

__all__ = [
    "Account",
    "Agreement",
    "Announcement",
    "Answer",
    "AnswerVersion",
    "Attendance",
    "Audit",
    "BankHoliday",
    "Bucket",
    "Bulletin",
    "Community",
    "ConnectedPlace",
    "Consent",
    "Conversation",
    "Departure",
    "Draft",
    "Erasure",
    "Inbound",
    "Installation",
    "Invitation",
    "JoinRequest",
    "Lane",
    "LinkCode",
    "Membership",
    "Mirror",
    "Notice",
    "Offer",
    "Organisation",
    "OrganisationDomain",
    "OrganisationName",
    "OrganisationParent",
    "OrganisationSuccession",
    "Outbox",
    "Paired",
    "Pairing",
    "Person",
    "PersonService",
    "Question",
    "QuestionVersion",
    "Service",
    "Showcase",
    "Skill",
    "Timer",
    "columns",
    "table",
]
