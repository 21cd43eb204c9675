#!/usr/bin/env bash
# evaluate.sh FOLDER [MODEL [CONTROL]]: makes every run of docs/results.md in a folder, or finishes those that were stopped, and writes the page and the card's tables.
# CONTROL is the model before its alignment; it gets a page of its own beside, results-control.md.
#   STARKV               the command; default: built from the sources
#   STARKV_EVAL_DEVICES  default one process a core
#   STARKV_EVAL_SIDE     tasks of the runs behind the first; default 300 of the 1,500, any prefix is a fair sample
#   STARKV_EVAL_LIMIT    takes so many tasks of each run, for a look; the page then goes into the folder
#   STARKV_EVAL_PAGE     the page; default docs/results.md
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate.sh FOLDER [MODEL [CONTROL]]}
model=${2:-models/mini}
export DOTNET_NOLOGO=1

if [ -z "${STARKV:-}" ]; then
    dotnet build -c Release --verbosity quiet src/StarKV.Cli
    STARKV=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
fi
devices=${STARKV_EVAL_DEVICES:-$(seq "$(nproc)" | sed 's|.*|cpu|' | paste -sd,)}
limit=() side=(--limit "${STARKV_EVAL_SIDE:-300}") page=${STARKV_EVAL_PAGE:-docs/results.md}
if [ -n "${STARKV_EVAL_LIMIT:-}" ]; then limit=(--limit "$STARKV_EVAL_LIMIT") side=() page=$runs/results.md; fi
run() {
    local name=$1
    shift
    "$STARKV" eval minigui --model "$model" --out "$runs/$name" --devices "$devices" "${limit[@]}" "$@"
}

# Each axis switched off, the other preset, and each extension.
variants=star-kv,star-kv:alpha=0,star-kv:prior-warmup=0,star-kv:temporal=off,star-kv:entropy=off
variants+=,star-kv:preset=reference,star-kv:aeb-scope=head,star-kv:aeb-scope=layer-budget,star-kv:prior-warmup=1:prior-ramp=2
variants+=,gui-kv,gui-kv:basis=principal-subspace
variants+=,st-lite,st-lite:alpha=0,st-lite:gate=off,st-lite:preset=reference,snapkv,snapkv:preset=sharp,snapkv:value=on

run tokens
run bytes "${side[@]}" --match bytes
run image "${side[@]}" --convention image
# Budgets that hold every instruction of the set.
run protected "${side[@]}" --method star-kv,star-kv:protect=instruction,gui-kv,gui-kv:protect=instruction,snapkv,snapkv:protect=instruction --keep 15%,20%,40%
run variants "${side[@]}" --method "$variants" --keep 2%,5%,10%,20%
# The memory's length is all that differs between these two.
run session "${side[@]}" --method "$variants" --keep 2%,5%,10%,20% --memory session --filter form=first --filter form=last
"$STARKV" eval report "$runs"/{tokens,bytes,image,protected,variants,session} --out "$page"

card() { # card BLOCK PAGE: the page's table of the full cache goes into the model's card
    awk '/^## / { inside = $0 == "## The full cache" } inside && /^\|/' "$2" > "$runs/card.md"
    eng/replace-block.sh models/mini/README.md "$1" "$runs/card.md"
}
if [ "$model $page" = "models/mini docs/results.md" ]; then
    card accuracy "$page"
    [ -f "$runs/kinds.json" ] || "$STARKV" eval manifest --of-each-kind 500 --out "$runs/kinds.json"
    run kinds --manifest "$runs/kinds.json" --method full --keep 100%
    "$STARKV" eval report "$runs/kinds" --out "$runs/kinds.md"
    card kinds "$runs/kinds.md"
fi

if [ -n "${3:-}" ]; then
    model=$3
    run control "${side[@]}" --method full,star-kv,snapkv,random
    "$STARKV" eval report "$runs/control" --out "${page%.md}-control.md"
fi
