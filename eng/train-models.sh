#!/usr/bin/env bash
# train-models.sh FOLDER [NAME…]: trains the models with which methods are compared across models (docs/training.md), or those of the given names, each by
# the documented command with the options of its line below, or goes on with those that were stopped. FOLDER/NAME then holds log.jsonl, said.txt, the
# checkpoints latest and control (before the alignment), and fp8 and control-fp8, which are there only when the training has finished.
# Ends with 3 when some are not finished: call it again to go on. Variables:
#   STARKV                 the command; default: built from the sources
#   STARKV_TRAIN_DEVICES   one training at a time on each; a card may be named several times: cuda:0,cuda:0,cuda:1,cuda:1. Default: one on auto
#   STARKV_TRAIN_MINUTES   wall time of a training over all calls, a ninth of it alignment where there is one; default 20
#   STARKV_TRAIN_THREADS   threads that make batches for each training, in all calls as many; default 6
#   STARKV_TRAIN_OPTIONS   more options of minigui train for each of them, in all calls the same
#   STARKV_TRAIN_SECONDS   time for this call, default no end. What is not finished then is stopped within a step, with its state
set -euo pipefail
cd "$(dirname "$0")/.."
folder=${1:?usage: eng/train-models.sh FOLDER [NAME…]}
shift
export DOTNET_NOLOGO=1
if [ -z "${STARKV:-}" ]; then
    dotnet build -c Release --verbosity quiet src/StarKV.Cli
    STARKV=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
fi
IFS=, read -ra devices <<< "${STARKV_TRAIN_DEVICES:-auto}"
minutes=${STARKV_TRAIN_MINUTES:-20} threads=${STARKV_TRAIN_THREADS:-6} seconds=${STARKV_TRAIN_SECONDS:-}
align="--align-minutes $(awk "BEGIN { printf \"%.2f\", $minutes / 9 }")"

# The shipped model is seed 1. No two have a seed in common: each draws its own samples.
declare -A options=(
    [seed-2]="--seed 2 --history-share 0.55 $align"
    [seed-3]="--seed 3 --history-share 0.55 $align"
    [plain]="--seed 4 --history-share 0.55"
    [thoughts]="--seed 5 --history-share 0.55 --thoughts $align"
    [hard]="--seed 6 --history-share 0.55 --hard-share 0.3 $align"
    [thoughts-plain]="--seed 7 --history-share 0.55 --thoughts"
)
names=("$@")
[ ${#names[@]} -gt 0 ] || names=(seed-2 seed-3 plain thoughts hard thoughts-plain)
for name in "${names[@]}"; do
    [ -n "${options[$name]:-}" ] || { echo "eng/train-models.sh: there is no model $name; there are ${!options[*]}." >&2; exit 2; }
done

train() { # train DEVICE NAME: 0 when it has finished, 3 when it was stopped, 1 when it failed
    local run=$folder/$2 code=0 left=0 resume=()
    if [ -n "$seconds" ]; then
        left=$((seconds - SECONDS))
        if [ "$left" -lt 20 ]; then return 3; fi
    fi
    mkdir -p "$run"
    if [ -f "$run/latest/state.json" ]; then resume=(--resume "$run/latest"); fi
    # Options are words of their own.
    # shellcheck disable=SC2086
    timeout -k 60 "$left" "$STARKV" minigui train --out "$run" --device "$1" --keep-state "${resume[@]}" --minutes "$minutes" \
        --threads "$threads" ${options[$2]} ${STARKV_TRAIN_OPTIONS:-} >> "$run/said.txt" 2>&1 || code=$?
    case $code in
        0) ;;
        124) return 3 ;;
        *) echo "$2 failed ($code); the end of $run/said.txt:" >&2 && tail -3 "$run/said.txt" | cut -c1-500 >&2 && return 1 ;;
    esac
    if [ -d "$run/control" ]; then "$STARKV" minigui quantize "$run/control" "$run/control-fp8" >> "$run/said.txt" 2>&1 || return 1; fi
    # It is the sign that all is done.
    "$STARKV" minigui quantize "$run/latest" "$run/fp8" >> "$run/said.txt" 2>&1 || return 1
}

queue() { # queue DEVICE NAME…: one after the other; the worst of their results
    local device=$1 worst=0 code
    shift
    for name in "$@"; do
        code=0
        train "$device" "$name" || code=$?
        if [ "$worst" != 1 ] && [ "$code" != 0 ]; then worst=$code; fi
    done
    return "$worst"
}

declare -a jobs=()
at=0
for name in "${names[@]}"; do
    if [ -d "$folder/$name/fp8" ]; then continue; fi
    jobs[at % ${#devices[@]}]+=" $name"
    at=$((at + 1))
done
declare -a pids=()
for slot in "${!jobs[@]}"; do
    # shellcheck disable=SC2086
    queue "${devices[$slot]}" ${jobs[$slot]} &
    pids+=($!)
done
worst=0
for pid in "${pids[@]}"; do
    code=0
    wait "$pid" || code=$?
    if [ "$worst" != 1 ] && [ "$code" != 0 ]; then worst=$code; fi
done
for name in "${names[@]}"; do
    if [ -d "$folder/$name/fp8" ]; then echo "$name: finished"; else
        echo "$name: $(grep -h answerLoss "$folder/$name/log.jsonl" 2> /dev/null | tail -1 | sed -E 's/.*"phase":"([a-z]*)","step":([0-9]*),"seconds":([0-9.]*).*/\1, step \2, \3 s/')"
    fi
done
if [ "$worst" = 3 ]; then echo "not finished; call again to go on" >&2; fi
exit "$worst"
