#!/usr/bin/env bash
# gpu-sessions.sh OUTPUT-FOLDER PROCESSES-PER-CARD SECONDS: makes the runs of eng/evaluate-sessions.sh on all CUDA cards of this machine, and packs their
# folders into OUTPUT-FOLDER/sessions.tar.xz. Runs that were cut go on where they were when that file is there at the start.
# Needs what bench/gpu.sh needs.
set -euo pipefail
usage='usage: bench/gpu-sessions.sh OUTPUT-FOLDER PROCESSES-PER-CARD SECONDS'
out=${1:?$usage} processes=${2:?$usage} seconds=${3:?$usage}
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/gpu-env.sh"
runs=/tmp/sessions
mkdir -p "$out" "$runs"
[ ! -f "$out/sessions.tar.xz" ] || tar -C "$runs" -xJf "$out/sessions.tar.xz"
cards=$(nvidia-smi --list-gpus | wc -l)
# The processes of a card lie apart, so that a call with fewer of them loads each card alike.
STARKV_EVAL_DEVICES=$(for i in $(seq "$processes"); do for card in $(seq 0 $((cards - 1))); do echo "cuda:$card"; done; done | paste -sd,)
export STARKV_EVAL_DEVICES STARKV_EVAL_SECONDS=$seconds OMP_NUM_THREADS=1
"$root/eng/evaluate-sessions.sh" "$runs" "$root/models/mini" || echo "ended with $?"
tar -C "$runs" -cf - . | xz -T0 -3 > "$out/sessions.tar.xz"
