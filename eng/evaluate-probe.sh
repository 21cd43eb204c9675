#!/usr/bin/env bash
# evaluate-probe.sh FOLDER [MODEL]: makes the runs that compare probe with the published methods at equal bytes, or finishes those that were stopped, and
# writes FOLDER/probe.md. Variables: eng/evaluation-runs.sh.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:?usage: eng/evaluate-probe.sh FOLDER [MODEL]}
model=${2:-models/mini}
. eng/evaluation-runs.sh

# What others publish, and what anybody could change about it: no pooling.
run methods --match bytes --method full,probe,snapkv,star-kv,gui-kv,pyramidkv,snapkv:kernel=1 --keep 3%,5%,10%,20%
run small --match bytes --method full,probe --keep 6%,7%
finish
"$STARKV" eval report "$runs"/{methods,small} --subject probe --out "$runs/probe.md"
