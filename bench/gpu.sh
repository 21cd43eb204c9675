#!/usr/bin/env bash
# Times the 7B shape on one CUDA card: starkv and transformers in turn, in one run. Needs python3 with torch and transformers,
# and a self-contained publish of the command (bench/publish.sh). Writes $1/result.json, to be kept in bench/results/ as <date>-<card>-<shape>.json, and its parts.
set -euo pipefail
out=${1:?usage: bench/gpu.sh OUTPUT-FOLDER [starkv bench options]}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
. "$root/bench/gpu-env.sh"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/card.txt"
"$STARKV" bench shape "$@" > "$out/starkv.json"
python3 "$root/bench/peers/transformers_qwen25vl.py" "$@" > "$out/transformers.json" 2> "$out/transformers.log" || { tail -20 "$out/transformers.log"; exit 1; }
"$STARKV" bench select "$@" > "$out/select.json"
"$STARKV" bench answers --count 400 > "$out/answers.json"
python3 - "$out" <<'PY'
import json
import sys

out = sys.argv[1]
parts = {name: json.load(open(f"{out}/{name}.json")) for name in ("starkv", "transformers", "select", "answers")}
about = ("One run on one card: starkv, then transformers, then the selection alone, then the shipped model. Weights of the shape are random, so only times, bytes and memory mean "
         "something. pixelsToFirstToken: upload, vision tower, prefill, first token on the host. deviceUsedBytesAfterPrefill is what the driver reports for "
         "the whole card, context and allocator reserve included; peakAllocatedBytes is torch's own peak.")
json.dump({"about": about, "card": open(f"{out}/card.txt").read().strip(), **parts}, open(f"{out}/result.json", "w"), indent=2)
PY
