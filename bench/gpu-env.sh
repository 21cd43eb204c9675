# Sourced by the scripts that run on a machine with a CUDA card, python3 and torch, but without .NET: finds libtorch and NVIDIA's libraries, unpacks the
# commands that bench/publish.sh made. Sets STARKV and STARKV_BENCH to them, unless they name commands already.
lib=$(python3 -c "import torch, os; print(os.path.join(os.path.dirname(torch.__file__), 'lib'))")
site=$(dirname "$(dirname "$lib")")
export STARKV_LIBTORCH=$lib
export LD_LIBRARY_PATH="$lib:$(find "$site/nvidia" -maxdepth 3 -type d -name lib 2>/dev/null | paste -sd:)"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
export STARKV=${STARKV:-/tmp/starkv/StarKV.Cli}
export STARKV_BENCH=${STARKV_BENCH:-$(dirname "$STARKV")/starkv-bench}
[ -x "$STARKV" ] || tar -C /tmp -xJf "$(dirname "${BASH_SOURCE[0]}")/../publish/starkv.tar.xz"
