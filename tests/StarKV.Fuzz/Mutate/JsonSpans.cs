using System.Buffers;

namespace StarKV.Fuzz.Mutate;

/// <summary>A value in a JSON text, with its name if it has one.</summary>
/// <param name="From">Where the value begins.</param>
/// <param name="End">Behind it.</param>
/// <param name="NameFrom">Where its name begins; <paramref name="From"/> for one without.</param>
internal readonly record struct JsonSpan(int From, int End, int NameFrom);

/// <summary>Finds the values in JSON, also in what is not quite JSON any more.</summary>
internal static class JsonSpans
{
    private static readonly SearchValues<byte> s_ends = SearchValues.Create(",:]}{[\" \n\r\t"u8);

    /// <summary>Every value that is closed, inner ones before those that hold them.</summary>
    public static List<JsonSpan> Of(ReadOnlySpan<byte> text)
    {
        var (spans, open) = (new List<JsonSpan>(), new Stack<(int From, int NameFrom)>());
        var name = -1;
        for (var at = 0; at < text.Length;)
        {
            var from = at;
            switch (text[at])
            {
                case (byte)'{' or (byte)'[':
                    open.Push((at, name < 0 ? at : name));
                    (name, at) = (-1, at + 1);
                    break;
                case (byte)'}' or (byte)']':
                    at++;
                    if (open.TryPop(out var opened))
                        spans.Add(new JsonSpan(opened.From, at, opened.NameFrom));
                    name = -1;
                    break;
                case (byte)'"':
                    at = EndOfText(text, at);
                    if (IsName(text, at))
                        name = from;
                    else
                        name = Add(spans, from, at, name);
                    break;
                case (byte)',' or (byte)':' or (byte)' ' or (byte)'\n' or (byte)'\r' or (byte)'\t':
                    at++;
                    break;
                default:
                    var length = text[at..].IndexOfAny(s_ends);
                    at = length < 0 ? text.Length : at + Math.Max(1, length);
                    name = Add(spans, from, at, name);
                    break;
            }
        }

        return spans;
    }

    private static int Add(List<JsonSpan> spans, int from, int end, int name)
    {
        spans.Add(new JsonSpan(from, end, name < 0 ? from : name));
        return -1;
    }

    private static int EndOfText(ReadOnlySpan<byte> text, int from)
    {
        for (var at = from + 1; at < text.Length; at++)
        {
            if (text[at] == (byte)'\\')
                at++;
            else if (text[at] == (byte)'"')
                return at + 1;
        }

        return text.Length;
    }

    private static bool IsName(ReadOnlySpan<byte> text, int end)
    {
        var rest = text[end..].TrimStart(" \n\r\t"u8);
        return !rest.IsEmpty && rest[0] == (byte)':';
    }
}
