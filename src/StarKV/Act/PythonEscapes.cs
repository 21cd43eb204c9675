using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace StarKV.Act;

/// <summary>The backslash escapes of Python string literals.</summary>
[Experimental("STARKV001")]
public static class PythonEscapes
{
    /// <summary>Resolves the escapes of <paramref name="raw"/>; what is malformed stays as written.</summary>
    public static string Resolve(string raw) => Read(raw, strict: false)!;

    /// <summary>Resolves the escapes of <paramref name="raw"/>, or returns null where Python reports a syntax error.</summary>
    public static string? ResolveStrictly(string raw) => Read(raw, strict: true);

    private static string? Read(string raw, bool strict)
    {
        if (!raw.Contains('\\')) return raw;
        var text = new StringBuilder(raw.Length);
        for (var at = 0; at < raw.Length;)
        {
            if (raw[at] != '\\' || at + 1 == raw.Length)
            {
                text.Append(raw[at++]);
                continue;
            }

            var length = Escape(raw, at, text);
            // The names of \N{...} need the Unicode name table; no model was seen to write them.
            if (length == 0 && strict && raw[at + 1] is 'x' or 'u' or 'U' or 'N') return null;
            if (length == 0) text.Append(raw, at, length = 2);
            at += length;
        }

        return text.ToString();
    }

    /// <summary>Appends the character that the escape at <paramref name="at"/> means; returns its length, 0 when it is none.</summary>
    private static int Escape(string raw, int at, StringBuilder text)
    {
        switch (raw[at + 1])
        {
            case '\n': return 2;
            case 'n': text.Append('\n'); return 2;
            case 't': text.Append('\t'); return 2;
            case 'r': text.Append('\r'); return 2;
            case 'a': text.Append('\a'); return 2;
            case 'b': text.Append('\b'); return 2;
            case 'f': text.Append('\f'); return 2;
            case 'v': text.Append('\v'); return 2;
            case '\\' or '\'' or '"': text.Append(raw[at + 1]); return 2;
            case 'x': return Hexadecimal(raw, at, 2, text);
            case 'u': return Hexadecimal(raw, at, 4, text);
            case 'U': return Hexadecimal(raw, at, 8, text);
            case >= '0' and <= '7': return Octal(raw, at, text);
            default: return 0;
        }
    }

    private static int Hexadecimal(string raw, int at, int digits, StringBuilder text)
    {
        if (at + 2 + digits > raw.Length
            || !uint.TryParse(raw.AsSpan(at + 2, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code > 0x10FFFF)
            return 0;
        Append(text, code);
        return 2 + digits;
    }

    private static int Octal(string raw, int at, StringBuilder text)
    {
        var (code, length) = (0u, 1);
        while (length < 4 && at + length < raw.Length && raw[at + length] is >= '0' and <= '7')
            code = code * 8 + (uint)(raw[at + length++] - '0');
        Append(text, code);
        return length;
    }

    private static void Append(StringBuilder text, uint code)
    {
        if (code <= 0xFFFF) text.Append((char)code);
        else text.Append(char.ConvertFromUtf32((int)code));
    }
}
