using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>Reliability, found by fuzzing: a number in the place of the pre-tokenizer made loading a <c>tokenizer.json</c> never end.</summary>
public sealed class PreTokenizersThatAreNumbers : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("9223372036854775808")]
    [InlineData("true")]
    [InlineData("\"Regex\"")]
    [InlineData("[]")]
    [InlineData("[[{}]]")]
    public async Task Are_refused(string value)
    {
        var path = _folder.Write("tokenizer.json", $$"""{"pre_tokenizer":{{value}}}""");
        // On another thread, so that a load without an end fails.
        var error = await Record.ExceptionAsync(
            () => Task.Run(() => QwenTokenizer.Load(path)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.IsType<StarKvException>(error);
    }
}
