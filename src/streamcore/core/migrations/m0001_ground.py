"""Schema 1: the event log and everything that is kept for modules, sessions and the audit."""

from __future__ import annotations

__all__ = ["STATEMENTS"]

STATEMENTS: tuple[str, ...] = (
    # Single values of the core itself, such as the log's leased numbers.
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID",
    # The event log. A kind is one (type, platform, module): rows stay small, and any filter becomes
    # a list of kinds whose index ranges are merged, however long the log is.
    """CREATE TABLE kinds (
        id INTEGER PRIMARY KEY,
        type TEXT NOT NULL,
        platform TEXT NOT NULL,
        module_id TEXT NOT NULL,
        UNIQUE (type, platform, module_id))""",
    """CREATE TABLE log (
        seq INTEGER PRIMARY KEY,
        kind INTEGER NOT NULL,
        received_ms INTEGER NOT NULL,
        body BLOB NOT NULL)""",
    "CREATE INDEX log_kind ON log (kind)",
    # What was logged in the last 24 hours, by a hash of platform and the platform's own id.
    "CREATE TABLE seen (key INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL)",
    "CREATE TABLE cursors (module_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) WITHOUT ROWID",
    # Word index of the log, without a copy of the text. Words are made by core/journal/words.py,
    # of which the `ascii` tokenizer takes each as it is. Three letters begin too many words to be
    # looked up one by one, so they have an index of their own.
    """CREATE VIRTUAL TABLE search USING fts5(
        words, kind, content='', columnsize=0, detail=column, prefix='3', tokenize='ascii')""",
    # Larger merges, less often: half the cost for each event, and shorter waits for the others.
    "INSERT INTO search (search, rank) VALUES ('automerge', 8)",
    """CREATE TABLE consents (
        module_id TEXT PRIMARY KEY,
        body BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE withdrawn (
        module_id TEXT NOT NULL,
        permission TEXT NOT NULL,
        PRIMARY KEY (module_id, permission)) WITHOUT ROWID""",
    "CREATE TABLE enabled (module_id TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE storage (
        module_id TEXT NOT NULL,
        key TEXT NOT NULL,
        value BLOB NOT NULL,
        PRIMARY KEY (module_id, key)) WITHOUT ROWID""",
    # The sum of a module's keys and values, so that its quota costs no scan.
    """CREATE TABLE storage_size (
        module_id TEXT PRIMARY KEY,
        bytes INTEGER NOT NULL) WITHOUT ROWID""",
    # The replicated state, small enough to travel whole in one packet.
    """CREATE TABLE state (
        module_id TEXT NOT NULL,
        key TEXT NOT NULL,
        value BLOB NOT NULL,
        revision INTEGER NOT NULL,
        PRIMARY KEY (module_id, key)) WITHOUT ROWID""",
    """CREATE TABLE module_settings (
        module_id TEXT PRIMARY KEY,
        body BLOB NOT NULL) WITHOUT ROWID""",
    # Sessions are kept as a hash: who reads the file cannot open the dashboard with it.
    """CREATE TABLE sessions (
        hash BLOB PRIMARY KEY,
        expires_ms INTEGER NOT NULL) WITHOUT ROWID""",
    # View keys are shown again and again (ready-to-paste addresses), so they are kept as they are;
    # one opens nothing but its own page.
    """CREATE TABLE view_keys (
        module_id TEXT NOT NULL,
        view_id TEXT NOT NULL,
        key TEXT NOT NULL UNIQUE,
        PRIMARY KEY (module_id, view_id)) WITHOUT ROWID""",
    """CREATE TABLE answers (
        module_id TEXT NOT NULL,
        key TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        answer BLOB NOT NULL,
        PRIMARY KEY (module_id, key)) WITHOUT ROWID""",
    "CREATE INDEX answers_at ON answers (at_ms)",
    # The ids sort by time.
    """CREATE TABLE audit (
        id TEXT PRIMARY KEY,
        at_ms INTEGER NOT NULL,
        kind TEXT NOT NULL,
        module_id TEXT,
        command TEXT,
        permission TEXT,
        detail TEXT NOT NULL) WITHOUT ROWID""",
    "CREATE INDEX audit_module ON audit (module_id)",
)
