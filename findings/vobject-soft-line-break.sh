#!/usr/bin/env bash
# Android phones write vCard 2.1 with quoted-printable values, and break a long one with a "=" at the end of the
# line. vobject reads quoted-printable values of one line, so a good guess is that it reads the broken ones too; it
# refuses the whole card, ParseError, unless allowQP=True is given, which its usual entry does not do.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check vobject==0.9.9
"$place/venv/bin/python" - <<'PYTHON'
import vobject

CARD = "\r\n".join((
    "BEGIN:VCARD",
    "VERSION:2.1",
    "FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E7=8E=8B=E8=8A=B3",
    "TEL;CELL:13800138000",
    "ORG;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=E5=8D=8E=E4=B8=BA=E6=8A=80=",
    "=E6=9C=AF=E6=9C=89=E9=99=90=E5=85=AC=E5=8F=B8",
    "END:VCARD",
    "",
))
one_line = "\r\n".join(line for line in CARD.split("\r\n") if "ORG" not in line and line[:1] != "=")
assert vobject.readOne(one_line).fn.value == "王芳"
try:
    card = vobject.readOne(CARD)
except vobject.base.ParseError as refused:
    print("refused:", refused)
else:
    raise SystemExit(f"no longer so: {card}")
assert vobject.readOne(CARD, allowQP=True).org.value == ["华为技术有限公司"]
PYTHON
