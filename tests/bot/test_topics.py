"""What the questions are about that nobody covers."""

from bot.topics import uncovered


def found(questions: dict[int, str], *known: str) -> list[tuple[tuple[str, ...], tuple[int, ...]]]:
    return [(topic.words, topic.questions) for topic in uncovered(questions, known)]


def test_what_somebody_knows_about_is_no_gap_in_whatever_form_it_is_written() -> None:
    questions = {1: "How does registration work?", 2: "Who pays for apprenticeships?"}
    assert found(questions, "registering companies") == [(("pays", "apprenticeships"), (2,))]


def test_the_word_that_is_asked_about_most_comes_first_and_is_shown_as_it_is_mostly_written() -> None:
    questions = {1: "Which VAT form is it?", 2: "Is VAT due on tips?", 3: "Who signs the lease?"}
    topics = found(questions)
    assert topics[0] == (("VAT",), (1, 2))
    assert {number for _, numbers in topics for number in numbers} == {1, 2, 3}


def test_a_word_that_adds_no_question_is_left_out() -> None:
    assert found({1: "Probate searches", 2: "Probate fees"}) == [(("probate",), (1, 2))]
    assert found({1: "Probate searches"}) == [(("probate", "searches"), (1,))]


def test_words_of_every_question_are_no_topic() -> None:
    assert found({1: "Does anyone know what to do about this?", 2: ""}) == []
