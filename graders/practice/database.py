"""The database: opened, brought up to date, moved aside if it cannot be read.

It is SQLite in .kata/, which git ignores. Every change is one transaction, so that a
kill at any moment leaves what was before it or what came after. A database that cannot
be read is moved aside, never deleted; an older one is copied before it is migrated.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from graders.harness.catalog import exercise

# Each text brings the schema one version further; what is released never changes.
MIGRATIONS = (
    """
    CREATE TABLE sitting (
        id INTEGER PRIMARY KEY,
        exercise TEXT NOT NULL,
        mode TEXT NOT NULL,
        minutes REAL NOT NULL,
        seed INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'running',
        started REAL NOT NULL,
        seconds REAL NOT NULL DEFAULT 0,
        hints INTEGER NOT NULL DEFAULT 0,
        report TEXT,
        seen_wall REAL NOT NULL,
        seen_steady REAL NOT NULL,
        seen_boot TEXT NOT NULL
    );
    CREATE UNIQUE INDEX one_running ON sitting (exercise) WHERE state = 'running';
    CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        sitting INTEGER NOT NULL REFERENCES sitting (id),
        wall REAL NOT NULL,
        seconds REAL NOT NULL,
        kind TEXT NOT NULL,
        detail TEXT NOT NULL
    );
    CREATE INDEX event_of ON event (sitting);
    """,
    """
    CREATE TABLE card (exercise TEXT PRIMARY KEY, text TEXT NOT NULL);
    CREATE TABLE mock (
        id INTEGER PRIMARY KEY,
        wall REAL NOT NULL,
        seed INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'running',
        plan TEXT NOT NULL
    );
    CREATE UNIQUE INDEX one_mock ON mock (state) WHERE state = 'running';
    ALTER TABLE sitting ADD COLUMN mock INTEGER REFERENCES mock (id);
    """,
)


class Unusable(Exception):
    """The store cannot be used; says why in one line."""


class _Damaged(Exception):
    """The file is there and can be read, but it is not our database."""


class Database:
    """The database of practice, opened.

    Args:
        folder: Where it lies; .kata/ of the repository, if None.

    Attributes:
        notices: What the user should be told about its opening, a line each.

    Raises:
        Unusable: If it can be neither read nor made.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or exercise.ROOT / ".kata"
        self.path = self.folder / "kata.db"
        self.notices: list[str] = []
        with self._explained():
            self.folder.mkdir(parents=True, exist_ok=True)
            try:
                self._connection = self._open()
            except _Damaged:
                self._connection = self._begin_anew()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Carry out what follows as one transaction, or none of it."""
        with self._explained():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # SQLite may have ended it
                    self._connection.execute("ROLLBACK")
                raise

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error, _Damaged) as error:
            raise Unusable(f"{self.path}: {error}") from error

    def _open(self) -> sqlite3.Connection:
        if self.path.exists() and not self.path.is_file():
            raise _Damaged("it is no file")
        connection = sqlite3.connect(self.path, timeout=10.0, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        try:
            connection.execute("PRAGMA synchronous = FULL")
            [found] = connection.execute("PRAGMA integrity_check(1)").fetchone()
            if found != "ok":
                raise _Damaged(found)
            self._migrate(connection)
        except BaseException as error:
            connection.close()
            # What else is told, such as a full disk, is no fault of the file. A damaged
            # name of a table stands in a message that Python cannot decode.
            if type(error) in (sqlite3.DatabaseError, UnicodeDecodeError):
                raise _Damaged(str(error)) from error
            raise
        return connection

    def _migrate(self, connection: sqlite3.Connection) -> None:
        """Bring the schema up to date in one transaction, after a copy."""
        connection.execute("BEGIN IMMEDIATE")  # one process at a time
        version = self._version(connection)
        if 0 < version < len(MIGRATIONS):
            self._copy(version)
        if version < len(MIGRATIONS):
            _build(connection, version, len(MIGRATIONS))
        connection.execute("COMMIT")

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the version of the schema, which must be ours."""
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise Unusable(
                f"{self.path}: its schema is version {version}, and this repository "
                f"knows {len(MIGRATIONS)}: take in the newest version of it"
            )
        with contextlib.closing(sqlite3.connect(":memory:")) as model:
            _build(model, 0, version)
            if version < 0 or _schema(model) != _schema(connection):
                raise _Damaged(f"it has not the tables of version {version}")
        return int(version)

    def _copy(self, version: int) -> None:
        copy = self.folder / f"kata.{_stamp()}.version{version}.db"
        draft = copy.with_suffix(".draft")
        # Of a connection that is about to write, no backup can be made.
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
        draft.rename(copy)
        self.notices.append(f"the history has a new form; the old one is {copy}")

    def _begin_anew(self) -> sqlite3.Connection:
        """Move the database aside, and open a new one."""
        lock = sqlite3.connect(self.folder / "lock.db", timeout=10.0)
        with contextlib.closing(lock):
            lock.execute("BEGIN EXCLUSIVE")
            try:
                return self._open()  # another process may have done it
            except _Damaged as error:
                self._move_aside(error)
            return self._open()

    def _move_aside(self, error: _Damaged) -> None:
        aside = self.folder / f"kata.{_stamp()}.unreadable.db"
        # The journal first: beside no database, it would be deleted.
        journal = self.path.with_name("kata.db-journal")
        if journal.exists():
            journal.rename(aside.with_name(f"{aside.name}-journal"))
        self.path.rename(aside)
        self.notices.append(
            f"the history could not be read ({error}); it is kept as {aside}, "
            "and a new one begins"
        )


def _build(connection: sqlite3.Connection, version: int, goal: int) -> None:
    for statement in "".join(MIGRATIONS[max(version, 0) : goal]).split(";"):
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {goal}")


def _schema(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """Return the tables with their columns, and the indices."""
    query = (
        "SELECT thing.name, part.name FROM sqlite_master AS thing"
        " LEFT JOIN pragma_table_info(thing.name) AS part"
    )
    return {tuple(row) for row in connection.execute(query)}


def _stamp() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H-%M-%S.%fZ")
