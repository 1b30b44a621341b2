"""Customers' names give way to "a guest", whatever their case, accents and endings."""

from __future__ import annotations

import pytest
from django.utils import translation

from staff.recognition.names import Names, customers_named_in


@pytest.mark.parametrize(
    ("names", "text", "told"),
    [
        (["Olena Koval"], "Olena’s coat was wet; OLENA KOVAL laughed.", "A guest’s coat was wet; a guest laughed."),
        (["Olena Koval", "Mrs Koval"], "Tea for Mrs. Koval, and koval again.", "Tea for a guest, and a guest again."),
        (["Анна Сергеевна Ковальская"], "Для Анны Сергеевны – зонт, с Ковальской", "Для a guest – зонт, с a guest"),
        (["Сергей Толстой"], "Сергею, Сергеем, Толстого", "A guest, a guest, a guest"),
        (["Павел Лев"], "Павла, Львом", "A guest, a guest"),
        (["Олена Коваль"], "Олено, дякую! З Оленою, Ковалеві", "A guest, дякую! З a guest, a guest"),
        (["Ольга"], "Дякую Ользі. Ольгою", "Дякую a guest. A guest"),
        (["Ayşe Yılmaz"], "Ayşe Hanım’ın atı, Ayse'ye çay, YILMAZın", "A guest atı, a guest çay, a guest"),
        (["İpek Işık"], "ipek'e, IŞIK'a", "A guest, a guest"),
        (["José Núñez"], "Jose came, NUNEZ too", "A guest came, a guest too"),
        (["Jan van der Berg"], "Mr van der Berg and Jan", "A guest"),
        (["Olena Koval"], "Ol\u00adena, Ko\u200bval", "A guest, a guest"),
        (["Olena Koval"], "@OlenaKoval, olena_koval, #olena", "@a guest, a guest, #a guest"),
        (["Herr Weiß"], "Frau WEISS, Herr Weiß", "A guest, a guest"),
        (["Анна Ким", "Іван"], "Анночка, Аннушкой; Іванчику", "A guest, a guest; a guest"),
        (["İpek"], "İpekçiğim, ipekcik", "A guest, a guest"),
        (["Anne-Marie Li"], "Anne-Marie sang. Marie-Anne, too", "A guest sang. A guest, too"),
    ],
)  # fmt: skip
def test_a_guest_stands_where_a_name_stood(names, text, told):
    assert Names(names).left_out_of(text) == told


@pytest.mark.parametrize(
    ("names", "text"),
    [
        (["Tom and Anna Brown"], "Tea and cake, and tomorrow the annual fair."),
        (["Jan van der Berg"], "The van is red."),
        (["Li Wu"], "Li smiled."),
        (["Анна"], "Канны и анналы"),
        (["Яна"], "Янтарь и январь"),
        (["Mrs Koval"], "Mrs Jones and Mr Smith"),
        ([""], "Nobody is named."),
        ([], "Nobody is named."),
    ],
)
def test_other_words_stay_as_they_are(names, text):
    assert Names(names).left_out_of(text) == text


def test_short_names_go_where_they_are_whole():
    assert Names(["Li Wu"]).left_out_of("Tea for Li Wu") == "Tea for a guest"


def test_the_words_around_stay_letter_by_letter():
    text = "Ёжик — “Olena” … naïve\nŞ Olena?!"
    assert Names(["Olena"]).left_out_of(text) == "Ёжик — “a guest” … naïve\nŞ a guest?!"


def test_it_is_said_in_the_language_of_the_wall():
    with translation.override("tr"):
        assert Names(["Olena"]).left_out_of("çay, Olena") != "çay, Olena"


def test_whole_names_of_any_customer_are_found_in_texts(make_customer):
    make_customer("Bohdan Koval"), make_customer("Ada Lovelace"), make_customer("Rose Day")
    assert customers_named_in(["Helped Bohdan Koval with Ada’s coat on a rose day."]) == {"Bohdan Koval"}
    assert customers_named_in([]) == set()
