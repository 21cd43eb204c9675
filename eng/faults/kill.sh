#!/usr/bin/env bash
# kill.sh [N [WRITER…]]: kill -9 at seeded random times, over the whole duration of each writer and right after it began to write, until N kills of each
# have hit (default 100). Writers: overlay inspect draw quantize eval-report pull eval train; two run at a time. About 14 minutes on two idle cores.
about='kill -9, half of them at random times over the whole duration, half within 40 ms after something was written. Right: under a final name the former content whole or the new content whole; a kill leaves at most two other entries beside it, of a page with its curves one for each file; the run afterwards works and gives the bytes of an undisturbed one.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
wanted=${1:-100}
writers=("${@:2}")
[ "${#writers[@]}" -gt 0 ] || writers=(eval pull train quantize overlay inspect eval-report draw)
# A temporary file or folder, and the former one that was moved aside.
most_left=2

# has_written GLOB: true when an entry is newer than the writer's start and has content, or is a folder. Files of no bytes only look whether a place can be written.
has_written() {
    local entry
    for entry in $1; do
        [[ ! $entry -nt $w/start ]] || [[ ! -d $entry && ! -s $entry ]] || return 0
    done
    return 1
}

# strike GLOB COMMAND…: runs a writer and kills it at a random time of `duration` or, every second time, at most 40 ms after GLOB has something new. The exit code is in `code`.
strike() {
    local glob=$1 pid
    shift
    tries=$((tries + 1))
    touch "$w/start"
    "$@" > "$w/said" 2>&1 &
    pid=$!
    if [ $((tries % 2)) -eq 0 ]; then
        random 0 "$duration"
    else
        while kill -0 "$pid" 2> "$w/gone" && ! has_written "$glob"; do read -rt 0.0003 -u "$never" || true; done
        random 0 40
    fi
    pause "$drawn"
    kill -9 "$pid" 2> "$w/gone" || true
    code=0
    { wait "$pid" || code=$?; } 2> "$w/gone"
    case $code in
        137) kills=$((kills + 1)) ;;
        0) ;;
        *) wrong "$writer: try $tries ended by itself with $code: $(last_line "$w/said")" ;;
    esac
}

# more: true while kills are missing; what ends by itself is tried again, with a bound.
more() {
    [ "$kills" -lt "$wanted" ] && [ "$tries" -lt $((4 * wanted + 20)) ]
}

empty_out() {
    rm -rf "$w/out"
    mkdir "$w/out"
}

# undisturbed COMMAND…: runs a writer three times, each in an empty folder; its median duration is in `duration`, its result in $w/right.
undisturbed() {
    local durations=() begin
    for _ in 1 2 3; do
        empty_out
        now; begin=$now
        "$@" > "$w/said" 2>&1 || { wrong "$writer: an undisturbed run failed: $(last_line "$w/said")"; return 1; }
        now; durations+=($((now - begin)))
    done
    duration=$(printf '%s\n' "${durations[@]}" | sort -n | sed -n 2p)
    rm -rf "$w/right"
    cp -r "$w/out" "$w/right"
    entries "$w/right" > "$w/expected"
}

# others: entries of the folder that are no part of the result.
others() {
    entries "$w/out" | grep -vxF -f "$w/expected" || true
}

# count_left: what lies in the folder and is no part of the result; of a folder's content the folder alone is counted.
count_left() {
    local entry above=/ left=0
    while read -r entry; do
        case $entry in "$above"/*) continue ;; esac
        above=$entry left=$((left + 1))
        # Names with a random part are one kind.
        sed -E 's/[0-9a-f]{8,}/*/g; s/[0-9]+/*/g' <<< "$entry" >> "$w/kinds"
    done < <(others)
    leftovers=$((leftovers + left))
    [ "$left" -eq 0 ] || dirty=$((dirty + 1))
    [ "$left" -le $((most_left + (one_each ? $(wc -l < "$w/expected") : 0))) ] || wrong "$writer: a kill left $left entries beside the result: $(entries "$w/out" | tr '\n' ' ')"
    left_now=$left
}

kinds() {
    [ ! -s "$w/kinds" ] || printf ': %s' "$(sort -u "$w/kinds" | paste -sd' ')"
}

# one_result TARGET SAME COMMAND…: a writer of $w/out/TARGET. SAME compares two paths. Every second pair of kills finds the `former` result there, if there is one.
one_result() {
    local target=$1 same=$2 had
    shift 2
    undisturbed "$@" || return 0
    while more; do
        empty_out
        had=
        if [ -n "$former" ] && [ $((tries / 2 % 2)) -eq 1 ]; then
            had=1
            cp -r "$former" "$w/out/$target"
        fi
        strike "$w/out/* $w/out/.[!.]*" "$@"
        if [ ! -e "$w/out/$target" ]; then
            [ -z "$had" ] || wrong "$writer: the former result is gone after try $tries"
            absent=$((absent + 1))
        elif "$same" "$w/out/$target" "$w/right/$target"; then
            whole=$((whole + 1))
        elif [ -n "$had" ] && same_bytes "$w/out/$target" "$former"; then
            kept=$((kept + 1))
        else
            wrong "$writer: half a result after try $tries"
        fi
        "$also"
        count_left
        # Looked at whenever something was left, and now and then otherwise.
        if [ "$left_now" -gt 0 ] || [ $((tries % 10)) -eq 0 ]; then
            afterwards=$((afterwards + 1))
            [ -z "$fresh" ] || rm -rf "${w:?}/out/$target"
            if ! "$@" > "$w/said" 2>&1; then
                wrong "$writer: the run after try $tries failed: $(last_line "$w/said")"
            elif ! "$same" "$w/out/$target" "$w/right/$target"; then
                wrong "$writer: the run after try $tries gives something else"
            else
                afterwards_right=$((afterwards_right + 1))
            fi
        fi
    done
    row "$writer" "$kills" "$((absent + kept + whole)) looks: $absent no result, $kept the former whole, $whole the new whole" \
        "$leftovers entries by $dirty kills$(kinds)" "$afterwards_right of $afterwards runs afterwards give what an undisturbed one gives"
}

same_bytes() {
    diff -r -x '.*' "$1" "$2" > "$w/difference" 2>&1
}

# A page of inspect holds times, so that bytes differ: it begins and ends as another does, and is as long.
same_page() {
    cmp -s <(head -c 200 "$1") <(head -c 200 "$2") && cmp -s <(tail -c 16 "$1") <(tail -c 16 "$2") && [ $(($(stat -c %s "$1") * 100 / $(stat -c %s "$2"))) -ge 95 ]
}

# A page of results comes after its pictures, each a file of its own.
same_report() {
    same_bytes "$1" "$2" && same_bytes "${1%/*}/images" "${2%/*}/images"
}

whole_curves() {
    local curve
    for curve in "$w"/out/images/*.svg; do
        cmp -s "$curve" "$w/right/images/${curve##*/}" || wrong "$writer: half a picture, ${curve##*/}"
    done
}

kill_overlay() {
    former=$w/former
    echo 'a former picture' > "$former"
    one_result picture.png same_bytes "$starkv" ground --model "$mini" --image "$picture" --instruction 'Select it' --overlay "$w/out/picture.png"
}

kill_inspect() {
    former=$w/former
    echo 'a former page' > "$former"
    one_result page.html same_page "$starkv" inspect --model "$mini" --image "$picture" --instruction 'Select it' --method snapkv --out "$w/out/page.html"
}

kill_draw() {
    fresh=1
    one_result drawn same_bytes "$starkv" minigui draw --count 3 --size 336x336 --out "$w/out/drawn"
}

kill_quantize() {
    former=$w/former
    "$starkv" minigui quantize "$work/other/model" "$former" > "$w/said" 2>&1
    one_result quantized same_bytes "$starkv" minigui quantize "$work/tiny/model" "$w/out/quantized"
}

kill_eval-report() {
    former=$w/former
    # All files of the page are written before the first of them has its name, in a folder that is new.
    one_each=1
    echo 'a former page' > "$former"
    also=whole_curves
    eval_command "$w/run"
    "${eval_command[@]}" > "$w/said" 2>&1
    one_result page.md same_report "$starkv" eval report "$w/run" --out "$w/out/page.md"
}

# chain CHECK GLOB COMMAND…: begins a piece of work, kills it up to six times and lets it end, again and again. CHECK looks at every state; in the end all is as undisturbed.
chain() {
    local check=$1 glob=$2 rounds
    shift 2
    undisturbed "$@" || return 0
    while more; do
        empty_out
        chains=$((chains + 1))
        random 1 6
        rounds=$drawn struck=$drawn code=137
        while [ "$code" = 137 ] && [ $((rounds--)) -gt 0 ]; do
            strike "$glob" "$@"
            "$check"
        done
        # After so many kills the work is left to end.
        if [ "$code" = 137 ] && ! "$@" > "$w/said" 2>&1; then
            wrong "$writer: chain $chains does not end: $(last_line "$w/said")"
            continue
        fi
        "$chain_end" && whole=$((whole + 1)) || wrong "$writer: chain $chains ends with another result than an undisturbed run"
        count_left
        # One kill leaves one temporary entry at most, under a name that tells whose it is.
        [ "$left_now" -le "$struck" ] || wrong "$writer: chain $chains leaves $left_now entries after $struck kills"
        ! others | grep -qv '/\.starkv-' || wrong "$writer: chain $chains leaves $(others | paste -sd' ')"
    done
    row "$writer" "$kills" "$whole of $chains chains of killed runs end with the bytes of an undisturbed run" "$leftovers entries when a chain has ended$(kinds)" "every killed run was continued"
}

# Four tasks on a trained model of two small layers.
eval_command() {
    eval_command=("$starkv" eval minigui --model "$work/tiny/model" --limit 4 --max-new-tokens 8 --method "full,star-kv,snapkv" --keep "10%,20%" --out "$1")
}

kill_eval() {
    whole_lines() {
        # The last line may be cut: the next run cuts it off.
        local log=$w/out/samples-1-of-1.jsonl summary=$w/out/summary.json
        [ ! -e "$log" ] || ! sed '$d' "$log" | grep -qv '^{.*}$' || wrong "$writer: a broken line in the middle of the answers"
        [ ! -e "$summary" ] || cmp -s "$summary" "$w/right/summary.json" || wrong "$writer: half a summary"
    }
    chain_end=same_summary
    same_summary() {
        cmp -s "$w/out/summary.json" "$w/right/summary.json" && [ "$(wc -l < "$w/out/samples-1-of-1.jsonl")" = "$(wc -l < "$w/right/samples-1-of-1.jsonl")" ]
    }
    eval_command "$w/out"
    chain whole_lines "$w/out/samples-*.jsonl $w/out/summary.json $w/out/.[!.]*" "${eval_command[@]}"
}

kill_pull() {
    local served=$w/served file
    served "$served"
    serve "$served" 1000000 "$w"
    whole_snapshot() {
        local file
        for file in "$w"/out/hub/models--org--tiny/snapshots/*/*; do
            cmp -s "$file" "$served/${file##*/}" || wrong "$writer: half of ${file##*/} in a snapshot"
        done
        for file in "$w"/out/hub/models--org--tiny/snapshots/*/config.json; do
            [ "$(ls "${file%/*}")" = "$(ls "$served")" ] || wrong "$writer: a snapshot with its configuration and without all files"
        done
        # A blob under its final name is a file of the hub, byte for byte.
        for file in "$w"/out/hub/models--org--tiny/blobs/*; do
            [[ ${file##*/} == *.* ]] || grep -qxF "$(sha256sum < "$file")" "$w/hashes" || wrong "$writer: half a blob under its final name"
        done
    }
    for file in "$served"/*; do sha256sum < "$file"; done > "$w/hashes"
    chain_end=same_cache
    same_cache() {
        same_bytes "$w/out" "$w/right"
    }
    HF_HOME=$w/out chain whole_snapshot "$w/out/hub/*/snapshots/*" "$starkv" pull org/tiny --endpoint "$address"
    stop_serving
}

# The time of training decides what it learns, so there are no bytes to compare: a checkpoint has the files of an undisturbed one in their lengths, and training goes on from it.
kill_train() {
    local train=("$starkv" minigui train --out "$w/out" --shape "$work/tiny/shape" --device cpu --tokens 1000 --threads 1 --minutes 0.05 --save-minutes 0.01 --log-every 1)
    undisturbed "${train[@]}" || return 0
    lengths "$w/right/latest" > "$w/lengths"
    empty_out
    while more; do
        local go_on=()
        if [ -d "$w/out/latest" ]; then
            rm -rf "$w/from"
            cp -r "$w/out/latest" "$w/from"
            go_on=(--resume "$w/from")
        fi
        strike "$w/out/*/ $w/out/.[!.]*" "${train[@]}" "${go_on[@]}"
        if [ -d "$w/out/latest" ]; then
            whole=$((whole + 1))
            cmp -s "$w/lengths" <(lengths "$w/out/latest") || wrong "$writer: half a checkpoint after try $tries"
        else
            absent=$((absent + 1))
            [ "${#go_on[@]}" -eq 0 ] || wrong "$writer: the former checkpoint is gone after try $tries"
        fi
        [ "${#go_on[@]}" -eq 0 ] || afterwards=$((afterwards + 1))
        ! sed '$d' "$w/out/log.jsonl" 2> "$w/gone" | grep -qv '^{.*}$' || wrong "$writer: a broken line in the middle of the log"
        count_left
        # Each kill is counted alone.
        entries "$w/out" | grep -vxF -f "$w/expected" | while read -r file; do rm -rf "${w:?}/out/$file"; done
    done
    row "$writer" "$kills" "$((absent + whole)) looks: $absent no checkpoint yet, $whole a checkpoint whole" "$leftovers entries by $dirty kills$(kinds)" "$afterwards runs went on from a checkpoint of a killed one"
}

# lengths FOLDER: names and lengths of a checkpoint's files; the count of steps may have another number of digits.
lengths() {
    (cd "$1" && for file in *; do [ "$file" = training.json ] && { grep -qx '{.*}' "$file" && echo "$file"; } || stat -c '%n %s' "$file"; done)
}

kill_writer() {
    writer=$1
    w=$work/$1
    mkdir "$w"
    rows_file=$w/rows wrongs_file=$w/wrongs
    : > "$rows_file"
    : > "$wrongs_file"
    kills=0 tries=0 absent=0 kept=0 whole=0 leftovers=0 dirty=0 afterwards=0 afterwards_right=0 chains=0 one_each=0 former='' fresh='' also=:
    # A subshell has a series of numbers and a trap of its own.
    trap '[ -z "$hub" ] || kill "$hub"' EXIT
    RANDOM=$((21 + ${#1}))
    exec {never}<> <(:)
    "kill_$1"
    [ "$kills" -ge "$wanted" ] || wrong "$writer: only $kills of $wanted kills hit in $tries tries"
}

tiny_model "$work/tiny" 1
tiny_model "$work/other" 2
entries "$HOME" > "$work/home.txt"
running=0
for writer in "${writers[@]}"; do
    if [ "$running" -ge 2 ]; then
        wait -n || true
        running=$((running - 1))
    fi
    (kill_writer "$writer") || wrong "$writer: the test itself failed" &
    running=$((running + 1))
done
wait
for writer in "${writers[@]}"; do
    cat "$work/$writer/rows" >> "$work/rows"
    cat "$work/$writer/wrongs" >> "$work/wrongs"
done
row "all writers" "${#writers[@]}" "$(entries "$TMPDIR" | wc -l) entries in the folder of temporary files" "$(entries "$HOME" | grep -cvxF -f "$work/home.txt" || true) new entries in the home" "afterwards"
finish writer kills "under the final name" "left beside it" "the next run"
