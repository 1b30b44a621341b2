"""Uploaded and produced files as rows, so that one database dump is a whole backup."""

import hashlib
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q

CHUNK_BYTES = 256 * 1024


class StoredFile(models.Model):
    """A file's facts. It is served only by the room that owns it, after that room's access check."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    def chunks(self) -> Iterator[bytes]:
        """The content, chunk by chunk, in order."""
        for data in self.parts.order_by("number").values_list("data", flat=True).iterator(chunk_size=4):
            yield bytes(data)

    @classmethod
    @transaction.atomic
    def store(cls, *, by: Any, name: str, content_type: str, chunks: Iterable[bytes]) -> "StoredFile":
        """Keep a file. Chunks may have any size; memory stays flat."""
        stored = cls.objects.create(name=name[-200:], content_type=content_type[:100], owner=by)
        digest, size, number = hashlib.sha256(), 0, 0
        for piece in chunks:
            for start in range(0, len(piece), CHUNK_BYTES):
                part = piece[start : start + CHUNK_BYTES]
                FileChunk.objects.create(file=stored, number=number, data=part)
                digest.update(part)
                size, number = size + len(part), number + 1
        stored.size, stored.sha256 = size, digest.hexdigest()
        stored.save(update_fields=["size", "sha256"])
        return stored


class FileChunk(models.Model):
    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "number"], name="file_chunk_once"),
            models.CheckConstraint(condition=Q(number__gte=0), name="file_chunk_number"),
        ]
