"""Who may do what: permissions (noun:verb), the roles that carry them, and the actor who holds roles.

A role is held either over a whole locality (admin, office, leader, inspector), over a province and, for
reading, over every commune below it (province), or over one unit (unit). Who came in with an access link holds
no role: the link is all they have.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Permission(StrEnum):
    # Reading
    LOCALITY_READ = "locality:read"
    UNIT_READ = "unit:read"
    PERSON_READ = "person:read"
    DOCUMENT_READ = "document:read"
    PLAN_READ = "plan:read"
    OVERVIEW_READ = "overview:read"
    ASSIGNMENT_READ = "assignment:read"
    SUBMISSION_READ = "submission:read"
    EVENT_READ = "event:read"
    URGING_READ = "urging:read"
    NOTICE_READ = "notice:read"
    ACCESS_LINK_READ = "access_link:read"
    # Writing
    LOCALITY_MANAGE = "locality:manage"
    UNIT_MANAGE = "unit:manage"
    PERSON_MANAGE = "person:manage"
    TOKEN_MANAGE = "token:manage"  # noqa: S105 - a permission's name, not a secret
    SESSION_OPEN = "session:open"
    DOCUMENT_UPLOAD = "document:upload"
    CANDIDATE_DECIDE = "candidate:decide"
    PLAN_ISSUE = "plan:issue"
    TASK_MANAGE = "task:manage"
    PERIOD_MANAGE = "period:manage"
    INDICATOR_MANAGE = "indicator:manage"
    ASSIGNMENT_REPORT = "assignment:report"
    ASSIGNMENT_DECIDE = "assignment:decide"
    SUBMISSION_SEND = "submission:send"
    SUBMISSION_DECIDE = "submission:decide"
    REMARK_WRITE = "remark:write"
    EVIDENCE_WRITE = "evidence:write"
    EXTENSION_DECIDE = "extension:decide"
    QUESTION_ANSWER = "question:answer"
    URGING_WRITE = "urging:write"
    URGING_ANSWER = "urging:answer"
    NOTICE_CHOOSE = "notice:choose"
    ACCESS_LINK_MANAGE = "access_link:manage"
    CALENDAR_LINK_MANAGE = "calendar_link:manage"

    @property
    def is_write(self) -> bool:
        return not self.value.endswith(":read")


class Role(StrEnum):
    ADMIN = "admin"
    OFFICE = "office"
    UNIT = "unit"
    LEADER = "leader"
    INSPECTOR = "inspector"
    PROVINCE = "province"


P = Permission
_READS = frozenset(p for p in Permission if not p.is_write) - {P.ACCESS_LINK_READ}
_WORK_READS = _READS - {P.PERSON_READ}
# What everybody who signs in with an account may do with what is theirs.
_OWN = frozenset({P.TOKEN_MANAGE, P.NOTICE_CHOOSE})
_OFFICE_WRITES = frozenset(
    {
        P.UNIT_MANAGE,
        P.DOCUMENT_UPLOAD,
        P.CANDIDATE_DECIDE,
        P.PLAN_ISSUE,
        P.TASK_MANAGE,
        P.PERIOD_MANAGE,
        P.INDICATOR_MANAGE,
        P.ASSIGNMENT_DECIDE,
        P.SUBMISSION_DECIDE,
        P.REMARK_WRITE,
        P.EVIDENCE_WRITE,
        P.EXTENSION_DECIDE,
        P.QUESTION_ANSWER,
        P.URGING_WRITE,
        P.ACCESS_LINK_READ,
        P.ACCESS_LINK_MANAGE,
        P.CALENDAR_LINK_MANAGE,
    }
)

# What a role may do over the place it is held for. A unit's role also reads the shared parts of its locality
# (the plan's text, the list of units, the periods): LOCAL_READS_OF_UNIT.
ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _READS | _OWN | {P.LOCALITY_MANAGE, P.UNIT_MANAGE, P.PERSON_MANAGE, P.PERIOD_MANAGE},
    Role.OFFICE: _READS | _OWN | _OFFICE_WRITES,
    Role.LEADER: _WORK_READS | _OWN | {P.REMARK_WRITE},
    Role.INSPECTOR: _WORK_READS | _OWN | {P.REMARK_WRITE},
    Role.PROVINCE: _WORK_READS | _OWN,
    Role.UNIT: frozenset(
        {
            P.ASSIGNMENT_READ,
            P.SUBMISSION_READ,
            P.EVENT_READ,
            P.URGING_READ,
            P.ASSIGNMENT_REPORT,
            P.SUBMISSION_SEND,
            P.REMARK_WRITE,
            P.EVIDENCE_WRITE,
            P.URGING_ANSWER,
            P.CALENDAR_LINK_MANAGE,
        }
    ),
}
# Of a unit's role, what also holds for the rows its groups carry out together: every member sees and reports them.
JOINT_PERMISSIONS: frozenset[Permission] = ROLE_PERMISSIONS[Role.UNIT] - {P.CALENDAR_LINK_MANAGE}
LOCAL_PERMISSIONS_OF_UNIT: frozenset[Permission] = _OWN | {
    P.LOCALITY_READ,
    P.UNIT_READ,
    P.PLAN_READ,
    P.NOTICE_READ,
}


# What an access link gives over its unit's rows of its period, and over nothing else. What its visitors read is in
# app/services/_scope.py; which routes they may ask, `by_link` of `policy` in app/entry.py.
LINK_PERMISSIONS: frozenset[Permission] = frozenset(
    {P.ASSIGNMENT_READ, P.SUBMISSION_READ, P.ASSIGNMENT_REPORT, P.SUBMISSION_SEND, P.EVIDENCE_WRITE}
)


@dataclass(frozen=True, slots=True)
class Grant:
    """One role held now: over `unit_id` when it is set, else over the whole locality. `groups`: those the unit belongs
    to today; what stands on a group itself is its members' joint work (decision 0024)."""

    role: Role
    locality_id: UUID
    unit_id: UUID | None = None
    covers_below: frozenset[UUID] = frozenset()
    place: str = ""  # the locality's name, for the head of every page
    groups: frozenset[UUID] = frozenset()

    def allows(self, permission: Permission, locality_id: UUID, unit_id: UUID | None) -> bool:
        if locality_id != self.locality_id:
            below = locality_id in self.covers_below and not permission.is_write
            return below and permission in ROLE_PERMISSIONS[self.role]
        if self.role is not Role.UNIT:
            return permission in ROLE_PERMISSIONS[self.role]
        if permission in LOCAL_PERMISSIONS_OF_UNIT:
            return True
        if unit_id in self.groups:
            return permission in JOINT_PERMISSIONS
        return unit_id is not None and unit_id == self.unit_id and permission in ROLE_PERMISSIONS[Role.UNIT]

    def reaches(self, locality_id: UUID) -> bool:
        return locality_id == self.locality_id or locality_id in self.covers_below


@dataclass(frozen=True, slots=True)
class LinkGrant:
    """What whoever came in with the access link `id` holds: one unit in one period, and what its `groups` do together
    in it, as a `Grant` does. The names are for the head of every page."""

    id: UUID
    locality_id: UUID
    unit_id: UUID
    period_id: UUID
    place: str = ""
    unit_name: str = ""
    period_name: str = ""
    groups: frozenset[UUID] = frozenset()

    def allows(self, permission: Permission, locality_id: UUID, unit_id: UUID | None) -> bool:
        if locality_id != self.locality_id:
            return False
        if permission is Permission.LOCALITY_READ:
            return True
        return unit_id in (self.unit_id, *self.groups) and permission in LINK_PERMISSIONS


@dataclass(frozen=True, slots=True)
class Actor:
    """The person (or the system) a piece of work is done for."""

    account_id: UUID | None
    name: str
    grants: tuple[Grant, ...] = ()
    post: str = ""
    session_id: UUID | None = None
    session_until: datetime | None = None
    account_locality_id: UUID | None = None
    link: LinkGrant | None = None  # who came in with a link instead of an account
    system_permissions: frozenset[Permission] = field(default=frozenset())

    def may(self, permission: Permission, locality_id: UUID, unit_id: UUID | None = None) -> bool:
        if permission in self.system_permissions:
            return True
        if self.link is not None:
            return self.link.allows(permission, locality_id, unit_id)
        return any(grant.allows(permission, locality_id, unit_id) for grant in self.grants)

    def knows(self, locality_id: UUID) -> bool:
        if self.link is not None:
            return locality_id == self.link.locality_id
        return bool(self.system_permissions) or any(grant.reaches(locality_id) for grant in self.grants)

    def localities_with(self, permission: Permission) -> frozenset[UUID]:
        """Localities over the whole of which the permission holds."""
        found: set[UUID] = set()
        for grant in self.grants:
            if grant.allows(permission, grant.locality_id, None):
                found.add(grant.locality_id)
                if not permission.is_write:
                    found |= grant.covers_below
        return frozenset(found)

    def units_with(self, permission: Permission) -> frozenset[UUID]:
        """Units and groups for which the permission holds one by one (unit officers)."""
        return frozenset(
            unit_id
            for grant in self.grants
            if grant.unit_id is not None
            for unit_id in (grant.unit_id, *grant.groups)
            if grant.allows(permission, grant.locality_id, unit_id)
        )

    @property
    def access_link_id(self) -> UUID | None:
        return self.link.id if self.link is not None else None

    @property
    def sender(self) -> UUID | None:
        """Whose repeated writes and uploads are one: the account's, or the access link's."""
        return self.account_id or self.access_link_id

    @property
    def home(self) -> UUID | None:
        """The locality whose pages open first."""
        if self.link is not None:
            return self.link.locality_id
        return self.grants[0].locality_id if self.grants else None

    @property
    def is_everywhere(self) -> bool:
        return bool(self.system_permissions)


NOBODY = Actor(account_id=None, name="")
SYSTEM = Actor(account_id=None, name="Hệ thống", system_permissions=frozenset(Permission))
