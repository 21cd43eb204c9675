namespace StarKV.Kernels;

/// <summary>What a kernel's parameter is in C: a wrong width would shift numbers without a word.</summary>
internal enum ParameterType
{
    /// <summary>An address, 8 bytes.</summary>
    Pointer,

    /// <summary><c>int</c>, 4 bytes.</summary>
    Int,

    /// <summary><c>long long</c>, 8 bytes.</summary>
    Long,

    /// <summary><c>float</c>, 4 bytes.</summary>
    Float,

    /// <summary><c>double</c>, 8 bytes.</summary>
    Double,
}
