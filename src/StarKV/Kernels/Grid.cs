using System.Runtime.InteropServices;

namespace StarKV.Kernels;

/// <summary>Blocks of a launch, or threads of a block.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct Grid(int X, int Y = 1, int Z = 1)
{
    public static implicit operator Grid(int x) => new(x);

    /// <summary>Blocks that it takes when each does so many.</summary>
    public static int Blocks(long count, int each) => (int)((count + each - 1) / each);
}
