#!/usr/bin/env bash
# parser-growth.sh: writes bench/results/reliability/parsers.json: how long the slowest parser takes for 32 KB and for 256 KB of each heap of scraps.
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1
rows=$(mktemp)
trap 'rm -f "$rows"' EXIT
dotnet build -c Release --verbosity quiet tests/StarKV.Evaluation.Tests
STARKV_PARSER_GROWTH=$rows dotnet tests/StarKV.Evaluation.Tests/bin/Release/net10.0/StarKV.Evaluation.Tests.dll -noColor -noLogo \
    -method 'StarKV.Evaluation.Tests.Issues.AnswersThatNeverEnded.Eight_times_the_text_takes_about_eight_times_as_long'
mkdir -p bench/results/reliability
python3 - "$rows" "$(git rev-parse --short HEAD)" > bench/results/reliability/parsers.json <<'PYTHON'
import datetime, json, os, platform, subprocess, sys
rows = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
show = lambda text: json.dumps(text, ensure_ascii=True)[1:-1].replace("`", "'")
rows.sort(key=lambda row: -int(row[5]))
processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
runtime = subprocess.run(["dotnet", "--list-runtimes"], capture_output=True, text=True).stdout
net = [line.split()[1] for line in runtime.splitlines() if line.startswith("Microsoft.NETCore.App 10.")][-1]
system = next(line.split("=")[1].strip().strip('"') for line in open("/etc/os-release") if line.startswith("PRETTY_NAME"))
print(json.dumps({
    "about": f"{len(rows)} heaps (scraps in front, one repeated, scraps behind), each read by 18 readers of answers; the slowest reader of each. Right is at most 24 times as long, and 300 ms, for eight times the text; quadratic time would be 64 times.",
    "command": "eng/parser-growth.sh",
    "commit": sys.argv[2],
    "date": datetime.date.today().isoformat(),
    "machine": f"{processor}, {os.cpu_count()} cores, {system}, .NET {net}, load {os.getloadavg()[0]:.0f}; processor time of the thread",
    "columns": ["in front", "repeated", "behind", "slowest reader", "ms for 32 KB", "ms for 256 KB"],
    "rows": [[show(cell) for cell in row[:3]] + row[3:] for row in rows],
}, indent=1))
PYTHON
