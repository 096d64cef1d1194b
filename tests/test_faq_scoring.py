"""How the FAQ is searched, pure: words, scores, 'Asked before?' and groups."""

import pytest

from bot.features.faq.asked import MEANING, evidence, likelihood, likely
from bot.features.faq.grouping import keep_names, regroup
from bot.features.faq.scoring import FEW, Candidate, Corpus, asked, plain, rank, words

KNOWN = {
    1: ("How many pages may the final report have?", "Ten."),
    2: ("Docker exits with code 137, what now?", "Give it more memory."),
    3: ("Can I reuse last year's data?", "Yes, if you say so."),
    4: ("When is the final exam?", "There is none."),
}


def corpus(texts: dict[int, tuple[str, str]] = KNOWN) -> Corpus:
    held = [set(words(question)) | set(words(answer)) for question, answer in texts.values()]
    whole = sum(len(words(question)) + len(words(answer)) for question, answer in texts.values())
    return Corpus(len(texts), whole / len(texts), {w: sum(w in h for h in held) for w in set().union(*held)})


def candidates(cosines: dict[int, float] | None = None) -> list[Candidate]:
    given = cosines or {}
    return [Candidate(n, words(q), words(a), given.get(n)) for n, (q, a) in KNOWN.items()]


def found(text: str, cosines: dict[int, float] | None = None) -> list[int]:
    hits = rank(asked(text), corpus(), candidates(cosines))
    return [hit.entry for hit in hits if hit.score > 0]


def test_words_are_stems_of_what_somebody_means() -> None:
    assert words("Hi all, I can't install the packages :cry: @leo https://x.org/docker <@U12>") == ["instal", "packag"]
    assert words("Installing a package") == ["instal", "packag"]
    assert words("WSL2 error 137; snake_case") == ["wsl2", "error", "137", "snake", "case"]
    assert words("Can you help me please?") == []
    assert plain("see  <#C1> www.a.org and\nmail a@b.org :+1: 10:30:15") == "see and mail 10:30:15"


@pytest.mark.parametrize("endless", ["x" * 300_000, "a@" * 150_000, "<@" * 150_000, ":a" * 150_000])
def test_a_word_without_an_end_is_read_in_no_time(endless: str) -> None:
    """If each letter looked for the end of the word, this would take minutes."""
    assert len(plain(f"Install {endless}")) > 8


def test_of_a_log_file_no_more_is_looked_up_than_helps() -> None:
    assert len(set(asked(" ".join(f"word{n}" for n in range(900))))) == 60
    assert asked("a b " * 5000) == words("a b " * 1250)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("docker memory", [2]),
        ("how long is the final report", [1, 4]),
        ("final", [4, 1]),
        ("reusing old data", [3]),
        ("kubernetes", []),
        ("", []),
    ],
)
def test_what_holds_the_words_is_found(text: str, expected: list[int]) -> None:
    assert found(text) == expected


def test_meaning_finds_what_words_do_not() -> None:
    assert found("container killed", {1: 0.1, 2: 0.7, 3: 0.05, 4: 0.0})[:2] == [2, 1]
    # Words and meaning together beat either.
    assert found("final report", {1: 0.5, 4: 0.55}) == [1, 4, 2, 3]


def test_the_question_counts_for_more_than_the_answer_and_neighbours_for_more_than_strangers() -> None:
    texts = {1: ("disk full", "x"), 2: ("x", "disk full"), 3: ("disk x full", "x")}
    counted = corpus(texts)
    hits = rank(["disk", "full"], counted, [Candidate(n, q.split(), a.split()) for n, (q, a) in texts.items()])
    assert [hit.entry for hit in hits] == [1, 2, 3] or [hit.entry for hit in hits] == [1, 3, 2]
    best = {hit.entry: hit for hit in hits}
    assert best[1].beside == 1
    assert best[3].beside == 0
    assert best[1].covered == best[2].covered == 1


def test_equals_come_in_the_order_of_their_numbers() -> None:
    same = [Candidate(n, ["disk"], ["full"]) for n in (9, 3, 7)]
    assert [hit.entry for hit in rank(["disk"], Corpus(3, 2.0, {"disk": 3}), same)] == [3, 7, 9]


def test_a_word_tells_more_the_rarer_it_is() -> None:
    counted = Corpus(1000, 10.0, {"rare": 1, "common": 900})
    assert counted.weight("unknown") > counted.weight("rare") > counted.weight("common") > 0
    assert Corpus(1, 10.0, {"only": 1}).weight("only") == Corpus(FEW, 10.0, {"only": 1}).weight("only")


def test_an_entry_without_a_vector_yet_can_still_win() -> None:
    hits = rank(asked("docker exits code 137"), corpus(), candidates({1: 0.2, 3: 0.2, 4: 0.2}))
    assert hits[0].entry == 2
    assert hits[0].cosine is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many pages may the final report have at most?", [1]),
        ("docker container exits with code 137", [2]),
        ("May I reuse the data of last year?", [3]),
        ("How many people are in a pod?", []),
        ("When is the homework due?", []),
        ("final", []),
        ("", []),
    ],
)
def test_silence_beats_a_wrong_suggestion(text: str, expected: list[int]) -> None:
    said = asked(text)
    assert [hit.entry for hit in likely(said, rank(said, corpus(), candidates()))] == expected


def test_more_evidence_makes_a_suggestion_likelier() -> None:
    def hits(cosine: float) -> list[float]:
        found = rank(asked("docker exits"), corpus(), candidates({n: cosine if n == 2 else 0.1 for n in KNOWN}))
        assert len(evidence(found)) == len(MEANING.weights)
        return [likelihood(found)]

    assert hits(0.3) < hits(0.6) < hits(0.9)
    assert likelihood([]) == 0


def table(n: int, *alike: tuple[int, int, float]) -> list[list[float]]:
    made = [[1.0 if a == b else 0.0 for b in range(n)] for a in range(n)]
    for a, b, value in alike:
        made[a][b] = made[b][a] = value
    return made


def test_a_chain_is_no_group() -> None:
    """0-1-2-3, each like the next: by the nearest pair alone all four would be one."""
    assert regroup(table(4, (0, 1, 0.9), (1, 2, 0.6), (2, 3, 0.8))) == [[0, 1], [2, 3]]
    assert regroup(table(3, (0, 1, 0.9), (1, 2, 0.8), (0, 2, 0.7))) == [[0, 1, 2]]
    assert regroup(table(2, (0, 1, 0.3))) == [[0], [1]]
    assert regroup([]) == []


def test_a_group_keeps_its_name_over_merging_and_splitting() -> None:
    before = {1: 10, 2: 10, 3: 10, 4: 20, 5: 20, 6: None}
    # Merged: the larger part gives the name.
    assert keep_names(before, [[1, 2, 3, 4, 5, 6]]) == [10]
    # Split: the larger part keeps it, and the other one gets a new one.
    assert keep_names(before, [[1], [2, 3], [4, 5], [6]]) == [None, 10, 20, None]
    # What moves over takes no name along.
    assert keep_names(before, [[1, 2], [3, 4, 5]]) == [10, 20]
    assert keep_names({}, [[1], [2]]) == [None, None]
