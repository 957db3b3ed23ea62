"""Words of any line, which name nobody on their own even where a name begins with them."""

from __future__ import annotations

COMMON = frozenset(
    """
    a about add after again all an and any are as ask at back be been before book but by call called
    can card chat check close contact contract could day deal demo do done down email first fix
    follow for free friday from get go good had has have he help her him his hot how i if in is it
    its just know lead let like look lost lunch mail make may me meet meeting monday more move my
    need needs new next no not note now of off offer ok on one open or order our out pay phone pitch
    plan please price prepare prepared proposal quote ready remind reply review saturday say see
    send sent she show sign so some soon start stop sunday talk tell than thanks that the their them
    then there they this thursday time to today tomorrow too trial try tuesday up update us very
    visit wait want wants was we wednesday week well were what when which who will win with won
    would write yes you your
    """.split()
)
