namespace StarKV.Cli.Commands;

/// <summary>Options of a method, written <c>name=value</c>.</summary>
internal static class NamedValues
{
    /// <summary>Reads them; a later value of a name wins.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="where">What the message names.</param>
    /// <exception cref="StarKvException">One is not of that form.</exception>
    public static IReadOnlyDictionary<string, string> Read(IEnumerable<string> texts, string where)
    {
        var values = new Dictionary<string, string>();
        foreach (var text in texts)
        {
            var parts = text.Split('=', 2);
            if (parts.Length != 2)
                throw new StarKvException($"{where}: {text} is not of the form name=value.");
            values[parts[0].Trim()] = parts[1].Trim();
        }

        return values;
    }
}
