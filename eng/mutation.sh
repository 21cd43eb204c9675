#!/usr/bin/env bash
# mutation.sh [OPTION…]: changes the code of a library in one place at a time (a mutant, made by Stryker.NET), runs the tests that reach the place, each
# mutant in a process of its own, and writes bench/results/reliability/mutation.json. Hours of two cores for all 2,800 mutants; OPTIONs are those of
# eng/mutation-run.py, which goes on where it was: --seconds 3600 --sample 600 tries 600 of them at most, and an hour long.
# A mutant that survives is shown, unless eng/mutation-explained.json says why no test can tell it from the code.
#   STARKV_MUTATION_LIBRARY   StarKV (default): the engine; StarKV.Evaluation: its reproductions of released parsers, into mutation-released.json
# Stryker leaves a changed library in bin/: run this in a clone or worktree of its own.
#   STARKV_MUTATION_OUT   folder of the report, the results and the changed library; default TestResults/mutation/LIBRARY
#   STARKV_MUTATION_MAKE  anything: only makes the report and the changed library, for another machine to try
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
library="${STARKV_MUTATION_LIBRARY:-StarKV}"
out="$(realpath -m "${STARKV_MUTATION_OUT:-TestResults/mutation/$library}")"
if [ "$library" = StarKV ]; then
    folders=(Cache Budget Score Score/Wrappers Select Compact Weights Act)
    # Of other folders these files alone: what reads the files beside the weights, and what belongs to the folders above.
    files=(Files/JsonFile Files/JsonFields Files/MessageText Input/PreprocessorConfig Models/GenerationConfig Observe/MemoryTensors Prefill/CacheBuild)
    # The engine's own tests first; then those of its users that know what answers and checkpoints must give.
    projects=(StarKV.Tests StarKV.Evaluation.Tests StarKV.Cli.Tests)
    target=bench/results/reliability/mutation.json
    begin=StarKV.Tests.Cache.KvLayerTests
else
    folders=(Released)
    files=()
    projects=(StarKV.Evaluation.Tests StarKV.Cli.Tests)
    target=bench/results/reliability/mutation-released.json
    begin=StarKV.Evaluation.Tests.Released.DoubleTextTests
fi
classes='^StarKV.Tests:|^StarKV.Evaluation.Tests:.*(Benchmarks|Issues|Released)|^StarKV.Cli.Tests:.*Conformance'

dotnet tool restore
mkdir -p "$out"
if [ ! -e "$out/$library.dll" ]; then
    for project in "${projects[@]}"; do dotnet build -c Release --verbosity quiet "tests/$project"; done
    mutate=()
    for folder in "${folders[@]}"; do mutate+=(--mutate "**/$library/$folder/*.cs"); done
    for file in "${files[@]}"; do mutate+=(--mutate "**/$library/$file.cs"); done
    # The library with all mutants lies beside the tests only while Stryker runs, which tests with one class here: that is what mutation-run.py is for.
    built=tests/${projects[0]}/bin/Release/net10.0
    while ! { [ -e "$built/$library.dll.stryker-unchanged" ] && grep -q MutantControl "$built/$library.dll"; } 2> /dev/null; do sleep 1; done \
        && sleep 3 && cp "$built/$library.dll" "$out/$library.dll" &
    watcher=$!
    trap 'kill "$watcher" 2> /dev/null || true' EXIT
    # What runs on a graphics card alone is not reached here.
    (cd "tests/${projects[0]}" && dotnet stryker --config-file ../../eng/stryker-config.json --project "$library.csproj" --skip-version-check --output "$out" \
        --test-case-filter "FullyQualifiedName~$begin" "${mutate[@]}" --mutate '!**/*OnCard.cs')
    wait "$watcher"
fi
[ -z "${STARKV_MUTATION_MAKE:-}" ] || exit 0
programs=()
for project in "${projects[@]}"; do
    changed="tests/$project/bin/Release/mutated"
    rm -rf "$changed"
    cp -r "tests/$project/bin/Release/net10.0" "$changed"
    cp "$out/$library.dll" "$changed/$library.dll"
    programs+=("$changed/$project.dll")
done
python3 eng/mutation-run.py "$out/reports/mutation-report.json" "$out/results.json" "${programs[@]}" --classes "$classes" "$@"
# Rooms of which single files are changed.
rooms=()
[ ${#files[@]} -eq 0 ] || mapfile -t rooms < <(dirname "${files[@]}" | sort -u)
python3 eng/mutation-table.py "$target" "$out/reports/mutation-report.json" "$out/results.json" "${folders[@]}" "${rooms[@]}"
