"""Common given names: weak evidence that a name is a person's."""

from __future__ import annotations

GIVEN_NAMES = frozenset(
    """
    aaron adam ahmed aisha alan albert alejandro alex alexander alexandra alice alison ali
    amanda amy ana andrea andreas andrew andy angela anita ann anna anne annie anthony antonio
    arthur barbara ben benjamin bernd beth bill bob brian bruce carl carla carlos carol caroline
    catherine charles charlotte chloe chris christian christina christine christoph christopher
    claire clara claudia colin craig daniel daniela dave david dean deborah denise dennis derek
    diana diane diego dmitri donna doris dorothy doug douglas ed edward elena elisabeth
    elizabeth ella ellen emily emma eric erik erin ethan eva evelyn fatima felix fiona florian
    frances francesco francois frank fred gary george gerald giulia gordon graham greg gregory
    hannah hans harold harry hassan heather heidi helen helena henry holly hugo ian ibrahim ines
    ingrid irene isabel isabella ivan jack jacob jake james jamie jan jane janet jason javier
    jay jean jeff jennifer jenny jeremy jessica jill jim joan joe joel johan johannes john
    johnny jon jonas jonathan jorge jose joseph joshua juan judith judy julia julian julie
    jurgen justin karen karin karl kate katherine kathleen kathy katie keith kelly ken kenneth
    kevin kim klaus kyle lars laura lauren laurent lea lee lena leo leon leonard lewis lily
    linda lisa liz louis louise luca lucas lucia lucy luis luke lukas lydia manuel marc marco
    marcus margaret maria marie marina mario mark markus martha martin martina mary mathias matt
    matteo matthew matthias megan melanie melissa mia michael michel michelle miguel mike
    mohamed mohammed monica monika muhammad nadia nancy natalie natasha nathan neil nick
    nicholas nicola nicole nina noah nora olga oliver olivia omar oscar pablo pamela pat
    patricia patrick paul paula paulo pedro peter petra phil philip philipp pierre priya rachel
    raj ralf ralph raymond rebecca renate ricardo richard rita rob robert roberto robin roger
    roland ron ronald rosa rose roy russell ruth ryan sabine sally sam samantha samuel sandra
    sara sarah scott sean sebastian sergio sharon silvia simon simone sofia sophia sophie stefan
    stefanie stella stephan stephanie stephen steve steven stuart sue susan susanne sven sylvia
    tania tanya ted teresa terry theresa thomas tim timothy tina tobias todd tom tony tracy
    ulrich ursula valerie vanessa vera veronica victor victoria vincent walter wang wayne wendy
    werner william wolfgang xavier yuki yusuf yvonne zoe
    """.split()
)
