#!/usr/bin/env python3
"""mutation-table.py TARGET REPORT RESULTS FOLDER…: shows the mutants that survived and writes a row for each folder into TARGET, a JSON file."""
import collections
import datetime
import json
import math
import os
import re
import subprocess
import sys

COLUMNS = ["folder", "mutants", "tried", "killed", "survived", "timed out", "not reached", "score [Wilson 95 %]", "explained", "score without the explained"]
ABOUT = (
    "Mutants that Stryker.NET makes of the folder's code (texts left out, and what runs on a graphics card alone), a random sample where not all were tried, "
    "each in a process of its own, against the tests of the engine, of the evaluation and of the vectors; killed or timed out is right, survived or not reached "
    "is wrong, unless it behaves as the code does (explained, eng/mutation-explained.json). Classes of tests that take more than %g s were not used.")


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


def score(right, n):
    low, high = wilson(right, n)
    return f"{100 * right / max(1, n):.1f} % [{100 * low:.1f}, {100 * high:.1f}]"


def row_of(folder, report, results, explained):
    """The folder's row; shows what survived without an explanation, and explanations without a mutant."""
    known = {(e["file"], plain(e["from"]), plain(e["to"])) for e in explained if folder in ("all", os.path.dirname(e["file"]))}
    count, total, reasons, met = collections.Counter(), 0, 0, set()
    for path, file in sorted(report["files"].items()):
        name = re.sub(r"^.*/src/[^/]+/", "", path.replace("\\", "/"))
        if folder not in ("all", os.path.dirname(name)):
            continue
        for mutant in file["mutants"]:
            change = (name, original(file["source"], mutant["location"]), plain(mutant.get("replacement", "")))
            met.add(change)
            if mutant["status"] in ("CompileError", "Ignored"):
                continue
            total += 1
            status = results.get(mutant["id"], {}).get("status")
            if status is None:
                continue
            count[status] += 1
            if status in ("Survived", "NoCoverage"):
                if change in known:
                    reasons += 1
                elif folder != "all":
                    print(f"{status}: {mutant['id']} {name}:{mutant['location']['start']['line']}: {change[1][:120]} -> {change[2][:120]}")

    for change in sorted(known - met) if folder == "all" else []:
        print(f"explained, but there is no such mutant: {change[0]}: {change[1]} -> {change[2]}")
    right, tried = count["Killed"] + count["Timeout"], sum(count.values())
    numbers = (total, tried, count["Killed"], count["Survived"], count["Timeout"], count["NoCoverage"])
    return [folder, *(str(n) for n in numbers), score(right, tried), str(reasons), score(right, tried - reasons)]


def main(target, report_path, results_path, *folders):
    report = json.load(open(report_path))
    explained = [e for e in json.load(open("eng/mutation-explained.json")) if os.path.dirname(e["file"]) in folders]
    results = json.load(open(results_path))
    rows = [row_of(folder, report, results["mutants"], explained) for folder in (*folders, "all")]
    for row in rows:
        print(", ".join(f"{c} {v}" for c, v in zip(COLUMNS, row)))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    os.makedirs(os.path.dirname(target), exist_ok=True)
    with open(target, "w", encoding="utf-8") as f:
        json.dump({
            "about": ABOUT % results["longest"], "command": " ".join(["eng/mutation.sh", *results["options"]]), "commit": commit, "date": datetime.date.today().isoformat(), "machine": results["machine"],
            "columns": COLUMNS, "rows": rows,
        }, f, ensure_ascii=False, indent=2)
        f.write("\n")


main(*sys.argv[1:])
