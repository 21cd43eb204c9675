#!/usr/bin/env bash
# evaluate-sessions.sh FOLDER [MODEL]: makes the runs of what sessions cost in right answers, step by step, or finishes those that were stopped, and writes
# FOLDER/sessions.md, FOLDER/page/sessions.html, FOLDER/further.md and FOLDER/episodes.md. Variables: eng/evaluation-runs.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate-sessions.sh FOLDER [MODEL]}
model=${2:-models/mini}
. eng/evaluation-runs.sh

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

finish
bench=("$runs"/{modes,windows,shares,bare})
"$STARKV" eval report "${bench[@]}" --out "$runs/sessions.md"
"$STARKV" report "${bench[@]}" --out "$runs/page/sessions.html"
# Of other tasks, so on pages of their own.
for name in further episodes; do "$STARKV" eval report "$runs/$name" --out "$runs/$name.md"; done
