namespace StarKV.Input;

/// <summary>One part of a picture's file: a chunk of a PNG or WebP, a segment of a JPEG.</summary>
/// <param name="Kind">Four letters; of a JPEG one byte, the marker.</param>
/// <param name="Data">What it holds; cut where the file ends.</param>
internal readonly record struct FilePart(ReadOnlyMemory<byte> Kind, ReadOnlyMemory<byte> Data)
{
    /// <summary>True for a part of this kind.</summary>
    public bool Is(ReadOnlySpan<byte> kind) => Kind.Span.SequenceEqual(kind);
}
