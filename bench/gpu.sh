#!/usr/bin/env bash
# Times the 7B shape on one CUDA card: starkv and transformers in turn, in one run. Needs python3 with torch and transformers,
# and a self-contained publish of the commands (bench/publish.sh). Writes $1/result.json, to be kept in bench/results/ as <date>-<card>-<shape>.json, and its parts.
set -euo pipefail
usage='usage: bench/gpu.sh OUTPUT-FOLDER [--shape NAME] [--screens N…] [--size WxH] [--repeats N]'
out=${1:?$usage}
shift
# What every scenario and the peer take. Repeats stand apart: where memory is read, two are enough, whatever the caller says.
shared=() repeats=()
while [ $# -gt 0 ]; do
    case $1 in
        --*=*) set -- "${1%%=*}" "${1#*=}" "${@:2}" ;;
        --repeats) repeats=("$1" "${2:?$usage}"); shift 2 ;;
        --shape | --size) shared+=("$1" "${2:?$usage}"); shift 2 ;;
        --screens)
            shared+=("$1" "${2:?$usage}"); shift 2
            while [ $# -gt 0 ] && [[ $1 != --* ]]; do shared+=("$1"); shift; done ;;
        *) echo "bench/gpu.sh: '$1' is none of its options; $usage" >&2; exit 2 ;;
    esac
done
set -- "${shared[@]}" "${repeats[@]}"
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
. "$root/bench/gpu-env.sh"
nvidia-smi --query-gpu=name,driver_version,memory.total --format=csv,noheader | tee "$out/card.txt"
"$STARKV_BENCH" prefill --json "$@" > "$out/prefill.json"
"$STARKV_BENCH" step --json "$@" > "$out/step.json"
"$STARKV_BENCH" decode --json "$@" > "$out/decode.json"
python3 "$root/bench/peers/transformers_peer.py" "$@" > "$out/transformers.json" 2> "$out/transformers.log" || { tail -20 "$out/transformers.log"; exit 1; }
"$STARKV_BENCH" sessions --json "$@" > "$out/sessions.json"
PYTORCH_CUDA_ALLOC_CONF=backend:cudaMallocAsync "$STARKV_BENCH" sessions --json --repeats 2 "${shared[@]}" > "$out/sessions-memory.json"
"$STARKV_BENCH" select "$@" > "$out/select.json"
PYTORCH_CUDA_ALLOC_CONF=backend:cudaMallocAsync "$STARKV_BENCH" memory --json --repeats 2 "${shared[@]}" > "$out/memory.json"
"$STARKV_BENCH" hold --json "$@" > "$out/hold.json"
"$STARKV_BENCH" load --folder /tmp/starkv-checkpoint > "$out/load.json"
"$STARKV_BENCH" answers --count 400 > "$out/answers.json"
python3 - "$out" <<'PY'
import json
import sys

out = sys.argv[1]
scenarios = ("prefill", "step", "decode", "transformers", "sessions", "sessions-memory", "select", "memory", "hold", "load", "answers")
parts = {name: json.load(open(f"{out}/{name}.json")) for name in scenarios}
for timed, peak in zip(parts["sessions"]["rows"], parts.pop("sessions-memory")["rows"], strict=True):
    timed["peakUsedBytes"] = peak["peakUsedBytes"]
about = ("One run on one card: starkv, then transformers, then sessions, the selection alone, memory, sessions held, a checkpoint loaded, then the shipped model. Weights of the shape are random, so only times, "
         "bytes and memory mean something. usedBytesAfterPrefill is what the driver reports for the whole card, context and allocator reserve included; "
         "peakAllocatedBytes is torch's own peak.")
peers = {row["screens"]: row["milliseconds"] for row in parts["transformers"]["rows"]}
for scenario, field in (("prefill", "pixelsToFirstToken"), ("decode", "decodePerToken")):
    for row in parts[scenario]["rows"]:
        ours, peer = row[field]["median"], peers[row["screens"]][field]["median"]
        print(f"{scenario}, {row['screens']} screenshots, {row['method']} {row['keep']}: {ours:.2f} ms; transformers {peer:.2f} ms; {peer / ours:.2f} times as fast")
for row in parts["step"]["rows"]:
    print(f"step, {row['screens']} screenshots, {row['method']} {row['keep']}: {row['pixelsToFirstToken']['median']:.2f} ms; from scratch {row['pixelsToFirstTokenFromScratch']['median']:.2f} ms")
for row in parts["sessions"]["rows"]:
    print(f"{row['sessions']} sessions, {row['method']} {row['keep']}: {row['tokensPerSecond']['median']:.0f} tokens a second, peak {row['peakUsedBytes'] / 2**30:.2f} GiB")
for row in parts["memory"]["rows"]:
    print(f"memory, {row['screens']} screenshots, {row['method']} {row['keep']}: {row['peakUsedBytes'] / 2**30:.2f} GiB, by arithmetic {row['accountedPeak'] / 2**30:.2f}")
for row in parts["hold"]["rows"]:
    print(f"sessions held, {row['method']} {row['keep']}: {row['sessionsHeld']}, by arithmetic {row['sessionsByArithmetic']}")
print(f"loading: {parts['load']['gigabytesASecond']['median']:.1f} GB/s, {parts['load']['hostBytesBeyondTheMapping'] / 1e6:.0f} MB of host memory")
json.dump({"about": about, "card": open(f"{out}/card.txt").read().strip(), **parts}, open(f"{out}/result.json", "w"), indent=2)
PY
