"""The durable book of all jobs: one SQLite file.

Python's own sqlite3 carries it rather than a task queue such as huey: huey's
SQLite storage deletes a task's row when a worker takes it, so that a job whose
worker dies would be gone, it cannot reorder or withdraw by name what waits, and
states would need a second table that could disagree with the first. Here each
job is one row that is never anywhere else, and each change of it one immediate
transaction: whoever decides on what a row says also writes it before anyone
else can.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from pydantic import ValidationError

from playground.errors import PlaygroundError
from playground.jobs.job import Job

FORMAT = 1
BUSY_SECONDS = 30.0  # how long a writer waits for another, whose transaction takes milliseconds
SCHEMA = "CREATE TABLE jobs (id INTEGER PRIMARY KEY AUTOINCREMENT, job TEXT NOT NULL)"


class Store:
    """Opens the book for one reading or one change at a time; any number of processes may.

    Args:
        file: the SQLite file; made with its folder at the first use.
    """

    def __init__(self, file: Path) -> None:
        self.file = file

    @contextmanager
    def reading(self) -> Iterator[Book]:
        """The book as it stands. Raises `PlaygroundError` where it cannot be read."""
        with self._open("BEGIN") as book:
            yield book

    @contextmanager
    def changing(self) -> Iterator[Book]:
        """The book, to be changed by nobody else meanwhile; an exception leaves it as it was."""
        with self._open("BEGIN IMMEDIATE") as book:
            yield book

    @contextmanager
    def _open(self, begin: str) -> Iterator[Book]:
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self.file, timeout=BUSY_SECONDS, isolation_level=None)) as connection:
                self._prepare(connection)
                connection.execute(begin)
                try:
                    yield Book(connection, self.file)
                except BaseException:
                    connection.execute("ROLLBACK")
                    raise
                connection.execute("COMMIT")
        except (sqlite3.Error, OSError) as error:
            raise PlaygroundError(
                f"The queue {self.file} cannot be used ({error}): mend that, or move the file away; "
                "the run folders beside it stay as they are."
            ) from None

    def _prepare(self, connection: sqlite3.Connection) -> None:
        """Makes the table of a new file; refuses a file of another format."""
        found = _format(connection)
        if found == 0:
            connection.execute("PRAGMA journal_mode = WAL")  # readers never wait for a writer
            connection.execute("BEGIN IMMEDIATE")
            if _format(connection) == 0:
                connection.execute(SCHEMA)
                connection.execute(f"PRAGMA user_version = {FORMAT}")
            connection.execute("COMMIT")
        elif found != FORMAT:
            raise PlaygroundError(
                f"{self.file} has format {found}, this playground reads {FORMAT}: update the playground."
            )


class Book:
    """All jobs, within one transaction."""

    def __init__(self, connection: sqlite3.Connection, file: Path) -> None:
        self._connection = connection
        self._file = file

    def jobs(self) -> list[Job]:
        """Every job, the oldest first."""
        return [self._read(row) for row in self._connection.execute("SELECT id, job FROM jobs ORDER BY id")]

    def job(self, job_id: int) -> Job:
        """One job. Raises `PlaygroundError` where there is none with this id."""
        row = self._connection.execute("SELECT id, job FROM jobs WHERE id = ?", (job_id,)).fetchone()
        if row is None:
            raise PlaygroundError(f"There is no job {job_id}: it was deleted, or never there.")
        return self._read(row)

    def add(self, make: Callable[[int], Job]) -> Job:
        """Writes a new job, made for the id that it is given."""
        job_id = self._connection.execute("INSERT INTO jobs (job) VALUES ('')").lastrowid
        assert job_id is not None
        job = make(job_id)
        self.put(job)
        return job

    def put(self, job: Job) -> None:
        """Writes what has changed of a job."""
        told = job.model_dump_json(exclude={"run_dir"})
        self._connection.execute("UPDATE jobs SET job = ? WHERE id = ?", (told, job.id))

    def remove(self, job: Job) -> None:
        """Strikes a job out."""
        self._connection.execute("DELETE FROM jobs WHERE id = ?", (job.id,))

    def _read(self, row: tuple[int, str]) -> Job:
        try:
            told = json.loads(row[1])
            # Beside the book, wherever the whole runs folder may have been moved.
            return Job.model_validate({**told, "run_dir": self._file.parent / told["name"]})
        except (ValidationError, ValueError, KeyError, TypeError):
            raise PlaygroundError(
                f"Job {row[0]} in {self._file} is damaged: delete that row, or move the file away."
            ) from None


def _format(connection: sqlite3.Connection) -> int:
    return connection.execute("PRAGMA user_version").fetchone()[0]
