using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;
using StarKV.Fuzz.Mutate;
using StarKV.Fuzz.Run;
using StarKV.Fuzz.Seeds;
using StarKV.MiniGui;
using TorchSharp;

namespace StarKV.Fuzz.Targets;

/// <summary>The file of a session, restored: its form and tensors, or the fields that it holds. A refused one leaves no tensor.</summary>
internal sealed class SessionTarget : IFuzzTarget
{
    private const int PrefixBytes = sizeof(ulong);
    private static readonly string[] s_words =
        ["lossless", "store", "evict", "star-kv", "full", "exact", "last", "null", "true", "\"next\":5,", "11", "2147483648", "1e300", "20%", "{instruction}"];

    private readonly string _path;
    private readonly byte[]? _around;

    private SessionTarget(Scratch scratch, string name, byte[]? around) =>
        (Name, _path, _around, Mutations) = (name, Path.Combine(scratch.Sub(name), "session"), around,
            around is null
                ? [.. Mutate.Mutations.OfJson("dtype", "shape", "data_offsets", "F32", "I32", "U8", "BF16", "[1,1]", "cache.0.keys"), .. Mutate.Mutations.OfBinary()]
                : Mutate.Mutations.OfJson(s_words));

    public string Name { get; }

    public int InputsARound => 1_000;

    public IReadOnlyList<IMutation> Mutations { get; }

    /// <summary>The whole file.</summary>
    public static SessionTarget OfFile(Scratch scratch) => new(scratch, "session", null);

    /// <summary>The fields, in a file whose tensors are as they should be.</summary>
    public static SessionTarget OfFields(Scratch scratch) => new(scratch, "session-fields", SavedSessions.Files().ElementAt(1));

    public IEnumerable<byte[]> Seeds() => _around is null ? SavedSessions.Files() : [Encoding.UTF8.GetBytes(Fields(_around))];

    public byte[] Repair(byte[] changed, SeededRandom random)
    {
        if (_around is not null || changed.Length <= PrefixBytes || random.Chance(0.15))
            return changed;
        var end = JsonSpans.Of(changed.AsSpan(PrefixBytes)).Find(s => s.From == 0).End;
        if (end == 0)
            return changed;
        var copy = changed.ToArray();
        BinaryPrimitives.WriteUInt64LittleEndian(copy, (ulong)end);
        return copy;
    }

    public string Run(byte[] input)
    {
        File.WriteAllBytes(_path, _around is null ? input : With(_around, Encoding.UTF8.GetString(input)));
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        try
        {
            return Restored();
        }
        finally
        {
            BrokenPromiseException.Unless(DisposeScopeManager.Statistics.ThreadTotalLiveCount == before, "a tensor was left");
        }
    }

    private string Restored()
    {
        var session = SavedSession.Read(_path, SavedSessions.Model, new RestoreOptions(), default);
        using var memory = session.Memory;
        using var rows = session.Rows;
        BrokenPromiseException.Unless(rows is null || rows.Tokens.Length == rows.Positions.Length, "tokens and positions differ in number");
        BrokenPromiseException.Unless(session.Turns.All(t => t.Answer is not null), "a turn has no answer");
        BrokenPromiseException.Unless(rows?.Cache is null || rows.Cache.Layers.Count == 2, "layers are missing");

        // What was accepted can be saved, and read again it is equal.
        session.Write(_path, SavedSessions.Model, default);
        var first = File.ReadAllBytes(_path);
        var again = SavedSession.Read(_path, SavedSessions.Model, new RestoreOptions(), default);
        using var otherMemory = again.Memory;
        using var otherRows = again.Rows;
        again.Write(_path, SavedSessions.Model, default);
        BrokenPromiseException.Unless(first.AsSpan().SequenceEqual(File.ReadAllBytes(_path)), "saved again it is another file");
        return $"{session.Options.Storage} {session.Options.Slide} {session.Turns.Count} {session.Leaving.Count} {rows?.Tokens.Length} {rows?.Store?.Length} "
            + $"{rows?.Cache?.TokensSeen} {session.Style.Position} {session.Style.Actions} {session.Options.Position}";
    }

    private static string Fields(byte[] file) => Header(file)["__metadata__"]!["session"]!.GetValue<string>();

    private static JsonNode Header(byte[] file) =>
        JsonNode.Parse(file.AsSpan(PrefixBytes, (int)BinaryPrimitives.ReadUInt64LittleEndian(file)))!;

    private static byte[] With(byte[] file, string fields)
    {
        var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        var header = Header(file);
        header["__metadata__"]!["session"] = fields;
        var text = Encoding.UTF8.GetBytes(header.ToJsonString());
        var size = new byte[PrefixBytes];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)text.Length);
        return [.. size, .. text, .. file.AsSpan(PrefixBytes + length)];
    }
}
