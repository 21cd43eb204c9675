#!/usr/bin/env bash
# Times the shipped model on the CPU: whole processes (demo, ground), preprocessing, 200 answers in one process with their memory, and the
# scenarios that bench/gpu.sh runs for the 7B shape (prefill, step, decode, sessions).
# Writes bench/results/<date>-cpu-mini.json. Needs a build: dotnet build -c Release. The machine should be idle.
set -euo pipefail
cd "$(dirname "$0")/.."
starkv=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
bench=bench/StarKV.Bench/bin/Release/net10.0/starkv-bench
commit=$(git rev-parse --short HEAD)
result=bench/results/$(date -u +%F)-cpu-mini.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
seconds() { # seconds NAME RUNS COMMAND…: wall time of whole processes after one warm-up, as a JSON list
  local name=$1 runs=$2 start end
  shift 2
  "$@" > /dev/null 2>&1
  for _ in $(seq "$runs"); do
    start=$(date +%s.%N); "$@" > /dev/null 2>&1; end=$(date +%s.%N)
    awk "BEGIN { printf \"%.3f\\n\", $end - $start }"
  done | paste -sd, | sed "s/.*/\"$name\": [&]/"
}
instruction='Select "Account Fetch"'
{
  seconds demo 10 "$starkv" demo --overlay "$work/demo.png"; echo ,
  seconds ground 10 "$starkv" ground --model models/mini --image models/mini/demo/screenshot.png --instruction "$instruction"
} > "$work/processes"
"$bench" preprocess --count 60 > "$work/preprocess.json" 2> /dev/null
"$bench" answers --count 200 > "$work/answers.json" 2> /dev/null
for scenario in prefill step decode sessions; do
  "$bench" "$scenario" --model models/mini --size 560x420 --device cpu --json > "$work/$scenario.json" 2> /dev/null
done
{
  echo "{ \"commit\": \"$commit\", \"wholeProcessSeconds\": { $(cat "$work/processes") },"
  echo "  \"preprocess\": $(cat "$work/preprocess.json"),"
  for scenario in prefill step decode sessions; do echo "  \"$scenario\": $(cat "$work/$scenario.json"),"; done
  echo "  \"answers\": $(cat "$work/answers.json") }"
} > "$result"
echo "$result"
