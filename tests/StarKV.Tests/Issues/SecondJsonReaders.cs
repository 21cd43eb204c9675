using System.Text;
using System.Text.RegularExpressions;
using StarKV.Files;

namespace StarKV.Tests.Issues;

/// <summary>Two JSON readers with different rules: one passed over a byte-order mark, the others refused it.</summary>
[Trait("outside", "2.1")]
public sealed partial class SecondJsonReaders
{
    // Each with the reason why it is not the one reader.
    private static readonly Dictionary<string, string> s_others = new()
    {
        ["src/StarKV/Files/JsonFile.cs"] = "the one reader",
        ["src/StarKV/Weights/SafetensorsHeader.cs"] = "a part of a binary file, whose length is counted",
        ["src/StarKV/Text/TokenizerFile.cs"] = "11 MB read as a stream of tokens; passes over a byte-order mark itself",
        ["src/StarKV.Cli/Commands/Doctor/NativeExamination.cs"] = "lines of a process of our own",
        ["src/StarKV.Hub/HubListing.cs"] = "an answer of the network, no file",
        ["src/StarKV.Server/Reading/JsonBody.cs"] = "a request of the network, no file",
        ["src/StarKV.MiniGui.Training/Checkpoints/Quantizer.cs"] = "a constant of the program",
    };

    [Fact]
    public void Nothing_that_people_bring_is_read_past_the_one_reader()
    {
        var root = RepositoryFiles.Path();
        var found = RepositoryFiles.Sources()
            .Where(f => Reader().IsMatch(File.ReadAllText(Path.Combine(root, f)))).Order().ToList();
        Assert.Equal(s_others.Keys.Order(), found);
    }

    [Fact]
    public void A_byte_order_mark_is_passed_over_in_every_form()
    {
        var marked = Encoding.UTF8.GetBytes("\uFEFF{\"a\":1}");
        Assert.Equal(["a"], JsonFile.Parse(marked, "f").Names);
        Assert.Equal(1, JsonFile.Value(marked, "f").GetProperty("a").GetInt32());
        Assert.Equal(1, JsonFile.Record<Dictionary<string, int>>(marked, new(), "f")["a"]);
        // Files that were put together have one in the middle.
        var lines = JsonFile.Lines(Encoding.UTF8.GetBytes("\uFEFF1\r\n\r\n  \n\uFEFF2\n3")).Select(l => (l.Number, Encoding.UTF8.GetString(l.Text.Span)));
        Assert.Equal([(1, "1"), (4, "2"), (5, "3")], lines);
        Assert.Empty(JsonFile.Lines("\uFEFF"u8.ToArray()));
    }

    [Fact]
    public void What_is_no_record_is_said_without_the_names_of_our_types()
    {
        Assert.Equal("f is none: it is null.", Refusal("null"));
        Assert.Equal("f is none: $[1] is not of the expected kind.", Refusal("[1,\"a\"]"));
        Assert.StartsWith("f is none: 'x' is an invalid start of a value.", Refusal("x"), StringComparison.Ordinal);

        static string Refusal(string json) => Assert.Throws<StarKvException>(() => JsonFile.Record<int[]>(Encoding.UTF8.GetBytes(json), new(), "f is none")).Message;
    }

    [GeneratedRegex(@"JsonDocument\.Parse|JsonNode\.Parse|JsonSerializer\.Deserialize|new Utf8JsonReader")]
    private static partial Regex Reader();
}
