"""Files as rows."""

import contextlib
import hashlib

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from delight.files.models import CHUNK_BYTES, FileChunk, StoredFile


def store(*chunks: bytes) -> StoredFile:
    return StoredFile.store(by=None, name="a.csv", content_type="text/csv", chunks=chunks)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(chunks=st.lists(st.binary(max_size=50), max_size=5))
def test_a_file_comes_back_as_it_was(db, chunks):
    stored = store(*chunks)
    content = b"".join(chunks)
    assert b"".join(stored.chunks()) == content
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())


def test_a_large_piece_is_cut_into_rows(db):
    content = bytes(range(256)) * (CHUNK_BYTES // 256) * 2 + b"end"
    stored = store(content)
    assert [len(piece) for piece in stored.chunks()] == [CHUNK_BYTES, CHUNK_BYTES, 3]
    assert b"".join(stored.chunks()) == content


def test_a_file_that_cannot_be_read_to_its_end_is_not_kept(db):
    def broken():
        yield b"beginning"
        raise OSError

    with contextlib.suppress(OSError):
        StoredFile.store(by=None, name="a.csv", content_type="text/csv", chunks=broken())
    assert not StoredFile.objects.exists()
    assert not FileChunk.objects.exists()


def test_a_long_name_keeps_its_ending(db):
    stored = StoredFile.store(by=None, name="x" * 300 + ".csv", content_type="text/csv", chunks=[])
    assert len(stored.name) == 200
    assert stored.name.endswith(".csv")
