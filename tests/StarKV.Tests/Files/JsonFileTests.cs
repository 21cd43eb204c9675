using System.Text;
using System.Text.Json;
using StarKV.Files;

namespace StarKV.Tests.Files;

public sealed class JsonFileTests : IDisposable
{
    private static readonly byte[] s_noUtf8 = [.. "{\"a\":\""u8, 0xC3, .. "\"}"u8];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private static string Refusal(Func<object?> read) => Assert.Throws<StarKvException>(read).Message;

    private static JsonFields Parse(string json) => JsonFile.Parse(Encoding.UTF8.GetBytes(json), "f.json");

    [Fact]
    public void A_file_that_need_not_be_there_is_null_without_it()
    {
        Assert.Null(JsonFile.ReadIfPresent(_folder.File("none.json")));
        Assert.Equal(["a"], JsonFile.ReadIfPresent(_folder.Write("a.json", "{\"a\":1}"))!.Names);
        Assert.Contains("none.json does not exist", Refusal(() => JsonFile.Read(_folder.File("none.json"))), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_above_64_MiB_is_not_read()
    {
        var path = _folder.File("long.json");
        using (var stream = File.Create(path))
            stream.SetLength((64 << 20) + 1);
        Assert.Equal($"{path} has 67,108,865 bytes; the limit is 67,108,864.", Refusal(() => JsonFile.Read(path)));
    }

    [Fact]
    public void Bytes_that_are_no_text_are_said_to_be_so()
    {
        Assert.Equal("f.json is not UTF-8 text. Save it as UTF-8.", Refusal(() => JsonFile.Parse(s_noUtf8, "f.json")));
        Assert.Equal("f.json is not UTF-8 text. Save it as UTF-8.", Refusal(() => JsonFile.Value(new byte[] { (byte)'{', 0xC3 }, "f.json")));
    }

    [Theory]
    [InlineData("[]", "Array")]
    [InlineData("\"a\"", "String")]
    [InlineData("null", "Null")]
    public void A_file_holds_one_object(string json, string kind) => Assert.Equal($"f.json must hold one JSON object, not a {kind}.", Refusal(() => Parse(json)));

    [Theory]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"a\":1,\"a\":2}")]
    [InlineData("{\"\\ud800\":1}")]
    [InlineData("{\"a\":\"\\ud800\"}")]
    [InlineData("{\"a\":[1,[\"\\ud800\"]]}")]
    [InlineData("{\"a\":{\"b\":\"\\ud800\"}}")]
    [InlineData("{\"a\":{\"\\ud800\":1}}")]
    public void Text_that_is_no_JSON_or_half_a_character_anywhere_is_refused(string json) =>
        Assert.StartsWith("f.json is not valid JSON: ", Refusal(() => Parse(json)), StringComparison.Ordinal);

    [Fact]
    public void Of_rows_a_repeated_name_and_half_a_character_are_let_pass()
    {
        Assert.Equal(2, JsonFile.Value("{\"a\":1,\"a\":2}"u8.ToArray(), "f").GetProperty("a").GetInt32());
        Assert.Equal(JsonValueKind.String, JsonFile.Value("{\"a\":\"\\ud800\"}"u8.ToArray(), "f").GetProperty("a").ValueKind);
        Assert.StartsWith("f is not valid JSON: ", Refusal(() => JsonFile.Value("{"u8.ToArray(), "f")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_stand_in_for_the_file_is_recognised_behind_a_byte_order_mark_too() =>
        Assert.StartsWith("f.json is a web page", Refusal(() => Parse("\uFEFF<html></html>")), StringComparison.Ordinal);

    [Theory]
    [InlineData("1\n\n2", new[] { 1, 3 })]
    [InlineData("\n1\n2\n", new[] { 2, 3 })]
    [InlineData("\n\n\n1\r\n\n\t \n2", new[] { 4, 7 })]
    [InlineData("\n", new int[] { })]
    [InlineData("", new int[] { })]
    public void Blank_lines_count_but_are_not_read(string text, int[] numbers)
    {
        var lines = JsonFile.Lines(Encoding.UTF8.GetBytes(text)).ToList();
        Assert.Equal(numbers, lines.Select(l => l.Number));
        Assert.Equal(numbers.Select((_, i) => $"{i + 1}"), lines.Select(l => Encoding.UTF8.GetString(l.Text.Span)));
    }

    [Theory]
    [InlineData("{}", "$ lacks 'Count', 'Inner'.")]
    [InlineData("{\"Count\":1}", "$ lacks 'Inner'.")]
    [InlineData("{\"Count\":1,\"Inner\":{}}", "$.Inner lacks 'Name'.")]
    [InlineData("{\n\"Count\":1,\n\"Inner\":{}}", "$.Inner (line 3) lacks 'Name'.")]
    [InlineData("{\"Count\":1,\"Inner\":{\"Name\":null}}", "$.Inner.Name is null.")]
    [InlineData("{\n\"Count\":1,\"Inner\":{\"Name\":null}}", "$.Inner.Name (line 2) is null.")]
    [InlineData("{\"Count\":\"x\",\"Inner\":{\"Name\":\"a\"}}", "$.Count is not of the expected kind.")]
    [InlineData("null", "it is null.")]
    public void What_is_wrong_with_a_record_is_said_by_its_place(string json, string reason) =>
        Assert.Equal($"f is none: {reason}", Refusal(() => JsonFile.Record<Outer>(Encoding.UTF8.GetBytes(json), s_strict, "f is none")));

    [Fact]
    public void A_record_is_read()
    {
        var read = JsonFile.Record<Outer>("{\"Count\":3,\"Inner\":{\"Name\":\"a\"}}"u8, s_strict, "f is none");
        Assert.Equal(new Outer(3, new Inner("a")), read);
    }

    private static readonly JsonSerializerOptions s_strict = new() { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };

    private sealed record Outer(int Count, Inner Inner);

    private sealed record Inner(string Name);
}
