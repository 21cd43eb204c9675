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

# The tests that a folder is held to: those of its own namespace and of its neighbours', and those of issues that were mended in it.
tests_of() {
    case $1 in
        Cache | Compact) echo Cache Compact Issues.CompressionThatDoesNotFit ;;
        Select) echo Select Compact.CacheBuild Issues.PyramidOvershoots Issues.BudgetsThat Issues.WholeNumbers Issues.ArgumentsThatAreNull ;;
        Score) echo Score Select Issues.PyramidOvershoots Issues.ArgumentsThatAreNull ;;
        Weights) echo Weights Issues.ProcessorConfig Issues.JsonWith Issues.FilesThatWereNever Issues.NoWeights Issues.OtherPrograms ;;
        *) echo Act Issues.AnswersCut Issues.CutAnswers Issues.Drags Issues.KeyLists Issues.ListsOfKeys Issues.PythonLiterals Issues.Stray Issues.StarKvParser ;;
    esac
}
# Random scenes of minutes for each mutant that survives them, and tests of files' lengths: without them the score is a lower bound.
left_out='&FullyQualifiedName!~MethodMatrixTests&FullyQualifiedName!~EqualBytesTests.Every_method&FullyQualifiedName!~EqualBytesTests.No_method&FullyQualifiedName!~MethodFileTests'

dotnet tool restore
dotnet build -c Release --verbosity quiet tests/StarKV.Tests
filter="" mutate=() tests=""
for folder in "$@"; do
    mutate+=(--mutate "**/StarKV/$folder/*.cs")
    tests+=" $(tests_of "$folder")"
done
for name in $(tr ' ' '\n' <<< "$tests" | sort -u); do
    filter+="${filter:+|}(FullyQualifiedName~StarKV.Tests.$name$left_out)"
done

# The library with all mutants lies beside the tests only while Stryker runs.
built="$PWD/tests/StarKV.Tests/bin" report="$out/reports/mutation-report.json"
rm -rf "$built/Mutated"
while ! { [ -e "$built/Release/net10.0/StarKV.dll.stryker-unchanged" ] && grep -q MutantControl "$built/Release/net10.0/StarKV.dll"; }; do sleep 5; done \
    && sleep 20 && mkdir -p "$built/Mutated" && cp -r "$built/Release/net10.0" "$built/Mutated/" &
watcher=$!
trap 'kill "$watcher" 2> /dev/null || true' EXIT
# What runs on a graphics card alone is not reached here.
(cd tests/StarKV.Tests && dotnet stryker --config-file ../../eng/stryker-config.json --skip-version-check --output "$out" \
    --test-case-filter "$filter" "${mutate[@]}" --mutate '!**/Kernels/*.cs' --mutate '!**/RowGather.cs')
classes=()
for name in $(tr ' ' '\n' <<< "$tests" | sort -u); do
    case $name in
        # The slow ones apart, by name: xunit takes no exceptions.
        Select) for c in LayerBudgetTests ImageShareTests KeepPlanTests KvBudgetTests SelectorTests ProtectedTokensTests; do classes+=("StarKV.Tests.Select.$c"); done ;;
        *) classes+=("StarKV.Tests.$name*") ;;
    esac
done
python3 eng/mutation-again.py "$report" "$built/Mutated/net10.0/StarKV.Tests.dll" "${classes[@]}"
python3 eng/mutation-table.py "$report" "$@"
