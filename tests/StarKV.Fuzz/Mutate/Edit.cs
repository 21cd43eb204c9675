namespace StarKV.Fuzz.Mutate;

/// <summary>Puts bytes in place of others.</summary>
internal static class Edit
{
    /// <summary>A copy with <paramref name="length"/> bytes from <paramref name="at"/> on replaced.</summary>
    public static byte[] Replace(ReadOnlySpan<byte> input, int at, int length, ReadOnlySpan<byte> with)
    {
        var result = new byte[input.Length - length + with.Length];
        input[..at].CopyTo(result);
        with.CopyTo(result.AsSpan(at));
        input[(at + length)..].CopyTo(result.AsSpan(at + with.Length));
        return result;
    }
}
