using StarKV.Conformance;

namespace StarKV.Cli.Tests.Issues;

/// <summary>Whatever lay in the cache folder was taken for the vocabulary (reliability F11): a damaged file, or one that somebody else had put there.</summary>
[Collection(ProcessWideState.Name)]
public sealed class CachedVocabulary : IDisposable
{
    private readonly TempFolder _temp = new();
    private readonly Dictionary<string, string?> _before = [];

    public CachedVocabulary() => Set(TokenizerCache.Variable, null);

    public void Dispose()
    {
        foreach (var (name, value) in _before)
            Environment.SetEnvironmentVariable(name, value);
        _temp.Dispose();
    }

    [Fact]
    public void A_file_of_other_content_is_none()
    {
        Set("XDG_CACHE_HOME", _temp.Path);
        Assert.Null(TokenizerCache.Find());
        Directory.CreateDirectory(_temp.File("starkv/tokenizer-qwen3-3.7.2"));
        File.Copy(RepositoryFiles.Path("models", "mini", "tokenizer.json"), _temp.File("starkv/tokenizer-qwen3-3.7.2/tokenizer.json"));
        Assert.Null(TokenizerCache.Find());
        File.WriteAllBytes(_temp.File("starkv/tokenizer-qwen3-3.7.2/tokenizer.json"), []);
        Assert.Null(TokenizerCache.Find());
    }

    [Theory]
    [InlineData("/proc/nowhere")]
    [InlineData("/dev/null")]
    [InlineData("relative")]
    public void A_folder_that_is_none_is_no_error(string folder)
    {
        Set("XDG_CACHE_HOME", folder);
        Set("HOME", _temp.Path);
        Assert.Null(TokenizerCache.Find());
        Assert.False(Directory.Exists("relative"));
    }

    [Fact]
    public void A_file_that_is_named_is_taken_as_it_is()
    {
        var own = _temp.Write("tokenizer.json", "{}");
        Set(TokenizerCache.Variable, own);
        Assert.Equal(own, TokenizerCache.Find());
        Set(TokenizerCache.Variable, _temp.File("missing.json"));
        Assert.Null(TokenizerCache.Find());
    }

    private void Set(string name, string? value)
    {
        _before.TryAdd(name, Environment.GetEnvironmentVariable(name));
        Environment.SetEnvironmentVariable(name, value);
    }
}
