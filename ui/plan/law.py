"""The law a workspace's contracts stand under."""

from __future__ import annotations

from data.store import Workspace
from scheduling.rules.law import Law


def law_of(workspace: Workspace) -> Law:
    """Rule sets shipped and the workspace's own, with its official holiday notices."""
    return Law(workspace.rule_sets(), workspace.notices())
