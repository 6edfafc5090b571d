"""A module's process: from the start line to each way of ending. Real processes, real sockets."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import msgspec
import pytest

import streamcore
from streamcore.protocol.commands import Log, SendChat
from streamcore.sdk import ChatMessage, User
from streamcore.sdk._host.host import EXIT_BROKEN, EXIT_RETRY_LATER
from tests.sdk.fake_core import FakeCore, fake_core

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and descriptors of POSIX")
linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc, or the death signal")

BOOT = Path(streamcore.__file__).parent / "sdk" / "_host" / "boot.py"
PATHS = [
    str(Path(streamcore.__file__).parent.parent),
    str(Path(msgspec.__file__).parent.parent),
]
MINIMAL = """
from streamcore.sdk import BaseModule, on_event
class Bot(BaseModule):
    @on_event("chat_message")
    async def greet(self, event):
        if event.text == "!hello":
            await self.send_message(f"Привет, {event.user.name}!", platform=event.platform)
"""


class Process:
    """One module process and the folder it runs from."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def ends(self) -> tuple[int, str]:
        """Return the exit code and what was written to standard error."""
        async with asyncio.timeout(8):
            _, errors = await self.process.communicate()
        assert self.process.returncode is not None
        return self.process.returncode, errors.decode()

    def close_stdin(self) -> None:
        """Do what the death of the core does."""
        assert self.process.stdin is not None
        self.process.stdin.close()


@contextlib.asynccontextmanager
async def module_process(
    folder: Path,
    core: FakeCore,
    source: str = MINIMAL,
    *,
    by_descriptor: bool = False,
    command: tuple[str, ...] = (sys.executable, "-I", "-S", "-B", str(BOOT)),
    **changes: object,
) -> AsyncIterator[Process]:
    """Start a module as the core does; kill it when the block ends."""
    module, data = folder / "bot", folder / "data"
    module.mkdir(exist_ok=True)
    data.mkdir(exist_ok=True)
    (module / "backend.py").write_text(source, encoding="utf-8")
    link: dict[str, object] = {
        "kind": "tcp",
        "host": "127.0.0.1",
        "port": core.port,
        "token": core.token,
    }
    fds: tuple[int, ...] = ()
    broker = core.broker() if by_descriptor else None
    if broker is not None:
        fds = (broker.fileno(),)
        link = {"kind": "fd", "fd": broker.fileno()}
    spec = {
        "module_id": "bot",
        "generation": 1,
        "folder": str(module),
        "entry_point": "backend.py",
        "data_dir": str(data),
        "paths": PATHS,
        "language": "ru",
        "link": link,
        "limits": {"memory_mb": 256},
        "parent_pid": os.getpid(),
        **changes,
    }
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        pass_fds=fds,
        env={"LANG": "C.UTF-8"} | ({} if command[1] == "-I" else {"PYTHONPATH": PATHS[0]}),
    )
    if broker is not None:
        broker.close()
    assert process.stdin is not None
    process.stdin.write(json.dumps(spec).encode() + b"\n")
    try:
        yield Process(process)
    finally:
        if process.returncode is None:
            process.kill()
        with contextlib.suppress(Exception):
            await process.communicate()


@pytest.mark.parametrize(
    "by_descriptor",
    [pytest.param(True, marks=posix, id="descriptor"), pytest.param(False, id="tcp")],
)
async def test_the_smallest_module_answers_and_ends_when_asked(
    tmp_path: Path, *, by_descriptor: bool
) -> None:
    async with (
        fake_core() as core,
        module_process(tmp_path, core, by_descriptor=by_descriptor) as module,
    ):
        await core.until(lambda: core.readies)
        user = User(id="1", login="anna", name="Аня")
        await core.send(ChatMessage(platform="twitch", text="!hello", user=user))
        await core.until(lambda: core.sent(SendChat))
        assert core.sent(SendChat)[0].msg == "Привет, Аня!"
        assert core.auths[0].get("token") == (None if by_descriptor else "launch-1")
        await core.emit("shutdown", {"deadline_ms": 3_000})
        assert await module.ends() == (0, "")


async def test_a_line_that_runs_the_module_is_allowed_and_means_the_same(tmp_path: Path) -> None:
    source = MINIMAL + "if __name__ == '__main__': Bot().run()\nBot().run()\n"
    async with fake_core() as core, module_process(tmp_path, core, source) as module:
        await core.until(lambda: core.readies)
        await core.emit("shutdown", {"deadline_ms": 3_000})
        assert await module.ends() == (0, "")


async def test_the_file_itself_can_be_the_program(tmp_path: Path) -> None:
    source = MINIMAL + "if __name__ == '__main__': Bot().run()\n"
    command = (sys.executable, "-B", str(tmp_path / "bot" / "backend.py"))
    async with (
        fake_core() as core,
        module_process(tmp_path, core, source, command=command) as module,
    ):
        await core.until(lambda: core.readies)
        await core.emit("shutdown", {"deadline_ms": 3_000})
        assert await module.ends() == (0, "")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        pytest.param("x = 1\n", "defines no subclass of BaseModule", id="none"),
        pytest.param(
            MINIMAL + "class Other(BaseModule): pass\n",
            "2 subclasses of BaseModule (Bot, Other)",
            id="two",
        ),
        pytest.param(
            "from streamcore.sdk import BaseModule\n", "defines no subclass", id="imported"
        ),
    ],
)
async def test_a_file_without_exactly_one_module_says_so(
    tmp_path: Path, source: str, sentence: str
) -> None:
    async with fake_core() as core, module_process(tmp_path, core, source) as module:
        code, errors = await module.ends()
    assert code == EXIT_BROKEN
    assert sentence in errors
    assert "Traceback" not in errors


async def test_a_missing_file_says_so(tmp_path: Path) -> None:
    async with (
        fake_core() as core,
        module_process(tmp_path, core, entry_point="other.py") as module,
    ):
        code, errors = await module.ends()
    assert (code, "'other.py' is not there" in errors) == (EXIT_BROKEN, True)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("import nothing_of_that_name\n", id="import"),
        pytest.param(
            "from streamcore.sdk import BaseModule\nclass Bot(BaseModule):\n"
            "    async def setup(self): import nothing_of_that_name\n",
            id="setup",
        ),
        pytest.param(
            "from streamcore.sdk import BaseModule\nclass Bot(BaseModule):\n"
            "    def __init__(self): import nothing_of_that_name\n",
            id="init",
        ),
    ],
)
async def test_a_crash_at_the_start_leaves_its_traceback(tmp_path: Path, source: str) -> None:
    async with fake_core() as core, module_process(tmp_path, core, source) as module:
        code, errors = await module.ends()
    assert code == 1
    assert "Traceback" in errors
    assert "nothing_of_that_name" in errors


async def test_the_author_may_split_the_code_into_files_but_not_replace_the_library(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "bot"
    folder.mkdir()
    (folder / "helpers.py").write_text("WORD = 'helped'\n")
    (folder / "difflib.py").write_text("raise SystemExit('shadowed')\n")
    (folder / "msgspec.py").write_text("raise SystemExit('shadowed')\n")
    source = """
import difflib, msgspec
from helpers import WORD
from streamcore.sdk import BaseModule
class Bot(BaseModule):
    async def setup(self): await self.send_message(WORD, platform="twitch")
"""
    async with fake_core() as core, module_process(tmp_path, core, source):
        await core.until(lambda: core.sent(SendChat))
        assert core.sent(SendChat)[0].msg == "helped"


async def test_prints_and_library_logs_of_the_author_are_not_lost(tmp_path: Path) -> None:
    source = """
import logging
from streamcore.sdk import BaseModule
class Bot(BaseModule):
    async def setup(self):
        print("напечатано", self.language, self.data_dir.name, self.id)
        logging.getLogger("library").warning("from a library")
"""
    async with fake_core() as core, module_process(tmp_path, core, source) as module:
        assert module.process.stdout is not None
        line = await module.process.stdout.readline()
        assert line.decode().split() == ["напечатано", "ru", "data", "bot"]
        await core.until(lambda: core.sent(Log))
        assert core.sent(Log)[0].text == "from a library"


BUSY = """
import time
from streamcore.sdk import BaseModule
class Bot(BaseModule):
    async def setup(self):
        print("busy", flush=True)
        time.sleep(60)
"""


async def test_the_end_of_stdin_ends_even_a_module_that_hangs(tmp_path: Path) -> None:
    async with fake_core() as core, module_process(tmp_path, core, BUSY) as module:
        assert module.process.stdout is not None
        assert await module.process.stdout.readline() == b"busy\n"
        module.close_stdin()
        assert (await module.ends())[0] == 0


@posix
async def test_a_termination_signal_ends_the_module_in_order(tmp_path: Path) -> None:
    source = MINIMAL + '    async def teardown(self): print("torn down", flush=True)\n'
    async with fake_core() as core, module_process(tmp_path, core, source) as module:
        await core.until(lambda: core.readies)
        module.process.send_signal(signal.SIGINT)  # Ctrl+C in a terminal is for the core alone
        module.process.terminate()
        assert module.process.stdout is not None
        assert await module.process.stdout.readline() == b"torn down\n"
        assert (await module.ends())[0] == 0


@linux
async def test_a_module_dies_with_its_core(tmp_path: Path) -> None:
    core_source = """
import os, subprocess, sys, time
read, write = os.pipe()
os.set_inheritable(read, True)
child = subprocess.Popen(sys.argv[2:], stdin=read)
line = sys.argv[1].replace('"parent_pid": 0', '"parent_pid": %d' % os.getpid())
os.write(write, line.encode() + b"\\n")
os.dup2(write, 99)
print(child.pid, flush=True)
time.sleep(60)
"""
    folder = tmp_path / "bot"
    folder.mkdir()
    (folder / "backend.py").write_text(BUSY.replace("time.sleep", "print, time.sleep"))
    async with fake_core() as core:
        spec = {
            "module_id": "bot",
            "folder": str(folder),
            "entry_point": "backend.py",
            "paths": PATHS,
            "parent_pid": 0,
            "link": {"kind": "tcp", "host": "127.0.0.1", "port": core.port, "token": core.token},
        }
        holder = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            core_source,
            json.dumps(spec),
            *(sys.executable, "-I", "-S", "-B", str(BOOT)),
            stdout=asyncio.subprocess.PIPE,
        )
        assert holder.stdout is not None
        child = int(await holder.stdout.readline())
        await core.until(lambda: core.sids)
        holder.kill()
        await holder.wait()
        await core.until(lambda: not is_alive(child))


def is_alive(pid: int) -> bool:
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


@linux
async def test_a_module_whose_core_died_before_the_start_does_not_start(tmp_path: Path) -> None:
    async with (
        fake_core() as core,
        module_process(tmp_path, core, BUSY, parent_pid=1) as module,
    ):
        assert (await module.ends())[0] == 0
        assert core.auths == []


async def test_a_refused_module_ends_with_the_reason(tmp_path: Path) -> None:
    async with fake_core() as core:
        core.token = "another"
        changes = {
            "link": {"kind": "tcp", "host": "127.0.0.1", "port": core.port, "token": "stolen"}
        }
        async with module_process(tmp_path, core, **changes) as module:  # type: ignore[arg-type]
            code, errors = await module.ends()
    assert (code, "the token is not known" in errors) == (1, True)


@posix
async def test_a_closed_broker_means_try_later(tmp_path: Path) -> None:
    async with (
        fake_core() as core,
        module_process(tmp_path, core, by_descriptor=True) as module,
    ):
        await core.until(lambda: core.readies)
        core.close_brokers()
        await core.cut()
        code, errors = await module.ends()
    assert (code, "StreamCore is gone" in errors) == (EXIT_RETRY_LATER, True)


async def test_without_a_start_line_the_boot_says_what_it_is(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-I", "-S", "-B", str(BOOT)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate()
    assert process.returncode == 64
    assert b"is started by StreamCore" in errors


async def test_a_module_started_by_hand_says_what_to_do(tmp_path: Path) -> None:
    file = tmp_path / "backend.py"
    file.write_text(MINIMAL + "Bot().run()\n", encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, str(file)),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": PATHS[0]},
    )
    _, errors = await process.communicate()
    assert process.returncode == EXIT_BROKEN
    assert b"put its folder into" in errors
