using StarKV.Hub;

namespace StarKV.Cli.Tests.Issues;

/// <summary>HUGGINGFACE_HUB_CACHE was not seen, and <c>HF_HOME='$BASE/hf'</c> became a folder named <c>$BASE</c>. The Python tools honour both.</summary>
[Trait("outside", "2.15")]
public sealed class FoldersInVariables
{
    private static readonly string s_user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    private static string Cache(params (string Name, string Value)[] variables) =>
        HubSettings.From(name => variables.FirstOrDefault(v => v.Name == name).Value).CacheFolder;

    [Fact]
    public void The_old_name_of_the_cache_counts_behind_the_new_one()
    {
        Assert.Equal("/old", Cache(("HUGGINGFACE_HUB_CACHE", "/old"), ("HF_HOME", "/a")));
        Assert.Equal("/new", Cache(("HUGGINGFACE_HUB_CACHE", "/old"), ("HF_HUB_CACHE", "/new")));
    }

    [Theory]
    [InlineData("$BASE/hf", "/data/x/hf")]
    [InlineData("${BASE}2/hf", "/data/x2/hf")]
    [InlineData("/a/$BASE", "/a/data/x")]
    [InlineData("/a/$NONE/${NONE}/$", "/a/$NONE/${NONE}/$")]
    [InlineData("/a/$TILDE", "/a/~")]
    public void Variables_in_a_folder_are_replaced(string value, string folder)
    {
        Assert.Equal(folder, Cache(("HF_HUB_CACHE", value), ("BASE", "/data/x"), ("TILDE", "~")));
        Assert.Equal(folder, Cache(("HUGGINGFACE_HUB_CACHE", value), ("BASE", "/data/x"), ("TILDE", "~")));
        Assert.Equal($"{folder}/hub", Cache(("HF_HOME", value), ("BASE", "/data/x"), ("TILDE", "~")));
    }

    [Fact]
    public void The_tilde_is_the_home_folder()
    {
        Assert.Equal(Path.Combine(s_user, "hf"), Cache(("HF_HUB_CACHE", "~/hf")));
        Assert.Equal(Path.Combine(s_user, "hf", "hub"), Cache(("HF_HOME", "~/$NAME"), ("NAME", "hf")));
        Assert.Equal(Path.Combine(s_user, "c", "huggingface", "hub"), Cache(("XDG_CACHE_HOME", "~/c")));
    }

    [Fact]
    public void A_folder_that_vanishes_is_named() => Assert.Contains(
        "HF_HOME is '$EMPTY'", Assert.Throws<StarKvException>(() => Cache(("HF_HOME", "$EMPTY"), ("EMPTY", ""))).Message, StringComparison.Ordinal);
}
