"""Draws depend on a name alone, and can be had again."""

from cnn_tutor.tutor.stream import Stream


def test_numbers_can_be_had_again():
    stream = Stream("again")
    first = [stream.between(0, 99) for _ in range(10)]
    place = stream.place
    more = [stream.between(0, 99) for _ in range(20)]
    stream.place = place
    assert [stream.between(0, 99) for _ in range(20)] == more
    stream.place = 0
    assert [stream.between(0, 99) for _ in range(10)] == first


def test_several_choices_are_those_that_would_be_made_one_by_one():
    one, other = Stream("several"), Stream("several")
    assert one.choices("abcde", 30) == [other.choice("abcde") for _ in range(30)]
    assert one.between(0, 10**6) == other.between(0, 10**6)
