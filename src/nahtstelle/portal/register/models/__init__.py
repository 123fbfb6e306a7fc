"""The records of the register. Every constraint has a name; each is broken once in a test."""

from nahtstelle.portal.register.models.agreements import Agreement, AgreementParty, AgreementTask
from nahtstelle.portal.register.models.base import Entry, Party, Record
from nahtstelle.portal.register.models.completeness import Completeness, CoverageFigure, KeyChange
from nahtstelle.portal.register.models.cooperations import Cooperation, Funding, Membership, StatedBy, Succession
from nahtstelle.portal.register.models.evidence import Attachment, Citation, Dispute, Source, Statement
from nahtstelle.portal.register.models.meetings import AgendaItem, Meeting, MeetingBody
from nahtstelle.portal.register.models.organisations import Contact, Organisation
from nahtstelle.portal.register.models.projects import (
    Project,
    ProjectCooperation,
    ProjectEffect,
    ProjectFunding,
    ProjectPartner,
)
from nahtstelle.portal.register.models.responsibility import Assignment, Invitation, Role
from nahtstelle.portal.register.models.review import EditorialReview
from nahtstelle.portal.register.models.search import SearchEntry, SearchTerm
from nahtstelle.portal.register.models.trace import (
    Following,
    ImportBatch,
    ImportState,
    LogEntry,
    Suggestion,
    SuggestionState,
    Via,
)

RECORDS: dict[str, type[Record]] = {
    model.TYPE: model
    for model in (
        Organisation, Cooperation, Succession, Membership, Agreement, Project, Meeting, Contact, Source, Citation,
        Statement, Attachment, Dispute, CoverageFigure, Completeness, KeyChange,
    )
}  # fmt: skip
"""Every type of record under its word, in an order in which what is referred to comes first, as far as there is one."""

__all__ = [
    "RECORDS",
    "AgendaItem", "Agreement", "AgreementParty", "AgreementTask", "Assignment", "Attachment", "Citation",
    "Completeness", "Contact", "Cooperation", "CoverageFigure", "Dispute", "EditorialReview", "Entry",
    "Following", "Funding",
    "ImportBatch", "ImportState", "Invitation", "KeyChange", "LogEntry", "Meeting", "MeetingBody", "Membership",
    "Organisation", "Party", "Project", "ProjectCooperation", "ProjectEffect", "ProjectFunding", "ProjectPartner",
    "Record", "Role", "SearchEntry", "SearchTerm", "Source", "StatedBy", "Statement", "Succession", "Suggestion",
    "SuggestionState", "Via",
]  # fmt: skip
