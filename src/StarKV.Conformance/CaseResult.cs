using System.Text.Json;

namespace StarKV.Conformance;

/// <summary>What became of one test vector.</summary>
public enum CaseVerdict
{
    /// <summary>Every compared value agrees.</summary>
    Pass,

    /// <summary>A value differs; the detail shows the first difference.</summary>
    Fail,

    /// <summary>The case needs something that is not built; the detail names it.</summary>
    Unsupported,
}

/// <summary>The result of one test vector.</summary>
/// <param name="Group">The kind of vectors, such as <c>policy</c> or <c>uitars-parser</c>.</param>
/// <param name="Case">The case's own name or id.</param>
/// <param name="Verdict">Pass, fail or unsupported.</param>
/// <param name="Detail">The first difference, or the name of what is missing; null when passed.</param>
public sealed record CaseResult(string Group, string Case, CaseVerdict Verdict, string? Detail = null)
{
    /// <summary>Passed when <paramref name="difference"/> is null, else failed with it.</summary>
    public static CaseResult Of(string group, string name, string? difference) =>
        new(group, name, difference is null ? CaseVerdict.Pass : CaseVerdict.Fail, difference);

    /// <value>Whether the case could not be read or run; the detail then says why, and where in the file.</value>
    public bool IsUnreadable { get; init; }

    /// <summary>Failed because it cannot be read or run.</summary>
    /// <param name="group">The kind of vectors.</param>
    /// <param name="name">The case's own name.</param>
    /// <param name="place">Where in the file it stands, such as <c>cases[3]</c>; empty for the whole file.</param>
    /// <param name="reason">Why.</param>
    public static CaseResult Unreadable(string group, string name, string place, Exception reason)
    {
        var sentence = reason.Message.Split('\n')[0];
        var why = reason is StarKvException ? sentence : $"it has another form than its kind of vectors, or cannot be run: {sentence}";
        return new(group, name, CaseVerdict.Fail, place.Length == 0 ? why : $"{place}: {why}") { IsUnreadable = true };
    }

    /// <summary>Unsupported because <paramref name="missing"/> is not there.</summary>
    public static CaseResult Missing(string group, string name, string missing) =>
        new(group, name, CaseVerdict.Unsupported, missing);
}

/// <summary>Reads one kind of vector file and runs its cases.</summary>
internal interface IVectorKind
{
    /// <summary>True when <paramref name="root"/>, the content of some JSON file, is of this kind.</summary>
    bool Recognises(JsonElement root);

    /// <summary>Runs every case of the file at <paramref name="path"/>, whose content is <paramref name="root"/>.</summary>
    IEnumerable<CaseResult> Run(string path, JsonElement root);
}
