using System.Text.Json.Nodes;
using StarKV.Budget;
using StarKV.Score;
using StarKV.Sessions;
using StarKV.Tests.Agent;
using StarKV.Text;

namespace StarKV.Tests.Sessions;

/// <summary>Files that are no session of this model, or damaged: each is told in a sentence, and nothing of it stays.</summary>
[Collection(MiniModelTests.Name)]
public sealed class RefusedSessionTests(MiniModel mini) : IDisposable
{
    private const string Damaged = "The file is damaged or was changed; save the session again.";
    private readonly TempFolder _folder = new();

    private static readonly Dictionary<string, Action<JsonNode>> s_fields = new()
    {
        [": model is missing."] = f => f.AsObject().Remove("model"),
        ["more is not a field that is known here"] = f => f["more"] = 1,
        ["is the session of another model (0123; this one is "] = f => f["model"] = "0123",
        ["numbers is 'F99'; F32, F64, BF16 or F16 is expected"] = f => f["numbers"] = "F99",
        ["options.slide is \"up\"; drop or exact is expected"] = f => f["options"]!["slide"] = "up",
        ["keep 'x' is not a budget"] = f => f["options"]!["budget"] = "x",
        ["star-kv: option window is 9999; it must be 1 to 256"] = f => f["options"]!["method"]!["options"]!["window"] = "9999",
        ["star-kv has no option 'windows'"] = f => f["options"]!["method"]!["options"]!["windows"] = "8",
        ["options.frameWindow is 0; a whole number from 1 to 2147483647 is expected"] = f => f["options"]!["frameWindow"] = 0,
        ["temperature is 11; it must be 0 to 10"] = f => f["options"]!["generation"]!["temperature"] = 11,
        ["options.protect.boxes is [[0,0,1,1,0.5]]; left, top, right, bottom"] = f => f["options"]!["protect"]!["boxes"] = JsonNode.Parse("[[0, 0, 1, 1, 0.5]]"),
        ["options.before is 9, and there are 2 turns"] = f => f["options"]!["before"] = 9,
        ["prompt.template is missing"] = f => f["prompt"]!["template"] = null,
        ["instruction is \" \""] = f => f["instruction"] = " ",
        ["turns[0].answer is missing"] = f => f["turns"]![0]!["answer"] = null,
        ["turns[1].left is true; false in a turn that shows or says something is expected"] = f => f["turns"]![1]!["left"] = true,
        ["turns[1].frames[0].width is 0"] = f => f["turns"]![1]!["frames"]![0]!["width"] = 0,
        ["side ratios up to 200:1"] = f => f["turns"]![1]!["frames"]![0]!["width"] = 100_000,
        ["screenshot 1 of the turns is not the one whose rows there are"] = f => f["turns"]![1]!["frames"]![0]!["width"] = 560,
        ["screenshot 0 of the turns is not"] = f => f["turns"]![0]!["frames"]![0]!["hash"] = "x",
        ["the turns show 3 screenshots, and there are rows of 2"] = f =>
            f["turns"]![1]!["frames"]!.AsArray().Add(f["turns"]![1]!["frames"]![0]!.DeepClone()),
        ["the turns show 2 screenshots, and there are rows of 0"] = f => f["rows"] = null,
        ["rows.next is 99999; a whole number from 1 to 8192 is expected"] = f => f["rows"]!["next"] = 99_999,
        ["the next position is 1, and the tokens reach to"] = f => f["rows"]!["next"] = 1,
        ["tokens begins at token"] = f => f["rows"]!["frames"]![1]!["rows"] = 65_536,
        ["Frame 1 claims tokens"] = f =>
            (f["rows"]!["frames"]![1]!["start"], f["rows"]!["frames"]![1]!["partStart"]) = (f["rows"]!["frames"]![0]!["start"]!.DeepClone(), 0),
        ["rows.frames[0].partEnd is 0"] = f => f["rows"]!["frames"]![0]!["partEnd"] = 0,
        ["rows.messages[1].class is 7"] = f => f["rows"]!["messages"]![1]!["class"] = 7,
        ["message 1 begins at token 0, not after the one before"] = f => f["rows"]!["messages"]![1]!["start"] = 0,
        ["a screenshot is in none of the messages"] = f => f["rows"]!["messages"] = new JsonArray(),
        ["rows.instructions[0].end is 0"] = f => f["rows"]!["instructions"]![0]!["end"] = 0,
        ["rows.whole is '2'; 8 times 0 or 1 is expected"] = f => f["rows"]!["whole"] = "2",
        ["and is to hold all"] = f => f["rows"]!["whole"] = "11111111",
        ["there are all rows, though the session keeps none"] = f => f["options"]!["storage"] = "evict",
        ["tokens' rows; a lossless session has all, and no cache"] = f => f["options"]!["storage"] = "lossless",
        ["layer 0 has the state 'x', which star-kv does not remember"] = f => f["memory"]![0]!["state"] = "x",
        ["memory[0].layer is 8"] = f => f["memory"]![0]!["layer"] = 8,
        ["the state star-kv of layer 0 lacks the number prefills"] = f => f["memory"]![0]!["numbers"]!.AsObject().Clear(),
        ["prefills is -1; a whole number from 0"] = f => f["memory"]![0]!["numbers"]!["prefills"] = -1,
        ["the state star-kv of layer 0 has 'other', which nothing reads"] = f => f["memory"]![0]!["numbers"]!["other"] = 1,
        ["the state star-kv of layer 1 is there twice"] = f => f["memory"]![2] = f["memory"]![1]!.DeepClone(),
        ["the tensor 'memory.0.star-kv."] = f => f["memory"]!.AsArray().RemoveAt(0),
    };

    private static readonly Dictionary<string, Action<string>> s_bytes = new()
    {
        ["has 0 bytes; a safetensors file has at least 8"] = path => File.WriteAllBytes(path, []),
        ["announces a header of"] = path => Cut(path, 100),
        ["the file is cut short"] = path => Cut(path, (int)(new FileInfo(path).Length - 1)),
        ["bytes after the last tensor belong to no tensor"] = path => File.AppendAllText(path, "x"),
        ["is a safetensors file, but not one of a session"] = path => SessionFiles.ChangeHeader(path, h => h["__metadata__"]!["format"] = "pt"),
        ["in version '2' of the format; this program reads version 1"] = path =>
            SessionFiles.ChangeHeader(path, h => h["__metadata__"]!["version"] = "2"),
        ["has other metadata than a session's"] = path => SessionFiles.ChangeHeader(path, h => h["__metadata__"]!["more"] = "x"),
        ["is not valid JSON"] = path => SessionFiles.ChangeHeader(path, h => h["__metadata__"]!["session"] = "{"),
        ["the tensor tokens.ids is missing"] = path => Rename(path, "tokens.ids", "x"),
        ["the tensor 'memory.0.x.information' is not one of this session's"] = path =>
            Rename(path, "memory.0.star-kv.information", "memory.0.x.information"),
        ["information is Float64 [1, 2]; Float64 [2] is expected"] = path => Reshape(path, "memory.0.star-kv.information", [1, 2]),
        ["the tensor store.rows has the shape"] = path => SessionFiles.ChangeHeader(path, h =>
            h["store.rows"]!["shape"] = new JsonArray([.. h["store.rows"]!["shape"]!.AsArray().Reverse().Select(n => n!.DeepClone())])),
        ["the tensor store.rows is stored as I32; F32 is expected"] = path =>
            SessionFiles.ChangeHeader(path, h => h["store.rows"]!["dtype"] = "I32"),
        ["the tensor tokens.classes is stored as I8; U8 is expected"] = path =>
            SessionFiles.ChangeHeader(path, h => h["tokens.classes"]!["dtype"] = "I8"),
        ["token 0 has the id 65535; the vocabulary has 1920"] = path =>
            SessionFiles.ChangeTensor(path, "tokens.ids", b => (b[0], b[1]) = (255, 255)),
        ["token 0 has the class 200; there are classes 0 to 3"] = path => SessionFiles.ChangeTensor(path, "tokens.classes", b => b[0] = 200),
        ["vision tokens are exactly those of the frames"] = path => SessionFiles.ChangeTensor(path, "tokens.classes", b => b[0] = 2),
        ["positions go up from token to token, the next free one is 1"] = path =>
            SessionFiles.ChangeTensor(path, "tokens.positions", b => b[4] = 0),
        ["list 0 of a layer's rows names"] = path => SessionFiles.ChangeTensor(path, "cache.3.held", b => b[0] ^= 1),
        ["layer 7 lacks rows of the last"] = path => SessionFiles.ChangeTensor(path, "cache.7.held", MoveLast),
    };

    public static TheoryData<string> Fields { get; } = [.. s_fields.Keys];

    public static TheoryData<string> Bytes { get; } = [.. s_bytes.Keys];

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_that_cannot_be_is_named(string sentence)
    {
        var path = Saved();
        SessionFiles.ChangeFields(path, s_fields[sentence]);
        Refused(path, sentence);
    }

    [Theory]
    [MemberData(nameof(Bytes))]
    public void So_is_a_tensor_or_a_form_that_cannot_be(string sentence)
    {
        var path = Saved();
        s_bytes[sentence](path);
        Refused(path, sentence);
    }

    [Fact]
    public void Every_field_must_be_there_and_no_other()
    {
        var objects = new List<string>();
        SessionFiles.ChangeFields(Saved(), fields => Walk(fields, ""));
        Assert.InRange(objects.Count, 70, 200);
        // One of each form: frames and messages are many.
        foreach (var place in objects.DistinctBy(p => new string([.. p.Where(c => !char.IsAsciiDigit(c))])))
        {
            var path = Saved();
            SessionFiles.ChangeFields(path, fields => Remove(fields, place));
            Refused(path, "");
        }

        void Walk(JsonNode? node, string place)
        {
            if (node is JsonObject fields && !place.EndsWith("/options/method/options", StringComparison.Ordinal))
            {
                foreach (var (name, value) in fields)
                {
                    objects.Add($"{place}/{name}");
                    Walk(value, $"{place}/{name}");
                }
            }
            else if (node is JsonArray list)
            {
                for (var i = 0; i < list.Count; i++)
                    Walk(list[i], $"{place}/{i}");
            }
        }

        static void Remove(JsonNode fields, string place)
        {
            var at = fields;
            var parts = place[1..].Split('/');
            foreach (var part in parts[..^1])
                at = at is JsonArray ? at[int.Parse(part)]! : at[part]!;
            at.AsObject().Remove(parts[^1]);
        }
    }

    [Fact]
    public void Rows_that_another_method_chose_are_refused()
    {
        var path = _folder.File("session");
        foreach (var (granularity, sentence) in new[] { ("kv-head", "names its rows in 2 lists; 1 is expected"), ("query-head", "stores 6 heads; 2 are expected") })
        {
            using (var session = mini.Agent.OpenSession("Click", new SessionOptions
            {
                Method = Methods.Create("snapkv", new Dictionary<string, string> { ["granularity"] = granularity }),
                Storage = KvStorage.Store,
                Budget = KvBudget.Keep(0.7),
                Generation = new() { MaxNewTokens = 6 },
            }))
            {
                session.Step(MiniModel.Tiny(112, 84));
                session.Save(path);
            }

            using (mini.Agent.RestoreSession(path))
                SessionFiles.ChangeFields(path, f => (f["options"]!["method"]!["name"], f["options"]!["method"]!["options"]) = ("star-kv", new JsonObject()));
            Refused(path, sentence);
        }
    }

    [Fact]
    public void Files_that_are_none_are_refused()
    {
        Assert.Contains("does not exist", Refusal(_folder.File("nothing")), StringComparison.Ordinal);
        Assert.Contains("it is a named pipe", Refusal(_folder.Pipe("pipe")), StringComparison.Ordinal);
        Assert.Contains("but not one of a session", Refusal(Path.Combine(MiniModel.Folder, "model.safetensors")), StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>(() => mini.Agent.RestoreSession(null!));
        Assert.Contains(
            "HostBytes is -1", Assert.Throws<StarKvException>(() => mini.Agent.RestoreSession(Saved(), new() { HostBytes = -1 })).Message,
            StringComparison.Ordinal);
        Assert.ThrowsAny<OperationCanceledException>(() => mini.Agent.RestoreSession(Saved(), cancellation: new CancellationToken(true)));
    }

    public void Dispose() => _folder.Dispose();

    private void Refused(string path, string sentence)
    {
        var tensors = mini.Agent.LiveTensors;
        var message = Refusal(path);
        Assert.Contains(sentence, message, StringComparison.Ordinal);
        Assert.Contains(path, message, StringComparison.Ordinal);
        Assert.True(
            message.EndsWith(Damaged, StringComparison.Ordinal) || message.Contains("Load the model", StringComparison.Ordinal)
                || message.Contains("Give ", StringComparison.Ordinal) || message.Contains("Restore it", StringComparison.Ordinal)
                || message.Contains("the format allows none", StringComparison.Ordinal),
            message);
        Assert.Equal(tensors, mini.Agent.LiveTensors);
    }

    private string Refusal(string path) => Assert.Throws<StarKvException>(() => mini.Agent.RestoreSession(path).Dispose()).Message;

    /// <summary>A session of two steps that has everything: rows on the host, a cache, memory, marked words.</summary>
    private string Saved()
    {
        var path = _folder.File("session");
        if (s_saved is null)
        {
            using var session = mini.Agent.OpenSession("Click on the button", new SessionOptions
            {
                Method = new StarKv(),
                Budget = KvBudget.Keep(0.6),
                Storage = KvStorage.Store,
                Prompt = PromptStyle.Get("mini"),
                Position = InstructionPosition.First,
                Generation = new() { MaxNewTokens = 6 },
            });
            session.Step(MiniModel.Tiny(112, 84));
            session.Step(MiniModel.Tiny(112, 84));
            session.Save(path);
            s_saved = File.ReadAllBytes(path);
        }

        File.WriteAllBytes(path, s_saved);
        return path;
    }

    private static byte[]? s_saved;

    private static void Cut(string path, int bytes) => File.WriteAllBytes(path, File.ReadAllBytes(path)[..bytes]);

    private static void Rename(string path, string name, string other) => SessionFiles.ChangeHeader(path, header =>
    {
        var entry = header[name]!.DeepClone();
        header.AsObject().Remove(name);
        header[other] = entry;
    });

    private static void Reshape(string path, string name, int[] shape) =>
        SessionFiles.ChangeHeader(path, h => h[name]!["shape"] = new JsonArray([.. shape.Select(n => JsonValue.Create(n))]));

    /// <summary>Takes the last token out and one that is not held in.</summary>
    private static void MoveLast(byte[] bits)
    {
        var last = bits.Length * 8 - 1;
        while ((bits[last / 8] >> last % 8 & 1) == 0)
            last--;
        var free = 0;
        while ((bits[free / 8] >> free % 8 & 1) != 0)
            free++;
        bits[last / 8] ^= (byte)(1 << last % 8);
        bits[free / 8] ^= (byte)(1 << free % 8);
    }
}
