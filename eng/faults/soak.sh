#!/usr/bin/env bash
# soak.sh [ANSWERS]: answers in a row about other pictures, 1,200 by default, without the cache of screens and with one of 4 MiB, which some twenty pictures fill.
# About 15 minutes.
about='Answers in a row in one process, each about a picture that was not seen before, without remembered screens and with a bound that is reached early. Right: every answer leaves as many live tensors as before, and the resident memory of the second half is not shown to grow by more than 2,048 bytes an answer; an embedded screen takes 90 times that or more.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
answers=${1:-1200}
soak_mode soak "$answers" 0
soak_mode soak "$answers" 4
finish what n found
