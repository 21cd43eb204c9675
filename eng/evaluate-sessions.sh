#!/usr/bin/env bash
# evaluate-sessions.sh FOLDER [MODEL]: makes the runs of what sessions cost in right answers, step by step, or finishes those that were stopped, and writes
# FOLDER/sessions.md, FOLDER/page/sessions.html, FOLDER/further.md and FOLDER/episodes.md.
#   STARKV                 the command; default: built from the sources
#   STARKV_EVAL_DEVICES    default one process a core; several processes may share a card: cuda:0,cuda:0,cuda:0
#   STARKV_EVAL_LIMIT      takes so many tasks of each run, for a look
#   STARKV_EVAL_SECONDS    time for all runs of this call; default no end. What was stopped goes on in the next call, and the pages come with the last one
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate-sessions.sh FOLDER [MODEL]}
model=${2:-models/mini}
export DOTNET_NOLOGO=1

if [ -z "${STARKV:-}" ]; then
    dotnet build -c Release --verbosity quiet src/StarKV.Cli
    STARKV=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
fi
devices=${STARKV_EVAL_DEVICES:-$(seq "$(nproc)" | sed 's|.*|cpu|' | paste -sd,)}
limit=()
if [ -n "${STARKV_EVAL_LIMIT:-}" ]; then limit=(--limit "$STARKV_EVAL_LIMIT"); fi
bench=() open=0
run() {
    local name=$1 code=0 left=0
    shift
    if [ -n "${STARKV_EVAL_SECONDS:-}" ]; then
        left=$((STARKV_EVAL_SECONDS - SECONDS))
        if [ "$left" -lt 20 ]; then open=1 && return; fi
    fi
    timeout "$left" "$STARKV" eval minigui --model "$model" --out "$runs/$name" --devices "$devices" --dtype float32 "${limit[@]}" "$@" || code=$?
    # 1: some caches could not answer some tasks, which the pages count.
    case $code in
        0 | 1) case $name in further | episodes) ;; *) bench+=("$runs/$name") ;; esac ;;
        124) open=1 ;;
        *) exit "$code" ;;
    esac
}

methods=star-kv,snapkv,gui-kv
# Equal numbers of tokens at every step and in every mode: shares of what the conversation has at its end.
equal=reread:budget=final,lossless:budget=final,store:budget=final,evict
[ -f "$runs/further.json" ] || { mkdir -p "$runs"; "$STARKV" eval manifest --of-each-kind 225 --out "$runs/further.json"; }
run further --manifest "$runs/further.json" --sessions "$equal,evict:protect=answers" --method "full,$methods" --keep 20%
run modes --sessions "$equal" --method "full,$methods" --keep 5%,10%,20%,40%
# A window slides where there are three screenshots or more.
run windows --sessions reread,lossless:window=2,lossless:window=2:slide=exact,lossless:window=3,lossless:window=3:slide=exact \
    --method full,star-kv,snapkv --keep 20% --filter frames=3 --filter frames=4
# Shares of what was seen so far, and a session that protects nothing.
run shares --sessions reread,lossless,store,evict:budget=share --method "full,$methods" --keep 20%,40%
run bare --sessions reread:protect=none,lossless:protect=none,evict:protect=none,evict:budget=share:protect=none --method "$methods" --keep 20%
# Long conversations, whose steps ask for what was seen up to ten steps ago.
run episodes --episodes --sessions "$equal,lossless:window=5:budget=final" --method "full,$methods" --keep 10%,20%

if [ "$open" = 1 ]; then
    echo "not finished; call again to go on" >&2
    exit 3
fi
"$STARKV" eval report "${bench[@]}" --out "$runs/sessions.md"
"$STARKV" report "${bench[@]}" --out "$runs/page/sessions.html"
# Of other tasks, so on pages of their own.
for name in further episodes; do "$STARKV" eval report "$runs/$name" --out "$runs/$name.md"; done
