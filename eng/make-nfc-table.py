#!/usr/bin/env python3
"""Writes src/StarKV/Text/nfc.txt from the Unicode Character Database that this Python carries. Its form is told in NfcTable.cs.

Assigned characters never change their normal form, so the table needs no update to stay right for them.
"""
import pathlib
import sys
import unicodedata as u

lines = [
    f"# Canonical decompositions and combining classes of Unicode {u.unidata_version}; made by eng/make-nfc-table.py.",
    "# Data (C) Unicode, Inc., under the Unicode License v3 (https://www.unicode.org/license.txt).",
]
classes = []
for cp in range(sys.maxunicode + 1):
    c = chr(cp)
    d = u.decomposition(c)
    if d and not d.startswith("<"):
        lines.append(("" if u.normalize("NFC", c) == c else "!") + f"{cp:X} " + " ".join(f"{int(x, 16):X}" for x in d.split()))
    if k := u.combining(c):
        if classes and classes[-1][0] == k and classes[-1][2] == cp - 1:
            classes[-1][2] = cp
        else:
            classes.append([k, cp, cp])
lines += [f"@{k} {a:X} {b:X}" for k, a, b in classes]
path = pathlib.Path(__file__).parent.parent / "src/StarKV/Text/nfc.txt"
path.write_text("\n".join(lines) + "\n", encoding="ascii", newline="\n")
