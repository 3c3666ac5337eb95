"""The database: opening, migration, and recovery from damage.

It is SQLite in .kata/, which git ignores. Every change is one transaction, so a kill
leaves the state before it or after it. A database that cannot be read is moved aside,
never deleted. An older one is copied before it is migrated.

The tables keep the names of the first version: a session's table is called `sitting`.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from graders.harness.catalog import exercise

# Each item migrates the schema by one version. Released items never change.
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
    """
    CREATE TABLE setting (name TEXT PRIMARY KEY, text TEXT NOT NULL);
    """,
    """
    CREATE TABLE review (
        id INTEGER PRIMARY KEY,
        card TEXT NOT NULL,
        wall REAL NOT NULL,
        rating INTEGER NOT NULL,
        answer TEXT NOT NULL
    );
    """,
)


class Unusable(Exception):
    """The store cannot be used; says why in one line."""


class _Damaged(Exception):
    """The file can be read, but it is not our database."""


class Database:
    """The database of practice, opened.

    Args:
        folder: Its folder; .kata/ of the repository, if None.

    Attributes:
        notices: Messages for the user about the opening, one line each.

    Raises:
        Unusable: If it can be neither read nor created.
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
                self._connection = self._start_new()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def setting(self, name: str) -> str:
        """Return what was saved under a name, or ""."""
        with self._explained():
            query = "SELECT text FROM setting WHERE name = ?"
            row = self._connection.execute(query, (name,)).fetchone()
        return row[0] if row and isinstance(row[0], str) else ""

    def save_setting(self, name: str, text: str) -> None:
        """Save a text under a name, in place of the one before."""
        with self._change() as database:
            database.execute(
                "INSERT OR REPLACE INTO setting (name, text) VALUES (?, ?)",
                (name, text),
            )

    @contextlib.contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        """Run the block as one transaction."""
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
            raise _Damaged("it is not a file")
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
            # Other errors, such as a full disk, are not the file's fault. A damaged
            # table name gives a message that Python cannot decode.
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
        """Return the version of the schema, after checking its tables."""
        [version] = connection.execute("PRAGMA user_version").fetchone()
        if version > len(MIGRATIONS):
            raise Unusable(
                f"{self.path}: its schema is version {version}, but this repository "
                f"knows only {len(MIGRATIONS)}; update the repository"
            )
        with contextlib.closing(sqlite3.connect(":memory:")) as model:
            _build(model, 0, version)
            if version < 0 or _schema(model) != _schema(connection):
                raise _Damaged(f"it lacks the tables of version {version}")
        return int(version)

    def _copy(self, version: int) -> None:
        copy = self.folder / f"kata.{_stamp()}.version{version}.db"
        draft = copy.with_suffix(".draft")
        # A connection that is about to write cannot be backed up.
        with (
            contextlib.closing(sqlite3.connect(self.path)) as source,
            contextlib.closing(sqlite3.connect(draft)) as target,
        ):
            source.backup(target)
        draft.rename(copy)
        self.notices.append(
            f"the history was migrated to a new schema; the old file is {copy}"
        )

    def _start_new(self) -> sqlite3.Connection:
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
        # The journal goes first: SQLite deletes one that has no database.
        journal = self.path.with_name("kata.db-journal")
        if journal.exists():
            journal.rename(aside.with_name(f"{aside.name}-journal"))
        self.path.rename(aside)
        self.notices.append(
            f"the history could not be read ({error}); it was moved to {aside}, "
            "and a new history was started"
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
