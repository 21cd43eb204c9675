using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>A tensor to be written: its bytes are row-major and little-endian.</summary>
/// <param name="name">Its name in the file.</param>
/// <param name="type">How each element is stored.</param>
/// <param name="shape">Its sizes, outermost first.</param>
/// <param name="bytes">All its bytes.</param>
[Experimental("STARKV001")]
public sealed class StoredTensor(string name, DType type, long[] shape, byte[] bytes)
{
    /// <value>All its bytes.</value>
    public byte[] Bytes => bytes;

    /// <value>Its name in the file.</value>
    internal string Name => name;

    /// <value>How each element is stored.</value>
    internal DType DType => type;

    /// <value>Its sizes, outermost first.</value>
    internal long[] Shape => shape;
}
