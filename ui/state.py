"""The only place that touches the session's state, the address bar and the environment.

Choices that a link should carry (queue, day, roster, …) are widgets bound to the address bar; `LINKED` is what they
are given, with a key that is the name in the link.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import streamlit as st

VARIABLE = "PEAKSHIFT_WORKSPACE"
DEFAULT = "workspace"
LINKED: dict[str, Any] = {"bind": "query-params"}
"""Keyword arguments of a widget whose value stands in the address bar."""


def folder() -> Path:
    """The workspace's folder, whether or not there is one yet."""
    return Path(os.environ.get(VARIABLE, DEFAULT)).resolve()


def now() -> datetime:
    """The clock, read here and handed down as an argument."""
    return datetime.now(UTC)


def tell(message: str) -> None:
    """Keep a message for the next run of the page, which shows it once."""
    st.session_state["_told"] = message


def told() -> str | None:
    """Message kept by the run before; forgotten by asking."""
    message: str | None = st.session_state.pop("_told", None)
    return message


def turn(name: str) -> int:
    """How often `next_turn` was called; part of the key of a widget that starts anew each turn."""
    count: int = st.session_state.get(f"_turn_{name}", 0)
    return count


def next_turn(name: str) -> None:
    """Let the widgets of that name start anew."""
    st.session_state[f"_turn_{name}"] = turn(name) + 1


def watch(job: str) -> None:
    """Remember that this session saw a job run, so that its end is told here."""
    st.session_state["_watched"] = job


def saw_run(job: str) -> bool:
    """Whether this session saw the job run; forgotten by asking."""
    seen = bool(st.session_state.get("_watched") == job)
    if seen:
        del st.session_state["_watched"]
    return seen


def begin_with(key: str, value: object) -> None:
    """Give a widget the value it starts with; afterwards it keeps what was chosen, whatever `value` says then."""
    st.session_state.setdefault(key, value)


def choose(key: str, value: object) -> None:
    """Give a widget another value; only before it is drawn."""
    st.session_state[key] = value


def mark(name: str, *, on: bool) -> None:
    """Set or clear a mark of this session."""
    st.session_state[f"_mark_{name}"] = on


def marked(name: str) -> bool:
    """Whether a mark of this session is set."""
    return bool(st.session_state.get(f"_mark_{name}", False))
