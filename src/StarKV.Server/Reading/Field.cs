using System.Runtime.InteropServices;
using System.Text.Json;
using StarKV.Server.Errors;

namespace StarKV.Server.Reading;

/// <summary>A value in a request's body, and where it stands there, so that whoever refuses it can name it.</summary>
/// <param name="Element">The value.</param>
/// <param name="Path">Where it stands, such as <c>messages[2].content</c>; empty for the body itself.</param>
internal readonly record struct Field(JsonElement Element, string Path)
{
    /// <summary>Whether there is nothing: absent and null are one.</summary>
    public bool IsAbsent => Element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>Whether it is a text.</summary>
    public bool IsText => Element.ValueKind == JsonValueKind.String;

    /// <summary>Whether it is a list.</summary>
    public bool IsList => Element.ValueKind == JsonValueKind.Array;

    /// <summary>Whether it is an object.</summary>
    public bool IsObject => Element.ValueKind == JsonValueKind.Object;

    /// <summary>A field of this object; absent where there is none.</summary>
    public Field this[string name] => new(
        Element.ValueKind == JsonValueKind.Object && Element.TryGetProperty(name, out var value) ? value : default,
        Path.Length == 0 ? name : $"{Path}.{name}");

    /// <summary>The values of this list, each with its index.</summary>
    /// <exception cref="ApiException">It is no list.</exception>
    public IEnumerable<Field> Items()
    {
        if (!IsList)
            throw Wrong("a list");
        var path = Path;
        return Element.EnumerateArray().Select((item, i) => new Field(item, FormattableString.Invariant($"{path}[{i}]")));
    }

    /// <summary>The text.</summary>
    /// <exception cref="ApiException">It is none, or holds half of a surrogate pair.</exception>
    public string Text()
    {
        if (!IsText)
            throw Wrong("a text");
        try
        {
            return Element.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw ApiException.Invalid("invalid_json", $"{Path} holds half of a surrogate pair; write the whole character.", Path);
        }
    }

    /// <summary>The text between its quotes as it stands in the body, where no character of it is escaped; else it is empty.</summary>
    public ReadOnlySpan<byte> RawText
    {
        get
        {
            var raw = JsonMarshal.GetRawUtf8Value(Element);
            return raw.Length < 2 || raw.Contains((byte)'\\') ? default : raw[1..^1];
        }
    }

    /// <summary>A whole number; null where it is absent.</summary>
    /// <exception cref="ApiException">It is no whole number within the bounds.</exception>
    public long? Whole(long least, long most)
    {
        if (IsAbsent)
            return null;
        if (Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) && value == Math.Floor(value)
            && value >= least && value <= most)
        {
            return Element.TryGetInt64(out var whole) ? whole : (long)value;
        }

        throw Wrong(FormattableString.Invariant($"a whole number from {least} to {most}"));
    }

    /// <summary>A number; null where it is absent.</summary>
    /// <param name="most">The most it may be.</param>
    /// <param name="aboveZero">Whether 0 is too little; default false.</param>
    /// <exception cref="ApiException">It is no number within the bounds.</exception>
    public double? Number(double most, bool aboveZero = false)
    {
        if (IsAbsent)
            return null;
        return Element.ValueKind == JsonValueKind.Number && Element.TryGetDouble(out var value) && value <= most
            && (aboveZero ? value > 0 : value >= 0)
            ? value
            : throw Wrong(FormattableString.Invariant($"a number {(aboveZero ? "above 0, at most" : "from 0 to")} {most}"));
    }

    /// <summary>Yes or no; no where it is absent.</summary>
    /// <exception cref="ApiException">It is neither.</exception>
    public bool Flag() => Element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null or JsonValueKind.Undefined => false,
        _ => throw Wrong("true or false"),
    };

    /// <summary>The error of a value that must be there.</summary>
    public ApiException Missing() => ApiException.Invalid("missing_field", $"{Path} is missing; it is required.", Path);

    /// <summary>The error of a value of another kind or size.</summary>
    /// <param name="must">What it must be.</param>
    public ApiException Wrong(string must) =>
        ApiException.Invalid("invalid_value", $"{(Path.Length == 0 ? "The body" : Path)} is {Shown()}; it must be {must}.", Path);

    /// <summary>The error of a value that is understood, but not offered.</summary>
    /// <param name="wayOut">What to do instead.</param>
    public ApiException Unsupported(string wayOut) =>
        ApiException.Invalid("unsupported_parameter", $"{Path} is {Shown()}, which is not supported. {wayOut}", Path);

    private string Shown() => Element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Undefined => "absent",
        _ => Element.GetRawText() is { Length: <= 40 } raw ? raw : "a number of many digits",
    };
}
