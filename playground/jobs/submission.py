"""A training on a Ray cluster, as the book knows it."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Submission(BaseModel):
    """What was handed to a cluster.

    Attributes:
        cluster: the address of its job API.
        submission: the id there, never used twice.
        log_offset: how long the job's log was before, in bytes: what the cluster tells follows.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    cluster: str
    submission: str
    log_offset: int
