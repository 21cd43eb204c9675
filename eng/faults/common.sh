# Common parts of the fault tests; each of them sources it. Needs a build (dotnet build -c Release), bash 5 and what every Debian has:
# coreutils, util-linux, grep, sed, find, cmp. Nothing is left on the machine: everything happens in a folder that is deleted in the end.
# A script calls `row` for every row of its table, `wrong` for what is not as it must be, and `finish` once.
set -euo pipefail
shopt -s nullglob

about="${about:?a fault test says in one sentence what it does and what counts as right}"
name=$(basename "$0" .sh)
this_command="eng/faults/$name.sh${*:+ $*}"
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
starkv=$root/src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
soak=$root/tests/StarKV.Soak/bin/Release/net10.0/StarKV.Soak
mini=$root/models/mini
picture=$root/tests/vectors/mini/relation_0_0.png
# STARKV_FAULTS_OUT is a folder for the results of trial runs; recorded ones lie in the repository.
results=${STARKV_FAULTS_OUT:-$root/bench/results/reliability}
for program in "$starkv" "$soak"; do
    [ -x "$program" ] || { echo "$name: $program is missing; build with: dotnet build -c Release" >&2; exit 2; }
done

callers_home=$HOME callers_tmp=${TMPDIR:-/tmp}
work=$(mktemp -d)
hub=
clean_up() {
    [ -z "$hub" ] || kill "$hub"
    rm -rf "$work"
}
trap clean_up EXIT
mkdir "$work/home" "$work/tmp"
# Tests that run side by side have lists of their own for a while.
rows_file=$work/rows wrongs_file=$work/wrongs
: > "$rows_file"
: > "$wrongs_file"
# libtorch stays where restore has put it.
export NUGET_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages}
# What the command leaves in the home or among temporary files is seen, and nothing of the caller's is used. The runtime's own sockets are not ours.
export HOME=$work/home TMPDIR=$work/tmp DOTNET_EnableDiagnostics=0 DOTNET_CLI_HOME=$HOME
unset XDG_CACHE_HOME HF_HOME HF_HUB_CACHE HUGGINGFACE_HUB_CACHE HF_HUB_OFFLINE HF_TOKEN HF_TOKEN_PATH HF_ENDPOINT STARKV_TRACE
# Work is tiny: threads would mostly wait for one another.
export OMP_NUM_THREADS=1
load_before=$(cut -d' ' -f1 /proc/loadavg)
RANDOM=21

# random FROM TO: a number of the seeded series, in `drawn`; not in a subshell, which would draw the same one again.
random() {
    drawn=$(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
}

# now: milliseconds, in `now`.
now() {
    now=$((${EPOCHREALTIME/[.,]/} / 1000))
}

# pause MILLISECONDS
pause() {
    sleep "$(($1 / 1000)).$(printf %03d $(($1 % 1000)))"
}

# row CELL…: a row of the table.
row() {
    local line='' cell
    # An empty cell would be lost when the row is read again.
    for cell; do line+=${cell:-–}$'\t'; done
    printf '%s\n' "${line%$'\t'}" >> "$rows_file"
    printf '%s\n' "${line%$'\t'}" | sed 's/\t/ | /g'
}

# wrong SENTENCE: something is not as it must be.
wrong() {
    printf '%s\n' "$*" >> "$wrongs_file"
    printf 'WRONG: %s\n' "$*" >&2
}

# last_line FILE: what a command said in the end, on one line, without the names of this run's folders.
last_line() {
    tail -n 1 "$1" | sed "s|$work|…|g; s|$root|.|g; s/[[:cntrl:]]//g" | cut -c1-240
}

# one_sentence FILE: true when the command's stderr ends with one sentence of its own and holds no stack trace and no internal error.
one_sentence() {
    [ "$(grep -c '^starkv: ' "$1")" = 1 ] && ! grep -q -e '^   at ' -e 'internal error' -e 'Unhandled exception' "$1"
}

# entries FOLDER: everything below a folder, sorted.
entries() {
    (cd "$1" && find . -mindepth 1 | LC_ALL=C sort)
}

# tiny_model FOLDER SEED: trains two small layers for one step, which gives FOLDER/model, a model folder in bfloat16, within seconds.
tiny_model() {
    mkdir -p "$1"
    "$soak" shape "$1" > "$1/shape.txt"
    "$starkv" minigui train --out "$1/run" --shape "$1/shape" --device cpu --tokens 1000 --threads 1 --minutes 5 --steps 1 --log-every 1 --seed "$2" > "$1/log" 2>&1
    cp -r "$1/run/latest" "$1/model"
}

# serve FOLDER BYTES_PER_SECOND NOTES: serves a folder's files as org/tiny on 127.0.0.1; its address is in `address`, its process in `hub`. Ended by stop_serving.
serve() {
    "$soak" hub "$1" "$2" > "$3/address" 2> "$3/hub.err" &
    hub=$!
    until [ -s "$3/address" ]; do
        kill -0 "$hub" || { echo "$name: the hub does not start: $(last_line "$3/hub.err")" >&2; exit 2; }
        pause 50
    done
    address=$(cat "$3/address")
}

stop_serving() {
    kill "$hub"
    { wait "$hub" || true; } 2> /dev/null
    hub=
}

# served FOLDER: the files of the tiny model that a pull fetches.
served() {
    mkdir "$1"
    cp "$work"/tiny/model/{config.json,tokenizer.json,model.safetensors} "$1"
}

# soak_mode ARGUMENT…: a mode of the program that drives the library in process; its rows and faults become the script's.
soak_mode() {
    local kind what n found lines=$work/soak.txt
    "$soak" "$@" > "$lines" 2> "$work/soak.err" || [ -s "$lines" ] || wrong "$* ended with $?: $(last_line "$work/soak.err")"
    while IFS=$'\t' read -r kind what n found; do
        case $kind in
            row) row "$what" "$n" "$found" ;;
            wrong) wrong "$*: $what" ;;
        esac
    done < "$lines"
}

json_text() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

json_list() {
    local first=1 cell
    printf '['
    for cell; do
        [ -n "$first" ] || printf ', '
        first=
        json_text "$cell"
    done
    printf ']'
}

machine() {
    local processor memory system runtime
    processor=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
    memory=$(($(sed -n 's/^MemTotal: *\([0-9]*\) kB/\1/p' /proc/meminfo) / 1000 / 1000))
    system=$(sed -n 's/^PRETTY_NAME="\(.*\)"/\1/p' /etc/os-release)
    runtime=$(dotnet --list-runtimes | sed -n 's/^Microsoft.NETCore.App \(10[^ ]*\) .*/\1/p' | tail -n 1)
    echo "$processor, $(nproc --all) cores, $memory GB, $system, .NET $runtime, load $load_before before and $(cut -d' ' -f1 /proc/loadavg) after"
}

# finish COLUMN…: writes the result and ends with 1 if something was wrong.
finish() {
    local faults cells first=1
    faults=$(wc -l < "$wrongs_file")
    mkdir -p "$results"
    {
        printf '{\n  "about": '; json_text "$about"
        printf ',\n  "command": '; json_text "$this_command"
        printf ',\n  "commit": '; json_text "$(git -C "$root" rev-parse --short HEAD 2> /dev/null || echo unknown)"
        printf ',\n  "date": '; json_text "$(date -u +%F)"
        printf ',\n  "machine": '; json_text "$(machine)"
        printf ',\n  "columns": '; json_list "$@"
        printf ',\n  "rows": ['
        while IFS=$'\t' read -r -a cells; do
            [ -n "$first" ] || printf ','
            first=
            printf '\n    '; json_list "${cells[@]}"
        done < "$rows_file"
        printf '\n  ]\n}\n'
    } > "$results/$name.json"
    echo "$name: $(wc -l < "$rows_file") rows, $faults wrong: $results/$name.json"
    [ "$faults" -eq 0 ] || exit 1
}

# in_mount_namespace ARGUMENT…: runs the script again where its mounts are its own; with root's rights, or as root of a namespace of users.
in_mount_namespace() {
    [ -z "${STARKV_FAULTS_MOUNTS:-}" ] || return 0
    local as=(--mount)
    [ "$(id -u)" = 0 ] || as=(--map-root-user --mount)
    unshare "${as[@]}" true 2> /dev/null || { echo "$name: mounts need root or namespaces of users, which this machine does not allow" >&2; exit 2; }
    rm -rf "$work"
    STARKV_FAULTS_MOUNTS=1 HOME=$callers_home TMPDIR=$callers_tmp exec unshare "${as[@]}" bash "$root/eng/faults/$name.sh" "$@"
}
