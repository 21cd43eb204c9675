using System.Text;
using StarKV.Files;

namespace StarKV.Cli.Commands.Serve;

/// <summary>The keys that clients may send: those of a file, and those of the environment.</summary>
internal static class ApiKeyList
{
    /// <summary>The variable that holds keys, blanks or commas between them.</summary>
    public const string Variable = "STARKV_API_KEYS";

    private const int MaxFileBytes = 1 << 20;

    private static readonly char[] s_between = [' ', '\t', '\r', '\n', ','];

    /// <summary>All keys; none where neither a file nor the variable is there.</summary>
    /// <param name="file">The file, one key a line; null for none.</param>
    /// <param name="environment">Reads the environment.</param>
    /// <exception cref="StarKvException">The file or the variable holds no key: nobody shall believe to be guarded who is not.</exception>
    public static IReadOnlyList<string> Read(string? file, Func<string, string?> environment) =>
    [
        .. file is null ? [] : OfFile(file), .. environment(Variable) is { } text ? OfVariable(text) : [],
    ];

    private static string[] OfFile(string file)
    {
        var text = Encoding.UTF8.GetString(PlainFile.ReadAllBytes(file, MaxFileBytes));
        string[] keys = [.. text.Split('\n', StringSplitOptions.TrimEntries).Where(l => l.Length > 0 && l[0] != '#')];
        return keys.Length > 0 ? keys : throw new StarKvException($"{file} holds no key; write one in each line.");
    }

    private static string[] OfVariable(string text)
    {
        var keys = text.Split(s_between, StringSplitOptions.RemoveEmptyEntries);
        return keys.Length > 0
            ? keys
            : throw new StarKvException($"{Variable} is set and holds no key; write one or more, a comma between them, or unset it.");
    }
}
