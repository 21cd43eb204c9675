#!/usr/bin/env bash
# Looks for wrong memory accesses of our kernels with compute-sanitizer, on the shipped model and small screens. Needs what gpu-env.sh needs; fails at the first error.
set -euo pipefail
cd "$(dirname "$0")/.."
. bench/gpu-env.sh
for scenario in prefill step decode; do
    compute-sanitizer --tool memcheck --error-exitcode 1 "$STARKV_BENCH" $scenario --model models/mini --screens 2 --size 448x336 --repeats 1 --method full,star-kv,gui-kv
done
compute-sanitizer --tool memcheck --error-exitcode 1 "$STARKV_BENCH" training --tokens 2000 --repeats 1
