"""Tokens and passwords: one encrypted file, whose key lies in the system's keyring."""

from __future__ import annotations

from streamcore.core.secrets.keepers import KeyKeeper
from streamcore.core.secrets.secret import Secret
from streamcore.core.secrets.store import SecretStore, open_secrets

__all__ = ["KeyKeeper", "Secret", "SecretStore", "open_secrets"]
