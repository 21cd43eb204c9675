using System.Globalization;
using StarKV.Budget;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Text;

namespace StarKV.Extensions.AI;

/// <summary>Reads what a call asks of StarKV alone.</summary>
internal static class OwnProperties
{
    /// <summary>The properties that are StarKV's, without those that are null.</summary>
    /// <param name="properties">A call's additional properties; may be null.</param>
    /// <exception cref="StarKvException">One of them is not known.</exception>
    public static IReadOnlyDictionary<string, object> Of(IEnumerable<KeyValuePair<string, object?>>? properties)
    {
        var own = (properties ?? [])
            .Where(p => p.Value is not null && p.Key.StartsWith(StarKvProperties.Prefix, StringComparison.OrdinalIgnoreCase))
            .ToDictionary(p => p.Key, p => p.Value!, StringComparer.OrdinalIgnoreCase);
        var unknown = own.Keys.FirstOrDefault(key => !StarKvProperties.All.Contains(key, StringComparer.OrdinalIgnoreCase));
        return unknown is null ? own : throw new StarKvException(
            $"AdditionalProperties has '{unknown}', which StarKV does not know; known are {string.Join(", ", StarKvProperties.All)}.");
    }

    /// <summary>Options with what the properties ask for.</summary>
    /// <param name="own">The properties.</param>
    /// <param name="options">The options without them.</param>
    /// <exception cref="StarKvException">A value is not one that its key accepts.</exception>
    public static SessionOptions Apply(IReadOnlyDictionary<string, object> own, SessionOptions options) => options with
    {
        Method = Value(own, StarKvProperties.Method, options.Method, MethodOf),
        Budget = Value(own, StarKvProperties.Keep, options.Budget, KvBudget.Parse),
        Prompt = Value(own, StarKvProperties.Prompt, options.Prompt, StyleOf),
        Position = Value(own, StarKvProperties.Position, options.Position, text => Named<InstructionPosition>(text)),
        Storage = Value(own, StarKvProperties.Storage, options.Storage, Named<KvStorage>),
    };

    // A call may come from further away than the program, and names no file of its.
    private static PromptStyle StyleOf(string name) => name.Contains(':', StringComparison.Ordinal)
        ? throw new StarKvException("a call names a style that is built in; a file's is for the client's own options (Answers.Prompt).")
        : PromptStyle.Get(name);

    /// <summary>A method from its name and options.</summary>
    /// <param name="text"><c>NAME</c> or <c>NAME:option=value:…</c>.</param>
    /// <exception cref="StarKvException">The method or an option is not known, or a value is out of bounds.</exception>
    public static ICompressionMethod MethodOf(string text)
    {
        var parts = text.Split(':', StringSplitOptions.TrimEntries);
        var options = new Dictionary<string, string>();
        foreach (var part in parts[1..])
        {
            if (part.Split('=', 2, StringSplitOptions.TrimEntries) is not [var name, var value])
                throw new StarKvException($"{part} is not of the form option=value.");
            options[name] = value;
        }

        return Methods.Create(parts[0], options);
    }

    /// <summary>The value of an enumeration with this name, in small letters or not.</summary>
    /// <exception cref="StarKvException">There is none.</exception>
    public static T Named<T>(string text) where T : struct, Enum
    {
        var names = Enum.GetNames<T>();
        return names.Contains(text.Trim(), StringComparer.OrdinalIgnoreCase)
            ? Enum.Parse<T>(text, ignoreCase: true)
            : throw new StarKvException($"it must be {string.Join(", ", names).ToLowerInvariant()}.");
    }

    private static T Value<T>(IReadOnlyDictionary<string, object> own, string key, T otherwise, Func<string, T> read)
    {
        if (!own.TryGetValue(key, out var value))
            return otherwise;
        // What went through JSON, or a number, is text too.
        var text = Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        try
        {
            return read(text);
        }
        catch (StarKvException e)
        {
            throw new StarKvException($"AdditionalProperties['{key}'] is '{text}': {e.Message}", e);
        }
    }
}
