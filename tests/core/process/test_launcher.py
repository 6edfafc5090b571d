"""What every system's launcher promises, shown with real processes."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time

import psutil
import pytest

from streamcore.core.process import Exit, LaunchSpec, make_launcher
from streamcore.protocol.manifest import Limits
from tests.core.process.rig import Rig

SLEEP = "import time\nsay('up')\ntime.sleep(60)\n"


async def test_the_host_is_told_what_to_run(rig: Rig) -> None:
    process = await rig.launch("import json\nsay(json.dumps(spec))", limits=Limits(memory_mb=300))
    assert await process.wait() == Exit(0)
    spec = json.loads(rig.said()[0])
    assert spec["module_id"] == "bot"
    assert spec["generation"] == 1
    assert spec["folder"] == str(rig.root / "bot")
    assert spec["entry_point"] == "main.py"
    assert spec["data_dir"] == str(rig.root / "data" / "bot")
    assert spec["paths"] == []
    assert spec["language"] == "en"
    assert spec["limits"] == {"memory_mb": 300, "cpu_percent": 50, "processes": 1}
    assert spec["parent_pid"] == os.getpid()
    assert spec["link"]["kind"] == ("tcp" if sys.platform == "win32" else "fd")


async def test_the_environment_is_built_from_nothing(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STREAMCORE_TWITCH_CLIENT_ID", "secret")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    monkeypatch.setenv("TZ", "Europe/Berlin")
    process = await rig.launch("import json, os\nsay(json.dumps([dict(os.environ), os.getcwd()]))")
    await process.wait()
    environment, folder = json.loads(rig.said()[0])
    system = {"SYSTEMROOT", "WINDIR", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE"}
    allowed = {"LANG", "LC_CTYPE", "PATH", "TZ", "TMPDIR", "TEMP", "TMP"} | system
    assert set(environment) <= allowed
    assert environment["TZ"] == "Europe/Berlin"
    assert (rig.root / "data" / "bot").samefile(folder)


async def test_a_connection_has_the_identity_of_its_process(rig: Rig) -> None:
    talk = """
        s = connect()
        for word in (b"one\\n", b"two\\n"):
            s.sendall(word)
            say(s.recv(100).decode().strip())
        """
    for _ in range(2):
        process = await rig.launch(talk)
        assert await process.wait() == Exit(0)
    assert rig.said() == [
        "module:bot/1 one",
        "module:bot/1 two",
        "module:bot/2 one",
        "module:bot/2 two",
    ]


async def test_a_module_may_connect_again(rig: Rig) -> None:
    process = await rig.launch(
        """
        for number in range(5):
            with connect() as s:
                s.sendall(b"%d\\n" % number)
                say(s.recv(100).decode().strip())
        """
    )
    await process.wait()
    assert rig.said() == [f"module:bot/1 {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("script", "code"),
    [
        pytest.param("", 0, id="end"),
        pytest.param("raise SystemExit(3)", 3, id="code"),
        pytest.param("raise SystemExit(75)", 75, id="retry later"),
        pytest.param("import os; os._exit(9)", 9, id="at once"),
    ],
)
async def test_the_exit_code_comes_back(rig: Rig, script: str, code: int) -> None:
    process = await rig.launch(script)
    assert await process.wait() == Exit(code)
    assert await process.wait() == Exit(code)


async def test_the_last_words_are_there_when_the_exit_is(rig: Rig) -> None:
    process = await rig.launch("say('fine')\n1 / 0")
    assert await process.wait() == Exit(1)
    assert rig.said("stdout") == ["fine"]
    assert rig.said("stderr")[-1] == "ZeroDivisionError: division by zero"
    assert any("main.py" in line for line in rig.said("stderr"))


async def test_many_last_words_are_all_there(rig: Rig) -> None:
    process = await rig.launch("print('x' * 99 + '\\n' * 1, end='')\n" * 400)
    await process.wait()
    assert rig.said() == ["x" * 99] * 400


async def test_terminate_and_kill_end_it(rig: Rig) -> None:
    for end in ("terminate", "kill"):
        process = await rig.launch(SLEEP)
        await rig.hears("up")
        rig.lines.clear()
        getattr(process, end)()
        exit_ = await process.wait()
        assert exit_ not in (Exit(0), Exit(None))
        assert not psutil.pid_exists(process.pid)
        process.terminate()
        process.kill()


async def test_children_end_with_their_module(rig: Rig) -> None:
    process = await rig.launch(
        """
        import subprocess, sys, time
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
        say(child.pid)
        """,
        limits=Limits(processes=4),
    )
    assert await process.wait() == Exit(0)
    child = int(rig.said()[0])
    await rig.until(lambda: not psutil.pid_exists(child) or _is_zombie(child))


async def test_close_leaves_nobody(rig: Rig) -> None:
    processes = [await rig.launch(SLEEP) for _ in range(3)]
    await rig.until(lambda: rig.said().count("up") == 3)
    await rig.launcher.close()
    assert not any(psutil.pid_exists(process.pid) for process in processes)


async def test_usage_is_measured(rig: Rig) -> None:
    process = await rig.launch("say('up')\nwhile True: pass")
    await rig.hears("up")
    assert process.usage().rss_mb > 1
    await rig.until(lambda: process.usage().cpu_percent > 0)
    process.kill()
    await process.wait()
    assert process.usage().rss_mb == 0


async def test_modules_run_below_everybody_else(rig: Rig) -> None:
    process = await rig.launch(SLEEP)
    await rig.hears("up")
    nice = psutil.Process(process.pid).nice()
    if sys.platform == "win32":
        assert nice == psutil.BELOW_NORMAL_PRIORITY_CLASS
    else:
        assert nice == 19


async def test_a_host_that_cannot_be_started_is_an_error(rig: Rig) -> None:
    async def refuse(*_: object) -> None:
        raise AssertionError("nobody connects")

    launcher = make_launcher([str(rig.root / "absent")], refuse, rig.issue)
    with pytest.raises(OSError, match=r"absent|find"):
        await launcher.launch(rig.spec(""), lambda stream, line: None)
    await launcher.close()


async def test_a_start_line_that_would_block_is_refused(rig: Rig) -> None:
    spec = rig.spec("")
    long = LaunchSpec(
        spec.module_id, 1, spec.folder, "main.py", spec.data_dir, paths=("x" * 20_000,)
    )
    with pytest.raises(ValueError, match="start line"):
        await rig.launcher.launch(long, lambda stream, line: None)


async def test_output_is_slowed_at_the_writer_not_kept(rig: Rig) -> None:
    began = time.monotonic()
    process = await rig.launch(
        """
        import os
        line = b"x" * 1023 + b"\\n"
        with open("written", "w") as report:
            for number in range(1_000_000):
                os.write(1, line)
                report.seek(0)
                report.write(str(number))
                report.flush()
        """
    )
    await rig.until(lambda: len(rig.lines) >= 256)
    written = int((rig.root / "data" / "bot" / "written").read_text())
    # It is read at 8 MiB/s after a burst of 1 MiB, whatever is kept of it; a pipe and what a
    # transport reads at once lie in between.
    assert written <= 1024 + 512 + 8 * 1024 * (time.monotonic() - began)
    process.kill()
    await process.wait()


async def test_a_failing_listener_does_not_block_the_module(
    rig: Rig, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(stream: str, line: str) -> None:
        raise RuntimeError(line)

    process = await rig.launcher.launch(rig.spec("for _ in range(3): say('x')"), fail)
    assert await process.wait() == Exit(0)
    assert caplog.text.count("a listener of module output failed") == 3


async def test_one_wait_called_off_leaves_the_others(rig: Rig) -> None:
    process = await rig.launch(SLEEP)
    first, second = (asyncio.ensure_future(process.wait()) for _ in range(2))
    await rig.hears("up")
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    process.kill()
    assert await second == await process.wait()


def _is_zombie(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True
