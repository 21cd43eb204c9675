#!/usr/bin/env bash
# fuzz.sh [INPUTS [SEED]]: gives mutated inputs to every reader and parser and writes bench/results/reliability/fuzz.json.
# INPUTS in all, default 10,000,000, about 15 minutes of one core; SEED, default 1, decides which.
# Exit code 1 when something was found; each finding stands in the output with the options that make its input again.
#   STARKV_FUZZ_JOBS  processes at work; default 2
#   STARKV_FUZZ_OUT   the file; default bench/results/reliability/fuzz.json
set -euo pipefail
cd "$(dirname "$0")/.."
inputs=${1:-10000000}
seed=${2:-1}
jobs=${STARKV_FUZZ_JOBS:-2}
out=${STARKV_FUZZ_OUT:-bench/results/reliability/fuzz.json}
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

dotnet build -c Release --verbosity quiet tests/StarKV.Fuzz
table="$(mktemp)"
trap 'rm -f "$table"' EXIT
status=0
dotnet tests/StarKV.Fuzz/bin/Release/net10.0/StarKV.Fuzz.dll --inputs "$inputs" --seed "$seed" --jobs "$jobs" --out "$table" || status=$?
# 1 is a finding, and the table says so; anything else is no result.
[ "$status" -le 1 ] || exit "$status"

field() { printf '"%s": "%s",\n  ' "$1" "$2"; }
mkdir -p "$(dirname "$out")"
{
    printf '{\n  '
    field about "Mutated inputs for every reader and parser, seed $seed. Right is: read, or refused with a sentence; parsers take everything. An input that makes any other exception, contradicts what was promised, ends the process or allocates more than 4 times its size and 64 MiB counts as other (a picture's size is that of its pixels as they are read, 10 bytes each; managed memory of all threads counts); one that takes more than 10 s of processor time as a hang."
    field command "eng/fuzz.sh $inputs $seed"
    field commit "$(git rev-parse --short HEAD)"
    field date "$(date -u +%F)"
    field machine "$(sed -nE 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1), $(nproc) cores, $(awk '/^MemTotal/ { printf "%.0f", $2 / 1048576 }' /proc/meminfo) GiB, $(. /etc/os-release && echo "$NAME $VERSION_ID"), .NET $(dotnet --list-runtimes | sed -nE 's/^Microsoft.NETCore.App (10[^ ]*) .*/\1/p' | tail -n 1), load $(cut -d ' ' -f 1 /proc/loadavg) at the end"
    # Without the opening brace.
    sed 1d "$table" | sed '1s/^ *//'
} > "$out"
exit "$status"
