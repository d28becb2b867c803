"""What the log file looks like, from its first version on."""

from __future__ import annotations

MIGRATIONS = (
    """
    CREATE TABLE attempt (
        number INTEGER PRIMARY KEY,
        at REAL NOT NULL,
        lesson TEXT NOT NULL,
        key TEXT NOT NULL,
        digest TEXT NOT NULL,
        action TEXT NOT NULL,
        seed INTEGER,
        fast INTEGER NOT NULL,
        text TEXT NOT NULL,
        verdict TEXT NOT NULL,
        charged INTEGER NOT NULL,
        hints INTEGER NOT NULL,
        misses INTEGER NOT NULL,
        skill TEXT NOT NULL,
        diagnosis TEXT NOT NULL
    ) STRICT;
    CREATE INDEX attempt_by_lesson ON attempt (lesson, number);
    """,
    """
    ALTER TABLE attempt ADD COLUMN mode TEXT NOT NULL DEFAULT 'learn';
    ALTER TABLE attempt ADD COLUMN run TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempt ADD COLUMN origin TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempt ADD COLUMN serial INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE identity (origin TEXT NOT NULL) STRICT;
    INSERT INTO identity VALUES (lower(hex(randomblob(8))));
    UPDATE attempt SET origin = (SELECT origin FROM identity), serial = number;
    CREATE UNIQUE INDEX attempt_by_origin ON attempt (origin, serial);
    """,
    """
    ALTER TABLE attempt ADD COLUMN pack TEXT NOT NULL DEFAULT '';
    ALTER TABLE attempt ADD COLUMN pack_version TEXT NOT NULL DEFAULT '';
    """,
)
"""Each brings the file from the version of its place to the next."""
