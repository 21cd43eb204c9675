using System.Text;
using StarKV.Text;

namespace StarKV.Tests.Issues;

/// <summary>Reliability, found by fuzzing: an empty line among the ranks of a <c>tiktoken.model</c> made loading it never end.</summary>
public sealed class RanksWithEmptyLines : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("\n")]
    [InlineData("\n\n")]
    [InlineData("\r\n\r\n")]
    public async Task Are_passed_over(string between)
    {
        var ranks = string.Concat(Enumerable.Range(0, 256).Select(i => $"{Convert.ToBase64String([(byte)i])} {i}{between}"));
        _folder.Write("tiktoken.model", ranks);
        _folder.Write("tokenizer_config.json", """{"added_tokens_decoder":{"256":{"content":"[EOS]","special":true}}}""");
        // On another thread, so that a load without an end fails.
        var tokenizer = await Task.Run(() => QwenTokenizer.LoadFolder(_folder.Path)).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(Encoding.UTF8.GetBytes("añ").Select(b => (int)b), tokenizer.Encode("añ"));
    }
}
