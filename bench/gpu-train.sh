#!/usr/bin/env bash
# Trains the small model on a machine whose commands may run for ten minutes only: the work goes on between them. Needs what gpu-env.sh needs, and
# publish/card.json: what `starkv eval manifest --of-each-kind 500` wrote.
#   gpu-train.sh start OUT SECONDS RUNS [minigui train options]   trains so often in the same way, measures each on the card's tasks; waits
#   gpu-train.sh wait  OUT SECONDS                                waits
# Each writes into OUT, in files of at most 15 MiB: what the runs have logged, said and measured (logs.tar.xz), and the models of the newest finished run in
# FP8, after and before the alignment; until one is finished, the last checkpoint (`cat models.* | tar -x`). Between two of them lie seconds, not minutes.
set -euo pipefail
usage='usage: bench/gpu-train.sh start OUT SECONDS RUNS [minigui train options], or wait OUT SECONDS'
mode=${1:?$usage} out=${2:?$usage} seconds=${3:?$usage}
[ "$mode" = wait ] || : "${4:?$usage}"
for word in "${@:5}"; do
    case $word in
        --out | --out=*) echo "bench/gpu-train.sh: each run has a folder of its own; leave --out away." >&2; exit 2 ;;
    esac
done
work=/tmp/starkv-train
. "$(dirname "$0")/gpu-env.sh"
# Numbers are hexadecimal: sixteen heaps, and arrays of up to 16 MiB, which a batch is made of, die young.
export DOTNET_gcServer=1 DOTNET_GCHeapCount=10 DOTNET_GCNoAffinitize=1 DOTNET_GCLOHThreshold=1000000 STARKV_TRACE=1

card() { # card MODEL RESULT: accuracy on the card's tasks; more processes would wait for one another as they start
    local cards
    cards=$(nvidia-smi -L | wc -l)
    DOTNET_gcServer=0 "$STARKV" eval minigui --model "$1" --manifest "$(dirname "$0")/../publish/card.json" --method full --keep 100% --out "$2" --json \
        --devices "$(for ((i = 0; i < 4 * cards; i++)); do echo $((i % cards)); done | paste -sd,)" > "$2.json" 2> "$2.txt"
}

if [ "$mode" = run ]; then
    # What `start` leaves running.
    for ((i = 1; i <= $4; i++)); do
        run=$work/$i
        mkdir -p "$run"
        "$STARKV" minigui train --out "$run" "${@:5}" > "$run/said.txt" 2>&1
        for model in latest control; do
            [ ! -d "$run/$model" ] || "$STARKV" minigui quantize "$run/$model" "$run/$model-fp8"
        done
        card "$run/latest-fp8" "$run/card" || true
        touch "$run/finished"
    done
    exit
fi

if [ "$mode" = start ]; then
    nvidia-smi --query-gpu=name,driver_version --format=csv,noheader
    mkdir -p $work
    setsid nohup bash "$0" run "${@:2}" > $work/said.txt 2>&1 < /dev/null &
    echo $! > $work/pid
fi

going() { kill -0 "$(cat $work/pid)" 2> /dev/null; }
for ((i = 0; i < seconds; i++)); do
    going || break
    sleep 1
done

cat $work/said.txt
mkdir -p "$out"
cd $work
tar -cJf "$out/logs.tar.xz" [0-9]*/{log.jsonl,said.txt,card.json} 2> /dev/null || true
for run in [0-9]*; do
    grep -v '^{' "$run/said.txt" | tail -20 || true
    grep answerLoss "$run/log.jsonl" | tail -1 | cut -c1-500 || true
    grep heldOut "$run/log.jsonl" | tail -1 || true
done
newest=$(ls -d [0-9]*/finished 2> /dev/null | tail -1) || true
if [ -n "$newest" ]; then
    models=("${newest%finished}"{latest,control}-fp8)
else
    models=(1/latest)
fi
tar -c "${models[@]}" 2> /dev/null | split -b 15M - "$out/models." || true
going && echo "still running" || echo "ended"
date -u +%T
