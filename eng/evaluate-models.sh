#!/usr/bin/env bash
# evaluate-models.sh FOLDER MODELS: makes the runs that compare probe with the published methods at equal bytes on the shipped model and on every finished one of
# MODELS, a folder that eng/train-models.sh wrote, or finishes those that were stopped. Writes FOLDER/results-models.md, results-models-second.md of the second
# task set, and results-models-hard.md of version 2 where a model was trained for it. Variables: eng/evaluation-runs.sh, and
#   STARKV_EVAL_MODELS   names of MODELS in the order of the page, separated by blanks; NAME-control is that one before its alignment. Default: all finished ones
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate-models.sh FOLDER MODELS}
models=${2:?usage: eng/evaluate-models.sh FOLDER MODELS}
. eng/evaluation-runs.sh
names=(mini)
# Words of their own.
# shellcheck disable=SC2206
names+=(${STARKV_EVAL_MODELS:-$(cd "$models" && ls -d ./*/fp8 | cut -d/ -f2)})

compare() { # compare BENCH NAME: the run of one model on one task set
    local thoughts=()
    model=models/mini
    case $2 in
        mini) ;;
        *-control) model=$models/${2%-control}/control-fp8 ;;
        *) model=$models/$2/fp8 ;;
    esac
    if [[ $2 == thoughts* ]]; then thoughts=(--thoughts); fi
    run "$2-$1" --bench "$1" "${thoughts[@]}" --match bytes --method "full,probe,snapkv,star-kv,gui-kv,pyramidkv,snapkv:kernel=1" --keep 5%,10%,20%
}

# One task set after the other, so that a call that is cut has the first of all models.
first=() second=() hard=()
for name in "${names[@]}"; do
    compare v1 "$name"
    first+=("$name=$runs/$name-v1")
done
for name in "${names[@]}"; do
    compare v1b "$name"
    second+=("$name=$runs/$name-v1b")
done
for name in "${names[@]}"; do
    if [[ $name != hard* ]]; then continue; fi
    compare v2 "$name"
    hard+=("$runs/$name-v2")
done
finish
"$STARKV" eval models "${first[@]}" --subject probe --out "$runs/results-models.md"
"$STARKV" eval models "${second[@]}" --subject probe --out "$runs/results-models-second.md"
if [ ${#hard[@]} -gt 0 ]; then "$STARKV" eval report "${hard[@]}" --subject probe --out "$runs/results-models-hard.md"; fi
