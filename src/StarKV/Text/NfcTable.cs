using System.Globalization;

namespace StarKV.Text;

/// <summary>The part of the Unicode Character Database that form C needs, read once from the embedded <c>nfc.txt</c>.</summary>
/// <remarks>
/// Lines: <c>cp first [second]</c> a canonical decomposition in one step, <c>!</c> before it when it is never composed again;
/// <c>@class from to</c> a range with a combining class other than 0. Numbers are hexadecimal, classes decimal.
/// </remarks>
internal static class NfcTable
{
    private static readonly Dictionary<int, byte> s_classes = [];

    static NfcTable()
    {
        using var stream = typeof(NfcTable).Assembly.GetManifestResourceStream("StarKV.Text.nfc.txt")!;
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            if (line.StartsWith('#'))
                continue;
            var fields = line.TrimStart('@', '!').Split(' ');
            if (line.StartsWith('@'))
                AddClass(byte.Parse(fields[0], CultureInfo.InvariantCulture), Hex(fields[1]), Hex(fields[2]));
            else
                AddPair(Hex(fields[0]), Hex(fields[1]), fields.Length > 2 ? Hex(fields[2]) : 0, composed: line[0] != '!');
        }
    }

    /// <summary>One-step canonical decompositions; second is 0 when there is only one character.</summary>
    public static Dictionary<int, (int First, int Second)> Decompositions { get; } = [];

    /// <summary>Characters that join, to the character they become.</summary>
    public static Dictionary<(int First, int Second), int> Compositions { get; } = [];

    /// <summary>The canonical combining class, 0 for starters.</summary>
    public static byte ClassOf(int rune) => rune < 0x300 ? (byte)0 : s_classes.GetValueOrDefault(rune);

    private static void AddClass(byte combining, int from, int to)
    {
        for (var rune = from; rune <= to; rune++)
            s_classes[rune] = combining;
    }

    private static void AddPair(int rune, int first, int second, bool composed)
    {
        Decompositions[rune] = (first, second);
        if (composed)
            Compositions[(first, second)] = rune;
    }

    private static int Hex(string digits) => int.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
