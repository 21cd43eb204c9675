using StarKV.Cli.Tests.Conformance;
using StarKV.Conformance;
using StarKV.Text;

[assembly: AssemblyFixture(typeof(VocabularyFixture))]

namespace StarKV.Cli.Tests.Conformance;

/// <summary>The full vocabulary of Qwen2.5-VL, see <see cref="TestPrograms"/>.</summary>
public sealed class VocabularyFixture
{
    private readonly Lazy<QwenTokenizer> _tokenizer = new(() => QwenTokenizer.Load(TestPrograms.Vocabulary(TokenizerCache.Find), TokenizerCache.LastAddedId));

    public QwenTokenizer Tokenizer => _tokenizer.Value;
}
