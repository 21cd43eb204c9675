using System.Text;
using Microsoft.AspNetCore.Http;
using StarKV.Server.Errors;
using StarKV.Server.Reading;
using StarKV.Server.Tests.Recordings;
using StarKV.Text;

namespace StarKV.Server.Tests.Reading;

public sealed class RequestReaderTests
{
    private static readonly RequestLimits s_limits = new();

    private readonly ScreenReader _screens = new(s_limits);

    private ChatRequest Chat(string body, string scope = "", RequestLimits? limits = null)
    {
        limits ??= s_limits;
        using var document = JsonBody.Parse(Encoding.UTF8.GetBytes(body));
        return new RequestReader(new MessageReader(_screens, limits), limits).Chat(new Field(document.RootElement, ""), new HeaderDictionary(), scope);
    }

    private static string Body(string fields, string content = "\"hi\"") =>
        $"{{\"model\":\"m\",\"messages\":[{{\"role\":\"user\",\"content\":{content}}}]{(fields.Length > 0 ? "," : "")}{fields}}}";

    private static string Image(string address) => $"[{{\"type\":\"image_url\",\"image_url\":{{\"url\":\"{address}\",\"detail\":\"high\"}}}}]";

    private static string CodeOf(Action read) => Assert.Throws<ApiException>(read).Code;

    [Fact]
    public void Whatever_is_left_out_has_its_default()
    {
        var chat = Chat(Body("\"temperature\":null,\"stream\":null,\"starkv\":null,\"prompt_cache_key\":null"));
        Assert.Equal((512, 0d, 1d, false), (chat.Generation.MaxNewTokens, chat.Generation.Temperature, chat.Generation.TopP, chat.Stream));
        Assert.Equal(new SessionFields(null, null, null, null), chat.Session);
    }

    [Theory]
    [InlineData("\"max_tokens\":65535", 2048)]
    [InlineData("\"max_completion_tokens\":7", 7)]
    [InlineData("\"max_output_tokens\":8", 8)]
    [InlineData("\"max_tokens\":9.0", 9)]
    public void The_length_is_read_under_each_of_its_names_and_cut(string field, int tokens) =>
        Assert.Equal(tokens, Chat(Body(field)).Generation.MaxNewTokens);

    [Fact]
    public void Seeds_of_64_bits_are_taken_and_differ()
    {
        Assert.NotEqual(
            Chat(Body("\"seed\":9223372036854775807")).Generation.Seed, Chat(Body("\"seed\":-9223372036854775808")).Generation.Seed - 1);
        Assert.Equal(5, Chat(Body("\"seed\":5")).Generation.Seed);
    }

    [Fact]
    public void A_picture_that_is_held_is_not_decoded_again_but_for_another_key()
    {
        var body = Body("", Image(Recording.Picture(0)));
        var first = Chat(body);
        var again = Chat(body);
        Assert.Same(first.Turns[0].Parts[0].Screen, again.Turns[0].Parts[0].Screen);
        Assert.Equal(1, _screens.Decoded);
        var other = Chat(body, "another key");
        Assert.NotSame(first.Turns[0].Parts[0].Screen, other.Turns[0].Parts[0].Screen);
        Assert.Equal(2, _screens.Decoded);
    }

    [Theory]
    [InlineData("/", "\\/")]
    [InlineData("data:image", "\\u0064ata:image")]
    public void A_picture_whose_characters_are_escaped_is_read(string plain, string escaped) =>
        Assert.Equal(448, Chat(Body("", Image(Recording.Picture(0).Replace(plain, escaped, StringComparison.Ordinal)))).Turns[0].Parts[0].Screen!.Width);

    [Fact]
    public void A_picture_larger_than_the_limit_is_refused_before_it_is_decoded()
    {
        var small = new ScreenReader(s_limits with { ImageBytes = 1000 });
        using var document = JsonBody.Parse(Encoding.UTF8.GetBytes($"{{\"url\":\"{Recording.Picture(0)}\"}}"));
        Assert.Equal("invalid_image", CodeOf(() => small.Read(new Field(document.RootElement, "")["url"], "")));
        Assert.Equal(0, small.Decoded);
    }

    [Fact]
    public void Texts_beyond_the_limits_are_refused()
    {
        Assert.Equal("context_length_exceeded", CodeOf(() => Chat(Body("", $"\"{new string('a', 16385)}\""))));
        Assert.Equal("context_length_exceeded", CodeOf(() => Chat(Body(""), limits: s_limits with { Characters = 1 })));
        Assert.NotNull(Chat(Body("", $"\"{string.Concat(Enumerable.Repeat("word ", 10_000))}\"")));
    }

    [Theory]
    [InlineData("\"a\":1,\"a\":2")]
    [InlineData("\"deep\":[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]")]
    public void Keys_twice_and_depth_are_refused(string fields) => Assert.Equal("invalid_json", CodeOf(() => Chat(Body(fields))));

    [Fact]
    public void Bytes_that_are_not_utf8_are_refused() =>
        Assert.Equal("invalid_json", CodeOf(() => JsonBody.Parse(new byte[] { (byte)'{', (byte)'"', 0xff, (byte)'"', (byte)':', (byte)'1', (byte)'}' })));

    [Fact]
    public void Roles_and_forms_of_content_are_those_of_both_dialects()
    {
        var chat = Chat(
            "{\"model\":\"m\",\"messages\":[{\"role\":\"developer\",\"content\":\"s\"},{\"role\":\"assistant\",\"content\":null},"
            + "{\"type\":\"message\",\"id\":\"msg_1\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"a\"}]}]}");
        Assert.Equal([ChatRole.System, ChatRole.Assistant, ChatRole.Assistant], chat.Turns.Select(t => t.Role));
        Assert.Equal(["s", "", "a"], chat.Turns.Select(t => t.Parts.Single().Text));
    }
}
