#!/usr/bin/env bash
# descriptors.sh: every kind of work with few file descriptors (ulimit -n 32 to 256). About 2 minutes.
about='Every kind of work with few file descriptors. Right: it works, or exit code 2 with one sentence; from 256 on it works. No abort, no stack trace, no half result.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
limits=(32 48 64 96 128 192 256)

tiny_model "$work/tiny" 1
eval_command=("$starkv" eval minigui --model "$work/tiny/model" --limit 2 --max-new-tokens 8 --method full,star-kv --keep 20%)
"${eval_command[@]}" --out "$work/run" > "$work/said.txt" 2>&1
served "$work/served"
serve "$work/served" 100000000 "$work"

# try VERB COMMAND…: with each limit; $work/out is new each time.
try() {
    local verb=$1 limit code outcome outcomes=() said
    shift
    for limit in "${limits[@]}"; do
        rm -rf "$work/out"
        mkdir "$work/out"
        code=0
        # bash would tell of an abort by itself.
        { (ulimit -n "$limit" && exec "$@") > "$work/said.txt" 2> "$work/err.txt" || code=$?; } 2> "$work/bash.txt"
        outcome="exit code $code"
        if [ "$code" = 0 ]; then
            outcome=works
        elif [ "$code" = 2 ] && one_sentence "$work/err.txt"; then
            outcome='a sentence'
            [ "$limit" -lt 256 ] || wrong "$verb with $limit descriptors is refused: $(last_line "$work/err.txt")"
        else
            said=$(grep -m 1 . "$work/err.txt" || true)
            wrong "$verb with $limit descriptors: exit code $code: ${said:0:160}"
        fi
        [ "$code" = 0 ] || [ -z "$(find "$work/out" -type f ! -name '*.incomplete' ! -name '*.lock' ! -path '*/eval/*')" ] || wrong "$verb with $limit descriptors leaves $(entries "$work/out" | paste -sd' ')"
        outcomes+=("$outcome")
    done
    row "$verb" "${outcomes[@]}"
}

try methods "$starkv" methods
try doctor "$starkv" doctor
try 'ground --overlay' "$starkv" ground --model "$mini" --image "$picture" --instruction 'Select it' --overlay "$work/out/overlay.png"
try inspect "$starkv" inspect --model "$mini" --image "$picture" --instruction 'Select it' --method snapkv --out "$work/out/page.html"
try eval "${eval_command[@]}" --out "$work/out/eval"
try 'eval report' "$starkv" eval report "$work/run" --out "$work/out/page.md"
try report "$starkv" report "$work/run" --out "$work/out/page.html"
try 'minigui draw' "$starkv" minigui draw --count 2 --size 336x336 --out "$work/out/drawn"
try 'minigui quantize' "$starkv" minigui quantize "$work/tiny/model" "$work/out/fp8"
try 'minigui train' "$starkv" minigui train --out "$work/out/eval" --shape "$work/tiny/shape" --device cpu --tokens 1000 --threads 1 --minutes 5 --steps 1
try pull env HF_HOME="$work/out" "$starkv" pull org/tiny --endpoint "$address"
stop_serving
finish verb "${limits[@]}"
