#!/usr/bin/env bash
# Times making and drawing samples of the synthetic GUI world on one thread. Writes bench/results/<date>-minigui-draw.json.
# Needs a build: dotnet build -c Release. The machine should be idle.
set -euo pipefail
cd "$(dirname "$0")/.."
result=bench/results/$(date -u +%F)-minigui-draw.json
bench=bench/StarKV.Bench/bin/Release/net10.0/starkv-bench
echo "{ \"commit\": \"$(git rev-parse --short HEAD)\", \"load\": \"$(cut -d' ' -f1 /proc/loadavg)\", \"minigui\": $("$bench" minigui 2> /dev/null) }" > "$result"
echo "$result"
