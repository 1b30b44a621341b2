"""The data map of this room. What a file says is the owning room's to look through when a customer is erased."""

from django.utils.translation import gettext_lazy as _

from delight.lib.privacy import Group, Kept, Table, employees, nobodys

FILES = Group(_("Which files you uploaded"), _("You, and sponsors"))

TABLES = (
    Table(
        "files.StoredFile",
        kept=Kept.BY_ROOM,
        group=FILES,
        lines=nobodys("id name content_type size sha256 created_at") | employees("owner"),
    ),
    Table("files.FileChunk", kept=Kept.BY_ROOM, lines=nobodys("id file number") | nobodys("data", secret=True)),
)
