"""What the columns of a file of visits are called, in four languages and as booking systems write them."""

from django.utils.translation import gettext_lazy as _

from delight.lib.sortkey import fold

FIELDS = {
    "begins": _("Begins"),
    "ends": _("Ends"),
    "email": _("E-mail"),
    "phone": _("Phone"),
    "outside_id": _("Customer number"),
    "name": _("Name"),
    "reference": _("Reference"),
    "value": _("Value"),
    "served_by": _("Served by"),
    "number": _("Booking number"),
}

_NAMES = {
    "begins": "begins | begin | start | starts | start time | start date | from | date | date and time | arrival"
    " | check in | appointment | başlangıç | tarih | giriş | randevu | начало | дата | дата и время | заезд"
    " | початок | дата й час | дата та час | заїзд",
    "ends": "ends | end | end time | end date | until | to | departure | check out | bitiş | çıkış | конец | окончание"
    " | выезд | кінець | виїзд",
    "email": "email | e mail | mail | email address | customer email | e posta | eposta | почта | электронная почта"
    " | эл почта | пошта | електронна пошта | ел пошта",
    "phone": "phone | telephone | mobile | phone number | telefon | cep telefonu | телефон | мобильный | мобільний",
    "outside_id": "customer number | customer id | client id | client number | müşteri no | müşteri numarası"
    " | номер клиента | номер клієнта",
    "name": "name | customer | customer name | client | client name | guest | guest name | full name | ad soyad"
    " | müşteri | misafir | имя | клиент | гость | фио | ім'я | клієнт | гість | піб",
    "reference": "reference | room | table | invoice | oda | masa | fatura | номер комнаты | комната | стол | счёт"
    " | кімната | стіл | рахунок",
    "value": "value | amount | total | price | revenue | paid | tutar | toplam | ücret | сумма | стоимость | цена"
    " | сума | вартість | ціна",
    "served_by": "served by | staff | employee | stylist | barber | provider | çalışan | personel | hizmet veren"
    " | сотрудник | мастер | співробітник | майстер",
    "number": "booking number | booking id | booking | reservation | reservation number | visit id | id | uid"
    " | rezervasyon no | номер брони | бронь | номер бронювання | бронювання",
}


def _plain(title: str) -> str:
    folded = fold(title.replace("'", "").replace("’", "").replace("ʼ", ""))
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())


_MEANING = {_plain(name): field for field, names in _NAMES.items() for name in names.split("|")}


def guess_columns(header: list[str]) -> dict[str, int]:
    """Field name → column number, from 0; the first column of a meaning counts."""
    found: dict[str, int] = {}
    for number, title in enumerate(header):
        if meaning := _MEANING.get(_plain(title)):
            found.setdefault(meaning, number)
    return found
