#!/usr/bin/env python3
"""mutation-table.py REPORT FOLDER…: shows the mutants that survived and puts each folder's row into bench/results/reliability/mutation.json."""
import collections
import datetime
import json
import math
import os
import re
import subprocess
import sys

TARGET = "bench/results/reliability/mutation.json"
ORDER = ["Score", "Select", "Compact", "Cache", "Act", "Weights", "Act/Compatibility"]
COLUMNS = ["folder", "mutants", "killed", "survived", "timed out", "no coverage", "score [Wilson 95 %]", "explained"]
ABOUT = (
    "Every mutant that Stryker.NET makes of the folder's code (texts left out, and what runs on a graphics card alone) against the folder's own tests; "
    "killed or timed out is right, survived or reached by no test is wrong, unless it behaves as the code does (explained, eng/mutation-explained.json).")


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def original(source, location):
    start, end = location["start"], location["end"]
    lines = source.splitlines()[start["line"] - 1 : end["line"]]
    lines[-1] = lines[-1][: end["column"] - 1]
    lines[0] = lines[0][start["column"] - 1 :]
    return plain("\n".join(lines))


def wilson(right, n, z=1.959964):
    if n == 0:
        return (0.0, 1.0)
    share, width = right / n, z * z / n
    centre, half = (share + width / 2) / (1 + width), z * math.sqrt(share * (1 - share) / n + width / (4 * n)) / (1 + width)
    return (centre - half, centre + half)


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    memory = round(int(open("/proc/meminfo").readline().split()[1]) / 2**20)
    system = next((line.split('"')[1] for line in open("/etc/os-release") if line.startswith("PRETTY_NAME")), "Linux")
    dotnet = subprocess.run(["dotnet", "--version"], capture_output=True, text=True).stdout.strip()
    return f"{names[0]}, {os.cpu_count()} cores, {memory} GiB, {system}, .NET SDK {dotnet}, load {open('/proc/loadavg').read().split()[0]}"


def row_of(folder, report, explained):
    """The folder's row; shows what survived without an explanation, and explanations without a mutant."""
    known = {(e["file"], plain(e["from"]), plain(e["to"])) for e in explained if os.path.dirname(e["file"]) == folder}
    count, reasons, met = collections.Counter(), 0, set()
    for path, file in sorted(report["files"].items()):
        name = path.replace("\\", "/").split("/src/StarKV/")[-1]
        if os.path.dirname(name) != folder:
            continue
        for mutant in file["mutants"]:
            count[mutant["status"]] += 1
            change = (name, original(file["source"], mutant["location"]), plain(mutant.get("replacement", "")))
            met.add(change)
            if mutant["status"] not in ("Survived", "NoCoverage"):
                continue
            if change in known:
                reasons += 1
            else:
                print(f"{mutant['status']}: {name}:{mutant['location']['start']['line']}: {change[1][:120]} -> {change[2][:120]}")

    for change in sorted(known - met):
        print(f"explained, but there is no such mutant: {change[0]}: {change[1]} -> {change[2]}")
    right = count["Killed"] + count["Timeout"]
    total = right + count["Survived"] + count["NoCoverage"]
    low, high = wilson(right, total)
    score = f"{100 * right / max(1, total):.1f} % [{100 * low:.1f}, {100 * high:.1f}]"
    return [folder, *(str(n) for n in (total, count["Killed"], count["Survived"], count["Timeout"], count["NoCoverage"])), score, str(reasons)]


def main(path, *folders):
    report, explained = json.load(open(path)), json.load(open("eng/mutation-explained.json"))
    rows = {r[0]: r for r in json.load(open(TARGET))["rows"]} if os.path.exists(TARGET) else {}
    for folder in folders:
        rows[folder] = row_of(folder, report, explained)
        print(", ".join(f"{c} {v}" for c, v in zip(COLUMNS, rows[folder])))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    os.makedirs(os.path.dirname(TARGET), exist_ok=True)
    with open(TARGET, "w", encoding="utf-8") as f:
        json.dump({
            "about": ABOUT, "command": "eng/mutation.sh", "commit": commit, "date": datetime.date.today().isoformat(), "machine": machine(),
            "columns": COLUMNS, "rows": sorted(rows.values(), key=lambda r: ORDER.index(r[0])),
        }, f, ensure_ascii=False, indent=2)
        f.write("\n")


main(*sys.argv[1:])
