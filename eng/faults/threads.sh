#!/usr/bin/env bash
# threads.sh [CALLS]: eight threads call one agent, 300 times each by default. About 4 minutes.
about='Eight threads with so many calls each on one agent, every second one cancelled at a random time. Right: every answer is the one that a single caller gets or cancelled, as many tensors live as before, and answers afterwards are equal.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
soak_mode threads "${1:-300}"
finish what n found
