"""attributes.csv: numbers that belong to pictures, such as an age or a brightness."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor

from playground.data.source import Entry, Source, UnreadableError, plain

MAX_COLUMNS = 100
FILE_COLUMN = "file"


@dataclass(frozen=True)
class Attributes:
    """What the table says of the pictures.

    Attributes:
        names: of the columns that hold numbers.
        values: not a number where the table says nothing of a picture.
        warnings: a sentence each on what of the table is not used.
    """

    names: tuple[str, ...]
    values: Float[Tensor, "num_images num_attributes"]
    warnings: tuple[str, ...]


def read_attributes(source: Source, pictures: Sequence[Entry], prefix: str) -> Attributes:
    """The numbers of these pictures, in their order.

    The table has a header with a column `file`, a path relative to the table, and
    any number of other columns. It lies beside the class folders, or above them.

    Args:
        source: that may hold a table.
        pictures: those that are used.
        prefix: the folder that the class folders lie in, with a slash; empty at the top.
    """
    tables = [table for table in source.listing.tables if prefix.startswith(_folder(table))]
    if not tables:
        return _none(len(pictures))
    table = max(tables, key=lambda table: len(table.path))
    try:
        text = source.read(table).decode("utf-8-sig")
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except (UnreadableError, UnicodeDecodeError, csv.Error):
        return _none(len(pictures), f"{table.path} is left out: it is no CSV file in UTF-8 that can be read.")
    header = [plain(name.strip()) for name in rows[0]] if rows else []
    if FILE_COLUMN not in header:
        return _none(len(pictures), f"{table.path} is left out: it has no column {FILE_COLUMN!r}.")
    if len(set(header)) != len(header) or len(header) > MAX_COLUMNS:
        return _none(
            len(pictures), f"{table.path} is left out: its columns need {MAX_COLUMNS} different names at most."
        )
    return _matched(table, header, rows[1:], pictures)


def _matched(
    table: Entry, header: Sequence[str], rows: Sequence[Sequence[str]], pictures: Sequence[Entry]
) -> Attributes:
    at = header.index(FILE_COLUMN)
    by_path = {_folder(table) + plain(row[at].strip().removeprefix("./")): row for row in rows if len(row) > at}
    columns = [number for number in range(len(header)) if number != at]
    found = [by_path.get(picture.path, ()) for picture in pictures]
    values = torch.tensor(
        [[_number(row[number]) if number < len(row) else math.nan for number in columns] for row in found],
        dtype=torch.float32,
    ).reshape(len(pictures), len(columns))
    useful = [index for index in range(len(columns)) if not values[:, index].isnan().all()]
    warnings = []
    if missing := sum(not row for row in found):
        warnings.append(f"{table.path} says nothing of {missing:,} of the {len(pictures):,} pictures.")
    useless = [header[columns[index]] for index in range(len(columns)) if index not in useful]
    if useless:
        warnings.append(f"{table.path} has no numbers in {', '.join(useless)}: left out.")
    return Attributes(tuple(header[columns[index]] for index in useful), values[:, useful], tuple(warnings))


def _none(num_images: int, *warnings: str) -> Attributes:
    return Attributes((), torch.zeros(num_images, 0), warnings)


def _folder(table: Entry) -> str:
    return table.path[: table.path.rfind("/") + 1]


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return math.nan
