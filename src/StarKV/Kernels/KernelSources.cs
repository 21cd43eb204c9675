namespace StarKV.Kernels;

/// <summary>The sources of this folder, which are compiled together.</summary>
internal static class KernelSources
{
    /// <summary>
    /// Their names, each but the first also its launcher's. Those after the first use its helpers, GUI-KV's those of the selection, those
    /// of the batch and of fused passes the decode's.
    /// </summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "Numbers", nameof(WindowKernels), nameof(BranchKernels), nameof(StarKvKernels), nameof(SelectKernels), nameof(GuiKvKernels),
        nameof(GatherKernels), nameof(DecodeKernels), nameof(BatchKernels), nameof(FusedKernels),
        nameof(VisionKernels),
    ];

    /// <summary>All of them, one after the other.</summary>
    public static string All => string.Concat(Names.Select(Read));

    /// <summary>One of them.</summary>
    public static string Read(string name)
    {
        using var stream = typeof(KernelSources).Assembly.GetManifestResourceStream($"StarKV.Kernels.{name}.cu")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
