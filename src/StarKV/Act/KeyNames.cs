namespace StarKV.Act;

/// <summary>The keys of a combination such as <c>ctrl c</c> or <c>Ctrl+C</c>.</summary>
internal static class KeyNames
{
    public static IReadOnlyList<string> Split(string combination)
    {
        var words = combination.ToLowerInvariant().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var keys = new List<string>();
        for (var i = 0; i < words.Length; i++)
        {
            // A plus sign joins two keys, unless it stands last: then it is the key.
            var isKey = words[i] is [.., '+'] && i == words.Length - 1;
            keys.AddRange(words[i].Split('+', StringSplitOptions.RemoveEmptyEntries));
            if (isKey) keys.Add("+");
        }

        return keys;
    }
}
