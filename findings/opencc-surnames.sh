#!/usr/bin/env bash
# OpenCC turns simplified text into traditional by phrases, so a good guess is that a surname before a title stays
# what it is. It does so for some (单, 种), but 余, 范, 于, 郁 and 岳, which are surnames in traditional script as
# well, become the words 餘, 範, 於, 鬱 and 嶽: the person is called by another name. 范冰冰 in full stays.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check OpenCC==1.4.2
"$place/venv/bin/python" - <<'PYTHON'
import opencc

to_traditional = opencc.OpenCC("s2t").convert
changed = {"余先生": "餘先生", "范经理": "範經理", "于总": "於總", "郁总": "鬱總", "岳总": "嶽總"}
for written, found in changed.items():
    print(written, "->", to_traditional(written))
    assert to_traditional(written) == found
assert to_traditional("范冰冰") == "范冰冰"
assert opencc.OpenCC("s2twp").convert("余先生") == "餘先生", "the same for Taiwan"
PYTHON
