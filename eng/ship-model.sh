#!/usr/bin/env bash
# ship-model.sh RUN: makes what `starkv minigui train --out RUN` left, or bench/gpu-train.sh brought of it, the shipped model: FP8 weights and the log in
# models/mini, the reference answers in tests/vectors/mini, the README's demo, the pictures of pages of inspect. eng/evaluate.sh makes the results and the
# card's tables; the card's text is written by hand.
# Needs what bench/peers/mini_reference.py needs, and chromium.
set -euo pipefail
run=$(realpath "${1:?usage: ship-model.sh RUN}")
cd "$(dirname "$0")/.."
starkv=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

dotnet build -c Release --verbosity quiet
fp8=$run/latest-fp8
if [ ! -d "$fp8" ]; then
    fp8=$work/fp8
    $starkv minigui quantize "$run/latest" "$fp8"
fi
cp "$fp8"/{config.json,model.safetensors} models/mini/
rm -f models/mini/training*.jsonl
cp "$run/log.jsonl" models/mini/training.jsonl

for form in single first last; do $starkv minigui draw --form $form --split test --seed 500 --count 40 --out "$work/drawn/$form"; done
$starkv minigui draw --form single --split test --seed 900 --count 12 --size 672x448 --out "$work/drawn/wide"
OMP_NUM_THREADS=1 python3 bench/peers/mini_reference.py models/mini "$work/drawn" tests/vectors/mini

eng/update-readme.sh
(cd "$work" && "$OLDPWD/$starkv" inspect)
chromium --headless --no-sandbox --hide-scrollbars --window-size=1080,1290 --screenshot="$PWD/docs/images/inspect.png" "file://$work/starkv-inspect.html"
for step in 1 2 3; do cp "tests/vectors/mini/multi_step_instruction_first_0_$((step - 1)).png" "$work/$step.png"; done
(cd "$work" && "$OLDPWD/$starkv" inspect --steps --storage lossless,evict --keep 60t --image 1.png 2.png 3.png --out steps.html \
    --instruction 'Close the message, click the info icon, then type the "Select" value into "Limits"')
chromium --headless --no-sandbox --hide-scrollbars --window-size=1080,1500 --screenshot="$PWD/docs/images/inspect-steps.png" "file://$work/steps.html"
