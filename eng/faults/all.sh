#!/usr/bin/env bash
# all.sh: every fault test at its recorded size, one after the other, each on its own: what goes wrong in one does not stop the others. Writes bench/results/reliability.
# Needs dotnet build -c Release, and for the tests that mount root or namespaces of users. About 80 minutes on two idle cores.
set -uo pipefail
cd "$(dirname "$0")"
failed=()
for test in read-only disk-full descriptors determinism agents dispose threads signals soak leaving allocations kill; do
    echo "== $test =="
    SECONDS=0
    "./$test.sh" || failed+=("$test")
    echo "$test: $SECONDS s"
done
[ "${#failed[@]}" -eq 0 ] || { echo "wrong: ${failed[*]}"; exit 1; }
