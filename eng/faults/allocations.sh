#!/usr/bin/env bash
# allocations.sh [N]: every N-th allocation of a session's step is refused in turn, all of them by default. About 15 minutes.
about='One step of a session is taken again and again with each storage, and libtorch is refused its first allocation on the CPU, its second, and so on to the last. Right: the step ends with the sentence about memory or is answered as always, the session and the number of live tensors are as before, and after every eighth refusal the step taken again gives its answer.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
STARKV_TEST_MODEL=$mini dotnet "$root/tests/HostProgram/bin/Release/net10.0/HostProgram.dll" allocations "${1:-1}" > "$work/said.txt" 2>&1 || wrong "ended with $?"
while IFS= read -r line; do
    case $line in
        '> '*' allocations, every '*)
            line=${line#> }
            row "$line" "$((${line%% allocations*}))" "${line##*, }" ;;
        *) wrong "${line#> }" ;;
    esac
done < "$work/said.txt"
finish "allocations with Lossless, Store and Evict" n found
