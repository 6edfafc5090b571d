"""A forked module finds the same world as one in a fresh interpreter: the real host, both ways."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from streamcore.core.module_launch import host_command, host_paths
from streamcore.core.process import LaunchSpec, TcpLink, make_launcher
from streamcore.protocol.manifest import Limits

if sys.platform != "linux":
    pytest.skip("forks on Linux alone", allow_module_level=True)

PROBE = """
import sys
LOADED = sorted(sys.modules)
import ctypes, faulthandler, gc, json, locale, logging, os, random, resource, signal, stat
import tempfile, threading, time
main = sys.modules["__main__"]
death = ctypes.c_int()
ctypes.CDLL(None).prctl(2, ctypes.byref(death), 0, 0, 0)
status = dict(line.split(":\\t", 1) for line in open("/proc/self/status").read().splitlines())

def descriptors():
    found = {}
    for fd in range(200):
        try:
            mode = os.fstat(fd).st_mode
        except OSError:
            continue
        found[fd] = [stat.S_IFMT(mode), os.get_inheritable(fd), os.get_blocking(fd)]
    link = max(found)  # the highest number in both ways; only its kind is the same
    found["link"] = found.pop(link)
    return found

def stream(s):
    return [s.name, s.mode, s.encoding, s.errors, s.line_buffering, s.write_through, s.newlines,
            s.fileno(), s.isatty(), s.seekable(), s.readable(), s.writable(), s.closed,
            type(s.buffer).__name__, s.buffer.raw.name, s.buffer.raw.mode, s.buffer.raw.closefd]

seen = json.dumps({
    "environ": dict(os.environ),
    "cwd": os.getcwd(),
    "temp": tempfile.gettempdir(),
    "descriptors": descriptors(),
    "streams": [stream(sys.stdin), stream(sys.stdout), stream(sys.stderr)],
    "the same streams": [sys.stdin is sys.__stdin__, sys.stdout is sys.__stdout__,
                         sys.stderr is sys.__stderr__],
    "mask": sorted(signal.pthread_sigmask(signal.SIG_BLOCK, ())),
    "handlers": {int(s): repr(signal.getsignal(s)).split(" at ")[0]
                 for s in signal.valid_signals()},
    "signals": [status[k] for k in ("SigPnd", "SigBlk", "SigIgn", "SigCgt")],
    "wakeup": signal.set_wakeup_fd(-1),
    "session": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
    "parent": os.getppid(),
    "death signal": death.value,
    "privileges": [status[k] for k in ("NoNewPrivs", "CapEff", "Uid", "Gid", "Groups", "Seccomp")],
    "nice": os.nice(0),
    "oom": open("/proc/self/oom_score_adj").read(),
    "limits": {n: resource.getrlimit(getattr(resource, n))
               for n in dir(resource) if n.startswith("RLIMIT_")},
    "umask": os.umask(0o077),
    "threads": sorted(t.name for t in threading.enumerate()),
    "main thread": threading.main_thread() is threading.current_thread(),
    "argv": [sys.argv, sys.orig_argv, open("/proc/self/cmdline").read()],
    "main": [main.__file__, main.__name__, main.__doc__],
    "executable": [sys.executable, sys.prefix, sys.base_prefix],
    "flags": repr(sys.flags),
    "path": sys.path,
    "finders": [getattr(f, "__name__", type(f).__name__) for f in sys.meta_path],
    "hooks": [sys.excepthook is sys.__excepthook__, sys.displayhook is sys.__displayhook__],
    "tracing": [sys.gettrace(), sys.getprofile()],
    "tls": ["ssl" in LOADED, sys.modules["asyncio.base_events"].ssl is None],
    "collector": [gc.isenabled(), gc.get_threshold(), gc.get_debug()],
    "faulthandler": faulthandler.is_enabled(),
    "locale": [locale.setlocale(locale.LC_ALL), sys.getfilesystemencoding(),
               sys.getdefaultencoding()],
    "zone": [time.tzname, time.timezone],
    "recursion": [sys.getrecursionlimit(), sys.getswitchinterval()],
    "logging": [logging.getLogger().level, len(logging.getLogger().handlers)],
    "warnings": sys.warnoptions,
    "process time": time.process_time() < 5,
    "loaded": LOADED,
    "random": random.random(),
})
open("seen", "a").write(seen + "\\n")
raise SystemExit(7)
"""

DIFFERENT = {"loaded", "random"}


async def _see(tmp_path: Path, *, forked: bool, times: int = 1) -> list[dict[str, Any]]:
    """Let the probe say what it sees, as often as told."""

    async def refuse(*_: object) -> None:
        raise AssertionError("the probe connects with nobody")

    folder = tmp_path / "bot"
    folder.mkdir(exist_ok=True)
    (folder / "main.py").write_text(PROBE, encoding="utf-8")
    launcher = make_launcher(
        host_command(),
        refuse,
        lambda principal: TcpLink("", 0, ""),
        preload=host_paths() if forked else None,
    )
    said: list[str] = []
    for number in range(times):
        spec = LaunchSpec(
            "bot", number, folder, "main.py", tmp_path / "data", host_paths(), Limits(memory_mb=300)
        )
        process = await launcher.launch(spec, lambda stream, line: said.append(line))
        end = await process.wait()
        assert (end.code, said) == (7, [])
    await launcher.close()
    seen = tmp_path / "data" / "seen"
    lines = seen.read_text(encoding="utf-8").splitlines()
    seen.unlink()
    return [json.loads(line) for line in lines]


async def test_both_ways_see_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    (fresh,) = await _see(tmp_path, forked=False)
    (forked,) = await _see(tmp_path, forked=True)
    assert {key for key in fresh if fresh[key] != forked[key]} <= DIFFERENT, [
        (key, fresh[key], forked[key])
        for key in fresh
        if key not in DIFFERENT and fresh[key] != forked[key]
    ]
    more = set(forked["loaded"]) - set(fresh["loaded"])
    assert more == {"streamcore.sdk._host.fork_server"}
    assert set(fresh["loaded"]) <= set(forked["loaded"])


async def test_forked_modules_do_not_share_their_chance(tmp_path: Path) -> None:
    one, other = await _see(tmp_path, forked=True, times=2)
    assert one["random"] != other["random"]
