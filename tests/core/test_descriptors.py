"""The core's own limit of open descriptors."""

from __future__ import annotations

import subprocess
import sys

import pytest

if sys.platform == "win32":
    pytest.skip("no such limit here", allow_module_level=True)

PROBE = """
import resource
from streamcore.core.descriptors import raise_descriptor_limit
resource.setrlimit(resource.RLIMIT_NOFILE, ({soft}, {hard}))
raise_descriptor_limit()
print(*resource.getrlimit(resource.RLIMIT_NOFILE))
"""


@pytest.mark.parametrize(
    ("soft", "hard", "after"),
    [(256, 600, 600), (600, 600, 600), (256, 20_000, 8192), (9_000, 20_000, 9_000)],
)
def test_the_soft_limit_rises_to_what_is_wanted_or_allowed(
    soft: int, hard: int, after: int
) -> None:
    probe = PROBE.format(soft=soft, hard=hard)
    run = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    if "not allowed to raise" in run.stderr:
        pytest.skip(f"this system grants less than {hard} descriptors")
    assert run.stdout.split() == [str(after), str(hard)], run.stderr
