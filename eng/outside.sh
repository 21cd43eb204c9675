#!/usr/bin/env bash
# Runs the tests of what users met elsewhere (public reports, tests/vectors/outside) and prints how many conditions and tests there are.
# A condition is a trait "outside" such as 1.25: part and row of the collection. Needs a build: dotnet build -c Release.
set -euo pipefail
cd "$(dirname "$0")/.."
# Conditions that failed once. Each has a test.
failed_once="1.8 1.9 1.13 1.14 1.25 1.26 1.27 1.28 1.40 1.41 1.42 1.49 1.50 1.56 2.1 2.2 2.3 2.4 2.5 2.6 2.7 2.8 2.9 2.10 2.11"
log="$(mktemp)"
trap 'rm -f "$log"' EXIT
rows="" tests=0 failed=0
for project in StarKV.Tests StarKV.Evaluation.Tests StarKV.Cli.Tests; do
    runner="tests/$project/bin/Release/net10.0/$project.dll"
    rows="$rows $(dotnet "$runner" -list traits -noColor -noLogo | grep '"outside"' | grep -oE '[0-9]+\.[0-9]+' | tr '\n' ' ')"
    dotnet "$runner" -trait 'outside=*' -noColor -noLogo > "$log" || grep -A 12 '\[FAIL\]' "$log" || true
    summary="$(grep -E 'Total: [0-9]+, Errors' "$log" | tail -n 1)"
    tests=$((tests + $(sed -E 's/.*Total: ([0-9]+).*/\1/' <<< "$summary")))
    failed=$((failed + $(sed -E 's/.*Failed: ([0-9]+).*/\1/' <<< "$summary") + $(sed -E 's/.*Errors: ([0-9]+).*/\1/' <<< "$summary")))
done
missing=""
for row in $failed_once; do
    grep -qw -F -- "$row" <<< "$rows" || missing="$missing $row"
done
[ -z "$missing" ] || echo "outside: no test for$missing"
echo "outside: $(tr ' ' '\n' <<< "$rows" | grep . | sort -u | wc -l) conditions, $(wc -w <<< "$failed_once") of them failed once; $tests tests, $failed failed"
[ "$failed" -eq 0 ] && [ -z "$missing" ]
