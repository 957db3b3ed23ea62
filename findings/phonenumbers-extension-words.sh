#!/usr/bin/env bash
# phonenumbers reads "ext.", "x" and "#" before an extension, but not the words that Chinese and Japanese
# numbers are written with (转, 分机, 轉, 内線). A good guess is that such a number parses without its extension,
# as one with other trailing words does; instead the whole number is refused: NumberParseException.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/python" -m pip install --quiet --disable-pip-version-check phonenumbers==9.0.43
"$place/venv/bin/python" - <<'PYTHON'
import phonenumbers

print("phonenumbers", phonenumbers.__version__)
read = phonenumbers.parse("021 6234 5678 ext. 801", "CN")
assert (read.national_number, read.extension) == (2162345678, "801")
for written, country in (
    ("010-62345678转801", "CN"),
    ("010-62345678 分机 801", "CN"),
    ("02-2345-6789 轉 123", "TW"),
    ("03-1234-5678 内線 12", "JP"),
):
    try:
        found = phonenumbers.parse(written, country)
    except phonenumbers.NumberParseException as refused:
        print(written, "-> refused:", refused)
        assert refused.error_type == phonenumbers.NumberParseException.NOT_A_NUMBER
    else:
        raise SystemExit(f"no longer so: {written} is read as {found}")
PYTHON
