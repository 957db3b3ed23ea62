#!/usr/bin/env bash
# Mexican mobiles were written +52 1 and ten digits until 2019, and messengers and address books still hand them
# over so. A good guess is that phonenumbers, which drops such trunk digits elsewhere (+54 9 and 15 in
# Argentina, +49 (0), +7 8), takes them too; it calls them neither valid nor possible.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$place/venv/bin/python" - <<'PYTHON'
import phonenumbers

print("phonenumbers", phonenumbers.__version__)
old = phonenumbers.parse("+52 1 55 1234 5678", None)
new = phonenumbers.parse("+52 55 1234 5678", None)
print("with the 1:", phonenumbers.is_valid_number(old), phonenumbers.is_possible_number(old))
print("without it:", phonenumbers.is_valid_number(new), phonenumbers.is_possible_number(new))
assert not phonenumbers.is_valid_number(old) and not phonenumbers.is_possible_number(old)
assert phonenumbers.is_valid_number(new)
assert old.national_number == 15512345678, "the 1 is kept as a digit of the number"
german = phonenumbers.parse("+49 (0)171 1234567", None)
russian = phonenumbers.parse("+7 8 495 123 45 67", None)
assert phonenumbers.is_valid_number(german) and phonenumbers.is_valid_number(russian)
PYTHON
