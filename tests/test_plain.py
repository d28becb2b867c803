"""The plain shell keeps its contract: screen readers, pipes and scripts depend on it line by line."""

import json
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnn_tutor.errors import ProgressError
from cnn_tutor.lesson.load import parse
from cnn_tutor.tutor.explain import document
from cnn_tutor.tutor.log import replay
from cnn_tutor.tutor.session import go_to, start
from cnn_tutor.tutor.variant import variant
from tests.course import COUNT, IDS, LESSONS, converse, talk
from tests.tutor.strategies import garbage

VERDICT = re.compile(r"^(Correct|Not yet|Consistent|More digits|Unreadable)(?=[.:])", re.M)
QUESTION = re.compile(r"^Question \d+ of \d+: (.*)$", re.M)
LAST = re.compile(r"^(Finished|Paused): (\d+) of (\d+) questions\.")


def worked(lesson, **how):
    """What ``explain --json`` says of a lesson: its questions in order."""
    text = json.dumps(document(lesson, **how))
    return [question for exercise in json.loads(text)["exercises"] for question in exercise["questions"]]


def last_line(out):
    return out.rstrip("\n").rpartition("\n")[2]


class TestContract:
    @pytest.mark.parametrize("lesson", IDS)
    @pytest.mark.parametrize("fast", [False, True])
    @pytest.mark.parametrize("seed", [None, 7])
    def test_it_asks_what_explain_lists_in_that_order_one_line_each(self, lesson, fast, seed):
        lesson = LESSONS[lesson] if seed is None else variant(LESSONS[lesson], seed)
        listed = worked(lesson, fast=fast, seed=seed)
        out, end, typist = talk(start(lesson, fast=fast, seed=seed), [*(one["text"] for one in listed), "", "q"])
        assert QUESTION.findall(out) == [one["prompt"] for one in listed]
        assert VERDICT.findall(out) == ["Correct"] * len(listed)
        assert typist.read_lines == len(listed)
        assert end.finished
        assert LAST.match(last_line(out)).groups() == ("Finished", str(len(listed)), str(len(listed)))

    @pytest.mark.parametrize("lesson", IDS)
    @pytest.mark.parametrize("text", ["", "banana"])
    def test_blanks_and_nonsense_finish_nothing_and_are_unreadable(self, lesson, text):
        out, end, _ = talk(LESSONS[lesson], [text] * 30)
        assert VERDICT.findall(out) == ["Unreadable"] * 30
        assert end.done == 0
        assert LAST.match(last_line(out)).groups() == ("Paused", "0", str(len(end.questions)))

    def test_each_kind_of_verdict_begins_its_line(self):
        session = go_to(start(LESSONS["baseline"]), "baseline/sheet/yhat")
        for typed, word in (("0.88", "More digits"), ("12", "Not yet"), ("x", "Unreadable"), ("σ(1)", "Not yet")):
            out = converse(session, [typed])
            assert VERDICT.findall(out) == [word]
        assert VERDICT.findall(converse(session, [session.current.text])) == ["Correct"]

    def test_an_answer_that_follows_from_a_wrong_one_is_consistent_and_costs_nothing(self):
        out, end, _ = talk(start(LESSONS["baseline"], fast=True), ["4 -2", ">", "4 0"])
        assert VERDICT.findall(out) == ["Not yet", "Consistent"]
        assert end.record(end.current).misses == 0
        assert end.done == 0

    def test_a_diagnosis_line_begins_with_maybe_and_ends_with_the_id(self):
        out = converse(go_to(start(LESSONS["baseline"]), "baseline/student/z1"), ["1 7"])
        (line,) = [line for line in out.splitlines() if line.startswith("Maybe: ")]
        assert re.search(r" \[[A-Z][A-Z0-9_.-]*\]$", line)
        assert line.endswith("[SHEET.TYPO]")
        assert out.splitlines()[out.splitlines().index(line) - 1].startswith("Not yet: ")

    def test_a_slip_that_may_be_an_idea_ends_with_the_id_of_the_idea(self):
        out = converse(go_to(start(LESSONS["conv1d"]), "conv1d/sheet/y[1]"), ["1"])
        (line,) = [line for line in out.splitlines() if line.startswith("Maybe: ")]
        assert line.endswith(" [SLIP] [CONV.NEG_TOTAL]")

    @given(st.sampled_from(IDS), st.lists(garbage.map(lambda text: "".join(text.splitlines())), max_size=6))
    @settings(max_examples=60)
    def test_any_lines_lead_to_a_last_line_with_counts(self, lesson, lines):
        out, end, _ = talk(LESSONS[lesson], lines)
        word, done, asked = LAST.match(last_line(out)).groups()
        assert word == ("Finished" if end.finished else "Paused")
        assert (int(done), int(asked)) == (end.done, len(end.asked))
        assert "\x1b" not in out

    @pytest.mark.parametrize("lesson", IDS)
    def test_formulas_and_prompts_can_be_had_in_ascii(self, lesson):
        texts = [one["text"] for one in worked(LESSONS[lesson])]
        out, end, _ = talk(LESSONS[lesson], ["?", "?", "?", *texts], ascii_only=True)
        assert end.finished
        assert out.isascii()


class TestKeys:
    def test_a_question_mark_gives_the_next_hint_and_asks_on(self):
        out, end, _ = talk(LESSONS["conv1d"], ["?", "?", "?"])
        hints = [line for line in out.splitlines() if line.startswith("Hint: ")]
        assert len(set(hints)) == 3
        assert end.record(end.current).hints == 3
        assert VERDICT.findall(out) == []

    def test_an_exclamation_mark_shows_the_answer_and_earns_no_credit(self):
        out, end, _ = talk(LESSONS["conv1d"], ["!"])
        assert f"It is {end.current.text}." in out
        assert not end.record(end.current).done
        assert "no credit" in out

    def test_looking_back_shows_what_was_answered_and_enter_goes_on(self):
        first, second = (one["text"] for one in worked(LESSONS["conv1d"])[:2])
        out, end, _ = talk(LESSONS["conv1d"], [first, second, "<", "<", "", ""])
        assert out.count("Answered: ") == 3
        assert end.position == 2
        assert end.done == 2

    def test_the_answer_may_be_looked_at_again(self):
        first = worked(LESSONS["conv1d"])[0]["text"]
        out, _, _ = talk(LESSONS["conv1d"], [first, "<", "!"])
        assert f"It is {first}.\n" in out
        assert "Type it" not in out

    def test_a_skipped_question_is_asked_again_at_the_end(self):
        texts = [one["text"] for one in worked(LESSONS["conv1d"])]
        out, end, _ = talk(LESSONS["conv1d"], [">", *texts[1:], texts[0]])
        prompts = QUESTION.findall(out)
        assert prompts[0] == prompts[-1]
        assert end.finished

    @pytest.mark.parametrize("key", ["q", "Q", " q "])
    def test_q_pauses_and_nothing_more_is_read(self, key):
        out, end, typist = talk(LESSONS["conv1d"], [key, "5", "3"])
        assert typist.read_lines == 1
        assert last_line(out).startswith(f"Paused: 0 of {COUNT} questions. Go on with: cnn-tutor learn conv1d")
        assert end.done == 0

    def test_the_keys_are_named_at_the_start(self):
        out = converse(LESSONS["conv1d"], [])
        (line,) = [line for line in out.splitlines() if line.startswith("Keys: ")]
        assert all(f"{key} " in line for key in "?!<q")


class TestKeeping:
    def test_an_attempt_is_kept_before_its_verdict_is_told(self):
        class Stop(Exception):
            pass

        def keep(attempts):
            raise Stop

        with pytest.raises(Stop):
            talk(LESSONS["conv1d"], ["5"], keep=keep)

    def test_end_of_input_keeps_everything_and_the_next_run_resumes_at_the_same_question(self):
        rows = []
        texts = [one["text"] for one in worked(LESSONS["conv1d"])]
        _, paused, _ = talk(LESSONS["conv1d"], [texts[0], "99", "?", texts[1]], keep=rows.extend)
        again = replay(start(LESSONS["conv1d"]), rows)
        assert again.records == paused.records
        assert again.current is again.questions[2]
        second, end, _ = talk(again, texts[2:], keep=rows.extend)
        assert end.finished
        assert QUESTION.findall(second)[0] == worked(LESSONS["conv1d"])[2]["prompt"]
        third, _, typist = talk(replay(start(LESSONS["conv1d"]), rows), ["5"])
        assert typist.read_lines == 0
        assert last_line(third) == f"Finished: {COUNT} of {COUNT} questions."

    @pytest.mark.parametrize("typed", ["5", "?", "!", ">", "99"])
    def test_where_nothing_can_be_kept_it_is_said_and_the_lesson_goes_on(self, typed):
        def keep(attempts):
            raise ProgressError("the disk is full")

        out, _, _ = talk(LESSONS["conv1d"], [typed, "3"], keep=keep)
        assert "Not kept: the disk is full" in out
        assert last_line(out).startswith("Paused")

    def test_what_is_kept_is_what_was_typed(self):
        rows = []
        talk(LESSONS["conv1d"], ["  5 ", "banana", "[bold]"], keep=rows.extend)
        assert [(row.text, row.verdict) for row in rows] == [
            ("  5 ", "Correct"),
            ("banana", "Unreadable"),
            ("[bold]", "Unreadable"),
        ]


MARKED = "[bold]x[/bold] [link=file:///etc]y[/link] [/] \\[z]"
HOSTILE = "\x1b[31m\x1b]0;title\x07\x9b2J\x08\x00"


def lesson_saying(text):
    """A small lesson with ``text`` wherever a file may say something."""
    base = msgspec.to_builtins(LESSONS["summary"])
    choice = base["exercise"][0]["choice"][0]
    wrong = next(option for option in choice["options"] if option != choice["answer"])
    choice |= {"prompt": text, "options": [text, "other"], "answer": "other", "why": {text: text}}
    exercise = {"id": "table", "title": text, "prose": text, "choice": [choice]}
    base |= {"title": text, "intro": text, "conventions": text, "key_ideas": [text], "notes": text}
    assert wrong
    return msgspec.convert({**base, "exercise": [exercise], "needs": []}, type(LESSONS["summary"]))


class TestOnlyText:
    def test_markup_in_a_lesson_or_an_answer_is_shown_as_it_is(self):
        out = converse(lesson_saying(MARKED), [MARKED, "[red]", "2"])
        for line in ("Exercise: ", "Question 1 of 1: ", "  1. ", "Not yet: ", "- "):
            assert line + MARKED in out
        assert "Unreadable: " in out

    def test_no_terminal_escape_of_a_lesson_or_an_answer_is_sent_out(self):
        out, end, _ = talk(lesson_saying(f"Look{HOSTILE} here"), [HOSTILE, "1", "2"])
        assert not set(out) & set(map(chr, [*range(10), *range(11, 32), *range(127, 160)]))
        assert "Look" in out
        assert end.finished

    def test_braces_in_a_lesson_are_no_fields(self):
        out = converse(lesson_saying("{o} {0} {} %s"), ["1", "?", "?", "2"])
        assert out.count("{o} {0} {} %s") > 3

    def test_a_file_with_escapes_in_its_names_is_refused_before_anything_is_shown(self):
        with pytest.raises(Exception, match="control character"):
            parse('format_version = 1\nid = "\\u001b[31m"\n')
