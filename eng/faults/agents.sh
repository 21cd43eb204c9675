#!/usr/bin/env bash
# agents.sh [ANSWERS]: two agents in one process, 48 answers by default. About half a minute.
about='Two agents of one process answer at once. Right: every answer is the one that an agent alone gives.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
soak_mode agents "${1:-48}"
finish what n found
