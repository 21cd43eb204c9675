#!/usr/bin/env bash
# read-only.sh: every verb that writes on a read-only mount, and what only reads where nothing at all can be written.
# Needs root or namespaces of users; the machine's mounts stay as they are. About a minute.
about='Every verb that writes, on a read-only mount. Right: exit code 2, one sentence that says "read-only" and names the path, and nothing else as the cause. What only reads works where the whole system is read-only: model, home, cache and temporary folder.'
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
in_mount_namespace "$@"
disk=$work/disk elsewhere=$work/elsewhere
mkdir "$disk" "$elsewhere" "$work/said"
# The script's own notes lie on a disk of their own: in the end everything else is read-only.
said=$work/said
mount -t tmpfs tmpfs "$said"
rows_file=$said/rows wrongs_file=$said/wrongs
: > "$rows_file"
: > "$wrongs_file"

# run COMMAND…: in the read-only folder; the exit code is in `code`.
run() {
    code=0
    (cd "$disk" && "$@") > "$said/out.txt" 2> "$said/err.txt" || code=$?
}

# refused VERB COMMAND…
refused() {
    local verb=$1 outcome='refused with a sentence'
    shift
    run "$@"
    if [ "$code" != 2 ] || ! one_sentence "$said/err.txt"; then
        outcome="exit code $code"
        wrong "$verb: exit code $code: $(last_line "$said/err.txt")"
    elif ! grep '^starkv: ' "$said/err.txt" | grep -qi 'read-only'; then
        outcome='another cause is named'
        wrong "$verb: the sentence does not say that it is read-only: $(last_line "$said/err.txt")"
    elif ! grep '^starkv: ' "$said/err.txt" | grep -qF "${names:-$disk}" || grep -q 'nother process' "$said/err.txt"; then
        outcome='the sentence misleads'
        wrong "$verb: the sentence misleads: $(last_line "$said/err.txt")"
    fi
    row "$verb" "output on a read-only mount" "$outcome" "$(last_line "$said/err.txt" | sed "s|$disk|DISK|g")"
}

# works VERB WHERE COMMAND…
works() {
    local verb=$1 where=$2
    shift 2
    run "$@"
    [ "$code" = 0 ] || wrong "$verb, $where: exit code $code: $(last_line "$said/err.txt")"
    row "$verb" "$where" "exit code $code" ''
}

tiny_model "$work/tiny" 1
eval_run() {
    "$starkv" eval minigui --model "$work/tiny/model" --limit "$2" --max-new-tokens 8 --method full,star-kv --keep 20% --out "$1"
}
eval_run "$disk/begun" 1 > "$said/out.txt" 2>&1
eval_run "$disk/done" 2 > "$said/out.txt" 2>&1
cp -r "$work/tiny/model" "$work/tiny/run/log.jsonl" "$disk"
served "$work/served"
serve "$work/served" 100000000 "$said"
HF_HOME=$disk/cache "$starkv" pull org/tiny --endpoint "$address" > "$said/out.txt" 2>&1
mount --bind "$disk" "$disk"
mount -o remount,bind,ro "$disk"

ground=("$starkv" ground --model "$mini" --image "$picture" --instruction 'Select it')
refused 'ground --overlay' "${ground[@]}" --overlay "$disk/overlay.png"
names=starkv-demo.png refused demo "$starkv" demo
refused inspect "$starkv" inspect --model "$mini" --image "$picture" --instruction 'Select it' --method snapkv --out "$disk/page.html"
refused 'eval, a new run' eval_run "$disk/new" 1
refused 'eval, a run that goes on' eval_run "$disk/begun" 2
refused 'eval, a finished run' eval_run "$disk/done" 2
refused 'eval report' "$starkv" eval report "$disk/done" --out "$disk/page.md"
refused 'eval manifest' "$starkv" eval manifest --of-each-kind 1 --out "$disk/tasks.json"
refused report "$starkv" report "$disk/done" --out "$disk/report.html"
refused replay "$starkv" replay "$disk/done"
refused 'minigui draw --out' "$starkv" minigui draw --count 1 --size 336x336 --out "$disk/drawn"
refused 'minigui draw --sheet' "$starkv" minigui draw --count 1 --size 336x336 --sheet "$disk/sheet.png"
refused 'minigui quantize' "$starkv" minigui quantize "$work/tiny/model" "$disk/fp8"
refused 'minigui train' "$starkv" minigui train --out "$disk/trained" --shape "$work/tiny/shape" --device cpu --tokens 1000 --threads 1 --steps 1
refused 'minigui plot' "$starkv" minigui plot "$disk/log.jsonl" --out "$disk/plot.png"
refused pull env HF_HOME="$disk/other" "$starkv" pull org/tiny --endpoint "$address"

inputs='input on a read-only mount, output elsewhere'
works 'eval report' "$inputs" "$starkv" eval report "$disk/done" --out "$elsewhere/page.md"
works report "$inputs" "$starkv" report "$disk/done" --out "$elsewhere/report.html"
works replay "$inputs" "$starkv" replay "$disk/done" --out "$elsewhere/replay"
works 'minigui quantize' "$inputs" "$starkv" minigui quantize "$disk/model" "$elsewhere/fp8"
works 'minigui plot' "$inputs" "$starkv" minigui plot "$disk/log.jsonl" --out "$elsewhere/plot.png"
works 'pull, a complete cache' "$inputs" env HF_HOME="$disk/cache" "$starkv" pull org/tiny --endpoint "$address"

remounted=()
while read -r _ mountpoint kind _; do
    case $kind in proc | sysfs | devpts | devtmpfs | cgroup* | mqueue | *fs_unavailable) continue ;; esac
    if [ "$mountpoint" != "$said" ] && mount -o remount,bind,ro "$mountpoint" 2> "$said/mount.txt"; then
        remounted+=("$mountpoint")
    fi
done < /proc/mounts
! touch "$HOME/x" "$TMPDIR/x" 2> "$said/mount.txt" || wrong 'home and temporary folder can be written; the rest of this test shows nothing'
everything='everything read-only'
works ground "$everything" "${ground[@]}"
works 'ground --json' "$everything" "${ground[@]}" --json
works methods "$everything" "$starkv" methods
works doctor "$everything" "$starkv" doctor
works conformance "$everything" "$starkv" conformance "$root/tests/vectors/cases"
works 'pull, a complete cache' "$everything" env HF_HOME="$disk/cache" "$starkv" pull org/tiny --endpoint "$address"
names=starkv-demo.png refused 'demo' "$starkv" demo
stop_serving
for mountpoint in "${remounted[@]}"; do mount -o remount,bind,rw "$mountpoint" 2> "$said/mount.txt" || true; done
cp "$rows_file" "$work/rows"
cp "$wrongs_file" "$work/wrongs"
rows_file=$work/rows wrongs_file=$work/wrongs
umount "$said"
umount "$disk"
finish verb where outcome "what it says"
