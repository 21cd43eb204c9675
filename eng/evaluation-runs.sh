# Sourced by scripts that make several runs of MiniGui, one after the other, with $runs, their folder, and $model. Gives them `run NAME OPTIONS…` and
# `finish`, which ends the script when a run is not finished.
#   STARKV                 the command; default: built from the sources
#   STARKV_EVAL_DEVICES    default one process a core; several processes may share a card: cuda:0,cuda:0,cuda:0
#   STARKV_EVAL_LIMIT      takes so many tasks of each run, for a look
#   STARKV_EVAL_SECONDS    time for all runs of this call; default no end. What was stopped goes on in the next call
export DOTNET_NOLOGO=1
if [ -z "${STARKV:-}" ]; then
    dotnet build -c Release --verbosity quiet src/StarKV.Cli
    STARKV=src/StarKV.Cli/bin/Release/net10.0/StarKV.Cli
fi
devices=${STARKV_EVAL_DEVICES:-$(seq "$(nproc)" | sed 's|.*|cpu|' | paste -sd,)}
limit=() open=0
if [ -n "${STARKV_EVAL_LIMIT:-}" ]; then limit=(--limit "$STARKV_EVAL_LIMIT"); fi

run() { # run NAME OPTIONS…: makes $runs/NAME in float32, or goes on with it
    local name=$1 code=0 left=0
    shift
    if [ -n "${STARKV_EVAL_SECONDS:-}" ]; then
        left=$((STARKV_EVAL_SECONDS - SECONDS))
        if [ "$left" -lt 20 ]; then open=1 && return; fi
    fi
    timeout "$left" "$STARKV" eval minigui --model "$model" --out "$runs/$name" --devices "$devices" --dtype float32 "${limit[@]}" "$@" || code=$?
    # 1: some caches could not answer some tasks, which the pages count.
    case $code in
        0 | 1) ;;
        124) open=1 ;;
        *) exit "$code" ;;
    esac
}

finish() {
    if [ "$open" = 1 ]; then
        echo "not finished; call again to go on" >&2
        exit 3
    fi
}
