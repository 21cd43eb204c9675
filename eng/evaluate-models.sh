#!/usr/bin/env bash
# evaluate-models.sh FOLDER MODELS: makes the runs that compare probe with the published methods at equal bytes on every finished model of MODELS, a folder that
# eng/train-models.sh wrote, and on the shipped one, or finishes those that were stopped; writes FOLDER/results-models.md, and a page of the second task set.
# Variables: eng/evaluation-runs.sh, and
#   STARKV_EVAL_MODELS   names of MODELS in the order of the page, separated by blanks; default: all that are finished
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate-models.sh FOLDER MODELS}
models=${2:?usage: eng/evaluate-models.sh FOLDER MODELS}
. eng/evaluation-runs.sh

first=() second=() hard=()
compare() { # compare NAME MODEL OPTIONS…: the runs of one model on both task sets
    local name=$1
    model=$2
    shift 2
    local methods=(--match bytes --method "full,probe,snapkv,star-kv,gui-kv,pyramidkv,snapkv:kernel=1" --keep "3%,5%,7%,10%,20%")
    run "$name-v1" "$@" "${methods[@]}"
    run "$name-v1b" --bench v1b "$@" "${methods[@]}"
    first+=("$name=$runs/$name-v1") second+=("$name=$runs/$name-v1b")
    if [[ $name == hard* ]]; then
        run "$name-v2" --bench v2 "$@" "${methods[@]}"
        hard+=("$runs/$name-v2")
    fi
}

compare mini models/mini
for name in ${STARKV_EVAL_MODELS:-$(cd "$models" && ls -d ./*/fp8 | cut -d/ -f2)}; do
    thoughts=()
    if [[ $name == thoughts* ]]; then thoughts=(--thoughts); fi
    compare "$name" "$models/$name/fp8" "${thoughts[@]}"
done
finish
"$STARKV" eval models "${first[@]}" --subject probe --out "$runs/results-models.md"
"$STARKV" eval models "${second[@]}" --subject probe --out "$runs/results-models-second.md"
if [ ${#hard[@]} -gt 0 ]; then "$STARKV" eval report "${hard[@]}" --subject probe --out "$runs/results-models-hard.md"; fi
