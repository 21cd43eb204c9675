using System.Diagnostics;
using StarKV.Cli.Conformance;
using StarKV.Cli.Tests.Conformance;
using StarKV.Text;

[assembly: AssemblyFixture(typeof(VocabularyFixture))]

namespace StarKV.Cli.Tests.Conformance;

/// <summary>The full vocabulary of Qwen2.5-VL; fetched once when it is not there, and a failure when it cannot be had.</summary>
public sealed class VocabularyFixture
{
    private readonly Lazy<QwenTokenizer> _tokenizer = new(() => QwenTokenizer.Load(Fetch(), TokenizerCache.LastAddedId));

    public QwenTokenizer Tokenizer => _tokenizer.Value;

    private static string Fetch()
    {
        if (TokenizerCache.Find() is { } path)
            return path;
        using var script = Process.Start(new ProcessStartInfo(RepositoryFiles.Path("eng", "fetch-tokenizer.sh")) { RedirectStandardError = true })!;
        var errors = script.StandardError.ReadToEnd();
        script.WaitForExit();
        Assert.True(script.ExitCode == 0, errors);
        return TokenizerCache.Find() ?? throw new InvalidOperationException("eng/fetch-tokenizer.sh put the vocabulary elsewhere.");
    }
}
