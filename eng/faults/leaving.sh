#!/usr/bin/env bash
# leaving.sh [STEPS]: clients of sessions that leave at random, 10,000 steps by default. About 20 minutes.
about='Six clients take steps in sessions of all three storages, with a window of three screenshots, on one agent; a third of the steps is left: cancelled while it waits, is read or is written, or its stream given up after the first piece. Right: no step ends with an error, and between forty rounds there are as many live tensors as before, no bytes held and none promised; the resident memory of the second half is not shown to grow by more than 2,048 bytes a step.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
soak_mode leaving "${1:-10000}"
finish what n found
