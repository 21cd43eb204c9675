#!/usr/bin/env python3
"""mutation-again.py REPORT PROGRAM CLASS…: runs the tests against each mutant that survived once more, each in a process of its own.

Stryker tests many mutants in one process; what a process computes once (a static table) is then that of the first. PROGRAM is the test program beside
the library with all mutants in it. A mutant that dies now is written into the report as killed.
"""
import json
import os
import struct
import subprocess
import sys
import tempfile

report_path, program, *classes = sys.argv[1:]
report = json.load(open(report_path))
wanted = [argument for name in classes for argument in ("-class", name)]


def status(mutant, active):
    """What becomes of a mutant, or of the code itself (-1), in a process of its own."""
    active.seek(0)
    active.write(struct.pack("<i", mutant))
    active.flush()
    command = ["dotnet", program, "-noColor", "-noLogo", "-stopOnFail", *wanted]
    try:
        code = subprocess.run(
            command, env={**os.environ, "STRYKER_MUTANT_FILE": active.name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600).returncode
    except subprocess.TimeoutExpired:
        return "Timeout"
    return "Survived" if code == 0 else "Killed"


with tempfile.NamedTemporaryFile() as active:
    if status(-1, active) != "Survived":
        sys.exit("mutation-again.py: the tests fail without a mutant; nothing was tried.")
    for path, file in sorted(report["files"].items()):
        for mutant in file["mutants"]:
            if mutant["status"] != "Survived":
                continue
            mutant["status"] = status(int(mutant["id"]), active)
            if mutant["status"] != "Survived":
                print(f"{mutant['status']} alone: {path.split('/src/StarKV/')[-1]}:{mutant['location']['start']['line']}: {mutant['mutatorName']}", flush=True)
json.dump(report, open(report_path, "w"))
