#!/usr/bin/env bash
# gpu-untried.sh OUTPUT-FOLDER [ROUNDS]: the kernels that no card has shown to be faster (STARKV_UNTRIED_KERNELS=1) against those in use, in turn on one CUDA card: tokens a
# second of 1 to 64 sessions, logits compared, and a session's next screenshot. Writes the JSON of each run and compare.json, and prints the medians.
# Needs what bench/gpu.sh needs.
set -euo pipefail
usage='usage: bench/gpu-untried.sh OUTPUT-FOLDER [ROUNDS]'
out=${1:?$usage} rounds=${2:-2}
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
. "$root/bench/gpu-env.sh"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/card.txt"
for round in $(seq "$rounds"); do
    order="0 1"
    [ $((round % 2)) -eq 1 ] || order="1 0"
    for on in $order; do
        export STARKV_UNTRIED_KERNELS=$on STARKV_BENCH_SESSIONS=1
        "$STARKV_BENCH" sessions --json --repeats 5 --method full,star-kv --keep 20% > "$out/sessions-$on-$round.json"
        "$STARKV_BENCH" session --json --repeats 10 --method star-kv,snapkv > "$out/session-$on-$round.json"
    done
done
python3 - "$out" <<'PY'
import collections
import glob
import json
import re
import statistics
import sys

out = sys.argv[1]
figures = collections.defaultdict(lambda: {"0": [], "1": []})
for path in sorted(glob.glob(f"{out}/session*-?-*.json")):
    on = re.search(r"-(\d)-\d+\.json$", path)[1]
    run = json.load(open(path))
    if run["kernels"] != "in use":
        sys.exit(f"{path}: kernels {run['kernels']}")
    for row in run["rows"]:
        name = f"{row['method']} {row['keep']}, " + (f"{row['sessions']} sessions" if run["scenario"] == "sessions" else row["storage"])
        for field in ("tokensPerSecond", "prefill"):
            if field in row:
                figures[f"{name}, {field}"][on].append(row[field]["median"])
        if row.get("logitsDifference") is not None:
            figures[f"{name}, logitsDifference"][on].append(row["logitsDifference"])
compared = {name: {on: {"median": statistics.median(v), "least": min(v), "most": max(v), "n": len(v)} for on, v in each.items() if v} for name, each in figures.items()}
for name, each in compared.items():
    print(name, *(f"{each[on]['median']:.4g} ({each[on]['least']:.4g} to {each[on]['most']:.4g})" for on in sorted(each)), sep="; ")
json.dump({"about": "0: the kernels in use, 1: with those to be measured", "card": open(f"{out}/card.txt").read().strip(), "compared": compared},
          open(f"{out}/compare.json", "w"), indent=1)
PY
