#!/usr/bin/env bash
# Times one method at one budget on the first 200 tasks of MiniGui-Bench, as whole processes with a cold start, in both number types of the CPU.
# Writes bench/results/<date>-cpu-evaluate.json. Needs a build: dotnet build -c Release. The machine should be idle; three runs each take about 7 minutes on two cores.
set -euo pipefail
cd "$(dirname "$0")/.."
runs=${1:-3}
result=bench/results/$(date -u +%F)-cpu-evaluate.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
devices=$(seq "$(nproc)" | sed 's/.*/cpu/' | paste -sd,)
seconds() { # seconds TYPE: wall times, separated by commas
  for run in $(seq "$runs"); do
    start=$(date +%s.%N)
    src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli eval minigui --limit 200 --method star-kv --keep 20% --devices "$devices" --dtype "$1" --out "$work/$1-$run" > /dev/null 2>&1
    end=$(date +%s.%N)
    awk "BEGIN { printf \"%.1f\\n\", $end - $start }"
  done | paste -sd,
}
right() { cat "$work/$1-1"/samples-*.jsonl | grep -c '"verdict":"right"'; }
{
  echo "{ \"commit\": \"$(git rev-parse --short HEAD)\", \"cpu\": \"$(lscpu | sed -n 's/^Model name: *//p')\", \"cores\": $(nproc),"
  echo "  \"command\": \"eval minigui --limit 200 --method star-kv --keep 20% --devices $devices\", \"tasks\": 200,"
  echo "  \"float32\": { \"seconds\": [$(seconds float32)], \"right\": $(right float32) },"
  echo "  \"bfloat16\": { \"seconds\": [$(seconds bfloat16)], \"right\": $(right bfloat16) } }"
} > "$work/result.json"
mv "$work/result.json" "$result"
echo "$result"
