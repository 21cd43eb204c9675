using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StarKV.Evaluation.Metrics;
using StarKV.Files;

namespace StarKV.Evaluation.Benchmarks.Data;

/// <summary>One line of an annotation file.</summary>
/// <param name="Number">From 1, blank lines counted.</param>
/// <param name="Row">What it holds; null when that is not JSON.</param>
/// <param name="Fault">Why it is none; empty when it is.</param>
internal sealed record DataLine(int Number, JsonElement? Row, string Fault);

/// <summary>
/// Reads annotation files row by row. A file that is not JSON refuses the run; a single bad row becomes a task that fails.
/// </summary>
internal static class DataRows
{
    /// <summary>The rows of a file that holds one JSON list.</summary>
    /// <exception cref="StarKvException">The file is missing or no JSON list.</exception>
    public static IReadOnlyList<JsonElement> OfList(string file)
    {
        var root = JsonFile.Value(Bytes(file), file);
        return root.ValueKind is JsonValueKind.Array
            ? [.. root.EnumerateArray()]
            : throw new StarKvException($"{file} holds a JSON {root.ValueKind}; a list of rows is expected.");
    }

    /// <summary>The lines of a file with one JSON value a line, blank ones left out.</summary>
    /// <exception cref="StarKvException">The file is missing.</exception>
    public static IReadOnlyList<DataLine> OfLines(string file) => [.. JsonFile.Lines(Bytes(file)).Select(line =>
    {
        try
        {
            return new DataLine(line.Number, JsonFile.Value(line.Text, "it"), "");
        }
        catch (StarKvException e)
        {
            return new DataLine(line.Number, null, e.Message);
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
        // The last two are texts and numbers that no JSON reader can hold, such as half a surrogate pair.
        catch (Exception e) when (e is StarKvException or InvalidOperationException or FormatException)
        {
            var fault = $"{where} cannot be read: {e.Message}";
            return new EvalTask(id, "")
            {
                Open = () => throw new StarKvException(fault, e),
                Labels = labels,
                Judge = _ => Verdict.Unreadable,
                Fault = fault,
            };
        }
    }

    /// <summary>A field for a label; <c>unknown</c> when it is missing or holds neither text nor number.</summary>
    public static string Label(JsonElement row, string field)
    {
        const string Unknown = "unknown";
        try
        {
            return row.ValueKind is JsonValueKind.Object && row.TryGetProperty(field, out var value)
                && value.ValueKind is (JsonValueKind.String or JsonValueKind.Number) ? value.ToString() : Unknown;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return Unknown;
        }
    }

    /// <summary>Ids that occur twice get a number appended, so that no row takes another's place.</summary>
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

    /// <summary>A file's bytes.</summary>
    /// <exception cref="StarKvException">It cannot be read.</exception>
    public static byte[] Bytes(string file) => PlainFile.ReadAllBytes(file, wayOut: "starkv eval --check says what is expected where.");
}
