using System.Globalization;
using System.Text;

namespace StarKV.Act;

/// <summary>The backslash escapes of JSON texts.</summary>
internal static class JsonEscapes
{
    /// <summary>Resolves the escapes of <paramref name="raw"/>; what JSON does not know stays as written.</summary>
    /// <param name="raw">The characters between the quotes.</param>
    /// <param name="isOdd">Whether there was an escape that JSON does not know.</param>
    public static string Resolve(string raw, out bool isOdd)
    {
        isOdd = false;
        if (!raw.Contains('\\', StringComparison.Ordinal)) return raw;
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length; at++)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                text.Append(raw[at]);
            }
            else if (Simple(raw[at + 1]) is { } character)
            {
                text.Append(character);
                at++;
            }
            else if (raw[at + 1] == 'u' && at + 6 <= raw.Length
                && ushort.TryParse(raw.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                text.Append((char)unit);
                at += 5;
            }
            else
            {
                isOdd = true;
                text.Append(raw, at, 2);
                at++;
            }
        }

        return text.ToString();
    }

    private static char? Simple(char escape) => escape switch
    {
        'n' => '\n',
        't' => '\t',
        'r' => '\r',
        'b' => '\b',
        'f' => '\f',
        '"' or '\\' or '/' => escape,
        _ => null,
    };
}
