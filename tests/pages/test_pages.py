"""What each page draws, held against the renderer."""

from __future__ import annotations

from urllib.parse import parse_qs

import numpy as np
import pytest

from playground import Move, Recipe, load, render
from playground.latents.paths import walk
from tests.pages.conftest import pixels, problems, sheet, sheets


def same(picture: dict, recipe: Recipe) -> bool:
    return np.array_equal(pixels(picture), render(recipe)[:, :, 0])


def test_gallery_shows_a_damaged_checkpoint_as_a_sentence(open_page, tiny_checkpoint, checkpoint_folder):
    (checkpoint_folder / "broken").mkdir()
    (checkpoint_folder / "broken" / "model.safetensors").write_bytes(b"no weights at all")
    app = open_page("gallery", model="tiny")
    [sentence] = problems(app)
    assert "broken" in sentence
    assert "copy it again" in sentence
    assert same(sheet(app, "pictures of tiny")["pictures"][1], Recipe(model="tiny", seeds=[(1, 1)], classes={"1": 1}))


def test_gallery_links_each_model_to_sample(open_page, tiny_checkpoint, plain_checkpoint):
    links = [link.proto for link in open_page("gallery").get("page_link")]
    targets = [Recipe.from_link(parse_qs(link.query_string)["recipe"][0]).model for link in links]
    assert {"tiny", "plain"} <= set(targets)
    app = open_page("sample", recipe=Recipe(model="plain", seeds=[(0, 1)]).to_link())
    assert app.sidebar.selectbox(key="model").value == "plain"
    assert problems(app) == []


def test_sample_draws_the_seeds_that_are_asked_for(open_page, tiny_checkpoint):
    app = open_page("sample", model="tiny")
    app.text_input(key="sample_seeds").set_value("5, 9-10")
    app.slider(key="psi").set_value(0.5).run()
    pictures = sheet(app, "pictures of tiny")["pictures"]
    recipes = [
        Recipe(model="tiny", seeds=[(seed, 1)], classes={name: 1}, psi=0.5)
        for seed, name in [(5, "2"), (9, "0"), (10, "1")]
    ]
    assert len(pictures) == 3
    assert all(map(same, pictures, recipes))


def test_sample_blends_classes_by_weight(open_page, tiny_checkpoint):
    app = open_page("sample", model="tiny")
    app.button_group(key="classes").set_value(["0", "2"]).run()
    app.slider(key="weight_0").set_value(0.25).run()
    expected = Recipe(model="tiny", seeds=[(3, 1)], classes={"0": 0.25, "2": 0.5})
    assert same(sheet(app, "pictures of tiny")["pictures"][3], expected)


def test_sample_says_what_is_wrong_with_a_seed_and_keeps_the_last_pictures(open_page, tiny_checkpoint):
    app = open_page("sample", model="tiny")
    app.text_input(key="sample_seeds").set_value("40-43").run()
    for wrong in ("seven", "-1", str(2**63), "9-3", "", "0-999999", "1.5"):
        app.text_input(key="sample_seeds").set_value(wrong).run()
        assert len(problems(app)) == 1, wrong
        assert len(sheet(app, "pictures of tiny")["pictures"]) == 4
    app.text_input(key="sample_seeds").set_value(str(2**63 - 1)).run()
    assert problems(app) == []
    assert f"seed {2**63 - 1}" in sheet(app, "pictures of tiny")["pictures"][0]["alt"]


def test_sample_dice_change_the_seeds(open_page, tiny_checkpoint):
    app = open_page("sample", model="tiny")
    before = app.text_input(key="sample_seeds").value
    app.button(key="sample_seeds_dice").click().run()
    assert app.text_input(key="sample_seeds").value != before
    assert problems(app) == []


def test_a_link_brings_its_picture_and_its_settings(open_page, tiny_checkpoint, plain_checkpoint):
    recipe = Recipe(model="tiny", seeds=[(2**60 + 1, 1)], classes={"1": 1}, psi=0.7)
    app = open_page("sample", recipe=recipe.to_link())
    assert app.sidebar.selectbox(key="model").value == "tiny"
    assert app.slider(key="psi").value == 0.7
    assert same(sheet(app, "The chosen picture")["pictures"][0], recipe)
    assert sheet(app, "pictures of tiny")["selected"] == [0]


def test_a_link_to_a_mix_shows_exactly_that_mix(open_page, tiny_checkpoint):
    recipe = Recipe(
        model="tiny", seeds=[(1, 0.6), (2, 0.8)], classes={"0": 1}, moves=[Move(direction="axis:1", amount=2)]
    )
    app = open_page("sample", recipe=recipe.to_link())
    assert same(sheet(app, "The chosen picture")["pictures"][0], recipe)
    ways = {link.proto.label: link.proto.disabled for link in app.get("page_link")}
    assert ways == {"Classes": True, "Interpolate": True, "Vectors": True, "Reconstruct": False}


@pytest.mark.parametrize(
    ("page", "key", "starts"),
    [("vectors", "vector_a", "77"), ("classes", "classes_seed", "77"), ("interpolate", "interpolate_seeds", "77, ")],
)
def test_other_pages_start_from_the_picture_in_the_link(page, key, starts, open_page, tiny_checkpoint):
    app = open_page(page, recipe=Recipe(model="tiny", seeds=[(77, 1)], classes={"1": 1}).to_link())
    assert app.text_input(key=key).value.startswith(starts)
    assert problems(app) == []
    app.text_input(key=key).set_value("5, 6" if page == "interpolate" else "5").run()
    assert app.text_input(key=key).value.startswith("5")  # the address does not take it back


def test_a_picture_taken_to_interpolate_joins_the_stops(open_page, tiny_checkpoint):
    app = open_page("interpolate", model="tiny")
    app.text_input(key="interpolate_seeds").set_value("1, 2").run()
    app.query_params["recipe"] = Recipe(model="tiny", seeds=[(77, 1)]).to_link()
    assert app.run().text_input(key="interpolate_seeds").value == "1, 2, 77"


def test_classes_has_a_row_a_seed_and_a_column_a_class(open_page, tiny_checkpoint):
    app = open_page("classes", model="tiny")
    app.text_input(key="classes_seed").set_value("6")
    app.slider(key="classes_rows").set_value(2).run()
    sent = sheet(app, "Every class")
    assert sent["column_headings"] == ["0", "1", "2"]
    assert sent["row_headings"] == ["6", "7"]
    assert same(sent["pictures"][5], Recipe(model="tiny", seeds=[(7, 1)], classes={"2": 1}))


def test_classes_slides_from_one_to_another(open_page, tiny_checkpoint):
    app = open_page("classes", model="tiny")
    app.selectbox(key="blend_from").set_value("0")
    app.selectbox(key="blend_to").set_value("1")
    app.slider(key="blend_share").set_value(0.25).run()
    expected = Recipe(model="tiny", seeds=[(0, 1)], classes={"0": 0.75, "1": 0.25})
    assert same(sheet(app, "The chosen picture")["pictures"][0], expected)


def test_classes_says_why_a_model_without_classes_cannot(open_page, tiny_checkpoint, plain_checkpoint):
    app = open_page("classes", model="plain")
    assert "without classes" in app.info[0].value
    app.button(key="to_CLASSES_tiny").click().run()
    assert app.sidebar.selectbox(key="model").value == "tiny"
    assert sheets(app)


def test_interpolate_walks_through_all_stops(open_page, tiny_checkpoint):
    app = open_page("interpolate", model="tiny")
    app.text_input(key="interpolate_seeds").set_value("1, 4")
    app.toggle(key="interpolate_closed").set_value(True)
    app.slider(key="interpolate_steps").set_value(4).run()
    sent = sheet(app, "A walk")
    assert sent["row_headings"] == ["1 to 4", "4 to 1"]
    stops = [Recipe(model="tiny", seeds=[(seed, 1)], classes={"1": 1}) for seed in (1, 4)]
    frames = walk(stops, load("tiny").checkpoint.model, 5, "spherical")
    assert all(map(same, sent["pictures"][:5], frames))


def test_interpolate_needs_two_stops(open_page, tiny_checkpoint):
    app = open_page("interpolate", model="tiny")
    app.text_input(key="interpolate_seeds").set_value("1").run()
    assert "two stops" in app.info[0].value
    assert problems(app) == []


def test_interpolate_makes_a_film(open_page, tiny_checkpoint):
    app = open_page("interpolate", model="tiny")
    app.select_slider(key="film_rate").set_value(10)
    app.slider(key="film_seconds").set_value(0.5).run()
    app.button(key="make_film").click().run()
    assert problems(app) == []
    [picture] = sheet(app, "A film")["pictures"]
    assert picture["src"].startswith("data:image/gif;base64,R0lGODlh")


def test_vectors_shows_the_parts_and_the_result(open_page, tiny_checkpoint):
    app = open_page("vectors", model="tiny")
    for key, seed in [("vector_a", "1"), ("vector_b", "2"), ("vector_c", "3")]:
        app.text_input(key=key).set_value(seed)
    app.slider(key="vector_constant").set_value(0.5).run()
    pictures = sheet(app, "A minus B plus C")["pictures"]
    moves = [Move(direction="constant", amount=0.5 * 4**0.5)]
    result = Recipe(model="tiny", seeds=[(1, 1), (2, -1), (3, 1)], classes={"1": 1}, moves=moves)
    assert same(pictures[0], Recipe(model="tiny", seeds=[(1, 1)], classes={"1": 1}))
    assert same(pictures[3], result)


def test_reconstruct_encodes_a_generated_picture_and_walks_on(open_page, tiny_checkpoint):
    original = Recipe(model="tiny", seeds=[(12, 1)], classes={"0": 1})
    app = open_page("reconstruct", recipe=original.to_link())
    assert problems(app) == []
    pictures = sheet(app, "Original, reconstruction and error")["pictures"]
    assert same(pictures[0], original)
    difference = abs(pixels(pictures[0]).astype(int) - pixels(pictures[1]))
    assert np.array_equal(pixels(pictures[2]), difference)
    before = pixels(sheet(app, "The chosen picture")["pictures"][0])
    app.select_slider(key="walk_amount").set_value(2.25).run()
    assert not np.array_equal(pixels(sheet(app, "The chosen picture")["pictures"][0]), before)


def test_the_walk_begins_anew_with_another_picture(open_page, tiny_checkpoint):
    pictures = [Recipe(model="tiny", seeds=[(seed, 1)], classes={name: 1}) for seed, name in [(12, "0"), (13, "1")]]
    app = open_page("reconstruct", recipe=pictures[0].to_link())
    app.select_slider(key="walk_amount").set_value(2.25).run()
    app.button(key="walk_keep").click().run()
    assert [move["amount"] for move in app.session_state["walk_moves"]] == [2.25]
    assert app.select_slider(key="walk_amount").value == 0
    app.query_params["recipe"] = pictures[1].to_link()
    app.run()
    assert problems(app) == []
    again = pixels(sheet(app, "Original, reconstruction and error")["pictures"][1])
    assert np.array_equal(pixels(sheet(app, "The chosen picture")["pictures"][0]), again)


def test_reconstruct_says_what_to_do_while_nothing_is_drawn(open_page, tiny_checkpoint):
    app = open_page("reconstruct", model="tiny")
    assert "Draw a digit" in app.info[0].value
