"""Every text there is: in both languages, asked for somewhere, and filled with what it names."""

from __future__ import annotations

import ast
import re
import tomllib
from functools import cache
from pathlib import Path

from handlers import routes
from handlers.contract.catalog import CATALOG
from handlers.contract.words import LANGUAGES, Words, list_text_keys
from kb.funnel.move import Why
from kb.funnel.stages.funnel_templates import load_funnel
from tests.handlers.made_keys import MADE

HOUSE = Path(__file__).resolve().parents[3]
TEXTS = HOUSE / "handlers" / "texts"
FILES = sorted(
    ".".join(path.relative_to(TEXTS).with_suffix("").parts) for path in TEXTS.rglob("*.toml")
)
KEY = re.compile(rf"(?:{'|'.join(FILES)})\.[a-z0-9_-]+")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
REGISTERS = re.compile(r"^@(?:command|action|lobby)\(", re.MULTILINE)
HAN = re.compile("[\u4e00-\u9fff]")
CONDITIONS = (Why.REASON_NEEDED, Why.UNKNOWN_REASON)  # answered by asking for the reason


def sources() -> list[Path]:
    return sorted((*(HOUSE / "handlers").rglob("*.py"), *(HOUSE / "bot").rglob("*.py")))


@cache
def nodes() -> tuple[ast.AST, ...]:
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in sources())
    return tuple(node for tree in trees for node in ast.walk(tree))


def written_keys() -> set[str]:
    """Keys that stand in the code whole."""
    parts = {
        id(each) for node in nodes() if isinstance(node, ast.JoinedStr) for each in node.values
    }
    return {
        node.value
        for node in nodes()
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and KEY.fullmatch(node.value)
        and id(node) not in parts
    }


def begun_keys() -> set[str]:
    """The beginnings of keys that code puts together: f"leads.source_{source}"."""
    begun = set()
    for node in nodes():
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            head = str(node.values[0].value)
            if re.fullmatch(rf"(?:{'|'.join(FILES)})\.[a-z_]*", head) and len(node.values) > 1:
                begun.add(head)
    return begun


def helped_keys() -> set[str]:
    return {key for each in CATALOG.commands() for key in (each.help_key, each.usage_key)}


def raw(key: str) -> dict[str, str | dict[str, str]]:
    module, _, name = key.rpartition(".")
    path = TEXTS / f"{module.replace('.', '/')}.toml"
    entry = tomllib.loads(path.read_text(encoding="utf-8"))[name]
    return dict(entry)


def forms(key: str, language: str) -> list[str]:
    said = raw(key)[language]
    return [said] if isinstance(said, str) else list(said.values())


def test_every_text_stands_in_both_languages_with_the_same_placeholders() -> None:
    assert len(list_text_keys()) > 300
    for key in list_text_keys():
        found = {
            language: [set(PLACEHOLDER.findall(form)) for form in forms(key, language)]
            for language in LANGUAGES
        }
        names = {name for language in LANGUAGES for form in found[language] for name in form}
        # A plural's other forms may leave the number out: "one deal".
        assert all(names - form <= {"n"} for each in found.values() for form in each), key
        assert all(set(raw(key)) == set(LANGUAGES) for _ in [key]), key


def test_every_chinese_text_is_chinese_and_no_english_one_is() -> None:
    not_chinese = [key for key in list_text_keys() if not any(map(HAN.search, forms(key, "zh")))]
    # Those say nothing but what fills them.
    assert [
        key for key in not_chinese if re.search(r"\w", PLACEHOLDER.sub("", forms(key, "zh")[0]))
    ] == []
    not_english = {key for key in list_text_keys() if any(map(HAN.search, forms(key, "en")))}
    assert not_english == {"selling.edit.amount_unread"}  # an example of what may be typed: 3万


def test_every_key_in_the_code_has_its_text() -> None:
    assert written_keys() - list_text_keys() == set()


def test_every_text_is_asked_for_somewhere() -> None:
    made = {f"{head}{name}" for head, names in MADE.items() for name in names}
    used = written_keys() | helped_keys() | made
    assert list_text_keys() - used == set()


def test_every_key_the_code_puts_together_has_its_text_whatever_it_puts_there() -> None:
    assert begun_keys() == MADE.keys()
    made = {
        f"{head}{name}"
        for head, names in MADE.items()
        for name in names
        if not (head == "selling.move.illegal_" and name in CONDITIONS)
    }
    assert made - list_text_keys() == set()


def test_every_command_has_its_help_line_and_its_examples() -> None:
    assert helped_keys() - list_text_keys() == set()
    for each in CATALOG.commands():
        for language in LANGUAGES:
            assert 0 < len(Words(language).line(each.help_key)) <= 100
            assert Words(language).line(each.usage_key)


def test_what_a_text_names_is_filled_wherever_it_is_said() -> None:
    missing = []
    for node in nodes():
        if not isinstance(node, ast.Call) or not node.args or _spread(node):
            continue
        key = node.args[0]
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and _says(node):
            named = {n for form in forms(key.value, "en") for n in PLACEHOLDER.findall(form)}
            given = {each.arg for each in node.keywords}
            missing += [f"{key.value}: {name}" for name in named - given]
    assert missing == []


def _spread(node: ast.Call) -> bool:
    return any(each.arg is None for each in node.keywords)


def _says(node: ast.Call) -> bool:
    if isinstance(node.func, ast.Attribute):
        return node.func.attr in ("say", "line") and "." in str(ast.literal_eval(node.args[0]))
    return isinstance(node.func, ast.Name) and node.func.id in ("Said", "Asked")


def test_every_stage_and_reason_has_its_words_in_both_languages() -> None:
    funnel = load_funnel("odds6")
    names = [stage.name for stage in funnel.stages] + [r.name for r in funnel.lost_reasons]
    assert all(name[language] for name in names for language in LANGUAGES)
    for stage in funnel.stages:
        assert all("{customer}" in stage.question[language] for language in LANGUAGES)
        assert all(stage.play[language] for language in LANGUAGES)


def test_every_module_that_registers_is_found_by_itself() -> None:
    """A module that nobody imports would silently have no commands."""
    loaded = {module.__name__ for module in routes.MODULES}
    registering = {
        ".".join(path.relative_to(HOUSE).with_suffix("").parts)
        for path in (HOUSE / "handlers").rglob("*.py")
        if REGISTERS.search(path.read_text(encoding="utf-8"))
    }
    assert registering
    assert registering <= loaded
