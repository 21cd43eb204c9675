#!/usr/bin/env bash
# replace-block.sh FILE NAME TEXT: puts the file TEXT between "<!-- generated: NAME -->" and the next "<!-- /generated -->" of FILE.
set -euo pipefail
awk -v text="$3" -v open="<!-- generated: $2 -->" '
    $0 == open { print; while ((getline line < text) > 0) print line; inside = 1; seen = 1 }
    /^<!-- \/generated -->$/ { inside = 0 }
    !inside { print }
    END { if (!seen) exit 1 }
' "$1" > "$1.new" || { rm -f "$1.new"; echo "replace-block: $1 has no block \"generated: $2\"." >&2; exit 1; }
mv "$1.new" "$1"
