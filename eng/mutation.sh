#!/usr/bin/env bash
# mutation.sh [FOLDER…]: changes the code of src/StarKV/FOLDER in one place at a time (a mutant, made by Stryker.NET), runs the tests that reach the
# place, and puts the folder's row into bench/results/reliability/mutation.json. Default: all folders below; most of an hour and more. Rows of folders
# that are not named stay as they are.
# A mutant that survives is shown, unless eng/mutation-explained.json says why no test can tell it from the code.
# Stryker leaves changed libraries in bin/: run this in a clone or worktree of its own.
#   STARKV_MUTATION_OUT   folder of the reports; default TestResults/mutation
set -euo pipefail
cd "$(dirname "$0")/.."
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 TESTINGPLATFORM_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 DOTNET_CLI_USE_MSBUILD_SERVER=0 UseSharedCompilation=false
out="$(realpath -m "${STARKV_MUTATION_OUT:-TestResults/mutation}")"
[ $# -gt 0 ] || set -- Cache Compact Select Score Weights Act Act/Compatibility

# The tests that a folder is held to: those of its own namespace, and those of issues that were mended in it.
tests_of() {
    local spaces=() space filter=""
    case $1 in
        Cache | Compact) spaces=(Cache Compact Issues.CompressionThatDoesNotFit Issues.CancellingWithinOneLayer Prefill.StepTests) ;;
        Select) spaces=(Select Compact Issues.PyramidOvershoots Issues.Budgets Issues.WholeNumbers Issues.ArgumentsThatAreNull) ;;
        Score) spaces=(Score Select Issues.MemoriesReset Issues.PyramidOvershoots) ;;
        Weights) spaces=(Weights Issues.ProcessorConfig Issues.JsonWith Issues.FilesThatWereNever Issues.NoWeights Issues.OtherPrograms) ;;
        *) spaces=(Act Issues.Answers Issues.CutAnswers Issues.Drags Issues.KeyLists Issues.ListsOfKeys Issues.Outside Issues.PythonLiterals Issues.Stray Issues.StarKvParser) ;;
    esac
    # Two classes of random scenes take minutes for each mutant that survives them; without them the score is a lower bound.
    for space in "${spaces[@]}"; do filter+="${filter:+|}(FullyQualifiedName~StarKV.Tests.$space&FullyQualifiedName!~MethodMatrixTests&FullyQualifiedName!~EqualBytesTests.Every_method)"; done
    echo "$filter"
}

dotnet tool restore
dotnet build -c Release --verbosity quiet tests/StarKV.Tests
filter="" mutate=()
for folder in "$@"; do
    filter+="${filter:+|}$(tests_of "$folder")"
    mutate+=(--mutate "**/StarKV/$folder/*.cs")
done
# What runs on a graphics card alone is not reached here.
(cd tests/StarKV.Tests && dotnet stryker --config-file ../../eng/stryker-config.json --skip-version-check --output "$out" \
    --test-case-filter "$filter" "${mutate[@]}" --mutate '!**/Kernels/*.cs' --mutate '!**/RowGather.cs')
python3 eng/mutation-table.py "$out/reports/mutation-report.json" "$@"
