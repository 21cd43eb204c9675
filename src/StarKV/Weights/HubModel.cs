using System.Diagnostics.CodeAnalysis;

namespace StarKV.Weights;

/// <summary>A model of the hub: <c>ORG/NAME</c>, and which revision of it.</summary>
public sealed record HubModel
{
    /// <summary>The revision taken when none is named.</summary>
    public const string DefaultRevision = "main";

    private const int MaxLength = 200;

    private HubModel(string id, string revision) => (Id, Revision) = (id, revision);

    /// <summary><c>ORG/NAME</c>.</summary>
    public string Id { get; }

    /// <summary>A branch, a tag or a commit; default <c>main</c>.</summary>
    public string Revision { get; }

    /// <summary>The model's folder in the cache, <c>models--ORG--NAME</c>.</summary>
    public string FolderName => $"models--{Id.Replace("/", "--", StringComparison.Ordinal)}";

    /// <summary>Reads <c>ORG/NAME</c> or <c>ORG/NAME@REVISION</c>.</summary>
    /// <exception cref="StarKvException">It is neither.</exception>
    public static HubModel Parse(string text) => TryParse(text, out var model)
        ? model
        : throw new StarKvException($"'{text}' is no model of the hub; write ORG/NAME or ORG/NAME@REVISION.");

    /// <summary>Reads <c>ORG/NAME</c> or <c>ORG/NAME@REVISION</c>; false when it is neither.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out HubModel? model)
    {
        model = null;
        var (id, revision) = text.Split('@', 2) is [var before, var after] ? (before, after) : (text, DefaultRevision);
        if (id.Split('/') is not [var owner, var name] || !IsName(owner) || !IsName(name) || !IsRevision(revision))
            return false;
        model = new HubModel(id, revision);
        return true;
    }

    /// <summary>The same model at another revision.</summary>
    /// <exception cref="StarKvException">It cannot be the name of a revision.</exception>
    public HubModel At(string revision) => IsRevision(revision)
        ? new HubModel(Id, revision)
        : throw new StarKvException($"'{revision}' is no revision; give a branch, a tag or a commit.");

    /// <summary><c>ORG/NAME</c>, with the revision unless it is the default.</summary>
    public override string ToString() => Revision == DefaultRevision ? Id : $"{Id}@{Revision}";

    /// <summary>The name becomes part of a folder's name, where "--" stands for the slash.</summary>
    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxLength
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && text[0] is not ('-' or '.') && text[^1] is not ('-' or '.')
        && !text.Contains("--", StringComparison.Ordinal) && !text.Contains("..", StringComparison.Ordinal);

    private static bool IsRevision(string text) =>
        text.Length is > 0 and <= MaxLength
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+')
        && text.Split('/').All(part => part.Length > 0 && part[0] is not ('-' or '.') && !part.Contains("..", StringComparison.Ordinal));
}
