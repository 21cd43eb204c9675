#!/usr/bin/env bash
# Gives MiniGui histories step by step to sessions of the shipped model, on one CUDA card by several processes, and packs the runs' folders.
# Needs what bench/gpu.sh needs. A run that was cut goes on where it was when its folder is given again.
set -euo pipefail
usage='usage: bench/gpu-sessions.sh OUTPUT-FOLDER NAME PROCESSES SECONDS EVAL-OPTIONS…'
out=${1:?$usage} name=${2:?$usage} processes=${3:?$usage} seconds=${4:?$usage}
shift 4
root=$(cd "$(dirname "$0")/.." && pwd)
. "$root/bench/gpu-env.sh"
run=/tmp/sessions/$name
mkdir -p "$out" /tmp/sessions
[ ! -f "$out/$name.tar.xz" ] || tar -C /tmp/sessions -xJf "$out/$name.tar.xz"
# The first process makes the folder; the others join it.
export OMP_NUM_THREADS=1
pids=()
for i in $(seq 1 "$processes"); do
    timeout --signal=INT "$seconds" "$STARKV" eval minigui --model "$root/models/mini" --device cuda --dtype float32 --shard "$i/$processes" \
        --out "$run" "$@" > "/tmp/sessions/$name.$i.log" 2>&1 &
    pids+=($!)
    [ "$i" -gt 1 ] || sleep 8
done
for pid in "${pids[@]}"; do wait "$pid" || true; done
tail -n 3 /tmp/sessions/"$name".*.log | tail -n 40
tar -C /tmp/sessions -cJf "$out/$name.tar.xz" "$name"
