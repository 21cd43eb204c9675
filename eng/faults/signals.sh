#!/usr/bin/env bash
# signals.sh [N [STAGE…]]: SIGTERM, SIGINT and SIGHUP at seeded random times in every stage, N of each (default 5). About 8 minutes.
about='SIGTERM, SIGINT and SIGHUP at random times in every stage. Right: the line "interrupted", exit code 130 and nothing left, within 1 s of the longest step of the stage; training saves and ends with 0; or the work was done before the signal, and its result is whole.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
wanted=${1:-5}
stages=" ${*:2} "
# What may pass from signal to end, in milliseconds: 1 s and a step between two looks at the request, which is a layer, a token, a tensor or a sample here.
most=1250
# A step of training, the last measurement on unseen samples and the checkpoint.
most_of_training=4000

# begin COMMAND…: in the background as a terminal would start it: what bash starts in the background ignores SIGINT.
begin() {
    rm -rf "$work/out"
    mkdir "$work/out"
    : > "$work/err.txt"
    env --default-signal=INT,QUIT,HUP "$@" > "$work/out.txt" 2> "$work/err.txt" &
    pid=$!
}

# until_said TEXT: waits for a line of the command's stderr or for its end.
until_said() {
    while kill -0 "$pid" 2> /dev/null && ! grep -q "$1" "$work/err.txt"; do read -rt 0.005 -u "$never" || true; done
}

# strike SIGNAL: sends it and waits for the end: `code`, and `took` in milliseconds.
strike() {
    local sent
    now; sent=$now
    kill -s "$1" "$pid" 2> /dev/null || true
    code=0
    { wait "$pid" || code=$?; } 2> "$work/gone"
    now; took=$((now - sent))
}

# is_wanted STAGE: true when it was named, or none was.
is_wanted() {
    [ -z "${stages// /}" ] || [[ $stages == *" $1 "* ]]
}

# stage NAME WHOLE FROM TO TEXT COMMAND…: signals between FROM and TO milliseconds after TEXT was said ('' for the start). WHOLE looks at what is there afterwards;
# `complete` is the list of what a finished run leaves.
stage() {
    local stage=$1 whole=$2 from=$3 to=$4 text=$5 signal i times right finished
    shift 5
    is_wanted "$stage" || return 0
    for signal in TERM INT HUP; do
        times=() right=0 finished=0
        for ((i = 0; i < wanted; i++)); do
            begin "$@"
            [ -z "$text" ] || until_said "$text"
            random "$from" "$to"
            pause "$drawn"
            strike "$signal"
            times+=("$took")
            judge "$stage" "$signal" "$whole"
        done
        [ "$right" -gt 0 ] || [[ $stage != @(load|vision|prefill|decode) ]] || wrong "$stage, SIG$signal: no signal came in that stage"
        row "$stage" "SIG$signal" "$wanted" "$right interrupted, $finished finished" \
            "$(printf '%s\n' "${times[@]}" | sort -n | sed -n "$(((wanted + 1) / 2))p")" "$(printf '%s\n' "${times[@]}" | sort -n | tail -n 1)"
    done
}

judge() {
    local what="$1, SIG$2" died=$((128 + $(kill -l "$2"))) limit=$most
    [ "$1" != train ] || limit=$most_of_training
    if [ "$code" = 130 ] && [ "$(grep '^starkv: ' "$work/err.txt")" = 'starkv: interrupted' ]; then
        right=$((right + 1))
        "$3" || wrong "$what: interrupted, and left $(entries "$work/out" | paste -sd' ')"
    elif [ "$1" = train ] && [ "$code" = 0 ]; then
        right=$((right + 1))
        "$3" || wrong "$what: saved half a checkpoint: $(entries "$work/out" | paste -sd' ')"
    elif { [ "$code" -le 1 ] || [ "$code" = "$died" ]; } && [ "$(entries "$work/out")" = "$complete" ]; then
        # Done before the signal came; the last moments of a process belong to the runtime, which then dies of it.
        finished=$((finished + 1))
    else
        wrong "$what: exit code $code, without the line 'interrupted': $(last_line "$work/err.txt")"
        "$3" || wrong "$what: and left $(entries "$work/out" | paste -sd' ')"
    fi
    [ "$took" -le "$limit" ] || wrong "$what: took $took ms to end"
    [ -z "$(entries "$TMPDIR")" ] || wrong "$what: the folder of temporary files holds $(entries "$TMPDIR" | paste -sd' ')"
}

# What may be there when the work was interrupted.
nothing() { [ -z "$(entries "$work/out")" ]; }
begun_run() {
    # Whatever is there is continued to the summary of an undisturbed run.
    "${eval_command[@]}" --out "$work/out/run" > "$work/said.txt" 2>&1 && cmp -s "$work/out/run/summary.json" "$work/run/summary.json" && [ "$(entries "$work/out/run")" = "$(entries "$work/run")" ]
}
checkpoint() {
    [ "$(entries "$work/out" | grep -v -e '^./trained$' -e '^./trained/log.jsonl$' -e '^./trained/latest')" = '' ] || return 1
    [ ! -e "$work/out/trained/latest" ] || [ "$(ls "$work/out/trained/latest")" = "$(ls "$work/tiny/model")" ]
}
whole_cache() {
    local file
    for file in "$work"/out/hub/models--org--tiny/snapshots/*/*; do cmp -s "$file" "$work/served/${file##*/}" || return 1; done
}

exec {never}<> <(:)
tiny_model "$work/tiny" 1
# A model that is written for longer than a moment: the shipped one in bfloat16.
"$starkv" minigui train --out "$work/wide" --shape "$mini" --resume "$mini" --device cpu --tokens 1000 --threads 1 --minutes 5 --steps 1 > "$work/said.txt" 2>&1
eval_command=("$starkv" eval minigui --model "$work/tiny/model" --limit 12 --max-new-tokens 16 --method "full,star-kv,snapkv" --keep "10%,20%")
"${eval_command[@]}" --out "$work/run" > "$work/said.txt" 2>&1
served "$work/served"
serve "$work/served" 400000 "$work"

# An answer's stages by the clock of an undisturbed one: their times follow the line "Answering".
milliseconds() { sed -n "s/.*\"$1\": \([0-9]*\).*/\1/p" "$work/out.txt" | head -n 1; }
clock() {
    local begun
    now; begun=$now
    begin "$@" --json
    until_said Loading; now; loading=$((now - begun))
    until_said Answering; now; answering=$((now - begun))
    { wait "$pid" || true; } 2> "$work/gone"
    vision=$(milliseconds vision) prefill=$(milliseconds prefill) decode=$(milliseconds decode) preprocess=$(milliseconds preprocess)
    complete=$(entries "$work/out")
}

"$starkv" minigui draw --form single --count 1 --size 1120x784 --out "$work/screen" > "$work/said.txt" 2>&1
screen=$(echo "$work"/screen/*.png)
answer=("$starkv" ground --model "$mini" --image "$screen" --instruction 'Select it' --method snapkv --overlay "$work/out/overlay.png")
clock "${answer[@]}"
stage load nothing 0 $(((answering - loading) * 8 / 10)) Loading "${answer[@]}"
stage vision nothing $((preprocess + vision / 10)) $((preprocess + vision * 8 / 10)) Answering "${answer[@]}"
stage prefill nothing $((preprocess + vision + prefill / 10)) $((preprocess + vision + prefill * 8 / 10)) Answering "${answer[@]}"
# The untrained model does not end its answer by itself.
answer=("$starkv" ground --model "$work/tiny/model" --image "$picture" --instruction 'Select it' --method snapkv --max-new-tokens 4000 --overlay "$work/out/overlay.png")
clock "${answer[@]}"
stage decode nothing $((preprocess + vision + prefill + decode / 10)) $((preprocess + vision + prefill + decode / 2)) Answering "${answer[@]}"

# lasts COMMAND…: an undisturbed run's milliseconds, in `lasts`.
lasts() {
    local begun
    now; begun=$now
    begin "$@"
    { wait "$pid" || true; } 2> "$work/gone"
    now; lasts=$((now - begun))
    complete=$(entries "$work/out")
}

# whole_verb NAME WHOLE COMMAND…: over the whole duration but its first part, in which the runtime itself starts.
whole_verb() {
    local name=$1 whole=$2
    shift 2
    is_wanted "$name" || return 0
    lasts "$@"
    stage "$name" "$whole" $((lasts / 5 > 300 ? lasts / 5 : 300)) "$lasts" '' "$@"
}
whole_verb inspect nothing "$starkv" inspect --model "$mini" --image "$picture" --instruction 'Select it' --method snapkv --out "$work/out/page.html"
whole_verb eval begun_run "${eval_command[@]}" --out "$work/out/run"
whole_verb 'eval report' nothing "$starkv" eval report "$work/run" --out "$work/out/page.md"
whole_verb report nothing "$starkv" report "$work/run" --out "$work/out/page.html"
whole_verb draw nothing "$starkv" minigui draw --count 60 --size 560x448 --out "$work/out/drawn"
whole_verb quantize nothing "$starkv" minigui quantize "$work/wide/latest" "$work/out/fp8"
whole_verb pull whole_cache env HF_HOME="$work/out" "$starkv" pull org/tiny --endpoint "$address"
train=("$starkv" minigui train --out "$work/out/trained" --shape "$work/tiny/shape" --device cpu --tokens 1000 --threads 1 --minutes 5 --log-every 1)
stage train checkpoint 1500 4000 '' "${train[@]}"
stop_serving
finish stage signal n outcome "median, ms from signal to end" "longest, ms"
