#!/usr/bin/env bash
# Times a session of five screenshots of the 7B shape on its way to a file and back, and to the host's memory and back, on one CUDA card.
# Needs what bench/gpu.sh needs. The file goes to TMPDIR. Writes OUTPUT-FOLDER/save.json, to be kept in bench/results/ as
# <date>-<card>-7b-save.json.
set -euo pipefail
out=${1:?usage: bench/gpu-save.sh OUTPUT-FOLDER [OPTIONS of starkv-bench save]}
shift
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/gpu-env.sh"
mkdir -p "$out"
out=$(cd "$out" && pwd)
# The shape speaks the shipped model's words, which the command looks for from here.
cd "$root"
"$STARKV_BENCH" save --json "$@" > "$out/save.json"
