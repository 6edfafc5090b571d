"""Every type that we take: payload in, whole event out, and every language's types agree."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest

from streamcore.core.integrations.twitch.events.mapper import MAPPED
from streamcore.core.integrations.twitch.eventsub.wanted import SUBSCRIPTIONS
from streamcore.protocol.events import EVENTS, Event, event_type
from tests.core.integrations.twitch.events.cases import CASES, Case
from tests.core.integrations.twitch.events.notifications import told

ROOT = Path(__file__).resolve().parents[5]
TYPES = ROOT / "src" / "frontend" / "src" / "protocol" / "schema.gen.ts"
TSC = ROOT / "src" / "frontend" / "node_modules" / "typescript" / "bin" / "tsc"
SCHEMA = json.loads((ROOT / "schemas" / "protocol.schema.json").read_text(encoding="utf-8"))


def as_json(event: Event) -> Any:
    return json.loads(msgspec.json.encode(event))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_payload_becomes_its_event(case: Case) -> None:
    assert told(case.kind, case.payload, version=case.version) == (case.event,)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_an_event_survives_its_json_and_agrees_with_the_schema(case: Case) -> None:
    body = msgspec.json.encode(case.event)
    assert msgspec.json.decode(body, type=EVENTS[event_type(case.event)]) == case.event
    shape = {"$ref": f"#/$defs/{type(case.event).__name__}", "$defs": SCHEMA["$defs"]}
    jsonschema.Draft202012Validator(shape).validate(json.loads(body))


def test_there_is_a_case_for_every_subscription_and_every_mapping() -> None:
    told_of = {(case.kind, case.version) for case in CASES.values()}
    assert told_of == {(wanted.type, wanted.version) for wanted in SUBSCRIPTIONS}
    assert {kind for kind, _ in told_of} == MAPPED.keys()


@pytest.mark.skipif(not TSC.is_file(), reason="the front end's packages are not installed")
@pytest.mark.skipif(shutil.which("node") is None, reason="there is no Node.js")
def test_every_event_is_of_the_generated_typescript_type(tmp_path: Path) -> None:
    events = [as_json(case.event) for case in CASES.values()]
    # A compiler that looked at nothing would be content with these too.
    wrong = [
        events[0] | {"fragments": "text"},
        events[0] | {"nonsense": 1},
        {name: value for name, value in events[0].items() if name != "message_id"},
        events[0] | {"user": events[0]["user"] | {"roles": ["king"]}},
    ]
    right_lines = write_literals(tmp_path / "right.ts", events)
    wrong_lines = write_literals(tmp_path / "wrong.ts", wrong)
    complaints = compiled(tmp_path)
    assert len(right_lines) == len(CASES)
    assert [line for name, line in complaints if name == "right.ts"] == []
    assert {line for name, line in complaints if name == "wrong.ts"} == wrong_lines


def write_literals(path: Path, events: list[Any]) -> set[int]:
    """Write each event on a line of its own; returns the lines' numbers."""
    lines = ["import type { EventOf } from 'schema';"]
    for number, event in enumerate(events):
        literal = json.dumps(event, ensure_ascii=False)
        lines.append(f"export const e{number} = {literal} satisfies EventOf<'{event['type']}'>;")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return set(range(2, len(lines) + 1))


def compiled(folder: Path) -> list[tuple[str, int]]:
    """Return the file and line of each error that the checkout's own compiler finds."""
    options = {
        "strict": True,
        "noEmit": True,
        "skipLibCheck": True,
        "target": "ES2022",
        "module": "ESNext",
        "moduleResolution": "Bundler",
        "lib": ["ES2022"],
        "types": [],
        "paths": {"schema": [TYPES.as_posix()]},
    }
    config = {"compilerOptions": options, "files": ["right.ts", "wrong.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(config), encoding="utf-8")
    done = subprocess.run(
        ["node", str(TSC), "--pretty", "false", "-p", "."],
        cwd=folder,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    found = []
    for line in done.stdout.splitlines():
        if line.startswith(("right.ts(", "wrong.ts(")):
            name, _, rest = line.partition("(")
            found.append((name, int(rest.partition(",")[0])))
        else:  # the rest of an explanation is indented
            assert line.startswith(" "), done.stdout
    assert found, done.stdout + done.stderr
    return found
