namespace StarKV.Text;

/// <summary>The one-character names that a byte-level vocabulary gives to the 256 bytes.</summary>
/// <remarks>Printable Latin-1 bytes represent themselves; the other 68 in increasing order become U+0100, U+0101 and so on.</remarks>
internal static class ByteAlphabet
{
    /// <summary>The character of each byte.</summary>
    public static readonly char[] CharOf = Build();

    // The last name is U+0143; -1 marks characters that name no byte.
    private static readonly short[] s_byteOf = Invert();

    /// <summary>The byte named by <paramref name="name"/>, or -1.</summary>
    public static int ByteOf(char name) => name < s_byteOf.Length ? s_byteOf[name] : -1;

    private static char[] Build()
    {
        var names = new char[256];
        var spare = 256;
        for (var b = 0; b < 256; b++)
            names[b] = b is >= 33 and <= 126 or >= 161 and <= 172 or >= 174 ? (char)b : (char)spare++;
        return names;
    }

    private static short[] Invert()
    {
        var bytes = new short[256 + 68];
        Array.Fill(bytes, (short)-1);
        for (var b = 0; b < 256; b++)
            bytes[CharOf[b]] = (short)b;
        return bytes;
    }
}
