#!/usr/bin/env bash
# Where the CPU time of an evaluation goes: samples 40 tasks of MiniGui-Bench on one thread with perf (Debian: linux-perf).
# Writes bench/results/<date>-cpu-mini-profile.json. Needs a build: dotnet build -c Release.
set -euo pipefail
cd "$(dirname "$0")/.."
result=bench/results/$(date -u +%F)-cpu-mini-profile.json
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
run=(eval minigui --limit 40 --method star-kv --keep 20% --device cpu --out "$work/run")
OMP_NUM_THREADS=1 perf record -F 499 -o "$work/perf.data" src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli "${run[@]}" > /dev/null 2>&1
perf report -i "$work/perf.data" --no-children --stdio --sort dso,symbol -F overhead,dso,symbol --field-separator '|' 2> /dev/null > "$work/symbols"
python3 - "$work" "$result" "$(git rev-parse --short HEAD)" <<'PY'
import json
import re
import sys

work, result, commit = sys.argv[1:]
kinds = [
    ("matrix products", r"gemm"), ("matrix times vector", r"gemv"), ("attention", r"flash_attention|softmax"), ("just-in-time compiler", r"libclrjit"),
    (".NET runtime", r"libcoreclr|System\.Private|doublemapper|\[JIT\]|perf-\d+\.map"), ("system", r"kernel\.kallsyms"), ("other tensor operations and copies", r"libtorch|libc10"),
]
shares = {kind: 0.0 for kind, _ in kinds} | {"rest": 0.0}
for line in open(f"{work}/symbols"):
    fields = line.strip().split("|", 1)
    if line.startswith("#") or len(fields) < 2 or not fields[0].strip().endswith("%"):
        continue
    kind = next((k for k, pattern in kinds if re.search(pattern, fields[1])), "rest")
    shares[kind] += float(fields[0].strip()[:-1])
samples = [json.loads(line) for line in open(f"{work}/run/samples-1-of-1.jsonl")]
times = {stage: round(sum(s["milliseconds"][stage] for s in samples) / len(samples), 1) for stage in samples[0]["milliseconds"]}
json.dump({
    "about": "Shares of CPU samples in percent, start-up of the process included; milliseconds a task are means.",
    "commit": commit, "n": len(samples), "environment": json.load(open(f"{work}/run/run.json"))["environment"],
    "percentOfSamples": {k: round(v, 1) for k, v in shares.items()}, "millisecondsATask": times,
}, open(result, "w"), indent=2)
print(open(result).read())
PY
