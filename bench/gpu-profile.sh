#!/usr/bin/env bash
# gpu-profile.sh OUT [SCENARIO…]: the kernels of a prefill with five screenshots and of a decode, 7B shape, or of the first steps of a training (train), one by one:
# name, grid, calls and microseconds. Needs ncu beside what gpu-env.sh needs. Kernels run alone here, without the limits of power and heat that a loaded card has.
set -euo pipefail
out=${1:?usage: bench/gpu-profile.sh OUTPUT-FOLDER [prefill|decode|train …]}
shift
[ $# -gt 0 ] || set -- prefill decode
mkdir -p "$out"
. "$(dirname "$0")/gpu-env.sh"
for scenario; do
    work=("$STARKV_BENCH" "$scenario" --screens 5 --method full --repeats 1)
    [ "$scenario" != train ] || work=("$STARKV" minigui train --out "$(mktemp -d)" --steps 3 --easy-steps 0)
    ncu --csv --clock-control none --metrics gpu__time_duration.sum -c 4500 "${work[@]}" 2> /dev/null | sed -n '/^"ID"/,$p' > "$out/$scenario.csv" || true
done
python3 - "$out" "$@" <<'PY'
import csv
import json
import sys

out, units, profile = sys.argv[1], {"ns": 1e-3, "nsecond": 1e-3, "us": 1, "usecond": 1, "ms": 1e3, "msecond": 1e3}, {}
for scenario in sys.argv[2:]:
    rows = list(csv.DictReader(open(f"{out}/{scenario}.csv", errors="replace")))
    # Weights are drawn first; what follows is the work.
    start = max((i for i, row in enumerate(rows) if "distribution" in row["Kernel Name"]), default=-1) + 1
    kernels = {}
    for row in rows[start:]:
        calls = kernels.setdefault((row["Kernel Name"][:120], row["Grid Size"]), [])
        calls.append(float(row["Metric Value"].replace(",", "")) * units[row["Metric Unit"]])
    profile[scenario] = [{"kernel": name, "grid": grid, "calls": len(times), "microsecondsEach": round(sum(times) / len(times), 1), "milliseconds": round(sum(times) / 1e3, 2)}
                         for (name, grid), times in sorted(kernels.items(), key=lambda k: -sum(k[1]))]
json.dump({"about": "Kernels of the first calls, warm-up included, each measured alone by ncu.", **profile}, open(f"{out}/profile.json", "w"), indent=1)
PY
