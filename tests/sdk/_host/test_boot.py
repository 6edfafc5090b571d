"""What a module process is made of: light, confined first, with TLS when it is asked for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

import streamcore

HOST = Path(streamcore.__file__).parent / "sdk" / "_host"
PATHS = [
    str(Path(streamcore.__file__).parent.parent),
    str(Path(msgspec.__file__).parent.parent),
]
START = f"""
import sys
sys.path.insert(0, {str(HOST)!r})
import boot
sys.path[0:1] = []
"""
LOAD = f"boot._load_host({{'paths': {PATHS!r}}})\n"


def run(code: str) -> str:
    """Run code in an interpreter as bare as a module's and return what it printed."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-B", "-c", START + code],
        capture_output=True,
        text=True,
        timeout=8,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_module_process_loads_nothing_heavy() -> None:
    loaded = set(run(LOAD + "print(*sys.modules)").split())
    heavy = {
        "ssl",
        "http",
        "email",
        "urllib.request",
        "sqlite3",
        "hashlib",
        "random",
        "xml",
        "multiprocessing",
    }
    foreign = {"aiohttp", "websockets", "socketio", "engineio", "pydantic", "fastapi", "httpx"}
    foreign |= {"typing_extensions"}
    assert (
        loaded & (heavy | foreign | {"logging.config", "logging.handlers", "streamcore.core"})
        == set()
    )


def test_nothing_but_the_standard_library_is_loaded_before_the_confinement() -> None:
    code = """
seen = []
boot._read_spec = lambda: {"paths": ["/nowhere"]}
boot.confine = lambda spec: (seen.extend(sys.modules), sys.exit(0))
import atexit
atexit.register(lambda: print(*seen))
boot.main()
"""
    loaded = set(run(code).split())
    assert "json" in loaded
    assert not {name for name in loaded if name.split(".")[0] in ("streamcore", "msgspec")}


def test_the_confinement_comes_once_and_before_any_foreign_path() -> None:
    code = """
order = []
boot._read_spec = lambda: {"paths": ["/nowhere"]}
inner = boot.confine
def confine(spec):
    inner(spec)
    order.append("/nowhere" in sys.path)
    raise SystemExit(0)
boot.confine = confine
try:
    boot.main()
except SystemExit:
    import os
    print(order, oct(os.umask(0)))
"""
    assert run(code).strip() == "[False] 0o77"


def test_asyncio_starts_without_tls_and_has_it_once_somebody_asks() -> None:
    code = """
import asyncio, asyncio.base_events, asyncio.sslproto
print(asyncio.base_events.ssl, "ssl" in sys.modules)
import ssl
tls = asyncio.sslproto
print(asyncio.base_events.ssl is ssl, tls.ssl is ssl, len(tls.SSLAgainErrors))
"""
    assert run(LOAD + code).splitlines() == ["None False", "True True 2"]


def test_what_was_left_out_can_be_imported_by_the_author() -> None:
    code = """
import msgspec, typing_extensions
class Order(typing_extensions.TypedDict):
    name: str
    count: typing_extensions.NotRequired[int]
print(msgspec.json.decode(b'{"name": "x"}', type=Order))
"""
    assert run(LOAD + code) == "{'name': 'x'}\n"


def test_tls_that_came_late_really_works(tmp_path: Path) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(self_signed())
    code = f"""
import asyncio
import ssl
async def serve(reader, writer):
    writer.write(await reader.readline())
    await writer.drain()
    writer.close()
async def main():
    mine = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    mine.load_cert_chain({str(certificate)!r})
    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=mine)
    port = server.sockets[0].getsockname()[1]
    yours = ssl.create_default_context(cafile={str(certificate)!r})
    reader, writer = await asyncio.open_connection(
        "127.0.0.1", port, ssl=yours, server_hostname="localhost"
    )
    writer.write(b"echo\\n")
    print((await reader.readline()).decode(), end="")
    writer.close()
    server.close()
asyncio.run(main())
"""
    assert run(LOAD + code) == "echo\n"


def self_signed() -> bytes:
    """Return a key and a certificate for `localhost`."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ) + certificate.public_bytes(serialization.Encoding.PEM)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_module_process_is_small() -> None:
    code = """
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmRSS")))
"""
    assert int(run(LOAD + code)) < 26 * 1024
