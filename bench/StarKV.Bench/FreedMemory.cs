using System.Runtime.InteropServices;

namespace StarKV.Bench;

/// <summary>Memory that nothing uses any more, and that this process still holds.</summary>
internal static partial class FreedMemory
{
    /// <summary>Gives it back to the system: what the runtime has not collected, and pieces that the C library keeps for later.</summary>
    public static void GiveBack()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = Trim(0);
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int Trim(nuint room);
}
