"""What measures the growth of a cost tells a square from a line."""

from tests.hostile.cost import growth


def test_a_square_is_noticed_and_a_line_is_not() -> None:
    assert growth(lambda n: [0 for _ in range(n) for _ in range(n // 20)], 600)
    assert growth(lambda n: [0 for _ in range(1000 * n)], 100) == ""
