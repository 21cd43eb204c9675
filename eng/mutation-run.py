#!/usr/bin/env python3
"""mutation-run.py REPORT RESULTS PROGRAM…: runs the tests against every mutant of a report, each mutant in a process of its own.

REPORT   Stryker's, which lists the mutants of the library that lies beside each PROGRAM, a program of tests.
RESULTS  a JSON file: what became of each mutant, and which tests were used. What it holds already is not run again; --again runs what survived.

Which classes of tests reach a mutant is found out first, from one run of each class alone. A class that fails then, or takes longer than --longest, is
left out. A mutant is given the quickest of its classes first, and is killed by the first test that fails, by a crash, or by taking four times as long.
"""
import argparse
import collections
import concurrent.futures
import glob
import json
import os
import random
import re
import shutil
import struct
import subprocess
import tempfile
import time

FIRST_BATCH, LEAST_TIMEOUT, TOO_LONG = 6, 40, 4

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("report")
parser.add_argument("results")
parser.add_argument("programs", nargs="+")
parser.add_argument("--jobs", type=int, default=os.cpu_count())
parser.add_argument("--seconds", type=float, default=1e9, help="starts nothing new after this time")
parser.add_argument("--classes", default="", help="a regular expression; other classes are not used")
parser.add_argument("--sample", type=int, default=None, help="tries at most as many, drawn with a fixed seed")
parser.add_argument("--longest", type=float, default=60, help="seconds; classes that take longer are left out")
parser.add_argument("--again", action="store_true", help="tries again what survived or was not reached")
options = parser.parse_args()
begin = time.monotonic()
programs = {os.path.splitext(os.path.basename(p))[0] if p.endswith(".dll") else os.path.basename(p): ["dotnet", p] if p.endswith(".dll") else [p] for p in options.programs}


def machine():
    names = [line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")]
    memory = round(int(open("/proc/meminfo").readline().split()[1]) / 2**20)
    system = next((line.split('"')[1] for line in open("/etc/os-release") if line.startswith("PRETTY_NAME")), "Linux")
    return f"{names[0]}, {os.cpu_count()} cores, {memory} GiB, {system}, load {open('/proc/loadavg').read().split()[0]}"


def command_of(name):
    """The program that holds a class; a class is called PROGRAM:CLASS."""
    program, test_class = name.split(":")
    return programs[program], test_class


def run(names, timeout, **variables):
    """Exit code (None: too long), seconds, and the coverage file's text, of classes of one program in a folder of its own for temporary files."""
    commands = [command_of(name) for name in names]
    arguments = [*commands[0][0], "-noColor", "-noLogo", "-stopOnFail", *(a for _, test_class in commands for a in ("-class", test_class))]
    folder = tempfile.mkdtemp(prefix="mutation-")
    environment = {**os.environ, "TMPDIR": folder, "OMP_NUM_THREADS": "1", "TESTINGPLATFORM_TELEMETRY_OPTOUT": "1", **variables}
    if "mutant" in environment:
        environment["STRYKER_MUTANT_FILE"] = os.path.join(folder, "mutant")
        with open(environment["STRYKER_MUTANT_FILE"], "wb") as active:
            active.write(struct.pack("<i", int(environment.pop("mutant"))))
    start = time.monotonic()
    process = subprocess.Popen(arguments, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        code = process.wait(timeout)
    except subprocess.TimeoutExpired:
        code = None
    finally:
        # Programs that a test started must not outlive it.
        try:
            os.killpg(process.pid, 9)
        except ProcessLookupError:
            pass
        process.wait()
    covered = "".join(open(path).read() for path in glob.glob(os.path.join(folder, "coverage*")))
    shutil.rmtree(folder, ignore_errors=True)
    return code, time.monotonic() - start, covered


def look(name):
    """What one class alone does, with no mutant active."""
    code, seconds, covered = run([name], options.longest, STRYKER_COVERAGE_FILE="coverage.txt")
    return name, code, seconds, [int(n) for n in re.findall(r"\d+", covered)]


def try_mutant(mutant, classes):
    """Killed, Timeout, Survived or NoCoverage, and the class or classes that it died in."""
    if not classes:
        return mutant, "NoCoverage", ""
    batches, size = [[]], 0
    for name, seconds in classes:
        other = batches[-1] and batches[-1][0].split(":")[0] != name.split(":")[0]
        if other or batches[-1] and size + seconds > FIRST_BATCH * 4 ** (len(batches) - 1):
            batches.append([])
            size = 0
        batches[-1].append(name)
        size += seconds
    durations = dict(classes)
    for batch in batches:
        if time.monotonic() - begin > options.seconds:
            return mutant, None, ""
        limit = max(LEAST_TIMEOUT, TOO_LONG * sum(durations[name] for name in batch))
        code, _, _ = run(batch, limit, mutant=str(mutant))
        if code != 0:
            return mutant, "Timeout" if code is None else "Killed", ",".join(batch) if len(batch) < 4 else f"{len(batch)} classes"
    return mutant, "Survived", ""


def save(results):
    with open(options.results + ".new", "w") as f:
        json.dump(results, f, indent=1)
    os.replace(options.results + ".new", options.results)


mutants = [
    int(m["id"]) for path, file in sorted(json.load(open(options.report))["files"].items()) for m in file["mutants"]
    if m["status"] in ("Killed", "Survived", "Timeout", "NoCoverage")]
# Were the time too short, what was tried is a sample.
random.Random(21).shuffle(mutants)
mutants = mutants[: options.sample]
results = json.load(open(options.results)) if os.path.exists(options.results) else {"classes": {}, "mutants": {}}
with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
    listed = {p: subprocess.run([*start, "-list", "classes", "-noLogo"], capture_output=True, text=True, check=True).stdout.split() for p, start in programs.items()}
    names = [f"{p}:{c}" for p, classes in listed.items() for c in classes if re.search(options.classes, f"{p}:{c}")]
    fresh = [name for name in names if name not in results["classes"]]
    reached = collections.defaultdict(list)
    covered_by = results.setdefault("covered", {})
    for name, code, seconds, covered in pool.map(look, fresh):
        results["classes"][name] = {"code": code, "seconds": round(seconds, 1)}
        covered_by[name] = covered
        if code != 0:
            print(f"left out: {name} ({'too long' if code is None else f'exit code {code}'})", flush=True)
    save(results)
    for name in names:
        if (found := results["classes"][name])["code"] == 0 and found["seconds"] <= options.longest:
            for mutant in set(covered_by[name]):
                reached[mutant].append((name, found["seconds"]))
    print(f"{len(names)} classes after {time.monotonic() - begin:.0f} s", flush=True)
    done = {int(m) for m, r in results["mutants"].items() if not (options.again and r["status"] in ("Survived", "NoCoverage"))}
    jobs = [pool.submit(try_mutant, m, sorted(reached[m], key=lambda c: (c[0].split(":")[0] != next(iter(programs)), c[1]))) for m in mutants if m not in done]
    for n, job in enumerate(concurrent.futures.as_completed(jobs)):
        mutant, status, where = job.result()
        if status is not None:
            results["mutants"][str(mutant)] = {"status": status, "by": where}
        if n % 50 == 0:
            save(results)
# What survives takes longest: were the time over, counting those behind a mutant that did not end would leave out survivors.
order = [str(m) for m in mutants]
cut = next((i for i, m in enumerate(order) if m not in results["mutants"]), len(order))
for mutant in order[cut:]:
    results["mutants"].pop(mutant, None)
results["machine"], results["longest"] = machine(), options.longest
results["options"] = [*(["--sample", str(options.sample)] if options.sample else []), "--longest", f"{options.longest:g}"]
save(results)
count = collections.Counter(r["status"] for r in results["mutants"].values())
print(f"{len(results['mutants'])} of {len(mutants)} mutants after {time.monotonic() - begin:.0f} s: {dict(count)}")
