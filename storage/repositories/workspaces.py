"""The tenants themselves: the one repository that is not inside a workspace."""

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from storage.records import Workspace
from storage.tables import WorkspaceRow

_NEW = text("INSERT INTO workspace (name, slack_id) VALUES (:name, :slack_id) ON CONFLICT (slack_id) DO NOTHING")


class Workspaces:
    def __init__(self, session: Session) -> None:
        self._session = session

    def list(self) -> list[Workspace]:
        return [_noun(row) for row in self._session.exec(select(WorkspaceRow).order_by(col(WorkspaceRow.id)))]

    def find_by_slack_id(self, slack_id: str) -> Workspace | None:
        row = self._session.exec(select(WorkspaceRow).where(WorkspaceRow.slack_id == slack_id)).first()
        return _noun(row) if row else None

    def for_slack(self, slack_id: str, name: str) -> Workspace:
        """The workspace of that Slack team. The first team to connect takes over what the command line prepared.

        Several processes may connect for the first time at the same moment.
        """
        known = self.find_by_slack_id(slack_id)
        if known is not None:
            return known
        unclaimed = select(WorkspaceRow).where(col(WorkspaceRow.slack_id).is_(None)).with_for_update()
        row = self._session.exec(unclaimed).first()
        if row is None:
            self._session.execute(_NEW, params={"name": name or slack_id, "slack_id": slack_id})
            found = self.find_by_slack_id(slack_id)
            assert found is not None, "it was just made, here or elsewhere"
            return found
        claimed = Workspace(id=row.id or 0, slack_id=slack_id, name=name or row.name)
        claim = update(WorkspaceRow).where(col(WorkspaceRow.id) == row.id)
        self._session.execute(claim.values(slack_id=claimed.slack_id, name=claimed.name))
        return claimed

    def add(self, name: str, slack_id: str | None = None) -> Workspace:
        row = WorkspaceRow(name=name, slack_id=slack_id)
        self._session.add(row)
        self._session.flush()
        return _noun(row)


def _noun(row: WorkspaceRow) -> Workspace:
    assert row.id is not None
    return Workspace(id=row.id, slack_id=row.slack_id, name=row.name)
