"""What somebody answers on again and again, and does not say they know."""

from hypothesis import given
from hypothesis import strategies as st

from bot.answering import answers_often
from storage.skills import Skill

SKILLS = [Skill(7, "User research methods", ""), Skill(8, "Testing", "")]
VAT = {
    number: f"How does VAT registration work {place}?" for number, place in enumerate(("here", "abroad", "so", "by"))
}


def often(questions: dict[int, str], *known: str) -> tuple[str, int, int] | None:
    return answers_often(questions, known, SKILLS)


def test_two_words_that_stand_together_in_four_questions_are_a_topic() -> None:
    assert often(VAT) == ("VAT registration", 0, 4)


def test_three_questions_are_too_few() -> None:
    assert often({number: text for number, text in VAT.items() if number}) is None


def test_what_is_known_in_another_form_is_not_suggested() -> None:
    assert often(VAT, "registering for VAT") is None


def test_a_skill_whose_whole_name_is_in_four_questions_comes_before_a_topic() -> None:
    questions = {number: f"Which methods of research do users of form {number} like?" for number in range(4)}
    assert often(questions) == ("User research methods", 7, 4)
    assert (often(questions, "user research methods") or ("",))[0] != "User research methods"


def test_a_skill_of_one_common_word_is_left_to_topics() -> None:
    assert often({number: f"Testing {word}" for number, word in enumerate(("a", "some", "the", "our"))}) != (
        "Testing",
        8,
        4,
    )


def test_one_word_that_four_questions_share_is_a_topic() -> None:
    questions = {1: "Probate for barges?", 2: "What costs probate?", 3: "Is probate slow", 4: "Who grants probate"}
    assert often(questions) == ("probate", 0, 4)


def test_words_that_say_nothing_are_no_topic() -> None:
    assert often(dict.fromkeys(range(6), "Does anyone know what to do about this?")) is None


@given(
    st.dictionaries(st.integers(1, 50), st.text(max_size=60), max_size=12), st.lists(st.text(max_size=20), max_size=3)
)
def test_whatever_is_written_gives_words_or_nothing(questions: dict[int, str], known: list[str]) -> None:
    found = answers_often(questions, known, SKILLS)
    assert found is None or (found.words.strip() and found.questions >= 4)
