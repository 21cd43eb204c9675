#!/usr/bin/env bash
# Times two builds of the commands in turn on one CUDA card, in one run: bench/gpu-compare.sh OUTPUT-FOLDER FORMER NEW [SECONDS],
# where FORMER and NEW are folders of self-contained publishes (bench/publish.sh, unpacked). Writes OUTPUT-FOLDER/compare.json and prints medians and spread.
set -euo pipefail
usage='usage: bench/gpu-compare.sh OUTPUT-FOLDER FORMER NEW [SECONDS]'
out=${1:?$usage} former=${2:?$usage} new=${3:?$usage} seconds=${4:-400}
mkdir -p "$out"
STARKV="$new/StarKV.Cli" . "$(cd "$(dirname "$0")" && pwd)/gpu-env.sh"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/card.txt"
# Builds before the bench was a command of its own have it as a verb.
bench() { # bench FOLDER SCENARIO OPTION…
    if [ -x "$1/starkv-bench" ]; then "$1/starkv-bench" "${@:2}"; else "$1/StarKV.Cli" bench "${@:2}"; fi
}
end=$(($(date +%s) + seconds)) round=0
while [ "$(date +%s)" -lt "$end" ]; do
    round=$((round + 1))
    order="former new"
    [ $((round % 2)) -eq 0 ] || order="new former"
    for build in $order; do
        folder="${!build}"
        bench "$folder" answers --count 300 > "$out/$build-answers-$round.json"
        bench "$folder" decode --json --screens 1 5 > "$out/$build-decode-$round.json"
        bench "$folder" sessions --json --repeats 5 --method star-kv --keep 20% > "$out/$build-sessions-$round.json"
    done
done
python3 - "$out" <<'PY'
import glob
import json
import os
import statistics
import sys

out, rows = sys.argv[1], {}


def medians(value, path):
    if isinstance(value, dict) and "median" in value:
        yield path, value["median"]
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield from medians(inner, f"{path}/{name}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from medians(inner, f"{path}/{index}")


for path in sorted(glob.glob(f"{out}/*-*-*.json")):
    build, scenario, _ = os.path.basename(path).split("-")
    for name, value in medians(json.load(open(path)), scenario):
        rows.setdefault(name, {}).setdefault(build, []).append(value)
for name, builds in rows.items():
    print(name, *(f"{b} {statistics.median(v):.3f} ({min(v):.3f}–{max(v):.3f}, n {len(v)})" for b, v in builds.items()))
json.dump({"card": open(f"{out}/card.txt").read().strip(), "rows": rows}, open(f"{out}/compare.json", "w"), indent=2)
PY
