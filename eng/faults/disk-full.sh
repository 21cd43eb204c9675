#!/usr/bin/env bash
# disk-full.sh [WRITER…]: every writer on a disk (tmpfs) that is full at several points: no room, no more names, and room for a part of the result.
# Needs root or namespaces of users; the machine's mounts stay as they are. About 3 minutes.
about='Every writer on a tmpfs that has no room, no more names, or room for 1 page to all but one page of the result. Right: exit code 2 and one sentence that says so and names the path, the former content whole, nothing there that was not before; eval, pull and train, whose parts are for going on, go on when room is made.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
in_mount_namespace "$@"
writers=("$@")
[ "${#writers[@]}" -gt 0 ] || writers=(overlay inspect draw sheet quantize eval-report report manifest plot eval pull train)
disk=$work/disk
mkdir "$disk"
page=$(getconf PAGE_SIZE)

# command_of WRITER: sets `command` to what writes $disk/result, `goes_on` for writers whose parts are kept on purpose.
command_of() {
    goes_on=
    case $1 in
        overlay) command=("$starkv" ground --model "$mini" --image "$picture" --instruction 'Select it' --overlay "$disk/result") ;;
        inspect) command=("$starkv" inspect --model "$mini" --image "$picture" --instruction 'Select it' --method snapkv --out "$disk/result") ;;
        draw) command=("$starkv" minigui draw --count 3 --size 336x336 --out "$disk/result") ;;
        sheet) command=("$starkv" minigui draw --count 3 --size 336x336 --sheet "$disk/result") ;;
        quantize) command=("$starkv" minigui quantize "$work/tiny/model" "$disk/result") ;;
        eval-report) command=("$starkv" eval report "$work/run" --out "$disk/result.md") ;;
        report) command=("$starkv" report "$work/run" --out "$disk/result/page.html") ;;
        manifest) command=("$starkv" eval manifest --of-each-kind 1 --out "$disk/result") ;;
        plot) command=("$starkv" minigui plot "$work/tiny/run/log.jsonl" --out "$disk/result") ;;
        eval) goes_on=1 command=("${eval_command[@]}" --out "$disk/result") ;;
        pull) goes_on=1 command=(env HF_HOME="$disk/result" "$starkv" pull org/tiny --endpoint "$address") ;;
        train) goes_on=1 command=("$starkv" minigui train --out "$disk/result" --shape "$work/tiny/shape" --device cpu --tokens 1000 --threads 1 --minutes 5 --steps 1) ;;
        *) echo "$name: no writer $1" >&2; exit 2 ;;
    esac
}

# try WHERE BYTES NAMES: a disk with so much room for the command, and so many names beyond those that are there (0: as many as it likes).
try() {
    local where=$1 room=$2 names=$3 code=0 leftovers
    mount -t tmpfs -o "size=64m" tmpfs "$disk"
    # Something of the user's lies there.
    echo 'a former file' > "$disk/notes.txt"
    # The file takes a page, and with the disk's own folder two names.
    mount -o "remount,size=$((room + page)),nr_inodes=$((names == 0 ? 0 : names + 2))" "$disk"
    "${command[@]}" > "$work/out.txt" 2> "$work/err.txt" || code=$?
    tries=$((tries + 1))
    if [ "$code" = 0 ]; then
        fits=$((fits + 1))
    elif [ "$code" != 2 ]; then
        wrong "$writer, $where: exit code $code: $(last_line "$work/err.txt")"
    elif ! one_sentence "$work/err.txt" || ! grep '^starkv: ' "$work/err.txt" | grep -qiE 'no space|full|free space'; then
        wrong "$writer, $where: no sentence about a full disk: $(last_line "$work/err.txt")"
    elif ! grep '^starkv: ' "$work/err.txt" | grep -qF "$disk"; then
        wrong "$writer, $where: the sentence does not name the path: $(last_line "$work/err.txt")"
    else
        sentences=$((sentences + 1))
    fi
    [ "$(cat "$disk/notes.txt")" = 'a former file' ] || wrong "$writer, $where: a former file is not whole"
    if [ -n "$goes_on" ]; then
        mount -o 'remount,size=64m,nr_inodes=0' "$disk"
        if "${command[@]}" > "$work/out.txt" 2> "$work/err.txt"; then
            afterwards=$((afterwards + 1))
        else
            wrong "$writer, $where: does not go on when room is made: $(last_line "$work/err.txt")"
        fi
        [ "$writer" != eval ] || cmp -s "$disk/result/summary.json" "$work/run/summary.json" || wrong "$writer, $where: another summary than an undisturbed run's"
        [ "$writer" != pull ] || diff -r "$work/served" "$(cat "$work/out.txt")" > "$work/difference" || wrong "$writer, $where: the snapshot is not what was served"
    elif [ "$code" != 0 ]; then
        leftovers=$(left_behind | paste -sd' ')
        [ -z "$leftovers" ] || { wrong "$writer, $where: left behind: $leftovers"; left=$((left + 1)); }
    fi
    umount "$disk"
}

# left_behind: what is there and is neither the user's nor whole: of several files that a writer makes, the first may be there when the second fails.
left_behind() {
    local entry
    while read -r entry; do
        if [ -f "$disk/$entry" ]; then
            cmp -s "$disk/$entry" "$work/whole/$entry" || echo "$entry"
        else
            [ -n "$(find "$disk/$entry" -type f)" ] || echo "$entry"
        fi
    done < <(entries "$disk" | grep -vx ./notes.txt || true)
}

# former: the writer replaces its own former result, with room for half of its largest file.
former() {
    local code=0 kept largest
    mount -t tmpfs -o 'size=64m' tmpfs "$disk"
    "${command[@]}" > "$work/out.txt" 2>&1 || wrong "$writer: the former result could not be written: $(last_line "$work/out.txt")"
    rm -rf "$work/kept"
    cp -r "$disk" "$work/kept"
    kept=$(du -s --block-size=1 "$disk" | cut -f1)
    largest=$(find "$disk" -type f -printf '%s\n' | sort -n | tail -n 1)
    mount -o "remount,size=$((kept + largest / 2 / page * page))" "$disk"
    "${command[@]}" > "$work/out.txt" 2> "$work/err.txt" || code=$?
    tries=$((tries + 1))
    if [ "$code" = 2 ] && one_sentence "$work/err.txt"; then sentences=$((sentences + 1)); else wrong "$writer, in place of a former result: exit code $code: $(last_line "$work/err.txt")"; fi
    diff -r "$work/kept" "$disk" > "$work/difference" || wrong "$writer, in place of a former result: it is not whole, or something was left: $(head -n 1 "$work/difference")"
    umount "$disk"
}

try_writer() {
    writer=$1
    command_of "$writer"
    tries=0 fits=0 sentences=0 left=0 afterwards=0
    mount -t tmpfs -o 'size=64m' tmpfs "$disk"
    "${command[@]}" > "$work/out.txt" 2>&1 || wrong "$writer: fails on an empty disk: $(last_line "$work/out.txt")"
    result=$(du -s --block-size=1 "$disk" | cut -f1)
    rm -rf "$work/whole"
    cp -r "$disk" "$work/whole"
    umount "$disk"
    try 'no room' 0 0
    try 'no more names' 4194304 1
    try 'two more names' 4194304 3
    try 'room for a page' "$page" 0
    for percent in 30 60 90; do try "room for $percent %" $((result * percent / 100 / page * page)) 0; done
    try 'room for all but a page' $((result - page)) 0
    [ -n "$goes_on" ] || [ "$writer" = draw ] || former
    row "$writer" "$tries" "$result" "$sentences refused with a sentence, $fits fitted" "$left tries" "${goes_on:+$afterwards of $tries go on when room is made}"
}

tiny_model "$work/tiny" 1
eval_command=("$starkv" eval minigui --model "$work/tiny/model" --limit 3 --max-new-tokens 8 --method full,star-kv --keep "10%,20%")
"${eval_command[@]}" --out "$work/run" > "$work/out.txt" 2>&1
served "$work/served"
serve "$work/served" 100000000 "$work"
for writer in "${writers[@]}"; do try_writer "$writer"; done
stop_serving
finish writer tries "bytes of the result" outcome "left something behind" afterwards
