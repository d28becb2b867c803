"""The paper twin: the same questions and values as on the screen, blanks without a value, HTML that needs nothing."""

import hashlib
import json
import os
import re
from dataclasses import replace
from html.parser import HTMLParser

import msgspec
import pytest

from cnn_tutor.render.paper import html, markdown
from cnn_tutor.tutor.feedback import Correct
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.paper import paper
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.variant import variant
from tests.course import DATA, IDS, LESSONS

GOLDEN = DATA / "paper.json"
VOID = {"meta"}
TAGS = re.findall(
    r"\w+",
    "html head meta title style body header h1 p span section b strong em ul ol li code pre blockquote h2 h3 div "
    "figure figcaption table tr td footer br hr",
)


class Page(HTMLParser):
    """Reads a page strictly: every tag is closed where it should be."""

    def __init__(self, text):
        super().__init__()
        self.open, self.tags, self.words = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def sheet(lesson, seed=None, *, key=False):
    fresh = LESSONS[lesson] if seed is None else variant(LESSONS[lesson], seed)
    return fresh, paper(fresh, seed=seed, key=key)


@pytest.mark.parametrize("lesson", IDS)
@pytest.mark.parametrize("seed", [None, 3])
class TestEveryLesson:
    def test_it_asks_what_the_screen_asks_in_that_order(self, lesson, seed):
        fresh, page = sheet(lesson, seed)
        items = [item for one in page.problems for item in one.items]
        assert [item.prompt for item in items] == [one.prompt for one in questions(fresh)]
        assert [item.number for item in items] == list(range(1, len(items) + 1))

    def test_the_key_is_the_engines(self, lesson, seed):
        fresh, page = sheet(lesson, seed, key=True)
        items = [item for one in page.problems for item in one.items]
        for question, item in zip(questions(fresh), items, strict=True):
            text = "; ".join(" ".join(row) for row in item.answer)
            assert isinstance(check(question, text), Correct), question.key

    def test_a_blank_has_the_shape_of_its_answer(self, lesson, seed):
        _, page = sheet(lesson, seed)
        for item in (item for one in page.problems for item in one.items):
            if item.rows:
                assert (len(item.answer), {len(row) for row in item.answer}) == (item.rows, {item.columns})

    def test_the_sheet_tells_nothing_that_is_computed(self, lesson, seed):
        """With all answers and workings taken away, it is the same page."""
        _, page = sheet(lesson, seed)
        bare = [
            replace(one, items=tuple(replace(item, answer=(), working="") for item in one.items))
            for one in page.problems
        ]
        without = replace(page, problems=tuple(bare))
        assert html(without) == html(page)
        assert markdown(without) == markdown(page)

    @pytest.mark.parametrize("key", [False, True])
    def test_the_page_is_well_formed_and_loads_nothing(self, lesson, seed, key):
        _, made = sheet(lesson, seed, key=key)
        page = Page(html(made))
        assert {tag for tag, _ in page.tags} <= set(TAGS)
        assert not any({"src", "href", "onclick"} & set(attrs) for _, attrs in page.tags)
        assert "url(" not in html(made)
        assert "http" not in html(made)


def test_what_a_file_says_is_text():
    evil = '<script>alert(1)</script> [bold] *x* <img src="http://x">'
    lesson = LESSONS["conv1d"]
    exercise = msgspec.structs.replace(lesson.exercise[0], title=evil, prose=evil)
    made = paper(msgspec.structs.replace(lesson, title=evil, intro=evil, exercise=[exercise]), seed=None, key=False)
    page = Page(html(made))
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert evil in "".join(page.words)
    assert "\\<script\\>alert(1)\\</script\\> \\[bold\\] \\*x\\*" in markdown(made)


def test_the_same_seed_is_the_same_sheet_for_ever():
    """Read a change of a fingerprint as a change of every sheet that was printed: is it meant?

    ``CNN_TUTOR_GOLDEN=write`` writes the file anew.
    """
    now = {}
    for lesson in ("conv1d", "mini-cnn", "batchnorm"):
        _, made = sheet(lesson, 3, key=True)
        now[lesson] = [hashlib.sha256(text.encode()).hexdigest()[:16] for text in (html(made), markdown(made))]
    if os.environ.get("CNN_TUTOR_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(now, indent=2) + "\n", encoding="utf-8")
        pytest.fail(f"{GOLDEN.name} is written anew: read what changed")
    assert now == json.loads(GOLDEN.read_text(encoding="utf-8"))
