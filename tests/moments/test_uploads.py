"""Photos and receipts: what a phone sends is made anew or refused with a sentence, and shown to whom it concerns."""

import struct
import zlib
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from PIL import Image

from delight.files import uploads
from delight.files.models import StoredFile
from delight.files.uploads import BadUpload, photo_from, receipt_from
from staff.budget.models import Spend
from staff.moments.models import Moment
from staff.moments.services import withdraw_moment
from tests.moments.conftest import picture, uploaded

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><script>alert(1)</script>"
ORIENTATION = 0x0112


def bomb(width: int, height: int) -> bytes:
    """A PNG that is small on the line and says to be large."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def with_exif() -> bytes:
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = "secret-place-51.0543N"
    return picture(size=(90, 30), exif=exif.tobytes())


def opened(upload: uploads.Upload) -> Image.Image:
    return Image.open(BytesIO(upload.data))


# --- What becomes of them ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_made_anew_as_jpeg(kind):
    for made in (photo_from(uploaded(picture(kind))), receipt_from(uploaded(picture(kind)))):
        assert opened(made).format == "JPEG"
        assert made.content_type == "image/jpeg"


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "I;16", "1"])
def test_pictures_of_every_kind_of_colour(mode):
    assert opened(photo_from(uploaded(picture("PNG", mode=mode)))).mode == "RGB"


def test_what_the_camera_wrote_is_gone_and_the_picture_stands_upright():
    made = photo_from(uploaded(with_exif()))
    assert b"secret-place" in with_exif()
    assert b"secret-place" not in made.data
    assert not opened(made).getexif()
    assert opened(made).size == (30, 90)


def test_large_pictures_become_smaller():
    made = photo_from(uploaded(picture(size=(5000, 2500))))
    assert opened(made).size == (2000, 1000)


def test_what_is_see_through_becomes_white():
    made = photo_from(uploaded(picture("PNG", mode="RGBA")))
    assert opened(made).getpixel((5, 5)) == (255, 255, 255)


def test_a_receipt_may_be_a_pdf_and_a_photo_may_not():
    made = receipt_from(uploaded(PDF, "../../etc/passwd.pdf"))
    assert (made.name, made.content_type, made.data) == ("receipt.pdf", "application/pdf", PDF)
    with pytest.raises(BadUpload, match="JPEG, PNG or WebP"):
        photo_from(uploaded(PDF))


# --- Hostile ones -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG, "Choose a picture"),
        (HTML, "Choose a picture"),
        (b"GIF89a" + b"\0" * 100, "Choose a picture"),
        (b"\0" * 100, "Choose a picture"),
        (picture(size=(800, 800))[:700], "cannot be read"),
        (picture("PNG", size=(800, 800))[:150], "cannot be read"),
        (bomb(60_000, 60_000), "40 million pixels"),
        (bomb(7000, 7000), "40 million pixels"),
        (bomb(500, 500), "cannot be read"),
        (picture() + b"\0" * uploads.MOST_BYTES, "larger than 10 MB"),
        (b"", "empty"),
    ],
    ids=["svg", "html", "gif", "zeros", "cut jpeg", "cut png", "bomb", "large", "little data", "huge", "empty"],
)
@pytest.mark.parametrize("taken", [photo_from, receipt_from])
def test_what_is_no_good_is_refused_with_a_sentence(taken, content, sentence):
    with pytest.raises(BadUpload, match=sentence):
        taken(uploaded(content))


def test_nothing_is_decoded_before_its_size_is_known(monkeypatch):
    """The bomb's head says its size; had it been decoded, this would be reached."""
    decoded = []
    monkeypatch.setattr(Image.Image, "load", lambda self: decoded.append(self.size))
    with pytest.raises(BadUpload):
        photo_from(uploaded(bomb(60_000, 60_000)))
    assert not decoded


def test_a_picture_that_is_a_page_as_well_is_a_picture_afterwards():
    made = photo_from(uploaded(picture() + HTML, "photo.html"))
    assert b"<script>" not in made.data
    with pytest.raises(BadUpload, match="not whole"):
        receipt_from(uploaded(b"%PDF-" + HTML))


# --- Through the door -------------------------------------------------------------------------------------------


@pytest.fixture
def sam(signed_in, staff):
    return signed_in(staff)


def log(client, **given):
    from uuid import uuid4

    return client.post("/moments/new/", {"key": str(uuid4()), "whom": "walk-in", "what": "Tea"} | given)


def test_a_photo_needs_the_consent_of_those_in_it(sam):
    answer = log(sam, photo=uploaded(picture()))
    assert answer.status_code == 422
    assert "needs their consent" in answer.content.decode()
    assert not StoredFile.objects.exists()
    assert log(sam, photo=uploaded(picture()), people_agreed="on").status_code == 302
    assert Moment.objects.get().photo is not None


def test_a_bad_file_is_said_in_the_form(sam, budget):
    answer = log(sam, photo=uploaded(HTML, "photo.jpg"), people_agreed="on")
    assert answer.status_code == 422
    assert "Choose a picture: JPEG, PNG or WebP." in answer.content.decode()
    answer = log(sam, receipt=uploaded(SVG), cost="3")
    assert "or a PDF" in answer.content.decode()
    assert not Moment.objects.exists()


def test_a_receipt_belongs_to_a_cost(sam, budget):
    assert log(sam, receipt=uploaded(PDF)).status_code == 422
    assert log(sam, receipt=uploaded(PDF), cost="3").status_code == 302
    assert Spend.objects.get().receipt is not None


def test_the_photo_is_shown_to_all_and_the_receipt_given_to_few(
    sam, signed_in, colleague, manager, other_manager, sponsor, budget
):
    log(sam, photo=uploaded(picture()), people_agreed="on", receipt=uploaded(PDF), cost="3")
    moment = Moment.objects.get()
    photo, receipt = (reverse(name, args=[moment.pk]) for name in ("moment_photo", "moment_receipt"))
    for person in (colleague, other_manager):
        answer = signed_in(person).get(photo)
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.headers["Content-Disposition"].startswith("inline")
        assert signed_in(person).get(receipt).status_code == 404
    for client in (sam, signed_in(manager), signed_in(sponsor)):
        answer = client.get(receipt)
        assert answer.content == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"].startswith("private")


def test_a_photo_that_is_taken_away_is_gone(sam, make_moment):
    upload = photo_from(uploaded(picture()))
    moment = make_moment(photo=upload, people_agreed=True)
    url = reverse("moment_change", args=[moment.pk])
    data = {"key": str(moment.key), "whom": str(moment.customer_id), "what": "Tea"}
    assert sam.post(url, data).status_code == 422, "the photo stays, and so must the consent"
    assert sam.post(url, data | {"without_photo": "on"}).status_code == 302
    assert not StoredFile.objects.exists()
    assert sam.get(reverse("moment_photo", args=[moment.pk])).status_code == 404


def test_a_device_that_has_the_photo_still_asks_who_is_there(sam, signed_in, colleague, make_moment, staff):
    moment = make_moment(photo=photo_from(uploaded(picture())), people_agreed=True)
    url, reader = reverse("moment_photo", args=[moment.pk]), signed_in(colleague)
    first = reader.get(url)
    assert first.headers["Cache-Control"] == "private, no-cache"
    has_it = {"If-None-Match": first.headers["ETag"]}
    assert reader.get(url, headers=has_it).status_code == 304
    withdraw_moment(by=staff, moment=moment)
    assert reader.get(url, headers=has_it).status_code == 404
    reader.logout()
    assert reader.get(url, headers=has_it).status_code == 302


# --- The receipt, later -----------------------------------------------------------------------------------------


@pytest.fixture
def asked(organisation, budget, make_moment):
    """A moment whose receipt is asked for."""
    organisation.receipt_over = Decimal(10)
    organisation.save()
    return make_moment(cost=Decimal(12))


def test_a_receipt_is_asked_for_above_the_sum_only(asked, make_moment, sam):
    cheap, free = make_moment(cost=Decimal(10)), make_moment()
    pages = {m.pk: sam.get(reverse("moment", args=[m.pk])).content.decode() for m in (asked, cheap, free)}
    assert [pk for pk, page in pages.items() if "The receipt is missing" in page] == [asked.pk]


def test_a_receipt_can_be_added_later_and_replaced(asked, sam, signed_in, manager):
    url = reverse("moment_receipt", args=[asked.pk])
    assert signed_in(manager).post(url, {"receipt": uploaded(PDF)}).status_code == 403
    assert sam.post(url, {"receipt": uploaded(SVG)}).status_code == 422
    assert sam.post(url, {"receipt": uploaded(PDF)}).status_code == 302
    assert sam.get(url).content == PDF
    assert "The receipt is missing" not in sam.get(reverse("moment", args=[asked.pk])).content.decode()
    sam.post(url, {"receipt": uploaded(picture())})
    assert sam.get(url).headers["Content-Type"] == "image/jpeg"
    assert StoredFile.objects.count() == 1


def test_the_reminder_comes_once_after_three_days(asked, post_office, staff, later):
    assert not post_office.deliver()
    later(days=3, minutes=1)
    (mail,) = post_office.deliver()
    assert mail["To"].endswith(f"<{staff.email}>")
    assert f"/moments/{asked.pk}/" in mail.get_body(("plain",)).get_content()
    later(days=3)
    assert not post_office.deliver()


@pytest.mark.parametrize("what", ["receipt", "withdrawn"])
def test_no_reminder_once_there_is_nothing_to_ask(asked, post_office, staff, later, what, sam):
    from staff.moments.services import withdraw_moment

    if what == "receipt":
        sam.post(reverse("moment_receipt", args=[asked.pk]), {"receipt": uploaded(PDF)})
    else:
        withdraw_moment(by=staff, moment=asked)
    later(days=3, minutes=1)
    assert not post_office.deliver()


# --- Odd, and still somebody's picture ------------------------------------------------------------------------------


def test_a_picture_with_broken_metadata_is_taken_and_turned():
    exif = Image.Exif()
    exif[ORIENTATION], exif[0x0110] = 6, "Camera"
    broken = exif.tobytes().replace(b"\x01\x10\x00\x02", b"\x01\x00\x00\x02")  # a width in letters
    made = photo_from(uploaded(picture(size=(60, 40), exif=broken)))
    assert Image.open(BytesIO(made.data)).size == (40, 60)


def test_a_scan_with_sixteen_bits_of_grey_is_no_white_page():
    scan = Image.new("I;16", (20, 10), 0x8000)
    came = BytesIO()
    scan.save(came, "PNG")
    made = Image.open(BytesIO(receipt_from(uploaded(came.getvalue())).data))
    assert made.getpixel((5, 5)) == pytest.approx((128, 128, 128), abs=2)
