using System.Text;
using StarKV.Fuzz.Run;
using StarKV.MiniGui;

namespace StarKV.Fuzz.Mutate;

/// <summary>Changes JSON value by value: members go, come twice, change places, become null, another type, a huge number, a deep nest.</summary>
internal sealed class Json : IMutation
{
    private static readonly byte[][] s_values =
    [
        .. new[]
        {
            "null", "true", "false", "0", "-1", "1", "2", "3", "0.5", "1.0", "-0", "1e308", "1e999", "-1e999", "1e-999", "255", "65536", "2147483647", "2147483648", "-2147483649", "4294967296",
            "1099511627776", "9223372036854775807", "9223372036854775808", "18446744073709551616", "123456789012345678901234567890", "\"\"", "\" \"", "\"null\"", "\"0\"", "\"-1\"", "\"a\\u0000b\"",
            "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u001b]0;x\\u0007\"", "\"<script>\"", "\"../../x\"", "\"/\"", "\"{0}\"", "\"\u2028\"", "[]", "{}", "[null]", "[[]]", "[{}]", "{\"\":null}", "{\"a\":1,\"a\":2}",
            "NaN", "Infinity", "'a'", "01", "1.", "// c\n1", "[0,1,2,3]", "[1e300,0,0]",
        }.Select(Encoding.UTF8.GetBytes),
    ];

    /// <inheritdoc/>
    public byte[] Change(byte[] input, Corpus corpus, SeededRandom random)
    {
        var spans = JsonSpans.Of(input);
        if (spans.Count == 0)
            return input;
        var span = random.Pick(spans);
        var value = input.AsSpan(span.From, span.End - span.From);
        return random.Below(10) switch
        {
            0 or 1 => Without(input, span),
            2 => Edit.Replace(input, span.End, 0, [(byte)',', .. input.AsSpan(span.NameFrom, span.End - span.NameFrom)]),
            3 => Swapped(input, span, random.Pick(spans)),
            4 => Edit.Replace(input, span.From, value.Length, Taken(corpus.Pick(random), random)),
            5 => Edit.Replace(input, span.From, value.Length, [(byte)'[', .. value, (byte)']']),
            6 when random.Chance(0.2) => Edit.Replace(input, span.From, value.Length, Nest(random)),
            7 => Edit.Replace(input, span.NameFrom, 0, [.. "\""u8, .. Name(input, random.Pick(spans)), .. "\":"u8, .. random.Pick(s_values), (byte)',']),
            _ => Edit.Replace(input, span.From, value.Length, random.Pick(s_values)),
        };
    }

    private static byte[] Without(byte[] input, JsonSpan span)
    {
        var (from, end) = (span.NameFrom, span.End);
        // One of the commas goes with it.
        while (end < input.Length && input[end] is (byte)' ' or (byte)'\n')
            end++;
        if (end < input.Length && input[end] == (byte)',')
            return Edit.Replace(input, from, end + 1 - from, []);
        while (from > 0 && input[from - 1] is (byte)' ' or (byte)'\n')
            from--;
        return from > 0 && input[from - 1] == (byte)',' ? Edit.Replace(input, from - 1, span.End - from + 1, []) : Edit.Replace(input, span.NameFrom, span.End - span.NameFrom, []);
    }

    private static byte[] Swapped(byte[] input, JsonSpan first, JsonSpan second)
    {
        if (first.From > second.From)
            (first, second) = (second, first);
        return first.End > second.From
            ? input
            : [.. input[..first.From], .. input[second.From..second.End], .. input[first.End..second.From], .. input[first.From..first.End], .. input[second.End..]];
    }

    private static byte[] Taken(byte[] other, SeededRandom random)
    {
        var spans = JsonSpans.Of(other);
        return spans.Count == 0 ? random.Pick(s_values) : random.Pick(spans) is var span ? other[span.From..span.End] : other;
    }

    private static byte[] Name(byte[] input, JsonSpan span)
    {
        var name = input.AsSpan(span.NameFrom, span.From - span.NameFrom);
        var end = name.LastIndexOf((byte)'"');
        return end > 0 ? name[1..end].ToArray() : [(byte)'a'];
    }

    private static byte[] Nest(SeededRandom random)
    {
        var (depth, isList) = (1 << random.Below(13), random.Chance(0.5));
        var nest = new StringBuilder();
        for (var i = 0; i < depth; i++)
            nest.Append(isList ? "[" : "{\"a\":");
        nest.Append('1');
        if (random.Chance(0.8))
            nest.Append(isList ? ']' : '}', depth);
        return Encoding.UTF8.GetBytes(nest.ToString());
    }
}
