"""Dashboards: every event, and the logs that they opened."""

from __future__ import annotations

import asyncio

from streamcore.core.principals import DashboardPrincipal
from streamcore.protocol.events import ChatMessage, Donation
from tests.core.bridge.fakes import FakeLink, eventually
from tests.core.bridge.stage import Stage, handle, raw


async def test_a_dashboard_sees_everything_and_is_spared_while_it_is_slow(stage: Stage) -> None:
    link = FakeLink("/dashboard")
    session = stage.bridge.dashboard_session(DashboardPrincipal("s"), link)
    await session.opened()
    await stage.journal.append([ChatMessage(platform="any"), Donation(platform="other")])
    await eventually(lambda: len(link.events) == 2)
    link.is_behind = True
    await stage.journal.append([Donation(platform="other")])
    await asyncio.sleep(0.02)
    assert len(link.events) == 2
    link.drain()
    assert len(link.events) == 3
    assert link.named("gap") == []


async def test_log_lines_go_to_dashboards_that_opened_the_log(stage: Stage) -> None:
    link = FakeLink("/dashboard")
    session = stage.bridge.dashboard_session(DashboardPrincipal("s"), link)
    await session.opened()
    stage.bridge.dashboards.push_log("bot", {"text": "a"})
    await handle(session, "open_log", raw(module_id="bot"))
    stage.bridge.dashboards.push_log("bot", {"text": "b"})
    stage.bridge.dashboards.push_log("other", {"text": "c"})
    await handle(session, "close_log", raw(module_id="bot"))
    stage.bridge.dashboards.push_log("bot", {"text": "d"})
    assert link.named("log_line") == [{"module_id": "bot", "line": {"text": "b"}}]
    session.closed("gone")
    assert len(stage.bridge.dashboards) == 0
