"""Days as people type them."""

from datetime import date

import pytest

from bot.core.days import Span, read_day, read_span, read_spans, said_days

TODAY = date(2026, 3, 18)
"""A Wednesday."""


def march(first: int | None, last: int) -> Span:
    return Span(date(2026, 3, first) if first else None, date(2026, 3, last))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("tomorrow", march(19, 19)),
        ("today", march(18, 18)),
        ("25.3. to 28.3.", march(25, 28)),
        ("25.3.-28.3.", march(25, 28)),
        ("from 25.3. until 28.3.2026", march(25, 28)),
        ("25.3.", march(25, 25)),
        ("25.03.26", march(25, 25)),
        ("next week", march(23, 29)),
        ("this week", march(None, 22)),
        ("the weekend", march(21, 22)),
        ("for 3 days", march(None, 20)),
        ("a week", march(None, 24)),
        ("Mon-Wed", march(23, 25)),
        ("Monday to Wednesday", march(23, 25)),
        ("Fri - Tue", march(20, 24)),
        ("Wed-Fri", march(18, 20)),
        ("tomorrow till Monday", march(19, 23)),
        ("2026-03-25 2026-03-28", march(25, 28)),
        ("2026-03-25..2026-03-28", march(25, 28)),
        ("2026-03-25", march(25, 25)),
        ("25 March", march(25, 25)),
        ("Wed, 25th of March 2026", march(25, 25)),
        ("March 25", march(25, 25)),
        ("Mar 25, 2026 to Mar 28, 2026", march(25, 28)),
        ("25-28 March", march(25, 28)),
        ("March 25 – 28", march(25, 28)),
        ("until Friday", march(None, 20)),
        ("until 25 March", march(None, 25)),
        ("25/3 to 28/3", march(25, 28)),
        ("3/25 to 3/28", march(25, 28)),
        ("28.3. to 25.3.", march(28, 25)),
        ("30 Dec to 2 Jan", Span(date(2026, 12, 30), date(2027, 1, 2))),
        ("2 Feb", Span(date(2026, 2, 2), date(2026, 2, 2))),
        ("29.2.", Span(date(2028, 2, 29), date(2028, 2, 29))),
        ("for four days", march(None, 21)),
        ("on Monday", march(23, 23)),
        ("the day after tomorrow", march(20, 20)),
        ("16.3. bis 20.3.", march(16, 20)),
        ("Freitag bis Montag", march(20, 23)),
        ("Mo-Mi", march(23, 25)),
        ("am Montag", march(23, 23)),
        ("morgen", march(19, 19)),
        ("übermorgen", march(20, 20)),
        ("bis Mittwoch", march(None, 18)),
        ("vom 23. bis zum 25. März", march(23, 25)),
        ("nächste Woche", march(23, 29)),
        ("eine Woche", march(None, 24)),
        ("für drei Tage", march(None, 20)),
        ("Rest der Woche", march(None, 22)),
        ("amanhã", march(19, 19)),
        ("amanha", march(19, 19)),
        ("23-25 de março", march(23, 25)),
        ("de 23 a 25 de março", march(23, 25)),
        ("do dia 23 ao dia 25 de março", march(23, 25)),
        ("até sexta-feira", march(None, 20)),
        ("semana que vem", march(23, 29)),
        ("de segunda a quarta", march(23, 25)),
        ("fim de semana", march(21, 22)),
        ("del 23 al 25 de marzo", march(23, 25)),
        ("hasta el lunes", march(None, 23)),
        ("pasado mañana", march(20, 20)),
        ("du 23 au 25 mars", march(23, 25)),
        ("lundi prochain", march(23, 23)),
        ("jusqu'à vendredi", march(None, 20)),
    ],
)
def test_what_people_type_is_read_as_they_mean_it(typed: str, meant: Span) -> None:
    assert read_span(typed, TODAY) == [meant]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("20.-21. March and 25.-28. March", [march(20, 21), march(25, 28)]),
        ("20.-21. and 25.-28. March", [march(20, 21), march(25, 28)]),
        ("March 20-21 and 25-28", [march(20, 21), march(25, 28)]),
        ("from 20 to 21 March and also from 25 to 28 March", [march(20, 21), march(25, 28)]),
        ("20.3.-21.3., 25.3.-28.3.", [march(20, 21), march(25, 28)]),
        ("tomorrow and Friday", [march(19, 19), march(20, 20)]),
        ("tomorrow, Friday; 25 March", [march(19, 19), march(20, 20), march(25, 25)]),
        ("between 20 and 25 March", [march(20, 25)]),
        ("Wed, 25th of March 2026", [march(25, 25)]),
        ("tomorrow and soon", []),
        ("tomorrow and on Friday", [march(19, 19), march(20, 20)]),
        ("morgen und am Freitag", [march(19, 19), march(20, 20)]),
        ("am Montag und Dienstag", [march(23, 23), march(24, 24)]),
        ("no sábado e no domingo", [march(21, 21), march(22, 22)]),
    ],
)
def test_several_spans_are_read_one_after_the_other(typed: str, meant: list[Span]) -> None:
    assert read_spans(typed, TODAY) == [[span] for span in meant]


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("3/4", [date(2026, 4, 3), date(2026, 3, 4)]),
        ("03/04/2026", [date(2026, 4, 3), date(2026, 3, 4)]),
        ("next Friday", [date(2026, 3, 20), date(2026, 3, 27)]),
        ("4/4", [date(2026, 4, 4)]),
        ("this Friday", [date(2026, 3, 20)]),
        ("next Monday", [date(2026, 3, 23)]),
    ],
)
def test_what_can_mean_two_days_has_both_readings(typed: str, days: list[date]) -> None:
    assert read_day(typed, TODAY) == days


def test_one_date_that_can_only_be_read_one_way_settles_the_other() -> None:
    assert read_span("25/3 to 5/4", TODAY) == [Span(date(2026, 3, 25), date(2026, 4, 5))]
    assert len(read_span("3/4 to 5/4", TODAY)) == 2


@pytest.mark.parametrize(
    "typed", ["", "soon", "30.2.", "2026-02-30", "13/13", "march", "25", "to", "mon mon mon", "1" * 100, "sun" * 40]
)
def test_what_is_no_day_is_not_guessed(typed: str) -> None:
    assert read_span(typed, TODAY) == []


@pytest.mark.parametrize(
    ("sentence", "days"),
    [
        ("ich bin vom 23. bis 25. märz weg", "vom 23. bis 25. märz"),
        ("estarei fora de 28 a 30 de maio", "de 28 a 30 de maio"),
        ("i'm out tomorrow and on monday", "tomorrow and on monday"),
        ("am montag kann ich nicht", "am montag"),
        ("ich bin so lange weg", ""),
        ("ich bin ab montag weg", ""),
        ("i need a few days off", ""),
    ],
)
def test_days_are_found_in_a_sentence(sentence: str, days: str) -> None:
    assert said_days(sentence, TODAY) == days
