"""The canvas: a text stays in its frame, and what has no size is not drawn."""

from __future__ import annotations

from handlers.pictures.canvas import WIDTH, Canvas, Frame
from tests.handlers.pictures.frames import find_faults


def test_the_check_finds_a_text_out_of_its_frame_and_one_over_another() -> None:
    canvas = Canvas(200, "light")
    canvas.write("wide enough", 10, 10, 400)
    text, frame = canvas.words[0]
    canvas.words[0] = (text, Frame(frame.left, frame.top, 20, frame.height))
    canvas.write("over it", 12, 14, 400)
    assert len(find_faults(canvas)) == 2


def test_a_text_is_written_within_the_frame_it_was_given() -> None:
    canvas = Canvas(200, "light")
    assert canvas.write("a line much longer than its frame", 10, 10, 120) <= 120
    [(text, frame)] = canvas.words
    assert frame == Frame(10, 10, 120, 29 * 1.5)
    assert text.get_text().endswith("…")
    assert find_faults(canvas) == []


def test_a_text_without_any_letter_leaves_nothing_on_the_canvas() -> None:
    canvas = Canvas(200, "light")
    assert canvas.write("\x00\n", 10, 10, 120) == 0
    assert canvas.words == []


def test_a_bar_without_width_leaves_the_picture_as_it_was() -> None:
    empty, drawn, barred = (Canvas(120, "light") for _ in range(3))
    drawn.bar(40, 40, 0, 30, "#000000")
    barred.bar(40, 40, WIDTH / 2, 30, "#000000")
    assert drawn.png() == empty.png() != barred.png()
