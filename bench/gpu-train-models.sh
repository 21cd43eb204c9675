#!/usr/bin/env bash
# gpu-train-models.sh OUTPUT-FOLDER SECONDS TRAININGS-PER-CARD MINUTES [NAME…]: eng/train-models.sh on all CUDA cards of a machine whose commands may run for
# ten minutes only, so many trainings side by side on each card; call it again to go on, as long as the machine is the same. SECONDS are those of the training;
# loading, stopping and packing take about a minute more. Writes into OUTPUT-FOLDER logs.tar.xz and, each below 16 MiB, up to three NAME.tar.xz of models that
# have finished and that no earlier call has packed: NAME/fp8 and its log. Models stay in /tmp/starkv-models, for
#   bench/gpu-evaluate.sh evaluate-models.sh OUTPUT-FOLDER PROCESSES-PER-CARD SECONDS /tmp/starkv-models
# Needs what bench/gpu.sh needs.
set -euo pipefail
usage='usage: bench/gpu-train-models.sh OUTPUT-FOLDER SECONDS TRAININGS-PER-CARD MINUTES [NAME…]'
out=${1:?$usage} seconds=${2:?$usage} side=${3:?$usage} minutes=${4:?$usage}
root=$(cd "$(dirname "$0")/.." && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)
. "$root/bench/gpu-env.sh"
models=/tmp/starkv-models
mkdir -p $models
cards=$(nvidia-smi --list-gpus | wc -l)
# The trainings of a card lie apart, so that fewer of them load each card alike.
STARKV_TRAIN_DEVICES=$(for _ in $(seq "$side"); do for card in $(seq 0 $((cards - 1))); do echo "cuda:$card"; done; done | paste -sd,)
# Two cores of each training are left for its own thread and libtorch's.
threads=$(($(nproc) / (side * cards) - 2))
[ -f $models/threads ] || echo $((threads > 2 ? threads : 2)) > $models/threads
# As bench/gpu-train.sh has it: heaps for the threads, and batches that die young.
export DOTNET_gcServer=1 DOTNET_GCHeapCount=6 DOTNET_GCNoAffinitize=1 DOTNET_GCLOHThreshold=1000000
export STARKV_TRAIN_DEVICES STARKV_TRAIN_SECONDS=$seconds STARKV_TRAIN_MINUTES=$minutes STARKV_TRAIN_THREADS=$(cat $models/threads)
"$root/eng/train-models.sh" $models "${@:5}" || echo "ended with $?"
cd $models
tar -cJf "$out/logs.tar.xz" -- */log.jsonl */said.txt || true
packed=0
for name in $(ls -d ./*/fp8 2> /dev/null | cut -d/ -f2); do
    if [ -f "$name/packed" ] || [ "$packed" = 3 ]; then continue; fi
    tar -cf - "$name/fp8" "$name/log.jsonl" | xz -T0 -6 > "$out/$name.tar.xz"
    touch "$name/packed"
    packed=$((packed + 1))
done
grep -h heldOut -- */log.jsonl | tail -3 | cut -c1-700 || true
ls -l "$out"
date -u +%T
