"""What holds on every page."""

from __future__ import annotations

import pytest
from streamlit import dataframe_util

from playground import Recipe, checkpoints
from tests.pages.conftest import problems, sheet, sheets

PAGES = ["gallery", "sample", "classes", "styles", "interpolate", "vectors", "reconstruct"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("model", ["tiny", "plain"])
def test_opens_without_a_problem(page, model, open_page, tiny_checkpoint, plain_checkpoint):
    app = open_page(page, model=model)
    assert problems(app) == []
    assert [title.value for title in app.title] == [page.capitalize()]
    assert app.sidebar.selectbox(key="model").value == model


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_has_alternative_text(page, open_page, tiny_checkpoint):
    for sent in sheets(open_page(page, model="tiny")):
        assert sent["label"]
        assert all(picture["alt"].strip() for picture in sent["pictures"])


@pytest.mark.parametrize("page", PAGES)
def test_no_picture_makes_streamlit_load_pandas(page, open_page, tiny_checkpoint, monkeypatch):
    asked = []
    monkeypatch.setattr(dataframe_util, "determine_data_format", lambda data: asked.append(type(data)))
    open_page(page, model="tiny")
    assert asked == []


def test_the_model_is_kept_when_pages_change(open_page, tiny_checkpoint, plain_checkpoint):
    app = open_page("sample", model="tiny")
    app.sidebar.selectbox(key="model").set_value("plain").run()
    app.switch_page("vectors.py").run()
    assert app.sidebar.selectbox(key="model").value == "plain"


def test_an_unknown_model_in_the_address_is_said_and_another_taken(open_page, tiny_checkpoint):
    app = open_page("sample", model="no-such-model")
    assert problems(app) == []
    assert "no-such-model" in app.warning[0].value
    assert sheets(app)


def test_a_damaged_link_is_said_and_the_page_works(open_page, tiny_checkpoint):
    app = open_page("sample", model="tiny", recipe="certainly not a recipe")
    assert len(problems(app)) == 1
    assert "link" in problems(app)[0]
    assert sheets(app)


def test_a_link_that_cannot_be_drawn_is_said_and_changes_nothing(open_page, tiny_checkpoint):
    for recipe in (
        Recipe(model="tiny", seeds=[(1, 1)], classes={"dog": 1}),
        Recipe(model="tiny", code=[0.0] * 99),
        Recipe(model="unheard-of", seeds=[(1, 1)]),
        Recipe(model="/etc", seeds=[(1, 1)]),
    ):
        app = open_page("sample", model="tiny", recipe=recipe.to_link())
        assert len(problems(app)) == 1, recipe
        assert sheet(app, "pictures of tiny")["pictures"]


@pytest.mark.parametrize("page", PAGES)
def test_without_checkpoints_a_sentence_says_what_to_do(page, open_page):
    [sentence] = problems(open_page(page))
    assert "playground.training" in sentence


@pytest.mark.parametrize("page", PAGES[1:])
def test_a_checkpoint_damaged_behind_its_header_gives_one_sentence(page, open_page, tiny_checkpoint):
    file = tiny_checkpoint / checkpoints.WEIGHTS
    content = file.read_bytes()
    file.write_bytes(content[: len(content) - 64] + b"\xff" * 64)  # the last numbers become NaN
    app = open_page(page, model="tiny")
    [sentence] = problems(app)
    assert "not finite" in sentence
    assert [title.value for title in app.title] == [page.capitalize()]
