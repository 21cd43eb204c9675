using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>Reads annotation files row by row. A file that is no JSON refuses the run; a single bad row becomes a task that fails.</summary>
internal static class DataRows
{
    /// <summary>The rows of a file that holds one JSON list.</summary>
    /// <exception cref="StarKvException">The file is missing or no JSON list.</exception>
    public static IReadOnlyList<JsonElement> OfList(string file)
    {
        try
        {
            var root = JsonDocument.Parse(Bytes(file)).RootElement;
            return root.ValueKind is JsonValueKind.Array ? [.. root.EnumerateArray()] : throw new StarKvException($"{file} holds a JSON {root.ValueKind}; a list of rows is expected.");
        }
        catch (JsonException e)
        {
            throw new StarKvException($"{file} is not valid JSON: {e.Message} Download it again.", e);
        }
    }

    /// <summary>The lines of a file with one JSON object a line; null for a line that is none.</summary>
    /// <exception cref="StarKvException">The file is missing.</exception>
    public static IReadOnlyList<JsonElement?> OfLines(string file) =>
        [.. Encoding.UTF8.GetString(Bytes(file)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(line =>
        {
            try
            {
                return JsonDocument.Parse(line).RootElement;
            }
            catch (JsonException)
            {
                return (JsonElement?)null;
            }
        })];

    /// <summary>Makes a row's task; a row that cannot be read becomes a task whose error says why.</summary>
    /// <param name="id">The task's id.</param>
    /// <param name="labels">Its labels.</param>
    /// <param name="where">The file and the row, for messages.</param>
    /// <param name="make">Reads the row.</param>
    public static EvalTask Task(string id, IReadOnlyDictionary<string, string> labels, string where, Func<EvalTask> make)
    {
        try
        {
            return make();
        }
        catch (Exception e) when (e is StarKvException or InvalidOperationException or KeyNotFoundException or FormatException or IndexOutOfRangeException)
        {
            return new EvalTask(id, "") { Open = () => throw new StarKvException($"{where} cannot be read: {e.Message}", e), Labels = labels, Judge = _ => Verdict.Unreadable };
        }
    }

    /// <summary>A field for a label, whatever it holds; <c>unknown</c> when it is missing.</summary>
    public static string Label(JsonElement row, string field) =>
        row.ValueKind is JsonValueKind.Object && row.TryGetProperty(field, out var value) && value.ValueKind is (JsonValueKind.String or JsonValueKind.Number) ? value.ToString() : "unknown";

    /// <summary>Ids that occur twice get a number behind them, so that no row takes another's place.</summary>
    public static IReadOnlyList<EvalTask> WithUniqueIds(IEnumerable<EvalTask> tasks)
    {
        var seen = new Dictionary<string, int>();
        return [.. tasks.Select(t => (seen[t.Id] = seen.GetValueOrDefault(t.Id) + 1) is var n and > 1 ? t with { Id = $"{t.Id}~{n}" } : t)];
    }

    /// <summary>The first 16 hex digits of SHA-256 over names and contents of annotation files.</summary>
    public static string Fingerprint(IEnumerable<string> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files.Order(StringComparer.Ordinal))
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetFileName(file)}\n"));
            hash.AppendData(Bytes(file));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..16];
    }

    private static byte[] Bytes(string file)
    {
        try
        {
            return File.ReadAllBytes(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StarKvException($"{file} cannot be read: {e.Message} starkv eval --check says what is expected where.", e);
        }
    }
}
