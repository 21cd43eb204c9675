using System.Text.Json;
using StarKV.Files;
using StarKV.Weights;

namespace StarKV.Hub;

/// <summary>What a revision of a model holds: its commit and its files. Everything in it comes from the network and is checked.</summary>
internal sealed record HubListing(string Commit, IReadOnlyList<HubFile> Files)
{
    /// <summary>1 TiB: shards of published checkpoints are below 50 GB.</summary>
    private const long MaxFileBytes = 1L << 40;
    private const int MaxFiles = 20_000;

    /// <summary>Reads the hub's JSON.</summary>
    /// <exception cref="StarKvException">It is not what a hub sends, or names a file that must not be written.</exception>
    public static HubListing Parse(ReadOnlyMemory<byte> utf8, HubModel model)
    {
        try
        {
            using var document = JsonDocument.Parse(utf8);
            var root = document.RootElement;
            var commit = Member(root, "sha", model).GetString() ?? "";
            if (!IsHex(commit, 40))
                throw Refused(model, $"the commit {MessageText.Name(commit)}, which is no commit");
            var siblings = Member(root, "siblings", model);
            if (siblings.GetArrayLength() > MaxFiles)
                throw Refused(model, $"{siblings.GetArrayLength()} files; the limit is {MaxFiles}");
            HubFile[] files = [.. siblings.EnumerateArray().Select(file => ReadFile(file, model))];
            if (files.CountBy(f => f.Path).FirstOrDefault(f => f.Value > 1) is { Key: { } twice })
                throw Refused(model, $"{MessageText.Name(twice)} more than once");
            return new HubListing(commit, files);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new StarKvException($"The hub's list of the files of {model} cannot be read: {e.Message} Is the endpoint a hub?", e);
        }
    }

    private static HubFile ReadFile(JsonElement file, HubModel model)
    {
        var path = Member(file, "rfilename", model).GetString() ?? "";
        if (!IsSafe(path))
            throw Refused(model, $"a file named {MessageText.Name(path)}, which would not stay inside the model's folder");
        var large = file.TryGetProperty("lfs", out var lfs) && lfs.ValueKind == JsonValueKind.Object;
        // Some mirrors list names alone.
        if (!Has(large ? lfs : file, "size", out var bytes) || !Has(large ? lfs : file, large ? "sha256" : "blobId", out var digest))
            return HubFile.NameOnly(path);
        return Checked(
            new HubFile(path, bytes.GetInt64(), digest.GetString() ?? ""), large ? HubFile.Sha256Digits : HubFile.Sha1Digits, model);
    }

    /// <summary>Refuses a size or a hash that none can be.</summary>
    /// <exception cref="StarKvException">It is refused.</exception>
    public static HubFile Checked(HubFile file, int digits, HubModel model)
    {
        var (path, size, hash) = file;
        if (size is < 0 or > MaxFileBytes)
            throw Refused(model, $"{MessageText.Name(path)} with {size:N0} bytes; the limit is {MaxFileBytes:N0}");
        if (!IsHex(hash, digits))
            throw Refused(model, $"{MessageText.Name(path)} with the hash {MessageText.Name(hash)}, which is no hash");
        return file;
    }

    /// <summary>Refuses files of one hash and several sizes, of which at most one can be true.</summary>
    /// <exception cref="StarKvException">There are some.</exception>
    public static void CheckSizes(IReadOnlyList<HubFile> files, HubModel model)
    {
        if (files.GroupBy(f => f.Hash).FirstOrDefault(g => g.Any(f => f.Size != g.First().Size)) is not { } group)
            return;
        var (one, other) = (group.First(), group.First(f => f.Size != group.First().Size));
        throw Refused(model, $"{MessageText.Name(one.Path)} with {one.Size:N0} bytes and {MessageText.Name(other.Path)} with " +
            $"{other.Size:N0} under one hash");
    }

    private static bool Has(JsonElement element, string name, out JsonElement member) =>
        element.TryGetProperty(name, out member) && member.ValueKind != JsonValueKind.Null;

    private static JsonElement Member(JsonElement element, string name, HubModel model) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member)
        ? member
        : throw new StarKvException($"The hub's list of the files of {model} has no '{name}'. Is the endpoint a hub?");

    private static bool IsSafe(string path) =>
        path.Length is > 0 and <= 1000
        && !path.Any(c => char.IsControl(c) || c is '\\' or ':')
        && path.Split('/').All(part => part is not ("" or "." or ".."));

    private static bool IsHex(string text, int digits) => text.Length == digits && text.All(char.IsAsciiHexDigitLower);

    private static StarKvException Refused(HubModel model, InvariantText what) => Refused(model, what.ToString());

    private static StarKvException Refused(HubModel model, string what) => new($"The hub lists for {model} {what}; nothing was fetched.");
}
