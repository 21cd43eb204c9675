#!/usr/bin/env bash
# Trains the small model on a machine whose commands may run for ten minutes only: the run goes on between them. Needs what gpu-env.sh needs.
#   gpu-train.sh start OUT SECONDS [minigui train options]   starts the run and waits
#   gpu-train.sh wait  OUT SECONDS                           waits
#   gpu-train.sh end   OUT SECONDS                           waits for the end at most so long, then also writes the model before the alignment
# Each writes the log, the last checkpoint (files of at most 15 MiB) and what the run said into OUT. Between two of them lie seconds, not minutes.
set -euo pipefail
mode=$1 out=$2 seconds=$3
shift 3
run=/tmp/starkv-train
. "$(dirname "$0")/gpu-env.sh"
export DOTNET_gcServer=1 STARKV_TRACE=1

if [ "$mode" = start ]; then
    nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
    mkdir -p $run
    setsid nohup "$STARKV" minigui train --out $run "$@" > $run/said.txt 2>&1 < /dev/null &
    echo $! > $run/pid
fi

going() { kill -0 "$(cat $run/pid)" 2> /dev/null; }
for ((i = 0; i < seconds; i++)); do
    going || break
    sleep 1
done

mkdir -p "$out"
cp $run/log.jsonl "$out/" || true
grep -v '^{' $run/said.txt | tail -20 || true
grep answerLoss $run/log.jsonl | tail -1 | cut -c1-500 || true
grep heldOut $run/log.jsonl | tail -1 || true
if [ -d $run/latest ]; then
    tar -C $run/latest --exclude='model-*' -cf "$out/latest-small.tar" .
    cp $run/latest/model-*.safetensors "$out/"
fi
if [ "$mode" = end ] && [ -d $run/control ]; then
    "$STARKV" minigui quantize $run/control /tmp/control-fp8
    split -b 14M /tmp/control-fp8/model.safetensors "$out/control.fp8."
fi
going && echo "still running" || echo "ended"
date -u +%T
