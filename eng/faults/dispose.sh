#!/usr/bin/env bash
# dispose.sh [ROUNDS]: an agent is disposed while threads call it, 12 times by default. About half a minute.
about='An agent is disposed at a random time while three threads call it. Right: every call is answered right or ends with the ObjectDisposedException of the agent, and nothing hangs.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
soak_mode dispose "${1:-12}"
finish what n found
