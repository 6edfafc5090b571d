"""Launch and resume tokens: how a module process proves who it is on a TCP connection."""

from __future__ import annotations

import hashlib
import secrets

from streamcore.core.principals import ModulePrincipal

__all__ = ["LaunchTokens"]


class LaunchTokens:
    """Each token opens one connection; the next one needs the resume token of the last `welcome`.

    Only digests are kept, so a look-up tells nothing by its timing, and a copy of this memory opens
    no door. Nothing is stored: all tokens die with the core.
    """

    def __init__(self) -> None:
        self._launch: dict[bytes, ModulePrincipal] = {}
        self._resume: dict[bytes, ModulePrincipal] = {}
        self._redeemed: dict[bytes, ModulePrincipal] = {}

    def issue(self, principal: ModulePrincipal) -> str:
        """Make the launch token of a process; one it had before is void."""
        return _new(self._launch, principal)

    def resume(self, principal: ModulePrincipal) -> str:
        """Make the token of the next connection; the launch token and older ones are void."""
        _drop(self._launch, principal)
        _drop(self._redeemed, principal)
        return _new(self._resume, principal)

    def redeem(self, token: str) -> ModulePrincipal | None:
        """Use a token up and return whose it is; None when it is unknown or used."""
        digest = _digest(token)
        principal = self._launch.pop(digest, None) or self._resume.pop(digest, None)
        if principal is not None:
            self._redeemed[digest] = principal
        return principal

    def restore(self, token: str) -> None:
        """Give a token back whose connection ended before `welcome` brought the next one."""
        digest = _digest(token)
        principal = self._redeemed.pop(digest, None)
        if principal is not None:
            self._launch[digest] = principal

    def revoke(self, principal: ModulePrincipal) -> None:
        """Void every token of a process, because it ended."""
        for tokens in (self._launch, self._resume, self._redeemed):
            _drop(tokens, principal)


def _new(tokens: dict[bytes, ModulePrincipal], principal: ModulePrincipal) -> str:
    _drop(tokens, principal)
    token = secrets.token_urlsafe(32)
    tokens[_digest(token)] = principal
    return token


def _drop(tokens: dict[bytes, ModulePrincipal], principal: ModulePrincipal) -> None:
    for digest in [digest for digest, owner in tokens.items() if owner == principal]:
        del tokens[digest]


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
