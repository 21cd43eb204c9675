#!/usr/bin/env bash
# determinism.sh [REPEATS]: every method, 50 times by default. About 3 minutes.
about='Every method answers the same question again and again. Right: one answer and one byte count each.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
soak_mode determinism "${1:-50}"
finish what n found
