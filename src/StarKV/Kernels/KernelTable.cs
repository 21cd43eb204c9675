namespace StarKV.Kernels;

/// <summary>The kernels of one card by name, each looked up once. Thread-safe: agents on one card share it.</summary>
/// <param name="find">Finds a kernel.</param>
/// <param name="allowShared">Lets a kernel use as much shared memory as a block can have.</param>
internal sealed class KernelTable(Func<string, nint> find, Action<nint> allowShared)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, nint> _functions = [];
    private readonly HashSet<string> _manyShared = [];

    /// <summary>A kernel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="manyShared">Whether it is about to use more shared memory than usual; it may when this returns.</param>
    public nint Get(string name, bool manyShared)
    {
        lock (_gate)
        {
            if (!_functions.TryGetValue(name, out var function))
                _functions[name] = function = find(name);
            if (manyShared && !_manyShared.Contains(name))
            {
                allowShared(function);
                _manyShared.Add(name);
            }

            return function;
        }
    }
}
