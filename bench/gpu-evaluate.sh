#!/usr/bin/env bash
# gpu-evaluate.sh MODEL CONTROL CARD OUT: everything that is said about the small model, on all cores of a machine without .NET: the runs of docs/results.md,
# the card's accuracy of the model and of the one before the alignment (CARD is what `starkv eval manifest --of-each-kind 500` wrote), and the reference
# answers of tests/vectors/mini. Writes archives into OUT; eng/evaluate.sh makes the page of the runs.
set -euo pipefail
model=$1 control=$2 card=$3 out=$4
cd "$(dirname "$0")/.."
. bench/gpu-env.sh
runs=/tmp/starkv-runs
mkdir -p "$out" $runs
devices=$(seq "$(nproc)" | sed 's|.*|cpu|' | paste -sd,)
finished() { tar -C $runs -cJf "$out/$1.tar.xz" "${@:2}"; date -u +"%T $1"; }

for name in shipped control; do
    [ $name = shipped ] && folder=$model || folder=$control
    "$STARKV" eval minigui --model "$folder" --manifest "$card" --method full --keep 100% --devices "$devices" --out $runs/card-$name --json > "$out/card-$name.json" 2> /dev/null || true
done
finished cards card-shipped card-control

drawn=/tmp/starkv-drawn
mkdir -p $drawn
for form in single first last; do "$STARKV" minigui draw --form $form --split test --seed 500 --count 40 --out $drawn/$form > /dev/null; done
"$STARKV" minigui draw --form single --split test --seed 900 --count 12 --size 672x448 --out $drawn/wide > /dev/null
python3 bench/peers/mini_reference.py "$model" $drawn $runs/vectors
finished vectors vectors

STARKV_EVAL_PAGE=$runs/results.md bash eng/evaluate.sh $runs "$model" "$control" > "$out/evaluate.txt" 2>&1
finished runs tokens bytes image variants session control
