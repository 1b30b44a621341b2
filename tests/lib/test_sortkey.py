"""Names stand where a reader of the language looks for them."""

import random

import pytest

from delight.lib.sortkey import fold, sort_key

UKRAINIAN = "Галина Ґанна Дарина Емма Євген Жанна Зоя Инна Ірина Їжакевич Йосип Катерина Яна".split()  # noqa: SIM905


def test_ukrainian_names_follow_the_ukrainian_alphabet():
    shuffled = random.Random(1).sample(UKRAINIAN, len(UKRAINIAN))
    assert sorted(shuffled, key=sort_key) == UKRAINIAN


@pytest.mark.django_db
def test_the_database_orders_names_by_the_same_alphabet():
    from staff.people.models import Team

    for name in random.Random(2).sample(UKRAINIAN, len(UKRAINIAN)):
        Team.objects.create(name=name)
    assert [team.name for team in Team.objects.all()] == UKRAINIAN


def test_letters_that_differ_keep_their_order_inside_a_word():
    assert sort_key("Біла") > sort_key("Бик")
    assert sort_key("Аґа") > sort_key("Агя")


@pytest.mark.parametrize(
    ("typed", "written"), [("isik", "IŞIK"), ("ışık", "Işık"), ("yildiz", "Yıldız"), ("inci", "İnci")]
)
def test_turkish_names_are_found_however_their_i_is_written(typed, written):
    assert fold(typed) == fold(written)


def test_turkish_letters_stand_with_their_neighbours():
    names = ["Ahmet", "Çelik", "Deniz", "Gül", "Ömer", "Şahin", "Tarık", "Ümit", "Veli"]
    shuffled = random.Random(3).sample(names, len(names))
    assert sorted(shuffled, key=sort_key) == names


def test_accents_and_case_and_spaces_do_not_separate_the_same_name():
    assert sort_key("  inês   CARVALHO ") == sort_key("Ines Carvalho")


def test_a_long_name_is_cut_to_what_the_column_holds():
    assert len(sort_key("ї" * 500)) == 200
