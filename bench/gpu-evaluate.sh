#!/usr/bin/env bash
# gpu-evaluate.sh SCRIPT OUTPUT-FOLDER PROCESSES-PER-CARD SECONDS [MODEL]: makes the runs of eng/SCRIPT (evaluate-sessions.sh, evaluate-probe.sh) on all CUDA
# cards of this machine, and packs their folders into OUTPUT-FOLDER/runs.tar.xz. Runs that were cut go on where they were when that file is there at the start.
# Needs what bench/gpu.sh needs.
set -euo pipefail
usage='usage: bench/gpu-evaluate.sh SCRIPT OUTPUT-FOLDER PROCESSES-PER-CARD SECONDS [MODEL]'
script=${1:?$usage} out=${2:?$usage} processes=${3:?$usage} seconds=${4:?$usage} model=${5:-}
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/gpu-env.sh"
runs=/tmp/${script%.sh}
mkdir -p "$out" "$runs"
[ ! -f "$out/runs.tar.xz" ] || tar -C "$runs" -xJf "$out/runs.tar.xz"
cards=$(nvidia-smi --list-gpus | wc -l)
# The processes of a card lie apart, so that a call with fewer of them loads each card alike.
STARKV_EVAL_DEVICES=$(for i in $(seq "$processes"); do for card in $(seq 0 $((cards - 1))); do echo "cuda:$card"; done; done | paste -sd,)
export STARKV_EVAL_DEVICES STARKV_EVAL_SECONDS=$seconds OMP_NUM_THREADS=1
"$root/eng/$script" "$runs" "${model:-$root/models/mini}" || echo "ended with $?"
tar -C "$runs" -cf - . | xz -T0 -3 > "$out/runs.tar.xz"
