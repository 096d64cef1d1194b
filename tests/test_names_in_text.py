"""Names are found however somebody writes them: a missed one tells whose work it is."""

import pytest

from bot.core.names_in_text import stands_in, whole_among

AURELIA = "Aurelia Canary"

FOUND = [
    (AURELIA, "Questions to aurelia_canary@example.org please"),
    (AURELIA, "aureliacanary@gmail.com"),
    (AURELIA, "AureliaCanary wrote this"),
    (AURELIA, "Aurelias Arbeit"),
    (AURELIA, "file aurelia_final.docx"),
    (AURELIA, "www.aurelia-home.de"),
    (AURELIA, "A\u200bu\u200brelia and Ca\u00adnary"),
    (AURELIA, "\uff21\uff55\uff52\uff45\uff4c\uff49\uff41"),
    (AURELIA, "B y A u r e l i a , a b o u t t e a"),
    (AURELIA, "A URELIA C ANARY"),
    (AURELIA, "work by Aure lia Cana ry"),
    (AURELIA, "work by Aure-\nlia"),
    ("李明", "我是李明，我喜欢茶。"),
    ("李 明", "我是李明，我喜欢茶。"),
    ("山田太郎", "作成者は山田太郎です"),
    ("민준 김", "저는 김민준입니다"),
    ("สมชาย", "ผมชื่อสมชายครับ"),
    ("أمين", "كتبه وأمين"),
    ("Łukasz Nowak", "Lukasz here"),
    ("Lukasz Nowak", "Łukasz here"),
    ("Jörg Müller", "J. Mueller, Berlin"),
    ("Jörg Müller", "J. Muller, Berlin"),
    ("Jorg Mueller", "J. Müller"),
    ("Straßer", "by Strasser"),
    ("Anna-Lena Voss", "Anna wrote this"),
    ("Sean O'Brien", "Mr O\u2019Brien, page 1"),
    ("Sean O\u2019Brien", "Mr OBrien, page 1"),
    ("Mia", "by mia"),
    ("Mia", "Mias Arbeit"),
    ("Mia", "MiaTea"),
    ("Mia", "miatea@example.org"),
    ("Li Bo", "Li made it"),
    ("Will Rose", "by will rose"),
    ("Will Rose", "Will wrote it"),
    ("Ali", "Ali\u2019nin çayı"),
    ("Mia", "Mia's work"),
    ("Mia", "by M.I.A."),
    ("Иван", "Работа Ивана"),
    ("Олег", "Автор: Олегом"),
    ("Ewa Nowak", "praca Ewy"),
    ("Bo", "by bo"),
    ("佐藤 愛", "愛です"),
    ("林", "我是林"),
    ("김", "김입니다"),
    ("@u1", "<@u1> wrote it"),
    ("@123", "<@!123> wrote it"),
    ("@mia", "ask @mia"),
]

NOT_FOUND = [
    (AURELIA, "A page about tea"),
    ("Will Rose", "I will wait, since the prices rose"),
    ("Eva Stone", "We evaluate the milestone"),
    ("Ethan", "more than this"),
    ("Helen", "through the lens"),
    ("Theresa", "there sat a cat"),
    ("Ina", "In a cup"),
    ("Vincent van Gogh", "a van came"),
    ("Mia", "the median"),
    ("Don", "I don't know"),
    ("Can", "We can't"),
    ("Tim", "Time goes by"),
    ("Eva", "Even so, ever after"),
    ("Mia", "Mind the gap, mix it"),
    ("Sam", "Same here"),
    ("Ina", "Into the cup"),
    ("Jo Do", "do it, so I do"),
    ("Bo", "about a boat"),
    ("@author", "the author wrote it"),
]


@pytest.mark.parametrize(("name", "text"), FOUND)
def test_a_name_is_found_however_it_is_written(name: str, text: str) -> None:
    assert stands_in([text], [name])


@pytest.mark.parametrize(("name", "text"), NOT_FOUND)
def test_words_are_no_names(name: str, text: str) -> None:
    assert not stands_in([text], [name])


def test_an_account_with_the_name_of_its_person_hides_neither() -> None:
    names = ["Mia", "@mia"]
    assert stands_in(["Yours, Mia"], names)
    assert stands_in(["Ask @mia"], names)
    assert not stands_in(["Ask anybody"], names)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (AURELIA, "with Aurelia Canary's help"),
        (AURELIA, "CANARY, Aurelia"),
        ("Jorg Mueller", "thanks to Jörg Müller"),
        ("Sean O'Brien", "thanks to Sean OBrien"),
        ("Anna-Lena Voss", "thanks to Anna Lena Voss"),
        ("王小明", "我和王小明喝茶。"),
        ("山田 太郎", "作成者は山田太郎です"),
        ("@u44", "ask @u44 about it"),
    ],
)
def test_of_many_names_those_that_stand_there_whole_are_found(name: str, text: str) -> None:
    others = [*(f"Fay Number{n}" for n in range(50)), "Mia", "Aurelia", "王明", "@u4", "Jorg Miller"]
    assert whole_among([text], [*others, name]) == [name]


def test_of_many_names_a_part_is_nobodys() -> None:
    assert whole_among(["Will we? Mia and Aurelia may, and Rose"], [AURELIA, "Mia", "Will Rose", "Mia Lake"]) == []
