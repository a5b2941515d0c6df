"""Parquet files under the workspace: written whole or not at all, visible only when the ledger names them.

Hive partitions, readable by pandas, DuckDB or Spark as they are. Every path below is relative to the lake.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import InputError, WorkspaceError

NAME_BYTES = 200
"""Longest folder name we make; file systems end at 255 and temporary names need room."""


def folder_name(name: str) -> str:
    """Percent-encode what a folder may not bear; letters and digits of any script stay readable.

    Raises
    ------
    InputError
        The name is too long for a folder.
    """
    encoded = "".join(
        char if char.isalnum() or char in "_-" else "".join(f"%{byte:02X}" for byte in char.encode())
        for char in name
    )
    if len(encoded.encode()) > NAME_BYTES:
        raise InputError(f"the name {name[:40]!r}… is too long to store. Shorten it to 60 characters.")
    return encoded


def write_tables(lake: Path, frames: Mapping[str, pd.DataFrame]) -> None:
    """Write frames to Parquet files by path; whoever looks sees a whole file or none.

    Temporary file, flush to disk, rename, flush of the folder: after a power cut each file is there in full or not
    at all (Pillai et al. 2014, "All File Systems Are Not Created Equal"). All files are written before the first is
    flushed, so that the disk is waited for about once.
    """
    temporary: dict[Path, Path] = {}
    try:
        for path, frame in frames.items():
            target = lake / path
            target.parent.mkdir(parents=True, exist_ok=True)
            temporary[target] = target.with_name(f".{target.name}.{uuid4().hex[:8]}")
            table = pa.Table.from_pandas(frame, preserve_index=False, nthreads=1)
            pq.write_table(table, temporary[target], compression="zstd")
        for file in temporary.values():
            _flush(file)
        for target, file in temporary.items():
            file.replace(target)
        for folder in {target.parent for target in temporary}:
            _flush(folder)
    finally:
        for file in temporary.values():
            file.unlink(missing_ok=True)


def _flush(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_table(lake: Path, path: str) -> pd.DataFrame:
    """Read a frame that `write_tables` wrote.

    Raises
    ------
    WorkspaceError
        The file is gone or damaged.
    """
    try:
        # One thread: a part is small, and callers run one process a core.
        frame: pd.DataFrame = pq.ParquetFile(lake / path).read(use_threads=False).to_pandas(use_threads=False)
    except (OSError, pa.ArrowInvalid) as error:
        raise WorkspaceError(
            f"the workspace's file {lake / path} cannot be read: {error}. Restore it from a backup."
        ) from error
    return frame


def frame_digest(frame: pd.DataFrame) -> str:
    """Digest of a frame's columns, values and order; equal frames have equal digests on every machine."""
    digest = hashlib.sha256(",".join(map(str, frame.columns)).encode())
    hashed = pd.util.hash_pandas_object(frame, index=False)
    digest.update(hashed.to_numpy(dtype=np.uint64).astype("<u8").tobytes())
    return digest.hexdigest()
