using StarKV.Cli.Tests.Hub;
using StarKV.Hub;

namespace StarKV.Cli.Tests.Issues;

/// <summary>A token with a line break ended as an internal error, one beyond ASCII was tried six times, blanks hid the token file.</summary>
[Trait("outside", "2.6")]
public sealed class TokensThatAreNone : IDisposable
{
    private readonly HubServer _server = new();
    private readonly TempFolder _home = new();

    public void Dispose()
    {
        _server.Dispose();
        _home.Dispose();
    }

    private HubSettings From(params (string Name, string Value)[] variables) =>
        HubSettings.From(name => name == "HF_HOME" ? _home.Path : variables.FirstOrDefault(v => v.Name == name).Value);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData(" \t\r\n")]
    public void Blanks_mean_no_token_and_the_file_is_looked_at(string blanks)
    {
        Assert.Null(From(("HF_TOKEN", blanks)).Token);
        _home.Write("token", blanks);
        Assert.Null(From(("HF_TOKEN", blanks)).Token);
        _home.Write("token", $"hf_file{blanks}");
        Assert.Equal("hf_file", From(("HF_TOKEN", blanks)).Token);
        Assert.Equal("hf_own", From(("HF_TOKEN", $"{blanks}hf_own{blanks}")).Token);
    }

    [Theory]
    [InlineData("hf_a\nsecret", "more than one line")]
    [InlineData("hf_a\r\nsecret\r\n", "more than one line")]
    [InlineData("hf_secret…", "U+2026")]
    [InlineData("hf_secretß", "U+00DF")]
    [InlineData("​hf_secret", "U+200B")]
    [InlineData("Bearer hf_secret", "a blank")]
    [InlineData("hf_\0secret", "U+0000")]
    public void What_cannot_be_a_token_is_refused_with_the_name_of_its_source(string token, string why)
    {
        AssertRefused("HF_TOKEN ", () => From(("HF_TOKEN", token)));
        AssertRefused("HubSettings.Token ", () => new HubSettings { CacheFolder = _home.Path, Token = token });
        _home.Write("token", token);
        AssertRefused(_home.File("token"), () => From());
        AssertRefused(_home.File("token"), () => From(("HF_TOKEN_PATH", _home.File("token"))));

        void AssertRefused(string source, Func<HubSettings> read)
        {
            var message = Assert.Throws<StarKvException>(read).Message;
            Assert.Contains(source, message, StringComparison.Ordinal);
            Assert.Contains(why, message, StringComparison.Ordinal);
            Assert.DoesNotContain("secret", message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("hf_a\nsecret")]
    [InlineData("hf_secret…")]
    public void A_pull_ends_at_once_and_sends_nothing(string token)
    {
        var run = PullProcess.Run(_home, _server, ["pull", "org/tiny"], ("HF_TOKEN", token));
        run.Refused("HF_TOKEN");
        Assert.DoesNotContain("secret", run.Error, StringComparison.Ordinal);
        Assert.Empty(_server.Requests);

        _home.Write("token", "hf_a\nsecret\n");
        PullProcess.Run(_home, _server, ["pull", "org/tiny"], ("HF_TOKEN", " ")).Refused(_home.File("token"), "more than one line");
        Assert.Empty(_server.Requests);
    }

    [Fact]
    public void Blanks_send_no_token()
    {
        Assert.Equal(ExitCodes.Success, PullProcess.Run(_home, _server, ["pull", "org/tiny"], ("HF_TOKEN", "  ")).ExitCode);
        Assert.All(_server.Requests, r => Assert.DoesNotContain("Authorization", r, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("HF_ENDPOINT", "ftp://a.b", "HF_ENDPOINT is 'ftp://a.b'")]
    [InlineData("HF_ENDPOINT", "https://a.b?x=1", "HF_ENDPOINT")]
    [InlineData("HF_ENDPOINT", "https://a b", "HF_ENDPOINT")]
    [InlineData("HF_ENDPOINT", "https://me:pass@a.b", "HF_TOKEN")]
    [InlineData("HF_HUB_CACHE", "/a\nb", "HF_HUB_CACHE")]
    [InlineData("HF_HUB_CACHE", "~other/hub", "~")]
    public void Other_settings_are_checked_where_they_enter(string name, string value, string part)
    {
        var message = Assert.Throws<StarKvException>(() => From((name, value))).Message;
        Assert.Contains(part, message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass@", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void Blanks_around_an_address_and_variables_of_blanks_do_no_harm()
    {
        Assert.Equal(new Uri("https://a.b/c"), From(("HF_ENDPOINT", " https://a.b/c/ \n")).Endpoint);
        var blank = From(("HF_ENDPOINT", " "), ("HF_HUB_CACHE", " "), ("HF_TOKEN_PATH", " "));
        Assert.Equal((new Uri("https://huggingface.co"), _home.File("hub")), (blank.Endpoint, blank.CacheFolder));
    }

    [Fact]
    public void A_program_s_settings_are_checked_too()
    {
        var settings = new HubSettings { CacheFolder = _home.Path };
        Assert.Throws<StarKvException>(() => settings with { Endpoint = new Uri("relative", UriKind.Relative) });
        Assert.Throws<StarKvException>(() => settings with { CacheFolder = " " });
        Assert.Throws<StarKvException>(() => settings with { Jobs = 17 });
        Assert.Throws<StarKvException>(() => settings with { Silence = TimeSpan.Zero });
        Assert.Null((settings with { Token = " " }).Token);
    }

    [Fact]
    public void Looking_a_model_up_needs_no_token()
    {
        _home.Write("token", "hf_a\nsecret\n");
        var run = PullProcess.Run(_home, _server, ["ground", "--model", "org/tiny", "--image", MiniSample.Of("text_0").Files()[0], "--instruction", "x"], ("HF_TOKEN", "hf_a\nb"));
        run.Refused("org/tiny", "starkv pull");
    }
}
